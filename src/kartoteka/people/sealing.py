"""Sensitive values at rest: in claims they are sealed with the identity's own key, in the customer's row there are none.

A claim holds each of its sensitive values as a sealed text in the value's place, and all that was typed as one sealed
text, since there it stands by the heading of a column. The row of the customer says only that there is something
(PRESENT), so that gaps can be counted and found; whoever may see the value has it from the claims (reading.py). Destroying
an identity's key so ends what was said of it in every copy of the base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import orjson

from kartoteka.kit.jsontext import json
from kartoteka.trust.personal_keys import Subject, is_sealed, open_many, seal_many

from .presence import EMPTY

_Values = Mapping[str, Any]


def sealed_texts(
    claims: Sequence[tuple[int, _Values, Any]], hidden: AbstractSet[str]
) -> list[tuple[str, str]]:
    """`values` and `typed` of claims as JSON text, sealed for the identity of whom each was said; in their order.

    claims: identity, values, typed. An empty value stays as it is: it says that there is nothing. What was typed is sealed
    as a whole. What is sealed already stays. A few statements, however many claims there are.
    """
    values = [dict(each) for _identity, each, _typed in claims]
    typed = [each for _identity, _values, each in claims]
    wanted: list[tuple[Subject, str]] = []
    places: list[tuple[int, str | None]] = []  # claim, field (None: what was typed)
    for place, (identity, its_values, its_typed) in enumerate(claims):
        subject = Subject("identity", str(identity))
        for key in hidden & its_values.keys():
            if its_values[key] not in EMPTY and not is_sealed(its_values[key]):
                wanted.append((subject, json(its_values[key])))
                places.append((place, key))
        if its_typed not in EMPTY and not is_sealed(its_typed):
            wanted.append((subject, json(its_typed)))
            places.append((place, None))
    for (place, its_key), text in zip(places, seal_many(wanted), strict=True):
        if its_key is None:
            typed[place] = text
        else:
            values[place][its_key] = text
    return [(json(each), json(its)) for each, its in zip(values, typed, strict=True)]


def open_values(some: Iterable[dict[str, Any]]) -> None:
    """Put what was sealed in these values in the place of its sealed text; what nobody can open any more is taken out.

    One question to the base for them all, and none where nothing is sealed.
    """
    found = [(values, key) for values in some for key, value in values.items() if is_sealed(value)]
    texts = open_many([values[key] for values, key in found]) if found else ()
    for (values, key), text in zip(found, texts, strict=True):
        if text is None:
            del values[key]
        else:
            values[key] = orjson.loads(text)


def open_typed(some: Sequence[Any]) -> list[dict[str, Any]]:
    """What was typed, opened where it was sealed; empty where nobody can open it any more."""
    sealed = [place for place, each in enumerate(some) if is_sealed(each)]
    opened = list(some)
    texts = open_many([some[place] for place in sealed]) if sealed else ()
    for place, text in zip(sealed, texts, strict=True):
        opened[place] = orjson.loads(text) if text is not None else {}
    return opened
