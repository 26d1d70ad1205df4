"""The pages of the site's reports: numbers that are right, addresses that keep, files that open, doors that hold."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from kartoteka.activity.warehouse.days import rebuild
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.tokens import make_token
from kartoteka.web.reports import REPORTS
from tests import make
from tests.activity.site import Did, at, happen, is_whose, source

pytestmark = pytest.mark.django_db
MAY = "from=2026-05-01&to=2026-05-31"


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.EVENTS_ROOT = tmp_path / "events"


@pytest.fixture
def site() -> None:
    formula = "=cmd"
    happen(
        [
            Did("a", at(2), page="/", referrer="https://search.example/"),
            Did("a", at(2, 12.1), page="/tea"),
            Did("a", at(2, 12.11), page="/tea", event="Page Shared"),
            Did("a", at(2, 12.12), page="/tea", left=95),
            Did("a", at(10), page="/", campaign=(formula, "", "<script>")),
            Did("b", at(3), page="/", device="desk"),
        ]
    )
    her = make.person("Anna", "Lis")
    is_whose("a", her)
    make.order(her, at=at(12), price="20")
    rebuild()


def rows(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


WANTED = {
    "paths": ["/", "left the site", "1", "2", "0.6666666666666666"],
    "exits": ["/", "2", "0.6666666666666666", "3", "3", "3"],
    "time": ["/tea", "95", "95", "1", "1"],
    "sharing": ["/", "1", "0.3333333333333333", "3", "0"],
    "origins": ["'=cmd", "campaign", "<script>", "", "1", "1", "1", "20.0000"],
    "funnel&step=/&step=/tea": ["/tea", "1", "0.5", "0.5"],
    "cohorts": ["2026-04-27", "2", "0.5", "0.0", "0.0", "0.0"],
}


def test_each_report_has_its_table_its_chart_and_its_file(owner: Client, site: None) -> None:
    assert {each.split("&")[0] for each in WANTED} == {each.name for each in REPORTS}
    index = owner.get("/reports/").content.decode()
    for name, wanted in WANTED.items():
        report, _, more = name.partition("&")
        assert f'href="/reports/{report}"' in index
        address = f"/reports/{report}?{MAY}&{more}"
        told = rows(owner.get(f"{address}&as=csv"))
        assert wanted in told, (name, told)
        page = owner.get(address).content.decode()
        assert ('data-chart="report-data"' in page) == (report != "cohorts")
        assert "<script>" not in page.split("<main", 1)[1].replace('<script id="report-data"', "")
        book = openpyxl.load_workbook(io.BytesIO(owner.get(f"{address}&as=xlsx").content))
        assert book.active.max_row == len(told)
        assert owner.get(f"{address}&as=pdf").content.startswith(b"%PDF")


def test_what_is_asked_stands_in_the_address(owner: Client, site: None) -> None:
    only = rows(owner.get(f"/reports/exits?{MAY}&device=desk&site={source().pk}&as=csv"))
    assert only[1:] == [["/", "1", "1.0", "1", "1", "1"]]
    assert rows(owner.get(f"/reports/exits?{MAY}&site=999&as=csv"))[1:] == []
    page = owner.get(f"/reports/exits?{MAY}&device=desk").content.decode()
    assert f"/reports/paths?{MAY}&device=desk".replace("&", "&amp;") in page, (
        "the next report is of the same days"
    )
    for wrong in ("from=2026-05-31&to=2026-05-01", "from=x&to=", f"{MAY}&device=fridge", "from=2026-05-01"):
        answer = owner.get(f"/reports/exits?{wrong}&as=csv")
        assert answer.status_code == 422
        assert "notice-bad" in answer.content.decode()
    assert "Choose 2 to 8 steps" in owner.get(f"/reports/funnel?{MAY}&step=/").content.decode()
    assert "Choose the steps" in owner.get(f"/reports/funnel?{MAY}").content.decode()
    assert (
        "Nothing in these days" in owner.get("/reports/time?from=2020-01-01&to=2020-01-02").content.decode()
    )


def test_without_a_site_it_says_how_to_connect_one(owner: Client, clerk: Client, as_role: Any) -> None:
    for address in ("/reports/", "/reports/paths"):
        assert "Connect a site" in owner.get(address).content.decode()
    happen([Did("a", at(2), page="/")])
    assert "being counted" in owner.get("/reports/paths").content.decode()


def test_programs_read_them_too(site: None, client: Client) -> None:
    token = make_token(name="reports", rights=[Right.COUNTS], by=SHELL)
    head = {"Authorization": f"Bearer {token}"}

    def asked(address: str, status: int = 200) -> Any:
        answer = client.get(f"/api/v1/site/{address}", headers=head)
        assert answer.status_code == status, answer.content
        return answer.json()

    assert asked(f"pages?{MAY}&by=time")["pages"][0]["seconds"] == 95
    assert asked(f"paths?{MAY}&steps=2")["visits"] == 3
    assert {each["source"] for each in asked(f"origins?{MAY}")["origins"]} == {"=cmd", "search.example", ""}
    assert asked(f"funnel?{MAY}&step=/&step=/tea")["steps"] == [
        {"step": "/", "people": 2},
        {"step": "/tea", "people": 1},
    ]
    assert asked(f"cohorts?{MAY}")["cohorts"][0] == {
        "monday": "2026-04-27",
        "people": 2,
        "returned": [1, 0, 0, 0],
    }
    assert asked(f"funnel?{MAY}&step=/", 422)["field"] == "step"
    assert asked("pages?from=2026-05-02&to=2026-05-01", 422)["field"] == "to"
