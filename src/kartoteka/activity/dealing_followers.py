"""How dealings follow identities."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kartoteka.kit import bulk
from kartoteka.people.follow import Follower, Keys, Leaving, follow, leave_trace

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
            called={"direction": {Dealing.Direction.IN: _("from you")}},
            forgotten=_forget,
        ),
    )
    leave_trace("unmatched dealings", _wipe)


def _told(customer: int) -> list[Mapping[str, Any]]:
    rows = Dealing.objects.filter(identity__customer=customer).order_by("at", "pk")
    return list(
        rows.values("way", "direction", "at", "subject", "note", "counterpart", "about", "outcome", "by_name",
                    "enclosures__label")
    )  # fmt: skip


def _forget(identities: Keys) -> None:
    _take_out([row[0] for row in bulk.fetch(Dealing, ("id",), by="identity_id", among=identities)])


def _wipe(leaving: Leaving) -> None:
    """What came from their addresses and numbers before anybody said whose it was."""
    theirs = sorted(leaving.texts("emails") | leaving.texts("phones"))
    found = (
        Dealing.objects.filter(identity=None, counterpart__in=theirs) if theirs else Dealing.objects.none()
    )
    _take_out(list(found.values_list("pk", flat=True)))


def _take_out(keys: list[int]) -> None:
    throw_away_of([row[0] for row in bulk.fetch(Enclosure, ("name",), by="dealing_id", among=keys)])
    bulk.delete(Enclosure, by="dealing_id", among=keys)
    bulk.delete(Score, by="dealing_id", among=keys)
    bulk.set_to(Dealing, "thread_id", None, by="thread_id", among=keys)
    bulk.delete(Dealing, by="id", among=keys)
