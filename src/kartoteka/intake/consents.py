"""From what rows say of consent to lines of the ledger, a chunk at a time, in the transaction that writes the rows."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone

from kartoteka.consent import ledger, purposes
from kartoteka.consent.models import Suppression
from kartoteka.consent.presets import PRESETS
from kartoteka.consent.suppressing import suppress_lines
from kartoteka.kit import bulk
from kartoteka.people.models import Batch, ContactPoint
from kartoteka.trust.actor import SYSTEM

from .row import Understood
from .row_consents import RowConsent

_STOPS = {"bounce": Suppression.Why.BOUNCE, "complaint": Suppression.Why.COMPLAINT}


def count(rows: Iterable[Understood]) -> Counter[str]:
    """How many rows say yes, say no, or name an address that is not to be used."""
    found: Counter[str] = Counter()
    for row in rows:
        if not row.consents:
            continue
        said = {each[2] for each in row.consents}
        found["agreed"] += "given" in said
        found["declined"] += "withdrawn" in said
        found["stopped"] += bool(said & _STOPS.keys())
    return found


class Saying(NamedTuple):
    """What a row says of consent, of somebody with these values. consents: as of `Understood`."""

    row: int
    values: Mapping[str, Any]
    consents: Sequence[tuple[str, str, str, str, bool, str, str]]


def write(rows: Sequence[Understood | Saying], identities: Sequence[int], *, batch: Batch) -> None:
    """Write what these rows say of consent, each on its identity. A moment without a zone is one of the business's own."""
    said = [
        (identity, row, RowConsent(*each))
        for row, identity in zip(rows, identities, strict=True)
        for each in row.consents
    ]
    if not said:
        return
    keys = {
        name: purposes.preset(name, by=SYSTEM).pk if name in PRESETS else purposes.purpose_named(name).pk
        for name in sorted({each.purpose for _identity, _row, each in said})
    }
    ledger.write_lines(
        [
            ledger.Line(
                identity=identity,
                purpose=keys[each.purpose],
                channel=each.channel,
                what=each.what,
                at=_moment(each.at) or batch.at,
                confirmed=each.confirmed,
                evidence={"column": each.column, "typed": each.typed, "row": row.row},
            )
            for identity, row, each in said
            if each.what not in _STOPS
        ],
        batch=batch,
        place=batch.label,
    )
    stops = {
        (entry["value"], _STOPS[each.what])
        for _identity, row, each in said
        if each.what in _STOPS
        for entry in row.values.get("emails") or ()
    }
    found = dict(
        bulk.fetch(
            ContactPoint,
            ("value", "id"),
            by="value",
            among=sorted({value for value, _why in stops}),
            also={"kind": "email"},
        )
    )
    suppress_lines(
        [(found[value], why) for value, why in stops if value in found], batch=batch, place=batch.label
    )


def _moment(text: str) -> dt.datetime | None:
    if not text:
        return None
    found = dt.datetime.fromisoformat(text)
    return found if timezone.is_aware(found) else timezone.make_aware(found)
