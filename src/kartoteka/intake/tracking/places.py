"""City and network of an IP address, by databases of the owner's own on this disk; nothing is asked of anybody.

Format: MaxMind DB (`city.names`, `country.iso_code`, `autonomous_system_organization`), as several makers of such databases
hand them out.
"""

import logging
from dataclasses import dataclass
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
        log.warning("a database of IP addresses cannot be read", extra={"file": path.name})
        return None


@dataclass(frozen=True)
class Place:
    """Where an address is. country: ISO alpha-2. network: who runs it. Each "" where it is not known."""

    city: str = ""
    country: str = ""
    network: str = ""


def place_of(ip: str) -> Place:
    """Where an address is, as far as a database that is set up knows."""
    given = settings.KARTOTEKA
    found = _entry(given.city_file, ip)
    names = _part(_part(found, "city"), "names")
    city = names.get(settings.LANGUAGE_CODE) or names.get("en") or ""
    network = _network(found) or _network(_entry(given.network_file, ip))
    return Place(str(city)[:100], str(_part(found, "country").get("iso_code") or "")[:2], network)


def _entry(path: Path | None, ip: str) -> dict[str, Any]:
    if path is None or not ip:
        return {}
    try:
        base = _opened(path, path.stat().st_mtime_ns)
        found = base.get(ip) if base is not None else None
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _part(found: dict[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def _network(found: dict[str, Any]) -> str:
    """Under the names that makers of such databases give it."""
    traits = _part(found, "traits")
    for name in ("autonomous_system_organization", "organization", "isp", "as_name"):
        if text := found.get(name) or traits.get(name):
            return str(text)[:100]
    return ""
