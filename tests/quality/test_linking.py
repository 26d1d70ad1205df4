"""The matching engine: on the hard set against floors, and the cases a shop owner would never forgive."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.quality.linking import Linkage, compare, link
from kartoteka.quality.linking.compare import Compared
from kartoteka.quality.linking.comparisons import ALL
from kartoteka.quality.linking.counterparts import Known, counterparts
from kartoteka.quality.linking.spellings import misspelt
from tests.hardset.history import Age
from tests.hardset.score import pairs, score
from tests.hardset.sources import TUNED, UNSEEN, HardSet, hard_set

pytestmark = pytest.mark.any_base

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
    mother = {**father, "given": "Imogen", "sex": "f"}
    assert ours(link(base(mother, {**thin, "given": "Imogen", "sex": "f"}))) == [[1, 2]]
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


FIRM = {"kind": "organisation", "company": "Fairclough", "street": "Mill Lane", "number": "4", "city": "York"}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(
            {"company": "Fairclough Plumbing", "street": None, "number": None}, False, id="in one town"
        ),
        pytest.param(
            {"company": "Fairclough Holding", "street": None, "number": None}, False, id="its holding"
        ),
        pytest.param({"form": "PLC", "street": None, "number": None}, False, id="another legal form"),
        pytest.param(
            {"registrations": ["09588546"], "street": None, "number": None}, False, id="another number"
        ),
        pytest.param({"registrations": ["PL4378189155"]}, True, id="a number of another register"),
    ],
)
def test_firms_that_may_be_another(other: dict[str, Any], same: bool) -> None:
    one = {**FIRM, "form": "Ltd", "registrations": ["09588545"], "sources": ["register"]}
    assert ours(link(base(one, {**FIRM, "sources": ["fair"], **other}))) == ([[1, 2]] if same else [])


@pytest.mark.parametrize(("town", "asked"), [("York", True), ("Norwich", False)])
def test_a_firm_with_a_town_in_its_name_that_is_not_where_it_is(town: str, asked: bool) -> None:
    rows = [{**FIRM, "form": "Ltd", "sources": ["register"]},
            {**FIRM, "form": "Ltd", "company": f"Fairclough {town}", "sources": ["fair"]}]  # fmt: skip
    linkage = link(base(*rows))
    assert ours(linkage) == []
    assert any({1, 2} == {pair.a, pair.b} for pair in linkage.doubts) is asked


def test_an_e_mail_of_a_father_and_his_son_tells_neither() -> None:
    both = {**FATHER, "emails": ["winterbourne@mail.example"]}
    father = {**both, "birth": "1950-05-01", "phones": ["+447700900101"], "sources": ["shop"]}
    son = {**both, "birth": "1981-11-23", "phones": ["+447700900102"], "sources": ["shop"]}
    thin = {"given": "Samuel", "emails": ["winterbourne@mail.example"], "sources": ["newsletter"]}
    assert ours(link(base(father, son, thin))) == []


def test_a_phone_of_a_father_and_his_son_tells_neither() -> None:
    """Both are called the same, and nobody else uses it."""
    both = {**FATHER, "sex": "m", "phones": ["+447700900101"]}
    rows = [
        {**both, "suffix": "Sr", "birth": "1950-05-01", "sources": ["shop"]},
        {**both, "suffix": "Jr", "birth": "1981-11-23", "sources": ["counter"]},
        {"given": "Samuel", "phones": ["+447700900101"], "sources": ["phone book"]},
    ]
    assert ours(link(base(*rows))) == []


def test_men_of_one_name_and_home_in_one_source_are_a_doubt() -> None:
    rows = [
        {**FATHER, "sex": "m", "sources": ["shop"]},
        {**FATHER, "sex": "m", "birth": "1950", "sources": ["shop"]},
    ]
    assert ours(link(base(*rows))) == []
    assert ours(link(base(rows[0], {**rows[1], "sources": ["counter"]}))) == [[1, 2]]


def test_a_misspelt_given_name_is_read_as_the_one_the_base_uses_often() -> None:
    used = {"wixandra": 60, "wixandar": 2, "vixandra": 3, "wixanda": 20, "marta": 1, "maria": 90, "jo": 1}
    assert misspelt(used) == {"wixandar": "wixandra", "vixandra": "wixandra"}


def test_two_who_misspell_one_name_are_one() -> None:
    rowenas = [
        {"given": "Rowena", "family": f"Zime{at}", "phones": [f"+63917000{at:04}"]} for at in range(10)
    ]
    email = {"emails": ["zimeres.ro@mail.example"]}
    rows = [
        {**email, "given": "Roweba", "sources": ["newsletter"]},
        {**email, "given": "Rowwna", "sources": ["shop"]},
    ]
    assert [1, 2] in ours(link(base(*rows, *rowenas)))


def test_branches_with_numbers_stay_apart_however_many_the_list_holds() -> None:
    rows = [
        {**FATHER, "given": None, "family": None, "kind": "organisation", "company": f"{name} Lodge No {number}"}
        for name in ("Fairclough", "Oldroyd", "Brzezina", "Entwistle", "Thistlewood")
        for number in range(1, 9)
    ]  # fmt: skip
    assert ours(link(base(*rows))) == []


def test_a_misspelt_name_makes_no_second_person_of_a_phone() -> None:
    """Were the phone the home's, two women would share it: a typist and three spellings are one."""
    spelt = ("Aleksandra", "Alesandra", "Aleksnadra", "A.")
    phone = {"family": "Kalura", "phones": ["+48691296477"]}
    rows = [
        {**phone, "given": called, "sources": [source]} for called, source in zip(spelt, "abcd", strict=True)
    ]
    assert ours(link(base(*rows))) == [[1, 2, 3, 4]]


def test_a_short_name_is_learned_from_the_families_that_use_it() -> None:
    """Pogi for Wixandra: no list says so, five families do."""
    known, asked = (
        [],
        {"sources": ["shop"], "family": "Oldroyd", "street": "Mill Lane", "number": "4", "city": "York"},
    )
    for at, family in enumerate(("Bartrum", "Cawood", "Dunnock", "Elvaston", "Fothergill")):
        for called, source in (("Wixandra", "shop"), ("Pogi", "phone book")):
            known.append(
                {"given": called, "family": family, "phones": [f"+4479111{at}4567"], "sources": [source]}
            )
    thin = {**asked, "given": "Pogi", "phones": ["+447911999888"], "sources": ["counter"]}
    whole = {**asked, "given": "Wixandra", "phones": ["+447911999888"]}
    assert [1, 2] in ours(link(base(whole, thin, *known)))
    assert [1, 2] not in ours(link(base(whole, thin)))


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


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize(
    ("noise", "recall"), [pytest.param(TUNED, 0.70, id="cleaner"), pytest.param(UNSEEN, 0.55, id="dirtier")]
)
def test_the_hard_set(noise: Any, recall: float, seed: int) -> None:
    hard: HardSet = hard_set(customers=2500, seed=seed, noise=noise)
    got = score(hard, joined(link(hard.people)))
    assert got.precision >= 0.97
    assert got.recall >= recall
    assert {
        kind for kind, share in got.wrong.items() if share >= (0.08 if kind == "father and son" else 0.02)
    } == set()


def test_men_of_one_name_and_home_whose_phones_differ_are_a_doubt() -> None:
    linkage = link(base({**FATHER, "sex": "m", "phones": ["+447700900101"], "sources": ["shop"]},
                        {**FATHER, "sex": "m", "phones": ["+447911234567"], "sources": ["counter"]}))  # fmt: skip
    assert ours(linkage) == []
    assert any({1, 2} == {pair.a, pair.b} for pair in linkage.doubts)


def test_a_thin_row_between_two_who_are_not_one_is_a_doubt() -> None:
    one = {
        "given": "Hester",
        "family": "Labuschagne",
        "phones": ["+27821234501"],
        "street": "Kerkstraat",
        "number": "4",
    }
    other = {**one, "phones": ["+27821234502"], "street": "Langstraat", "number": "71"}
    linkage = link(base({**one, "sources": ["shop"]}, {**other, "sources": ["shop"]},
                        {"given": "Hester", "family": "Labuschagne", "sources": ["counter"]}))  # fmt: skip
    assert all(3 not in ids for ids in ours(linkage))


def test_a_date_that_a_till_made_up_is_no_birth_date() -> None:
    made_up = [
        {**ANNA, "given": given, "family": family, "phones": [f"+4860020{at:04}"], "birth": "1900-01-01"}
        for at, (given, family) in enumerate(
            product(("Jan", "Ewa", "Piotr", "Zofia"), ("Mazur", "Gut", "Lis", "Kos"))
        )
    ]
    again = {**ANNA, "birth": "1900-01-01", "sources": ["counter"]}
    assert ours(link(base(ANNA, again, *made_up))) == [[1, 2]]


@pytest.mark.parametrize(
    ("met", "rivalled", "found"), [(60, False, True), (40, False, False), (60, True, False)]
)
def test_who_is_left_over_in_two_sources_of_the_same_people(met: int, rivalled: bool, found: bool) -> None:
    """Rows 0 to 61 are of source a, 62 to 123 of b, one a person; the last of each met nobody, nor the last but one."""
    owner = np.arange(124, dtype=np.int32)
    owner[62 : 62 + met] = np.arange(met)
    left, right, odds = [61], [123], [1.0]
    if rivalled:
        left, right, odds = [61, 61], [123, 122], [1.0, 0.5]
    some = Compared(
        np.array(left, np.int32), np.array(right, np.int32), np.zeros((len(left), len(ALL)), np.int8)
    )
    known = Known.of(pa.chunked_array([[["a"]] * 62 + [["b"]] * 62]))
    assert counterparts(some, np.array(odds), owner, known, 0.0) == ([[61, 123]] if found else [])


def test_persons_of_many_rows_told_by_name_birth_and_place_only() -> None:
    age = Age(5)
    age.invent(200)
    rows = [(one.number, age.row(one, at)) for one in age.figures for at in range(1, 11)]
    people = pa.Table.from_pylist(
        [
            {
                "id": at, "given": row["first_name"], "family": row["surname"], "birth": row["dob"], "sex": row["gender"],
                "birth_place": row["birth_place"], "postcode": row["postcode_fake"], "profession": row["occupation"],
                "sources": ["history"],
            }
            for at, (_, row) in enumerate(rows)
        ],
        schema=STRANGERS.schema,
    )  # fmt: skip
    got = pairs(joined(link(people)))
    right = sum(rows[a][0] == rows[b][0] for a, b in got)
    assert right / len(got) >= 0.97
    assert right / (len(age.figures) * 45) >= 0.6


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
