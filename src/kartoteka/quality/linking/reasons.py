"""Why two customers seem to be one, or not: machine words with their parameters, which a face puts in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .comparisons import ALL

Reason = tuple[str, dict[str, Any]]

_VALUES = {
    "given": "given", "family": "family", "birth": "birth", "birth_part": "birth", "sex": "sex", "middle": "middle",
    "suffix": "suffix", "company": "company", "birth_place": "birth_place", "profession": "profession",
}  # fmt: skip
_SILENT = frozenset({"same_source", "other_source", "same_sex", "email_silent"})


def reasons(levels: NDArray[np.int8], a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Reason]:
    """The reasons of one pair. `levels` in the order of ALL, `a` and `b` rows of `people`.

    A reason's parameters are the two values compared ("a", "b") or the one shared ("value").
    """
    found = []
    for comparison, level in zip(ALL, levels, strict=True):
        if level < 0:
            continue
        word = comparison.levels[level].word
        if word not in _SILENT:
            found.append((word, _parameters(comparison.name, a, b)))
    return found


def _parameters(name: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    if name == "told":
        teller, named = (a, b) if not a.get("family") else (b, a)
        return {"email": next(iter(teller.get("emails") or []), None), "name": named.get("name")}
    if name in ("phone", "email"):
        return _shared(a.get(f"{name}s") or [], b.get(f"{name}s") or [])
    if name == "ids":
        ours, theirs = (
            [*(row.get("registrations") or []), *filter(None, [row.get("national_id")])] for row in (a, b)
        )
        return _shared(ours, theirs)
    if name == "address":
        return {"a": _address(a), "b": _address(b)}
    if name == "firm":
        return {"a": a.get("company") or a.get("name"), "b": b.get("company") or b.get("name")}
    if name == "given":
        return {
            "a": a.get("given") or a.get("nickname") or a.get("name"),
            "b": b.get("given") or b.get("nickname") or b.get("name"),
        }
    column = _VALUES[name]
    return {"a": a.get(column) or a.get("name"), "b": b.get(column) or b.get("name")}


def _shared(ours: list[str], theirs: list[str]) -> dict[str, Any]:
    both = [value for value in ours if value in theirs]
    if both:
        return {"value": both[0]}
    return {"a": ours[0] if ours else None, "b": theirs[0] if theirs else None}


def _address(row: Mapping[str, Any]) -> str:
    """A short line of an address: "Polna 3/4, 00-001 Warszawa"."""
    door = "/".join(filter(None, [row.get("number"), row.get("flat")]))
    line = " ".join(filter(None, [row.get("street"), door]))
    place = " ".join(filter(None, [row.get("postcode"), row.get("city")]))
    return ", ".join(filter(None, [line, place]))
