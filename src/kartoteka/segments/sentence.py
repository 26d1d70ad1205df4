"""A rule as a sentence, in the language that is active."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kartoteka.kit.traits import Narrow, Op, Test, Text, Trait, Type

from .rule import All, Condition, Node, Not

_SAID: dict[Op, Text] = {
    Op.ANY_OF: gettext_lazy("%(what)s is %(value)s"),
    Op.ALL_OF: gettext_lazy("%(what)s has all of %(value)s"),
    Op.NONE_OF: gettext_lazy("%(what)s is not %(value)s"),
    Op.CONTAINS: gettext_lazy("%(what)s contains “%(value)s”"),
    Op.STARTS: gettext_lazy("%(what)s begins with “%(value)s”"),
    Op.KNOWN: gettext_lazy("%(what)s is known"),
    Op.UNKNOWN: gettext_lazy("%(what)s is not known"),
    Op.EQUAL: gettext_lazy("%(what)s is exactly %(value)s"),
    Op.AT_LEAST: gettext_lazy("%(what)s is at least %(value)s"),
    Op.AT_MOST: gettext_lazy("%(what)s is at most %(value)s"),
    Op.MORE: gettext_lazy("%(what)s is more than %(value)s"),
    Op.LESS: gettext_lazy("%(what)s is less than %(value)s"),
    Op.BETWEEN: gettext_lazy("%(what)s is between %(value)s"),
    Op.SINCE: gettext_lazy("%(what)s is on %(value)s or later"),
    Op.BEFORE: gettext_lazy("%(what)s is before %(value)s"),
    Op.LAST: gettext_lazy("%(what)s is in the last %(value)s"),
    Op.NOT_LAST: gettext_lazy("%(what)s is longer ago than %(value)s"),
    Op.NEXT: gettext_lazy("%(what)s is within the next %(value)s"),
    Op.MONTH: gettext_lazy("%(what)s is in %(value)s"),
    Op.YES: gettext_lazy("%(what)s: yes"),
    Op.NO: gettext_lazy("%(what)s: no"),
    Op.FOLLOWED: gettext_lazy("%(what)s, then %(by)s within %(within)s"),
    Op.NOT_FOLLOWED: gettext_lazy("%(what)s, then no %(by)s within %(within)s"),
    Op.SILENT: gettext_lazy("%(what)s: not for longer than %(value)s × their usual interval"),
}
# Of what happened, how often.
_HAPPENED: dict[Op, Text] = {
    Op.EQUAL: gettext_lazy("%(what)s exactly %(value)s"),
    Op.AT_LEAST: gettext_lazy("%(what)s at least %(value)s"),
    Op.AT_MOST: gettext_lazy("%(what)s at most %(value)s"),
    Op.MORE: gettext_lazy("%(what)s more than %(value)s"),
    Op.LESS: gettext_lazy("%(what)s less than %(value)s"),
    Op.BETWEEN: gettext_lazy("%(what)s between %(value)s"),
}
# Of what one can have several of.
_AMONG: dict[Op, Text] = {
    Op.ANY_OF: gettext_lazy("%(what)s: %(value)s"),
    Op.NONE_OF: gettext_lazy("%(what)s: not %(value)s"),
}
# How a comparison is called in the builder.
OP_NAMES: dict[Op, Text] = {
    Op.ANY_OF: gettext_lazy("is one of"),
    Op.ALL_OF: gettext_lazy("has all of"),
    Op.NONE_OF: gettext_lazy("is none of"),
    Op.CONTAINS: gettext_lazy("contains"),
    Op.STARTS: gettext_lazy("begins with"),
    Op.KNOWN: gettext_lazy("is known"),
    Op.UNKNOWN: gettext_lazy("is not known"),
    Op.EQUAL: gettext_lazy("is exactly"),
    Op.AT_LEAST: gettext_lazy("is at least"),
    Op.AT_MOST: gettext_lazy("is at most"),
    Op.MORE: gettext_lazy("is more than"),
    Op.LESS: gettext_lazy("is less than"),
    Op.BETWEEN: gettext_lazy("is between"),
    Op.SINCE: gettext_lazy("is on this day or later"),
    Op.BEFORE: gettext_lazy("is before this day"),
    Op.LAST: gettext_lazy("is in the last days"),
    Op.NOT_LAST: gettext_lazy("is longer ago than days"),
    Op.NEXT: gettext_lazy("is within the next days"),
    Op.MONTH: gettext_lazy("is in the month"),
    Op.YES: gettext_lazy("yes"),
    Op.NO: gettext_lazy("no"),
    Op.FOLLOWED: gettext_lazy("was followed by"),
    Op.NOT_FOLLOWED: gettext_lazy("was not followed by"),
    Op.SILENT: gettext_lazy("not for longer than usual"),
}


def sentence(rule: Node, traits: Mapping[str, Trait], *, outer: bool = True) -> str:
    """The rule in words, with brackets where one thing stands in another."""
    if isinstance(rule, Condition):
        return condition(rule, traits)
    if isinstance(rule, Not):
        return _("not (%(what)s)") % {"what": sentence(rule.part, traits)}
    parts = [sentence(each, traits, outer=False) for each in rule.parts]
    if not parts:
        return _("everybody") if isinstance(rule, All) else _("nobody")
    joined = (_(" and ") if isinstance(rule, All) else _(" or ")).join(parts)
    return joined if outer or len(parts) == 1 else f"({joined})"


def condition(each: Condition, traits: Mapping[str, Trait]) -> str:
    """One condition in words."""
    trait = traits.get(each.trait)
    if each.lost is not None or trait is None:
        return _("“%(name)s”, which is no longer there") % {"name": each.called or each.trait}
    test = each.test
    what = str(trait.label)
    if trait.type == Type.EVENT:
        what = _event(trait, test)
    said: dict[str, Any] = {"what": what, "value": _value(trait, test)}
    if test.by:
        other = traits.get(test.by)
        by = str(other.label) if other else test.by
        if other:
            by += _where(other, test.by_where)
        said |= {"by": f"“{by}”", "within": days(test.within)}
    return str(_words(trait, test)) % said


def _words(trait: Trait, test: Test) -> Text:
    if _counts(trait, test):
        return _HAPPENED.get(test.op) or _SAID[test.op]
    return (_AMONG.get(test.op) if trait.type == Type.SET else None) or _SAID[test.op]


def _counts(trait: Trait, test: Test) -> bool:
    return trait.type == Type.EVENT and test.measure == "count" and test.op != Op.SILENT


def _event(trait: Trait, test: Test) -> str:
    """What happened, narrowed, since when, and what of it is added up."""
    told = f"“{trait.label}”{_where(trait, test.where)}"
    if test.days:
        told = _("%(what)s in the last %(days)s") % {"what": told, "days": days(test.days)}
    if test.measure != "count":
        told = f"{told}, {dict(trait.measures).get(test.measure, test.measure)},"
    return told


def _where(trait: Trait, where: Sequence[Narrow]) -> str:
    if not where:
        return ""
    parts = {each.key: each for each in trait.parts}
    told = []
    for each in where:
        part = parts.get(each.part)
        labels = {value: str(label) for value, label in part.choices()} if part else {}
        named = each.key or (str(part.label) if part else each.part)
        said = {"what": named, "value": "" if each.value is None else _shown(each.value, labels)}
        told.append(str(_SAID[each.op]) % said)
    return f" ({', '.join(told)})"


def _value(trait: Trait, test: Test) -> str:
    value = test.value
    if value is None:
        return ""
    if test.op in (Op.LAST, Op.NOT_LAST, Op.NEXT):
        return days(value)
    if test.op == Op.MONTH:
        return _listed([date_format(dt.date(2000, int(each), 1), "F") for each in value])
    labels: Mapping[str, str] = {}
    if trait.type in (Type.CHOICE, Type.SET, Type.GROUP):
        labels = {key: str(label) for key, label in trait.choices()}
    shown = _shown(value, labels)
    if _counts(trait, test):
        often = value[-1] if isinstance(value, (tuple, list)) else value
        return ngettext("%(shown)s time", "%(shown)s times", math.ceil(often)) % {"shown": shown}
    return f"{shown} {test.currency or trait.unit}".strip()


def _shown(value: Any, labels: Mapping[str, str]) -> str:
    if isinstance(value, tuple) and len(value) == 2 and not isinstance(value[0], str):
        return _("%(low)s and %(high)s") % {"low": _plain(value[0]), "high": _plain(value[1])}
    if isinstance(value, (tuple, list)):
        return _listed([labels.get(str(each), str(each)) for each in value])
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, dt.date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, (int, float)):
        return str(number_format(value, use_l10n=True))
    return str(value)


def _listed(some: Sequence[str]) -> str:
    return (
        some[0]
        if len(some) == 1
        else _("%(some)s or %(last)s") % {"some": ", ".join(some[:-1]), "last": some[-1]}
    )


def days(count: int) -> str:
    """So many days, in words."""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
