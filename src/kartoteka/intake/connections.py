"""Connecting a site or a shop: the kinds there are, making a connection, ending it, and what it delivered.

A kind is a plug: whoever brings one registers a `Kind` from the app's `ready()`; the command line, the page of connections
and the contract test then know it.
"""

import secrets
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kartoteka.people.editing import source_named
from kartoteka.people.follow import Leaving
from kartoteka.people.models import Ground
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note
from kartoteka.trust.sealed_text import open_text, seal_text

from .connection_models import Connection, Delivery
from .connection_secrets import seal_further

# So many deliveries of a connection are kept, beside those that still wait.
KEPT = 500


class CannotConnect(ValueError):
    """This cannot be connected so. `field` names what to change, the message says how."""

    def __init__(self, message: str, *, field: str = "") -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Asked:
    """Something a kind wants to know when it is connected. key: its name in `--set KEY=VALUE` and in `Connection.more`.

    secret: it is sealed, beside the secret itself (connection_secrets.py).
    """

    key: str
    label: str | Promise
    needed: bool = False
    secret: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of thing that can be connected.

    told: what the other side needs, by name ("url", "write_key", "secret" ...), from the connection and the address at
    which this installation is reached (no slash behind). ground: for holding what comes in, where nothing else is said.
    makes_secret: we draw a secret and tell it; otherwise the other side's is typed in with `secret`. needs_secret: nothing
    works without one. trust: of the source, where it is new.
    """

    key: str
    label: str | Promise
    ground: str
    told: Callable[[Connection, str], Mapping[str, object]]
    asks: Sequence[Asked] = field(default_factory=tuple)
    makes_secret: bool = False
    needs_secret: bool = False
    trust: int = 50


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Called from an app's `ready()`."""
    _kinds[kind.key] = kind


def kinds() -> tuple[Kind, ...]:
    """All kinds that can be connected."""
    return tuple(_kinds.values())


def kind_of(connection: Connection) -> Kind:
    """The kind of a connection."""
    return _kinds[connection.kind]


def home_address() -> str:
    """Where this installation is reached from outside, without a slash behind."""
    given = settings.KARTOTEKA
    host, port = given.address
    return (given.public_url or f"http://{host}:{port}").rstrip("/")


def connect(
    *,
    kind: str,
    name: str,
    by: Actor,
    source: str = "",
    ground: str = "",
    secret: str = "",
    more: Mapping[str, str] | None = None,
) -> Connection:
    """Connect something. Its source is the one of that name, `name` where none is said.

    secret: the other side's, if it has one. more: what the kind asks, by key. Raises CannotConnect, NotAllowed.
    """
    by.must(Right.SET_UP)
    its = _kinds.get(kind)
    if its is None:
        known = ", ".join(_kinds)
        raise CannotConnect(
            _("There is no %(kind)s to connect; there are: %(all)s.") % {"kind": kind, "all": known},
            field="kind",
        )
    name = " ".join(name.split())[:100]
    if not name:
        raise CannotConnect(_("Give it a name by which you know it, such as the shop's."), field="name")
    ground = ground or its.ground
    if ground not in Ground.values:
        raise CannotConnect(
            _("Say on what ground we may hold this: %(all)s.") % {"all": ", ".join(Ground.values)},
            field="ground",
        )
    given = {key: value.strip() for key, value in (more or {}).items()}
    _check_asked(its, given, secret)
    hidden = {each.key for each in its.asks if each.secret}
    try:
        with transaction.atomic():
            connection = Connection.objects.create(
                kind=kind,
                name=name,
                source=source_named(source or name, kind=kind, trust=its.trust),
                ground=ground,
                key=secrets.token_urlsafe(24),
                secret=seal_text(secret or (secrets.token_urlsafe(32) if its.makes_secret else "")),
                more={key: value for key, value in given.items() if key not in hidden},
                further=seal_further({key: value for key, value in given.items() if key in hidden}),
                made_at=timezone.now(),
                **by.as_columns,
            )
            note(by=by, action="connected", matter="connection", key=connection.pk, detail={"kind": kind})
    except IntegrityError as error:
        raise CannotConnect(
            _("Something is connected under the name %(name)s already. Choose another.") % {"name": name},
            field="name",
        ) from error
    return connection


def _check_asked(kind: Kind, given: Mapping[str, str], secret: str) -> None:
    asked = {each.key: each for each in kind.asks}
    for key in given:
        if key not in asked:
            known = ", ".join(asked) or "-"
            raise CannotConnect(
                _("%(kind)s does not ask for %(key)s; it asks for: %(all)s.")
                % {"kind": kind.label, "key": key, "all": known},
                field=key,
            )
    for each in kind.asks:
        if each.needed and not given.get(each.key):
            raise CannotConnect(_("Say this too: %(what)s.") % {"what": each.label}, field=each.key)
    if kind.needs_secret and not secret:
        raise CannotConnect(
            _("Say the secret with which %(kind)s signs what it sends.") % {"kind": kind.label},
            field="secret",
        )


def told(connection: Connection, *, first: bool = False) -> dict[str, object]:
    """What the other side needs so as to send to us. first: with the secret that was just drawn for it, shown once."""
    kind = kind_of(connection)
    drawn = {"secret": secret_of(connection)} if first and kind.makes_secret else {}
    return {**kind.told(connection, home_address()), **drawn}


def secret_of(connection: Connection) -> str:
    """The secret of a connection as it is; "" where there is none. Raises SecretGone."""
    return open_text(connection.secret)


def end(*, connection: Connection, by: Actor) -> None:
    """Stop taking anything from a connection. What came by it stays. Raises NotAllowed."""
    by.must(Right.SET_UP)
    with transaction.atomic():
        if Connection.objects.filter(pk=connection.pk, ended_at=None).update(ended_at=timezone.now()):
            note(by=by, action="disconnected", matter="connection", key=connection.pk)


def connections(*, actor: Actor) -> QuerySet[Connection]:
    """All connections, each with `last_at`, when something was last delivered. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return Connection.objects.select_related("source").annotate(last_at=Max("deliveries__at"))


def a_connection(*, actor: Actor, key: int) -> Connection | None:
    """A connection by its number; None where there is none. Raises NotAllowed."""
    return connections(actor=actor).filter(pk=key).first()


def live(kind: str, key: str) -> Connection | None:
    """The connection of this kind that names itself by this key, unless it was ended."""
    if not key or len(key) > 64:
        return None
    return Connection.objects.filter(key=key, kind=kind, ended_at=None).select_related("source").first()


def deliveries(*, actor: Actor, connection: Connection | None) -> QuerySet[Delivery]:
    """What came by a connection, the newest first; of None, by keys that nobody has. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return Delivery.objects.filter(connection=connection).order_by("-id")


def note_delivery(
    *,
    connection: Connection | None,
    state: str,
    topic: str = "",
    key: str = "",
    problem: str = "",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> tuple[Delivery, bool]:
    """Note a delivery; it, and whether it is new: one that this connection told by the same key before is handed back.

    connection: None for a sender whom we do not know. The oldest beyond KEPT are dropped.
    """
    values = {
        "at": timezone.now(),
        "topic": topic[:100],
        "state": state,
        "problem": problem[:500],
        "body": zlib.compress(body) if body else b"",
        "headers": dict(headers or {}),
    }
    if key:
        found, new = Delivery.objects.get_or_create(connection=connection, key=key[:100], defaults=values)
    else:
        found, new = Delivery.objects.create(connection=connection, **values), True
    if new and found.pk % 50 == 0:
        _drop_old(connection)
    return found, new


def body_of(delivery: Delivery) -> bytes:
    """The body of a delivery as it came; b"" where it was emptied."""
    return zlib.decompress(bytes(delivery.body)) if delivery.body else b""


def _drop_old(connection: Connection | None) -> None:
    rows = Delivery.objects.filter(connection=connection).order_by("-id")
    last = rows.values_list("pk", flat=True)[KEPT : KEPT + 1].first()
    if last is not None:
        rows.filter(pk__lte=last).exclude(state=Delivery.State.WAITING).delete()


def wipe(leaving: Leaving) -> None:
    """Empty the bodies in which somebody who is forgotten may stand: all of the connections that knew them."""
    sources = {source for source, _key in leaving.keys}
    Delivery.objects.filter(connection__source__in=sources).exclude(state=Delivery.State.WAITING).update(
        body=b"", headers={}
    )
