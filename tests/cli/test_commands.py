"""The commands as they are typed: what they answer, in which shape, and how they refuse."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kartoteka.activity.models import CustomerFacts
from kartoteka.cli.main import main
from kartoteka.people.models import Claim, Customer
from kartoteka.trust.models import BackupCopy
from tools import reference

pytestmark = pytest.mark.django_db
SHOP = "Customers of the shop\n\nid,first name,last name,phone\n1,Halina,Kowalska,600 100 200\n\n2,Jan,Lis,601 100 200\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.csv"
    path.write_text(SHOP, "utf-8")
    return path


def typed(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(each) for each in words])
    told = capsys.readouterr()
    return code, told.out, told.err


SAID = ("--source", "Web shop", "--ground", "contract", "--country", "PL")


def test_a_dry_run_tells_and_writes_nothing(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    code, out, _err = typed(capsys, "import", shop, *SAID, "--dry-run", "--json")
    told = json.loads(out)
    assert (code, told["state"], told["rows"], told["new"]) == (0, "checked", 2, 2)
    assert Customer.objects.count() == 0


def test_an_import_in_json(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    code, out, _err = typed(capsys, "import", shop, *SAID, "--map", "nickname=first name", "--json")
    told = json.loads(out)
    assert (code, told["state"], told["new"], told["refused"]) == (0, "done", 2, 0)
    assert told["mapping"][""]["first name"] == "nickname"
    again = json.loads(typed(capsys, "import", shop, *SAID, "--json")[1])
    assert (again["import"], told["again"], again["again"]) == (told["import"], False, True)
    assert Claim.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "shop", "--ground", "because"), "ground"),
        (("--source", "  ", "--ground", "contract"), "where this file comes from"),
        ((*SAID, "--map", "given"), "--map takes FIELD=COLUMN"),
        ((*SAID, "--map", "given=moon"), "no column “moon”. It has: id, first name, last name, phone"),
        ((*SAID, "--map", "moon=id"), "no field moon"),
    ],
)
def test_what_cannot_be_is_told(
    capsys: pytest.CaptureFixture[str], shop: Path, words: tuple[str, ...], said: str
) -> None:
    code, _out, err = typed(capsys, "import", shop, *words)
    assert (code, said in err) == (1, True), err
    assert "Traceback" not in err
    assert Customer.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "none.csv", *SAID), "There is no none.csv."),
        (("import", "/", *SAID), "/ is not a file but a folder"),
        (("rates", "none.csv"), "There is no none.csv."),
        (("export", "identities", "/none/out.csv"), "There is no /none/out.csv."),
        (("backup", "/dev/null/copies"), "could not be written to /dev/null/copies"),
    ],
)
def test_files_that_cannot_be_are_told_in_words(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    code, _out, err = typed(capsys, *words)
    assert code == 1
    assert said in err
    assert "Errno" not in err
    assert not BackupCopy.objects.filter(state=BackupCopy.State.MAKING).exists()


def test_a_home_without_a_base_is_told_in_one_line(tmp_path: Path) -> None:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("KARTOTEKA", "DJANGO"))}
    env["KARTOTEKA_HOME"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "kartoteka.cli.main", "search", "anna"],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "kartoteka init" in done.stderr


def test_source_and_ground_must_be_given(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["import", str(shop)])
    assert refused.value.code == 2
    assert "--source, --ground" in capsys.readouterr().err


def test_rows_are_counted_as_a_spreadsheet_counts(
    capsys: pytest.CaptureFixture[str], shop: Path, tmp_path: Path
) -> None:
    typed(capsys, "import", shop, *SAID, "--map", "key=id")
    assert typed(capsys, "match", "--json")[0] == 0
    out = tmp_path / "who.csv"
    code, told, _err = typed(capsys, "export", "identities", out, "--json")
    assert (code, json.loads(told)["rows"]) == (0, 2)
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["source", "batch", "file", "row", "key", "customer"]
    cards = dict(Customer.objects.values_list("given", "card"))
    assert [(row[0], row[2], row[3], row[4], row[5]) for row in rows[1:]] == [
        ("Web shop", "shop.csv", "4", "1", cards["Halina"]),
        ("Web shop", "shop.csv", "6", "2", cards["Jan"]),
    ]


def test_found_shown_and_undone(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    done = json.loads(typed(capsys, "import", shop, *SAID, "--json")[1])
    hit = json.loads(typed(capsys, "search", "kowalzka", "--json")[1].splitlines()[0])
    assert hit["name"] == "Halina Kowalska"
    shown = json.loads(typed(capsys, "show", hit["card_shown"], "--json")[1])
    phones = next(each for each in shown["fields"] if each["key"] == "phones")
    assert phones["values"][0]["origin"]["source"] == "Web shop"
    assert typed(capsys, "search", "nobodyatall")[0] == 1
    assert "nobody has the card" in typed(capsys, "show", "000")[2]
    undone = json.loads(typed(capsys, "undo", done["import"], "--json")[1])
    assert (undone["claims"], undone["customers"], Customer.objects.count()) == (2, 2, 0)
    assert typed(capsys, "undo", done["import"])[0] == 1
    assert "There is no import 999" in typed(capsys, "undo", 999)[2]


def test_the_numbers_are_counted_anew_to_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sold = tmp_path / "orders.csv"
    sold.write_text("Order,Date,Email,Total,Currency\n1,2026-03-01,anna@example.com,50,EUR\n")
    typed(capsys, "import", sold, "--as", "orders", "--source", "till", "--ground", "contract")
    counted = CustomerFacts.objects.values("customer", "orders", "net", "last_order_at")
    before = list(counted)
    CustomerFacts.objects.update(orders=9, net=None)
    told = json.loads(typed(capsys, "rebuild-facts", "--json")[1])
    assert told == {"visitors": 0, "customers": 1}
    assert list(counted.all()) == before


def test_a_token_is_shown_once_and_its_rights_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = typed(capsys, "token", "shop", "--rights", "see,import", "--json")
    assert (code, json.loads(out)["token"][:4]) == (0, "ktk_")
    code, _out, err = typed(capsys, "token", "shop", "--rights", "everything")
    assert (code, "everything" in err) == (1, True)


STANDARD: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "phone": ("600 100 200 ext 5", {"problem": None}, ["values", "extension", "problem"]),
    "email": ("Anna <ANNA@Example.com>", {"problem": None}, ["values", "extension", "problem"]),
    "date": ("3.4.1985", {"value": "1985-04-03", "problem": None}, ["value", "problem"]),
    "name": (
        "dr Jan van der Berg",
        {"given": "Jan", "family": "van der Berg", "particle": "van der", "sex": "m", "kind": "person"},
        ["given", "family", "particle", "title", "suffix", "sex", "kind"],
    ),
    "company": ("Kowalski Sp. z o.o.", {"name": "Kowalski"}, ["name", "form"]),
    "address": (
        "ul. Polna 3/4, 00-001 Warszawa",
        {"number": "3", "flat": "4", "postcode": "00-001", "city": "Warszawa"},
        ["street", "number", "flat", "postcode", "city"],
    ),
}


@pytest.mark.parametrize("kind", STANDARD)
def test_standardise_answers_a_line_for_a_line(kind: str) -> None:
    line, wanted, keys = STANDARD[kind]
    told = subprocess.run(
        [sys.executable, "-m", "kartoteka.cli.main", "standardise", kind, "--country", "PL", "--language", "pl"],
        input=f"{line}\n\n\0\r\n".encode() + b"\xff\xfe\n" + line.encode(),
        capture_output=True, check=True, env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    answers = [json.loads(each) for each in told.stdout.decode().splitlines()]
    assert len(answers) == 5
    assert set(keys) - {"extension"} <= set(answers[0])
    assert answers[0] == answers[4]
    assert {key: answers[0][key] for key in wanted} == wanted


def test_the_reference_tells_every_command() -> None:
    page = (reference.FOLDER / "cli.md").read_text("utf-8")
    assert page == reference.cli_page(), "out of date; run `make docs`"
    assert page.count("\n## ") >= 14
    assert ": \n" not in page, "every option says what it does"
