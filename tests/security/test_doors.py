"""Ways into the house that customer databases were broken into by: hosts, sessions, forms from elsewhere, guessing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as real_settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import Staff
from kartoteka.trust.signin import make_link
from kartoteka.web import access
from tests.house.routes import routes

from .conftest import AS, Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_shop")]
SOURCE = Path(__file__).resolve().parents[2] / "src" / "kartoteka"
FORGED: tuple[dict[str, str], ...] = (
    {"host": "evil.example"},
    {"host": "localhost@evil.example"},
    {"host": "localhost:80@evil.example"},
    {"host": "evil.example#localhost"},
    {"host": "localhost.evil.example"},
    {"host": "localhost\tevil.example"},
)


@pytest.fixture
def anna() -> Iterator[Staff]:
    cache.clear()
    yield Staff.objects.create_user("anna@example.com", "a long password", name="Anna", role="owner")
    cache.clear()


@pytest.mark.parametrize("headers", FORGED)
def test_a_forged_host_is_turned_away_and_gets_into_no_mail(anna: Staff, headers: dict[str, str]) -> None:
    stranger = Client(headers=headers)
    for path in ("/accounts/password/reset/", "/accounts/login/code/"):
        assert stranger.post(path, {"email": anna.email}).status_code == 400
    assert stranger.get("/health").status_code in (200, 400)
    assert not mail.outbox


@pytest.mark.parametrize("header", ["x-forwarded-host", "x-host", "forwarded", "x-original-host"])
def test_nor_does_a_host_said_beside(anna: Staff, header: str) -> None:
    stranger = Client(
        headers={
            "host": "localhost",
            header: "host=evil.example" if header == "forwarded" else "evil.example",
        }
    )
    stranger.post("/accounts/password/reset/", {"email": anna.email})
    assert len(mail.outbox) == 1
    assert "http://localhost/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


# A customer's own: the secret in the address is all the power there is, no cookie lends any, so none can be misused.
BY_LINK = ("my/", "u/")
# Calls of programs on other sites, by a write key in the call: no cookie is looked at.
BY_KEY = ("v1/", "beacon/v1/")


def test_no_form_from_elsewhere_does_anything(shop: Shop, signed_in: AS) -> None:
    """Every address that takes a form refuses one without our token; programs come with a token of their own."""
    owner = signed_in("owner")
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = owner.cookies
    passed = []
    for route in routes():
        for method in ("post", "put", "patch", "delete"):
            status = getattr(strict, method)(route.at(shop.things)).status_code
            # 401: the API looks at no cookie. 404, 405: there is nothing there that takes a form sent so.
            if status not in (401, 403, 404, 405) and not route.pattern.startswith(BY_LINK + BY_KEY):
                passed.append((method, route.pattern, status))
    assert not passed


def enter(browser: Client, email: str, **more: str) -> HttpResponse:
    """Sign in as people do: by the code that comes in the mail."""
    browser.post("/accounts/login/", {"login": email, **more})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert code, mail.outbox[-1].body
    return browser.post("/accounts/login/code/confirm/", {"code": code[1], **more})  # type: ignore[return-value]


def test_a_session_from_before_is_not_the_one_after(anna: Staff) -> None:
    browser = Client()
    browser.cookies["kartoteka"] = "chosenbysomebodyelse123456789012"
    assert enter(browser, anna.email).status_code == 302
    assert browser.get("/").status_code == 200
    first = browser.cookies["kartoteka"].value
    assert first != "chosenbysomebodyelse123456789012"
    assert (
        Client(headers={"cookie": "kartoteka=chosenbysomebodyelse123456789012"}).get("/").status_code == 302
    )
    assert Client(headers={"cookie": f"kartoteka={first}"}).get("/").status_code == 200
    browser.post("/accounts/logout/")
    assert Client(headers={"cookie": f"kartoteka={first}"}).get("/").status_code == 302, "it ended"


def test_a_link_gives_a_new_session_too(anna: Staff) -> None:
    link = make_link(staff=anna, by=SHELL)
    browser = Client()
    browser.cookies["kartoteka"] = "chosenbysomebodyelse123456789012"
    browser.post(link)
    assert browser.get("/").status_code == 200
    assert browser.cookies["kartoteka"].value != "chosenbysomebodyelse123456789012"


@pytest.mark.parametrize(
    "where", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(anna: Staff, where: str) -> None:
    entered = enter(Client(), anna.email, next=where)
    assert entered.status_code == 302
    assert "evil" not in entered.headers["Location"]
    assert "javascript" not in entered.headers["Location"]


@pytest.mark.parametrize("door", ["/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"])
def test_a_stranger_takes_the_same_path_as_who_works_here(anna: Staff, door: str) -> None:
    """Same answer, same questions to the base but for who is found, and one mail for either: nothing tells them apart."""
    Staff.objects.create_user("gone@example.com", name="left", role="staff", is_active=False)
    told, queries = set(), []
    Client().post(door, {"login": "warm@example.com", "email": "warm@example.com"})
    for email in (anna.email, "gone@example.com", "nobody@example.com"):
        cache.clear()
        mail.outbox.clear()
        browser = Client()
        with CaptureQueriesContext(connection) as asked:
            answer = browser.post(door, {"login": email, "email": email})
        page = re.sub(
            r"[\w+/=-]{16,}", "", browser.get(answer["Location"]).content.decode()
        )  # tokens, nonces
        told.add((answer.status_code, answer["Location"], page.replace(email, ""), len(mail.outbox)))
        queries.append(len(asked))
    assert len(told) == 1
    assert max(queries) - min(queries) <= 4, queries


@pytest.mark.parametrize("door", ["/accounts/login/", "/accounts/password/reset/"])
def test_the_clock_tells_no_stranger_from_who_works_here(
    anna: Staff, door: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer waits for the next stroke of the clock, whoever asks and however long it took to find."""
    settings.SIGN_IN_STROKE = 0.3
    told = []
    for email, moments in ((anna.email, (5.0, 5.17)), ("nobody@example.com", (8.0, 8.71))):
        cache.clear()
        clock = iter(moments)
        slept: list[float] = []
        monkeypatch.setattr(
            access, "time", SimpleNamespace(monotonic=lambda clock=clock: next(clock), sleep=slept.append)
        )
        Client().post(door, {"login": email, "email": email})
        told.append(moments[1] - moments[0] + sum(slept))
    assert told == [pytest.approx(0.3), pytest.approx(0.9)]


def test_a_code_is_not_guessed(anna: Staff) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": anna.email})
    for guess in ("AAAAAA", "BBBBBB", "CCCCCC", "DDDDDD", "EEEEEE"):
        browser.post("/accounts/login/code/confirm/", {"code": guess})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert code
    browser.post("/accounts/login/code/confirm/", {"code": code[1]})
    assert browser.get("/").status_code == 302, "after so many wrong ones the right one counts no more"


@pytest.mark.parametrize("role", ["manager", "staff"])
def test_nobody_makes_themselves_owner(signed_in: AS, shop: Shop, role: str) -> None:
    """By no form, and by no field slipped into one."""
    browser = signed_in(role)
    me = Staff.objects.get(email=f"{role}@example.com")
    slipped = {
        "role": "owner",
        "is_active": "on",
        "is_superuser": "1",
        "is_staff": "1",
        "pk": me.pk,
        "id": me.pk,
    }
    for route in routes():
        if route.pattern not in ("accounts/logout/",):
            browser.post(route.at({**shop.things, "key": me.pk}), slipped)
    me.refresh_from_db()
    assert (me.role, me.is_active) == (role, True)
    assert not Staff.objects.filter(role="owner").exists()


def test_every_page_forbids_what_it_does_not_need(shop: Shop, signed_in: AS) -> None:
    owner = signed_in("owner")
    for path in ("/", "/customers/", f"/customers/{shop.anna.card}/", "/audit/", "/safety/", "/staff/"):
        answer = owner.get(path)
        policy = answer["Content-Security-Policy"]
        assert "script-src" in policy
        assert "unsafe-inline" not in policy.split("script-src", 1)[1].split(";")[0]
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"


def test_the_hosts_are_this_machine_unless_said() -> None:
    assert {"localhost", "127.0.0.1", "[::1]"} == set(real_settings.KARTOTEKA.hosts)
    assert not real_settings.USE_X_FORWARDED_HOST


# Whatever fetches an address that somebody else wrote can be sent into the house. Nothing here fetches, but for copies to
# the store whose address only the environment of the installation says (trust/stores.py says why that is not guarded).
FETCHES = {
    "requests",
    "httpx",
    "aiohttp",
    "urllib.request",
    "http.client",
    "ftplib",
    "socket",
    "urllib3",
    "minio",
}
# kit/outgoing.py is the guarded way itself: tests/security/test_outgoing.py.
MAY = {"trust/stores.py", "cli/serve.py", "kit/outgoing.py"}


def test_nothing_fetches_what_somebody_wrote() -> None:
    found = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = (
                [each.name for each in node.names] if isinstance(node, ast.Import)
                else [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            )  # fmt: skip
            if hit := [name for name in names if name in FETCHES or name.partition(".")[0] in FETCHES]:
                found[path.relative_to(SOURCE).as_posix()] = hit
    assert set(found) <= MAY, found
