"""The laws of resolve, which knows no database: order does not matter, and the same claim twice changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.people.record import Said, resolve

pytestmark = pytest.mark.any_base

WORDS = st.sampled_from(["Anna", "anna", "Ola", "Nowak", "Kowalska", "", "Łódź", "Å"])
PHONES = st.sampled_from(["+48600100200", "+48600100201", "+358401234567"])
ADDRESSES = st.fixed_dictionaries(
    {"city": st.sampled_from(["Gliwice", "Oulu"])},
    optional={"street": st.sampled_from(["Długa", "Polna"]), "number": st.just("1"), "gone": st.just(True)},
)


@st.composite
def values(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if draw(st.booleans()):
        found.update(given=draw(WORDS), family=draw(WORDS), name=draw(WORDS))
    if draw(st.booleans()):
        found["birth"] = draw(st.sampled_from(["1985-04-03", "--04-03", "1985", None]))
    if draw(st.booleans()):
        found["phones"] = draw(
            st.lists(
                st.fixed_dictionaries(
                    {"value": PHONES},
                    optional={
                        "label": st.sampled_from(["home", "work"]),
                        "gone": st.just(True),
                        "preferred": st.booleans(),
                    },
                ),
                max_size=3,
            )
        )
    if draw(st.booleans()):
        found["tags"] = draw(
            st.lists(st.sampled_from(["vip", "VIP", "dog", {"value": "vip", "gone": True}]), max_size=3)
        )
    if draw(st.booleans()):
        found["guessed"] = {"sex": draw(st.sampled_from(["f", "m"]))}
    if draw(st.booleans()):
        found["sex"] = draw(st.sampled_from(["f", None]))
    if draw(st.booleans()):
        found["addresses"] = draw(st.lists(ADDRESSES, max_size=3))
    if draw(st.booleans()):
        found["x.size"] = draw(st.sampled_from(["S", "M", None]))
    return found


@st.composite
def said(draw: st.DrawFn) -> list[Said]:
    count = draw(st.integers(0, 6))
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return [
        Said(
            key=key,
            values=draw(values()),
            standing=draw(st.sampled_from(["confirmed", "stated", "derived"])),
            trust=draw(st.sampled_from([10, 50, 90])),
            at=start + dt.timedelta(days=draw(st.integers(0, 3))),
            identity=draw(st.integers(1, 2)),
        )
        for key in range(count)
    ]


@given(st.data(), said())
def test_the_order_of_claims_does_not_matter(data: st.DataObject, claims: list[Said]) -> None:
    shuffled = data.draw(st.permutations(claims))
    assert resolve(shuffled) == resolve(claims)


@given(st.data(), said())
def test_the_same_claim_twice_changes_nothing(data: st.DataObject, claims: list[Said]) -> None:
    again = data.draw(st.lists(st.sampled_from(claims), max_size=4)) if claims else []
    assert resolve([*claims, *again]) == resolve(claims)


@given(said())
def test_every_value_names_the_claim_it_came_from(claims: list[Said]) -> None:
    record = resolve(claims)
    by_key = {each.key: each for each in claims}
    assert record.values.keys() == record.origins.keys()
    for key, origin in record.origins.items():
        for its in origin if isinstance(origin, list) else [origin]:
            assert key in by_key[its].values or key in by_key[its].values["guessed"]


@given(said())
def test_one_claim_alone_is_resolved_as_beside_an_empty_one(claims: list[Said]) -> None:
    """The short way for a single claim and the long way agree."""
    for claim in claims:
        empty = Said(claim.key + 100, {}, "stated", 0, claim.at)
        assert resolve([claim]) == resolve([claim, empty])


def test_confirmed_beats_stated_beats_derived_then_trust_then_newest() -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    def claim(key: int, birth: str, standing: str, trust: int, days: int) -> Said:
        return Said(key, {"birth": birth}, standing, trust, day + dt.timedelta(days=days))

    derived = claim(1, "1981", "derived", 90, 9)
    old = claim(2, "1982", "stated", 50, 1)
    new = claim(3, "1983", "stated", 50, 2)
    trusted = claim(4, "1984", "stated", 60, 0)
    confirmed = claim(5, "1985", "confirmed", 10, 0)
    assert resolve([derived, old]).values["birth"] == "1982"
    assert resolve([new, old]).values["birth"] == "1983"
    assert resolve([new, trusted]).values["birth"] == "1984"
    assert resolve([trusted, confirmed, new]).values["birth"] == "1985"


def test_a_thin_name_does_not_push_out_a_full_one() -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    full = Said(1, {"given": "Katarzyna", "family": "Nowak", "name": "Katarzyna Nowak"}, "stated", 50, day)
    thin = Said(2, {"given": "Kasia", "name": "Kasia"}, "stated", 50, day + dt.timedelta(days=1))
    assert resolve([full, thin]).values["name"] == "Katarzyna Nowak"
    assert resolve([full, thin]).values["given"] == "Katarzyna"


def test_a_birthday_without_its_year_does_not_push_out_a_whole_one() -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    whole = Said(1, {"birth": "1985-04-03"}, "stated", 50, day)
    newer = dt.timedelta(days=1)
    for thin in ("--04-03", "1985", "1985-04"):
        assert (
            resolve([whole, Said(2, {"birth": thin}, "stated", 50, day + newer)]).values["birth"]
            == "1985-04-03"
        )
    by_hand = Said(3, {"birth": "--05-03"}, "confirmed", 50, day + newer)
    assert resolve([whole, by_hand]).values["birth"] == "--05-03"


def test_a_guess_gives_way_to_what_is_stated() -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    guess = Said(1, {"given": "Maria", "guessed": {"sex": "f"}}, "confirmed", 90, day)
    stated = Said(2, {"sex": "m"}, "stated", 10, day)
    assert resolve([guess]).values["sex"] == "f"
    assert resolve([guess, stated]).values["sex"] == "m"


def test_a_former_address_keeps_its_place_and_the_day_it_was_left() -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    old, new = {"street": "Długa", "number": "1"}, {"street": "Krótka", "number": "2"}
    first = Said(1, {"addresses": [old]}, "stated", 50, day, identity=1)
    moved = Said(2, {"addresses": [new]}, "stated", 50, day + dt.timedelta(days=9), identity=1)
    other = Said(3, {"addresses": [old]}, "stated", 90, day, identity=2)
    assert resolve([first, moved]).values["addresses"] == [new, {**old, "until": "2026-01-10"}]
    # Somebody else still gives the old one: then it is no former one.
    assert resolve([first, moved, other]).values["addresses"] == [old, new]


def test_an_address_that_says_less_is_the_same_address() -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    full = {"street": "Polna", "number": "101", "postcode": "44-184", "city": "Gliwice", "label": "home"}
    thin = {"street": "Polna", "number": "101", "city": "Gliwice"}
    newer = day + dt.timedelta(days=1)
    for identity in (1, 2):
        first = Said(1, {"addresses": [full]}, "stated", 50, day, identity=1)
        second = Said(2, {"addresses": [thin]}, "stated", 50, newer, identity=identity)
        assert resolve([first, second]).values["addresses"] == [full]


def test_an_emptied_detail_is_said_too() -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    phone = {"value": "+48600100200", "label": "work"}
    file = Said(1, {"phones": [phone]}, "stated", 50, day)
    emptied = Said(2, {"phones": [{**phone, "label": None}]}, "confirmed", 90, day)
    confirmed = Said(3, {"phones": [{"value": phone["value"]}]}, "confirmed", 90, day + dt.timedelta(days=1))
    again = Said(4, {"phones": [phone]}, "stated", 50, day + dt.timedelta(days=2))
    for claims in ([file, emptied], [file, emptied, confirmed, again], [emptied]):
        assert resolve(claims).values["phones"] == [{"value": "+48600100200"}]


def test_what_is_taken_off_an_address_stays_off() -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    flat = {"street": "Polna", "number": "1", "flat": "2", "city": "Gliwice"}
    house = {name: value for name, value in flat.items() if name != "flat"}
    file = Said(1, {"addresses": [flat]}, "stated", 50, day)
    changed = Said(2, {"addresses": [{**flat, "gone": True}, house]}, "confirmed", 90, day)
    again = Said(3, {"addresses": [flat]}, "stated", 50, day + dt.timedelta(days=2))
    assert resolve([file, changed, again]).values["addresses"] == [house]
