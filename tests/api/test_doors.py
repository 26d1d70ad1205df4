"""Who is let in: every route by every right it names, wrong tokens, cookies, methods, and the one shape of refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kartoteka.api.urls import api as described
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.models import Staff, Token
from kartoteka.trust.tokens import end_token

from .conftest import Caller

ROUTES = [
    (path.removeprefix("/api/v1"), method, operation)
    for path, methods in described.get_openapi_schema()["paths"].items()
    for method, operation in methods.items()
]
EACH = pytest.mark.parametrize(
    ("path", "method", "operation"), ROUTES, ids=[f"{r[1]} {r[0]}" for r in ROUTES]
)


def filled(path: str) -> str:
    return path.format(card="7KM2Q9XD4", key=1) if "{" in path else path


@EACH
def test_each_right_is_needed(caller: Caller, path: str, method: str, operation: dict[str, Any]) -> None:
    needed = [Right(name) for name in operation["x-rights"]]
    assert needed
    for missing in needed:
        some = caller(*(each for each in Right if each != missing))
        problem = some.call(method, filled(path), status=403)
        assert problem["error"] == "not_allowed"
    caller().client.logout()
    answer = getattr(caller(*needed).client, method)(f"/api/v1{filled(path)}")
    assert answer.status_code not in (401, 403, 500)


@EACH
def test_without_a_token_nothing_is_told(
    caller: Caller, path: str, method: str, operation: dict[str, Any]
) -> None:
    owner = Staff.objects.create_user("owner@example.com", role="owner")
    signed_in = Client()
    signed_in.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    for client in (Client(), signed_in, Client(headers={"authorization": "Basic b3duZXI6"})):
        answer = getattr(client, method)(f"/api/v1{filled(path)}")
        assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")
        assert answer["WWW-Authenticate"].startswith("Bearer")


ASKED = [route for route in ROUTES if any(each["in"] == "query" for each in route[2].get("parameters", ()))]


@pytest.mark.parametrize(("path", "method", "operation"), ASKED, ids=[f"{r[1]} {r[0]}" for r in ASKED])
def test_a_parameter_that_nobody_knows_is_told(
    caller: Caller, path: str, method: str, operation: dict[str, Any]
) -> None:
    api = caller(*(Right(name) for name in operation["x-rights"]))
    problem = api.call(method, f"{filled(path)}?sorce=shop", status=422)
    assert (problem["field"], problem["message"]) == ("sorce", "There is no parameter sorce.")


def test_an_ended_token_is_let_in_no_more(caller: Caller) -> None:
    api = caller()
    api.get("/fields")
    end_token(token=Token.objects.get().pk, by=SHELL)
    assert api.get("/fields", status=401)["error"] == "not_signed_in"


def test_guessing_is_slowed_and_the_right_token_still_works(caller: Caller) -> None:
    api = caller()
    codes = []
    for place in range(25):
        guess = Client(headers={"authorization": f"Bearer ktk_{place}"})
        answer = guess.get("/api/v1/fields")
        codes.append(answer.status_code)
    assert codes == [401] * 20 + [429] * 5
    assert int(answer["Retry-After"]) > 0
    api.get("/fields")


def test_refusals_have_one_shape(caller: Caller) -> None:
    api = caller()
    assert api.get("/nothing/here", status=404)["error"] == "not_found"
    assert api.get("/customers/7KM2Q9XD4", status=404)["error"] == "not_found"
    body = {"data": "{", "content_type": "application/json"}
    assert api.call("post", "/customers", status=400, **body)["error"] == "bad_request"
    assert api.get("/imports/99999999999999999999999", status=422)["field"] == "key"
    big = {"values": {"note": "x" * 6_000_000}, "ground": "contract"}
    assert api.post("/customers", big, status=413)["error"] == "too_large"
    assert set(api.get("/customers", status=422, size=0)) == {"error", "message", "field"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"values": {"name": "A\\u0000nna"}, "ground": "contract"}',
        b'{"values": {"name": "\\ud800"}, "ground": "contract"}',
        b'{"values": {"na\\u0000me": "Anna"}, "ground": "contract"}',
        b'{"values": {"name": "Anna", "emails": [{"value": "a@example.com", "x\\u0000": 1}]}, "ground": "contract"}',
        b'{"values": {"name": "Anna", "children": 1e400}, "ground": "contract"}',
        b'{"values": {"name": "Anna", "children": NaN}, "ground": "contract"}',
        b'{"values": {"name": "Anna", "children": 123456789012345678901234567890}, "ground": "contract"}',
        b'{"values": {"name": ' + b"[" * 5000 + b"]" * 5000 + b'}, "ground": "contract"}',
        b'{"values": {"tags": [[["a"]]], "name": "Anna"}, "ground": "contract"}',
        b'{"values": {"phones": [{"value": {"a": 1}}]}, "ground": "contract"}',
        b'{"values": {"name": "Anna"}, "ground": ["contract"]}',
        b'\xff\xfe{"values": 1}',
        b"[]",
        b"null",
        b"",
    ],
)
def test_what_no_base_can_hold_is_refused(caller: Caller, body: bytes) -> None:
    answer = caller().client.post("/api/v1/customers", data=body, content_type="application/json")
    assert answer.status_code in (400, 422), answer.content
    assert answer.json()["message"]
    assert "Anna" not in str(caller().get("/customers")["customers"])


@pytest.mark.parametrize("text", ["\x00", "\ud7ff\uffff", "%", "'", '"', "\\", "x" * 500, "𐍈" * 100])
@pytest.mark.parametrize("name", ["text", "source", "tag", "lacking", "own_value", "after", "before"])
def test_any_text_in_a_filter_is_answered(caller: Caller, name: str, text: str) -> None:
    answer = caller().client.get("/api/v1/customers", query_params={name: text, "own": "x.a"})
    assert answer.status_code in (200, 422)
    answer = caller().client.get("/api/v1/customers/search", query_params={"q": text})
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("depth", [30, 500, 3000])
def test_what_is_nested_too_deep_is_told_so(caller: Caller, depth: int) -> None:
    rule = b'{"not":' * depth + b"1" + b"}" * depth
    body = b'{"rule": ' + rule + b"}"
    answer = caller().client.post("/api/v1/segments/count", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert "24 deep" in answer.json()["message"]
