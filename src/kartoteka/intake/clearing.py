"""What is kept of an undone import: its sealed file, and what was wrong in its rows, so the undoing can be looked into.

After some days (KARTOTEKA_UNDONE_DAYS) the worker removes it; whoever wants it gone at once says so on the report.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.trust import keeping
from kartoteka.trust.actor import SYSTEM, Actor, Right
from kartoteka.trust.audit import note

from .models import Import, Undoing
from .receiving import DRAWER, CannotImport
from .row_secrets import destroy_keys_of


def clear(*, file_import: Import, by: Actor) -> None:
    """Remove what is kept of an undone import: the file, its refused rows, the examples of its columns. What stays is that
    there was an import, and who undid it. Raises CannotImport for one that was not undone or is cleared, NotAllowed.
    """
    by.must(Right.IMPORT)
    with transaction.atomic():
        now = timezone.now()
        undone = Undoing.objects.filter(file_import=file_import, cleared_at=None)
        if not undone.update(cleared_at=now, cleared_by=by.name):
            raise CannotImport(_("Nothing is kept of this import that could be removed."))
        destroy_keys_of(file_import.row_problems.values_list("file_import_id", "sheet", "row"))
        file_import.row_problems.all().delete()
        for sheet in file_import.mapping.values():
            sheet["examples"] = []
        # Before the rest is certain: should that fail, it is done again, and a file that is gone stays gone.
        keeping.throw_away(file_import.kept_as, drawer=DRAWER)
        file_import.save(update_fields=["mapping"])
        note(
            by=by,
            action="cleared import",
            matter="import",
            key=file_import.pk,
            detail={"file": file_import.name},
        )


def kept_until(undoing: Undoing) -> dt.date:
    """The day on which the worker removes what is kept."""
    return (undoing.at + dt.timedelta(days=settings.KARTOTEKA.undone_days)).date()


def run_due_clearing() -> bool:
    """Remove what is kept of one import that was undone long enough ago; whether there was one."""
    long_ago = timezone.now() - dt.timedelta(days=settings.KARTOTEKA.undone_days)
    due = Undoing.objects.filter(cleared_at=None, at__lt=long_ago).select_related("file_import").first()
    if due is None:
        return False
    clear(file_import=due.file_import, by=SYSTEM)
    return True
