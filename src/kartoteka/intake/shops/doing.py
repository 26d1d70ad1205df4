"""Doing what a message of a shop says: persons through the door, orders to the books, choices to the ledger, requests.

The delivery's row is the truth: it waits until all of it is done in one transaction, so that a worker killed at any
moment has done all or nothing. What cannot be done yet (a refund before its order, a shop that does not answer) is tried
again, ever more seldom; what can never be done says why on the page of the connection, and can be replayed.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kartoteka.activity.order_models import Order
from kartoteka.activity.orders import BadOrder, record
from kartoteka.activity.telling import said_of
from kartoteka.consent.requests import receive as take_request
from kartoteka.kit import bulk
from kartoteka.kit.outgoing import NotReached, fetch
from kartoteka.people.editing import batch_of
from kartoteka.people.models import Batch, Customer
from kartoteka.quality.merging import held_apart, merge
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note
from kartoteka.trust.sealed_text import SecretGone

from ..connection_models import Connection, Delivery
from ..connection_secrets import options_of
from ..connections import body_of
from ..told_twice import make_room
from . import SHOPS
from .persons import arrive, identity_of
from .shop import JoinedTold, NotUnderstood, OrderTold, PartTold, RequestTold, Shop, Told

log = logging.getLogger("kartoteka.intake")
# How long after it came a delivery is tried for the second time, the third ...; then it has failed.
_AGAIN = tuple(dt.timedelta(seconds=each) for each in (0, 30, 120, 600, 3600, 4 * 3600, 12 * 3600, 24 * 3600))
MOST_TRIES = len(_AGAIN)


class NotYet(Exception):
    """What this builds on is not there yet; the message says what is missing."""


def do_due() -> bool:
    """Do the delivery that has waited longest, if one is due; whether there was one. For the worker."""
    now = timezone.now()
    due = Q()
    for tries, wait in enumerate(_AGAIN, start=1):
        due |= Q(tries=tries, at__lte=now - wait)
    waiting = Delivery.objects.filter(due, state=Delivery.State.WAITING, connection__kind__in=SHOPS)
    found = waiting.select_related("connection__source").order_by("id").first()
    if found is None:
        return False
    do(found)
    return True


def do(delivery: Delivery) -> None:
    """Do what a waiting delivery says, to its end, or note why not."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            _do(delivery)
        except (NotYet, NotReached) as problem:
            last = delivery.tries >= MOST_TRIES
            _note(
                delivery,
                Delivery.State.FAILED if last else Delivery.State.WAITING,
                str(problem),
                tries=not last,
            )
        except (NotUnderstood, BadOrder, SecretGone) as problem:
            _note(delivery, Delivery.State.FAILED, str(problem))
        except Exception:
            log.exception("delivery failed", extra={"delivery": delivery.pk})
            _note(
                delivery,
                Delivery.State.FAILED,
                _("Something went wrong here, not in the shop. It stands in the log."),
            )


def _note(delivery: Delivery, state: str, problem: str, *, tries: bool = False) -> None:
    waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING, tries=delivery.tries)
    waiting.update(state=state, problem=problem[:500], tries=delivery.tries + tries)


def replay(*, delivery: Delivery, by: Actor) -> None:
    """Have the worker do a delivery once more: what it says stands then as if it had come now, and once.

    Raises CannotReplay, NotAllowed.
    """
    by.must(Right.SET_UP)
    state = Delivery.State
    again = Delivery.objects.filter(pk=delivery.pk, state__in=[state.TAKEN, state.FAILED]).exclude(body=b"")
    if not again.update(state=state.WAITING, tries=1, problem=""):
        raise CannotReplay(
            _("There is nothing to replay: it was refused, it still waits, or what stood in it was emptied.")
        )
    note(
        by=by,
        action="replayed delivery",
        matter="connection",
        key=delivery.connection_id,
        detail={"delivery": delivery.pk},
    )


class CannotReplay(ValueError):
    """This delivery cannot be done again; the message says why."""


def _do(delivery: Delivery) -> None:
    connection = delivery.connection
    assert connection is not None
    shop = SHOPS[connection.kind]
    told = _whole(shop, connection, delivery)
    with transaction.atomic():
        bulk.be_the_writer()
        held = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if held.state != Delivery.State.WAITING:
            return
        said = _carry_out(told, connection)
        held.state, held.problem = Delivery.State.TAKEN, said[:500]
        held.save(update_fields=["state", "problem"])


def _whole(shop: Shop, connection: Connection, delivery: Delivery) -> Told:
    """What the message says, with what the shop must be asked for: outside a transaction, as that takes its time."""
    told = shop.read(topic=delivery.topic, body=body_of(delivery), received_at=delivery.at)
    if not told.ask:
        return told
    options = options_of(connection)
    persons = list(told.persons)
    for what in told.ask:
        asking = shop.asking(what, options=options)
        answer = fetch(asking.url, headers=asking.headers)
        if answer.status != 200:
            text = _(
                "The shop answered %(status)s when it was asked; look whether the access token still holds."
            )
            raise NotReached(text % {"status": answer.status})
        persons += shop.read(topic="answer", body=answer.body, received_at=delivery.at).persons
    return replace(told, persons=tuple(persons), ask=())


def actor_of(connection: Connection) -> Actor:
    """On whose behalf a connection writes: its own."""
    rights = frozenset({Right.SEE, Right.CHANGE, Right.IMPORT})
    return Actor(kind="system", key=connection.pk, name=connection.name, rights=rights)


def batch_today(connection: Connection, *, by: Actor) -> Batch:
    """What comes by a connection on one day is one batch."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    found = Batch.objects.filter(
        source=connection.source_id, label=connection.name, by_kind=by.kind, by_key=by.key, at__gte=midnight
    )
    return found.filter(ground=connection.ground).first() or batch_of(
        source=connection.source, ground=connection.ground, by=by, label=connection.name
    )


def _carry_out(told: Told, connection: Connection) -> str:
    """Do all of it; what is to be shown with the delivery, "" for nothing."""
    by = actor_of(connection)
    batch = batch_today(connection, by=by)
    for person in told.persons:
        came = arrive(person, batch=batch)
        if came.identity is None and not came.away:
            raise NotYet(_("It names a customer of whom the shop has told nothing yet."))
    _record(told.orders, batch, by)
    for part in told.parts:
        _add(part, batch, by)
    notes = [_ask(request, batch, by) for request in told.requests]
    notes += [_join(joined, batch, by) for joined in told.joined]
    if told == Told():
        notes.append(_("There is nothing in it that is taken in."))
    return " ".join(filter(None, notes))


def _record(orders: Sequence[OrderTold], batch: Batch, by: Actor) -> None:
    said = []
    for told in orders:
        came = arrive(told.who, batch=batch, order=told.order) if told.who else None
        order = replace(told.order, identity=came.identity if came else None)
        said.append(replace(order, note="") if came and came.away else order)
    if said:
        make_room(said)
        record(orders=said, source=batch.source, batch=batch, by=by)


def _add(part: PartTold, batch: Batch, by: Actor) -> None:
    """What happened to an order that is known: told again, whole, with this in it."""
    found = Order.objects.filter(source=batch.source_id, key=part.order).values_list("pk", flat=True).first()
    if found is None:
        raise NotYet(_("The order it is about has not come yet."))
    known = said_of([found])[found]
    refunds = {each.key: each for each in known.refunds} | {each.key: each for each in part.refunds}
    state = {"state": part.state, "state_at": part.at} if part.state else {}
    again = replace(known, refunds=tuple(refunds.values()), **state)  # type: ignore[arg-type]
    record(orders=[again], source=batch.source, batch=batch, by=by)


def _ask(request: RequestTold, batch: Batch, by: Actor) -> str:
    """Put what somebody asks by law on the list of requests. The shop knows them by its key, or by an address alone."""
    known = identity_of(request.key, source=batch.source_id)
    customer = known.customer if known else _reached(request)
    if customer is None:
        return _("Nobody here is the customer it is about; there is nothing to answer.")
    words = _("Passed on by the shop: %(said)s") % {"said": request.said}
    take_request(customer=customer, kind=request.kind, through="api", by=by, said=words)
    return _("It stands on the list of requests.")


def _join(joined: JoinedTold, batch: Batch, by: Actor) -> str:
    """Join the customers of two accounts that the shop has made one; what staff held apart is left to them."""
    kept, gone = (identity_of(key, source=batch.source_id) for key in (joined.kept, joined.gone))
    if kept is None or gone is None:
        return _("Of the two accounts that were joined there we do not know both; there is nothing to join.")
    if kept.customer_id == gone.customer_id:
        return ""
    if held_apart(kept.customer_id, gone.customer_id):
        return _("The shop joined two accounts that we hold to be two customers; they stay apart.")
    joining = replace(by, rights=by.rights | {Right.MERGE})
    merge(kept=kept.customer, gone=gone.customer, by=joining, why=_("The shop has joined their accounts."))
    return ""


def _reached(request: RequestTold) -> Customer | None:
    """The one customer who can be reached there; nobody where there are several."""
    for kind, value in (("email", request.email.casefold()), ("phone", request.phone)):
        rows = Customer.objects.filter(
            merged_into=None, contacts__point__kind=kind, contacts__point__value=value
        )
        found = list(rows.distinct()[:2]) if value else []
        if len(found) == 1:
            return found[0]
    return None
