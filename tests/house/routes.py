"""Every address of the site, with real things filled in: for tests that walk them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)")
# What a route's other parts are called, where nothing of ours is meant.
OTHERS = {"key": "abc-def", "uidb36": "1", "pk": "1", "secret": "no-such-secret", "call": "t", "task": 1,
          "enclosure": 1, "dealing": 1, "callback": 1, "choice": 1, "what": "note"}  # fmt: skip
# Whose key stands in a route that begins so; the first that fits.
KEYS = (
    ("imports/", "import"),
    ("connections/", "connection"),
    ("hooks/", "hook"),
    ("orders/", "order"),
    ("api/v1/orders/", "order"),
    ("doubles/runs/", "run"),
    ("doubles/joined/", "merger"),
    ("doubles/", "doubt"),
    ("fields/", "own_field"),
    ("groups/", "segment"),
    ("api/v1/segments/", "segment"),
    ("teams/", "team"),
    ("roles/", "role"),
    ("tasks/", "task"),
    ("dealings/files/", "enclosure"),
    ("dealings/", "dealing"),
    ("worth/mail/", "report_plan"),
    ("worth/products/", "product"),
    ("api/v1/dealings/", "dealing"),
    ("api/v1/tasks/", "task"),
    ("today/callbacks/", "callback"),
    ("today/bell/", "task"),
    ("staff/tokens/", "token"),
    ("staff/", "staff"),
    ("consent/", "purpose"),
    ("retention/", "rule"),
    ("partners/", "exchange"),
    ("api/v1/retention/", "rule"),
    ("api/v1/exchanges/", "exchange"),
    ("requests/forgotten/", "erasure"),
    ("requests/", "request"),
    ("api/v1/requests/", "request"),
    ("api/v1/imports/", "import"),
    ("api/v1/matches/runs/", "run"),
    ("api/v1/matches/", "doubt"),
)


@dataclass(frozen=True)
class Route:
    """An address as the site knows it (`customers/<card>/`), and the parts that are to be filled in."""

    pattern: str
    parts: tuple[str, ...]

    def at(self, things: Mapping[str, object]) -> str:
        """The address with these things in the place of its parts."""
        if self.pattern.startswith("confirm/"):
            things = {**things, "token": "no-such-token"}
        elif self.pattern.startswith("u/"):
            things = {**things, "token": things["unsubscribe"]}
        elif self.pattern.startswith("my/"):
            things = {**things, "token": things["page"]}
        filled = {**OTHERS, **things}
        if meant := next((thing for start, thing in KEYS if self.pattern.startswith(start)), ""):
            filled["key"] = filled[meant]
        return "/" + _PART.sub(lambda part: str(filled[part[1]]), self.pattern)


def routes() -> list[Route]:
    """All of them, each once."""
    found = {}
    for text in _walked(get_resolver().url_patterns, ""):
        plain = (
            _PART.sub(r"<\1>", _GROUP.sub(r"<\1>", text)).replace("^", "").replace("$", "").replace("\\Z", "")
        )
        found[plain] = Route(plain, tuple(_PART.findall(plain)))
    return sorted(found.values(), key=lambda each: each.pattern)


def _walked(patterns: Sequence[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLPattern):
            yield before + str(each.pattern)
        else:
            yield from _walked(each.url_patterns, before + str(each.pattern))
