"""Links to a customer's own page: signed, for some weeks, ended at any time. What is in the base opens no page."""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.people.editing import own_identity
from kartoteka.people.models import Claim, Customer
from kartoteka.people.news import CustomersGone
from kartoteka.trust import vault
from kartoteka.trust.actor import SYSTEM, Actor, Right
from kartoteka.trust.audit import note

from .ledger import BadChoice
from .mailing import send
from .models import PageLink
from .public import address_of

LIFE = timedelta(days=30)
_TOKEN = re.compile(r"([0-9a-z]{1,13})-([\w-]{32})")
_HASH_BYTES = 24
_SPOKEN = {"PL": "pl", "FI": "fi", "MY": "ms", "PH": "fil", "GB": "en", "ZA": "en"}


class CannotLink(ValueError):
    """No link can be made or sent; the message says why."""


@dataclass(frozen=True)
class Visit:
    """Somebody came by a link that holds: whose page it is, and who acts on it."""

    link: PageLink
    customer: Customer

    @property
    def actor(self) -> Actor:
        """The customer as the one behind a call: they may say what they wish, and see nobody but through this page."""
        return Actor("customer", self.customer.pk, "the customer", frozenset({Right.CHANGE}))

    @property
    def language(self) -> str:
        return language_of(self.customer)


def make_link(*, customer: Customer, by: Actor, life: timedelta = LIFE) -> str:
    """The path of a link to the customer's own page, to be handed over. Whoever makes it could open it: so only who may see
    all that the page shows. Raises CannotLink, NotAllowed."""
    by.must_one_of(Right.CHANGE, Right.PRIVACY)
    by.must(Right.SEE_SENSITIVE)
    by.must(Right.REVEAL)
    return _made(customer, by, life, mailed=False)


def link_to_hand_over(*, customer: Customer, by: Actor) -> str:
    """The whole address of such a link. Raises CannotLink, NotAllowed."""
    return address_of(make_link(customer=customer, by=by))


def _made(customer: Customer, by: Actor, life: timedelta, *, mailed: bool) -> str:
    identity = own_identity(customer)
    if identity.customer_id != customer.pk or customer.merged_into_id is not None:
        raise CannotLink(_("This card has been joined with another. Open that one."))
    now = timezone.now()
    link = PageLink.objects.create(
        identity=identity,
        salt=secrets.token_hex(16),
        made_at=now,
        by_name=by.name,
        mailed=mailed,
        expires_at=now + life,
    )
    note(by=by, action="made page link", matter="customer", key=customer.pk)
    return f"/my/{_token(link)}/"


def mail_link(*, customer: Customer, by: Actor) -> str:
    """Send a link to the customer's best e-mail address, in their language; the address it went to.

    It answers a right that the customer has by law, so no purpose is asked for. Raises CannotLink, NotAllowed.
    """
    by.must_one_of(Right.CHANGE, Right.PRIVACY)
    if not customer.email:
        raise CannotLink(_("There is no e-mail on this card. Give them the link another way."))
    if not by.may(Right.SEE_SENSITIVE) and _typed_by(by, customer):
        raise CannotLink(
            _(
                "You typed this e-mail in yourself. Somebody who may see the whole card must send the link there."
            )
        )
    address = address_of(_made(customer, by, LIFE, mailed=True))
    with translation.override(language_of(customer)):
        subject = _("Your data with us")
        text = _(
            "Hello,\n\nhere you can see what we know of you, choose what we may do with it, correct it, take it along or "
            "ask us to forget you:\n\n%(address)s\n\nThe link is yours alone and works for %(days)s days. If you did not "
            "ask for it, you need do nothing.\n"
        ) % {"address": address, "days": LIFE.days}
    try:
        send(to=customer.email, subject=subject, text=text)
    except BadChoice as error:
        raise CannotLink(str(error)) from error
    return customer.email


def _typed_by(by: Actor, customer: Customer) -> bool:
    """Whether this very person said that the customer has this e-mail: the link could then go to themselves."""
    said = Claim.objects.filter(
        identity__customer=customer, batch__by_kind=by.kind, batch__by_key=by.key
    ).values_list("values", flat=True)
    return any(
        entry.get("value") == customer.email for values in said for entry in values.get("emails") or ()
    )


def end_links(*, customer: Customer, by: Actor) -> int:
    """End every link to this customer's page; how many there were. Raises NotAllowed."""
    by.must_one_of(Right.CHANGE, Right.PRIVACY)
    held = PageLink.objects.filter(identity__customer=customer, ended_at=None)
    ended = held.update(ended_at=timezone.now(), ended_by=by.name)
    if ended:
        note(by=by, action="ended page links", matter="customer", key=customer.pk, detail={"links": ended})
    return ended


def end_with_joining(news: CustomersGone) -> None:
    """Of two cards that were joined nobody is shown the other's data by a link they had: it ends, they get a new one."""
    for some in bulk.chunks(news.customers, 2000):
        joined = Customer.objects.filter(pk__in=some).exclude(merged_into=None)
        kept = list(joined.values_list("merged_into", flat=True))
        theirs = PageLink.objects.filter(ended_at=None, identity__customer__in=kept)
        theirs.update(ended_at=timezone.now(), ended_by=SYSTEM.name)


def visit(token: str) -> Visit | None:
    """Who comes by this link; None where it is wrong, over or ended. Nothing tells which."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    now = timezone.now()
    link = (
        PageLink.objects.filter(pk=min(int(match[1], 36), 2**63 - 1), ended_at=None, expires_at__gt=now)
        .select_related("identity__customer")
        .first()
    )
    # The same work is done for a link that is not there.
    sent = match[2].encode()
    if link is None:
        _is_sealed(sent, "", 0)
        return None
    if not _is_sealed(sent, link.salt, link.pk):
        return None
    if link.used_at is None or now - link.used_at > timedelta(minutes=1):
        PageLink.objects.filter(pk=link.pk).update(used_at=now)
    return Visit(link, link.identity.customer)


def language_of(customer: Customer) -> str:
    """The language of ours that the customer reads; where it is not known that of their country, where one is spoken by
    nearly everybody; else the business's own."""
    wanted = customer.language or _SPOKEN.get(customer.country, "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _token(link: PageLink) -> str:
    return f"{_base36(link.pk)}-{_seal(link.salt, link.pk).decode()}"


def _seal(salt: str, key: int, secret: bytes | None = None) -> bytes:
    made = hmac.digest(secret or vault.current().key("link"), f"my\x1f{key}\x1f{salt}".encode(), "sha256")
    return base64.urlsafe_b64encode(made[:_HASH_BYTES])


def _is_sealed(sent: bytes, salt: str, key: int) -> bool:
    """Whether we made it, by the present key or one of those before it was changed."""
    secrets_ = vault.current().keys("link")
    return any(hmac.compare_digest(sent, _seal(salt, key, secret)) for secret in secrets_)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"
