"""The customer's own page: by link only, in their language, told to nobody; and the one click that ends it."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

from kartoteka.activity.dealings import Said, record_dealing
from kartoteka.consent.links import end_links, make_link
from kartoteka.consent.models import Choice, PrivacyRequest, Suppression
from kartoteka.consent.purposes import add, add_wording
from kartoteka.consent.requests import receive
from kartoteka.consent.unsubscribing import token_for
from kartoteka.people.models import Customer
from kartoteka.people.placing import Place, hand_over
from kartoteka.people.revealing import reveal
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from kartoteka.trust.roles import use_preset
from kartoteka.trust.teams import save_team
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_wrong_links() -> None:
    cache.clear()


@pytest.fixture
def anna() -> Customer:
    news = add(names={"en": "News", "pl": "Nowości"}, ground="consent", marketing=True, by=SHELL)
    add_wording(purpose=news, language="pl", text="Chcę nowości.", by=SHELL)
    return make.person("Anna", "Lis", phone="+48600100299", email="anna@example.com", language="pl")


@pytest.fixture
def page(anna: Customer) -> str:
    return make_link(customer=anna, by=SHELL)


def test_it_opens_without_signing_in_and_is_told_to_nobody(client: Client, anna: Customer, page: str) -> None:
    make.person("Piotr", "Obcy", email="obcy@example.com")
    answer = client.get(page)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert '<html lang="pl">' in text
    for fact in ("Anna", "anna@example.com", "+48 600 100 299", "Nowości", "Chcę nowości."):
        assert fact in text
    assert "obcy" not in text.lower()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies
    assert 'lang="fi"' in client.get(page, {"language": "fi"}).content.decode()


def test_it_speaks_to_them_and_in_words(client: Client, anna: Customer, page: str) -> None:
    """Whoever asked, came and was looked after is "you" here; nothing is said in the code's own names."""
    use_preset(name="floor", by=SHELL)
    seller = Staff.objects.create_user(email="s@example.com", name="Sela", role="sales").actor
    save_team(team=None, name="Care", stages=["account"], staff=[seller.key], by=SHELL)
    hand_over(customers=[anna.pk], to=Place("account"), by=SHELL)
    record_dealing(customer=anna, said=Said("call", note="a coat"), by=SHELL)
    reveal(customer=anna, field="phones", place=0, reason="check", by=Staff.objects.get(pk=seller.key).actor)
    receive(customer=anna, kind="access", through="call", by=SHELL)
    for language, words in (
        ("en", ("What we hold of you", "from you", "look after,", "Phones, seen, to check it")),
        ("pl", ("O to, co o Tobie przechowujemy", "od Ciebie", "opieka,", "Telefony, ")),
    ):
        text = client.get(page, {"language": language}).content.decode()
        assert [each for each in words if each not in text] == []
        assert "account," not in text
        assert "hold of them" not in text
        assert "from them" not in text


def test_a_wrong_link_tells_nothing_and_is_counted(client: Client, anna: Customer, page: str) -> None:
    wrong = page[:-4] + "AAA/"
    for _time in range(20):
        assert client.get(wrong).status_code == 404
    assert client.get(wrong).status_code == 429
    assert client.get(page).status_code == 200
    end_links(customer=anna, by=SHELL)
    answer = client.get(page)
    assert answer.status_code == 429
    assert "Anna" not in answer.content.decode()


def test_a_switch_is_turned(client: Client, anna: Customer, page: str) -> None:
    said = {"purpose": "news", "channel": "email", "on": "1"}
    answer = client.post(page + "choice", said, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 302
    line = Choice.objects.get()
    assert (line.what, line.language, line.evidence["ip"]) == ("given", "pl", "192.0.2.7")
    assert 'aria-checked="true"' in client.get(answer["Location"]).content.decode()
    assert client.post(page + "choice", {**said, "purpose": "other"}).status_code == 422


def test_they_correct_ask_and_take_along(client: Client, anna: Customer, page: str) -> None:
    said = {"field": "emails", "place": "0", "text": "anna@lis.example"}
    assert client.post(page + "correction", said).status_code == 302
    assert client.post(page + "correction", {**said, "place": "x"}).status_code == 422
    assert client.post(page + "correction", {**said, "text": "no mail"}).status_code == 422
    assert client.post(page + "request", {"kind": "erasure", "said": "please"}).status_code == 302
    assert client.post(page + "request", {"kind": "correction"}).status_code == 422
    assert {each.kind for each in PrivacyRequest.objects.filter(ended_at=None)} == {"correction", "erasure"}
    answer = client.post(page + "copy", {"form": "json"})
    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content)["card"] == anna.card
    assert client.post(page + "copy", {"form": "pdf"}).content.startswith(b"%PDF")
    assert client.post(page + "copy", {"form": "doc"}).status_code == 422
    assert Customer.objects.filter(pk=anna.pk).exists(), "to be forgotten is asked, not done"


def test_looking_at_a_page_changes_nothing(client: Client, page: str) -> None:
    for path in ("choice", "correction", "request", "copy"):
        assert client.get(page + path).status_code == 405
    assert not PrivacyRequest.objects.exists()


def test_one_click(anna: Customer) -> None:
    point = anna.contacts.get(point__kind="email").point_id
    strict = Client(enforce_csrf_checks=True)
    path = f"/u/{token_for(point=point)}"
    answer = strict.get(path)
    assert "anna@example.com" in answer.content.decode()
    assert not Suppression.objects.exists()
    answer = strict.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, bool(answer.cookies)) == (200, False)
    assert Suppression.objects.get().point_id == point
    assert strict.get("/u/" + "A" * 42).status_code == 404
    assert strict.put(path).status_code == 405
