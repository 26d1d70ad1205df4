"""Where something happened: the page, where its visitor came from, and the campaign that brought them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kartoteka.activity.shopping import text

_CAMPAIGN = ("source", "medium", "name", "term", "content")
# What an address may carry that is nobody's business: it goes no further than here.
_SECRET = re.compile(
    r"(?:^|[_-])(?:token|key|password|secret|e?-?mail|phone|session|sid|auth|signature)$|^code$", re.I
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page. url: without secrets, and without what stands behind #. referrer: the address they came from."""

    url: str = ""
    path: str = ""
    referrer: str = ""


def page_of(told: Mapping[str, Any], properties: Mapping[str, Any]) -> Page:
    """The page as the context tells it, or as the properties of a page call do."""
    url = text(properties.get("url") or told.get("url"), 2000)
    path = text(properties.get("path") or told.get("path"), 300)
    referrer = text(properties.get("referrer") or told.get("referrer"), 2000)
    if url and not path:
        path = _split(url)[1][:300]
    return Page(_bare(url)[:500], path, _bare(referrer)[:300])


def _split(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", "", ""
    return (
        f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else "",
        parts.path,
        parts.query,
    )


def _bare(url: str) -> str:
    """An address without what it may tell of a person: sign-in, secrets, and the part behind #."""
    if not url:
        return ""
    origin, path, query = _split(url)
    pairs = [part for part in query.split("&") if part and not _tells(part.partition("=")[0])]
    return f"{origin}{path}" + (f"?{'&'.join(pairs)}" if pairs else "")


def _tells(name: str) -> bool:
    return bool(_SECRET.search(name))


def campaign_of(told: Mapping[str, Any], url: str) -> dict[str, str]:
    """The campaign as the context tells it, or as the address does (utm_source, utm_medium, utm_campaign ...)."""
    found = {name: text(told.get(name), 200) for name in _CAMPAIGN}
    if not any(found.values()) and "utm_" in url:
        asked = dict(parse_qsl(_split(url)[2]))
        found = {
            name: asked.get(f"utm_{'campaign' if name == 'name' else name}", "")[:200] for name in _CAMPAIGN
        }
    return {name: value for name, value in found.items() if value}
