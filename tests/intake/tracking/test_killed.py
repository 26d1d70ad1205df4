"""kill -9 under load: every event that was answered with 200 is there, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intake.test_killed import Shop, _opened, killed

pytestmark = pytest.mark.slow

# A server and a worker in one: both die at the same moment.
AT_IT = """
import json, threading, time
from django.conf import settings
settings.ALLOWED_HOSTS.append("testserver")
from django.test import Client
from kartoteka.intake.connections import connect
from kartoteka.intake.tracking.working import run_due_parcels
from kartoteka.trust.actor import SHELL
def work():
    while True:
        run_due_parcels() or time.sleep(0.01)
key, client, number = connect(kind="tracking", name="site", by=SHELL).key, Client(), 0
threading.Thread(target=work, daemon=True).start()
while True:
    called = {"type": "track", "event": "e", "userId": "7"}
    batch = [{**called, "messageId": f"m{n}"} for n in range(number, number + 20)]
    if client.post("/v1/batch", json.dumps({"writeKey": key, "batch": batch}), content_type="x").status_code == 200:
        number += 20
        print(number, flush=True)
"""
FINISH = """
from kartoteka.intake.tracking.working import run_due_parcels
from kartoteka.activity.models import Event
while run_due_parcels(): pass
print(Event.objects.count(), Event.objects.values("message").distinct().count())
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    yield from _opened(tmp_path / "one", "kartoteka_tracking_killed")


def test_what_was_answered_is_there_once(shop: Shop) -> None:
    begun = shop.begin("django", "shell", "--no-imports", "-c", AT_IT)
    assert begun.stdout is not None
    answered = 0
    while answered < 400:
        answered = int(begun.stdout.readline())
    killed(begun)
    there, different = map(int, shop.django(FINISH).split())
    assert there == different
    assert there >= answered
    assert there % 20 == 0, "a call is there whole or not at all"
