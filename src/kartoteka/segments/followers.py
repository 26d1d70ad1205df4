"""What becomes of this domain's rows when customers are merged, told, forgotten."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import F

from kartoteka.kit import bulk
from kartoteka.people.follow import Follower, Keys, follow

from .models import Member, Passage, Segment, SnapshotMember, Turn


def register() -> None:
    """Answer for every model of this domain."""
    again = "who is merged away leaves, and the one who is left is looked at again; so with a split"
    follow("customer", Follower(Member, "customer_id", again, told=_members, forgotten=_forget_members))
    follow(
        "customer",
        Follower(Turn, "customer_id", again, untold="only when to look again at what is told as groups"),
    )
    follow(
        "customer", Follower(Passage, "customer_id", "stays with the card that came and went", told=_passages)
    )
    follow(
        "customer",
        Follower(SnapshotMember, "customer_id", "stays as it was when it was taken", told=_snapshots),
    )


def _forget_members(keys: Keys) -> None:
    """Nobody came or went: they were never there."""
    lost = Counter(
        segment for (segment,) in bulk.fetch(Member, ("segment_id",), by="customer_id", among=keys)
    )
    bulk.delete(Member, by="customer_id", among=keys)
    for segment, count in lost.items():
        Segment.objects.filter(pk=segment).update(size=F("size") - count)


def _members(customer: int) -> list[Mapping[str, Any]]:
    return list(Member.objects.filter(customer=customer).values("segment__name", "since"))


def _passages(customer: int) -> list[Mapping[str, Any]]:
    return list(Passage.objects.filter(customer=customer).values("segment__name", "what", "at"))


def _snapshots(customer: int) -> list[Mapping[str, Any]]:
    rows = SnapshotMember.objects.filter(customer=customer)
    return list(rows.values("snapshot__segment__name", "snapshot__label", "snapshot__at"))
