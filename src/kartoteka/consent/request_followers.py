"""How requests, links and restrictions follow identities."""

from collections.abc import Mapping
from typing import Any

from kartoteka.kit import bulk
from kartoteka.people.follow import Follower, Keys, follow
from kartoteka.people.sealing import open_values

from .models import (
    Choice,
    ExchangeLine,
    LegalHold,
    Listed,
    PageLink,
    PrivacyRequest,
    RequestStep,
    Restriction,
    Suppression,
)

_GOES_ALONG = "hangs on an identity and goes where it goes"


def register() -> None:
    """Answer for the models of customers' requests."""
    follow(
        "identity",
        Follower(PrivacyRequest, "identity_id", _GOES_ALONG, told=_requests, forgotten=_forget_requests),
    )
    follow(
        "identity",
        Follower(PageLink, "identity_id", _GOES_ALONG, untold="a key to this very page, not a fact of them"),
    )
    _what_names_a_point()
    follow("identity", Follower(Restriction, "identity_id", _GOES_ALONG, told=_restrictions))
    follow("identity", Follower(LegalHold, "identity_id", _GOES_ALONG, told=_holds))
    follow("identity", Follower(ExchangeLine, "identity_id", _GOES_ALONG, told=_exchanges))


def _what_names_a_point() -> None:
    """What the ledger knows of contact points: a choice of somebody else keeps one, a suppression goes with it."""
    untold = "told with the choices"
    follow("point", Follower(Choice, "point_id", "of the record", untold=untold, holds=True))
    follow("point", Follower(Suppression, "point_id", "of the contact point, whoever has it", untold=untold))
    follow("point", Follower(Listed, "point_id", "of the contact point, whoever has it", untold=untold))


def _requests(customer: int) -> list[Mapping[str, Any]]:
    rows = PrivacyRequest.objects.filter(identity__customer=customer).order_by("pk")
    told = list(rows.values("kind", "through", "said", "changes", "asked_at", "due_on", "ended_at"))
    open_values([row["changes"] for row in told])
    return list(told)


def _restrictions(customer: int) -> list[Mapping[str, Any]]:
    rows = Restriction.objects.filter(identity__customer=customer).order_by("pk")
    return list(rows.values("why", "at", "ended_at"))


def _holds(customer: int) -> list[Mapping[str, Any]]:
    rows = LegalHold.objects.filter(identity__customer=customer).order_by("pk")
    return list(rows.values("why", "at", "ended_at"))


def _exchanges(customer: int) -> list[Mapping[str, Any]]:
    rows = ExchangeLine.objects.filter(identity__customer=customer).order_by("pk")
    return list(rows.values("exchange__partner", "exchange__at", "agreed"))


def _forget_requests(identities: Keys) -> None:
    """That somebody asked and was answered is our proof, and stays; who it was and what they said goes."""
    keys = [row[0] for row in bulk.fetch(PrivacyRequest, ("id",), by="identity_id", among=identities)]
    bulk.set_to(RequestStep, "note", "", by="request_id", among=keys)
    bulk.set_to(PrivacyRequest, "said", "", by="id", among=keys)
    bulk.set_to(PrivacyRequest, "changes", "{}", by="id", among=keys)
    bulk.set_to(PrivacyRequest, "identity_id", None, by="id", among=keys)
