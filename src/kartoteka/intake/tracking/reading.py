"""A parcel read: its calls, each as who did what when; what is wrong with one is mended and noted, never lost.

The shape is the one that sites' libraries share: `type`, `messageId`, `timestamp`, `sentAt`, `userId`, `anonymousId`,
`event`, `properties`, `traits`, `context`. A null is the same as nothing. Times: the sender's clock may be wrong, so what
counts is how long before sending (`sentAt`) it happened, off the moment at which we got it.
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson
from dateutil import parser
from django.utils.translation import gettext as _

from kartoteka.activity.event_models import Event, Visitor
from kartoteka.activity.event_said import EventSaid
from kartoteka.activity.shopping import shop_name, text

from .devices import device_of, is_bot
from .pages import campaign_of, page_of
from .places import place_of
from .visitor_ids import is_forged

_KINDS = frozenset(Event.Kind.values)
# Properties are kept up to so many bytes of JSON, as the standard has it; deeper than this nobody reads.
MOST_BYTES = 32 * 1024
_DEEPEST = 12
_EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_AHEAD = dt.timedelta(minutes=5)
_LONGEST_KEY = 180


@dataclass(slots=True)
class Told:
    """One call of a parcel. event: what was done, by whom. browser, account: the ids it names, "" where it names none.

    previous: of an alias, the id that was used before. traits: as they were sent.
    """

    event: EventSaid
    browser: str = ""
    account: str = ""
    previous: str = ""
    traits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A call that tells nothing: neither what nor whose; why."""

    why: str


@dataclass(frozen=True, slots=True)
class Sent:
    """How a parcel came. source: the key of its source; number: the parcel's own."""

    source: int
    number: int
    kind: str
    received_at: dt.datetime
    ip: str = ""
    agent: str = ""


def read(content: Mapping[str, Any], sent: Sent) -> Iterator[Told | Unreadable]:
    """The calls of a parcel, in its order."""
    whole = content if sent.kind == "batch" else {}
    calls = content.get("batch") if sent.kind == "batch" else [content]
    for place, call in enumerate(calls if isinstance(calls, list) else []):
        if not isinstance(call, Mapping):
            yield Unreadable(_("A call in the batch is no object."))
            continue
        yield _read_one(without_nulls(call), without_nulls(whole, but="batch"), sent, place)


def _read_one(call: dict[str, Any], whole: dict[str, Any], sent: Sent, place: int) -> Told | Unreadable:
    kind = text(call.get("type"), 20).lower() if sent.kind == "batch" else sent.kind
    if kind not in _KINDS:
        return Unreadable(_("“%(kind)s” is no kind of call.") % {"kind": kind})
    browser = _id(call.get("anonymousId") or call.get("anonymous_id"))
    account = _id(call.get("userId") or call.get("user_id"))
    if not browser and not account:
        return Unreadable(_("The call names neither a userId nor an anonymousId."))
    if browser and is_forged(browser):
        return Unreadable(_("The anonymousId looks like one of ours, and is not."))
    context = {**_mapping(whole.get("context")), **_mapping(call.get("context"))}
    problems: list[str] = []
    traits = _mapping(call.get("traits")) or (_mapping(context.get("traits")) if kind == "identify" else {})
    said = traits if kind in ("identify", "group") else _mapping(call.get("properties"))
    if kind == "group":
        said = {"groupId": text(call.get("groupId"), 200), **said}
    kept = _fitting(said, problems)
    agent = text(context.get("userAgent"), 300) or sent.agent
    ip = text(context.get("ip"), 45) or sent.ip
    where = place_of(ip)
    page = page_of(_mapping(context.get("page")), kept if kind == "page" else {})
    event = EventSaid(
        how=Visitor.How.ACCOUNT if account else Visitor.How.BROWSER,
        key=account or browser,
        at=_moment(call, whole, sent, problems),
        received_at=sent.received_at,
        kind=kind,
        message=_message(call, sent, place),
        name=_name(kind, call),
        url=page.url,
        path=page.path,
        referrer=page.referrer,
        campaign=campaign_of(_mapping(context.get("campaign")), page.url),
        # Traits become what is claimed of them; the event does not tell them a second time.
        properties={} if kind == "identify" else kept,
        device=device_of(agent, _mapping(context.get("device"))),
        bot=not account and is_bot(agent),
        city=where.city,
        country=where.country,
        network=where.network,
        ip=ip,
        problem="\n".join(problems)[:500],
    )
    previous = _id(call.get("previousId") or call.get("previous_id")) if kind == "alias" else ""
    return Told(event, browser, account, previous, kept if kind in ("identify", "group") else {})


def _id(value: object) -> str:
    """An id as text. One too long for a key is known by its digest: it is the same one the next time."""
    found = text(value, 4000).replace("\x00", "")
    if len(found) <= _LONGEST_KEY:
        return found
    return found[:100] + "#" + blake2b(found.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _name(kind: str, call: Mapping[str, Any]) -> str:
    if kind == "track":
        return shop_name(text(call.get("event"), 200))
    name = text(call.get("name"), 200)
    category = text(call.get("category"), 100)
    return f"{category} {name}".strip()[:200] if kind in ("page", "screen") else name


def _message(call: Mapping[str, Any], sent: Sent, place: int) -> int:
    """What tells this message from every other: its own id; without one, what it says, if it says when; else its place."""
    own = text(call.get("messageId") or call.get("message_id"), 500)
    if not own and (call.get("timestamp") or call.get("originalTimestamp")):
        own = repr(sorted((key, value) for key, value in call.items() if key != "sentAt"))
    told = f"{sent.source}\x1f{own or f'{sent.number}/{place}'}"
    digest = blake2b(told.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


# ---- times


def _moment(
    call: Mapping[str, Any], whole: Mapping[str, Any], sent: Sent, problems: list[str]
) -> dt.datetime:
    """When it happened, by our clock."""
    told = call.get("originalTimestamp") or call.get("timestamp")
    at = read_moment(told)
    if at is None:
        if told:
            problems.append(_("The time cannot be read; we took the moment it came."))
        return sent.received_at
    sent_at = read_moment(call.get("sentAt")) or read_moment(whole.get("sentAt"))
    if sent_at is not None:
        try:
            at = sent.received_at - (sent_at - at)
        except OverflowError:
            at = _EARLIEST - _AHEAD
    if at > sent.received_at + _AHEAD:
        problems.append(_("It was said to be of %(day)s, which is yet to come; we took the moment it came.") % {
            "day": at.date().isoformat()
        })  # fmt: skip
        return sent.received_at
    if at < _EARLIEST:
        problems.append(_("It was said to be of %(day)s, before there were sites; we took the moment it came.") % {
            "day": at.date().isoformat()
        })  # fmt: skip
        return sent.received_at
    return min(at, sent.received_at)


def read_moment(value: object) -> dt.datetime | None:
    """An aware moment: ISO 8601, or seconds or milliseconds since 1970; None where it is none."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) > 1e11 else value
            return dt.datetime.fromtimestamp(seconds, dt.UTC)
        if not isinstance(value, str) or not 8 <= len(value) <= 40:
            return None
        try:
            found = dt.datetime.fromisoformat(value)
        except ValueError:
            found = parser.isoparse(value)
        return found.replace(tzinfo=found.tzinfo or dt.UTC).astimezone(dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


# ---- what is kept of what was sent


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def without_nulls(value: Mapping[str, Any], *, but: str = "", depth: int = 0) -> dict[str, Any]:
    """A mapping without nulls, NUL characters and what lies too deep; `but` names a part to leave out."""
    found = {}
    for key, each in value.items():
        if each is None or (but and key == but):
            continue
        clean = _clean(each, depth)
        if clean is not None:
            found[_text(str(key))] = clean
    return found


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return without_nulls(value, depth=depth + 1) if depth < _DEEPEST else None
    if isinstance(value, list):
        return [_clean(each, depth + 1) for each in value] if depth < _DEEPEST else None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return float(value) if abs(value) < 10**300 else None
    return value


def _text(value: str) -> str:
    """Without NUL, which PostgreSQL does not keep, and without half characters, which nobody does."""
    if value.isascii():
        return value.replace("\x00", "") if "\x00" in value else value
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def _fitting(said: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    """As many of the properties as are kept, the small ones before the large, in the order they were sent."""
    size = len(orjson.dumps(said))
    if size <= MOST_BYTES:
        return said
    weights = {key: len(orjson.dumps({key: value})) for key, value in said.items()}
    room, kept = MOST_BYTES, set()
    for key in sorted(said, key=lambda each: weights[each]):
        room -= weights[key]
        if room < 0:
            break
        kept.add(key)
    problems.append(
        _("%(size)d kB of properties are too many: %(count)d of %(all)d were kept.")
        % {"size": size // 1024, "count": len(kept), "all": len(said)}
    )
    return {key: value for key, value in said.items() if key in kept}
