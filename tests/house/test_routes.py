"""Every address, asked by everybody: none falls over, and none but the known doors opens to a stranger."""

from __future__ import annotations

import pytest

from .conftest import AS, Shop
from .routes import Route, routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_shop")]
ROUTES = routes()
# Where a stranger may stand: the watchdog's question, a one-time link, a customer's own page, the one click,
# the doors themselves, the API's own description.
DOORS = {
    "health",
    "enter/<secret>",
    "confirm/<token>",  # the link in a mail to a customer
    "my/<token>/",
    "my/<token>/choice",
    "my/<token>/correction",
    "my/<token>/request",
    "my/<token>/copy",
    "u/<token>",
    "hooks/<kind>/<key>",  # where shops send to: each message proves itself by its signature
    "privacy",  # the policy, for everybody
    # A site's calls, by its write key; what its library asks before; our snippet.
    "v1/<call>",
    "v1/<call>/",
    "beacon/v1/batch",
    "v1/m",
    "v1/id",
    "v1/projects/<key>/settings",
    "sourceConfig",
    "sourceConfig/",
    "k.js",
    "ring/<token>",  # signed by the telephone system
    "calendar/<secret>.ics",  # somebody's own calendar, by an address that can be taken back
    "api/v1/",
    "api/v1/docs",
    "api/v1/openapi.json",
    "accounts/login/",
    "accounts/login/code/",
    "accounts/login/code/confirm/",
    "accounts/logout/",
    "accounts/signup/",
    "accounts/inactive/",
    "accounts/confirm-email/",
    "accounts/confirm-email/<key>/",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "accounts/password/reset/key/<uidb36>-<key>/",
    "accounts/password/reset/key/done/",
    "accounts/2fa/authenticate/",
    "accounts/2fa/webauthn/login/",
}
METHODS = ("get", "post", "delete", "put", "patch", "head", "options")
# What is typed by mistake or by malice where a number, a card or a field is meant.
ODD = ("0", "999999999999999999999999", "ł", "'; --", "%00", "..%2f..%2fkey", "a" * 5000)


def test_the_walk_sees_the_site() -> None:
    seen = {each.pattern for each in ROUTES}
    assert {"", "customers/<card>/", "api/v1/customers/<card>", "enter/<secret>", *DOORS} - {
        "api/v1/"
    } <= seen


def test_every_part_of_a_route_is_a_real_thing(shop: Shop, signed_in: AS) -> None:
    """What the walk puts in is there: whoever may see it is not told that it is nowhere."""
    owner = signed_in("owner")
    # Of django-allauth, secrets that nobody has, and a photo that Anna does not have.
    elsewhere = ("accounts/", "enter/", "calendar/", "customers/<card>/photo")
    nowhere = [
        route.pattern
        for route in ROUTES
        if route.parts
        and not route.pattern.startswith(("api/", *elsewhere))
        and owner.get(route.at(shop.things)).status_code == 404
    ]
    assert not nowhere


@pytest.mark.parametrize("role", ["owner", "manager", "staff", "nobody"])
def test_no_address_falls_over(shop: Shop, signed_in: AS, role: str) -> None:
    browser = signed_in(role)
    fallen = []
    for route in ROUTES:
        for method in METHODS:
            if role != "nobody" and route.pattern in ("accounts/logout/", "accounts/login/"):
                continue
            status = getattr(browser, method)(route.at(shop.things)).status_code
            if status >= 500:
                fallen.append((method, route.pattern, status))
    assert not fallen


@pytest.mark.parametrize("odd", ODD)
def test_nor_over_what_nobody_has(shop: Shop, signed_in: AS, odd: str) -> None:
    browser = signed_in("owner")
    fallen = []
    for route in ROUTES:
        for part in route.parts:
            for method in ("get", "post"):
                # An odd thing in the place of one part, the others as they should be.
                address = Route(route.pattern.replace(f"<{part}>", odd, 1), ()).at(shop.things)
                status = getattr(browser, method)(address).status_code
                if status >= 500:
                    fallen.append((method, address[:80], status))
    assert not fallen


@pytest.mark.parametrize("odd", ODD)
def test_nor_over_odd_questions(shop: Shop, signed_in: AS, odd: str) -> None:
    browser = signed_in("owner")
    names = ("q", "other", "source", "tag", "lacking", "silent", "new", "kind", "own", "own_value", "order", "after",
             "before", "page", "state", "matter", "key", "who", "field", "limit", "size",
             "may", "purpose", "channel", "contact")  # fmt: skip
    fallen = []
    for route in ROUTES:
        asked = [dict.fromkeys(names, odd)]
        if route.pattern in ("customers/", "find", "api/v1/customers"):
            asked += [{each: odd} for each in names]  # one bad answer must not hide another
        for each in asked:
            status = browser.get(route.at(shop.things), query_params=each).status_code
            if status >= 500:
                fallen.append((route.pattern, list(each), status))
    assert not fallen


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.pattern or "home")
def test_a_stranger_is_sent_to_the_door(shop: Shop, signed_in: AS, route: Route) -> None:
    stranger = signed_in("nobody")
    for method in METHODS[:-1]:
        answer = getattr(stranger, method)(route.at(shop.things))
        if route.pattern in DOORS:
            assert shop.anna.card not in answer.content.decode()
            continue
        if route.pattern.startswith("api/"):
            assert answer.status_code in (401, 405), (method, answer.status_code)
        else:
            assert answer.status_code == 302, (method, answer.status_code)
            assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.pattern or "home")
def test_a_session_opens_no_door_of_the_api(shop: Shop, signed_in: AS, route: Route) -> None:
    """The API looks at tokens only, so that a page elsewhere cannot use somebody's cookies on it."""
    if route.pattern.startswith("api/") and route.pattern not in DOORS:
        answer = signed_in("owner").get(route.at(shop.things))
        assert answer.status_code in (401, 405)
