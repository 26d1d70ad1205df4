"""Why customers seem to be one, or not: machine words with their parameters, which a face puts in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .compare import Compared
from .comparisons import ALL

Reason = tuple[str, dict[str, Any]]

# Reasons whose values come from fields that not everybody may see (registration and national identity numbers).
SENSITIVE_REASONS = frozenset({"same_registration", "registration_one_digit", "other_registration"})
_SILENT = frozenset({"same_source", "other_source", "same_sex", "same_kind", "same_form", "email_silent"})


def reasons(people: pa.Table, pairs: Compared) -> list[list[Reason]]:
    """The reasons of each pair of positions in `people`.

    A reason's parameters are the two values compared ("a" of the left, "b" of the right) or the one shared
    ("value"); for a name told by an e-mail "email" and "name".
    """
    found: list[list[Reason]] = [[] for _ in range(len(pairs))]
    for at, comparison in enumerate(ALL):
        words = [level.word for level in comparison.levels]
        heard = np.array([word not in _SILENT for word in words] + [False])
        which = np.flatnonzero(heard[pairs.levels[:, at]])
        if not len(which):
            continue
        columns, parameters = _PARAMETERS[comparison.name]
        ours, theirs = (_values(people, columns, side[which]) for side in (pairs.left, pairs.right))
        for one, level, a, b in zip(
            which.tolist(), pairs.levels[which, at].tolist(), ours, theirs, strict=True
        ):
            found[one].append((words[level], parameters(a, b)))
    return found


def without_secrets(found: Sequence[Reason]) -> list[Reason]:
    """The reasons as they are kept: without numbers of identity and of registers, which are read when they are shown."""
    return [(word, {} if word in SENSITIVE_REASONS else values) for word, values in found]


def _values(
    people: pa.Table, columns: tuple[str, ...], positions: NDArray[np.int32]
) -> list[tuple[Any, ...]]:
    """The values of some columns at some positions, a tuple each."""
    rows = people.select(columns).take(pa.array(positions))
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True))


def _first(a: tuple[Any, ...], b: tuple[Any, ...]) -> dict[str, Any]:
    """The first value of either side that is there."""
    return {"a": next(filter(None, a), None), "b": next(filter(None, b), None)}


def _shared(a: tuple[Any, ...], b: tuple[Any, ...]) -> dict[str, Any]:
    """A value in the lists of both sides, or else the first of each."""
    return compared_lists(*([one for part in side if part for one in _listed(part)] for side in (a, b)))


def compared_lists(ours: list[str], theirs: list[str]) -> dict[str, Any]:
    """A value in both lists, or else the first of each."""
    both = [value for value in ours if value in theirs]
    if both:
        return {"value": both[0]}
    return {"a": ours[0] if ours else None, "b": theirs[0] if theirs else None}


def _listed(part: str | list[str]) -> list[str]:
    return [part] if isinstance(part, str) else part


def _told(a: tuple[Any, ...], b: tuple[Any, ...]) -> dict[str, Any]:
    """The e-mail of the side without a family name, and the other's name."""
    (_, emails, _), (_, _, name) = (a, b) if not a[0] else (b, a)
    return {"email": emails[0] if emails else None, "name": name}


def _address(a: tuple[Any, ...], b: tuple[Any, ...]) -> dict[str, Any]:
    return {"a": _line(*a), "b": _line(*b)}


def _line(
    street: str | None, number: str | None, flat: str | None, postcode: str | None, city: str | None
) -> str:
    """A short line of an address: "Polna 3/4, 00-001 Warszawa"."""
    door = "/".join(filter(None, [number, flat]))
    street = " ".join(filter(None, [street, door]))
    place = " ".join(filter(None, [postcode, city]))
    return ", ".join(filter(None, [street, place]))


_Parameters = Callable[[tuple[Any, ...], tuple[Any, ...]], dict[str, Any]]
_PARAMETERS: dict[str, tuple[tuple[str, ...], _Parameters]] = {
    "given": (("given", "nickname", "name"), _first),
    "family": (("family", "name"), _first),
    "birth": (("birth",), _first),
    "birth_part": (("birth",), _first),
    "phone": (("phones",), _shared),
    "email": (("emails",), _shared),
    "told": (("family", "emails", "name"), _told),
    "address": (("street", "number", "flat", "postcode", "city"), _address),
    "sex": (("sex",), _first),
    "middle": (("middle", "name"), _first),
    "suffix": (("suffix",), _first),
    "firm": (("company", "name"), _first),
    "form": (("form",), _first),
    "company": (("company",), _first),
    "ids": (("registrations", "national_id"), _shared),
    "birth_place": (("birth_place",), _first),
    "profession": (("profession",), _first),
    "kind": (("name", "company"), _first),
    "source": (("sources",), _first),
}
