"""Taking a tracking call in: who sends it, is it one at all; written down whole before it is answered, read later.

What clients do with our answers decides what they are. They drop what is answered by 400, 401, 403 or 413 and keep what is
answered by 429 or 5xx, to send it again later. So:
- a body that is none of JSON, too large or of too many calls, will never become better: 400, 413; the owner sees it on
  the debugger page;
- a key that nobody has is a mistake in somebody's settings: 429, so that the events are still there when it is mended, and
  the owner sees it; never 401, which throws them away in silence;
- a connection that was ended was ended by the owner, who wants nothing any more: 410;
- the base is busy, the disk nearly full, or a million calls wait for a worker that does not come: 429.
"""

import base64
import binascii
import json
import logging
import shutil
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.intake.connection_models import Connection, Delivery, Parcel
from kartoteka.intake.connections import note_delivery
from kartoteka.kit import bulk
from kartoteka.kit.hurry import waiting_at_most

from . import KIND

log = logging.getLogger("kartoteka.tracking")
# The largest body, as it comes and unpacked. Clients keep to half a megabyte, some to four.
MOST_BYTES = 16 << 20
KINDS = {
    "identify": "identify", "i": "identify", "track": "track", "t": "track", "page": "page", "p": "page",
    "screen": "screen", "s": "screen", "group": "group", "g": "group", "alias": "alias", "a": "alias",
    "batch": "batch", "b": "batch", "import": "batch",
}  # fmt: skip
# The most calls of a batch. Clients send some hundreds; 4 MB hold no more than these.
MOST_CALLS = 100_000
# Seconds until a client is to come again: when we are busy, and when nobody knows its key.
BUSY, UNKNOWN = 5, 300
# So many seconds a call waits for another writer: clients wait ten to fifteen, and keep what is told to come again.
_PATIENCE = 6.0
_LEAST_FREE = 200 << 20
# So many calls may wait for the worker: hours of a large site.
MOST_WAITING = 1_000_000
_LOOK_AGAIN, _LOOK_OFTEN = 10.0, 1.0
_KNOWN_FOR = 5.0
_NOTED_FOR = 60


@dataclass(frozen=True)
class Answer:
    """How a call is answered: the HTTP status, and the seconds after which to come again, if it is to."""

    status: int
    code: str = ""
    message: str = ""
    retry_after: int = 0


@dataclass(frozen=True)
class Call:
    """A tracking call as it came.

    path: what stands behind /v1/. body: as sent. authorization: the header. key: the write key, if the address names it.
    """

    path: str
    body: bytes
    authorization: str = ""
    key: str = ""
    ip: str = ""
    agent: str = ""
    origin: str = ""


TAKEN = Answer(200)


def receive(call: Call) -> Answer:
    """Write a call down; answered by 200 it is on the disk, and nothing loses it any more."""
    kind = KINDS[call.path]
    if len(call.body) > MOST_BYTES:
        return _refused(None, call, Answer(413, "too_large", "more than 16 MB"))
    try:
        content = read_json(unpacked(call.body))
    except (ValueError, zlib.error, EOFError, OSError) as error:
        too_large = isinstance(error, TooLarge)
        code = "too_large" if too_large else "not_json"
        found, _key = _sender(call, None)
        return _refused(found, call, Answer(413 if too_large else 400, code, str(error)[:200]))
    try:
        connection, key = _sender(call, content)
        if connection is None:
            return _unknown(call, key)
        if connection.ended_at is not None:
            return _refused(connection, call, Answer(410, "ended", "this connection was ended"))
        if (wrong := _no_call(kind, content)) is not None:
            return _refused(connection, call, wrong)
        if (no_room := _no_room()) is not None:
            return no_room
        with waiting_at_most(_PATIENCE):
            _write(connection, kind, call)
    except DatabaseError:
        log.warning("tracking call put off: the base is busy", exc_info=True)
        return Answer(429, "busy", "come again in a moment", BUSY)
    return TAKEN


def _no_call(kind: str, content: Any) -> Answer | None:
    """What is answered to what is no call of this kind; None where it is one."""
    batch = content.get("batch") if isinstance(content, dict) else None
    if not isinstance(content, dict) or (kind == "batch" and not isinstance(batch, list)):
        return Answer(400, "not_a_call", "a batch holds a list named batch")
    if isinstance(batch, list) and len(batch) > MOST_CALLS:
        return Answer(413, "too_many", f"more than {MOST_CALLS} calls")
    return None


class TooLarge(ValueError):
    """A body that unpacks to more than is taken."""


def unpacked(body: bytes) -> bytes:
    """The body as text: gzip and zlib are told by their first bytes, since not every sender says so. Raises TooLarge."""
    if body[:2] != b"\x1f\x8b" and body[:1] != b"\x78":
        return body
    opener = zlib.decompressobj(wbits=47)  # either format, told by its head
    plain = opener.decompress(body, MOST_BYTES)
    if opener.unconsumed_tail:
        raise TooLarge("more than 16 MB when unpacked")
    if not opener.eof:
        raise EOFError("the compressed body is cut off")
    return plain


def read_json(text: bytes) -> Any:
    """What JSON text says, also where it is not quite JSON: NaN and half characters, which some senders write."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            return json.loads(text.decode("utf-8", "replace"), parse_constant=lambda _word: None)
        except RecursionError as error:
            raise ValueError("nested too deep") from error


def _sender(call: Call, content: Any) -> tuple[Connection | None, str]:
    """Who sends: by Basic (the key is the user), by Bearer, by the body or the address; and the key that was named."""
    named: list[Any] = [from_header(call.authorization), call.key]
    if isinstance(content, Mapping):
        named += [content.get("writeKey"), content.get("write_key")]
        batch = content.get("batch")
        if isinstance(batch, list) and batch and isinstance(batch[0], Mapping):
            named.append(batch[0].get("writeKey"))
    keys = [each for each in named if isinstance(each, str) and each]
    for key in keys:
        if (found := _connection(key)) is not None:
            return found, key
    return None, keys[0] if keys else ""


def from_header(header: str) -> str:
    """The write key of an Authorization header: Basic's user, or the whole of Bearer; "" where there is none."""
    scheme, _space, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest, validate=False).decode("utf-8", "replace").partition(":")[0]
        except binascii.Error:
            return ""
    return ""


_known: dict[str, tuple[float, Connection]] = {}


def _connection(key: str) -> Connection | None:
    """The connection of a write key, also one that was ended; remembered for some seconds."""
    if len(key) > 64 or "\x00" in key:
        return None
    now = time.monotonic()
    had = _known.get(key)
    if had is not None and now - had[0] < _KNOWN_FOR:
        return had[1]
    found = Connection.objects.filter(key=key, kind=KIND).first()
    if found is not None:
        _known[key] = (now, found)
    return found


def forget_known() -> None:
    """Ask the base again who is connected, and how full it is."""
    _known.clear()
    _looked_at.clear()


def _write(connection: Connection, kind: str, call: Call) -> None:
    body = call.body if call.body[:2] == b"\x1f\x8b" else zlib.compress(unpacked(call.body), 1)
    Parcel.objects.create(
        connection_id=connection.pk,
        received_at=timezone.now(),
        kind=kind,
        body=body,
        ip=call.ip[:45],
        agent=call.agent[:300].replace("\x00", ""),
    )


def _unknown(call: Call, key: str) -> Answer:
    answer = Answer(429, "unknown_key", "nobody has this write key", UNKNOWN)
    return _refused(None, call, answer, key=key)


def _refused(connection: Connection | None, call: Call, answer: Answer, *, key: str = "") -> Answer:
    """Note it for the owner to see: at most once a minute for each reason and sender, as some go on for hours."""
    words = {
        "too_large": _("Too large: more than 16 MB."),
        "too_many": _("Too many: more than %(most)d calls in one batch.") % {"most": MOST_CALLS},
        "not_json": _("This is no JSON: %(why)s") % {"why": answer.message},
        "not_a_call": _("This is no tracking call: a batch holds a list named “batch”."),
        "unknown_key": _("Nobody has the write key “%(key)s”. The sender keeps the events and tries again.")
        % {"key": key[:64].replace("\x00", "")},
        "ended": _("This connection was ended."),
    }
    said_before = f"refused {connection.pk if connection else key[:64]} {answer.code}"
    name = binascii.hexlify(said_before.encode()).decode()[:200]
    if cache.add(f"tracking-{name}", 1, _NOTED_FOR):
        try:
            with transaction.atomic():
                note_delivery(
                    connection=connection,
                    state=Delivery.State.REFUSED,
                    topic=f"/v1/{call.path}",
                    problem=words[answer.code],
                    headers={"User-Agent": call.agent[:200], "Origin": call.origin[:200]},
                )
        except DatabaseError:
            log.warning("a refused tracking call could not be noted", exc_info=True)
    return answer


_looked_at: dict[str, float] = {}


def _no_room() -> Answer | None:
    """What is answered where nothing more can be written down now; None where it can."""
    if _disk_is_full():
        return Answer(429, "busy", "the disk is full", BUSY * 12)
    if _inbox_is_full():
        return Answer(429, "busy", "too much waits to be read", BUSY)
    return None


def _disk_is_full() -> bool:
    """Whether so little of the disk is left that the base itself might stop; looked at every few seconds."""
    now = time.monotonic()
    if now - _looked_at.get("free", -_LOOK_AGAIN) < _LOOK_AGAIN:
        return bool(_looked_at.get("full"))
    home: Path = settings.KARTOTEKA.home
    _looked_at["free"] = now
    _looked_at["full"] = home.exists() and shutil.disk_usage(home).free < _LEAST_FREE
    return bool(_looked_at["full"])


def _inbox_is_full() -> bool:
    """Whether more calls wait for the worker than may; by their first and last number, looked at every second."""
    now = time.monotonic()
    if now - _looked_at.get("waiting", -_LOOK_OFTEN) < _LOOK_OFTEN:
        return bool(_looked_at.get("too many"))
    first, last = bulk.ends(Parcel.objects.all()) or (0, 0)
    _looked_at["waiting"] = now
    _looked_at["too many"] = last - first >= MOST_WAITING
    return bool(_looked_at["too many"])
