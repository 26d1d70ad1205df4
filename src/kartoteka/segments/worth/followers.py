"""How what is counted of worth follows customers."""

from collections.abc import Mapping
from typing import Any

from kartoteka.people.follow import Follower, follow

from .groups import CELL_NAMES
from .models import CustomerWorth


def register() -> None:
    """Answer for the models of worth."""
    follow(
        "customer",
        Follower(
            CustomerWorth,
            "customer_id",
            "counted from the orders: stays until the next counting, which follows where the orders went",
            told=_worth,
            called={"cell": CELL_NAMES},
        ),
    )


def _worth(customer: int) -> list[Mapping[str, Any]]:
    """A profile, so it is told (GDPR art. 15)."""
    columns = (
        "counted_at",
        "revenue",
        "profit",
        "level",
        "frequency",
        "cell",
        "alive",
        "lifetime",
        "next_on",
    )
    return list(CustomerWorth.objects.filter(customer=customer).values(*columns))
