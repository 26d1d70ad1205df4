"""Forms of the card: what nobody touched is never said again, what was touched is said once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.people.card import CardField, CardValue, Origin
from kartoteka.people.catalogue import Kind, built_in
from kartoteka.web.card_forms import form_of, group_keys, read_form

pytestmark = pytest.mark.any_base

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ORIGIN = Origin(
    claim=1, source="", batch="", ground="", at=AT, by="", standing="stated", row=None, value=None, typed={}
)
letters = st.characters(
    codec="utf-8", exclude_characters=",", exclude_categories=["Cc", "Zs", "Zl", "Zp", "Cs"]
)
words = st.text(letters, min_size=1)


def field(key: str, *values: Any) -> CardField:
    return CardField(
        built_in()[key],
        tuple(
            CardValue(value=v, kind=Kind.SEMANTIC, origin=ORIGIN, others=(), heard_at=AT, stale=False)
            for v in values
        ),
    )


def sent_back(key: str, fields: list[CardField]) -> dict[str, str]:
    """What a browser sends of a form that nobody touched."""
    form = form_of(key, fields)
    inputs = [*form.inputs, *(each for entry in form.entries for each in entry.inputs)]
    return {
        each.name: "1" if each.kind == "tick" else str(each.value)
        for each in inputs
        if each.kind != "tick" or each.value
    }


phones = st.fixed_dictionaries(
    {"value": words}, optional={"label": words, "hours": words, "preferred": st.booleans()}
)
addresses = st.fixed_dictionaries(
    {"street": words}, optional={"city": words, "country": st.sampled_from(["PL", "FI"])}
)


@given(st.lists(phones, unique_by=lambda each: each["value"].casefold(), max_size=4))
def test_untouched_phones_say_nothing(entries: list[dict[str, Any]]) -> None:
    fields = [field("phones", *entries)]
    assert read_form("phones", fields, sent_back("phones", fields)) == {}


@given(st.lists(addresses, max_size=3))
def test_untouched_addresses_say_nothing(entries: list[dict[str, Any]]) -> None:
    fields = [field("addresses", *entries)]
    assert read_form("addresses", fields, sent_back("addresses", fields)) == {}


@given(
    st.lists(words, unique_by=str.casefold, max_size=5), st.lists(words, unique_by=str.casefold, max_size=5)
)
def test_words_are_added_and_taken_off_and_nothing_else(had: list[str], wanted: list[str]) -> None:
    fields = [field("tags", *had)]
    assert read_form("tags", fields, sent_back("tags", fields)) == {}
    changes = read_form("tags", fields, {"tags": ", ".join(wanted)}).get("tags", [])
    gone = {each["value"].casefold() for each in changes if isinstance(each, dict)}
    added = {each.casefold() for each in changes if isinstance(each, str)}
    now = {each.casefold() for each in had}
    assert (now - gone) | added == {each.casefold() for each in wanted}


def test_a_changed_number_takes_the_old_one_off() -> None:
    fields = [field("phones", {"value": "+358401234567", "label": "home"})]
    changes = read_form("phones", fields, {"0-value": "+358407654321", "0-label": "home"})
    assert [(each["value"], each.get("gone", False)) for each in changes["phones"]] == [
        ("+358401234567", True),
        ("+358407654321", False),
    ]


def test_a_changed_label_keeps_the_number() -> None:
    fields = [field("phones", {"value": "+358401234567", "label": "home"})]
    [change] = read_form("phones", fields, {"0-value": "+358401234567", "0-label": "work"})["phones"]
    assert (change["value"], change["label"], change.get("gone")) == ("+358401234567", "work", None)


def test_emptied_means_taken_off() -> None:
    fields = [field("emails", {"value": "a@example.com"})]
    assert read_form("emails", fields, {"0-value": ""})["emails"] == [
        {"value": "a@example.com", "gone": True}
    ]


def test_fields_edited_together() -> None:
    assert group_keys("name")[:3] == ("name", "title", "given")
    assert group_keys("phones") == ("phones",)
    assert group_keys("merged_into") == ()
