"""Who must not come in: a floor above knows those who asked to be forgotten, and every way in asks here first."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

# Who comes: the key at the source, and the standard values.
Coming = tuple[str, Mapping[str, Any]]
# Given the source's key and those who come, the places of those to be turned away, each with the day they asked for it.
Keeper = Callable[[int, Sequence[Coming]], dict[int, dt.date]]

_keepers: list[Keeper] = []


def keep_the_door(keeper: Keeper) -> None:
    """Have `keeper` asked about all who come. Called from an app's `ready()`."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def turned_away(source: int, coming: Sequence[Coming]) -> dict[int, dt.date]:
    """The places of those who must not be taken in, with the day on which they asked to be forgotten."""
    found: dict[int, dt.date] = {}
    for keeper in _keepers:
        found.update(keeper(source, coming))
    return found


def why_not(day: dt.date) -> str:
    """What is said of somebody who is turned away."""
    return _(
        "This person asked to be forgotten on %(day)s. If they have come back themselves, the privacy officer can let "
        "them in."
    ) % {"day": date_format(day, "Y-m-d")}
