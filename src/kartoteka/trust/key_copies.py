"""Copies of the persons' own keys: apart from the base's, sealed, and kept for a short time only.

A backup of the base holds no personal keys, so that it may be old: whoever was forgotten since cannot be read in it. With
each backup the keys of that moment go into a file beside it, which is removed after KEYS_KEPT days. To restore a base the
newest file of keys is used, whatever the age of the base: keys that were destroyed since are not in it.
"""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from kartoteka.kit import bulk

from . import vault as vaults
from .models import PersonalKey
from .sealed import seal, unseal
from .stores import KEYS_SUFFIX, Store

KEYS_KEPT = timedelta(days=30)
_COLUMNS = ("name", "subject_kind", "subject", "wrapped", "made_at", "destroyed_at")
_MOMENT = re.compile(r"kartoteka-(\d{8}-\d{6})\.")


def copy_keys(to: Path, *, made_at: datetime) -> Path:
    """Write the keys as they are into a sealed file in the folder `to`; the file."""
    target = to / f"kartoteka-{made_at:%Y%m%d-%H%M%S}{KEYS_SUFFIX}"
    text = io.BytesIO()
    rows = PersonalKey.objects.order_by("name").values_list(*_COLUMNS)
    for *plain, made, destroyed in rows.iterator(chunk_size=5000):
        moments = [made.isoformat(), destroyed.isoformat() if destroyed else None]
        text.write(json.dumps([*plain, *moments]).encode() + b"\n")
    text.seek(0)
    target.unlink(missing_ok=True)
    seal(text, target, key=vaults.current().key("backup"))
    return target


def restore_keys(source: Path) -> int:
    """Put the keys of a file into a base that has none of them; how many usable ones. Raises SealBroken."""
    out = io.BytesIO()
    unseal(source, out, key=vaults.current().keys("backup"))
    rows = []
    for line in out.getvalue().splitlines():
        *plain, made, destroyed = json.loads(line)
        rows.append(
            (*plain, datetime.fromisoformat(made), datetime.fromisoformat(destroyed) if destroyed else None)
        )
    with transaction.atomic():
        bulk.insert(PersonalKey, _COLUMNS, rows, ignore=True)
    return sum(1 for row in rows if row[3])


def newest_keys(folder: Path) -> Path | None:
    """The newest file of keys in a folder, if there is one."""
    return max(folder.glob(f"kartoteka-*{KEYS_SUFFIX}"), default=None)


def remove_old_keys(store: Store) -> int:
    """Remove the files of keys that are too old; how many. The newest always stays."""
    *older, _newest = ["", *store.names(KEYS_SUFFIX)]
    before = f"{(timezone.now() - KEYS_KEPT).astimezone(UTC):%Y%m%d-%H%M%S}"
    gone = [name for name in older if (found := _MOMENT.match(name)) and found[1] < before]
    for name in gone:
        store.remove(name)
    return len(gone)
