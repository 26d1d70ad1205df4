"""What a site says was done there: the shape in which every way in hands an event over."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class EventSaid:
    """One event. how, key: who did it, as `Visitor` has them.

    at: when, aware. message: 64 bits that are this event's alone (`Event.message`). properties: no nulls, no NUL
    characters, of a size that is kept. problem: what was wrong with it, one a line. The rest as the columns of `Event`.
    """

    how: str
    key: str
    at: dt.datetime
    received_at: dt.datetime
    kind: str
    message: int
    name: str = ""
    url: str = ""
    path: str = ""
    referrer: str = ""
    campaign: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    device: str = ""
    bot: bool = False
    city: str = ""
    country: str = ""
    network: str = ""
    ip: str = ""
    problem: str = ""

    @property
    def visitor(self) -> tuple[str, str]:
        """Who did it."""
        return self.how, self.key
