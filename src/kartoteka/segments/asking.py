"""Many rules asked of a few customers at once: what stands in several rules is asked of the database once.

Each condition tells yes or no of a customer, never "unknown" (kit.trait_kinds), so what joins them is worked out here.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import BooleanField, Case, Value, When

from kartoteka.kit import bulk
from kartoteka.kit.trait_kinds import NEVER
from kartoteka.kit.traits import Test, Trait

from .compiling import LostTrait, alive
from .rule import All, Condition, Node, Not, conditions

# So many conditions stand in one statement.
_AT_ONCE = 40
# What is asked: the trait's key and the test.
Leaf = tuple[str, Test]


@dataclass
class Answers:
    """What was found: of each condition who passes, and when its answer may next change by time alone."""

    among: frozenset[int] = frozenset()
    passing: dict[Leaf, set[int]] = field(default_factory=dict)
    turning: dict[Leaf, dict[int, dt.datetime]] = field(default_factory=dict)

    def fit(self, rule: Node) -> frozenset[int]:
        """The customers who fit a rule whose groups are expanded."""
        if isinstance(rule, Condition):
            return frozenset(self.passing[_leaf(rule)])
        if isinstance(rule, Not):
            return self.among - self.fit(rule.part)
        if isinstance(rule, All):
            return self.among.intersection(*(self.fit(each) for each in rule.parts))
        return frozenset().union(*(self.fit(each) for each in rule.parts))

    def turns(self, rule: Node) -> dict[int, dt.datetime] | None:
        """By customer, when the answer of a rule may next be another; None where no time is in it."""
        timed = [self.turning[_leaf(each)] for each in conditions(rule) if _leaf(each) in self.turning]
        if not timed:
            return None
        found: dict[int, dt.datetime] = {}
        for each in timed:
            for customer, moment in each.items():
                found[customer] = min(moment, found.get(customer, NEVER))
        return found


def ask(
    rules: Iterable[Node], *, traits: Mapping[str, Trait], customers: Sequence[int], at: dt.datetime
) -> Answers:
    """Ask these rules (their groups expanded, nothing lost in them) of these customers, at a moment (UTC)."""
    found = Answers(frozenset(alive().filter(pk__in=customers).values_list("pk", flat=True)))
    leaves = list(dict.fromkeys(_leaf(each) for rule in rules for each in conditions(rule)))
    for some in bulk.chunks(leaves, _AT_ONCE):
        _ask_some(some, found, traits, at)
    return found


def must_be_whole(rule: Node, traits: Mapping[str, Trait]) -> Node:
    """The rule, if nothing it speaks of is gone. Raises LostTrait."""
    for each in conditions(rule):
        if each.lost is not None or each.trait not in traits:
            raise LostTrait(each.called or each.trait)
    return rule


def _leaf(each: Condition) -> Leaf:
    return each.trait, each.test


def _ask_some(leaves: Sequence[Leaf], found: Answers, traits: Mapping[str, Trait], at: dt.datetime) -> None:
    rows = alive().filter(pk__in=found.among)
    names: list[tuple[str, Leaf]] = []
    for place, (key, test) in enumerate(leaves):
        asked, leaf = replace(test, among=tuple(found.among)), (key, test)
        holds = Case(
            When(traits[key].condition(asked, at), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        rows = rows.annotate(**{f"fits_{place}": holds})
        names.append((f"fits_{place}", leaf))
        found.passing[leaf] = set()
        if (turns := traits[key].turns(asked, at)) is not None:
            rows = rows.annotate(**{f"turns_{place}": turns})
            names.append((f"turns_{place}", leaf))
            found.turning[leaf] = {}
    for customer, *told in rows.values_list("pk", *(name for name, _leaf_ in names)):
        for (name, leaf), value in zip(names, told, strict=True):
            if name.startswith("fits"):
                if value:
                    found.passing[leaf].add(customer)
            elif value is not None and value < NEVER:
                found.turning[leaf][customer] = value
