"""Persons and their firms come in together: for whom somebody works is noted where it is sure, and goes with the import."""

from __future__ import annotations

import pytest

from kartoteka.intake.undoing import undo_now
from kartoteka.people.models import Identity, Relation
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db

FIRMS = """company,phone,city
Brzezina Sp. z o.o.,+48 22 620 00 01,Warszawa
Oldroyd Ltd,+44 20 7946 0001,Leeds
Oldroyd PLC,+44 20 7946 0002,York
"""
PERSONS = """first name,last name,company,e-mail
Anna,Nowak,BRZEZINA sp zoo,anna@example.com
Jan,Lis,Brzezina,jan@example.com
Ewa,Mazur,Brzezina S.A.,ewa@example.com
Tom,Ash,Oldroyd,tom@example.com
Sue,Ash,Oldroyd plc,sue@example.com
Ida,Gut,Unknown Works,ida@example.com
"""


def works_for() -> set[tuple[str, str]]:
    rows = Relation.objects.values_list(
        "one__customer__given", "other__customer__company", "other__customer__form"
    )
    return {(person, f"{company} {form}") for person, company, form in rows}


def test_who_works_for_whom_is_noted_where_it_is_sure_and_goes_with_the_import() -> None:
    make.csv_import(FIRMS, name="firms.csv", source="register", country="PL")
    known = PERSONS.replace(",company,", ",interest,")  # the same people, before anybody said where they work
    make.csv_import(known, name="known.csv", source="cards", country="PL", columns={"e-mail": "key"})
    assert works_for() == set()
    persons = make.csv_import(
        PERSONS, name="persons.csv", source="cards", country="PL", columns={"e-mail": "key"}
    )
    assert works_for() == {
        ("Anna", "Brzezina Sp. z o.o."),
        ("Jan", "Brzezina Sp. z o.o."),
        ("Sue", "Oldroyd PLC"),
    }
    undo_now(file_import=persons, by=SHELL)
    assert works_for() == set()
    assert Identity.objects.filter(source__name="cards").count() == 6
