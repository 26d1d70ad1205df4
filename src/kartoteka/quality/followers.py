"""How this domain's rows follow customers and identities."""

from collections.abc import Mapping
from typing import Any

from kartoteka.kit import bulk
from kartoteka.people.follow import Follower, Keys, follow

from .models import Apart, Doubt, Merger, Split
from .whys import open_whys

_HISTORY = "is itself the record of a merger or split"


def register() -> None:
    """Answer for every model of this domain."""
    for column in ("one_id", "other_id"):
        follow(
            "customer",
            Follower(
                Doubt,
                column,
                "a pair of which one was joined away is no doubt any more",
                untold="a guess of ours",
            ),
        )
        follow(
            "identity",
            Follower(Apart, column, "hangs on an identity and goes where it goes", untold="a guess of ours"),
        )
    for column in ("kept_id", "gone_id"):
        tell: dict[str, Any] = (
            {"told": _mergers} if column == "kept_id" else {"untold": "told with whom they became"}
        )
        follow("customer", Follower(Merger, column, _HISTORY, forgotten=_forget_mergers(column), **tell))
    for column in ("stayed_id", "parted_id"):
        follow("customer", Follower(Split, column, _HISTORY, untold="told with the merger it took back"))


def _mergers(customer: int) -> list[Mapping[str, Any]]:
    rows = list(Merger.objects.filter(kept=customer))
    open_whys(rows)
    return [{"at": each.at, "how": each.get_how_display(), "why": each.why} for each in rows]


def _forget_mergers(column: str) -> Any:
    def forget(keys: Keys) -> None:
        mergers = [row[0] for row in bulk.fetch(Merger, ("id",), by=column, among=keys)]
        bulk.delete(Split, by="merger_id", among=mergers)
        bulk.delete(Merger, by="id", among=mergers)

    return forget
