"""Files on their way in: what is refused leaves nothing behind."""

from __future__ import annotations

import io

import pytest

from kartoteka.intake.models import Import
from kartoteka.intake.receiving import CannotImport, discard, receive, settle
from kartoteka.intake.whole import import_stream, queue_stream
from kartoteka.people.models import Source
from kartoteka.trust.actor import SHELL
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("take", [import_stream, queue_stream])
@pytest.mark.parametrize(
    ("text", "more"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(99), {}),
        (b"", {}),
        (b"id,name\n1,Anna\n", {"columns": {"nothing": "name"}}),
        (b"id,name\n1,Anna\n", {"columns": {"name": "no_field"}}),
        (b"id,name\n1,Anna\n", {"columns": {"name": "", "id": ""}}),
        (b"id,name\n1,Anna\n", {"ground": "because"}),
    ],
)
def test_a_refused_file_leaves_nothing_behind(take, text: bytes, more: dict[str, object]) -> None:
    known = {
        "stream": io.BytesIO(text),
        "name": "a.csv",
        "source": "new shop",
        "ground": "contract",
        "by": SHELL,
    }
    with pytest.raises(CannotImport):
        take(**known | more)
    assert not Import.objects.exists()
    assert not Source.objects.exists()


def test_a_file_taken_back_takes_the_source_that_was_named_for_it(db: None) -> None:
    make.csv_import("id,name\n1,Anna\n", source="shop")
    for source, left in (("new shop", {"shop"}), ("shop", {"shop"})):
        found = receive(stream=io.BytesIO(b"id,name\n2,Ola\n"), name="b.csv", by=SHELL)
        settle(file_import=found, by=SHELL, source=source, ground="contract")
        discard(file_import=found, by=SHELL)
        assert set(Source.objects.values_list("name", flat=True)) == left
