"""What is logged while people work holds nothing of a customer: logs go where the base does not."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from PIL import Image

from kartoteka.intake.jobs import run_due_import
from kartoteka.intake.models import Import
from kartoteka.intake.undoing import undo_now
from kartoteka.intake.whole import queue_stream
from kartoteka.kit.logs import JsonFormatter
from kartoteka.people.models import Customer
from kartoteka.people.photos import add_photo
from kartoteka.quality.matching import match_now
from kartoteka.trust import keeping
from kartoteka.trust.actor import SHELL
from tests import make

from .conftest import AS

pytestmark = pytest.mark.django_db
PERSONAL = (
    "Wyjątkowska",
    "wyjatkowska",
    "600100299",
    "600 100 299",
    "wyjatkowa",
    "1985",
    "Ząbkowska",
    "85040312345",
)
ROW = "1,Anna,Wyjątkowska,600100299,wyjatkowa@example.com,1985-04-03,Ząbkowska 3/4 Warszawa,85040312345"
CSV = f"id,first name,last name,phone,e-mail,birthday,address,pesel\n{ROW}\n2,,,12-wyjatkowa,,,,\n"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged from now on, whatever its level, as it is written to the journal."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    quiet = logging.getLogger("django.db.backends")
    quiet.setLevel(logging.INFO)  # statements are logged by developers only, when DEBUG is on
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def nothing_personal(log: io.StringIO) -> None:
    text = log.getvalue()
    assert text, "something was logged"
    assert not [value for value in PERSONAL if value.lower() in text.lower()], text[-3000:]


def test_a_day_of_work(log: io.StringIO, signed_in: AS) -> None:
    done = make.csv_import(CSV, name="Wyjątkowska.csv", columns={"id": "key", "pesel": "national_id"})
    anna = Customer.objects.get()
    browser: Client = signed_in("owner")
    for path in (
        f"/customers/{anna.card}/",
        "/customers/?q=Wyj%C4%85tkowska",
        "/find?q=600100299",
        "/nowhere/wyjatkowska",
    ):
        browser.get(path)
    browser.post(f"/customers/{anna.card}/edit/birth", {"birth": "Wyjątkowska"})
    browser.post(f"/customers/{anna.card}/edit/emails", {"1-value": "wyjatkowa2@example.com"})
    browser.post("/accounts/login/", {"login": "wyjatkowa@example.com", "password": "1985"})
    match_now(by=SHELL)
    undo_now(file_import=done, by=SHELL)
    nothing_personal(log)


def test_a_day_on_which_things_break(log: io.StringIO, signed_in: AS) -> None:
    """A file that vanished, a photo that is gone from the disk: told by place and kind, not by content."""
    queued = queue_stream(
        stream=io.BytesIO(CSV.encode()), name="Wyjątkowska.csv", source="shop", ground="contract", by=SHELL
    )
    keeping.throw_away(queued.kept_as, drawer="imports")
    assert run_due_import()
    assert Import.objects.get().state == Import.State.FAILED
    anna = make.person("Anna", "Wyjątkowska", email="wyjatkowa@example.com")
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    keeping.throw_away(add_photo(customer=anna, stream=picture, by=SHELL).name, drawer="photos")
    assert signed_in("owner").get(f"/customers/{anna.card}/photo?name=Wyjątkowska").status_code == 500
    nothing_personal(log)
    assert '"error":' in log.getvalue()
