"""What this domain announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TeamsChanged:
    """A team was added or changed. With the first one the walls stand, and every customer needs a stage."""
