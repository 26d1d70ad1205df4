"""The debugger of sites: what came, what was mended, what was refused; scripts in it stay text."""

from __future__ import annotations

import json

from django.test import Client

from kartoteka.activity.models import Event
from kartoteka.intake.connections import connect
from kartoteka.intake.tracking import receiving
from kartoteka.intake.tracking.visitor_ids import is_forged, new_id
from kartoteka.intake.tracking.working import run_due_parcels
from kartoteka.trust.actor import SHELL


def test_the_last_events_and_what_was_wrong(owner: Client, clerk: Client) -> None:
    assert "No site is connected" in owner.get("/site/").content.decode()
    receiving.forget_known()
    site = connect(kind="tracking", name="shop.example", by=SHELL)
    assert "No events yet" in owner.get("/site/").content.decode()
    script = "<script>alert(1)</script>"
    batch = [
        {"type": "track", "event": script, "userId": script, "properties": {script: script}, "timestamp": "2099-01-01"},
        {"type": "page", "anonymousId": "b1", "context": {
            "page": {"path": "/hats", "title": script, "referrer": f"https://x.example/?q={script}"},
            "campaign": {"name": script, "source": script},
        }},
        {"type": "page", "anonymousId": "k1.made-up.by-hand"},
    ]  # fmt: skip
    Client().post("/v1/b", json.dumps({"batch": batch, "writeKey": site.key}), content_type="text/plain")
    Client().post("/v1/b", json.dumps({"batch": batch, "writeKey": "mistyped"}), content_type="text/plain")
    assert "Calls have come" in owner.get("/site/").content.decode()
    assert run_due_parcels()
    page = owner.get("/site/").content.decode()
    for told in ("/hats", "2099", "mistyped", "is not", "&lt;script&gt;"):
        assert told in page, told
    assert script not in page
    assert "/hats" not in owner.get(f"/site/?problems=1&site={site.pk}").content.decode()
    assert owner.get("/site/?after=nonsense").status_code == 200
    assert clerk.get("/site/").status_code == 403
    assert Event.objects.count() == 2


def test_ids_of_ours_cannot_be_made_up() -> None:
    one, other = new_id(), new_id()
    assert one != other
    assert not is_forged(one)
    assert not is_forged("somebody-elses-library")
    assert is_forged(one[:-1] + ("A" if one[-1] != "A" else "B"))
    assert is_forged("k1." + other.split(".")[1] + "." + one.split(".")[2])
    assert is_forged("k1.ł.ł")


def test_browsers_may_ask_from_anywhere(db: None) -> None:
    asked = Client().options(
        "/v1/p",
        headers={"origin": "https://shop.example", "access-control-request-headers": "content-type"},
    )
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "content-type" in asked.headers["Access-Control-Allow-Headers"]
    told = Client().get("/v1/projects/abc/settings").json()
    assert told["integrations"]["Segment.io"]["apiHost"] == "testserver/v1"
    assert Client().get("/sourceConfig/?writeKey=abc").json()["source"]["writeKey"] == "abc"
    script = Client().get("/k.js", headers={"accept-encoding": "gzip"})
    assert script.headers["Content-Encoding"] == "gzip"
    assert len(script.content) < 5000
