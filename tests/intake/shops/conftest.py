"""A connected shop that sends through the real address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kartoteka.intake import connections
from kartoteka.intake.models import Connection
from kartoteka.intake.shops.doing import do_due
from kartoteka.trust.actor import SHELL

from .payloads import SECRET, USUAL, body, signed

Send = Callable[..., int]


def connected(kind: str, **more: str) -> Connection:
    """A connection of this kind whose secret the tests know."""
    asked = {"access_token": "EAAB"} if kind == "meta" else {}
    return connections.connect(kind=kind, name=f"our {kind}", secret=SECRET, more=asked | more, by=SHELL)


def post(made: Connection, raw: bytes, headers: dict[str, str], client: Client | None = None) -> int:
    """Send these bytes to the connection's address; the status that is answered."""
    answer = (client or Client()).post(
        f"/hooks/{made.kind}/{made.key}", raw, content_type="application/json", headers=headers
    )
    return answer.status_code


def deliver(made: Connection, payload: Any, *, topic: str = "", key: str = "") -> None:
    """Send a signed message and have the worker do it."""
    raw = body(payload)
    topic = topic or USUAL[made.kind][0]
    assert post(made, raw, signed(made.kind, raw, topic=topic, key=key or f"k{hash(raw)}")) == 200
    while do_due():
        pass


@pytest.fixture(params=sorted(USUAL))
def shop(request: pytest.FixtureRequest, db: None) -> Connection:
    """Each kind in its turn."""
    return connected(request.param)
