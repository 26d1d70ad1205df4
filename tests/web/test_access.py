"""Who comes in, and how: sign-in before everything, one-time links, refusals in plain words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from kartoteka.trust.signin import make_link
from kartoteka.web import urls
from tests.make import person

pytestmark = pytest.mark.django_db

# Doors that a secret in the address opens, not a sign-in.
BY_LINK = {
    "enter",
    "confirm_choice",
    "my",
    "my_choice",
    "my_correction",
    "my_request",
    "my_copy",
    "one_click",
    "calendar_feed",
    "ring",
    "hook",
    "snippet",  # the code for sites
    "privacy",  # the policy
}
EXAMPLES = {"card": "000000000", "field": "name", "relation": 1, "secret": "no-such-secret"}


def address(pattern: URLPattern) -> str:
    return reverse(pattern.name, kwargs={name: EXAMPLES.get(name, 1) for name in pattern.pattern.converters})


@pytest.mark.parametrize(
    "pattern", urls.urlpatterns, ids=lambda pattern: pattern.name or str(pattern.pattern)
)
def test_every_page_wants_sign_in(client: Client, pattern: URLPattern) -> None:
    if pattern.name is None or pattern.name in BY_LINK:
        return
    for answer in (client.get(address(pattern)), client.post(address(pattern))):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")


def test_a_fragment_sends_the_whole_page_to_the_door(client: Client) -> None:
    seen = {"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/?tag=vip"}
    answer = client.get("/customers/?tag=vip&page=2", headers=seen)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/customers/%3Ftag%3Dvip"


def test_whoever_was_signed_out_comes_back_to_the_page_they_looked_at(client: Client) -> None:
    """Not to the address of its form, which is no page."""
    for referer, back in [
        ("http://testserver/staff/?role=clerk", "/staff/%3Frole%3Dclerk"),
        ("https://elsewhere.example/staff/", "/"),
        ("", "/"),
    ]:
        answer = client.post("/staff/invite", headers={"Referer": referer})
        assert answer.headers["Location"] == f"/accounts/login/?next={back}"


def test_a_step_opened_by_hand_says_so(client: Client) -> None:
    anna = Staff.objects.create_user(email="anna@example.com", name="Anna", role="owner")
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/registers/add")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "a step of another page" in answer.content.decode()
    card = f"/customers/{person('Anna', 'Kowalska').card}"
    for path, status in (("/orders", 404), ("/edit/name", 404), ("/", 200)):
        answer = client.get(card + path, headers={"Sec-Fetch-Dest": "document"})
        assert (answer.status_code, "<html" in answer.content.decode()) == (status, True)
        assert client.get(card + path).status_code == 200, "a browser that asks for the part gets it"


def test_a_link_shows_whose_it_is_and_lets_in_once(client: Client) -> None:
    anna = Staff.objects.create_user(email="anna@example.com", name="Anna", role="staff")
    link = make_link(staff=anna, by=SHELL)
    for _mail_program_looks in range(2):
        assert "Come in as Anna" in client.get(link).content.decode()
    assert client.get("/").status_code == 302
    assert client.post(link).headers["Location"] == "/welcome"
    assert "Make your sign-in yours" in client.get("/welcome").content.decode()
    again = Client().post(link)
    assert again.status_code == 410
    assert "has been used or has run out" in again.content.decode()


def test_nobody_makes_an_account_for_themselves(client: Client) -> None:
    client.post("/accounts/signup/", {"email": "stranger@example.com"})
    assert not Staff.objects.filter(email="stranger@example.com").exists()
    assert "by invitation" in client.get("/accounts/signup/").content.decode()


def test_who_left_is_not_let_in(as_role, client: Client) -> None:
    left = as_role("staff")
    Staff.objects.update(is_active=False)
    assert left.get("/customers/").status_code == 302


def test_refusal_names_what_is_lacking(clerk: Client) -> None:
    someone = person("Aino", "Virtanen", income="high")
    answer = clerk.post(reverse("confirm_field", args=[someone.card, "income"]))
    assert answer.status_code == 403
    assert "see sensitive fields" in answer.content.decode()


@pytest.mark.parametrize("role", ["owner", "manager", "staff"])
@pytest.mark.parametrize(
    "path",
    ["/", "/customers/", "/customers/new", "/you", "/welcome", "/find?q=aino", "/find/names?other=aino"],
)
def test_pages_by_role(as_role, role: str, path: str) -> None:
    person("Aino", "Virtanen")
    assert as_role(role).get(path).status_code == 200


@pytest.mark.parametrize("language", ["en", "af", "fil", "ms", "fi", "pl"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/customers/",
        "/customers/?lacking=phones&silent=365&tag=x",
        "/customers/new",
        "/you",
        "/welcome",
        "CARD",
    ],
)
def test_pages_in_every_language(owner: Client, language: str, path: str) -> None:
    someone = person("Aino", "Virtanen", phone="+358401234567", birth="--04-03", language="fi")
    owner.post("/you/language", {"language": language})
    answer = owner.get(reverse("customer", args=[someone.card]) if path == "CARD" else path)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/", "/accounts/login/code/", "/accounts/signup/", "/accounts/password/reset/",
        "/accounts/password/reset/done/", "/accounts/inactive/", "/accounts/confirm-email/",
    ],
)  # fmt: skip
def test_pages_of_the_door_are_in_our_look(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert 'class="gate"' in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
     "/accounts/email/", "/accounts/logout/"],
)  # fmt: skip
def test_pages_of_ones_own_sign_in_are_in_our_look(client: Client, path: str) -> None:
    anna = Staff.objects.create_user(email="anna@example.com", name="Anna", role="staff")
    client.post(make_link(staff=anna, by=SHELL))
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    assert "web/look" in answer.content.decode()


def test_nothing_at_an_address(owner: Client) -> None:
    answer = owner.get("/customers/000-000-000/")
    assert answer.status_code == 404
    assert "nothing at this address" in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/customers/", "/accounts/login/", "/you"])
def test_nothing_inline_that_the_policy_would_stop(owner: Client, path: str) -> None:
    person("Aino", "Virtanen")
    page = owner.get(path, follow=True).content.decode()
    assert " style=" not in page
    assert " onclick=" not in page
    assert "<style" not in page
    assert all(
        "src=" in part.split(">")[0] or "application/json" in part.split(">")[0]
        for part in page.split("<script")[1:]
    )
