"""Who is forgotten is nowhere any more: in no row, index, file, log or copy; and an old file does not bring them back."""

from __future__ import annotations

import datetime as dt
import io
import logging
import subprocess
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from kartoteka.activity.warehouse import days
from kartoteka.activity.warehouse.store import store
from kartoteka.activity.warehouse.tables import SCHEMAS, Table
from kartoteka.consent.erasure import CannotForget, erasures, forget, lift
from kartoteka.consent.models import Erasure, Tombstone
from kartoteka.consent.tombstones import met
from kartoteka.intake.models import Import, RowProblem
from kartoteka.intake.receiving import receive, settle
from kartoteka.intake.running import CannotImport, ask_for_run, check
from kartoteka.intake.wording import reason
from kartoteka.kit import jobs
from kartoteka.people import follow
from kartoteka.people.checking import BadValue
from kartoteka.people.editing import change_customer, create_customer, relate
from kartoteka.people.exporting.asking import NoSuchExport, ask_for_export, fetch
from kartoteka.people.exporting.writing import run_due_export
from kartoteka.people.listing import Wish
from kartoteka.people.models import Contact, ContactPoint, Customer
from kartoteka.people.photos import add_photo
from kartoteka.people.search.find import find
from kartoteka.quality.merging import merge
from kartoteka.trust import backups, keeping
from kartoteka.trust import vault as vaults
from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right
from kartoteka.trust.backups import backup
from kartoteka.trust.dumps import PostgreSQL
from kartoteka.trust.models import AuditEntry, Staff
from tests import make, raw
from tests.activity.site import Did, at, happen, is_whose
from tests.emptying import empty

# Each was said of Anna only: in claims, an earlier name, a refused row, a note; each can be found by itself.
HERS = (
    "Wyjątkowska", "Wyjatkowska", "wyjatkowska", "Zmienionowska", "zmienionowska", "600100299", "992001006", "annaw",
    "1985-04-03", "19850403", "85040312345", "wanilia", "tajemnicza", "600 100 299",
    unicodedata.normalize("NFD", "Wyjątkowska"),
)  # fmt: skip
CSV = (
    "id,first name,last name,phone,e-mail,birth,pesel,remark\n"
    "1,Anna,Wyjątkowska,600 100 299,annaw@example.com,1985-04-03,85040312345,likes wanilia\n"
    "2,Jan,Kowalski,600100300,jan@example.com,1980-01-02,,\n"
    "3,,,,,,,asked by annaw@example.com tajemnicza\n"
    "4,Ewa,Lis,600100301,,not a date,,\n"
)


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Files of this test only."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EVENTS_ROOT = tmp_path / "events"


def bring(text: str = CSV, **more: Any) -> Import:
    return make.csv_import(text, columns={"id": "key", "pesel": "national_id", "remark": "note"}, **more)


def anna() -> Customer:
    return Customer.objects.get(family="Wyjątkowska", merged_into=None)


def sweep() -> None:
    """What the worker does, when nobody else has the base open: PostgreSQL keeps what another may still read."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    for _try in range(60):
        jobs.run_all_due()
        if not Erasure.objects.filter(swept_at=None).exists():
            return
    raise AssertionError("somebody reads for ever")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_her_anywhere(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    empty(whole=True)
    caplog.set_level(logging.DEBUG)
    bring()
    waiting = receive(stream=io.BytesIO(CSV.encode()), name="again Wyjątkowska.csv", by=SHELL, country="PL")
    her = anna()
    note = f"tajemnicza {unicodedata.normalize('NFD', 'Wyjątkowska')}, at home 600 100 299"
    change_customer(customer=her, changes={"family": "Zmienionowska", "note": note}, by=SHELL)
    change_customer(customer=her, changes={"family": "Wyjątkowska"}, by=SHELL)
    merge(kept=her, gone=make.person("Ania", "Wyjatkowska", email="annaw@example.com"), by=SHELL)
    relate(customer=her, other=Customer.objects.get(family="Lis"), kind="sibling", by=SHELL)
    happen([Did("hers", at(2), page="/for/tajemnicza"), Did("hers", at(2), event="wanilia")])
    is_whose("hers", her)
    assert days.rebuild() == 1
    assert raw.found_in(site_files(), HERS) == ["wanilia", "tajemnicza"]
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "PNG")
    picture.seek(0)
    photo = add_photo(customer=her, stream=picture, by=SHELL).name
    before = raw.found_in(raw.base_bytes(), HERS)
    assert set(before) >= {"Wyjątkowska", "600100299", "annaw", "wanilia"}
    assert "85040312345" not in before, "what is sensitive is sealed in the base, too"
    assert len(list((settings.MEDIA_ROOT / "imports").iterdir())) == 2
    taken_out = export_of("Wyjątkowska")
    assert raw.found_in(sealed_files(), HERS)[0] == "Wyjątkowska"
    waits = ask_for_export(wish=Wish(text="annaw@example.com"), columns=["name"], format="csv", by=owner())
    browser = SessionStore()
    browser["settled_lately"] = [
        {"one": her.pk, "other": 0, "reasons": [["same_name", {"a": "Wyjątkowska"}]]}
    ]
    browser["language"] = "pl"
    browser.save()

    forget(customer=her, by=SHELL, why="asked")
    sweep()

    assert raw.found_in(raw.base_bytes(), HERS) == []
    assert not list(settings.MEDIA_ROOT.rglob(photo))
    assert sealed_files() == b""
    assert site_files() == b""
    assert raw.found_in(b"\n".join(str(each.__dict__).encode() for each in caplog.records), HERS) == []
    copy = backup(to=tmp_path / "copies", by=SHELL)
    assert raw.found_in(opened_backup(copy.path), HERS) == []
    waiting.refresh_from_db()
    assert waiting.kept_as == ""
    assert dict(SessionStore(browser.session_key).items()) == {"language": "pl"}
    with pytest.raises(NoSuchExport):
        fetch(export=taken_out, target=io.BytesIO(), by=owner())
    waits.refresh_from_db()
    assert (waits.state, waits.wish["text"]) == ("refused", "")
    assert find("Kowalski", actor=SHELL)
    connection.check_constraints()


def owner() -> Actor:
    return Staff.objects.get_or_create(email="owner@example.com", name="The owner", role="owner")[0].actor


def export_of(text: str) -> int:
    """A file of who fits this, written and not fetched yet."""
    made = ask_for_export(wish=Wish(text=text), columns=["name", "phone"], format="csv", by=owner())
    assert run_due_export()
    return made.pk


def site_files() -> bytes:
    """What the reports' own files of the site hold, opened."""
    kept = store()
    names = sorted(kept.kept())
    found = [kept.read(table, names, columns=SCHEMAS[table].names).to_pylist() for table in Table if names]
    return "".join(map(str, found)).encode()


def sealed_files() -> bytes:
    """What lies sealed, opened."""
    out = io.BytesIO()
    for drawer in (each for each in Path(settings.MEDIA_ROOT).iterdir() if each.name != keeping.OPEN):
        for path in drawer.iterdir():
            keeping.take_out(path.name, out, drawer=drawer.name)
    return out.getvalue()


def opened_backup(path: Path) -> bytes:
    """All that is in a copy: the files opened, and the base as bytes."""
    found = []
    vault = vaults.current()
    with tempfile.TemporaryDirectory() as folder:
        backups._unpack(path, Path(folder), vault=vault)
        for each in (each for each in Path(folder).rglob("*") if each.is_file()):
            if each.name != backups.BASE:
                found.append(each.read_bytes())
            elif connection.vendor == "sqlite":
                found += raw.sqlite_pages(each)
            else:
                dump = PostgreSQL()
                with dump._opened(each, ["--file=-"], vault=vault, stdout=subprocess.PIPE) as process:
                    assert process.stdout
                    found.append(process.stdout.read())
    return b"\n".join(found)


def test_only_who_looks_after_privacy_forgets(db: None) -> None:
    bring()
    clerk = Actor("staff", 1, "a clerk", frozenset({Right.SEE, Right.CHANGE}))
    with pytest.raises(NotAllowed):
        forget(customer=anna(), by=clerk, why="asked")
    with pytest.raises(CannotForget):
        forget(customer=anna(), by=SHELL, why="because Anna said so")
    assert anna()
    assert not Erasure.objects.exists()


def test_what_was_done_is_written_down_without_her(db: None) -> None:
    bring()
    her = anna()
    done = forget(customer=her, by=SHELL, why="asked")
    assert done.done == {"cards": 1, "identities": 1, "claims": 1}
    assert list(erasures(actor=SHELL)) == [done]
    entry = AuditEntry.objects.get(action="forgot")
    assert (entry.actor_name, entry.matter_key, entry.detail["erasure"]) == (SHELL.name, str(her.pk), done.pk)
    rows = [str(list(model._base_manager.values())) for model in apps.get_models()]
    assert raw.found_in("".join(rows).encode(), HERS) == []
    with pytest.raises(CannotForget):
        forget(customer=her, by=SHELL, why="asked")


def test_others_keep_what_is_theirs(db: None) -> None:
    husband = make.person("Adam", "Wyjątkowski", phone="+48600100299")
    bring()
    before = make.base()
    forget(customer=anna(), by=SHELL, why="asked")
    assert [each for each in before if "Wyjątkowska" not in str(each)] == make.base()
    assert ContactPoint.objects.filter(value="+48600100299", contacts__customer=husband).exists()
    assert not ContactPoint.objects.filter(value="annaw@example.com").exists()
    assert RowProblem.objects.filter(row=5).exists(), "the problem of somebody else's row"
    assert not RowProblem.objects.filter(row=4).exists(), "a refused row that names her"


OLD_FILES = {
    "the same row": "1,Anna,Wyjątkowska,600 100 299,annaw@example.com,1985-04-03,85040312345,likes wanilia",
    "the key alone": "1,,,600999999,,,,",
    "her phone, written otherwise": "77,Anna,,+48 (600) 100-299,,,,",
    "her phone without a name": "78,,,600-100-299,,,,",
    "her e-mail, a short form of her name": "79,Ania,Nowak,,ANNAW@example.com,,,",
    "her name and birth date": "80,anna,WYJATKOWSKA,,,3.04.1985,,",
    "her number": "81,A.,W.,,,,85040312345,",
}
OTHERS = {
    "somebody who has the phone now": "82,Piotr,Wyjątkowski,600100299,,,,",
    "a namesake": "83,Anna,Wyjątkowska,600777777,,1999-09-09,,",
    "a namesake without a date": "84,Anna,Wyjątkowska,600777778,,,,",
}


@pytest.mark.parametrize("row", OLD_FILES)
def test_an_old_file_does_not_bring_her_back(db: None, row: str) -> None:
    bring()
    done = forget(customer=anna(), by=SHELL, why="asked")
    before = make.base()
    again = bring(CSV.splitlines()[0] + "\n" + OLD_FILES[row] + "\n", name="old.csv")
    assert (again.rows_done, again.refused, again.new) == (1, 1, 0)
    assert make.base() == before
    problem = RowProblem.objects.get(file_import=again)
    assert problem.cells == []
    assert problem.problems[0]["problem"] == "forgotten"
    assert f"{done.at:%Y-%m-%d}" in reason(problem.problems[0])
    assert raw.found_in(str(problem.problems).encode(), HERS) == []


@pytest.mark.parametrize("row", OTHERS)
def test_others_come_in(db: None, row: str) -> None:
    bring()
    forget(customer=anna(), by=SHELL, why="asked")
    again = bring(CSV.splitlines()[0] + "\n" + OTHERS[row] + "\n", name="new.csv")
    assert (again.refused, again.new) == (0, 1)


def test_a_dry_run_says_it_too(db: None) -> None:
    bring()
    forget(customer=anna(), by=SHELL, why="asked")
    found = receive(stream=io.BytesIO(CSV.encode()), name="old.csv", by=SHELL, country="PL")
    settle(file_import=found, by=SHELL, source="elsewhere", ground="contract")
    assert check(found).refused == 2
    assert RowProblem.objects.get(file_import=found, row=2).problems[0]["problem"] == "forgotten"


def test_nobody_types_her_in_again_until_it_is_lifted(db: None) -> None:
    bring()
    done = forget(customer=anna(), by=SHELL, why="asked")
    typed = {"given": "Anna", "family": "Wyjątkowska", "phones": "600 100 299"}
    with pytest.raises(BadValue, match="asked to be forgotten on"):
        create_customer(values=typed, by=SHELL, ground="contract", country="PL")
    with pytest.raises(CannotForget):
        lift(erasure=done.pk, by=SHELL, why=" ")
    lift(erasure=done.pk, by=SHELL, why="she came to the counter")
    assert not Tombstone.objects.exists()
    assert create_customer(values=typed, by=SHELL, ground="contract", country="PL").pk
    with pytest.raises(CannotForget):
        lift(erasure=done.pk, by=SHELL, why="again")


def test_who_is_here_by_the_same_key_stays(db: None) -> None:
    """Father and son of one name share a phone: the father is forgotten, the son's next row is an update."""
    text = "id,first name,last name,phone,city\n1,Jan,Wyjątkowski,600100299,\n2,Jan,Wyjątkowski,600100299,{city}\n"
    make.csv_import(text.format(city="Opole"), columns={"id": "key"})
    father, son = Customer.objects.order_by("pk")
    forget(customer=father, by=SHELL, why="asked")
    again = make.csv_import(text.format(city="Gdynia"), columns={"id": "key"}, name="again.csv")
    assert (again.refused, again.known) == (1, 1)
    son.refresh_from_db()
    assert son.city == "Gdynia"


def test_one_question_more_for_a_whole_chunk(db: None) -> None:
    bring()
    forget(customer=anna(), by=SHELL, why="asked")
    some = [(f"k{n}", {"phones": [{"value": f"+4860011{n:04d}"}], "given": "Ola"}) for n in range(300)]
    for coming in (some[:1], some):
        with CaptureQueriesContext(connection) as asked:
            assert met(1, coming) == {}
        assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_a_file_that_waits_with_her_in_it_is_thrown_away() -> None:
    bring()
    other = receive(stream=io.BytesIO(b"name,phone\nOla,600200200\n"), name="b.csv", by=SHELL, country="PL")
    hers = receive(stream=io.BytesIO(CSV.encode()), name="c.csv", by=SHELL, country="PL")
    settle(file_import=hers, by=SHELL, source="elsewhere", ground="contract")
    forget(customer=anna(), by=SHELL, why="asked")
    sweep()
    other.refresh_from_db()
    hers.refresh_from_db()
    assert (bool(other.kept_as), hers.kept_as) == (True, "")
    assert raw.found_in(str(hers.mapping).encode(), HERS) == []
    with pytest.raises(CannotImport, match="Drop it again"):
        ask_for_run(file_import=hers, by=SHELL)


def test_what_the_law_keeps_is_kept_in_bare_form(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A follower that a law binds says so; it lets go of the customer and keeps what it must."""
    until = dt.date(2031, 12, 31)
    follower = next(each for each in follow.followers("customer") if each.model is Contact)
    bound = replace(follower, kept=lambda keys: [follow.Kept("an invoice", "tax law", until)] * len(keys))
    monkeypatch.setitem(follow._followers, "customer", [bound, *follow.followers("customer")])
    bring()
    done = forget(customer=anna(), by=SHELL, why="asked")
    assert done.kept == [{"what": "an invoice", "why": "tax law", "until": "2031-12-31"}]
