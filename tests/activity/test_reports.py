"""The reports of the site, each beside the same counted in plain Python."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from kartoteka.activity.reports.asking import Asked, CannotAsk, known
from kartoteka.activity.reports.cohorts import cohorts
from kartoteka.activity.reports.funnels import funnel, shown, step_of
from kartoteka.activity.reports.origins import origins
from kartoteka.activity.reports.pages import pages
from kartoteka.activity.reports.paths import paths
from kartoteka.activity.warehouse.days import rebuild
from kartoteka.people.models import Customer
from kartoteka.quality.merging import merge
from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right
from tests import make

from . import by_hand
from .site import Did, at, happen, invented, is_whose, source

pytestmark = pytest.mark.django_db
MAY = Asked(dt.date(2026, 5, 1), dt.date(2026, 5, 31))
TWO_WEEKS = (dt.date(2026, 5, 8), dt.date(2026, 5, 21))


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.EVENTS_ROOT = tmp_path / "events"


def owner_of(done: Did) -> str:
    """Four of the visitors are Anna, on both sites, and three are Jan."""
    return {"v0": "anna", "v1": "anna", "v2": "anna", "v3": "jan", "v4": "jan"}.get(
        done.who, f"{done.site} {done.who}"
    )


def known_site(seed: int) -> list[Did]:
    done = invented(seed)
    happen(done)
    people = {"anna": make.person("Anna", "Lis"), "jan": make.person("Jan", "Lis")}
    for who, site in {(each.who, each.site) for each in done}:
        name = owner_of(Did(who, at(1), site=site))
        if name in people:
            is_whose(who, people[name], site=site)
    rebuild()
    return done


@pytest.mark.parametrize("seed", range(2))
def test_every_report_is_as_counted_by_hand(seed: int) -> None:
    done = known_site(seed)
    for asked in (
        MAY,
        Asked(*TWO_WEEKS),
        Asked(*TWO_WEEKS, source=source().pk),
        Asked(*TWO_WEEKS, device="desk"),
    ):
        some = [each for each in done if asked.source is None or each.site == "shop.example"]
        every = by_hand.visits(some, owner_of)
        visits = [
            each
            for each in every
            if asked.first <= each.day <= asked.last and asked.device in ("", each.device)
        ]
        check_pages(asked, visits)
        check_paths(asked, by_hand.real(visits))
        check_origins(asked, by_hand.real(visits))
        check_cohorts(asked, [each for each in by_hand.real(every) if asked.device in ("", each.device)])
        if not asked.device:
            check_funnel(asked, some)


def check_pages(asked: Asked, visits: list[by_hand.Visit]) -> None:
    wanted = by_hand.page_sums(visits)
    for by, column in (("exits", "exits"), ("time", "seconds"), ("sharing", "led")):
        found = pages(actor=SHELL, asked=asked, by=by)
        assert [each.page for each in found] == sorted(
            (page for page, sums in wanted.items() if sums[column]),
            key=lambda page: (-wanted[page][column], page),
        )
        for each in found:
            for name in ("visits", "views", "entries", "exits", "timed", "seconds", "shares", "led"):
                assert getattr(each, name) == wanted[each.page][name], (each.page, name)


def check_paths(asked: Asked, visits: list[by_hand.Visit]) -> None:
    wanted = by_hand.links(visits, 4)
    whole = paths(actor=SHELL, asked=asked, steps=4, nodes=20)
    assert whole.visits == sum(bool(each.pages) for each in visits)
    assert {(each.step, each.source, each.target): each.visits for each in whole.links} == wanted
    # With fewer nodes the others are put together, and none is lost.
    few = paths(actor=SHELL, asked=asked, steps=4, nodes=2)
    for step in (1, 2, 3):
        assert sum(each.visits for each in few.links if each.step == step) == sum(
            visits for key, visits in wanted.items() if key[0] == step
        )
        assert len({each.source for each in few.links if each.step == step}) <= 3
    assert any(each.source is None for each in few.links)


def check_origins(asked: Asked, visits: list[by_hand.Visit]) -> None:
    found = {
        (each.kind, each.source, each.medium, each.name): (each.visits, each.visitors)
        for each in origins(actor=SHELL, asked=asked).rows
    }
    counted = Counter(each.origin for each in visits)
    assert found == {
        origin: (number, len({each.person for each in visits if each.origin == origin}))
        for origin, number in counted.items()
    }


def check_cohorts(asked: Asked, visits: list[by_hand.Visit]) -> None:
    monday = asked.first - dt.timedelta(days=asked.first.weekday())
    until = [each for each in visits if each.day <= asked.last]
    wanted = {week: its for week, its in by_hand.cohorts(until).items() if week >= monday}
    found = cohorts(actor=SHELL, asked=asked)
    assert {each.monday: each.people for each in found} == {week: its[0] for week, its in wanted.items()}
    for each in found:
        assert len(each.returned) == (asked.last - each.monday).days // 7
        assert list(each.returned) == [wanted[each.monday][n + 1] for n in range(len(each.returned))]


def check_funnel(asked: Asked, done: list[Did]) -> None:
    for steps in (["/", "/tea"], ["/tea", "/cart", "Order Completed"], ["/", "/", "/"]):
        for days in (1, 7):
            found = funnel(actor=SHELL, asked=asked, steps=[step_of(each) for each in steps], days=days)
            wanted = by_hand.reached(done, owner_of, steps, dt.timedelta(days=days), asked.first, asked.last)
            assert [each.people for each in found.stages] == wanted
            assert [shown(each.what) for each in found.stages] == steps


def sold(origin: tuple[str, ...], asked: Asked = MAY) -> tuple[int, Decimal]:
    rows = origins(actor=SHELL, asked=asked).rows
    each = next(row for row in rows if (row.kind, row.source, row.medium, row.name) == origin)
    return each.orders, each.revenue


def test_an_order_is_of_the_last_visit_that_came_from_somewhere() -> None:
    letter, search, direct = (
        ("campaign", "letter", "", ""),
        ("site", "search.example", "", ""),
        ("direct", "", "", ""),
    )
    happen(
        [
            Did("a", at(1), page="/", campaign=("letter", "", "")),
            Did("a", at(3), page="/", referrer="https://search.example/"),
            Did("a", at(5), page="/"),
            Did("b", at(4), page="/"),
            Did("c", at(20), page="/", campaign=("letter", "", "")),
        ]
    )
    anna, jan, ewa = (make.person(name, "Lis") for name in ("Anna", "Jan", "Ewa"))
    for who, whose in (("a", anna), ("b", jan), ("c", ewa)):
        is_whose(who, whose)
    make.order(anna, at=at(2), price="10")
    make.order(anna, at=at(6), price="20")
    # More than thirty days after she came from somewhere, less after she came by herself.
    make.order(anna, at=at(34), price="40")
    make.order(jan, at=at(5), price="80")
    make.order(ewa, at=at(19), price="160")  # before she came
    make.order(make.person("No", "Visit"), at=at(6), price="320")
    rebuild()
    assert sold(letter) == (1, Decimal(10))
    assert sold(search) == (1, Decimal(20))
    assert sold(direct) == (2, Decimal(120))
    # Asked for the first two days only, the order that a later visit took is not given to the earlier one.
    assert sold(letter, Asked(dt.date(2026, 5, 1), dt.date(2026, 5, 2))) == (1, Decimal(10))
    # Joined, both are one person from now on, without anything being written anew.
    merge(kept=anna, gone=ewa, by=SHELL)
    letters = next(each for each in origins(actor=SHELL, asked=MAY).rows if each.source == "letter")
    assert (letters.visits, letters.visitors) == (2, 1)


def test_what_began_before_signing_in_goes_on_after_it() -> None:
    happen([Did("browser", at(2), page="/"), Did("browser", at(2, 12.1), page="/sign-in")])
    happen([Did("account", at(2, 12.2), page="/account"), Did("account", at(2, 12.3), page="/cart")])
    her = make.person("Anna", "Lis")
    is_whose("browser", her)
    is_whose("account", her)
    rebuild()
    assert paths(actor=SHELL, asked=MAY).visits == 1
    assert [each.page for each in pages(actor=SHELL, asked=MAY)] == ["/cart"]


def test_a_visit_past_midnight_is_of_the_day_on_which_it_began() -> None:
    happen([Did("a", at(3, 23.9), page="/"), Did("a", at(4, 0.1), page="/tea")])
    rebuild()
    day = dt.date(2026, 5, 3)
    assert [each.page for each in pages(actor=SHELL, asked=Asked(day, day))] == ["/tea"]
    day = dt.date(2026, 5, 4)
    assert pages(actor=SHELL, asked=Asked(day, day)) == []


def test_questions_that_cannot_be() -> None:
    for wrong in (
        {"first": MAY.last, "last": MAY.first},
        {"first": MAY.first, "last": MAY.last, "device": "fridge"},
    ):
        with pytest.raises(CannotAsk):
            Asked(**wrong)
    for steps in ([], [step_of("/")], [step_of("/"), step_of(" ")], [step_of("/")] * 9):
        with pytest.raises(CannotAsk):
            funnel(actor=SHELL, asked=MAY, steps=steps)
    nothing = known(actor=SHELL)
    assert (nothing.sites, nothing.first, nothing.events) == ([], None, 0)
    assert cohorts(actor=SHELL, asked=MAY) == []
    clerk = Actor("staff", 1, "a clerk", frozenset({Right.SEE}))
    for ask in (pages, paths, origins, cohorts):
        with pytest.raises(NotAllowed):
            ask(actor=clerk, asked=MAY)
    assert timezone.localdate(at(1)) == MAY.first
    assert not Customer.objects.exists()
