"""The one meaning of a rule: a condition on customers, from which the count, the list, the check and the membership come.

A group within a rule is put in its place as the rule it has, so that nothing waits for another group to be brought up to
date. Conditions that turn with time also give the next moment at which the answer for a customer may be another.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import DateTimeField, Q, QuerySet, Value
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from kartoteka.kit.trait_kinds import NEVER, NOBODY, negated
from kartoteka.kit.traits import Op, Test, Trait
from kartoteka.people.models import Customer

from .rule import All, Any_, BadRule, Condition, Node, Not, conditions

MOST_WITH_GROUPS = 300
GROUP = "group"
# Rules by the key of their group.
Rules = Mapping[int, Node]
_EVERYBODY = ~NOBODY


class LostTrait(LookupError):
    """The rule speaks of something that is no longer there, so nobody can be told in or out."""


@dataclass(frozen=True)
class Compiled:
    """A rule as conditions: who fits at a moment, and when that may next change by time alone (None: never).

    timed: the conditions that time alone may change.
    """

    fits: Q
    turns: Any
    at: dt.datetime
    timed: tuple[tuple[Trait, Test], ...] = ()

    def among(self, rows: "QuerySet[Customer]") -> "QuerySet[Customer]":
        """Those of these customers who fit."""
        return rows.filter(self.fits)


def compile_rule(
    rule: Node,
    *,
    traits: Mapping[str, Trait],
    rules: Rules,
    at: dt.datetime,
    among: Sequence[int] | None = None,
) -> Compiled:
    """The meaning of a rule at a moment (UTC).

    rules: of the groups that it speaks of. among: the keys of the customers it is asked of, where those are few. Raises
    LostTrait, and BadRule where groups go in a circle or are too much together.
    """
    whole = expanded(rule, rules)
    some = tuple(among) if among is not None else None
    asked = [
        (traits[each.trait], replace(each.test, among=some))
        for each in conditions(whole)
        if each.lost is None
    ]
    turning = [(trait, test, turn) for trait, test in asked if (turn := trait.turns(test, at)) is not None]
    timed = tuple((trait, test) for trait, test, _turn in turning)
    return Compiled(
        _condition(whole, traits, at, some), first_of([turn for _trait, _test, turn in turning]), at, timed
    )


def first_of(turning: Sequence[Any]) -> Any:
    """The earliest of these moments; None of none."""
    if not turning:
        return None
    if len(turning) == 1:
        return turning[0]
    return Least(*turning, Value(NEVER, output_field=DateTimeField()), output_field=DateTimeField())


def expanded(rule: Node, rules: Rules, inside: tuple[int, ...] = ()) -> Node:
    """The rule with those of the groups it speaks of in their place. Raises BadRule, LostTrait."""
    found = _expanded(rule, rules, inside)
    if not inside and sum(1 for each in conditions(found)) > MOST_WITH_GROUPS:
        raise BadRule(
            "",
            _("Together with the groups in it this has more than %(most)s conditions.")
            % {"most": MOST_WITH_GROUPS},
        )
    return found


def _expanded(rule: Node, rules: Rules, inside: tuple[int, ...]) -> Node:
    if isinstance(rule, (All, Any_)):
        return type(rule)(tuple(_expanded(each, rules, inside) for each in rule.parts))
    if isinstance(rule, Not):
        return Not(_expanded(rule.part, rules, inside))
    if rule.trait != GROUP or rule.lost is not None:
        return rule
    some = Any_(tuple(_group(int(key), rules, inside) for key in rule.test.value))
    return some if rule.test.op == Op.ANY_OF else Not(some)


def _group(key: int, rules: Rules, inside: tuple[int, ...]) -> Node:
    if key in inside:
        raise BadRule(
            "", _("These groups go round in a circle: one is made of the other. Take one out of the other.")
        )
    if key not in rules:
        raise LostTrait(key)
    return _expanded(rules[key], rules, (*inside, key))


def _condition(rule: Node, traits: Mapping[str, Trait], at: dt.datetime, among: tuple[int, ...] | None) -> Q:
    if isinstance(rule, Condition):
        if rule.lost is not None or rule.trait not in traits:
            raise LostTrait(rule.called or rule.trait)
        return traits[rule.trait].condition(replace(rule.test, among=among), at)
    if isinstance(rule, Not):
        return negated(_condition(rule.part, traits, at, among))
    parts = [_condition(each, traits, at, among) for each in rule.parts]
    if isinstance(rule, All):
        return reduce(and_, parts, _EVERYBODY)
    return reduce(or_, parts) if parts else NOBODY


def alive() -> "QuerySet[Customer]":
    """Everybody who can be in a group."""
    return Customer.objects.filter(merged_into=None)
