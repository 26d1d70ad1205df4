"""From ugly files to one clean base: dropped, mapped, imported by the worker, joined; and one of them undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from kartoteka.intake.models import Import
from kartoteka.intake.sample import files
from kartoteka.kit.jobs import run_all_due
from kartoteka.people.models import Customer
from kartoteka.quality.models import Merger
from tests.journeys.conftest import Person
from tests.make import base

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def drop(anna: Person, *paths: Path) -> None:
    """Choose files, as by keyboard; several at once."""
    anna.go("/imports/")
    anna.find("#drop-file").send_keys("\n".join(str(path) for path in paths))


def settle(anna: Person, name: str, *, source: str, ground: str = "contract", step: str = "run") -> None:
    """Say what the file is that is on the page, and have it checked or imported."""
    anna.see(name, "h1")
    field = anna.find("#source")
    field.clear()
    field.send_keys(source)
    anna.find(f"input[name='ground'][value='{ground}']").send_keys(" ")
    anna.press_enter_on(f".about-foot button[value='{step}']")


def test_five_ugly_files_become_one_clean_base_and_one_is_undone(anna: Person, tmp_path: Path) -> None:
    files.write(tmp_path, customers=40, seed=3, countries=("PL",))
    (tmp_path / "flyer.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    dropped = sorted(tmp_path.iterdir())
    assert len(dropped) == 6
    anna.come_in()
    anna.go("/")
    anna.see("The base is empty")

    drop(anna, *dropped)
    anna.see("flyer.csv is a picture", ".dropped-wrong")
    anna.wait(lambda: len(anna.browser.find_elements(By.CSS_SELECTOR, ".dropped-taken")) == 5)
    anna.wait(lambda: anna.find("[data-go-on]").is_displayed())
    anna.find("[data-go-on]").click()

    waiting = list(Import.objects.order_by("pk"))
    anna.see(waiting[0].name, "h1")
    anna.press_enter_on(".about-foot button[value='run']")
    anna.see("Say where this file comes from", "#source-error")
    settle(anna, waiting[0].name, source=Path(waiting[0].name).stem, step="check")
    anna.see("Waiting to be checked", "#running")
    run_all_due()
    anna.see("would be new customers")
    assert not Customer.objects.exists()
    for each in waiting:
        settle(anna, each.name, source=Path(each.name).stem)
    anna.see("Waiting", "#running")

    run_all_due()
    anna.see("new customers")
    assert set(Import.objects.values_list("state", flat=True)) == {"done"}
    rows = sum(Import.objects.values_list("rows_done", flat=True))
    anna.wait(lambda: not anna.browser.find_elements(By.ID, "matching"))
    customers = Customer.objects.filter(merged_into=None).count()
    assert Merger.objects.exists(), "the matching follows the last import by itself"
    assert 20 < customers < rows

    anna.go("/imports/")
    anna.press_enter_on("a[data-row-link]")
    anna.press_enter_on("[data-opens='undo']")
    anna.see("What people changed by hand since stays", "#undo")
    anna.press_enter_on("#undo button[type='submit']")
    anna.see("Waiting to be undone")
    undone = waiting[-1]
    run_all_due()
    anna.see("Undone")
    undone.refresh_from_db()
    assert undone.state == Import.State.UNDONE
    assert not [row for row in base() if any(source == Path(undone.name).stem for source, _key in row[2])]
