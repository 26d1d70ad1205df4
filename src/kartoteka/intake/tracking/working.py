"""The worker's part: parcels become events, in the order they came, many in one transaction that also takes them away.

So a worker that dies leaves them as they were, and what is in the base is there once. What needs no base (unpacking,
reading, standardising) is done before, while others write.
"""

import datetime as dt
import logging
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.activity.event_models import Event
from kartoteka.activity.event_said import EventSaid
from kartoteka.activity.facts import count_visits
from kartoteka.activity.shopping import record_ratings, record_wishes
from kartoteka.activity.visits import Known, Who, known_visitors, meet, record_events
from kartoteka.intake.connection_models import Connection, Delivery, Parcel
from kartoteka.intake.connections import note_delivery
from kartoteka.kit import bulk
from kartoteka.kit.collecting import collecting_seldom

from .knowing import ACCOUNT, BROWSER, Knowledge, gathered, make_known
from .orders import orders_of_past, record_orders
from .reading import Sent, Told, Unreadable, read
from .receiving import read_json, unpacked

log = logging.getLogger("kartoteka.tracking")
# So many parcels, and so many bytes of them, packed and unpacked, are taken at a time: the write key stands in the site
# for all to read, and a call that says the same a million times packs to nothing.
_PARCELS, _BYTES, _UNPACKED = 1000, 4 << 20, 8 << 20
# So many different reasons why calls tell nothing are told to the owner.
_REASONS = 20


class TakenOver(Exception):
    """Another worker has taken these parcels."""


@dataclass(slots=True)
class _Read:
    """What the parcels of one connection say."""

    connection: Connection
    told: list[Told] = field(default_factory=list)
    unreadable: Counter[str] = field(default_factory=Counter)
    knowledge: Knowledge = field(default_factory=Knowledge)

    def cannot_read(self, why: str) -> None:
        """One more call that tells nothing."""
        more = why not in self.unreadable and len(self.unreadable) >= _REASONS
        self.unreadable[_("Calls that tell nothing, for other reasons.") if more else why] += 1


@dataclass(frozen=True, slots=True)
class _Opened:
    """A parcel, and what is in it; None where it cannot be unpacked."""

    parcel: Parcel
    content: bytes | None


def run_due_parcels() -> bool:
    """Turn the oldest parcels that wait into events; whether there were any."""
    parcels = _oldest()
    if not parcels:
        return False
    try:
        _take(parcels)
    except TakenOver:
        pass
    except DatabaseError as error:
        if _is_busy(error):
            raise
        _take_one_by_one(parcels)
    except Exception:
        _take_one_by_one(parcels)
    return True


def waiting() -> bool:
    """Whether parcels wait to be read."""
    return Parcel.objects.exists()


def _oldest() -> list[_Opened]:
    found: list[_Opened] = []
    packed = whole = 0
    rows = Parcel.objects.select_related("connection__source").order_by("id")[:_PARCELS]
    for parcel in rows.iterator(chunk_size=100):
        each = _Opened(parcel, _content(parcel))
        packed, whole = packed + len(parcel.body), whole + len(each.content or b"")
        if found and (packed > _BYTES or whole > _UNPACKED):
            break
        found.append(each)
    return found


def _content(parcel: Parcel) -> bytes | None:
    try:
        return unpacked(bytes(parcel.body))
    except (ValueError, zlib.error, EOFError):
        return None


def _is_busy(error: DatabaseError) -> bool:
    return "locked" in str(error) or "busy" in str(error)


def _take_one_by_one(parcels: Sequence[_Opened]) -> None:
    """One of them cannot be taken, for a fault of ours: it is put aside for the owner to see, and the others go on."""
    for each in parcels:
        try:
            _take([each])
        except TakenOver:
            continue
        except DatabaseError as error:
            if _is_busy(error):
                raise
            _put_aside(each.parcel, each.content)
        except Exception:
            _put_aside(each.parcel, each.content)


def _put_aside(parcel: Parcel, content: bytes | None) -> None:
    log.exception("a tracking call cannot be taken", extra={"parcel": parcel.pk})
    with transaction.atomic():
        note_delivery(
            connection=parcel.connection,
            state=Delivery.State.FAILED,
            topic=f"/v1/{parcel.kind}",
            problem=_("A fault of ours kept this from being read; the log says more."),
            body=content or b"",
        )
        parcel.delete()


def _take(parcels: Sequence[_Opened]) -> None:
    with collecting_seldom():
        found = [_read(some) for some in _by_connection(parcels)]
        with transaction.atomic():
            bulk.be_the_writer()
            if bulk.delete(Parcel, by="id", among=[each.parcel.pk for each in parcels]) != len(parcels):
                raise TakenOver
            for each in found:
                _write(each)


def _by_connection(parcels: Sequence[_Opened]) -> list[list[_Opened]]:
    found: dict[int, list[_Opened]] = {}
    for each in parcels:
        found.setdefault(each.parcel.connection_id, []).append(each)
    return list(found.values())


def _read(parcels: Sequence[_Opened]) -> _Read:
    found = _Read(parcels[0].parcel.connection)
    for opened in parcels:
        parcel = opened.parcel
        sent = Sent(
            found.connection.source_id, parcel.pk, parcel.kind, parcel.received_at, parcel.ip, parcel.agent
        )
        try:
            content = read_json(b"" if opened.content is None else opened.content)
        except ValueError:
            found.cannot_read(_("The call cannot be unpacked."))
            continue
        for each in read(content, sent):
            if isinstance(each, Unreadable):
                found.cannot_read(each.why)
            else:
                found.told.append(each)
    found.knowledge = gathered(found.told, country=settings.KARTOTEKA.country)
    for told in found.told:
        if told.event.kind in ("identify", "group") and (
            wrong := found.knowledge.problems.get(told.event.visitor)
        ):
            told.event.problem = "\n".join(filter(None, [told.event.problem, *wrong]))[:500]
    return found


def _write(found: _Read) -> None:
    """Visitors first, then who they are, then what they did. Inside the transaction that takes the parcels away."""
    connection = found.connection
    _note_unreadable(found)
    if not found.told:
        return
    source = connection.source
    first = _first_seen(found.told)
    former = {(ACCOUNT, each.previous) for each in found.told if each.previous}
    known = known_visitors(source, first.keys() | former)
    meet(
        source,
        {who: at for who, at in first.items() if (ACCOUNT, who[1]) not in former & known.keys()},
        known,
    )
    now_known = make_known(found.knowledge, connection=connection, known=known)
    events = [each.event for each in found.told if _is_somebody(each, known)]
    written = record_events(source, events, known)
    own = [(known[event.visitor].pk, event) for _pk, event in written.events]
    record_wishes(own)
    record_ratings(own)
    orders_of_past(now_known, connection=connection)
    whose = [(pk, event, known[event.visitor].identity) for pk, event in written.events]
    _note_problems(record_orders(whose, connection=connection), dict(written.events))
    touched = {known[event.visitor].identity for _pk, event in written.events} - {None}
    touched |= {visitor.identity for visitor in known.values() if visitor.pk in set(now_known)}
    count_visits(sorted(identity for identity in touched if identity is not None))


def _first_seen(told: Sequence[Told]) -> dict[Who, dt.datetime]:
    """Every visitor whom these calls name, with when they are first named."""
    first: dict[Who, dt.datetime] = {}
    for each in told:
        whos: list[Who] = [each.event.visitor]
        if each.account and each.browser:
            whos.append((BROWSER, each.browser))
        if each.account and each.previous:
            whos.append((BROWSER, each.previous))
        for who in whos:
            first.setdefault(who, each.event.at)
    return first


def _is_somebody(told: Told, known: dict[Who, Known]) -> bool:
    """Not an account whose owner asked to be forgotten, and was turned away."""
    return told.event.how != ACCOUNT or known[told.event.visitor].identity is not None


def _note_problems(problems: dict[int, str], events: dict[int, EventSaid]) -> None:
    rows = [("\n".join(filter(None, [events[pk].problem, text]))[:500], pk) for pk, text in problems.items()]
    bulk.update(Event, ("problem",), rows)


def _note_unreadable(found: _Read) -> None:
    """One note for each reason, with how often."""
    for why, count in found.unreadable.items():
        note_delivery(
            connection=found.connection,
            state=Delivery.State.REFUSED,
            topic="call",
            problem=f"{why} ({count}×)" if count > 1 else why,
        )


def forget_addresses() -> bool:
    """Empty the IP addresses that are older than the owner keeps them; whether there were any."""
    edge = timezone.now() - dt.timedelta(days=settings.KARTOTEKA.ip_days)
    some = Event.objects.filter(received_at__lt=edge).exclude(ip="").values_list("pk", flat=True)[:5000]
    return bool(Event.objects.filter(pk__in=list(some)).update(ip=""))
