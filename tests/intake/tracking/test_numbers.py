"""Laws: in whatever order and pieces events come, twice or once, the numbers are those of a count of all of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.activity import facts, visits
from kartoteka.activity.event_said import EventSaid
from kartoteka.activity.models import CategoryViews, CustomerFacts, Event, IdentityFacts, Visitor
from kartoteka.people.editing import source_named
from tests import make

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
EVENTS = st.lists(
    st.builds(
        lambda minute, who, what, bot: EventSaid(
            "browser", who, START + dt.timedelta(minutes=minute), START, *what,
            message=hash((minute, who, what[0], bot)), bot=bot,
            properties={"category": who} if what[0] == "track" else {},
        ),
        st.integers(0, 200), st.sampled_from("ab"), st.sampled_from([("page",), ("track",)]),
        st.sampled_from([False, False, True]),
    ),
    max_size=25,
)  # fmt: skip


def numbers() -> list[Any]:
    """All that is counted."""
    return [
        sorted(Visitor.objects.values_list("key", "visits", "views", "seen_at")),
        sorted(CategoryViews.objects.values_list("visitor__key", "category", "views")),
        list(IdentityFacts.objects.values_list("visits", "views", "last_visit_at")),
        list(CustomerFacts.objects.values_list("visits", "views", "last_visit_at", "last_seen_at")),
    ]


@settings(max_examples=20)
@given(events=EVENTS, cut=st.integers(0, 25), again=st.integers(0, 25))
def test_counted_on_arrival_is_counted_from_all(events: list[EventSaid], cut: int, again: int) -> None:
    with transaction.atomic():
        site = source_named("site", kind="tracking")
        for each in events:
            each.name = "Product Viewed" if each.kind == "track" else ""
        for some in (events[:cut], events[cut:], events[:again]):
            known = visits.known_visitors(site, {each.visitor for each in some})
            visits.meet(site, {each.visitor: each.at for each in some}, known)
            visits.record_events(site, some, known)
        identity = make.claims({"name": "Anna"}).identities[0]
        Visitor.objects.filter(key="a").update(identity=identity)
        facts.count_visits([identity])
        before = numbers()
        assert Event.objects.count() == len({each.message for each in events})
        assert (
            sum(views for *_rest, views in before[1]) == Event.objects.filter(kind="track", bot=False).count()
        )
        visits.rebuild()
        assert numbers() == before
        facts.rebuild()
        assert numbers() == before
        transaction.set_rollback(True)


def test_a_visit_ends_after_half_an_hour_of_silence() -> None:
    site = source_named("site", kind="tracking")
    minutes = (0, 20, 49, 80, 111, 111)
    said = [
        EventSaid("browser", "a", START + dt.timedelta(minutes=minute), START, "page", message=place)
        for place, minute in enumerate(minutes)
    ]
    known = visits.known_visitors(site, [("browser", "a")])
    visits.meet(site, {("browser", "a"): START}, known)
    visits.record_events(site, said, known)
    assert Visitor.objects.values_list("visits", "views").get() == (3, 6)
