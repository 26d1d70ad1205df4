"""Whoever points at a customer, an identity or a contact point follows it: each domain says here what becomes of its rows.

Three questions, asked of every relation in the project (a test walks them all and fails on silence):
- merged or split: rows that point at identities go along by themselves; rows that point at customers say what they do;
- told: what is shown to the person who asks what we hold of them;
- forgotten: what happens when the identity or the customer is taken out of the base; and what a law has us keep of it.

What holds something of a person without pointing at them (the refused rows of a file) leaves a Trace here instead.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from kartoteka.kit import bulk

Keys = Sequence[int]


@dataclass(frozen=True)
class Kept:
    """What a law has us keep, in bare form, of somebody who is forgotten: what, by which law, until when."""

    what: str
    why: str
    until: dt.date


@dataclass(frozen=True)
class Follower:
    """The answers of one model for one of its columns that points at a customer or an identity.

    column: the column's attribute name ("customer_id"). merged: in words for the reader of this code, what happens when the
    customer is merged or split. told: what the person is told of these rows, by customer; None says why in `untold`.
    called: what the values of its columns are called to that person, where the model's own choices do not say it.
    forgotten: takes these keys out; by default the rows are deleted. kept: what of these keys' rows the law has us keep;
    then `forgotten` leaves them in bare form, pointing at nobody. holds: of a contact point, that it stays as long as such
    a row points at it, as it is somebody else's as well.
    """

    model: type[Model]
    column: str
    merged: str
    told: Callable[[int], list[Mapping[str, Any]]] | None = None
    untold: str = ""
    called: Mapping[str, Mapping[Any, str | Promise]] = field(default_factory=dict)
    forgotten: Callable[[Keys], None] | None = None
    kept: Callable[[Keys], Sequence[Kept]] | None = None
    holds: bool = False

    def forget(self, keys: Keys) -> None:
        """What becomes of the rows when these customers or identities are forgotten."""
        if self.forgotten is not None:
            self.forgotten(keys)
        else:
            bulk.delete(self.model, by=self.column, among=keys)


@dataclass(frozen=True)
class Leaving:
    """Who is about to be forgotten, told while all of it is still there.

    rows: the rows of files that spoke of them (batch, sheet, row). said: the values of every claim, the newest last.
    """

    customers: tuple[int, ...]
    identities: tuple[int, ...]
    keys: tuple[tuple[int, str], ...]  # source, the key there
    rows: tuple[tuple[int, str, int | None], ...]
    said: tuple[Mapping[str, Any], ...]

    def texts(self, field: str) -> set[str]:
        """Every value that was ever said of a field: texts, or the values of a list's entries."""
        found: set[str] = set()
        for values in self.said:
            value = values.get(field)
            for each in value if isinstance(value, list) else [value]:
                text = (each.get("value") or each.get("number")) if isinstance(each, Mapping) else each
                if text:
                    found.add(str(text))
        return found

    @property
    def batches(self) -> set[int]:
        """The batches that spoke of them."""
        return {batch for batch, _sheet, _row in self.rows}


Trace = Callable[[Leaving], None]
_traces: dict[str, Trace] = {}
_followers: dict[str, list[Follower]] = {"customer": [], "identity": [], "point": []}


def follow(whom: str, follower: Follower) -> None:
    """Register an answer; `whom` is "customer", "identity" or "point". From an app's `ready()`, lower floors first."""
    known = {(each.model, each.column) for each in _followers[whom]}
    if (follower.model, follower.column) not in known:
        _followers[whom].append(follower)


def followers(whom: str) -> tuple[Follower, ...]:
    """All that follow customers, identities, or contact points."""
    return tuple(_followers[whom])


def forget(whom: str, keys: Keys) -> None:
    """Have every follower of these let go of them, the highest floor first."""
    for follower in reversed(_followers[whom]):
        follower.forget(keys)


def leave_trace(name: str, forget_it: Trace) -> None:
    """Register what takes traces of people out of rows and files that do not point at them. Called from `ready()`."""
    _traces[name] = forget_it


def wipe_traces(leaving: Leaving) -> None:
    """Have every trace of these people taken out, the highest floor first."""
    for wipe in reversed(_traces.values()):
        wipe(leaving)


def kept_of(whom: str, keys: Keys) -> list[Kept]:
    """What the law has us keep of these customers or identities, asked before they are forgotten."""
    asked: Iterable[Follower] = (each for each in _followers[whom] if each.kept is not None)
    return [kept for each in asked if each.kept for kept in each.kept(keys)]
