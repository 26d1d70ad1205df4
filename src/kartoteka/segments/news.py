"""What this domain announces, once for each coming and going."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Entered:
    """These customers came into a group."""

    segment: int
    customers: tuple[int, ...]
    at: dt.datetime


@dataclass(frozen=True)
class Left:
    """These customers went out of a group, or are no longer there."""

    segment: int
    customers: tuple[int, ...]
    at: dt.datetime
