"""Whoever points at a customer or an identity follows it: each domain says here what becomes of its rows.

Three questions, asked of every relation in the project (a test walks them all and fails on silence):
- merged or split: rows that point at identities go along by themselves; rows that point at customers say what they do;
- told: what is shown to the person who asks what we hold of them;
- forgotten: what happens when the identity or the customer is taken out of the base.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from kartoteka.kit import bulk

Keys = Sequence[int]


@dataclass(frozen=True)
class Follower:
    """The answers of one model for one of its columns that points at a customer or an identity.

    column: the column's attribute name ("customer_id"). merged: in words for the reader of this code, what happens when the
    customer is merged or split. told: what the person is told of these rows, by customer; None says why in `untold`.
    forgotten: takes these keys out; by default the rows are deleted.
    """

    model: type[Model]
    column: str
    merged: str
    told: Callable[[int], list[Mapping[str, Any]]] | None = None
    untold: str = ""
    forgotten: Callable[[Keys], None] | None = None

    def forget(self, keys: Keys) -> None:
        """What becomes of the rows when these customers or identities are forgotten."""
        if self.forgotten is not None:
            self.forgotten(keys)
        else:
            bulk.delete(self.model, by=self.column, among=keys)


_followers: dict[str, list[Follower]] = {"customer": [], "identity": []}


def follow(whom: str, follower: Follower) -> None:
    """Register an answer; `whom` is "customer" or "identity". Called from an app's `ready()`, lower floors first."""
    known = {(each.model, each.column) for each in _followers[whom]}
    if (follower.model, follower.column) not in known:
        _followers[whom].append(follower)


def followers(whom: str) -> tuple[Follower, ...]:
    """All that follow customers, or identities."""
    return tuple(_followers[whom])


def forget(whom: str, keys: Keys) -> None:
    """Have every follower of these customers or identities let go of them, the highest floor first."""
    for follower in reversed(_followers[whom]):
        follower.forget(keys)
