"""What cannot be read is said in one sentence wherever it was handed in: on the page, by the API, by the command line."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kartoteka.cli.main import main
from kartoteka.intake.models import Import
from kartoteka.people.models import Customer, Source
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.models import Staff
from kartoteka.trust.tokens import make_token

from .test_bad_files import zip_bomb

pytestmark = pytest.mark.django_db
SAID = {"source": "shop", "ground": "contract"}


def locked_xlsx() -> bytes:
    """A workbook with a password, as Excel saves it (MS-OFFCRYPTO, MS-CFB): an old container with two streams."""
    end, free, sector = 0xFFFFFFFE, 0xFFFFFFFF, 512
    streams = {"EncryptionInfo": bytes(4096), "EncryptedPackage": bytes(4096)}
    fat = [0xFFFFFFFD, end]  # the table of sectors itself, and the directory
    entries = [("Root Entry", 5, 1, end, 0)]
    body = b""
    for place, (name, content) in enumerate(streams.items()):
        first, count = len(fat), len(content) // sector
        fat += [*range(first + 1, first + count), end]
        entries.append((name, 2, free, first, len(content)))
        body += content
        if place:
            entries[1] = (*entries[1], 2)  # siblings hang on the first of them
    fat += [free] * (128 - len(fat))
    directory = b""
    for name, kind, child, first, size, *right in [*entries, ("", 0, free, 0, 0)]:
        text = name.encode("utf-16-le")
        directory += text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2 if text else 0, kind, 1)
        directory += struct.pack("<III", free, right[0] if right else free, child if kind == 5 else free)
        directory += bytes(36) + struct.pack("<IQ", first, size)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    return header + struct.pack("<128I", *fat) + directory + body


def million_columns() -> bytes:
    return b",".join(b"c%d" % number for number in range(1_000_000)) + b"\n" + b"1," * 999_999 + b"1\n"


KINDS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "locked": ("customers.xlsx", locked_xlsx, "locked with a password"),
    "bomb": ("customers.xlsx", zip_bomb, "unpack to an unreasonable size"),
    "wide": ("wide.csv", million_columns, "too many columns"),
}


@pytest.fixture(params=KINDS)
def bad(request: pytest.FixtureRequest) -> tuple[str, bytes, str]:
    name, make, said = KINDS[request.param]
    return name, make(), said


@pytest.fixture
def page() -> Client:
    staff = Staff.objects.create_user(email="owner@example.com", name="Owner", role="owner")
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def program() -> Iterator[Client]:
    cache.clear()
    token = make_token(name="program", rights=[Right.IMPORT.value], by=SHELL)
    yield Client(headers={"authorization": f"Bearer {token}"})
    cache.clear()


def nothing_stays() -> None:
    assert [model.objects.count() for model in (Import, Source, Customer)] == [0] * 3
    assert not [each for each in (Path(settings.MEDIA_ROOT) / "open").glob("*") if each.is_dir()]


def test_on_the_page(page: Client, bad: tuple[str, bytes, str]) -> None:
    name, body, said = bad
    for accept in ("application/json", "text/html"):
        sent = {"file": SimpleUploadedFile(name, body)}
        answer = page.post("/imports/drop", sent, headers={"Accept": accept}, follow=True)
        assert answer.status_code == (422 if accept == "application/json" else 200)
        text = answer.json()["problem"] if accept == "application/json" else answer.content.decode()
        assert said in text
        assert name in text
    nothing_stays()


def test_by_the_api(program: Client, bad: tuple[str, bytes, str]) -> None:
    name, body, said = bad
    answer = program.post("/api/v1/imports", {"file": SimpleUploadedFile(name, body), **SAID})
    assert answer.status_code == 422
    assert said in answer.json()["message"]
    assert answer.json()["field"] == "file"
    nothing_stays()


@pytest.mark.parametrize("as_json", [False, True])
def test_by_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: tuple[str, bytes, str], as_json: bool
) -> None:
    name, body, said = bad
    (tmp_path / name).write_bytes(body)
    assert by_shell(tmp_path / name, as_json=as_json) == 1
    told = capsys.readouterr()
    problem = json.loads(told.out)["problem"] if as_json else told.err
    assert said in problem
    assert "Traceback" not in told.err
    nothing_stays()


def by_shell(path: Path, *, as_json: bool = False) -> int:
    words = ["import", str(path), "--source", "shop", "--ground", "contract"]
    return main([*words, "--json"] if as_json else words)


@contextmanager
def two_gigabytes(path: Path) -> Iterator[Path]:
    """A file of 2 GB that takes no room."""
    with path.open("wb") as file:
        file.write(b"name,phone\n")
        file.truncate(2 << 30)
    yield path
    path.unlink()


def test_two_gigabytes_are_refused_unread(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], page: Client, program: Client
) -> None:
    with two_gigabytes(tmp_path / "big.csv") as path:
        assert by_shell(path) == 1
    assert "larger than the" in capsys.readouterr().err
    # What a browser or a program says it will send is enough to refuse it: the body is never read.
    sent = {"data": b"", "content_type": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(2 << 30)}
    answer = page.post("/imports/drop", headers={"Accept": "application/json"}, **sent)
    assert (answer.status_code, "larger than the" in answer.json()["problem"]) == (413, True)
    answer = program.post("/api/v1/imports", **sent)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    nothing_stays()
