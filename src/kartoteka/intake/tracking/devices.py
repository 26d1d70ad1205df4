"""What a visitor's program says of itself: a phone, a tablet or a desk; a person or a bot."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# Programs that fetch pages by themselves name themselves by one of these words.
_BOT = re.compile(
    r"bot\b|bot[/;_ ]|crawl|spider|slurp|scrap|headless|phantomjs|lighthouse|pingdom|uptime|monitor|preview|"
    r"facebookexternalhit|embedly|whatsapp/|curl/|wget/|python-requests|python-urllib|go-http|java/|okhttp/\d|"
    r"mediapartners|feedfetch|validator|archiver|prerender",
    re.IGNORECASE,
)
_TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|android(?!.*mobile)", re.IGNORECASE)
_PHONE = re.compile(r"mobile|iphone|ipod|android|windows phone|opera mini", re.IGNORECASE)
_DESK = re.compile(r"windows|macintosh|x11|linux|cros", re.IGNORECASE)


@lru_cache(maxsize=4096)
def is_bot(agent: str) -> bool:
    """Whether a program of this name goes through pages by itself."""
    return bool(_BOT.search(agent))


def device_of(agent: str, told: Mapping[str, Any]) -> str:
    """ "phone", "tablet" or "desk", by what an app tells of its device, or by the program's name; "" for neither."""
    kind = str(told.get("type", "")).lower()
    if kind in ("ios", "android"):
        return "tablet" if "pad" in str(told.get("model", "")).lower() else "phone"
    return _by_name(agent)


@lru_cache(maxsize=4096)
def _by_name(agent: str) -> str:
    if _TABLET.search(agent):
        return "tablet"
    if _PHONE.search(agent):
        return "phone"
    return "desk" if _DESK.search(agent) else ""
