"""Imports in the browser: what is taken in and what is not, by right, in all languages, at one count of queries."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kartoteka.intake.models import Import
from kartoteka.intake.undoing import undo_now
from kartoteka.kit.jobs import run_all_due
from kartoteka.people.models import Customer, Identity, OwnField
from kartoteka.quality.models import MatchRun
from kartoteka.trust.actor import SHELL
from tests.make import csv_import

pytestmark = pytest.mark.django_db
GOOD = "Name;Phone;E-mail\nJan Nowak;+48601234567;jan@example.com\nEwa Kot;12;ewa@example.com\n;;\n;;nobody\n"


def drop(client: Client, text: str | bytes = GOOD, name: str = "till.csv") -> Import:
    body = text if isinstance(text, bytes) else text.encode()
    answer = client.post("/imports/drop", {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 302, answer.content
    return Import.objects.latest("pk")


def settle(client: Client, found: Import, **sent: str) -> int:
    said = {"source": "till", "ground": "contract", "country": "PL", "next": "run", **sent}
    return int(client.post(f"/imports/{found.pk}/settle", said).status_code)


def test_a_file_from_drop_to_report_and_back(owner: Client) -> None:
    found = drop(owner)
    page = owner.get(f"/imports/{found.pk}/").content.decode()
    assert "Jan Nowak" in page
    assert 'value="phone" selected' in page
    assert settle(owner, found, next="check") == 302
    run_all_due()
    assert not Customer.objects.exists()
    assert "would be new customers" in owner.get(f"/imports/{found.pk}/").content.decode()

    assert settle(owner, found) == 302
    running = owner.get(f"/imports/{found.pk}/state")
    assert b"hx-get" in running.content
    run_all_due()
    assert owner.get(f"/imports/{found.pk}/state").headers["HX-Refresh"] == "true"
    found.refresh_from_db()
    assert (found.state, found.new, found.refused, found.flawed) == ("done", 2, 1, 1)
    report = owner.get(f"/imports/{found.pk}/").content.decode()
    assert "no phone number that could be dialled" in report
    assert "we do not know who it is" in report
    only = owner.get(f"/imports/{found.pk}/?refused=yes").content.decode()
    assert "we do not know who it is" in only
    assert "could be dialled" not in only
    book = owner.get(f"/imports/{found.pk}/refused")
    assert book["Content-Disposition"] == f'attachment; filename="refused-{found.pk}.xlsx"'
    assert zipfile.is_zipfile(io.BytesIO(book.content))
    listed = owner.get(f"/customers/?batch={found.batch_id}").content.decode()
    assert len(re.findall("data-row-link", listed)) == 2

    owner.post(f"/imports/{found.pk}/undo")
    run_all_due()
    assert not Customer.objects.exists()
    assert not Identity.objects.exists()
    assert "Undone" in owner.get(f"/imports/{found.pk}/").content.decode()


def test_the_matching_follows_the_last_waiting_import(owner: Client) -> None:
    first, second = drop(owner), drop(owner, "Name;Phone\nAino Virtanen;+358401234567\n")
    assert settle(owner, first) == 302
    assert settle(owner, second, source="phone book") == 302
    run_all_due()
    assert MatchRun.objects.count() == 1


def test_after_one_file_comes_the_next_that_waits(owner: Client) -> None:
    first, second = drop(owner), drop(owner, "Name;Phone\nAino Virtanen;+358401234567\n", "second.csv")
    said = {"source": "till", "ground": "contract", "next": "run"}
    assert owner.post(f"/imports/{first.pk}/settle", said)["Location"] == f"/imports/{second.pk}/"
    page = owner.get(f"/imports/{second.pk}/").content.decode()
    assert "till.csv is being imported" in page
    assert owner.post(f"/imports/{second.pk}/settle", said)["Location"] == f"/imports/{second.pk}/"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"source": ""}, "source-error"),
        ({"ground": ""}, "ground-error"),
        ({"field-0-1": "x.nothing"}, "There is no field"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    owner: Client, said: dict[str, str], place: str
) -> None:
    found = drop(owner)
    typed = {"source": "my till", "ground": "contract", "field-0-2": "note", "next": "run", **said}
    answer = owner.post(f"/imports/{found.pk}/settle", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert place in page
    assert re.search(r'name="field-0-2".*?value="note" selected', page, re.DOTALL)
    if "source" not in said:
        assert 'value="my till"' in page
    found.refresh_from_db()
    assert found.state == Import.State.RECEIVED


def test_columns_are_remembered_for_the_next_file_of_these_columns(owner: Client) -> None:
    OwnField.objects.create(key="shoe", label="Shoe", type="number")
    first = drop(owner, "Name;Size;Phone;E-mail\nJan Nowak;44;;\n")
    assert settle(owner, first, **{"field-0-1": "x.shoe"}) == 302
    second = drop(owner, "Name;Size;Phone;E-mail;City\nEwa Kot;38;;;\n")
    page = owner.get(f"/imports/{second.pk}/").content.decode()
    assert 'id="source" name="source" value="till"' in page
    assert 'value="x.shoe" selected' in page
    assert "as last time" in page


def test_sheets_can_be_left_out(owner: Client) -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, who in (("This year", "Jan Nowak"), ("Old", "Ewa Kot")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Name", "Phone"])
            sheet.write_row(1, 0, [who, "+48601234567"])
    found = drop(owner, out.getvalue(), "two.xlsx")
    assert "Use this sheet" in owner.get(f"/imports/{found.pk}/").content.decode()
    assert settle(owner, found, **{"use-0": "1"}) == 302
    run_all_due()
    assert [each.name for each in Customer.objects.all()] == ["Jan Nowak"]


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("list.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "is a picture"),
        ("list.xlsx", b"", "is empty"),
        ("list.xlsx", b"PK\x03\x04broken", "damaged"),
        ("list.pdf", b"%PDF-1.7 ...", "PDF"),
        ("../../etc/passwd\x00.csv", b"\x00\x01\x02\x03" * 50, "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused_at_once_and_not_kept(
    owner: Client, name: str, body: bytes, words: str
) -> None:
    kept = {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    answer = owner.post(
        "/imports/drop", {"file": SimpleUploadedFile(name, body)}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert words in answer.json()["problem"]
    assert not Import.objects.exists()
    assert {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()} == kept


def test_a_plain_form_tells_it_on_the_page_too(owner: Client) -> None:
    answer = owner.post(
        "/imports/drop", {"file": SimpleUploadedFile("flyer.csv", b"\x89PNG\r\n\x1a\n")}, follow=True
    )
    assert "is a picture" in answer.content.decode()
    assert "is a picture" not in owner.get("/imports/").content.decode()


def test_too_large_is_said_before_the_body_is_read(owner: Client, settings: pytest.FixtureRequest) -> None:
    settings.MAX_UPLOAD_BYTES = 1024 * 1024  # type: ignore[attr-defined]
    answer = owner.post(
        "/imports/drop",
        {"file": SimpleUploadedFile("big.csv", b"a;b\n" * 400_000)},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 413
    assert "larger than the 1 MB" in answer.json()["problem"]


def test_dropping_needs_the_token_against_forged_forms(owner: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = owner.cookies
    assert (
        strict.post("/imports/drop", {"file": SimpleUploadedFile("till.csv", GOOD.encode())}).status_code
        == 403
    )


def test_a_dropped_file_can_be_put_aside_but_a_run_one_not(owner: Client) -> None:
    found = drop(owner)
    owner.post(f"/imports/{found.pk}/discard")
    assert not Import.objects.exists()
    done = csv_import(GOOD)
    answer = owner.post(f"/imports/{done.pk}/discard", follow=True)
    assert "undo it instead" in answer.content.decode()
    assert Import.objects.exists()


def test_the_list_asks_as_often_for_three_as_for_one(owner: Client) -> None:
    counts = []
    for number in range(3):
        csv_import(f"Name\nJan{number} Nowak\n", source=f"till {number}")
        owner.get("/imports/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            owner.get("/imports/")
        counts.append(len(queries))
    assert counts[0] == counts[2]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_page_stands_in_every_language(owner: Client, language: str) -> None:
    done = csv_import(GOOD)
    waits = drop(owner, "Name;Phone\nAino Virtanen;+358401234567\n")
    owner.post("/you/language", {"language": language})
    for path in ("/imports/", f"/imports/{done.pk}/", f"/imports/{waits.pk}/"):
        answer = owner.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.content.decode()


def test_what_a_source_remembers_counts_also_when_it_is_named_later(owner: Client) -> None:
    OwnField.objects.create(key="shoe", label="Shoe", type="number")
    assert settle(owner, drop(owner, "Name;Size\nJan Nowak;44\n"), **{"field-0-1": "x.shoe"}) == 302
    # So different a file that no source is guessed.
    later = drop(owner, "Name;Phone;City;Language;Size\nEwa Kot;;;;38\n")
    before = owner.get(f"/imports/{later.pk}/").content.decode()
    assert 'value="x.shoe" selected' not in before
    was = dict(re.findall(r'name="(was-\d+-\d+)" value="([^"]*)"', before))
    said = {"source": "till", "field-0-0": "nickname", "field-0-4": was["was-0-4"], **was}
    columns = owner.post(f"/imports/{later.pk}/source", said).content.decode()
    assert 'value="x.shoe" selected' in columns
    assert 'value="nickname" selected' in columns  # what the person has said of this file stands
    # Without JavaScript the page is sent as it was: what it did not touch is as remembered.
    plain = drop(owner, "Name;Phone;City;Language;Size;Birthday\nOla Lis;;;;37;\n")
    Import.objects.filter(pk=plain.pk).update(source=None)
    was = dict(
        re.findall(
            r'name="(was-\d+-\d+)" value="([^"]*)"', owner.get(f"/imports/{plain.pk}/").content.decode()
        )
    )
    assert (
        settle(owner, plain, **was, **{name.replace("was", "field"): field for name, field in was.items()})
        == 302
    )
    plain.refresh_from_db()
    assert plain.sheets[""]["fields"][4] == "x.shoe"


def _sealed(found: Import) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / found.kept_as


def test_what_is_kept_of_an_undone_import_goes_at_once_from_the_report(owner: Client) -> None:
    undone = csv_import("name,phone\nAnna Nowak,+48600100200\n,secret-of-nobody\n")
    undo_now(file_import=undone, by=SHELL)
    address = f"/imports/{undone.pk}/"
    before = owner.get(address).content.decode()
    assert "Remove them now" in before
    assert "we do not know who it is" in before
    assert owner.post(address + "clear").status_code == 302
    after = owner.get(address).content.decode()
    assert "were removed on" in after
    assert "Remove them now" not in after
    assert not _sealed(undone).exists()
    assert "Nothing is kept" in owner.post(address + "clear", follow=True).content.decode()


def test_what_is_in_the_base_keeps_its_file(owner: Client) -> None:
    done = csv_import("name,phone\nAnna Nowak,+48600100200\n")
    owner.post(f"/imports/{done.pk}/clear")
    assert _sealed(done).exists()
    assert "Remove them now" not in owner.get(f"/imports/{done.pk}/").content.decode()


def test_own_fields_are_known_by_their_names(owner: Client) -> None:
    """Columns headed like an own field are of it; what cannot be is told with its column, and the rest is taken."""
    OwnField.objects.create(key="size", label="Shoe size", type="number", least=20, most=50)
    OwnField.objects.create(key="member", label="Member", type="yesno")
    OwnField.objects.create(key="likes", label="Likes", type="choices", choices=["tea", "coffee, black"])
    found = drop(
        owner, "Name;Shoe size;Member;Likes\nJan Nowak;44;tak;Tea, coffee\nEwa Kot;99;nie;coffee, black\n"
    )
    assert found.mapping[""]["fields"] == ["name", "x.size", "x.member", "x.likes"]
    assert settle(owner, found) == 302
    run_all_due()
    jan, ewa = (Customer.objects.get(family=family).more for family in ("Nowak", "Kot"))
    assert (jan["x.size"], jan["x.member"]) == (44, True)
    assert (ewa["x.member"], ewa["x.likes"]) == (False, ["coffee, black"])
    report = " ".join(re.sub(r"<[^>]+>", " ", owner.get(f"/imports/{found.pk}/").content.decode()).split())
    assert "Shoe size 99 – at most 50." in report
    assert "Likes Tea, coffee – choose one of tea, coffee, black." in report
