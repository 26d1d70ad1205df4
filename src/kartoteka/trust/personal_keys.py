"""A key for each person: what is sealed with it is gone for ever when the key is destroyed, wherever copies of it lie.

Each subject (an identity, mostly: ("identity", "881")) gets a random 256-bit key when something of theirs is first sealed.
The key lies in a table, wrapped with the installation's. That table is left out of every backup of the base; the keys are
copied into files of their own which are kept for KEYS_KEPT days only (key_copies.py). So a key that is destroyed is gone
from everywhere after that time, and what old backups and logs hold of the person cannot be read by anybody any more.

A sealed text is `ktk1.KEY.SEALED`: the key's name (random, telling nothing) and AES-256-GCM of the text, its nonce in
front, with the key's name as associated data, in URL-safe base64.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.utils import timezone

from kartoteka.kit import bulk

from . import outliving, vault
from .models import PersonalKey

MARK = "ktk1."
_KIND = "keys"
_NAME = 16  # characters of a key's name


class Subject(NamedTuple):
    """Whose key: the kind of row and its key, such as ("identity", "881")."""

    kind: str
    key: str


class KeyGone(ValueError):
    """What was sealed cannot be opened any more: the person's key was destroyed, or is not in this base."""


def is_sealed(text: object) -> bool:
    """Whether a value is a text that was sealed here."""
    return isinstance(text, str) and text.startswith(MARK)


def seal_many(items: Sequence[tuple[Subject, str]]) -> list[str]:
    """Each text sealed with its subject's key, in their order; lacking keys are made, all in one go.

    Nothing is asked of the base where there is nothing to seal.
    """
    if not items:
        return []
    keys = keys_for([subject for subject, _text in items])
    sealed = []
    for subject, text in items:
        name, key = keys[subject]
        nonce = secrets.token_bytes(12)
        raw = nonce + AESGCM(key).encrypt(nonce, text.encode(), name.encode())
        sealed.append(f"{MARK}{name}.{base64.urlsafe_b64encode(raw).decode()}")
    return sealed


def open_many(sealed: Sequence[str]) -> list[str | None]:
    """The texts, in their order, by one question to the base; None for each whose key was destroyed or that is spoilt."""
    keys = _named({text[len(MARK) : len(MARK) + _NAME] for text in sealed if is_sealed(text)})
    return [_opened(text, keys) for text in sealed]


def seal(subject: Subject, text: str) -> str:
    """One text sealed with its subject's key."""
    return seal_many([(subject, text)])[0]


def unseal(sealed: str) -> str:
    """One text opened. Raises KeyGone."""
    found = open_many([sealed])[0]
    if found is None:
        raise KeyGone("This cannot be read any more: the person's key was destroyed.")
    return found


def _opened(sealed: str, keys: Mapping[str, bytes]) -> str | None:
    name, _, text = sealed[len(MARK) :].partition(".")
    key = keys.get(name)
    try:
        raw = base64.urlsafe_b64decode(text)
        return AESGCM(key).decrypt(raw[:12], raw[12:], name.encode()).decode() if key else None
    except (InvalidTag, ValueError):
        return None


# ---- the keys


def keys_for(subjects: Iterable[Subject]) -> dict[Subject, tuple[str, bytes]]:
    """Each subject's key with its name, made where there is none, in a few statements however many there are.

    A subject whose key was destroyed gets another: what is sealed from now on is new.
    """
    wanted = set(subjects)
    found = _held(wanted)
    lacking = sorted(wanted - found.keys())
    if lacking:
        ours, now = vault.current().key("personal"), timezone.now()
        rows = []
        for subject in lacking:
            name = secrets.token_hex(_NAME // 2)
            rows.append((name, *subject, _wrapped(name, secrets.token_bytes(32), ours), now))
        with transaction.atomic():
            bulk.insert(
                PersonalKey, ("name", "subject_kind", "subject", "wrapped", "made_at"), rows, ignore=True
            )
        found |= _held(set(lacking))  # somebody may have been quicker
    return found


def _held(subjects: set[Subject]) -> dict[Subject, tuple[str, bytes]]:
    found: dict[Subject, tuple[str, bytes]] = {}
    for kind in {subject.kind for subject in subjects}:
        keys = [subject.key for subject in subjects if subject.kind == kind]
        rows = bulk.fetch(
            PersonalKey, ("subject", "name", "wrapped"), by="subject", among=keys, also={"subject_kind": kind}
        )
        for key, name, wrapped in rows:
            if wrapped:
                found[Subject(kind, key)] = (name, _unwrapped(name, wrapped, vault.current()))
    return found


def key_named(name: str) -> bytes:
    """The key of this name. Raises KeyGone."""
    try:
        return _named({name})[name]
    except KeyError as error:
        raise KeyGone("This cannot be read any more: the person's key was destroyed.") from error


def _named(names: set[str]) -> dict[str, bytes]:
    rows = bulk.fetch(PersonalKey, ("name", "wrapped"), by="name", among=sorted(names))
    ours = vault.current()
    return {name: _unwrapped(name, wrapped, ours) for name, wrapped in rows if wrapped}


def destroy(subjects: Iterable[Subject], *, outlives: bool = False) -> int:
    """Destroy the keys of these subjects; how many there were. What was sealed with them is gone for ever.

    outlives: a copy that is restored later with an older file of keys has them destroyed again.
    The row stays, empty, to tell that there was one and when it went. Whoever calls writes it into the audit.
    """
    by_kind: dict[str, list[str]] = {}
    for subject in subjects:
        by_kind.setdefault(subject.kind, []).append(subject.key)
    gone = 0
    with transaction.atomic():
        for kind, keys in by_kind.items():
            names = [row[0] for row in bulk.fetch(
                PersonalKey, ("name",), by="subject", among=keys, also={"subject_kind": kind}
            )]  # fmt: skip
            if not names:
                continue
            if connection.vendor == "sqlite":
                # What is overwritten is zeroed too, or a page's unused part would still hold it.
                connection.cursor().execute("PRAGMA secure_delete = ON")
            live = PersonalKey.objects.filter(name__in=names, destroyed_at=None)
            # Whoever had no key any more may get a new one: the old row no longer stands for the subject.
            held = list(live.values_list("name", flat=True))
            gone += live.update(wrapped="", destroyed_at=timezone.now())
            if outlives and held:
                transaction.on_commit(partial(outliving.tell, _KIND, [{"names": held}]))
    return gone


def _destroy_again(lines: Sequence[Mapping[str, Any]]) -> int:
    """After a restore: the keys that were destroyed since the file of keys was made are destroyed again."""
    names = [str(name) for line in lines for name in line["names"]]
    gone = 0
    for some in bulk.chunks(names, 2000):
        live = PersonalKey.objects.filter(name__in=some, destroyed_at=None)
        gone += live.update(wrapped="", destroyed_at=timezone.now())
    return gone


def register() -> None:
    """Take up destroyed keys after a restore."""
    outliving.register(_KIND, _destroy_again)


def rewrap_all() -> int:
    """Wrap every key anew that is wrapped with a former root; how many. Part of a rotation."""
    ours, done, last = vault.current(), 0, ""
    while True:
        rows = list(
            PersonalKey.objects.filter(name__gt=last, destroyed_at=None)
            .exclude(wrapped__startswith=f"{ours.name}.")
            .order_by("name")
            .values_list("name", "wrapped")[:2000]
        )
        if not rows:
            return done
        fresh = [
            (_wrapped(name, _unwrapped(name, text, ours), ours.key("personal")), name) for name, text in rows
        ]
        with transaction.atomic():
            bulk.update(PersonalKey, ("wrapped",), fresh)
        done, last = done + len(rows), rows[-1][0]


def _wrapped(name: str, key: bytes, ours: bytes) -> str:
    nonce = secrets.token_bytes(12)
    sealed = base64.b64encode(nonce + _cipher(ours).encrypt(nonce, key, name.encode())).decode()
    return f"{vault.current().name}.{sealed}"


def _unwrapped(name: str, wrapped: str, ours: vault.Vault) -> bytes:
    root, _, text = wrapped.partition(".")
    raw = base64.b64decode(text)
    its = ours if root == ours.name else ours.named().get(root)
    if its is None:
        raise KeyGone("A person's key is wrapped with a key of the installation that is not in the key file.")
    return _cipher(its.key("personal")).decrypt(raw[:12], raw[12:], name.encode())


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


# ---- equality without reading


def blind(field: str, text: str) -> str:
    """A keyed hash by which what is equal in a sealed field is found, and nothing else is learned.

    text: in its standard form. HMAC-SHA-256 with the present key, one space of values per field.
    """
    return _blinded(vault.current().key("blind"), field, text)


def blinds(field: str, text: str) -> list[str]:
    """The same by the present key and the former ones: what to look for after a rotation."""
    return [_blinded(key, field, text) for key in vault.current().keys("blind")]


def _blinded(key: bytes, field: str, text: str) -> str:
    return hmac.new(key, f"{field}\x1f{text}".encode(), "sha256").hexdigest()[:32]
