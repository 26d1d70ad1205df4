"""Doubtful pairs through the API: listed with reasons, settled, and a run of the matching by the worker."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kartoteka.people.models import Customer
from kartoteka.quality.models import Apart, Doubt, MatchRun
from kartoteka.trust.actor import Right
from tests import make

from .conftest import Caller


def doubt(name: str, *, score: float = 0.8) -> Doubt:
    one, other = (
        make.person(given, "Nowak", key=f"{name} {given}", national_id="02070803628")
        for given in ("Katarzyna", "Kasia")
    )
    reasons = [
        ["nickname", {"a": "Katarzyna", "b": "Kasia"}],
        ["same_registration", {}],  # numbers are read from the records, where they are sealed
    ]
    return Doubt.objects.create(one=one, other=other, score=score, reasons=reasons, found_at=timezone.now())


def test_listed_with_reasons(caller: Caller) -> None:
    low, high = doubt("1", score=0.6), doubt("2", score=0.9)
    api = caller(Right.SEE, Right.MERGE)
    first = api.get("/matches", size=1)
    [pair] = first["matches"]
    assert (pair["id"], pair["one"]["given"], pair["other"]["given"]) == (high.pk, "Katarzyna", "Kasia")
    assert pair["reasons"] == [
        {"reason": "nickname", "values": {"a": "Katarzyna", "b": "Kasia"}},
        {"reason": "same_registration", "values": {}},
    ]
    second = api.get("/matches", after=first["after"])
    assert [each["id"] for each in second["matches"]] == [low.pk]
    assert "02070803628" in str(caller().get("/matches"))


def test_joined_and_held_apart(caller: Caller) -> None:
    api = caller(Right.SEE, Right.MERGE)
    pair = doubt("1")
    keep = {"decision": "join", "keep": pair.other.card_shown}
    merged = api.post(f"/matches/{pair.pk}", keep)["merged"]
    assert (merged["kept"], merged["gone"]) == (pair.other.card, pair.one.card)
    api.post(f"/matches/{pair.pk}", keep, status=404)
    pair = doubt("2")
    api.post(f"/matches/{pair.pk}", keep, status=409)
    assert api.post(f"/matches/{pair.pk}", {"decision": "apart"})["merged"] is None
    assert (Apart.objects.count(), Doubt.objects.count()) == (1, 0)
    assert Customer.objects.filter(merged_into=None).count() == 3
    assert api.post(f"/matches/{pair.pk}", {"decision": "perhaps"}, status=422)["field"] == "decision"


def test_a_run_is_asked_for_once(caller: Caller) -> None:
    api = caller(Right.MERGE)
    run = api.post("/matches/runs", status=202)
    assert (run["state"], api.post("/matches/runs", status=202)["id"]) == ("queued", run["id"])
    MatchRun.objects.filter(pk=run["id"]).update(state="done", joined=3)
    assert api.get(f"/matches/runs/{run['id']}")["joined"] == 3
    assert api.post("/matches/runs", status=202)["id"] != run["id"]
    assert len(api.get("/matches/runs")["runs"]) == 2
    api.get("/matches/runs/99", status=404)


@pytest.mark.parametrize("path", ["/matches", "/matches/runs"])
def test_no_query_per_row(caller: Caller, path: str) -> None:
    api, counts = caller(), []
    for place in (1, 2, 3):
        doubt(str(place))
        MatchRun.objects.create(asked_at=timezone.now(), by_name="a program")
        counts.append(api.queries(path))
    assert counts[0] == counts[2]
