"""What is told of a rule before it is saved: parts that shut one another out, so that nobody can ever fit."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from kartoteka.kit.traits import Op, Trait, Type

from .rule import All, Any_, Condition, Node, Not
from .sentence import condition, sentence

_NUMBERS = frozenset({Type.NUMBER, Type.MONEY})
_DAYS = frozenset({Type.DATE, Type.MOMENT})


def contradictions(rule: Node, traits: Mapping[str, Trait]) -> list[str]:
    """In words, the pairs of conditions that nobody can fulfil both; of those that must all hold."""
    found: list[str] = []
    both = _("Nobody can fit both: “%(one)s” and “%(other)s”.")
    for level in _levels(rule):
        wanted, barred = _together(level), _barred(level)
        for place, one in enumerate(wanted):
            for other in wanted[:place]:
                if _clash(one, other, traits):
                    found.append(both % {"one": condition(other, traits), "other": condition(one, traits)})
            if one in barred:
                found.append(both % {"one": condition(one, traits), "other": sentence(Not(one), traits)})
    return found


def _levels(rule: Node) -> Iterable[All]:
    """Each "all" that does not stand in another one."""
    if isinstance(rule, All):
        yield rule
        for each in rule.parts:
            if not isinstance(each, All):
                yield from _levels(each)
    elif isinstance(rule, Any_):
        for each in rule.parts:
            yield from _levels(each)
    elif isinstance(rule, Not):
        yield from _levels(rule.part)


def _together(rule: All) -> list[Condition]:
    """The conditions that must hold together, those of an "all" within it included."""
    found: list[Condition] = []
    for each in rule.parts:
        if isinstance(each, Condition):
            found.append(each)
        elif isinstance(each, All):
            found += _together(each)
    return found


def _barred(rule: Node) -> list[Condition]:
    """The conditions that must not hold: each by itself, or as one of several of which none may."""
    if isinstance(rule, All):
        return [each for part in rule.parts for each in _barred(part)]
    if not isinstance(rule, Not):
        return []
    parts = rule.part.parts if isinstance(rule.part, Any_) else (rule.part,)
    return [each for each in parts if isinstance(each, Condition)]


def _clash(one: Condition, other: Condition, traits: Mapping[str, Trait]) -> bool:
    if one.trait != other.trait or one.lost is not None or other.lost is not None:
        return False
    type = traits[one.trait].type
    ops = {one.test.op, other.test.op}
    if ops in ({Op.YES, Op.NO}, {Op.KNOWN, Op.UNKNOWN}):
        return True
    if Op.UNKNOWN in ops and type not in (Type.YESNO, Type.EVENT):
        return not ops <= {Op.UNKNOWN, Op.NONE_OF}
    if type in (Type.TEXT, Type.CHOICE) and ops == {Op.ANY_OF}:
        return not set(one.test.value) & set(other.test.value)
    if type in (Type.TEXT, Type.CHOICE, Type.SET) and ops == {Op.ANY_OF, Op.NONE_OF}:
        wanted, barred = (one, other) if one.test.op == Op.ANY_OF else (other, one)
        return set(wanted.test.value) <= set(barred.test.value)
    if type in _NUMBERS or _same_count(one, other, type):
        return one.test.currency == other.test.currency and _apart(_range(one), _range(other))
    if type in _DAYS and ops <= {Op.SINCE, Op.BEFORE, Op.BETWEEN}:
        return _apart(_days(one), _days(other))
    return ops == {Op.LAST, Op.NOT_LAST} and _days_apart(one, other)


def _days_apart(one: Condition, other: Condition) -> bool:
    inner, outer = (one, other) if one.test.op == Op.LAST else (other, one)
    return bool(inner.test.value <= outer.test.value)


def _same_count(one: Condition, other: Condition, type: Type) -> bool:
    def counted(each: Condition) -> tuple[object, ...]:
        return each.test.measure, each.test.days, each.test.where

    bounds = {Op.EQUAL, Op.AT_LEAST, Op.AT_MOST, Op.MORE, Op.LESS, Op.BETWEEN}
    return type == Type.EVENT and {one.test.op, other.test.op} <= bounds and counted(one) == counted(other)


def _days(each: Condition) -> "Range":
    """The days of a calendar that fit, by their number."""
    value, most = each.test.value, float("inf")
    if each.test.op == Op.BETWEEN:
        return value[0].toordinal(), True, value[1].toordinal(), True
    day = value.toordinal()
    return (day, True, most, True) if each.test.op == Op.SINCE else (-most, True, day, False)


Range = tuple[float, bool, float, bool]  # from, itself included, to, itself included


def _range(each: Condition) -> Range:
    value, most = each.test.value, float("inf")
    if each.test.op in (Op.KNOWN, Op.UNKNOWN):
        return -most, True, most, True
    if each.test.op == Op.BETWEEN:
        return value[0], True, value[1], True
    low = value if each.test.op in (Op.EQUAL, Op.AT_LEAST, Op.MORE) else -most
    high = value if each.test.op in (Op.EQUAL, Op.AT_MOST, Op.LESS) else most
    return low, each.test.op != Op.MORE, high, each.test.op != Op.LESS


def _apart(one: Range, other: Range) -> bool:
    low, low_in = max((one[0], not one[1]), (other[0], not other[1]))
    high, high_in = min((one[2], one[3]), (other[2], other[3]))
    return low > high or (low == high and (low_in or not high_in))
