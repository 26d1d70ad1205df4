"""Dealings and tasks by the API: written, listed, changed, ended; within the view, and veiled as on the card."""

from __future__ import annotations

from typing import Any

import pytest

from kartoteka.activity.models import Dealing
from kartoteka.agenda.models import Task
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Right
from kartoteka.trust.models import Staff
from tests import make

from .conftest import Api, Caller

LISTED = 3


@pytest.fixture
def anna(db: None) -> Customer:
    return make.person("Anna", "Nowak", phone="+48600100200", key="1")


@pytest.fixture
def api(caller: Caller) -> Api:
    Staff.objects.create_user(email="ola@example.com", name="Ola", role="owner")
    return caller()


def test_a_complaint_is_written_given_settled_and_opened_again(api: Api, anna: Customer) -> None:
    said = {
        "way": "call",
        "about": "complaint",
        "note": "The cup is broken",
        "key": "c-1",
        "at": "2026-05-04T10:00",
    }
    first = api.post(f"/customers/{anna.card}/dealings", said, status=201)
    assert api.post(f"/customers/{anna.card}/dealings", said, status=201) == first, "told twice, it is one"
    assert (first["card"], first["at"], first["is_late"]) == (anna.card, "2026-05-04T10:00:00+00:00", True)
    path = f"/dealings/{first['id']}"
    given = api.patch(path, {"owner": "OLA@example.com", "due_at": "2030-01-01T10:00:00Z"})
    assert (given["owner"], given["is_late"]) == ("ola@example.com", False)
    done = api.patch(path, {"outcome": "a new one was sent", "cause": "parcel"})
    assert (done["cause"], bool(done["settled_at"])) == ("parcel", True)
    assert api.patch(path, {"outcome": "again"}, status=422)["field"] == "outcome"
    assert api.get("/dealings", waits="open")["dealings"] == []
    assert api.patch(path, {"open": True})["settled_at"] is None
    assert [each["id"] for each in api.get("/dealings", waits="open", card=anna.card)["dealings"]] == [
        first["id"]
    ]
    refused = api.patch(path, {"note": "changed", "owner": "nobody@example.com"}, status=422)
    assert (refused["field"], Dealing.objects.get().note) == ("owner", "The cup is broken"), "all or nothing"
    assert api.get("/dealings", card="7KM2Q9XD4", status=404)["error"] == "not_found"
    assert api.get("/dealings/99", status=404)["error"] == "not_found"


def test_a_task_is_planned_moved_done_and_followed(api: Api, anna: Customer) -> None:
    plan = {"title": "Call Anna", "due_at": "2030-01-07T09:00:00+01:00", "kind": "call", "rule": "FREQ=WEEKLY",
            "card": anna.card, "owner": "ola@example.com"}  # fmt: skip
    made = api.post("/tasks", plan, status=201)
    assert (made["card"], made["owner"], made["minutes"]) == (anna.card, "ola@example.com", 30)
    moved = api.patch(f"/tasks/{made['id']}", {"due_at": "2030-01-08T08:00:00Z", "place": "shop"})
    assert (moved["due_at"], moved["title"]) == ("2030-01-08T08:00:00+00:00", "Call Anna")
    done = api.post(f"/tasks/{made['id']}/done", {"outcome": "she comes"})
    assert (done["task"]["outcome"], bool(done["task"]["done_at"])) == ("she comes", True)
    [following] = api.get("/tasks", owner="ola@example.com")["tasks"]
    assert (following["id"], following["due_at"]) == (done["next"], "2030-01-15T08:00:00+00:00")
    assert len(api.get("/tasks", done="true", card=anna.card)["tasks"]) == 2
    assert api.post(f"/tasks/{following['id']}/drop")["next"] is None
    assert api.get("/tasks")["tasks"] == []
    for bad in (
        {"owner": "x@example.com"},
        {"rule": "FREQ=SECONDLY"},
        {"due_at": "0001-01-01T00:00:00+14:00"},
    ):
        assert api.post("/tasks", {**plan, **bad}, status=422)["field"] in bad


@pytest.mark.parametrize("what", ["dealings", "tasks"])
def test_a_list_takes_as_many_questions_for_one_as_for_three(api: Api, anna: Customer, what: str) -> None:
    def add(count: int) -> None:
        for place in range(count):
            if what == "tasks":
                api.post(
                    "/tasks",
                    {"title": f"t{place}", "due_at": "2030-01-01T00:00:00Z", "card": anna.card},
                    status=201,
                )
            else:
                api.post(f"/customers/{anna.card}/dealings", {"way": "chat", "note": str(place)}, status=201)

    add(1)
    alone = api.queries(f"/{what}")
    add(LISTED - 1)
    assert len(api.get(f"/{what}")[what]) == LISTED
    assert api.queries(f"/{what}") == alone
    first = api.get(f"/{what}", size=2)
    second = api.get(f"/{what}", size=2, after=first["after"])
    assert len({each["id"] for page in (first, second) for each in page[what]}) == LISTED


def test_numbers_in_words_are_veiled_as_on_the_card(caller: Caller, anna: Customer) -> None:
    api, veiled = caller(), caller(*(each for each in Right if each != Right.REVEAL))
    said: dict[str, Any] = {
        "way": "call",
        "note": "Her new number is +48 600 100 299",
        "counterpart": "+48600100200",
    }
    api.post(f"/customers/{anna.card}/dealings", said, status=201)
    api.post("/tasks", {"title": "Call +48600100299", "due_at": "2030-01-01T00:00:00Z"}, status=201)
    shown = repr((veiled.get("/dealings"), veiled.get("/tasks")))
    assert "600100" not in shown.replace(" ", "")
    assert "+48600100299" in repr(api.get("/tasks"))
    assert (Dealing.objects.count(), Task.objects.count()) == (1, 1)
