"""The one client by which Kartoteka asks other machines for something: a shop for its orders, Meta for a lead.

An address that a person or another machine named must never lead back into the house (server-side request forgery,
OWASP A10:2021). So a host is looked up once, every address it has must be one of the open internet, and the connection
goes to the very address that was looked at: a name that answers otherwise the second time (DNS rebinding) is not asked a
second time. A redirect is a new address and is looked at as the first. What the owner of the machine has named in
KARTOTEKA_REACH_INSIDE (a shop in the same house) may be reached, also without TLS.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

_REDIRECTS = 3
_PIECE = 1 << 16
# What travels only to the host it was meant for.
_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})
# A name whose last part is a number is read as an IPv4 address by many resolvers: 2130706433, 0x7f.1, 0177.0.0.1.
_ENDS_IN_A_NUMBER = re.compile(r"(?:^|\.)(?:\d+|0[xX][0-9a-fA-F]*)$")
_HOST = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])?")
# IPv6 prefixes that carry an IPv4 address in their last bits: NAT64 (RFC 6052, 8215), IPv4-compatible (RFC 4291).
_CARRIERS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotReached(Exception):
    """The other side must not or cannot be asked, or did not answer properly; the message says why, without secrets."""


@dataclass(frozen=True)
class Answer:
    """What the other side said. headers: by name in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises NotReached where it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise NotReached(_("The answer is not what was expected (no JSON).")) from error


@dataclass(frozen=True)
class _Target:
    """An address that may be asked: its host as named, the looked-up address to connect to, and what to ask for."""

    host: str
    port: int
    address: str
    tls: bool
    path: str

    @property
    def origin(self) -> tuple[str, int, bool]:
        return self.host, self.port, self.tls


def fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    seconds: float = 20.0,
    limit: int = 8 << 20,
) -> Answer:
    """Ask `url` by GET and give back whatever it answers, following up to three redirects.

    seconds: for all of it, however slowly the other side drips. limit: bytes of the answer. headers that hold a secret
    are not sent on to another host. Raises NotReached.
    """
    sent = {name.lower(): text for name, text in (headers or {}).items()}
    target = looked_at(url)
    for _turn in range(_REDIRECTS + 1):
        answer = _ask(target, sent, seconds=seconds, limit=limit)
        if answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers:
            return answer
        url = urljoin(url, answer.headers["location"])
        onward = looked_at(url)
        if target.tls and not onward.tls:
            raise NotReached(_("The answer leads on to an address without https."))
        if onward.origin != target.origin:
            sent = {name: text for name, text in sent.items() if name not in _SECRET}
        target = onward
    raise NotReached(_("The address leads from one to another without end."))


def looked_at(url: str) -> _Target:
    """The address as it may be asked, its host looked up. Raises NotReached for any that leads into the house."""
    parts, port = _parsed(url)
    host = (parts.hostname or "").rstrip(".")
    tls = parts.scheme == "https"
    inside = f"{host}:{port}" in settings.KARTOTEKA.reach_inside
    if not tls and not inside:
        raise NotReached(_("Only addresses that begin with https:// are asked."))
    if not inside and ":" not in host:
        host = _named(host)
    found = _looked_up(host, port)
    if not inside and not all(map(_is_open, found)):
        raise NotReached(_("“%(host)s” is not an address of the open internet.") % {"host": host[:100]})
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(host, port, str(found[0]), tls, path)


def _parsed(url: str) -> tuple[SplitResult, int]:
    wrong = NotReached(_("This is no address that can be asked: it must look like https://shop.example.com."))
    if len(url) > 4000 or re.search(r"[\x00-\x20\x7f\\]", url) or not url.isascii():
        raise wrong
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    except (ValueError, KeyError) as error:
        raise wrong from error
    if parts.username is not None or parts.password is not None or not parts.hostname or "%" in parts.netloc:
        raise wrong
    return parts, port


def _named(host: str) -> str:
    """A host by name, or an IPv4 address in its one plain way of writing."""
    if _ENDS_IN_A_NUMBER.search(host):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError as error:
            text = _("“%(host)s” is not an address of the open internet.")
            raise NotReached(text % {"host": host[:100]}) from error
    if not _HOST.fullmatch(host) or "." not in host or len(host) > 253:
        raise NotReached(_("“%(host)s” is not an address of the open internet.") % {"host": host[:100]})
    return host


def _looked_up(host: str, port: int) -> list[Address]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached(
            _("There is no “%(host)s”; look whether it is written right.") % {"host": host[:100]}
        ) from error
    return [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]


def _is_open(address: Address) -> bool:
    """Whether this is an address of the open internet, whatever other address it carries inside."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(address in each for each in _CARRIERS):
            carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(each is not None and not _is_open(each) for each in carried):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked at, under the name that was asked for."""

    def __init__(self, target: _Target, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._target = target
        self._line: socket.socket | None = None  # http.client lets go of its own before the answer is read
        self.too_late = False

    def connect(self) -> None:
        """Connect, and by TLS have the other side prove that it is the host."""
        self.sock = socket.create_connection((self._target.address, self._target.port), self.timeout)
        if self._target.tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._target.host)
        self._line = self.sock

    def cut(self) -> None:
        """End it from another thread: whoever waits for the other side is told so."""
        self.too_late = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


def _ask(target: _Target, headers: Mapping[str, str], *, seconds: float, limit: int) -> Answer:
    connection = _Pinned(target, seconds)
    # A server that drips a byte a second is never silent for long: the time is for the whole.
    guard = threading.Timer(seconds, connection.cut)
    guard.daemon = True
    guard.start()
    try:
        usual = {"user-agent": "Kartoteka", "accept": "application/json", "accept-encoding": "identity"}
        connection.request("GET", target.path, headers={**usual, **headers})
        answer = connection.getresponse()
        body = _body(answer, limit)
        if connection.too_late:
            raise TimeoutError
        return Answer(answer.status, {name.lower(): text for name, text in answer.getheaders()}, body)
    except ssl.SSLError as error:
        text = _("%(host)s could not show that it is itself: its certificate is not trusted.")
        raise NotReached(text % {"host": target.host}) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        text = _("%(host)s does not answer, or broke off. Try again later.")
        raise NotReached(text % {"host": target.host}) from error
    finally:
        guard.cancel()
        connection.close()


def _body(answer: http.client.HTTPResponse, limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read(_PIECE):
        size += len(piece)
        if size > limit:
            raise NotReached(_("The answer is too large."))
        pieces.append(piece)
    return b"".join(pieces)
