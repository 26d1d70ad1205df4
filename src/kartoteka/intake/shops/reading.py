"""Reading what shops write, so that nothing in it can throw us: texts of a length, amounts, moments that were.

A `Part` is a JSON object with where it stood, for sentences that name the field which is wrong.
"""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal, DecimalException
from typing import Any

import orjson
from babel.core import get_global
from django.utils.translation import gettext as _

from .shop import NotUnderstood

_LONGEST = 500
_MOST_LINES = 2000
# As money is kept (kit.fixed).
_MOST = Decimal(10) ** 9
_SMALLEST = Decimal("0.0001")
# Shops' clocks are wrong at times: what comes from after tomorrow, or from before there were web shops, is not believed.
_AHEAD = dt.timedelta(days=1)
_FIRST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
# Letters that no name holds, and that PostgreSQL does not take.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Part:
    """One object of a message. Asking it for what is not there gives what is empty, never an error."""

    def __init__(self, value: Any, where: str = "") -> None:
        self._value: dict[str, Any] = value if isinstance(value, dict) else {}
        self._where = where

    def __bool__(self) -> bool:
        return bool(self._value)

    def __contains__(self, name: str) -> bool:
        return name in self._value

    def written(self) -> bytes:
        """The object as JSON."""
        return orjson.dumps(self._value)

    def named(self, name: str) -> str:
        """Where `name` stands in the whole message."""
        return f"{self._where}.{name}" if self._where else name

    def part(self, name: str) -> "Part":
        """The object under `name`."""
        return Part(self._value.get(name), self.named(name))

    def parts(self, name: str) -> list["Part"]:
        """The objects of the list under `name`. Raises NotUnderstood where there are too many."""
        found = self._value.get(name)
        entries = found if isinstance(found, list) else []
        if len(entries) > _MOST_LINES:
            raise NotUnderstood(_("%(field)s holds too many entries.") % {"field": self.named(name)})
        return [Part(each, f"{self.named(name)}[{place}]") for place, each in enumerate(entries)]

    def texts(self, name: str) -> Iterator[str]:
        """The texts of the list under `name`."""
        found = self._value.get(name)
        for each in found[:_MOST_LINES] if isinstance(found, list) else ():
            if isinstance(each, str | int) and not isinstance(each, bool) and (told := clean(str(each))):
                yield told

    def text(self, name: str, longest: int = _LONGEST) -> str:
        """The text or number under `name`, on no more than `longest` letters; "" for anything else."""
        found = self._value.get(name)
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            return ""
        return clean(str(found))[:longest]

    def key(self, name: str) -> str:
        """The id under `name`: a text or a whole number above zero. "" where there is none."""
        found = self.text(name, 200)
        return "" if found == "0" else found

    def must_key(self, name: str) -> str:
        """The id under `name`. Raises NotUnderstood where there is none."""
        found = self.key(name)
        if not found:
            raise NotUnderstood(_("%(field)s is missing.") % {"field": self.named(name)})
        return found

    def yes(self, name: str) -> bool | None:
        """True, false, or None where neither is said."""
        found = self._value.get(name)
        return found if isinstance(found, bool) else None

    def amount(self, name: str, otherwise: Decimal | None = None) -> Decimal:
        """The number under `name`; `otherwise` (0) where none is told. Raises NotUnderstood for what is no number."""
        found = self._value.get(name)
        if found is None or found == "":
            return Decimal(0) if otherwise is None else otherwise
        if isinstance(found, bool) or not isinstance(found, str | int | float) or len(str(found)) > 40:
            raise self._no_number(name)
        try:
            number = Decimal(str(found).strip())
        except DecimalException as error:
            raise self._no_number(name) from error
        if not number.is_finite() or abs(number) >= _MOST:
            raise self._no_number(name)
        return number.quantize(_SMALLEST) + 0

    def _no_number(self, name: str) -> NotUnderstood:
        text = _("%(field)s is no number: “%(typed)s”.")
        return NotUnderstood(text % {"field": self.named(name), "typed": str(self._value.get(name))[:40]})

    def moment(self, *names: str, received_at: dt.datetime) -> dt.datetime | None:
        """The first moment under these names; None where none is told, and for what no clock that is right would say.

        Text by ISO 8601 (without a zone: UTC), or seconds since 1970.
        """
        for name in names:
            found = _moment(self._value.get(name))
            if found is not None and _FIRST <= found <= received_at + _AHEAD:
                return found
        return None

    def currency(self, name: str) -> str:
        """The currency under `name` in three capital letters. Raises NotUnderstood for one that does not exist."""
        code = self.text(name, 20).upper()
        if code not in get_global("all_currencies"):
            text = _("%(field)s names a currency that we do not know: “%(typed)s”.")
            raise NotUnderstood(text % {"field": self.named(name), "typed": code})
        return code


def message(body: bytes) -> Part:
    """The body as a JSON object. Raises NotUnderstood."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotUnderstood(_("It is not written in JSON, or broken off.")) from error
    if not isinstance(found, dict):
        raise NotUnderstood(_("It does not hold what was expected."))
    return Part(found)


def messages(body: bytes) -> list[Part]:
    """The body as a list of JSON objects. Raises NotUnderstood."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotUnderstood(_("It is not written in JSON, or broken off.")) from error
    if not isinstance(found, list):
        raise NotUnderstood(_("It does not hold what was expected."))
    return Part({"": found}).parts("")


def clean(text: str) -> str:
    """A text without the letters that no name or note holds."""
    return _CONTROL.sub("", text).strip()


def cells(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Those of the pairs (field key, text) that say something."""
    return tuple((field, text) for field, text in pairs if text)


def _moment(value: Any) -> dt.datetime | None:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return dt.datetime.fromtimestamp(value, dt.UTC)
        if not isinstance(value, str) or len(value) > 40:
            return None
        found = dt.datetime.fromisoformat(value.strip())
        return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
