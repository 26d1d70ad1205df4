"""What the pages look like, as far as it can be told without looking: tags that are written out, forms that keep what was
typed, places by what they are for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from kartoteka.trust.actor import Actor, Right, Scope
from kartoteka.web.places import PART_NAMES, PLACES, at_hand
from kartoteka.web.templatetags.kartoteka import in_parts

TEMPLATES = Path(__file__).resolve().parents[2] / "src" / "kartoteka" / "web" / "templates"
# A tag over two lines is no tag to Django: it stands on the page as it is written.
BROKEN = re.compile(r"\{[%{#][^%}#\n]*\n")


def test_no_tag_of_a_template_is_broken_over_lines() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        broken = [each[0] for each in BROKEN.finditer(text) if "%}" not in each[0] and "}}" not in each[0]]
        assert not broken, f"{path.name}: {broken}"


@pytest.mark.django_db
def test_limits_come_back_as_typed_with_what_is_wrong_beside_them(owner: Client) -> None:
    page = owner.post("/roles/limits", {"reveals": "many", "views": "77", "reasons": "call\nvisit"})
    assert page.status_code == 422
    text = page.content.decode()
    assert 'aria-describedby="reveals-error"' in text
    assert 'value="many"' in text
    assert 'value="77"' in text
    assert "call\nvisit" in text
    done = owner.post(
        "/roles/limits", {"views": "77", "reasons": "call\nvisit"}, follow=True
    ).content.decode()
    assert "call\nvisit" in done
    assert "{%" not in done


@pytest.mark.django_db
def test_an_export_is_asked_for_with_a_reason_and_keeps_what_was_ticked(owner: Client) -> None:
    page = owner.get("/exports/new").content.decode()
    assert '<input class="form-control" id="why"' in page
    wrong = owner.post("/exports/new", {"column": ["city"], "format": "csv", "why": "letter"})
    text = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'value="letter"' in text
    assert 'value="csv" selected' in text
    assert re.findall(r'name="column" value="(\w+)" checked', text) == ["city"]


@pytest.mark.django_db
def test_the_promise_is_typed_in_minutes_and_a_wrong_day_is_named(owner: Client) -> None:
    hours = {f"day{day}": "9-17" for day in range(7)}
    assert owner.post("/hours/", {**hours, "promise": "20", "country": "FI", "off": ""}).status_code == 302
    text = owner.get("/hours/").content.decode()
    assert 'name="promise" type="number" value="20"' in text
    assert '<option value="FI" selected>' in text
    wrong = owner.post("/hours/", {**hours, "day2": "nine", "promise": "20", "country": "", "off": ""})
    assert wrong.status_code == 422
    assert "Wednesday: write hours" in wrong.content.decode()


def _actor(*rights: Right, scope: Scope = Scope.ALL) -> Actor:
    return Actor(kind="staff", key=1, name="x", rights=frozenset(rights), scope=scope)


def _places(actor: Actor) -> list[str]:
    return [each.url for each in PLACES if each.is_for(actor)]


def test_each_sees_the_places_where_there_is_something_to_do() -> None:
    assert "look_up" not in _places(_actor(*Right))
    clerk = _places(_actor(Right.LOOK_UP, Right.CHANGE, scope=Scope.ONE))
    assert clerk == ["look_up", "pasted_order", "telephone"]
    officer = _places(_actor(Right.SEE, Right.PRIVACY, Right.AUDIT))
    assert "today" not in officer
    assert {"requests", "audit", "customers"} <= set(officer)
    assert at_hand(_actor(Right.SEE, Right.PRIVACY))[1] == "requests"


def test_what_is_seldom_gone_to_is_folded_where_there_is_much() -> None:
    found = [{"place": each, "address": "/", "here": each.url == "roles"} for each in PLACES]
    parts = in_parts(found)
    assert [str(each["label"]) for each in parts] == [str(each) for each in PART_NAMES.values()]
    assert [(each["folded"], each["open"]) for each in parts[-2:]] == [(True, True), (True, False)]
    assert not any(each["folded"] for each in in_parts([each for each in found if each["here"]]))
