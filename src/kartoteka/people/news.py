"""What this domain announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CustomersChanged:
    """The records of these customers are new or may have changed."""

    customers: tuple[int, ...]


@dataclass(frozen=True)
class PointsMade:
    """Nobody was reached at these contact points before: (key, kind, value)."""

    points: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class CustomersGone:
    """These customers are no longer there: merged into others, or their last claim was undone."""

    customers: tuple[int, ...]


@dataclass(frozen=True)
class Recounted:
    """Completeness and freshness of all customers were counted anew."""
