"""Files as they must not be: refused in a sentence that helps, or read for what they are; nothing half-written stays."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from kartoteka.cli.main import main
from kartoteka.intake.models import Import
from kartoteka.intake.receiving import CannotImport, receive
from kartoteka.intake.refused import refused_rows
from kartoteka.intake.whole import import_stream
from kartoteka.people.models import Batch, Claim, Customer, Identity
from kartoteka.trust.actor import SHELL

pytestmark = pytest.mark.django_db
HEAD = "first name,last name,phone,e-mail,note\n"
ROW = "Zoë,Łukasiewicz,600 100 200,zoe@example.com,\n"


def bring(body: bytes, name: str = "customers.csv", **more: str) -> Import:
    said = {"source": "shop", "ground": "contract", "country": "PL", **more}
    return import_stream(stream=io.BytesIO(body), name=name, by=SHELL, **said)  # type: ignore[arg-type]


def book(*rows: list[object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return out.getvalue()


@cache
def zip_bomb() -> bytes:
    """A workbook of a few kB whose sheet unpacks to 1.2 GB."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["first name"], ["Anna"]))) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for each in good.namelist():
            if each == "xl/worksheets/sheet1.xml":
                with bad.open(each, "w", force_zip64=True) as sheet:
                    for _ in range(1200):
                        sheet.write(bytes(1 << 20))
            else:
                bad.writestr(each, good.read(each))
    return out.getvalue()


REFUSED = {
    "empty": (b"", "customers.csv", "is empty"),
    "blank": (b"\n\r\n  \n", "customers.csv", ""),
    "only a header": (HEAD.encode(), "customers.csv", "no rows"),
    "an image named csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "customers.csv", "picture"),
    "a jpeg named xlsx": (b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(range(256)) * 40, "list.xlsx", "picture"),
    "a pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "list.pdf", "PDF"),
    "noise": (bytes((number * 7919) % 256 for number in range(9000)), "list.csv", "cannot be read"),
    "half a workbook": (book(["first name"], ["Anna"])[:2000], "list.xlsx", "damaged"),
    "100,000 columns": (
        (",".join(f"c{number}" for number in range(100_000)) + "\n" + "x," * 99_999 + "x\n").encode(),
        "wide.csv",
        "columns",
    ),
    "a zip of several files": (None, "lists.zip", "several|files|Unpack|ZIP|zip"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_in_a_sentence_and_nothing_stays(kind: str) -> None:
    body, name, said = REFUSED[kind]
    if body is None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as pack:
            for each in ("a.csv", "b.csv"):
                pack.writestr(each, HEAD + ROW)
        body = out.getvalue()
    with pytest.raises(CannotImport) as refusal:
        bring(body, name)
    message = str(refusal.value)
    assert any(part in message for part in said.split("|")), message
    assert name in message
    assert message.endswith(".")
    assert "Error" not in message
    assert [model.objects.count() for model in (Import, Batch, Claim, Customer, Identity)] == [0] * 5


def test_a_zip_bomb_is_not_opened() -> None:
    body = zip_bomb()
    assert len(body) < 5_000_000
    before = peak()
    with pytest.raises(CannotImport, match="unpack"):
        bring(body, "customers.xlsx")
    assert peak() - before < 200, "MB"
    assert not Import.objects.exists()


def peak() -> int:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("utf-8", (HEAD + ROW).encode()),
        ("utf-8 with its mark", (HEAD + ROW).encode("utf-8-sig")),
        ("utf-16", (HEAD + ROW).encode("utf-16")),
        ("windows, Polish", (HEAD + ROW.replace("Zoë", "Zofia")).encode("cp1250")),
        ("iso, Polish", (HEAD + ROW.replace("Zoë", "Zofia")).encode("iso-8859-2")),
        ("line ends of an old Mac", (HEAD + ROW).replace("\n", "\r").encode()),
        (
            "mixed line ends",
            (HEAD.replace("\n", "\r\n") + ROW + ROW.replace("Zoë", "Ewa").replace("\n", "\r\n")).encode(),
        ),
        ("null bytes", (HEAD + ROW.replace("Łukasiewicz", "Łuka\0siewicz")).encode()),
        ("control characters", (HEAD + ROW.replace("Łukasiewicz", "\x07Łukasiewicz") + ROW * 30).encode()),
        ("semicolons", (HEAD + ROW).replace(",", ";").encode()),
        ("a quote that never ends", (HEAD + ROW + '"Ewa,Lis,600100201,,\n').encode()),
    ],
)
def test_read_for_what_it_is(kind: str, body: bytes) -> None:
    done = bring(body)
    assert (done.state, done.refused) == (Import.State.DONE, 0), done.problem
    first = Customer.objects.order_by("pk").first()
    assert first
    assert (first.family, first.phone) == ("Łukasiewicz", "+48600100200"), first.family
    assert not [char for each in Claim.objects.all() for char in str(each.values) if ord(char) < 32]


def test_bytes_of_two_encodings_lose_no_row() -> None:
    """Two lists pasted together: each row comes in, and what could not be read for sure is said."""
    body = (HEAD + ROW).encode() + ROW.replace("Zoë", "Zofia").replace("600", "601").encode("cp1250")
    done = bring(body)
    assert (done.state, Customer.objects.count()) == (Import.State.DONE, 2)


def test_a_cell_of_a_million_letters() -> None:
    done = bring(
        (HEAD + ROW.replace(",\n", "," + "ą" * 1_000_000 + "\n") + ROW.replace("Zoë", "Ewa")).encode()
    )
    assert done.state == Import.State.DONE
    assert Customer.objects.filter(family="Łukasiewicz").count() == 2


def test_text_from_right_to_left() -> None:
    done = bring((HEAD + "محمد,العلي,600 100 200,,\u202eevil\u202c\nדוד,כהן,600 100 201,,\n").encode())
    assert (done.state, done.new) == (Import.State.DONE, 2)
    assert {each.given for each in Customer.objects.all()} == {"محمد", "דוד"}


FORMULAS = (
    "=1+1",
    "+48-cmd",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://evil.example","Anna")',
    "\t=1+1",
    "|calc",
)


def test_formulas_stay_text_on_the_way_in_and_out() -> None:
    rows = "".join(
        f'Anna,Nowak{place},,,"{text.replace(chr(34), chr(34) * 2)}"\n' for place, text in enumerate(FORMULAS)
    )
    nobody = "".join(f',,,,"{text.replace(chr(34), chr(34) * 2)}"\n' for text in FORMULAS)
    done = bring((HEAD + rows + nobody).encode())
    assert (done.new, done.refused) == (len(FORMULAS), len(FORMULAS))
    sheet = load_workbook(io.BytesIO(refused_rows(file_import=done, by=SHELL))).worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert len(cells) >= 2 * len(FORMULAS)
    assert {cell.data_type for cell in cells} == {"s"}, "text, whatever it begins with"


def test_a_workbook_of_formulas_brings_their_values() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["first name", "last name", "phone"])
        sheet.write_formula(1, 0, '="An"&"na"', None, "Anna")
        sheet.write_row(1, 1, ["Nowak", "600 100 200"])
    bring(out.getvalue(), "list.xlsx")
    assert Customer.objects.get().given == "Anna"


@pytest.mark.slow
@pytest.mark.any_base
def test_two_gigabytes_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write((HEAD + ROW).encode())
        file.truncate(2 << 30)
    script = (
        "import pathlib, re, sys; from kartoteka.cli.main import main; code = main(sys.argv[1:]);"
        # The kernel's own mark of this program: getrusage would tell of the process it was started from, too.
        "told = pathlib.Path('/proc/self/status').read_text();"
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', told)[1]) // 1024); sys.exit(code)"
    )
    home = {"KARTOTEKA_HOME": str(tmp_path / "home"), "PYTHONPATH": "src", "PATH": "/usr/bin:/bin"}
    subprocess.run(
        [sys.executable, "-m", "kartoteka.cli.main", "init"], env=home, check=True, capture_output=True
    )
    told = subprocess.run(
        [sys.executable, "-c", script, "import", str(path), "--source", "shop", "--ground", "contract"],
        env=home, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert told.returncode == 1
    assert "huge.csv is larger than the 512 MB allowed here" in told.stderr
    assert int(told.stdout.split()[-1]) < 400, "MB held at most"
    assert sum(each.stat().st_size for each in (tmp_path / "home").rglob("*") if each.is_file()) < 50 << 20


def test_one_bad_file_among_several_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad, last = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"
    good.write_text(HEAD + ROW, "utf-8")
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    last.write_text(HEAD + "Ewa,Lis,600100201,,\n", "utf-8")
    code = main(
        [
            "import",
            *map(str, (good, bad, tmp_path / "none.csv", last)),
            "--source",
            "shop",
            "--ground",
            "contract",
        ]
    )
    told = capsys.readouterr()
    assert code == 1
    assert "a.csv: 1 row. 1 new" in told.out
    assert "c.csv: 1 row. 1 new" in told.out
    assert "b.csv is a picture" in told.err
    assert "none.csv" in told.err
    assert Customer.objects.count() == 2


def test_a_country_of_too_many_letters_breaks_nothing() -> None:
    """As a program may send it; a base with columns of a fixed width must not fall over."""
    with pytest.raises(CannotImport, match="no country plx"):
        receive(stream=io.BytesIO((HEAD + ROW).encode()), name="a.csv", by=SHELL, country="plx")
