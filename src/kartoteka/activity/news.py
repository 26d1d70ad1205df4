"""What this domain announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ActivityChanged:
    """Orders, events or dealings of these identities came, changed or went."""

    identities: tuple[int, ...]
