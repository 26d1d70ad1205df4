"""What shows that somebody chose: a paper with their signature, the recording of a call. Kept sealed with their own key."""

import io
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from kartoteka.kit.sounds import sound_of
from kartoteka.people.models import Customer
from kartoteka.trust import keeping
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note
from kartoteka.trust.personal_keys import KeyGone, Subject

from .models import Choice

DRAWER = "consents"
MOST_BYTES = 32 * 1024 * 1024
# What a picture or a PDF begins with: PNG (RFC 2083), JPEG, PDF (ISO 32000-1, 7.5.2).
_BEGINS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF-": "application/pdf"}


class BadProof(ValueError):
    """This file cannot be kept as a proof; the message says which can."""


@dataclass(frozen=True)
class Proof:
    """A proof as it was kept: its bytes, and what they are (a media type)."""

    content: bytes
    media: str


def keep(stream: IO[bytes], *, identity: int) -> dict[str, str]:
    """Seal a proof with the key of whose choice it shows; what the line of the ledger says of it. Raises BadProof."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // (1024 * 1024)
        raise BadProof(_("This file is larger than %(most)s MB.") % {"most": most})
    media = _media(content)
    if not media:
        raise BadProof(
            _("Choose a photo or scan (PNG, JPEG, PDF) of what they signed, or the recording of the call.")
        )
    whose = Subject("identity", str(identity))
    name = keeping.keep(io.BytesIO(content), drawer=DRAWER, subject=whose)[0]
    return {"file": name, "media": media}


def _media(content: bytes) -> str:
    known = (kind for begins, kind in _BEGINS.items() if content.startswith(begins))
    return next(known, "") or sound_of(content)


def proof_of(*, customer: Customer, choice: int, by: Actor) -> Proof | None:
    """The proof of one of this customer's choices; None where there is none any more. Who looks is written down.

    What is in a file cannot be veiled, so it is for who may see contact points whole. Raises NotAllowed.
    """
    by.must(Right.SEE)
    by.must(Right.REVEAL)
    line = Choice.objects.filter(pk=choice, identity__customer=customer).first()
    name = str(line.evidence.get("file", "")) if line else ""
    if line is None or not name:
        return None
    out = io.BytesIO()
    try:
        keeping.take_out(name, out, drawer=DRAWER)
    except (FileNotFoundError, KeyGone):
        return None
    note(by=by, action="saw proof", matter="customer", key=customer.pk, detail={"choice": choice})
    return Proof(out.getvalue(), str(line.evidence.get("media", "")) or "application/octet-stream")
