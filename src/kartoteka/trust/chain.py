"""The audit's chain: entries are linked in order, each hash over the hash before it and the entry's own text.

Whoever writes an entry waits for nobody: it is marked with our key (signing.py) and inserted, no more. The worker links
what was written within seconds, in the one order in which it finds it, and seals the chain's end with a mark. Linking is
guarded by a lock, so two workers do not make two chains. So a change, a gap, an insertion or another order is found to the
row (verifying.py). The end is also written where somebody who has only the database does not reach: beside the base, into
each backup, and once an hour into the log.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from kartoteka.kit import bulk

from . import signing
from .models import AuditEntry, AuditLink, AuditSeal

log = logging.getLogger("kartoteka.audit")
START = "0" * 64
AT_ONCE = 5000
# Entries gather for a moment, so that a busy shop's chain is not sealed for every look at a card.
GATHER = timedelta(seconds=3)
# On PostgreSQL an entry may become visible after one with a higher number: so far back we look for such.
LATE = 10_000
HEAD_FILE = "audit-head.json"
_LINKING = 0x6B61_7263  # an advisory lock's number, ours alone


@dataclass(frozen=True)
class Head:
    """Where the chain ends: the number of its last link and that link's hash."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"

    def text(self) -> bytes:
        """As it is marked."""
        return f"audit/{self}".encode()


class NoHead(ValueError):
    """This is not how the end of a chain is written."""


def head_of(text: str) -> Head:
    """The end of a chain as it is written: `1234:8f2a…`. Raises NoHead."""
    sequence, _, hash_ = text.strip().partition(":")
    if not sequence.isdecimal() or not re.fullmatch("[0-9a-f]{64}", hash_):
        raise NoHead("Write the end of the chain as it is in the log: its number, a colon, 64 letters.")
    return Head(int(sequence), hash_)


def linked_hash(before: str, entry: int, told: bytes, mark: str) -> str:
    """The hash of a link: SHA-256 over the hash before it, the entry's number, its text and its mark."""
    return hashlib.sha256(
        b"\x1f".join([before.encode(), str(entry).encode(), mark.encode(), told])
    ).hexdigest()


def head() -> Head:
    """Where the chain ends now."""
    last = AuditLink.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return Head(*last) if last else Head(0, START)


def link_due() -> bool:
    """Link what waits, if it has gathered; whether anything was linked. The worker's job."""
    waiting = _waiting(whole=False)
    if not waiting:
        return False
    if len(waiting) < AT_ONCE:
        oldest = AuditEntry.objects.filter(pk__in=waiting[:1]).values_list("at", flat=True).first()
        if oldest is None or timezone.now() - oldest < GATHER:
            return False
    return bool(link(whole=False))


def link(*, whole: bool = True) -> int:
    """Link the entries that are in no link yet, and seal the end; how many there were.

    whole: look at every entry, also far before the end, where a long transaction may have left one.
    """
    done = 0
    while True:
        with transaction.atomic():
            if not _alone():
                return done
            some = _waiting(whole=whole)
            if not some:
                return done
            sealed = _link_these(some)
        _tell(sealed)
        done += len(some)


def _alone() -> bool:
    """Whether nobody else links now. SQLite has one writer at a time by itself."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LINKING])
        return bool(cursor.fetchone()[0])


def _waiting(*, whole: bool) -> list[int]:
    last = AuditLink.objects.order_by("-sequence").values_list("entry", flat=True).first() or 0
    if whole:
        since = 0
    elif connection.vendor == "postgresql":
        since = last - LATE
    else:
        since = last  # one writer at a time: numbers become visible in their order
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM trust_auditentry WHERE id > %s AND NOT EXISTS "
            "(SELECT 1 FROM trust_auditlink WHERE entry = trust_auditentry.id) ORDER BY id LIMIT %s",
            [since, AT_ONCE],
        )
        return [row[0] for row in cursor.fetchall()]


def _link_these(entries: list[int]) -> AuditSeal:
    end = head()
    sequence, before = end.sequence, end.hash
    links = []
    rows = AuditEntry.objects.filter(pk__in=entries).order_by("pk").values_list("pk", "mark", *signing.TOLD)
    for entry, mark, *values in rows.iterator(chunk_size=AT_ONCE):
        sequence += 1
        before = linked_hash(before, entry, signing.told_by(tuple(values)), mark)
        links.append((sequence, entry, before))
    bulk.insert(AuditLink, ("sequence", "entry", "hash"), links)
    new = Head(sequence, before)
    return AuditSeal.objects.create(
        sequence=sequence, hash=before, at=timezone.now(), mark=signing.mark(new.text())
    )


def head_file() -> Path:
    """Where the end of the chain is written down beside the base."""
    path: Path = settings.KARTOTEKA.home / HEAD_FILE
    return path


def _tell(sealed: AuditSeal) -> None:
    """Write the end of the chain to where somebody who has only the database does not reach."""
    if not is_where_it_was():
        log.error("the audit's chain is not the one it was; see: kartoteka check audit")
        return  # the older end is the only proof of it
    try:
        told = head_file().stat().st_mtime
    except FileNotFoundError:
        told = 0.0
    write_head(Head(sealed.sequence, sealed.hash), sealed.mark)
    if int(sealed.at.timestamp()) // 3600 != int(told) // 3600:
        log.info("the audit was sealed", extra={"sequence": sealed.sequence, "head": sealed.hash})


def is_where_it_was() -> bool:
    """Whether the chain still passes the end that is written down beside the base."""
    written = written_head()
    if written is None or not signing.marker()(written[1], written[0].text()):
        return True
    end = written[0]
    return AuditLink.objects.filter(pk=end.sequence, hash=end.hash).exists()


def write_head(end: Head, mark: str) -> None:
    """Write down beside the base where its chain ends."""
    path = head_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.part")
    draft.write_text(json.dumps({"sequence": end.sequence, "hash": end.hash, "mark": mark}), "ascii")
    os.replace(draft, path)


def written_head() -> tuple[Head, str] | None:
    """The end as written down beside the base, and its mark; None where there is none that can be read."""
    try:
        found = json.loads(head_file().read_text("ascii"))
        return Head(int(found["sequence"]), str(found["hash"])), str(found["mark"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
