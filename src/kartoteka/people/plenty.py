"""That more fit a list than are counted, remembered for a minute.

The number is only said ("more than 1,000"), and a wish that many fit is fit by many a minute later; but to count them again
for each page took a tenth of the page's time, and more behind walls, where one entry of the index in three is theirs.
"""

import time
from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

from kartoteka.trust.actor import Actor

if TYPE_CHECKING:
    from .listing import Wish

SECONDS = 60.0
_MOST = 1000
_until: dict[Hashable, float] = {}


def key_of(wish: "Wish", actor: Actor) -> Hashable:
    """What is remembered: who asks (whom they see, what they may) for whom, wherever in the list and in what order."""
    whom = replace(wish, order="", columns=(), after="", before="")
    who = (
        actor.scope,
        actor.stages,
        actor.teams,
        actor.rights,
        (actor.kind, actor.key) if actor.walled else None,
    )
    return whom, who


def remembered(key: Hashable) -> bool:
    """Whether many were counted a moment ago."""
    return _until.get(key, 0.0) > time.monotonic()


def remember(key: Hashable) -> None:
    """There are many."""
    if len(_until) >= _MOST:
        _until.clear()
    _until[key] = time.monotonic() + SECONDS


def forget() -> None:
    """Count anew, whatever was remembered."""
    _until.clear()
