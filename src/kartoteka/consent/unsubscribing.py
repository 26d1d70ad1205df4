"""One click ends it (RFC 8058): a signed link in each mail stops a purpose at the contact point it came to.

The link names a contact point and a purpose by their keys and is signed with the vault's key. It is good for as long as
both are there: mail is kept for years. Opening it does nothing: mail programs and virus scanners open links by themselves.
"""

import base64
import hmac
import struct
from dataclasses import dataclass

from django.conf import settings

from kartoteka.people.models import ContactPoint, Customer
from kartoteka.trust import vault
from kartoteka.trust.actor import Actor, Right

from .links import language_of
from .models import Purpose, Suppression
from .suppressing import suppress

_KEYS = struct.Struct(">QQ")
_SEAL_BYTES = 15
_TOKEN_BYTES = _KEYS.size + _SEAL_BYTES
_WHOEVER = Actor("customer", 0, "whoever has the mail", frozenset({Right.CHANGE}))


@dataclass(frozen=True)
class Offer:
    """What a link would end. purpose: None where the link is for all that is sent there."""

    point: ContactPoint
    purpose: Purpose | None

    @property
    def language(self) -> str:
        """The language of the first customer who is reached there; the business's own where nobody is."""
        first = Customer.objects.filter(contacts__point=self.point).order_by("pk").first()
        return language_of(first) if first else settings.LANGUAGE_CODE

    @property
    def ended(self) -> bool:
        """Whether it was ended before."""
        why = Suppression.Why.UNSUBSCRIBE
        return Suppression.objects.filter(
            point=self.point, why=why, purpose=self.purpose, ended_at=None
        ).exists()


def headers(*, site: str, point: int, purpose: int = 0) -> dict[str, str]:
    """The headers that a mail to this contact point carries (RFC 2369, RFC 8058).

    site: the address of the installation, without a slash at its end.
    point, purpose: their keys; no purpose: the link ends all that is sent there.
    """
    return {
        "List-Unsubscribe": f"<{site}/u/{token_for(point=point, purpose=purpose)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def token_for(*, point: int, purpose: int = 0) -> str:
    """The signed part of the link."""
    keys = _KEYS.pack(point, purpose)
    return base64.urlsafe_b64encode(keys + _seal(keys)).decode().rstrip("=")


def offered(token: str) -> Offer | None:
    """What this link would end; None where we did not sign it, or there is nothing left to end."""
    try:
        sent = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(sent) != _TOKEN_BYTES or not _is_sealed(sent):
        return None
    point, purpose = _KEYS.unpack(sent[: _KEYS.size])
    its_point = ContactPoint.objects.filter(pk=point).first()
    its_purpose = Purpose.objects.filter(pk=purpose).first() if purpose else None
    if its_point is None or (purpose and its_purpose is None):
        return None
    return Offer(its_point, its_purpose)


def unsubscribe(*, token: str, place: str = "one click") -> Offer | None:
    """End what the link ends, at once and for all who share the contact point; a second click changes nothing.

    place: where it was clicked, for the record. None where the link is none of ours.
    """
    offer = offered(token)
    if offer is None:
        return None
    suppress(
        point=offer.point.pk,
        why=Suppression.Why.UNSUBSCRIBE,
        purpose=offer.purpose,
        by=_WHOEVER,
        place=place,
    )
    return offer


def _seal(keys: bytes, key: bytes | None = None) -> bytes:
    made = hmac.digest(key or vault.current().key("link"), b"u\x1f" + keys, "sha256")
    return made[:_SEAL_BYTES]


def _is_sealed(sent: bytes) -> bool:
    """Whether we signed it, by the present key or one of those before it was changed: mail is kept for years."""
    keys, seal = sent[: _KEYS.size], sent[_KEYS.size :]
    return any(hmac.compare_digest(seal, _seal(keys, key)) for key in vault.current().keys("link"))
