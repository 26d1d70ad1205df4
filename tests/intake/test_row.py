"""A row's cells by meaning."""

import pytest

from kartoteka.intake.files.fields import Target
from kartoteka.intake.row import Plan, Reading

pytestmark = pytest.mark.any_base

_GOOGLE = (
    *("Phone 1 - Type", "Phone 1 - Value", "Phone 2 - Label", "Phone 2 - Value"),
    *("E-mail 1 - Type", "E-mail 1 - Value"),
)
_MEANT = (None, Target("phone"), None, Target("phone"), None, Target("email"))


@pytest.mark.parametrize(
    ("told", "labels"),
    [
        (("Mobile", "Work Fax", "* Home"), ("mobile", "fax", "home")),
        (("Dom", "Praca", "Work"), ("home", "work", "work")),
        (("", "Ulla's", "* "), ("", "", "")),
    ],
)
def test_googles_types_are_the_labels_of_phones_and_e_mails(
    told: tuple[str, str, str], labels: tuple[str, str, str]
) -> None:
    cells = [told[0], "601 234 567", told[1], "22 621 45 67", told[2], "jan@wp.pl"]
    reading = Reading(Plan(_GOOGLE, _MEANT), cells)
    assert tuple(label for base in ("phone", "email") for _c, label, _t in reading.cells[base]) == labels


def test_a_label_that_was_chosen_stays() -> None:
    meant = (None, Target("phone", label="work"), *_MEANT[2:])
    reading = Reading(Plan(_GOOGLE, meant), ["Mobile", "601 234 567", None, None, None, None])
    assert reading.cells["phone"] == [(1, "work", "601 234 567")]


def test_a_short_row_has_no_label() -> None:
    plan = Plan(("Phone 1 - Value", "Phone 1 - Type"), (Target("phone"), None))
    assert Reading(plan, ["601 234 567"]).cells["phone"] == [(0, "", "601 234 567")]
