"""How dealings follow identities."""

from collections.abc import Mapping
from typing import Any

from kartoteka.kit import bulk
from kartoteka.people.follow import Follower, Keys, follow

from .dealing_models import Dealing, Enclosure, Score
from .recordings import throw_away_of


def register() -> None:
    """Answer for the models of dealings."""
    follow(
        "identity",
        Follower(
            Dealing,
            "identity_id",
            "hangs on an identity and goes where it goes",
            told=_told,
            forgotten=_forget,
        ),
    )


def _told(customer: int) -> list[Mapping[str, Any]]:
    rows = Dealing.objects.filter(identity__customer=customer).order_by("at", "pk")
    return list(
        rows.values("way", "direction", "at", "subject", "note", "counterpart", "about", "outcome", "by_name",
                    "enclosures__label")
    )  # fmt: skip


def _forget(identities: Keys) -> None:
    keys = [row[0] for row in bulk.fetch(Dealing, ("id",), by="identity_id", among=identities)]
    throw_away_of([row[0] for row in bulk.fetch(Enclosure, ("name",), by="dealing_id", among=keys)])
    bulk.delete(Enclosure, by="dealing_id", among=keys)
    bulk.delete(Score, by="dealing_id", among=keys)
    bulk.set_to(Dealing, "thread_id", None, by="thread_id", among=keys)
    bulk.delete(Dealing, by="id", among=keys)
