"""A draft that staff have looked at becomes an order, with whoever wrote it as its customer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import blake2b

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.activity.currencies import UnknownCurrency, code_of
from kartoteka.activity.order_models import Order
from kartoteka.activity.orders import BadOrder, record
from kartoteka.activity.said import LineSaid, OrderSaid
from kartoteka.kit import bulk
from kartoteka.people.editing import batch_of, source_named
from kartoteka.people.models import Ground
from kartoteka.standard import money
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from ..shops.persons import arrive
from ..shops.reading import cells
from ..shops.shop import PersonTold
from .reading import Draft, read_message

SOURCE = "Messages"
CHANNELS = ("whatsapp", "viber", "sms", "messenger", "phone")


class BadDraft(ValueError):
    """The draft is not yet an order: `field` names what to change, the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Line:
    """A line as typed; an empty price is none that was told."""

    name: str
    quantity: str
    price: str = ""


@dataclass(frozen=True)
class Looked:
    """A draft as staff left it. text: the message it was read from, by which the same one taken twice is one order."""

    text: str
    name: str
    phone: str
    email: str
    when: str
    where: str
    channel: str
    currency: str
    lines: tuple[Line, ...]


def draft_of(*, text: str, by: Actor) -> Draft:
    """What stands in a message. Nothing is written. Raises BadDraft for an empty one, NotAllowed."""
    by.must(Right.CHANGE)
    if not text.strip():
        raise BadDraft("text", _("Paste the message here first."))
    return read_message(text, today=timezone.localdate(), country=settings.KARTOTEKA.country)


def take_message(*, looked: Looked, by: Actor) -> Order:
    """Write the order down, with its customer. The same message once more is the same order, as it was looked at last.

    Raises BadDraft, NotAllowed.
    """
    by.must(Right.CHANGE)
    who = PersonTold(
        "",
        cells(
            ("name", looked.name.strip()),
            ("phone", looked.phone.strip()),
            ("email", looked.email.strip()),
            ("address", looked.where.strip()),
        ),
    )
    if not (looked.phone.strip() or looked.email.strip()):
        raise BadDraft("phone", _("Write a phone or an e-mail, so that they can be told when it is ready."))
    said = _order(looked)
    with transaction.atomic():
        bulk.be_the_writer()
        source = source_named(SOURCE, kind="message")
        batch = batch_of(source=source, ground=Ground.CONTRACT, by=by, label=looked.channel)
        came = arrive(who, batch=batch, order=said)
        if came.identity is None:
            text = _("We cannot tell who it is: look at the phone and the e-mail.")
            raise BadDraft("phone", text if not came.away else _("This person asked to be forgotten."))
        try:
            done = record(orders=[replace(said, identity=came.identity)], source=source, batch=batch, by=by)
        except BadOrder as problem:
            raise BadDraft("lines", str(problem)) from problem
        note(by=by, action="took order from message", matter="order", key=done.orders[0])
    return Order.objects.select_related("identity__customer").get(pk=done.orders[0])


def _order(looked: Looked) -> OrderSaid:
    try:
        currency = code_of(looked.currency)
    except UnknownCurrency as problem:
        raise BadDraft("currency", str(problem)) from problem
    lines = _lines(looked.lines, currency)
    if not lines:
        raise BadDraft("lines", _("Write at least one article and how many of it."))
    key = blake2b(f"{looked.text.strip()}\x1f{looked.phone.strip()}".encode(), digest_size=12).hexdigest()
    told = " · ".join(filter(None, (looked.when.strip(), looked.where.strip())))
    return OrderSaid(
        key=key,
        at=timezone.now(),
        identity=None,
        currency=currency,
        lines=lines,
        number=f"M-{key[:6].upper()}",
        channel=looked.channel if looked.channel in CHANNELS else "message",
        state_at=None,
        note=told[:1000],
    )


def _lines(typed: Sequence[Line], currency: str) -> tuple[LineSaid, ...]:
    found = []
    for place, each in enumerate(typed, start=1):
        if not each.name.strip():
            continue
        quantity = _number(each.quantity or "1", currency)
        price = _number(each.price or "0", currency)
        if quantity is None or price is None or quantity == 0:
            text = _("In line %(line)s write numbers only: how many, and the price of one.")
            raise BadDraft("lines", text % {"line": place})
        found.append(LineSaid(sku="", name=each.name.strip()[:255], quantity=quantity, price=price))
    return tuple(found)


def _number(text: str, currency: str) -> Decimal | None:
    read = money.standardise(text.strip(), country=settings.KARTOTEKA.country, currency=currency).value
    return read.amount if read else None
