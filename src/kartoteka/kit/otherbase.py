"""Another base in the place of the one in use, for a while and in this thread only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.utils import load_backend

USE = "default"


def connection_to(entry: Mapping[str, Any]) -> Any:
    """A connection by an entry as in Django's DATABASES, not yet opened."""
    whole = connections.configure_settings({USE: dict(entry)})[USE]
    return load_backend(whole["ENGINE"]).DatabaseWrapper(whole, USE)


@contextmanager
def in_use(connection: Any) -> Iterator[None]:
    """Have everything in this thread that asks for the base get this one."""
    before = connections[USE]
    connections[USE] = connection
    try:
        yield
    finally:
        connections[USE] = before
