"""How the ledger follows identities."""

from collections.abc import Mapping
from typing import Any

from kartoteka.people.follow import Follower, Keys, follow

from .ledger import drop_of
from .models import Choice


def register() -> None:
    """Answer for the models of the ledger."""
    follow(
        "identity",
        Follower(
            Choice,
            "identity_id",
            "hangs on an identity and goes where it goes; what stands is computed again on both sides",
            told=_choices,
            forgotten=_forget,
        ),
    )


def _choices(customer: int) -> list[Mapping[str, Any]]:
    rows = Choice.objects.filter(identity__customer=customer).order_by("at", "pk")
    return list(
        rows.values(
            "purpose__key", "channel", "what", "at", "how", "place", "guardian", "by_name", "language", "wording__text",
            "point__value", "evidence", "identity__source__name",
        )
    )  # fmt: skip


def _forget(identities: Keys) -> None:
    drop_of(identities)
