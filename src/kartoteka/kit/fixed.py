"""Decimals that are exact in every database: kept as whole numbers of their smallest part.

SQLite has no decimals; it would keep a price as a binary fraction, and a million of them would not add up to the penny.
"""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    _Field = models.Field[Decimal | int | str, Decimal]
else:
    _Field = models.Field

# Four places hold every currency, and prices in parts of its smallest coin.
PLACES = 4
# Beyond this no amount is taken: ninety thousand of the largest still add up within 64 bits.
LARGEST = Decimal(10) ** 10


def units(value: Decimal, places: int = PLACES) -> int:
    """`value` as a whole number of its smallest parts (half to even), as the database stores it."""
    return int(value.scaleb(places).to_integral_value(ROUND_HALF_EVEN))


def rounded(value: Decimal, places: int = PLACES) -> Decimal:
    """`value` with at most so many places (half to even)."""
    return from_units(units(value, places), places)


def from_units(stored: Any, places: int = PLACES) -> Decimal:
    """What the database stores, as a Decimal without trailing zeros behind the point."""
    return Decimal(stored).scaleb(-places)


class FixedField(_Field):
    """A Decimal with a fixed number of places, 64 bits wide; sums, minima and comparisons in SQL are exact."""

    description = _("exact number")

    def __init__(self, *args: Any, places: int = PLACES, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """For migrations."""
        name, path, args, kwargs = super().deconstruct()
        if self.places != PLACES:
            kwargs["places"] = self.places
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """Stored as a whole number."""
        return "BigIntegerField"

    def get_prep_value(self, value: Any) -> Any:
        """From a Decimal to what is stored."""
        value = super().get_prep_value(value)
        return None if value is None else units(Decimal(value), self.places)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """From what is stored to a Decimal."""
        return None if value is None else from_units(value, self.places)

    def to_python(self, value: Any) -> Any:
        """From text. Raises ValidationError."""
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except ArithmeticError as error:
            raise ValidationError(_("This is no number.")) from error
