"""The law of groups: count, list, single check, membership and what it turns to with time are one meaning."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kartoteka.kit.traits import all_traits
from kartoteka.people.models import Customer
from kartoteka.people.ownfields import save_field
from kartoteka.people.recording import Arrival, record_claims
from kartoteka.segments.compiling import alive, compile_rule
from kartoteka.segments.keeping import AHEAD, build, look_at_changed, look_at_turned, the_book
from kartoteka.segments.models import Member, Passage, Segment, Turn
from kartoteka.segments.rule import as_json, read
from kartoteka.trust.actor import SHELL
from tests import make

from . import plain

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 2, 20, 12, 30, tzinfo=dt.UTC)
CITIES = ["Kraków", "Łódź", "Oulu", ""]
BIRTHS = [
    "",
    "1985-04-03",
    "1984-02-29",
    "--02-29",
    "--02-25",
    "2009-02-28",
    "1990",
    "1990-02",
    "2009-02-21",
    "1957-12-31",
]


def choice(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def some(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


@st.composite
def arrivals(draw: st.DrawFn) -> dict[str, Any]:
    values: dict[str, Any] = {"name": draw(choice("Anna Nowak", "Jan Lis"))}
    if sex := draw(choice("", "f", "m")):
        values["sex"] = sex
    if birth := draw(st.sampled_from(BIRTHS)):
        values["birth"] = birth
    if city := draw(st.sampled_from(CITIES)):
        values["addresses"] = [{"city": city, "country": draw(choice("PL", "FI"))}]
    if draw(st.booleans()):
        values["phones"] = [{"value": "+48600100200"}]
    values["tags"] = draw(st.lists(choice("regular", "ÅŻ ó", "late"), max_size=2, unique=True))
    values["x.colours"] = draw(st.lists(choice("red", "blue"), max_size=2, unique=True))
    for key, known in (
        ("x.size", [0, 3, 4.5, 40]), ("x.vip", [True, False]), ("x.until", ["2027-02-20", "2027-02-25", "2026-12-01"]),
        ("x.spent", [{"amount": "12.50", "currency": "PLN"}, {"amount": "100.00", "currency": "EUR"}]),
    ):  # fmt: skip
        if (value := draw(choice(None, *known))) is not None:
            values[key] = value
    return values


NUMBERS = ("equal", "at_least", "at_most", "more", "less")
WHERE = st.lists(
    st.one_of(
        st.builds(
            lambda op, value: {"part": "source", "op": op, "value": value},
            choice("any_of", "none_of"),
            some("shop", "till"),
        ),
        st.builds(
            lambda value: {"part": "standing", "op": "any_of", "value": value}, some("stated", "confirmed")
        ),
    ),
    max_size=1,
)


def leaf(trait: Any, op: Any, value: Any = None, **more: Any) -> st.SearchStrategy[dict[str, Any]]:
    parts = {"trait": trait, "op": op, **({} if value is None else {"value": value}), **more}
    fixed = {
        key: each if isinstance(each, st.SearchStrategy) else st.just(each) for key, each in parts.items()
    }
    return st.fixed_dictionaries(fixed)


LEAVES = st.one_of(
    leaf("sex", choice("any_of", "none_of"), some("f", "m")),
    leaf("city", choice("any_of", "none_of"), some("Kraków", "Łódź", "Oulu")),
    leaf("city", choice("contains", "starts"), choice("ódź", "kra", "ŁÓ", "OUL")),
    leaf(choice("city", "country", "birth", "age", "tags", "x.until", "x.size", "x.spent"), choice("known", "unknown")),
    leaf("kind", "any_of", ["person"]),
    leaf(choice("made", "heard"), choice("last", "not_last"), choice(1, 3, 30)),
    leaf("completeness", choice(*NUMBERS), choice(20, 30, 40)),
    leaf("age", choice(*NUMBERS), choice(17, 18, 36, 37, 42)),
    leaf("age", "between", [18, 37]),
    leaf("birth", "next", choice(0, 5, 14, 366)),
    leaf("birth", "month", some("2", "12")),
    leaf(choice("has_phone", "x.vip", "stale"), choice("yes", "no")),
    leaf(choice("tags", "x.colours"), choice("known", "unknown")),
    leaf("tags", choice("any_of", "all_of", "none_of"), some("regular", "ÅŻ ó", "late")),
    leaf("x.colours", choice("any_of", "all_of", "none_of"), some("red", "blue")),
    leaf("x.size", choice(*NUMBERS), choice(0, 4.5, 4)),
    leaf("x.until", choice("last", "not_last", "next"), choice(1, 5, 90)),
    leaf("x.spent", choice(*NUMBERS), choice(12.5, 50), currency="PLN"),
    leaf("told", choice(*NUMBERS), choice(0, 1, 2), days=choice(0, 3, 30), where=WHERE),
    leaf("told", choice("followed", "not_followed"), days=choice(0, 30), where=WHERE, within=choice(1, 3, 20),
         by=st.fixed_dictionaries({"trait": st.just("told"), "where": WHERE})),
    leaf("told", "silent", choice(1, 2.5), where=WHERE),
)  # fmt: skip
RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=5,
)
CLAIMS = st.lists(
    st.tuples(
        st.integers(0, 5), st.sampled_from(["shop", "till"]), st.sampled_from(["stated", "confirmed"]),
        st.integers(0, 40), arrivals(),
    ),
    min_size=3, max_size=12,
)  # fmt: skip


def own_fields() -> None:
    for key, type, more in (
        ("size", "number", {}), ("until", "date", {}), ("vip", "yesno", {}), ("spent", "money", {}),
        ("colours", "choices", {"choices": ["red", "blue"]}),
    ):  # fmt: skip
        save_field(by=SHELL, label=key, type=type, key=key, **more)


def tell(told: list[tuple[int, str, str, int, dict[str, Any]]]) -> None:
    batches = {name: make.batch(name) for name in ("shop", "till")}
    # The oldest first, as they were told.
    for who, source, standing, ago, values in sorted(told, key=lambda each: -each[3]):
        at = NOW - dt.timedelta(days=ago, hours=1)
        arrival = Arrival(key=str(who), values=values, standing=standing)
        record_claims(batch=batches[source], arrivals=[arrival], at=at)


def expected(rule: dict[str, Any], at: dt.datetime) -> set[int]:
    rows = Customer.objects.filter(merged_into=None)
    return {each.pk for each in rows if plain.fits(rule, plain.facts(each), at)}


@given(told=CLAIMS, rules=st.lists(RULES, min_size=6, max_size=6), later=st.integers(1, 900))
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    phases=[Phase.generate],
)
def test_all_ways_to_ask_are_one(
    told: list[Any], rules: list[dict[str, Any]], later: int, django_db_blocker: Any
) -> None:
    from django.db import transaction

    with transaction.atomic():
        _hold(told, rules, later)
        transaction.set_rollback(True)


def _hold(told: list[Any], rules: list[dict[str, Any]], later: int) -> None:
    own_fields()
    tell(told)
    traits = all_traits()
    segments = []
    expected_at_first: dict[int, set[int]] = {}
    for place, given_rule in enumerate(rules):
        rule = read(given_rule, traits)
        assert read(as_json(rule), traits) == rule
        meant = expected(given_rule, NOW)
        compiled = compile_rule(rule, traits=traits, rules={}, at=NOW)
        assert set(compiled.among(alive()).values_list("pk", flat=True)) == meant, given_rule
        assert compiled.among(alive()).count() == len(meant)
        for customer in alive().values_list("pk", flat=True)[:2]:
            one = compile_rule(rule, traits=traits, rules={}, at=NOW, among=[customer])
            assert one.among(alive().filter(pk=customer)).exists() == (customer in meant), given_rule
        segment = Segment.objects.create(
            name=str(place), rule=as_json(rule), made_at=NOW, changed_at=NOW, **SHELL.as_columns
        )
        build(segment.pk, at=NOW)
        assert members(segment) == meant, given_rule
        if compiled.turns is not None:
            asked = alive().annotate(moment=compiled.turns).filter(moment__lt=NOW + AHEAD)
            written = Turn.objects.filter(segment=segment).values_list("customer", "at")
            assert dict(written) == dict(asked.values_list("pk", "moment")), given_rule
        segments.append(segment)
        expected_at_first[segment.pk] = meant
    # News: what is told of somebody is seen in all groups.
    tell([(0, "till", "confirmed", 0, {"sex": "f", "tags": ["late"], "birth": "--02-25"})])
    while look_at_changed(at=NOW):
        pass
    # Time: each turns at its hour, without anybody sweeping.
    for at in (NOW, NOW + dt.timedelta(hours=later)):
        while look_at_turned(at=at):
            pass
        if at == NOW:
            continue
        for segment, given_rule in zip(segments, rules, strict=True):
            assert members(segment) == expected(given_rule, at), given_rule
            entered = Passage.objects.filter(segment=segment, what="entered").count()
            left = Passage.objects.filter(segment=segment, what="left").count()
            segment.refresh_from_db()
            # Everybody who is in it was there when it began, or came; and who went is not.
            begun = len(expected_at_first[segment.pk])
            assert segment.size == len(members(segment)) == begun + entered - left
    assert set(the_book().rules) == {each.pk for each in segments}


def members(segment: Segment) -> set[int]:
    return set(Member.objects.filter(segment=segment).values_list("customer", flat=True))
