"""The city of an IP address, by a database of the owner's own on this disk; nothing is asked of anybody.

Format: MaxMind DB (`city.names`, `country.iso_code`), as several makers of such databases hand them out.
"""

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

log = logging.getLogger("kartoteka.tracking")


@lru_cache(maxsize=4)
def _opened(path: Path, _changed: int) -> Any:
    import maxminddb

    try:
        return maxminddb.open_database(path)
    except (OSError, maxminddb.InvalidDatabaseError):
        log.warning("the database of cities cannot be read", extra={"file": path.name})
        return None


def place_of(ip: str) -> tuple[str, str]:
    """City and country (ISO alpha-2) of an address; "" for what is not known, or where no database is set up."""
    path: Path | None = settings.KARTOTEKA.city_file
    if path is None or not ip:
        return "", ""
    try:
        base = _opened(path, path.stat().st_mtime_ns)
        found = base.get(ip) if base is not None else None
    except (OSError, ValueError):
        return "", ""
    if not isinstance(found, dict):
        return "", ""
    names = (found.get("city") or {}).get("names") or {}
    city = names.get(settings.LANGUAGE_CODE) or names.get("en") or ""
    return str(city)[:100], str((found.get("country") or {}).get("iso_code") or "")[:2]
