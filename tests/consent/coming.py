"""A customer who comes by the link to their own page, or asks somebody at the counter."""

from __future__ import annotations

from kartoteka.consent.links import Visit, make_link, visit
from kartoteka.consent.models import PrivacyRequest
from kartoteka.consent.requests import receive
from kartoteka.people.models import Customer
from kartoteka.trust.actor import SHELL, Actor, Right

CLERK = Actor("staff", 1, "a clerk", frozenset({Right.SEE, Right.CHANGE}))


def came(anna: Customer) -> Visit:
    found = visit(make_link(customer=anna, by=SHELL).split("/")[2])
    assert found is not None
    return found


def asked(anna: Customer, kind: str, **more: object) -> PrivacyRequest:
    return receive(customer=anna, kind=kind, through="call", by=CLERK, **more)  # type: ignore[arg-type]
