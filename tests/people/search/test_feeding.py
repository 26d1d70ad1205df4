"""The index follows the record, whichever door the change came through."""

import datetime as dt

import pytest
from django.db import connection, transaction

from kartoteka.people.models import Batch, Customer, Source
from kartoteka.people.recording import Arrival, record_claims
from kartoteka.people.search.find import find
from kartoteka.people.search.index import reindex
from kartoteka.quality.merging import merge, split
from kartoteka.trust.actor import SHELL
from tests.emptying import empty

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    source = Source.objects.create(name="Till", kind="file")
    at = dt.datetime.now(dt.UTC)
    return Batch.objects.create(source=source, ground="contract", at=at, by_kind="shell", by_name="x")


def found(text: str) -> list[int]:
    return sorted(hit.customer for hit in find(text, actor=SHELL))


def indexed() -> set[int]:
    key = "customer" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM people_search")
        return {row[0] for row in cursor.fetchall()}


def test_what_is_recorded_is_found_at_once(batch: Batch) -> None:
    first = record_claims(
        batch=batch,
        arrivals=[
            Arrival("1", {"given": "Katarzyna", "family": "Nowak", "phones": [{"value": "+48600700800"}]}),
            Arrival(
                "2", {"company": "Zielony Młyn", "form": "sp. z o.o.", "emails": [{"value": "biuro@mlyn.pl"}]}
            ),
        ],
    )
    kasia, mill = first.customers
    assert found("nowka") == found("700800") == [kasia]
    assert found("zielony mlym") == found("biuro@mlyn.pl") == [mill]
    record_claims(batch=batch, arrivals=[Arrival("1", {"tags": ["beekeeper"]})])
    assert found("beekeper nowak") == [kasia]


def test_merged_and_split(batch: Batch) -> None:
    recorded = record_claims(
        batch=batch,
        arrivals=[
            Arrival("1", {"given": "Katarzyna", "family": "Nowak"}),
            Arrival("2", {"given": "Kasia", "family": "Nowak", "note": "allergic to walnuts"}),
        ],
    )
    one, other = recorded.customers
    merger = merge(kept=Customer.objects.get(pk=one), gone=Customer.objects.get(pk=other), by=SHELL)
    assert indexed() == {one}
    assert found("walnuts") == [one]
    split(merger=merger, by=SHELL)
    assert indexed() == {one, other}
    assert found("walnuts") == [other]


def test_what_was_not_kept_leaves_no_trace(batch: Batch) -> None:
    with transaction.atomic():
        record_claims(batch=batch, arrivals=[Arrival("1", {"family": "Zzyzx"})])
        transaction.set_rollback(True)
    assert found("zzyzx") == []
    record_claims(batch=batch, arrivals=[Arrival("1", {"family": "Zzyzx"})])
    assert len(found("zyzzx")) == 1


def test_counts_are_those_of_the_standing_customers(batch: Batch) -> None:
    """However often a customer is fed again, a word counts as if the index were made anew."""
    arrivals = [Arrival(str(number), {"family": "Nowak" if number % 2 else "Lis"}) for number in range(60)]
    for _again in range(3):
        record_claims(batch=batch, arrivals=arrivals)
    record_claims(batch=batch, arrivals=[Arrival(str(n), {"family": "Wilk"}) for n in range(0, 60, 3)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, count FROM people_searchword WHERE count > 0 ORDER BY word")
        before = cursor.fetchall()
        reindex()
        cursor.execute("SELECT word, count FROM people_searchword WHERE count > 0 ORDER BY word")
        assert cursor.fetchall() == before
    assert before


@pytest.mark.django_db(transaction=True)
def test_a_test_that_committed_leaves_nobody_in_the_index(batch: Batch) -> None:
    """Else what later tests find would hang on the order in which the suite happened to run."""
    record_claims(batch=batch, arrivals=[Arrival(str(number), {"family": "Nowak"}) for number in range(9)])
    assert indexed()
    empty()
    assert not indexed()
    assert found("nowak") == []
