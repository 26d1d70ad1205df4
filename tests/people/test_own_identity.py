"""What staff say of a customer is said of that customer, also when the card's own identity has gone to another."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kartoteka.cli.main import main
from kartoteka.people.editing import change_customer, own_identity, tag_customers
from kartoteka.people.models import Customer
from kartoteka.quality.merging import split_off
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db


def test_an_identity_that_was_split_off_is_written_to_no_more() -> None:
    anna = make.person("Anna", "Kowalska", key="a")
    change_customer(customer=anna, changes={"note": "hers"}, by=SHELL)
    own = own_identity(anna)
    assert own.key == anna.card
    parted = Customer.objects.get(pk=split_off(customer=anna, identities=[own.pk], by=SHELL).parted_id)

    change_customer(customer=anna, changes={"profession": "baker"}, by=SHELL)
    tag_customers(customers=[anna.pk, parted.pk], tag="vip", by=SHELL)
    anna.refresh_from_db()
    parted.refresh_from_db()
    assert (anna.more.get("profession"), parted.more.get("profession")) == ("baker", None)
    assert (anna.more["tags"], parted.more["tags"]) == (["vip"], ["vip"])
    assert own_identity(anna).customer_id == anna.pk
    assert own_identity(anna) == own_identity(anna)
    assert own_identity(parted).customer_id == parted.pk
    assert own_identity(parted).key == parted.card


def test_the_file_of_identities_holds_no_formula(tmp_path: Path) -> None:
    make.csv_import("id,first name\n=2+5,Anna\n+48,Jan\n", name="@cmd.csv", columns={"id": "key"})
    assert main(["export", "identities", str(tmp_path / "out.csv")]) == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["source", "batch", "file", "row", "key", "customer"]
    assert [(row[2], row[4]) for row in rows] == [("'@cmd.csv", "'=2+5"), ("'@cmd.csv", "+48")]
