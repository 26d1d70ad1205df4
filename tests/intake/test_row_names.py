"""Who a row is of, out of its cells of names."""

import pytest

from kartoteka.intake.files.fields import Target
from kartoteka.intake.row import Plan, Reading
from kartoteka.intake.row_names import read_company, read_names

pytestmark = pytest.mark.any_base

PLAN = Plan(("first", "last"), (Target("given"), Target("family")))


@pytest.mark.parametrize(
    ("given", "family", "shown"),
    [
        ("Fam", "Nowak", "Fam Nowak"),
        ("Fam.", "Nowak", "Fam. Nowak"),
        ("Rodzina", "Nowak", "Rodzina Nowak"),
        ("Mr & Mrs", "Smith", "Mr & Mrs Smith"),
    ],
)
def test_a_household_in_two_columns(given: str, family: str, shown: str) -> None:
    reading = Reading(PLAN, [given, family])
    read_names(reading)
    assert reading.values == {"kind": "household", "name": shown}


def test_cells_that_are_no_names_leave_the_whole_name() -> None:
    reading = Reading(Plan(("name", "last"), (Target("name"), Target("family"))), ["Jan Lis", "2024-05-01"])
    read_names(reading)
    assert (reading.values["given"], reading.values["family"]) == ("Jan", "Lis")


@pytest.mark.parametrize(("given", "family"), [("Dan", "Nowak"), ("Katarzyna", "Nowak"), ("Anna", "Lis")])
def test_a_person_in_two_columns(given: str, family: str) -> None:
    reading = Reading(PLAN, [given, family])
    read_names(reading)
    assert {key: reading.values.get(key) for key in ("given", "family", "kind")} == {
        "given": given, "family": family, "kind": None,
    }  # fmt: skip


def test_no_cell_of_a_chinese_name_is_lost() -> None:
    """Who fills in "First name: Tan, Last name: Wei Ming" is Tan Wei Ming all the same."""
    reading = Reading(Plan(("first", "last"), PLAN.targets, country="MY"), ["Tan", "Wei Ming"])
    read_names(reading)
    assert (reading.values["given"], reading.values["family"]) == ("Wei Ming", "Tan")


@pytest.mark.parametrize(
    "typed", ["=CMD()", "+SUM(A1:A9)", "=B2&C2", "#REF!", "@SUM(1)", "-2+3+cmd|' /C calc'!A0"]
)
@pytest.mark.parametrize("field", ["name", "company"])
def test_a_formula_names_nobody_and_is_told(typed: str, field: str) -> None:
    reading = Reading(Plan((field,), (Target(field),)), [typed])
    read_names(reading)
    read_company(reading)
    assert reading.values == {}
    assert [(each["field"], each["problem"], each["typed"]) for each in reading.problems] == [
        (field, "no_name", typed)
    ]


@pytest.mark.parametrize("typed", ["brak", "n/a", "ei ole"])
def test_a_word_for_nothing_in_the_companys_cell_is_no_company_and_no_problem(typed: str) -> None:
    reading = Reading(Plan(("company",), (Target("company"),)), [typed])
    read_company(reading)
    assert (reading.values, reading.problems) == ({}, [])
