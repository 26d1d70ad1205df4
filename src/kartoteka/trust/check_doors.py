"""The self-check of who comes in: second factors, rights, accounts and tokens nobody uses; and of what keeps the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.checks import Finding, Level, register

from . import chain, guards, rotation
from .actor import Right
from .models import AuditEntry, AuditLink, Staff, Token
from .presets import OWNER

UNUSED = timedelta(days=90)
NEVER_USED = timedelta(days=30)
MANY_OWNERS = 3
# Who has one of these can carry the base off or let others in.
POWERFUL = frozenset({Right.EXPORT, Right.STAFF, Right.SET_UP, Right.SEE_SENSITIVE})
ANYWHERE = {"", "0.0.0.0", "::", "[::]"}  # noqa: S104 - looked for, not bound to


def _named(staff: Iterable[Staff | Token], most: int = 5) -> str:
    names = [str(each) for each in staff]
    return ", ".join(names[:most]) + (f" (+{len(names) - most})" if len(names) > most else "")


def _warn(what: str | Promise, do: str | Promise) -> Finding:
    return Finding(Level.WARNING, what, do)


@register
def second_factors() -> Iterator[Finding]:
    """Who can carry the base off needs more than a password or a mailbox to come in."""
    strong = set(
        apps.get_model("mfa", "Authenticator")
        .objects.filter(type__in=("totp", "webauthn"))
        .values_list("user_id", flat=True)
    )
    here = Staff.objects.working().exclude(last_login=None).order_by("name", "email")
    weak = [each for each in here if each.pk not in strong and each.actor.rights & POWERFUL]
    if weak:
        yield _warn(
            _("No second factor for: %(names)s. They may take data out or let others in.")
            % {"names": _named(weak)},
            _("Each of them adds a passkey or an app's code under their name, Two-factor authentication."),
        )


@register
def unused_accounts() -> Iterator[Finding]:
    """An account nobody uses is a door nobody watches."""
    before = timezone.now() - UNUSED
    old = Staff.objects.working().filter(joined_at__lt=before).order_by("name", "email")
    unused = [each for each in old if each.last_login is None or each.last_login < before]
    if unused:
        yield _warn(
            _("Not signed in for 90 days: %(names)s.") % {"names": _named(unused)},
            _("If they no longer work here, say so on the Staff page."),
        )


@register
def many_owners() -> Iterator[Finding]:
    """Every right for everybody is no right at all."""
    here = Staff.objects.working()
    owners = here.filter(role=OWNER).count()
    if owners > MANY_OWNERS and 2 * owners > here.count():
        yield _warn(
            _("%(count)s of your staff are owners: each may do everything.") % {"count": owners},
            _("Give those who do not run the business a smaller role on the Staff page."),
        )


@register
def idle_tokens() -> Iterator[Finding]:
    """A token that no program uses is found by somebody else one day."""
    now = timezone.now()
    open_ones = Token.objects.filter(ended_at=None).order_by("name")
    never = [each for each in open_ones if each.used_at is None and each.made_at < now - NEVER_USED]
    idle = [each for each in open_ones if each.used_at is not None and each.used_at < now - UNUSED]
    for tokens, what in (
        (never, _("Tokens that were never used: %(names)s.")),
        (idle, _("Tokens that no program used for 90 days: %(names)s.")),
    ):
        if tokens:
            yield _warn(what % {"names": _named(tokens)}, _("End them on the Staff page."))


@register
def open_port() -> Iterator[Finding]:
    """The server listens to the server in front of it only."""
    if settings.KARTOTEKA.listen.rpartition(":")[0] in ANYWHERE:
        yield _warn(
            _("Kartoteka listens on every network this machine is in (%(listen)s).")
            % {"listen": settings.KARTOTEKA.listen},
            _("Set KARTOTEKA_LISTEN=127.0.0.1:8000 and let a server with https stand in front."),
        )
    if any(each == "*" or each.startswith(".") for each in settings.ALLOWED_HOSTS):
        yield Finding(
            Level.ERROR,
            _("Kartoteka answers under any name: a link that it writes may lead to somebody else's site."),
            _("List your own host names in KARTOTEKA_HOSTS."),
        )


@register
def audit_kept() -> Iterator[Finding]:
    """The audit is guarded, linked and the one it was."""
    if lacking := guards.missing():
        yield Finding(
            Level.ERROR,
            _("The audit is not guarded: %(names)s.") % {"names": ", ".join(sorted(lacking))},
            _("Find out who took the guards down, run `kartoteka check audit`, then `kartoteka init`."),
        )
    if not chain.is_where_it_was():
        yield Finding(
            Level.ERROR,
            _("The audit's chain is not the one it was: entries were taken away or written anew."),
            _("Run `kartoteka check audit` and compare it with a backup."),
        )
    late = AuditEntry.objects.filter(at__lt=timezone.now() - timedelta(minutes=15)).order_by("-pk").first()
    if late and not AuditLink.objects.filter(entry__gte=late.pk).exists():
        yield _warn(
            _("Entries of the audit wait to be linked: the worker does not run."),
            _("Start Kartoteka with `kartoteka serve`, or a worker with `kartoteka work`."),
        )


@register
def clock() -> Iterator[Finding]:
    """The clock did not go back behind what was already written."""
    newest = AuditEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    if newest and newest > timezone.now() + timedelta(minutes=5):
        yield Finding(
            Level.ERROR,
            _("This machine's clock is behind: the audit has an entry of %(moment)s.")
            % {"moment": f"{newest:%Y-%m-%d %H:%M}"},
            _("Set the clock by the network (on Debian: timedatectl set-ntp true)."),
        )


@register
def rotation_done() -> Iterator[Finding]:
    """A change of the key that was begun was ended."""
    if rotation.unfinished():
        yield _warn(
            _("A change of the key was stopped on its way; part of the data is still under the old one."),
            _("Go on with it: kartoteka key rotate"),
        )
