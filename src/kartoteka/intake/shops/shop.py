"""What a shop is to us: something that sends signed messages, which say things of orders and persons.

A shop is a plug: one module with an object that keeps to `Shop`, and its line in the registry (__init__.py). All that it
does is pure: it looks at bytes and says what they mean. Receiving, keeping and doing what was said is the same for all
(inbox.py, doing.py).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from kartoteka.activity.said import OrderSaid, RefundSaid
from kartoteka.kit.outgoing import Answer

from ..connections import Kind


class NotProven(Exception):
    """The message does not prove that the shop sent it. The message says what was wrong, for the page of the connection."""


class NotUnderstood(Exception):
    """The message says something that cannot be taken in. The message names the field and what is wrong with it."""


@dataclass(frozen=True)
class Incoming:
    """A request as it came. headers: by name in small letters; body: the very bytes, as signatures are made over them."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Mark:
    """What a message is before it is read: its own id, the same whenever it is sent again, and what it is about."""

    key: str
    topic: str


@dataclass(frozen=True)
class ConsentTold:
    """A choice that the shop took down. channel: of consent.models. at: None where the shop does not say when."""

    channel: str
    given: bool
    typed: str
    at: dt.datetime | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class PersonTold:
    """A person as the shop writes them.

    key: theirs at the shop, "" for a guest. cells: as of a row of a file, (field key, text), standardised by the same code.
    off: that what stands in the cells (tags) was taken off them.
    """

    key: str
    cells: tuple[tuple[str, str], ...]
    country: str = ""
    consents: tuple[ConsentTold, ...] = ()
    at: dt.datetime | None = None
    off: bool = False


@dataclass(frozen=True)
class JoinedTold:
    """Two accounts that the shop has made one, by their keys: `gone` is no more."""

    kept: str
    gone: str


@dataclass(frozen=True)
class OrderTold:
    """An order with who bought. said_at: when the shop last changed it; an older telling does not undo a newer one."""

    order: OrderSaid
    who: PersonTold | None
    said_at: dt.datetime | None = None


@dataclass(frozen=True)
class PartTold:
    """Something that happened to an order which was told before: a refund, a new state."""

    order: str
    at: dt.datetime
    refunds: tuple[RefundSaid, ...] = ()
    state: str = ""


@dataclass(frozen=True)
class RequestTold:
    """What somebody asks by law, passed on by the shop. kind: as of consent.requests."""

    kind: str
    key: str
    email: str = ""
    phone: str = ""
    said: str = ""


@dataclass(frozen=True)
class Asking:
    """A question to the shop itself."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """What the shop answered to being asked for what was missed: messages, as if it had sent each.

    more: that another page comes behind it. after: how the shop calls that, where it does not number its pages.
    """

    messages: Sequence[tuple[Mark, bytes]] = ()
    more: bool = False
    after: str = ""


@dataclass(frozen=True)
class Told:
    """All that one message says. ask: what the shop must be asked for the rest (a lead's answers), by its own ids."""

    orders: tuple[OrderTold, ...] = ()
    parts: tuple[PartTold, ...] = ()
    persons: tuple[PersonTold, ...] = ()
    requests: tuple[RequestTold, ...] = ()
    joined: tuple[JoinedTold, ...] = ()
    ask: tuple[str, ...] = ()


NOTHING = Told()


class Shop(Protocol):
    """What every shop does. kind: how it can be connected, and what the other side is told then (connections.Kind).

    options: what was typed in when it was connected, secrets too, by the keys of `kind.asks`, and "secret".
    """

    kind: Kind

    def greeting(self, request: Incoming, *, secrets: Sequence[str]) -> bytes | None:
        """What is answered (with 200) to a request that says nothing: a ping, a challenge. None for a message."""
        return None

    def prove(self, request: Incoming, *, secrets: Sequence[str], now: dt.datetime) -> None:
        """Raise NotProven unless the message was signed with one of the secrets."""

    def mark(self, request: Incoming) -> Mark:
        """The message's id and topic. Raises NotUnderstood."""

    def read(self, *, topic: str, body: bytes, received_at: dt.datetime) -> Told:
        """What the message says; NOTHING for a topic that is none of ours. Raises NotUnderstood."""

    def asking(self, what: str, *, options: Mapping[str, str]) -> Asking:
        """How to ask for something that a message named (`Told.ask`); the answer is read under the topic `answer`.

        Raises NotUnderstood where what it takes to ask was never typed in.
        """
        raise NotUnderstood(_("This shop cannot be asked."))

    def missed(
        self, *, since: dt.datetime, page: int, after: str, options: Mapping[str, str]
    ) -> Asking | None:
        """How to ask for a page of what changed since a moment; None where the shop cannot be asked.

        page: 1 first. after: "" first, then as the answer before called it (`Found.after`).
        """
        return None

    def found(self, answer: Answer) -> Found:
        """What stands in an answer to `missed`. Raises NotUnderstood."""
        return Found()
