"""Rules: what says who belongs to a group. Read from JSON and checked against the traits there are; bounded, typed, pure.

The shape is published as a JSON schema (schema.py, docs/reference/segment-rule.schema.json):
`{"all": [...]}`, `{"any": [...]}`, `{"not": ...}`, or a condition `{"trait": ..., "op": ..., "value": ...}`.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from kartoteka.kit.traits import OPS, Narrow, Op, Part, Test, Text, Trait, Type

MOST_CONDITIONS = 100
DEEPEST = 8
MOST_VALUES = 500
LONGEST = 200
MOST_DAYS = 36_500
MOST_NARROWED = 10
_CHOSEN = (Type.CHOICE, Type.SET, Type.GROUP)


class BadRule(ValueError):
    """A rule that cannot be saved. where: the path of the part that is wrong ("all.0.value"); the message says why."""

    def __init__(self, where: str, message: str) -> None:
        self.where = where
        super().__init__(message)


def _too_many() -> BadRule:
    said = _("A group may have %(most)s conditions at most. Make smaller groups and use those in this one.")
    return BadRule("", said % {"most": MOST_CONDITIONS})


@dataclass(frozen=True)
class All:
    """Every part must hold; with none, everybody fits."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Any_:
    """One part at least must hold; with none, nobody fits."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """It must not hold."""

    part: "Node"


@dataclass(frozen=True)
class Condition:
    """One test of one trait. called: what the trait was called when it was written, for when it is gone. lost: it is gone,
    with the condition as it was written."""

    trait: str
    test: Test
    called: str = ""
    lost: Mapping[str, Any] | None = None


Node = All | Any_ | Not | Condition
Traits = Mapping[str, Trait]


def read(given: Any, traits: Traits, *, keep_lost: bool = False) -> Node:
    """The rule that this JSON says. Raises BadRule.

    keep_lost: a condition of a trait that is no longer there is kept and marked; else it is refused.
    """
    rule = _Reader(traits, keep_lost).node(given, "", 1)
    if sum(1 for each in conditions(rule)) > MOST_CONDITIONS:
        raise _too_many()
    return rule


def conditions(rule: Node) -> Iterator[Condition]:
    """Every condition, in the order they stand."""
    if isinstance(rule, Condition):
        yield rule
    elif isinstance(rule, Not):
        yield from conditions(rule.part)
    else:
        for each in rule.parts:
            yield from conditions(each)


def lost(rule: Node) -> list[str]:
    """What the traits that are no longer there were called."""
    return list(
        dict.fromkeys(each.called or each.trait for each in conditions(rule) if each.lost is not None)
    )


def groups_in(rule: Node) -> set[int]:
    """The keys of the groups that the rule speaks of."""
    return {int(key) for each in conditions(rule) if each.trait == "group" for key in each.test.value or ()}


def as_json(rule: Node) -> dict[str, Any]:
    """The rule as it is kept."""
    if isinstance(rule, Condition):
        return dict(rule.lost) if rule.lost is not None else _condition_json(rule)
    if isinstance(rule, Not):
        return {"not": as_json(rule.part)}
    return {"all" if isinstance(rule, All) else "any": [as_json(each) for each in rule.parts]}


def _condition_json(rule: Condition) -> dict[str, Any]:
    test = rule.test
    found: dict[str, Any] = {"trait": rule.trait, "op": test.op.value, "called": rule.called}
    if test.value is not None:
        found["value"] = _plain(test.value)
    if test.currency:
        found["currency"] = test.currency
    if test.measure != "count":
        found["measure"] = test.measure
    if test.days:
        found["days"] = test.days
    if test.where:
        found["where"] = [_narrow_json(each) for each in test.where]
    if test.by:
        found["by"] = {"trait": test.by, "where": [_narrow_json(each) for each in test.by_where]}
        found["within"] = test.within
    return found


def _narrow_json(each: Narrow) -> dict[str, Any]:
    found: dict[str, Any] = {"part": each.part, "op": each.op.value}
    if each.key:
        found["key"] = each.key
    if each.value is not None:
        found["value"] = _plain(each.value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


class _Reader:
    """Reads one rule; `where` is the path of the part at hand."""

    def __init__(self, traits: Traits, keep_lost: bool) -> None:
        self.traits, self.keep_lost, self.count = traits, keep_lost, 0

    def node(self, given: Any, where: str, depth: int) -> Node:
        if depth > DEEPEST:
            raise BadRule(
                where,
                _("These conditions stand too deep in one another. Make a group of some, and use that one."),
            )
        if not isinstance(given, Mapping):
            raise BadRule(where, _("Here a condition is expected."))
        for key, made in (("all", All), ("any", Any_)):
            if key in given:
                return made(self._parts(given, key, where, depth))
        if "not" in given:
            _only(given, {"not"}, where)
            return Not(self.node(given["not"], _under(where, "not"), depth + 1))
        return self._condition(given, where)

    def _parts(self, given: Mapping[str, Any], key: str, where: str, depth: int) -> tuple[Node, ...]:
        _only(given, {key}, where)
        parts = given[key]
        if not isinstance(parts, list):
            raise BadRule(_under(where, key), _("Here a list of conditions is expected."))
        self.count += len(parts)
        if self.count > 2 * MOST_CONDITIONS:
            raise _too_many()
        return tuple(
            self.node(each, _under(where, f"{key}.{place}"), depth + 1) for place, each in enumerate(parts)
        )

    def _condition(self, given: Mapping[str, Any], where: str) -> Condition:
        _only(
            given,
            {"trait", "op", "value", "currency", "measure", "days", "where", "by", "within", "called"},
            where,
        )
        if "trait" not in given and "called" not in given:
            raise BadRule(where, _("Here a condition is expected."))
        key = given.get("trait")
        trait = self.traits.get(key) if isinstance(key, str) else None
        if trait is None:
            called = str(given.get("called") or key or "")[:LONGEST]
            if self.keep_lost and isinstance(key, str):
                return Condition(key, Test(Op.KNOWN), called, dict(given))
            raise BadRule(_under(where, "trait"), _("There is no “%(name)s” to ask for.") % {"name": called})
        try:
            test = read_test(trait, given, where, self.traits, offered=not self.keep_lost)
        except BadRule as error:
            if not self.keep_lost:
                raise _of(trait, error) from error
            # It was right when it was written: the field has become another kind since.
            return Condition(trait.key, Test(Op.KNOWN), str(trait.label)[:LONGEST], dict(given))
        return Condition(trait.key, test, str(trait.label)[:LONGEST])


def _of(trait: Trait, error: BadRule) -> BadRule:
    """What is wrong, said with what it is wrong of: a rule has many conditions."""
    label, said = str(trait.label), str(error)
    return error if label in said else BadRule(error.where, f"{label}: {said}")


def read_test(
    trait: Trait, given: Mapping[str, Any], where: str, traits: Traits, *, offered: bool = True
) -> Test:
    """The test of a trait that is written so. offered: only what can be chosen now. Raises BadRule."""
    op = given.get("op")
    if op not in OPS[trait.type]:
        raise BadRule(_under(where, "op"), _("“%(name)s” cannot be compared so.") % {"name": trait.label})
    op = Op(op)
    _fits_type(trait, given, where)
    if trait.type == Type.EVENT:
        return _event_test(trait, given, where, traits, offered)
    choosing = trait if offered and trait.type in _CHOSEN else None
    value = read_value(trait.type, op, given.get("value"), choosing, _under(where, "value"))
    if trait.type != Type.MONEY or op in (Op.KNOWN, Op.UNKNOWN):
        return Test(op, value)
    currency = given.get("currency")
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isalpha() and currency.isascii()):
        raise BadRule(_under(where, "currency"), _("Say which money: three letters, such as PLN."))
    return Test(op, value, currency=currency.upper())


def _fits_type(trait: Trait, given: Mapping[str, Any], where: str) -> None:
    for name in ("measure", "days", "where", "by", "within"):
        if given.get(name) and trait.type != Type.EVENT:
            raise BadRule(
                _under(where, name),
                _("Only what happened can be counted; “%(name)s” cannot.") % {"name": trait.label},
            )


def _event_test(trait: Trait, given: Mapping[str, Any], where: str, traits: Traits, offered: bool) -> Test:
    op = Op(given["op"])
    days = _whole(given.get("days") or 0, _under(where, "days"), least=0)
    narrowed = _where(trait, given.get("where") or [], _under(where, "where"), offered)
    measure = given.get("measure") or "count"
    if measure not in {key for key, _label in trait.measures}:
        raise BadRule(
            _under(where, "measure"), _("“%(name)s” cannot be added up so.") % {"name": trait.label}
        )
    if op in (Op.FOLLOWED, Op.NOT_FOLLOWED):
        by = given.get("by")
        other = traits.get(str(by.get("trait"))) if isinstance(by, Mapping) else None
        if not isinstance(by, Mapping) or other is None or other.type != Type.EVENT:
            raise BadRule(_under(where, "by"), _("Choose what follows."))
        within = _whole(given.get("within"), _under(where, "within"), least=1)
        then = _where(other, by.get("where") or [], _under(where, "by.where"), offered)
        return Test(op, days=days, where=narrowed, by=other.key, by_where=then, within=within)
    if op == Op.SILENT:
        times = _number(given.get("value", 1), _under(where, "value"))
        if not 0 < times <= MOST_VALUES or days:
            raise BadRule(_under(where, "value"), _("Say how many of their usual intervals, such as 2."))
        return Test(op, times, where=narrowed)
    value = read_value(Type.NUMBER, op, given.get("value"), None, _under(where, "value"))
    return Test(op, value, measure=measure, days=days, where=narrowed)


def _where(trait: Trait, given: Any, where: str, offered: bool) -> tuple[Narrow, ...]:
    if not isinstance(given, list) or len(given) > MOST_NARROWED:
        raise BadRule(where, _("Here a list of conditions is expected."))
    parts = {each.key: each for each in trait.parts}
    found = []
    for place, each in enumerate(given):
        here = _under(where, str(place))
        part = parts.get(str(each.get("part"))) if isinstance(each, Mapping) else None
        if part is None:
            raise BadRule(here, _("“%(name)s” has no such part.") % {"name": trait.label})
        found.append(_narrow(part, each, here, offered))
    return tuple(found)


def _narrow(part: Part, given: Mapping[str, Any], where: str, offered: bool) -> Narrow:
    """The test of a part of an event. Raises BadRule."""
    open_ = part.type == Type.OPEN
    _only(given, {"part", "op", "value", *(["key"] if open_ else [])}, where)
    key = _text(given.get("key"), _under(where, "key")) if open_ else ""
    if '"' in key:
        raise BadRule(_under(where, "key"), _("The name of a property has no quotation marks."))
    op = given.get("op")
    if op not in OPS[part.type] or (op in (Op.KNOWN, Op.UNKNOWN) and not open_):
        raise BadRule(_under(where, "op"), _("“%(name)s” cannot be compared so.") % {"name": part.label})
    dated = Type.DATE if op in (Op.SINCE, Op.BEFORE) else part.type
    choosing = part if offered and part.type in _CHOSEN else None
    value = read_value(dated, Op(op), given.get("value"), choosing, _under(where, "value"))
    return Narrow(part.key, Op(op), value, key)


def read_value(type: Type, op: Op, value: Any, choosing: Trait | Part | None, where: str) -> Any:
    """The value that a comparison of this type takes, as it is compared. Raises BadRule.

    choosing: what offers the values to choose from; None where any will do.
    """
    if op in (Op.KNOWN, Op.UNKNOWN, Op.YES, Op.NO):
        return None
    if op in (Op.ANY_OF, Op.ALL_OF, Op.NONE_OF, Op.MONTH):
        return _list(op, value, choosing, where)
    if op in (Op.CONTAINS, Op.STARTS):
        return _text(value, where)
    if op in (Op.LAST, Op.NOT_LAST, Op.NEXT):
        return _whole(
            value, where, least=0 if op == Op.NEXT else 1, most=366 if type == Type.BIRTHDAY else MOST_DAYS
        )
    read: Callable[[Any, str], Any] = _day if type in (Type.DATE, Type.MOMENT) else _number
    if op != Op.BETWEEN:
        return read(value, where)
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise BadRule(where, _("Say from what to what."))
    low, high = (read(each, where) for each in value)
    if low > high:
        raise BadRule(where, _("The first must not be more than the second."))
    return (low, high)


def _list(op: Op, value: Any, choosing: Trait | Part | None, where: str) -> tuple[str, ...]:
    some = value if isinstance(value, (list, tuple)) else [value]
    if not some or some == [None]:
        raise BadRule(where, _("Choose at least one."))
    if len(some) > MOST_VALUES:
        raise BadRule(where, _("Choose %(most)s at most.") % {"most": MOST_VALUES})
    found = tuple(dict.fromkeys(_text(each, where) for each in some))
    offered: Sequence[tuple[str, Text]] = ()
    if op == Op.MONTH:
        offered = [(str(month), "") for month in range(1, 13)]
    elif choosing is not None:
        offered = choosing.choices()
    known = {each for each, _label in offered}
    if known and (wrong := [each for each in found if each not in known]):
        raise BadRule(where, _("“%(value)s” cannot be chosen here.") % {"value": wrong[0]})
    return found


def _text(value: Any, where: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
        raise BadRule(where, _("Write what is asked for."))
    text = "".join(each for each in str(value) if each.isprintable()).strip()
    if not text or len(text) > LONGEST:
        raise BadRule(where, _("Write it in %(most)s letters at most.") % {"most": LONGEST})
    return text


def _number(value: Any, where: str) -> float | int:
    wrong = BadRule(where, _("Write a number."))
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)) or len(str(value)) > 40:
        raise wrong
    try:
        figure = Decimal(str(value).strip().replace(" ", "").replace(",", "."))
    except InvalidOperation as error:
        raise wrong from error
    if not figure.is_finite() or abs(figure) >= 10**12:
        raise wrong
    return int(figure) if figure == figure.to_integral_value() else float(figure)


def _whole(value: Any, where: str, *, least: int, most: int = MOST_DAYS) -> int:
    figure = _number(value, where)
    if not isinstance(figure, int) or not least <= figure <= most:
        raise BadRule(
            where,
            _("Write a whole number of days, from %(least)s to %(most)s.") % {"least": least, "most": most},
        )
    return figure


def _day(value: Any, where: str) -> dt.date:
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise BadRule(where, _("Write the day as 2026-05-31.")) from error


def _only(given: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(str(each) for each in set(given) - known):
        raise BadRule(where, _("“%(name)s” has no place here.") % {"name": unknown[0][:LONGEST]})


def _under(where: str, part: str) -> str:
    return f"{where}.{part}" if where else part
