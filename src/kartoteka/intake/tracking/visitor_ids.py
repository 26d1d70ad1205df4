"""Anonymous ids that we hand out: long, random, and signed, so that nobody guesses or makes up another's.

`k1.` and 24 random bytes and the first 16 bytes of HMAC-SHA-256 of them, both in URL-safe base64. Ids of other libraries
are taken as they come; one that begins as ours and was not signed by us is refused.
"""

import base64
import hmac
import secrets

from kartoteka.trust import vault

_MARK = "k1."
_RANDOM, _SIGNED = 24, 16


def new_id() -> str:
    """A new anonymous id."""
    drawn = secrets.token_bytes(_RANDOM)
    return _written(vault.current().key("visitor"), drawn)


def is_forged(given: str) -> bool:
    """Whether an id begins as ours do and was not signed by us, under the present key or a former one."""
    if not given.startswith(_MARK):
        return False
    drawn = given.removeprefix(_MARK).partition(".")[0]
    try:
        raw = base64.urlsafe_b64decode(drawn + "=" * (-len(drawn) % 4))
    except ValueError:
        return True
    # Compared as written: base64 lets several texts stand for the same bytes, and each would be another visitor.
    ours = (_written(key, raw) for key in vault.current().keys("visitor"))
    return not any(hmac.compare_digest(each.encode(), given.encode("utf-8", "replace")) for each in ours)


def _written(key: bytes, drawn: bytes) -> str:
    return f"{_MARK}{_text(drawn)}.{_text(_signature(key, drawn))}"


def _signature(key: bytes, drawn: bytes) -> bytes:
    return hmac.new(key, drawn, "sha256").digest()[:_SIGNED]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
