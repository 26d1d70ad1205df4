"""What forms send, read: moments as date fields send them, keys."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def moment(text: str) -> dt.datetime | None:
    """A moment as a `datetime-local` field sends it ("2026-12-01T09:30"); None for anything else."""
    try:
        found = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if not 1900 < found.year < 2200:
        return None
    return found if found.tzinfo else timezone.make_aware(found)


def number(text: str) -> int | None:
    """A key or a count as a field sends it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
