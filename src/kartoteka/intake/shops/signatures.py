"""Whether a message was signed with a secret that only the shop and we know: over the raw bytes, in constant time."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from django.utils.translation import gettext as _

from .shop import NotProven


def digest(secret: str, body: bytes) -> bytes:
    """HMAC-SHA256 of the body (RFC 2104)."""
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def must_fit(given: str, body: bytes, *, secrets: Sequence[str], hexadecimal: bool) -> None:
    """Raise NotProven unless `given` is the digest of `body` under one of the secrets, in base64 or hexadecimal."""
    if not given:
        raise NotProven(_("There is no signature on it."))
    fits = False
    for secret in secrets:
        ours = digest(secret, body)
        text = ours.hex() if hexadecimal else base64.b64encode(ours).decode()
        # Every secret is compared, so that the time tells nothing of which one fits.
        fits |= hmac.compare_digest(text.encode(), given.strip().encode())
    if not fits:
        raise NotProven(
            _(
                "The signature does not fit: the secret there is another than the one here, or somebody else sent it."
            )
        )


def same(given: str, secrets: Sequence[str]) -> bool:
    """Whether `given` is one of the secrets, told in constant time."""
    found = False
    for secret in secrets:
        found |= hmac.compare_digest(secret.encode(), given.encode())
    return found
