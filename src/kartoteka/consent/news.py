"""What this domain announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MayHaveChanged:
    """What these identities' customers, or whoever has these contact points, may be reached for can be another now."""

    identities: tuple[int, ...] = ()
    points: tuple[int, ...] = ()
