"""A site that is connected, and calls that it sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kartoteka.intake.connections import connect
from kartoteka.intake.models import Connection
from kartoteka.intake.tracking import receiving
from kartoteka.intake.tracking.working import run_due_parcels
from kartoteka.trust.actor import SHELL

Send = Callable[..., Any]


@pytest.fixture(autouse=True)
def nobody_known() -> Iterator[None]:
    """What was remembered of connections and refusals is another test's."""
    receiving.forget_known()
    cache.clear()
    yield
    receiving.forget_known()


@pytest.fixture
def site(db: None) -> Connection:
    """A connected site."""
    return connect(kind="tracking", name="shop.example", by=SHELL)


@pytest.fixture
def send(site: Connection) -> Send:
    """Sends calls of the site as a batch, and has the worker take them."""

    def sent(*calls: dict[str, Any], work: bool = True, **more: Any) -> Any:
        body = {"batch": list(calls), "writeKey": site.key, **more}
        answer = Client().post("/v1/batch", json.dumps(body), content_type="text/plain")
        while work and run_due_parcels():
            pass
        return answer

    return sent
