"""What must outlive the base it stands in: told apart from every copy, and taken up again when an old copy is restored.

A copy is older than what was decided since it was made: whoever was forgotten meanwhile must not come back with it. Each
such decision is a line of its own, sealed, only ever added to a file beside the base. The same file lies with the copies,
put there with each of them and by the worker after each decision.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from . import vault as vaults
from .stores import Store, StoreError, fetch, store_in_use

log = logging.getLogger("kartoteka.backups")
SUFFIX = ".ktkgone"
NAME = f"kartoteka{SUFFIX}"
_PURPOSE: Final = "outliving"

Line = Mapping[str, Any]
# Takes up what is told by these lines where the base does not know it; says how many there were.
TakeUp = Callable[[Sequence[Line]], int]
_kinds: dict[str, TakeUp] = {}


def register(kind: str, take_up: TakeUp) -> None:
    """Say who takes up the lines of this kind. Called from an app's `ready()`."""
    _kinds[kind] = take_up


def beside_the_base() -> Path:
    """The file beside the base."""
    path: Path = settings.KARTOTEKA.home / NAME
    return path


def tell(kind: str, lines: Iterable[Line]) -> None:
    """Add these lines (values that JSON holds) to the file beside the base. Outside of any transaction."""
    _add([{"kind": kind, **line} for line in lines])


def told(folders: Iterable[Path] = ()) -> list[Line]:
    """Every line of the file beside the base and of those in these folders, each once, in their order.

    A line cut short by a power cut is passed over, and so is one of another installation.
    """
    found: dict[str, Line] = {}
    for path in (beside_the_base(), *(folder / NAME for folder in folders)):
        if path.is_file():
            for line in path.read_bytes().splitlines():
                text = _opened(line)
                if text is not None:
                    found[text] = json.loads(text)
    return list(found.values())


def put_with_copies(store: Store | None = None) -> None:
    """Put the file where the copies are kept. A store that cannot be reached is logged: the next copy brings it."""
    path = beside_the_base()
    if not path.is_file():
        return
    try:
        (store or store_in_use()).put(path)
    except StoreError as error:
        log.warning("what must outlive the base could not be put with the copies: %s", error)


def fetch_from(store: Store, *, into: Path) -> None:
    """Bring the file that lies with the copies into a folder, if there is one. Raises StoreError."""
    if NAME in store.names(SUFFIX):
        fetch(store, NAME, into=into)


def take_up_again(lines: Sequence[Line]) -> dict[str, int]:
    """Have the base know again what these lines tell, and tell them beside it; how many were new to it, by kind."""
    known = {json.dumps(line, sort_keys=True) for line in told()}
    _add([line for line in lines if json.dumps(line, sort_keys=True) not in known])
    by_kind: dict[str, list[Line]] = {}
    for line in lines:
        by_kind.setdefault(str(line["kind"]), []).append(line)
    return {kind: _kinds[kind](some) for kind, some in by_kind.items() if kind in _kinds}


def _add(lines: Sequence[Line]) -> None:
    if not lines:
        return
    path = beside_the_base()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        # Begun on a line of its own, wherever a power cut left the one before.
        file.write(b"".join(b"\n" + _sealed(json.dumps(line, sort_keys=True)) for line in lines) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _sealed(text: str) -> bytes:
    nonce = secrets.token_bytes(12)
    key = vaults.current().key(_PURPOSE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), _PURPOSE.encode()))


def _opened(line: bytes) -> str | None:
    for key in vaults.current().keys(_PURPOSE):
        try:
            raw = base64.b64decode(line)
            return AESGCM(key).decrypt(raw[:12], raw[12:], _PURPOSE.encode()).decode()
        except (InvalidTag, ValueError):
            continue
    return None
