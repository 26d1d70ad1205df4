"""The quick way of an import (several processes, many rows at once) gives the very base of the plain one, row by row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection

from kartoteka.intake import customer_way, pool
from kartoteka.intake.files import open_file
from kartoteka.intake.plan import survey
from kartoteka.intake.receiving import receive, settle
from kartoteka.intake.sample.files import write
from kartoteka.intake.understanding import understand
from kartoteka.intake.whole import import_stream
from kartoteka.people import rows as rows_of_customers
from kartoteka.people.models import Claim, Customer
from kartoteka.people.recording import Arrival, record_claims
from kartoteka.people.rules import rules_now
from kartoteka.people.search.index import reindex
from kartoteka.trust.actor import SHELL
from tests import make


def quickly(path: Path) -> None:
    with path.open("rb") as stream:
        done = import_stream(stream=stream, name=path.name, source=path.name, ground="contract", by=SHELL)
    assert done.state == "done", done.problem


def plainly(path: Path) -> None:
    """Each row understood here and recorded by itself, nothing made ready."""
    with path.open("rb") as stream:
        found = receive(stream=stream, name=path.name, by=SHELL, source=path.name)
    settle(file_import=found, by=SHELL, source=path.name, ground="contract")
    batch, rules = make.batch(path.name), rules_now()
    for sheet, plan in survey(open_file(path, name=path.name), found).plans:
        for row, cells in sheet.rows():
            each = understand(plan, rules, row, cells)
            if not each.refused:
                arrival = Arrival(
                    each.key, dict(each.values), orjson.loads(each.ready.typed), row=row, sheet=sheet.name
                )
                record_claims(batch=batch, arrivals=[arrival])


def whole_base() -> tuple[Any, ...]:
    """Everything that is written: records, contacts and identities, claims, completeness, order, words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT names, others FROM people_search")
        words = sorted((sorted(names.split()), sorted(others.split())) for names, others in cursor.fetchall())
        cursor.execute("SELECT word FROM people_searchword")
        led_to = {word for (word,) in cursor.fetchall()}
    # A word that somebody had for a moment, between two rows, stays in the list of words; none may lack there.
    used = {
        word for names, others in words for word in (*names, *others) if len(word) > 1 and word[0].isalpha()
    }
    assert used <= led_to
    columns = (
        "sort_name",
        "title",
        "middle",
        "particle",
        "suffix",
        "nickname",
        "form",
        "language",
        "completeness",
    )
    claims = Claim.objects.values_list(
        "identity__source__name", "identity__key", "sheet", "row", "values", "typed"
    )
    return (
        make.base(),
        sorted(Customer.objects.filter(merged_into=None).values_list(*columns)),
        sorted(claims, key=repr),
        words,
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files as people keep them."""
    folder = tmp_path_factory.mktemp("files")
    write(folder, customers=80, seed=11, countries=["PL", "FI", "MY"])
    twice = folder / "twice.csv"
    lines = [
        "id,first name,last name,phone,e-mail",
        "7,Anna,Nowak,600100200,",
        "8,,,,",
        "7,Ania,Nowak,600100201,a@b.pl",
    ]
    twice.write_bytes(
        "\n".join([*lines, "9,Wanda,Lis,600100200,", "7,Anna Maria,Nowak-Lis,,A@b.pl"]).encode()
    )
    return sorted(path for path in folder.iterdir() if path.name != "truth.csv")


@pytest.mark.django_db
@pytest.mark.parametrize("processes", [True, False])
def test_quick_is_as_plain(files: list[Path], processes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    bases = []
    monkeypatch.setattr(pool, "FOR_PROCESSES", 0 if processes else 10**9)
    monkeypatch.setattr(customer_way, "CHUNK", 50)
    chosen = [path for path in files if path.suffix != ".vcf"][:: 3 if processes else 1]
    ways: list[Callable[[Path], None]] = [quickly, plainly]
    for way in ways:
        empty()
        for path in chosen:
            way(path)
        bases.append(whole_base())
    quick, plain = bases
    assert len(quick[0]) > 50
    for one, other in zip(quick, plain, strict=True):
        assert one == other


def empty() -> None:
    """The base as before any file."""
    from kartoteka.consent.models import Choice
    from kartoteka.intake.models import Import
    from kartoteka.people.models import Batch, Contact, ContactPoint, Identity

    for model in (Choice, Import, Contact, ContactPoint, Claim, Identity, Customer, Batch):
        model.objects.all().delete()
    reindex()


@pytest.mark.django_db
def test_rules_changed_since_the_rows_were_made_ready() -> None:
    """What the owner sets while an import runs holds for every row written after it."""
    old = rules_now()
    values = {"given": "Anna", "family": "Nowak", "name": "Anna Nowak", "phones": [{"value": "+48600100200"}]}
    wanted = rows_of_customers.make_ready(values, {}, old).held.columns[-1]
    stale = rows_of_customers.make_ready(values, {}, old._replace(weights={"phones": 1}))
    assert stale.held.columns[-1] == 100 > wanted
    arrival = Arrival("2", rows_of_customers.Written(stale.values), ready=stale)
    made = record_claims(batch=make.batch(), arrivals=[arrival], made_by=old._replace(weights={"phones": 1}))
    assert Customer.objects.get(pk=made.customers[0]).completeness == wanted


def test_the_room_of_the_columns_is_that_of_the_table() -> None:
    assert {
        name: Customer._meta.get_field(name).max_length for name in rows_of_customers.ROOM
    } == rows_of_customers.ROOM
