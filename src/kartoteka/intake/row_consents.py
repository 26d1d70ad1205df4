"""What a row says of consent: columns of yes and no, of moments, and words of the programs that send newsletters. Pure.

An empty cell, and a word that is neither yes nor no, say nothing: nobody agreed by a cell that we did not understand.
A no without a channel is a no to all of them; a yes without one is for e-mail only, which is what such columns are of.
"""

import datetime as dt
import re
from typing import NamedTuple

from kartoteka.standard import dates, yesno

from .row import Reading

CHANNELS = ("email", "sms", "phone", "post", "messenger", "ads")
USUAL = "marketing"
# What newsletter programs write for an address that is not to be used, and for one that was never asked.
_BOUNCED = frozenset(
    {"cleaned", "bounced", "bounce", "hard bounce", "hard bounced", "invalid", "undeliverable"}
)
_COMPLAINED = frozenset({"complained", "complaint", "spam", "spam complaint", "junk", "abuse"})
_NOTHING = frozenset({
    "pending", "unconfirmed", "non-subscribed", "nonsubscribed", "non subscribed", "not subscribed", "never subscribed",
    "transactional", "archived", "unknown", "not set", "not_set", "not applicable", "n/a", "na", "none", "never",
})  # fmt: skip
# HubSpot's legal basis for processing: only the first is the customer's own yes.
_FREELY = "freely given consent"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")


class RowConsent(NamedTuple):
    """What one row says: of a purpose by its key and a channel; `what` is "given", "withdrawn", "bounce" or "complaint".

    at: ISO moment or day, "" where the row does not say. confirmed: by a link, as the program knows. column, typed: proof.
    """

    purpose: str
    channel: str
    what: str
    at: str
    confirmed: bool
    column: str
    typed: str


class _Cells:
    """The consent columns of one purpose and channel."""

    def __init__(self) -> None:
        self.said: tuple[str, int, str] | None = None  # what, column, typed
        self.moments: dict[str, tuple[str, int, str]] = {}


def read_consents(reading: Reading) -> list[RowConsent]:
    """What the row says of consent, each channel of a purpose at most once; the stricter where columns contradict."""
    found: dict[tuple[str, str], _Cells] = {}
    for column, key, text in reading.cells.pop("consent", ()):
        part, _, label = key.partition(":")
        channel, _, purpose = label.partition("/")
        cells = found.setdefault((purpose or USUAL, channel if channel in CHANNELS else ""), _Cells())
        if part in ("at", "confirmed", "bounced") or (part == "withdrawn" and (_moment(reading, text))):
            if moment := _moment(reading, text):
                cells.moments[part] = (moment, column, text)
            continue
        if (what := _meant(reading, column, text, refusing=part == "withdrawn")) and (
            cells.said is None or what != "given"
        ):
            cells.said = (what, column, text)
    named = {channel for _purpose, channel in found if channel}
    return [
        each
        for (purpose, channel), cells in found.items()
        for each in _told(reading, purpose, channel, cells, named)
    ]


def _told(reading: Reading, purpose: str, channel: str, cells: _Cells, named: set[str]) -> list[RowConsent]:
    what, at, column, typed = _decided(cells)
    if not what:
        return []
    confirmed = what == "given" and "confirmed" in cells.moments
    heading = reading.plan.columns[column] if column < len(reading.plan.columns) else ""
    channels = [channel] if channel else ["email"]
    if what == "withdrawn" and not channel:
        channels = [each for each in CHANNELS if each not in named]
    return [RowConsent(purpose, each, what, at, confirmed, heading, typed[:200]) for each in channels]


def _decided(cells: _Cells) -> tuple[str, str, int, str]:
    """What, when, in which column, in which words. A moment of leaving outweighs a word."""
    moments = cells.moments
    said = cells.said
    if "bounced" in moments:
        at, column, typed = moments["bounced"]
        return "bounce", at, column, typed
    if "withdrawn" in moments:
        at, column, typed = moments["withdrawn"]
        return "withdrawn", at, column, typed
    came = moments.get("confirmed") or moments.get("at")
    if said is not None:
        what, column, typed = said
        return what, came[0] if came and what == "given" else "", column, typed
    if came is not None:
        return "given", came[0], came[1], came[2]
    return "", "", 0, ""


def _meant(reading: Reading, column: int, text: str, *, refusing: bool) -> str:
    """What a word in a consent column means; "" for nothing, with a problem where it may have been meant as something."""
    word = " ".join(text.casefold().split()).strip(" .")
    if word in _NOTHING:
        return ""
    if word in _BOUNCED:
        return "bounce"
    if word in _COMPLAINED:
        return "complaint"
    if word.startswith(_FREELY):
        return "given"
    result = yesno.standardise(text, country=reading.country, language=reading.plan.language)
    if result.value is None:
        if not refusing and _moment(reading, text):
            return "given"  # a column of moments under a heading of consent: then they agreed
        if result.problem:
            reading.complain("consent", column, "unclear", text)
        return ""
    if refusing:
        # Who did not opt out has not opted in.
        return "withdrawn" if result.value else ""
    return "given" if result.value else "withdrawn"


def _moment(reading: Reading, text: str) -> str:
    """The moment in a cell as ISO text, with its time where it has one; "" where it is none."""
    if len(text) < 6 or not any(char.isdigit() for char in text):
        return ""
    if _MOMENT.fullmatch(text):
        try:
            return dt.datetime.fromisoformat(text.removesuffix(" UTC").replace("Z", "+00:00")).isoformat()
        except ValueError:
            pass
    found = dates.standardise(text, country=reading.country, language=reading.plan.language, excel=True)
    return found.value if found.value and len(found.value) == 10 and found.value[0] != "-" else ""
