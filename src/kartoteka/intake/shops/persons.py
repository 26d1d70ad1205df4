"""Persons whom a shop tells of come through the one door: standardised as a file's rows are, known by sure keys."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from kartoteka.activity.said import OrderSaid
from kartoteka.consent import ledger, purposes
from kartoteka.consent.models import Choice
from kartoteka.people.door import turned_away
from kartoteka.people.models import Batch, Claim, Identity
from kartoteka.people.recording import Arrival, record_claims
from kartoteka.people.rules import rules_now
from kartoteka.people.sealing import open_values
from kartoteka.quality.arrival import Coming, sure_matches
from kartoteka.trust.actor import SYSTEM

from ..files.fields import target
from ..orders import Arrived, key_of
from ..row import Plan
from ..understanding import understand
from .shop import ConsentTold, PersonTold

_PURPOSE = "marketing"


@dataclass(frozen=True)
class Came:
    """Who came: their identity, or None; away: because they asked to be forgotten."""

    identity: int | None
    away: bool = False


def arrive(person: PersonTold, *, batch: Batch, order: OrderSaid | None = None) -> Came:
    """Take a person in. order: what they bought, by which a guest is known who left neither e-mail nor phone.

    Of a customer the shop may tell a choice or a tag alone; of somebody new it must tell who they are. What was said in the
    same words before is not said again. Inside a transaction, by the one writer.
    """
    columns = tuple(field for field, _text in person.cells)
    country = person.country or settings.KARTOTEKA.country
    plan = Plan(columns=columns, targets=tuple(map(target, columns)), country=country)
    rules = rules_now()
    read = understand(plan, rules, 1, [text for _field, text in person.cells])
    values = _taken_off(read.values) if person.off else read.values
    key = key_of(Arrived(order, values, person.key)) if order else person.key
    known = Identity.objects.filter(source=batch.source_id, key=key).first()
    if not key or (known is None and read.refused):
        return Came(None)
    if turned_away(batch.source_id, [(key, values)]):
        return Came(None, away=True)
    if known is not None and (not values or _said_last(known) == dict(values)):
        identity = known.pk
    else:
        sure = sure_matches([Coming(key, values)], source=batch.source_id)[0]
        arrival = Arrival(
            key=key,
            values=values,
            customer=sure.customer,
            beside=sure.beside,
            ready=None if person.off else read.ready,
        )
        done = record_claims(batch=batch, arrivals=[arrival], at=_moment(person.at), made_by=rules)
        identity = done.identities[0]
    _choose(identity, person.consents, batch)
    return Came(identity)


def _taken_off(values: Mapping[str, Any]) -> dict[str, Any]:
    """Lists of texts as they are said to be no more."""
    return {field: [{"value": each, "gone": True} for each in entries] for field, entries in values.items()}


def identity_of(key: str, *, source: int) -> Identity | None:
    """The identity with this key at the source."""
    return Identity.objects.filter(source=source, key=key).select_related("customer").first() if key else None


def _moment(at: dt.datetime | None) -> dt.datetime | None:
    now = dt.datetime.now(dt.UTC)
    return min(at, now) if at else None


def _said_last(identity: Identity) -> dict[str, object] | None:
    """What this source said of the identity the last time."""
    found = (
        Claim.objects.filter(identity=identity)
        .order_by("-at", "-pk")
        .values_list("values", flat=True)
        .first()
    )
    if not found:
        return None
    open_values([found])
    return dict(found)


def _choose(identity: int, consents: Sequence[ConsentTold], batch: Batch) -> None:
    """Write down choices that say something else than the last one, or the first."""
    if not consents:
        return
    purpose = purposes.preset(_PURPOSE, by=SYSTEM)
    rows = Choice.objects.filter(identity=identity, purpose=purpose).exclude(what=Choice.What.ASKED)
    last = {each.channel: each for each in rows.order_by("at", "pk")}
    lines = []
    for each in consents:
        what = Choice.What.GIVEN if each.given else Choice.What.WITHDRAWN
        at = _moment(each.at) or batch.at
        before = last.get(each.channel)
        if before is not None and (before.what == what or before.at > at):
            continue
        lines.append(
            ledger.Line(
                identity=identity, purpose=purpose.pk, channel=each.channel, what=what, at=at, confirmed=each.confirmed,
                evidence={"typed": each.typed},
            )
        )  # fmt: skip
    if lines:
        ledger.write_lines(lines, batch=batch, place=batch.label, how=Choice.How.API)
