"""The laws of the base, on the database: bulk is as row by row, a split takes a merger back, an undoing an import."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kartoteka.intake.undoing import undo_now
from kartoteka.intake.whole import import_stream
from kartoteka.people.editing import change_customer
from kartoteka.people.models import ContactPoint, Customer
from kartoteka.people.recording import Arrival, record_claims
from kartoteka.quality.arrival import Coming, sure_matches
from kartoteka.quality.merging import Group, merge, merge_groups, split
from kartoteka.trust.actor import SHELL
from tests import make

GIVEN = st.sampled_from(["Anna", "Ola", "Jan"])
FAMILY = st.sampled_from(["Nowak", "Lis"])
PHONE = st.sampled_from(["+48600100200", "+48600100201", ""])
KEY = st.sampled_from(["1", "2", "3", "4"])

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    given_name, family = draw(GIVEN), draw(FAMILY)
    found = {"key": draw(KEY), "given": given_name, "family": family, "name": f"{given_name} {family}"}
    if phone := draw(PHONE):
        found["phones"] = [{"value": phone}]
    return found


def arrive(rows: list[dict[str, Any]], batch: Any) -> None:
    """Rows come in together, as an import's chunk does."""
    rest = [Coming(row["key"], {name: value for name, value in row.items() if name != "key"}) for row in rows]
    while rest:
        matches = sure_matches(rest, source=batch.source_id)
        record_claims(
            batch=batch,
            arrivals=[
                Arrival(key=each.key, values=dict(each.values), customer=match.customer, beside=match.beside)
                for each, match in zip(rest, matches, strict=False)
            ],
        )
        rest = rest[len(matches) :]


class Laws(TestCase):
    @QUICK
    @given(st.lists(people(), max_size=6))
    def test_in_bulk_as_row_by_row(self, rows: list[dict[str, Any]]) -> None:
        for value in ("+48600100200", "+48600100201"):
            ContactPoint.objects.create(kind="phone", value=value, verified_at=timezone.now())
        with transaction.atomic():
            arrive(rows, make.batch())
            in_bulk = make.base()
            transaction.set_rollback(True)
        batch = make.batch()
        for row in rows:
            arrive([row], batch)
        assert make.base() == in_bulk

    @QUICK
    @given(st.lists(people(), min_size=2, max_size=4, unique_by=lambda each: each["key"]), people())
    def test_split_after_merge_gives_both_back(
        self, rows: list[dict[str, Any]], later: dict[str, Any]
    ) -> None:
        batch = make.batch()
        made = make.claims(*rows, into=batch)
        before = make.base()
        kept, gone = (Customer.objects.get(pk=each) for each in made.customers[:2])
        merger = merge(kept=kept, gone=gone, by=SHELL)
        assert len(make.base()) == len(rows) - 1
        split(merger=merger, by=SHELL)
        assert make.base() == before

    @QUICK
    @given(st.lists(people(), min_size=3, max_size=4, unique_by=lambda each: each["key"]), st.booleans())
    def test_later_arrivals_go_where_they_belong(self, rows: list[dict[str, Any]], first: bool) -> None:
        """What arrives on an identity after a merger stands on the right side after the split."""
        made = make.claims(*rows)
        news = {"key": rows[0 if first else 1]["key"], "phones": [{"value": "+48600999999"}]}
        kept, gone = (Customer.objects.get(pk=each) for each in made.customers[:2])
        merger = merge(kept=kept, gone=gone, by=SHELL)
        make.claims(news)
        split(merger=merger, by=SHELL)
        owner = kept if first else gone
        assert [c.customer_id for c in ContactPoint.objects.get(value="+48600999999").contacts.all()] == [
            owner.pk
        ]

    @QUICK
    @given(
        st.lists(people(), min_size=1, max_size=4),
        st.lists(people(), min_size=1, max_size=4),
        st.booleans(),
        st.booleans(),
    )
    def test_undoing_an_import_gives_the_base_from_before(
        self, before: list[dict[str, Any]], rows: list[dict[str, Any]], same_source: bool, joined: bool
    ) -> None:
        make.claims(*before, source="shop")
        was = make.base()
        lines = ["id,first name,last name,phone"]
        for row in rows:
            phone = row.get("phones", [{"value": ""}])[0]["value"]
            lines.append(f"{row['key']},{row['given']},{row['family']},{phone}")
        done = import_stream(
            stream=io.BytesIO("\n".join(lines).encode()),
            name="more.csv",
            source="shop" if same_source else "till",
            ground="contract",
            by=SHELL,
            columns={"id": "key", "first name": "given", "last name": "family", "phone": "phone"},
        )
        if joined:
            everybody = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
            if len(everybody) > 1:
                merge_groups([Group(everybody)], by=SHELL)
        undo_now(file_import=done, by=SHELL)
        assert make.base() == was


@pytest.mark.django_db
def test_an_undone_import_keeps_the_later_changes_of_others() -> None:
    done = make.csv_import("id,first name,last name\n7,Anna,Nowak\n8,Ola,Lis\n", columns={"id": "key"})
    anna = Customer.objects.get(given="Anna")
    change_customer(customer=anna, changes={"phones": ["+48 600 100 200"]}, by=SHELL)
    undo_now(file_import=done, by=SHELL)
    assert Customer.objects.count() == 1
    anna.refresh_from_db()
    assert (anna.given, anna.phone) == ("", "+48600100200")


@pytest.mark.django_db
def test_taking_a_merger_back_leaves_what_was_split_off_since() -> None:
    a, b, c = (make.person(name, "Nowak") for name in ("Anna", "Ania", "Hania"))
    was = make.base()
    first = merge(kept=a, gone=b, by=SHELL)
    second = merge(kept=c, gone=a, by=SHELL)
    split(merger=first, by=SHELL)
    b.refresh_from_db()
    assert (b.merged_into_id, b.given) == (None, "Ania")
    split(merger=second, by=SHELL)
    assert make.base() == was
