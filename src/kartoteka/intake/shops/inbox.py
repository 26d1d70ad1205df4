"""A request of a shop: proven, put down for good, answered. What it says is done by the worker afterwards (doing.py).

Shops give up on an address that is slow or says no, and send again what was not answered. So a message that is proven is
written down and answered with 200, whatever stands in it; the same message sent again is answered the same and changes
nothing. What is not proven is refused with 401, and shown on the page of the connection.
"""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ..connection_models import Connection, Delivery
from ..connection_secrets import secrets_of
from ..connections import live, note_delivery
from . import SHOPS
from .shop import Incoming, Mark, NotProven, NotUnderstood, Shop

# Beyond this nothing is read: the largest orders are some hundred kB.
LARGEST = 2 << 20


@dataclass(frozen=True)
class Reply:
    """What is answered, in plain text."""

    status: int
    body: bytes = b""


def receive(*, kind: str, key: str, request: Incoming) -> Reply:
    """Take in a request that came to the address of a connection. Once 200 is answered nothing of it is lost."""
    connection = live(kind, key)
    shop = SHOPS.get(kind)
    if connection is None or shop is None:
        return Reply(404)
    # What is noted is read by staff, not by the sender whose language this request may ask for.
    with translation.override(settings.LANGUAGE_CODE):
        return _received(connection, shop, request)


def _received(connection: Connection, shop: Shop, request: Incoming) -> Reply:
    secrets = secrets_of(connection)
    greeting = shop.greeting(request, secrets=secrets)
    if greeting is not None:
        note_delivery(connection=connection, state=Delivery.State.TAKEN, topic="ping")
        return Reply(200, greeting)
    if request.method != "POST":
        return _refused(connection, _("It asked for the address, but did not show that it may."), 403)
    if len(request.body) > LARGEST:
        return _refused(connection, _("It is larger than any order (2 MB)."), 413)
    try:
        shop.prove(request, secrets=secrets, now=timezone.now())
    except NotProven as problem:
        return _refused(connection, str(problem), 401, topic=_mark(shop, request).topic)
    mark = _mark(shop, request)
    note_delivery(
        connection=connection,
        state=Delivery.State.WAITING,
        topic=mark.topic,
        # The key is no longer than its column, and the same for the same message.
        key=mark.key if len(mark.key) <= 100 else _digest(mark.key.encode()),
        body=request.body,
    )
    return Reply(200)


def _mark(shop: Shop, request: Incoming) -> Mark:
    """The message's mark; one that cannot be read is known by its bytes."""
    try:
        found = shop.mark(request)
    except NotUnderstood:
        found = Mark("", "")
    return Mark(found.key or _digest(request.body), found.topic)


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:40]


def _refused(connection: Connection, problem: str, status: int, *, topic: str = "") -> Reply:
    note_delivery(connection=connection, state=Delivery.State.REFUSED, topic=topic, problem=problem)
    return Reply(status)
