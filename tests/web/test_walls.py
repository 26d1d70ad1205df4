"""The headers that keep foreign scripts out, and the journal that tells no secrets."""

from __future__ import annotations

import logging
import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from kartoteka.web.csp import ContentSecurityPolicy


def policy_of(view: object) -> str:
    answer = ContentSecurityPolicy(view)(RequestFactory().get("/"))  # type: ignore[arg-type]
    return str(answer.headers["Content-Security-Policy"])


def test_a_nonce_is_allowed_only_where_it_was_used() -> None:
    assert "nonce" not in policy_of(lambda request: HttpResponse("plain"))
    seen: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(str(request.csp_nonce))  # type: ignore[attr-defined]
        assert str(request.csp_nonce) == seen[-1], "one nonce per answer"  # type: ignore[attr-defined]
        return HttpResponse("page")

    first, second = policy_of(page), policy_of(page)
    assert f"script-src 'self' 'nonce-{seen[0]}'" in first
    assert f"script-src 'self' 'nonce-{seen[1]}'" in second
    assert seen[0] != seen[1]


def test_nothing_unsafe_and_nothing_from_elsewhere() -> None:
    policy = policy_of(lambda request: HttpResponse("plain"))
    assert "unsafe" not in policy
    assert not re.search(r"https?:|\*", policy)
    assert {part.split()[0] for part in policy.split("; ")} >= {"default-src", "frame-ancestors", "base-uri"}


@pytest.mark.django_db
def test_the_journal_tells_the_route_and_not_the_address(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="kartoteka.request"):
        client.get("/accounts/login/?next=/customers/secret")
        client.get("/health")
    lines = [record for record in caplog.records if record.name == "kartoteka.request"]
    assert [line.route for line in lines] == ["accounts/login/"]  # type: ignore[attr-defined]
    assert lines[0].status in (200, 302)  # type: ignore[attr-defined]
    assert "secret" not in str(vars(lines[0]))
