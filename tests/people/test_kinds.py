"""Who is no person has an index of their own, which the database takes only where the statement names its word."""

import pytest
from django.db import connection

from kartoteka.people.models import NO_PERSON, Customer


@pytest.mark.parametrize("word", ["per'son", "", "a b", "é", 1])
def test_only_a_plain_word_becomes_part_of_a_statement(word: object) -> None:
    with pytest.raises(ValueError, match="no word"):
        str(Customer.objects.filter(kind__besides=word).query)


@pytest.mark.django_db
def test_who_is_no_person_is_found_by_their_own_index() -> None:
    if connection.vendor == "postgresql":  # which reads so small a table whole if it may
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    found = Customer.objects.filter(NO_PERSON, merged_into=None, kind="household").order_by("sort_name")
    assert "customer_by_kind" in found.values("pk").explain()
