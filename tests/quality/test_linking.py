"""The matching engine: on the hard set against floors, and the cases a shop owner would never forgive."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.quality.linking import Linkage, compare, link
from tests.hardset.score import score
from tests.hardset.sources import TUNED, UNSEEN, HardSet, hard_set

STRANGERS = hard_set(customers=60, seed=5, noise=TUNED, per_customer=1.0).people


def base(*rows: dict[str, Any]) -> pa.Table:
    """The rows with ids from 1 on, among strangers as a small shop has them (ids from 1000 on)."""
    people = [{"id": at, "kind": "person", **row} for at, row in enumerate(rows, 1)]
    return pa.concat_tables([pa.Table.from_pylist(people, schema=STRANGERS.schema), STRANGERS])


def joined(linkage: Linkage) -> list[list[int]]:
    return [join.ids for join in linkage.joins]


def ours(linkage: Linkage) -> list[list[int]]:
    """The groups with a row of the test's own."""
    return [ids for ids in joined(linkage) if min(ids) < 1000]


ANNA = {
    "given": "Katarzyna",
    "family": "Nowicka",
    "birth": "1985-04-03",
    "phones": ["+48600100200"],
    "sources": ["shop"],
}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"given": "Kasia"}, id="diminutive"),
        pytest.param({"family": "Nowicki"}, id="family name bent"),
        pytest.param({"family": "Nowcika"}, id="letters swapped"),
        pytest.param({"birth": "1985-03-04"}, id="day and month swapped"),
        pytest.param({"birth": "--04-03"}, id="year missing"),
        pytest.param({"birth": None}, id="birth missing"),
        pytest.param({"given": "Nowicka", "family": "Katarzyna"}, id="names in each other's column"),
    ],
)
def test_one_person_written_twice(other: dict[str, Any]) -> None:
    assert ours(link(base(ANNA, {**ANNA, "sources": ["counter"], **other}))) == [[1, 2]]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"given": "Barbara"}, id="twin"),
        pytest.param(
            {"given": None, "family": None, "birth": None, "company": "Nowicka Design"}, id="her firm"
        ),
        pytest.param({"given": "Barbara", "birth": "1999-01-30"}, id="daughter"),
        pytest.param({"birth": "1951-12-24"}, id="mother of the same name"),
        pytest.param({"given": "Zofia", "family": "Mazur", "birth": None}, id="phone given anew"),
    ],
)
def test_two_people_of_one_phone(other: dict[str, Any]) -> None:
    assert ours(link(base(ANNA, {**ANNA, "sources": ["counter"], **other}))) == []


FATHER = {
    "given": "Samuel", "family": "Winterbourne", "street": "Mill Lane", "number": "4", "city": "York",
}  # fmt: skip


def test_a_thin_row_of_a_name_that_two_of_one_home_bear_is_a_doubt() -> None:
    father = {**FATHER, "birth": "1950-05-01", "phones": ["+447700900101"], "sources": ["shop"]}
    son = {**FATHER, "birth": "1981-11-23", "phones": ["+447700900102"], "sources": ["shop"]}
    thin = {**FATHER, "sources": ["counter"]}
    assert ours(link(base(father, thin))) == [[1, 2]]
    linkage = link(base(father, son, thin))
    assert ours(linkage) == []
    assert any(3 in {pair.a, pair.b} for pair in linkage.doubts)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Brzezina Foods", "The Brzezina Foods Group", True, id="Group"),
        pytest.param("Oldroyd & Sons", "Oldroyd and Sons", True, id="and"),
        pytest.param("Fairclough Lodge No 5", "Fairclough Lodge No 6", False, id="another number"),
        pytest.param("Greenhalgh Steel", "Oldroyd Steel", False, id="a common word only"),
    ],
)
def test_firms(one: str, other: str, same: bool) -> None:
    rows = [{"kind": "organisation", "company": name, "city": "York"} for name in (one, other)]
    assert ours(link(base(*rows))) == ([[1, 2]] if same else [])


def test_what_is_held_apart_by_hand_stays_apart_also_through_a_third() -> None:
    people = base(ANNA, {**ANNA, "sources": ["counter"]}, {**ANNA, "sources": ["warranty"]})
    never = pa.table({"a": [2], "b": [1]})
    linkage = link(people, never=never)
    assert all(not {1, 2} <= set(ids) for ids in joined(linkage))
    assert all({pair.a, pair.b} != {1, 2} for pair in linkage.doubts)


def test_reasons_name_what_was_seen() -> None:
    joins = link(base(ANNA, {**ANNA, "given": "Kasia", "sources": ["counter"]})).joins
    join = next(each for each in joins if each.ids == [1, 2])
    words = dict(join.pairs[0].reasons)
    assert words["diminutive"] == {"a": "Katarzyna", "b": "Kasia"}
    assert words["same_phone"] == {"value": "+48600100200"}


def test_comparing_two_rows_by_themselves() -> None:
    probability, reasons = compare(ANNA, {**ANNA, "birth": "1985-04-08"})
    assert probability > 0.9
    assert "birth_one_digit" in dict(reasons)
    assert compare(ANNA, {"given": "Jan", "family": "Mazur", "birth": "1950-01-01"})[0] < 0.01


def test_nothing_to_link() -> None:
    assert joined(link(pa.table({"id": pa.array([], pa.int64())}))) == []
    assert joined(link(pa.table({"id": [7]}))) == []
    assert joined(link(pa.table({"id": [7, 8]}))) == []
    with pytest.raises(ValueError, match="no column 'id'"):
        link(pa.table({"name": ["Anna"]}))


@pytest.mark.parametrize(
    ("noise", "precision", "f1"),
    [pytest.param(TUNED, 0.97, 0.89, id="tuned"), pytest.param(UNSEEN, 0.95, 0.80, id="unseen")],
)
def test_the_hard_set(noise: Any, precision: float, f1: float) -> None:
    hard: HardSet = hard_set(customers=2500, seed=11, noise=noise)
    got = score(hard, joined(link(hard.people)))
    assert got.precision >= precision
    assert got.f1 >= f1
    assert got.wrong["household"] < 0.02
    assert got.wrong["twins"] < 0.02
    assert got.wrong["shared phone"] < 0.02


_texts = st.one_of(st.none(), st.text(max_size=12))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "given": _texts, "family": _texts, "birth": st.sampled_from([None, "1985-04-03", "1985", "--04-03", "x"]),
                "phones": st.lists(st.sampled_from(["+48600100200", "+48600100201", "?"]), max_size=2),
                "emails": st.lists(st.text(max_size=12), max_size=2),
            }
        ),
        max_size=12,
    )
)  # fmt: skip
def test_any_table_gives_disjoint_groups_of_its_ids(rows: list[dict[str, Any]]) -> None:
    people = pa.Table.from_pylist(
        [{"id": 10 + at, **row} for at, row in enumerate(rows)],
        schema=pa.schema(
            [("id", pa.int64())]
            + [(name, pa.string()) for name in ("given", "family", "birth")]
            + [(name, pa.list_(pa.string())) for name in ("phones", "emails")]
        ),
    )
    linkage = link(people)
    seen = [one for ids in joined(linkage) for one in ids]
    assert len(seen) == len(set(seen))
    assert set(seen) <= set(people["id"].to_pylist())
    assert all(0 <= pair.probability <= 1 for pair in linkage.doubts)
