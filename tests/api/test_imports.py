"""Files through the API: sent, done by the worker, watched, stopped, undone; refused rows fetched, mended, sent again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from kartoteka.intake.models import Import
from kartoteka.kit import jobs
from kartoteka.people.models import Claim, Customer
from kartoteka.trust.actor import Right
from tests import make

from .conftest import Api, Caller

ROWS = "id,first name,last name,phone,e-mail\n1,Anna,Kowalska,600 100 200,anna@example.com\n2,Jan,Lis,600 100 201,\n"
BAD = "id,first name,last name,phone,e-mail\n3,Ewa,Duda,12,ewa@example.com\n4,,,,=1+1\n"
pytestmark = pytest.mark.django_db


def sent(
    api: Api, text: str | bytes = ROWS, *, name: str = "shop.csv", status: int = 202, **form: Any
) -> Any:
    body = text.encode() if isinstance(text, str) else text
    given = {"source": "shop", "ground": "contract", "country": "PL", **form}
    return api.upload(SimpleUploadedFile(name, body), status=status, **given)


def test_sent_done_and_undone(caller: Caller) -> None:
    api = caller(Right.IMPORT)
    state = sent(api)
    assert (state["state"], state["busy"], state["mapping"][""]["phone"]) == ("queued", True, "phone")
    assert Customer.objects.count() == 0
    jobs.run_all_due()
    done = api.get(f"/imports/{state['id']}")
    assert (done["state"], done["percent"], done["new"], done["refused"]) == ("done", 100, 2, 0)
    assert [each["id"] for each in api.get("/imports")["imports"]] == [state["id"]]
    assert api.get("/imports", state="failed")["imports"] == []
    assert api.post(f"/imports/{state['id']}/undo", status=202)["state"] == "undo_queued"
    jobs.run_all_due()
    assert api.get(f"/imports/{state['id']}")["state"] == "undone"
    assert Customer.objects.count() == 0
    assert api.post(f"/imports/{state['id']}/undo", status=409)["error"] == "conflict"


def test_the_same_file_again_is_the_same_import(caller: Caller) -> None:
    api = caller(Right.IMPORT)
    first = sent(api)
    jobs.run_all_due()
    assert sent(api)["id"] == first["id"]
    assert jobs.run_all_due() == 0
    assert (Import.objects.count(), Customer.objects.count()) == (1, 2)


def test_dry_run_writes_nothing_until_run(caller: Caller) -> None:
    api = caller(Right.IMPORT)
    state = sent(api, dry_run="true")
    jobs.run_all_due()
    checked = api.get(f"/imports/{state['id']}")
    assert (checked["state"], checked["new"], Customer.objects.count()) == ("checked", 2, 0)
    api.post(f"/imports/{state['id']}/run", status=202)
    jobs.run_all_due()
    assert Customer.objects.count() == 2
    api.post(f"/imports/{state['id']}/run", status=409)


def test_stopped_and_gone_on_with(caller: Caller) -> None:
    api = caller(Right.IMPORT)
    state = sent(api)
    assert api.post(f"/imports/{state['id']}/stop", status=202)["state"] == "received"
    assert jobs.run_all_due() == 0
    api.post(f"/imports/{state['id']}/run", status=202)
    jobs.run_all_due()
    assert Customer.objects.count() == 2


def test_problems_and_refused_rows(caller: Caller) -> None:
    api = caller(Right.IMPORT)
    state = sent(api, BAD)
    jobs.run_all_due()
    rows = api.get(f"/imports/{state['id']}/problems")["rows"]
    assert [(each["row"], each["refused"]) for each in rows] == [(2, False), (3, True)]
    assert rows[0]["problems"][0] | {"problem": "", "note": ""} == {
        "field": "phones", "column": "phone", "typed": "12", "problem": "", "note": "",
    }  # fmt: skip
    assert [each["row"] for each in api.get(f"/imports/{state['id']}/problems", refused="true")["rows"]] == [
        3
    ]
    assert (rows[1]["problems"][-1]["problem"], rows[1]["problems"][-1]["column"]) == ("nobody", "")
    answer = api.get(f"/imports/{state['id']}/refused")
    book = load_workbook(io.BytesIO(answer.content))
    header, row = book.worksheets[0].iter_rows()
    assert [cell.value for cell in header][1:] == ["id", "first name", "last name", "phone", "e-mail"]
    assert "name, company, phone or e-mail" in str(row[0].value)
    assert (row[5].value, row[5].data_type) == ("=1+1", "s")
    row[2].value, row[3].value = "Ola", "Lis"
    out = io.BytesIO()
    book.save(out)
    again = sent(api, out.getvalue(), name="mended.xlsx")
    jobs.run_all_due()
    assert api.get(f"/imports/{again['id']}")["new"] == 1
    ola = Claim.objects.get(identity__key="4").values
    assert (ola["given"], ola["family"], ola.keys() & {"addresses", "note"}) == ("Ola", "Lis", set()), ola


def test_sensitive_columns_need_their_right(caller: Caller) -> None:
    blind, seeing = caller(Right.IMPORT), caller()
    text = "first name,phone,pesel\n,,02070803628\n"
    state = sent(blind, text, columns='{"pesel": "national_id"}')
    jobs.run_all_due()
    blind.get(f"/imports/{state['id']}/refused", status=403)
    assert seeing.get(f"/imports/{state['id']}/refused").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("form", "status", "field"),
    [
        ({"ground": ""}, 422, "ground"),
        ({"ground": "because"}, 422, "ground"),
        ({"source": "  "}, 422, "source"),
        ({"columns": "{"}, 422, "columns"),
        ({"columns": '{"moon": "given"}'}, 422, "map"),
        ({"columns": '{"phone": "moon"}'}, 422, "fields"),
        ({"columns": '{"phone": "phone:\\u0000"}'}, 422, "columns.phone"),
        ({"country": "\x00"}, 422, None),
        ({"name": "photo.csv", "text": b"\x89PNG\r\n\x1a\n" + bytes(200)}, 422, "file"),
        ({"text": b""}, 422, "file"),
    ],
)
def test_what_cannot_be_is_told_and_leaves_nothing(
    caller: Caller, form: dict[str, Any], status: int, field: str | None
) -> None:
    problem = sent(caller(), status=status, **form)
    assert problem["field"] == field
    assert Import.objects.count() == 0


def test_too_large_is_refused_before_it_is_read(caller: Caller, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    assert sent(caller(), "x" * 2000, status=413)["error"] == "too_large"


def test_no_query_per_row(caller: Caller) -> None:
    api = caller(Right.IMPORT, Right.REVEAL)
    counts = []
    for place in (1, 2, 3):
        done = make.csv_import(BAD + "5,,,,\n" * place, name=f"{place}.csv")
        counts.append(api.queries("/imports") + api.queries(f"/imports/{done.pk}/problems"))
    assert counts[0] == counts[2]
