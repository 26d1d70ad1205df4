"""Marks on what we write of ourselves: a keyed hash that nobody makes without the installation's key.

A mark is `name.nonce.mac`: which root it was made under, eight random bytes so that no two are alike, and the first 128
bits of HMAC-SHA-256 (RFC 2104) over the nonce and the text.
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from . import vault
from .digests import same_number

if TYPE_CHECKING:
    from .models import AuditEntry

TOLD = ("at", "actor_kind", "actor_key", "actor_name", "action", "matter", "matter_key", "detail")
_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def told(entry: AuditEntry) -> bytes:
    """All that an entry says, but for its number, as canonical JSON: the same on every database."""
    return told_by(tuple(getattr(entry, name) for name in TOLD))


def told_by(values: tuple[Any, ...]) -> bytes:
    """The same of the values of TOLD."""
    at: dt.datetime = values[0]
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return _write([moment, *values[1:-1], same_number(values[-1])]).encode("utf-8", "surrogatepass")


def mark(text: bytes) -> str:
    """A mark on `text` by the present key."""
    ours = vault.current()
    nonce = secrets.token_bytes(8)
    return f"{ours.name}.{nonce.hex()}.{_mac(ours.key('audit'), nonce, text)}"


def marker() -> Callable[[str, bytes], bool]:
    """A function that tells whether a mark is ours and on this text, by the present key or a former one."""
    keys: Mapping[str, bytes] = {name: each.key("audit") for name, each in vault.current().named().items()}

    def holds(said: str, text: bytes) -> bool:
        name, _, rest = said.partition(".")
        nonce, _, mac = rest.partition(".")
        key = keys.get(name)
        try:
            return key is not None and hmac.compare_digest(_mac(key, bytes.fromhex(nonce), text), mac)
        except (ValueError, TypeError):
            return False

    return holds


@lru_cache(maxsize=8)
def _begun(key: bytes) -> hmac.HMAC:
    return hmac.new(key, digestmod="sha256")


def _mac(key: bytes, nonce: bytes, text: bytes) -> str:
    mac = _begun(key).copy()
    mac.update(nonce)
    mac.update(text)
    return mac.hexdigest()[:32]
