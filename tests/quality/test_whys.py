"""A person's own words for a joining may name what stands in a sealed field, so they lie sealed as well."""

from __future__ import annotations

import pytest

from kartoteka.quality.merging import merge, split
from kartoteka.quality.models import Merger, Split
from kartoteka.quality.queries import list_mergers, mergers_of
from kartoteka.quality.whys import open_whys
from kartoteka.trust import personal_keys
from kartoteka.trust.actor import SHELL
from kartoteka.trust.personal_keys import Subject, is_sealed
from tests import make

pytestmark = pytest.mark.django_db
WORDS = "same number 85040312345"


def test_the_words_of_a_joining_and_a_separation_lie_sealed() -> None:
    anna, ania = make.person("Anna", "Lis"), make.person("Ania", "Lis")
    merger = merge(kept=anna, gone=ania, by=SHELL, why=WORDS)
    assert merger.why == WORDS
    assert is_sealed(Merger.objects.values_list("why", flat=True).get())
    assert [each.why for each in list_mergers(actor=SHELL).rows] == [WORDS]
    assert [each.why for each in mergers_of(actor=SHELL, customer=anna)] == [WORDS]
    done = split(merger=Merger.objects.get(), by=SHELL, why="no: " + WORDS)
    assert is_sealed(done.why)
    row = Split.objects.get()
    open_whys([row])
    assert row.why == "no: " + WORDS
    personal_keys.destroy([Subject("identity", str(row.identities[0]))])
    row.refresh_from_db()
    open_whys([row])
    assert row.why == ""


def test_without_words_no_key_is_made() -> None:
    anna, ania = make.person("Anna", "Lis"), make.person("Ania", "Lis")
    before = personal_keys.PersonalKey.objects.count()
    assert merge(kept=anna, gone=ania, by=SHELL).why == ""
    assert personal_keys.PersonalKey.objects.count() == before
