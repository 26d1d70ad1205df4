"""What rules can ask of a sensitive field: its values stand in no row, so they are opened when a rule is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, FloatField, Q, TextField, Value, When

from kartoteka.kit import bulk
from kartoteka.kit.trait_kinds import NOBODY, Several, Valued, YesNo, negated
from kartoteka.kit.traits import Op, Test, Text, Trait
from kartoteka.kit.traits import Type as Of

from .catalogue import Field
from .models import Customer
from .presence import PRESENT
from .reading import sensitive_values

# So many different values stand in one expression: SQLite takes no deeper ones.
_AT_ONCE = 300


def sealed_trait(field: Field, type: Of, domain: Text, offered: Any) -> Trait:
    """The trait of a sensitive field, but for amounts of money."""
    key = field.key
    called = {"sensitive": True, "offered": offered}
    if type == Of.SET:

        def having(some: Sequence[str] | None, _at: dt.datetime) -> Q:
            if some is None:
                return Q(more__has_key=key)
            return _these(each for each, value in _opened(key).items() if not {*some}.isdisjoint(value or ()))

        return Several(key, field.label, type, domain, having=having, **called)
    if type == Of.YESNO:

        def holds(_at: dt.datetime) -> Q:
            return _these(each for each, value in _opened(key).items() if value is True)

        return YesNo(key, field.label, type, domain, holds=holds, **called)
    return SealedValue(key, field.label, type, domain, guard=Q(more__has_key=key), **called)


@dataclass(frozen=True)
class SealedValue(Valued):
    """A trait with one value, which is opened for each asking."""

    def condition(self, test: Test, at: dt.datetime) -> Q:
        """The customers who pass the test."""
        if test.op in (Op.KNOWN, Op.UNKNOWN):
            return super().condition(test, at)
        values = _opened(self.key)
        if test.op in (Op.ANY_OF, Op.NONE_OF):
            some = _these(key for key, value in values.items() if str(value) in test.value)
            return some if test.op == Op.ANY_OF else negated(some)
        if self.type in (Of.TEXT, Of.CHOICE):
            asked = str(test.value).casefold()
            fits = str.__contains__ if test.op == Op.CONTAINS else str.startswith
            return _these(key for key, value in values.items() if fits(str(value).casefold(), asked))
        return self._compared(values, test, at)

    def turns(self, _test: Test, _at: dt.datetime) -> Any:
        """When it next changes by itself: with the next counting of the group."""
        return None

    def _compared(self, values: Mapping[int, Any], test: Test, at: dt.datetime) -> Q:
        """Numbers and days, compared by the database: each value with the customers who have it."""
        whose: dict[Any, list[int]] = {}
        for customer, value in values.items():
            whose.setdefault(float(value) if self.type == Of.NUMBER else str(value), []).append(customer)
        kind = FloatField() if self.type == Of.NUMBER else TextField()
        found = NOBODY
        for some in bulk.chunks(whose.items(), _AT_ONCE):
            here = _these(customer for _value, customers in some for customer in customers)
            of = Case(
                *(When(_these(customers), then=Value(value, output_field=kind)) for value, customers in some),
                default=Value(None, output_field=kind),
                output_field=kind,
            )
            plain = Valued(self.key, self.label, self.type, self.domain, of=of, guard=here)
            found |= here & plain.condition(test, at)
        return found


def _opened(key: str) -> dict[int, Any]:
    """The value of this field of every customer of whom it is known."""
    rows = Customer.objects.filter(merged_into=None, more__has_key=key).values_list("pk", f"more__{key}")
    # What was said before the field was sensitive stands in the rows until the worker has sealed it.
    plain = {customer: value for customer, value in rows.iterator(chunk_size=5000) if value != PRESENT}
    sealed = Customer.objects.filter(merged_into=None, more__has_key=key).values_list("pk", flat=True)
    shut = [customer for customer in sealed.iterator(chunk_size=5000) if customer not in plain]
    opened = sensitive_values(shut, [key])
    return {**plain, **{customer: each[key] for customer, each in opened.items() if key in each}}


def _these(customers: Iterable[int]) -> Q:
    """These customers, however many: handed to the database as one parameter."""
    keys = list(customers)
    if not keys:
        return NOBODY
    return Q(pk__in=bulk.these(keys))
