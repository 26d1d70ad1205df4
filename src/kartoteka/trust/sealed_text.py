"""Secrets of others that we must be able to read again (a shop's signing secret): sealed in a column of the base.

A sealed text is `kts1.` and the URL-safe base64 of a random nonce and AES-256-GCM of the text, under the vault's key for
secrets. Whoever keeps such a column registers it, so that a rotation brings it under the new key.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db.models import Model

from kartoteka.kit import bulk

from . import vault

MARK = "kts1."


class SecretGone(ValueError):
    """The secret cannot be opened: it was sealed under a key that this installation does not have."""


@dataclass(frozen=True)
class _Column:
    model: type[Model]
    name: str


_columns: dict[_Column, None] = {}


def keeps_secrets(model: type[Model], column: str) -> None:
    """Register a text column that holds sealed texts, or "". Called from an app's `ready()`."""
    _columns[_Column(model, column)] = None


def seal_text(text: str) -> str:
    """The text sealed under the installation's present key; "" stays ""."""
    if not text:
        return ""
    nonce = secrets.token_bytes(12)
    sealed = nonce + AESGCM(vault.current().key("secret")).encrypt(nonce, text.encode(), MARK.encode())
    return MARK + base64.urlsafe_b64encode(sealed).decode()


def open_text(sealed: str) -> str:
    """What was sealed, under the present key or a former one. Raises SecretGone."""
    if not sealed:
        return ""
    raw = base64.urlsafe_b64decode(sealed.removeprefix(MARK))
    for key in vault.current().keys("secret"):
        try:
            return AESGCM(key).decrypt(raw[:12], raw[12:], MARK.encode()).decode()
        except InvalidTag:
            continue
    raise SecretGone("This secret was sealed under a key that is not in the key file. Type it in again.")


def reseal_all() -> int:
    """Bring every sealed text under the present key; how many there were. Part of a rotation."""
    done = 0
    for column in _columns:
        rows = column.model._default_manager.exclude(**{column.name: ""}).values_list("pk", column.name)
        fresh = [(seal_text(open_text(sealed)), key) for key, sealed in rows]
        bulk.update(column.model, (column.name,), fresh)
        done += len(fresh)
    return done
