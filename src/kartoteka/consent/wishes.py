"""What somebody wishes corrected: sensitive values among it lie sealed with their own key, as on the card."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from kartoteka.people.checking import fields
from kartoteka.people.rules import hidden_fields
from kartoteka.people.sealing import open_values, sealed_texts

from .models import PrivacyRequest


def shut(identity: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is wished, as it is kept for this identity."""
    [(values, _typed)] = sealed_texts([(identity, dict(changes), {})], hidden_fields())
    kept: dict[str, Any] = orjson.loads(values)
    return kept


def open_wishes(rows: Iterable[PrivacyRequest]) -> None:
    """Put what these requests wish in plain, in these objects only; what nobody can open any more is taken out."""
    open_values([row.changes for row in rows])


def about(request: PrivacyRequest) -> str:
    """Of a correction the fields it is about, in words."""
    catalogue = fields() if request.changes else {}
    return ", ".join(str(catalogue[key].label) for key in request.changes if key in catalogue)
