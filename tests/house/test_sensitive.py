"""What is sensitive is shown to nobody without the right to see it: on no page, in no list, filter, search, export, log."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from kartoteka.people.catalogue import BUILT_IN
from kartoteka.people.checking import fields
from kartoteka.people.search.find import find
from kartoteka.quality.linking.comparisons import ALL
from kartoteka.quality.linking.reasons import _PARAMETERS, _SILENT, SENSITIVE_REASONS
from kartoteka.quality.matching import match_now
from kartoteka.trust.actor import SHELL, Actor, Right
from kartoteka.trust.presets import preset_of

from .conftest import AS, SECRETS, Shop
from .routes import routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_shop")]
ROUTES = routes()
BLIND = tuple(right for right in Right if right is not Right.SEE_SENSITIVE)
SENSITIVE = [each.key for each in BUILT_IN if each.sensitive] + ["x.health"]
PROGRAM = Callable[..., Client]


def told(answer: HttpResponse) -> str:
    """All that an answer says: its text, or what is in its workbook; its headers."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(map(book.read, book.namelist()))
    return f"{body.decode(errors='replace')} {dict(answer.headers)}"


def secrets_in(answer: HttpResponse) -> list[str]:
    text = told(answer)
    return [each for each in SECRETS if each in text]


def test_there_is_something_to_be_hidden(shop: Shop, signed_in: AS, program: PROGRAM) -> None:
    assert set(SENSITIVE) <= {key for key, each in fields().items() if each.sensitive}
    card = f"/customers/{shop.anna.card}/"
    assert secrets_in(signed_in("owner").get(card)) == list(SECRETS)
    assert secrets_in(program(*Right).get(f"/api/v1{card[:-1]}")) == list(SECRETS)
    refused = program(*Right).get(f"/api/v1/imports/{shop.things['import']}/refused")
    assert "orzechowaalergia" in told(refused)


@pytest.mark.parametrize("who", ["clerk", "program"])
def test_no_address_tells_it(shop: Shop, signed_in: AS, program: PROGRAM, who: str) -> None:
    """A clerk; and a program that may do everything but this."""
    assert Right.SEE_SENSITIVE not in preset_of("staff").rights
    browser = signed_in("staff") if who == "clerk" else program(*BLIND)
    things = [shop.things] + [{**shop.things, "field": key} for key in SENSITIVE]
    leaks = []
    for route in ROUTES:
        for some in things if "field" in route.parts else things[:1]:
            for method in ("get", "post"):
                if route.pattern == "accounts/logout/":
                    continue
                answer = getattr(browser, method)(route.at(some), headers={})
                if found := secrets_in(answer):
                    leaks.append((method, route.pattern, found))
    assert not leaks


def without_words(text: str) -> str:
    """A page without what it repeats of the question, and without what differs at every asking."""
    text = re.sub(r"(orzechowaalergia|85040312345|Tajemnicka|neverthere\w*)", "", text)
    return re.sub(r'(nonce|csrf\w*|value|id)="[^"]*"', "", text, flags=re.IGNORECASE)


@pytest.mark.parametrize("path", ["/customers/", "/find", "/find/names"])
def test_no_list_tells_it_by_what_it_leaves_out(shop: Shop, signed_in: AS, path: str) -> None:
    """A filter on what one may not see must not sort people by it: the right value gives what any value gives."""
    clerk = signed_in("staff")
    for secret in SECRETS:
        name = "other" if path.endswith("names") else "q"
        right, wrong = (told(clerk.get(path, {name: each})) for each in (secret, "neverthere" + secret[:3]))
        assert shop.anna.card not in right
        assert without_words(right).count("Anna") == without_words(wrong).count("Anna")
    for asked in (
        {"own": "x.health", "own_value": "orzechowaalergia"},
        {"own": "x.health", "own_value": "neverthere"},
    ):
        assert ("Anna" in told(clerk.get("/customers/", asked))) is True, "the filter asks nothing"
    for key in SENSITIVE:
        page = told(clerk.get("/customers/", {"lacking": key}))
        assert "Anna" in page
        assert "Ania" in page


def test_no_column_and_no_filter_offers_it(shop: Shop, signed_in: AS) -> None:
    clerk, owner = signed_in("staff"), signed_in("owner")
    for browser in (clerk, owner):
        browser.post(
            "/customers/columns", {"column": ["phone", "x.health", "x.shoe", "national_id", "income"]}
        )
    assert "x.health" in told(owner.get("/customers/"))
    page = told(clerk.get("/customers/"))
    assert "x.shoe" in page
    assert "38" in page
    assert "x.health" not in page
    assert not secrets_in(clerk.get("/customers/"))


def test_the_api_refuses_to_filter_by_it(shop: Shop, program: PROGRAM) -> None:
    blind, seeing = program(*BLIND), program(*Right)
    for asked in [{"lacking": key} for key in SENSITIVE] + [{"own": "x.health", "own_value": "orzechowa"}]:
        assert blind.get("/api/v1/customers", asked).status_code == 403, asked
        assert seeing.get("/api/v1/customers", asked).status_code == 200, asked
    listed = {each["key"] for each in blind.get("/api/v1/fields").json()["fields"]}
    assert listed.isdisjoint(SENSITIVE)
    assert "x.shoe" in listed


@pytest.mark.parametrize("key", SENSITIVE)
def test_nobody_without_the_right_writes_or_confirms_it(
    shop: Shop, signed_in: AS, program: PROGRAM, key: str
) -> None:
    value: object = [{"name": "Ola"}] if key == "relatives" else "3" if key == "children" else "low"
    card = shop.anna.card
    before = shop.anna.more.get(key)
    answers = [
        program(*BLIND).patch(
            f"/api/v1/customers/{card}", {"values": {key: value}}, content_type="application/json"
        ),
        signed_in("staff").post(f"/customers/{card}/edit/{key}", {key: "low"}),
    ]
    assert [each.status_code in (403, 404) for each in answers] == [True, True], answers
    shop.anna.refresh_from_db()
    assert shop.anna.more.get(key) == before


def test_search_never_answers_by_it(shop: Shop) -> None:
    """Not even to who may see it: the index is one for all."""
    clerk = Actor("staff", 1, "a clerk", preset_of("staff").rights)
    for actor in (clerk, SHELL):
        for secret in (*SECRETS, "orzechowa", "850403"):
            assert not find(secret, actor=actor)


def test_the_reasons_that_hold_it_are_known() -> None:
    """A comparison that looks at a sensitive column gives no reason but those that are veiled."""
    looking = [
        each
        for each in ALL
        if any("national_id" in column or column in SENSITIVE for column in _PARAMETERS[each.name][0])
    ]
    assert looking
    told = {level.word for each in looking for level in each.levels} - _SILENT
    assert told <= SENSITIVE_REASONS


def test_a_doubt_does_not_give_it_away(shop: Shop, program: PROGRAM) -> None:
    assert not secrets_in(program(*BLIND).get("/api/v1/matches"))
    assert "85040312345" in told(program(*Right).get("/api/v1/matches"))
    match_now(by=SHELL)
    assert not secrets_in(program(*BLIND).get("/api/v1/matches"))
