"""What is kept of an undone import goes after its days, or at once where somebody says so, and not before."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from kartoteka.intake.clearing import run_due_clearing
from kartoteka.intake.models import Import, RowProblem, Undoing
from kartoteka.intake.undoing import undo_now
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def undone(db: None) -> Import:
    done = make.csv_import("name,phone\nAnna Nowak,+48600100200\n,secret-of-nobody\n")
    undo_now(file_import=done, by=SHELL)
    return Import.objects.get(pk=done.pk)


def sealed(found: Import) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / found.kept_as


def test_it_stays_for_its_days_and_then_goes(undone: Import) -> None:
    days = settings.KARTOTEKA.undone_days
    Undoing.objects.update(at=timezone.now() - dt.timedelta(days=days - 1))
    assert not run_due_clearing()
    assert sealed(undone).exists()
    assert RowProblem.objects.get().cells
    Undoing.objects.update(at=timezone.now() - dt.timedelta(days=days + 1))
    assert run_due_clearing()
    assert not run_due_clearing()
    assert not sealed(undone).exists()
    assert not RowProblem.objects.exists()
    undone.refresh_from_db()
    assert "Anna" not in str(undone.mapping)
    assert AuditEntry.objects.filter(action="cleared import", matter_key=str(undone.pk)).count() == 1
