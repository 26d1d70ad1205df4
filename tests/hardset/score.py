"""How well a linkage did against the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from tests.hardset.sources import HardSet
from tests.hardset.town import Customer


@dataclass(frozen=True)
class Score:
    """Pairwise: precision, recall, F1; and of the pairs of rows of two people of each kind, the share joined."""

    precision: float
    recall: float
    f1: float
    wrong: dict[str, float]


def pairs(groups: Iterable[Iterable[int]]) -> set[tuple[int, int]]:
    """All pairs within the groups, the smaller first."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def score(hard: HardSet, groups: Iterable[Iterable[int]]) -> Score:
    """Scores groups of ids that were joined."""
    ids = hard.people["id"].to_pylist()
    rows: dict[int, list[int]] = defaultdict(list)
    for one, customer in zip(ids, hard.truth, strict=True):
        rows[customer].append(one)
    right, got = pairs(rows.values()), pairs(groups)
    hits = len(right & got)
    precision, recall = hits / max(1, len(got)), hits / len(right)
    wrong = {}
    for kind, couples in couples_of(hard.customers).items():
        apart = {(min(x, y), max(x, y)) for a, b in couples for x in rows[a] for y in rows[b]}
        wrong[kind] = len(apart & got) / max(1, len(apart))
    return Score(precision, recall, 2 * precision * recall / max(1e-9, precision + recall), wrong)


def couples_of(customers: list[Customer]) -> dict[str, list[tuple[int, int]]]:
    """Couples of customers who must stay apart, by why they might not."""
    by: dict[tuple[str, object], list[Customer]] = defaultdict(list)
    for one in customers:
        by["home", one.household].append(one)
        for phone in one.phones:
            by["phone", phone].append(one)
        for email in one.emails:
            by["email", email].append(one)
    found: dict[str, set[tuple[int, int]]] = {
        kind: set() for kind in ("twins", "father and son", "household", "shared phone", "shared e-mail")
    }
    for (what, _), members in by.items():
        for a, b in combinations(members, 2):
            couple = (a.number, b.number)
            if a is b:
                continue
            if what == "home" and a.birth == b.birth:
                found["twins"].add(couple)
            elif what == "home" and (a.given, a.family) == (b.given, b.family):
                found["father and son"].add(couple)
            else:
                found[{"home": "household", "phone": "shared phone", "email": "shared e-mail"}[what]].add(
                    couple
                )
    return {kind: sorted(couples) for kind, couples in found.items()}
