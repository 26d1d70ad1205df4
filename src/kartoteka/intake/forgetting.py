"""What files leave of people beside their claims: refused rows, problems, examples, names of files, the files themselves.

A dropped file has done its work when its rows are written: every filled cell stands in a claim or a refused row by then.
So it goes at once (ADR 9), and only files that wait lie sealed. Those are looked through when somebody was forgotten.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from django.db import transaction

from kartoteka.activity.warehouse.days import write_forgotten
from kartoteka.consent.erasure import swept, unswept
from kartoteka.consent.tombstones import points_met
from kartoteka.kit import bulk
from kartoteka.kit.jobs import NotNow
from kartoteka.people.follow import Leaving
from kartoteka.people.models import Batch
from kartoteka.standard import emails, phones
from kartoteka.standard.names import fold
from kartoteka.trust import keeping
from kartoteka.trust.personal_keys import destroy

from .files import Book, Unreadable
from .models import Import, RowProblem
from .receiving import DRAWER, opened
from .row_secrets import as_text, destroy_keys_of, open_rows, sealed_ones, with_text

log = logging.getLogger("kartoteka.intake")
_BUSY = (
    Import.State.CHECK_QUEUED,
    Import.State.CHECKING,
    Import.State.QUEUED,
    Import.State.RUNNING,
    Import.State.UNDO_QUEUED,
)
_OVER = (Import.State.DONE, Import.State.UNDONE)
_DIGITS = re.compile(r"(?:\d\D{0,3}){7,20}")
_LONGEST = 200
_SHORT = 4
_MANY = 20_000
_WRITTEN_AGAIN = 10.0  # seconds until another worker's day is looked at again


def wipe(who: Leaving) -> None:
    """Take out what the imports hold of these people beside their claims. Inside the transaction that forgets them."""
    _wipe_rows(who)
    imports = list(Import.objects.filter(batch__in=who.batches))
    for each in imports:
        _rename(each, who)
        if each.state not in _BUSY:
            throw_away_file(each)


def _wipe_rows(who: Leaving) -> None:
    """The problems of their own rows, and any refused row that names them."""
    number_of = {each.batch_id: each.pk for each in Import.objects.filter(batch__in=who.batches)}
    theirs: dict[tuple[int, str], list[int]] = defaultdict(list)
    for batch, sheet, row in who.rows:
        if row is not None and batch in number_of:
            theirs[number_of[batch], sheet].append(row)
    found: set[int] = set()
    for (number, sheet), its in theirs.items():
        known = RowProblem.objects.filter(file_import=number, sheet=sheet, row__in=its)
        found.update(known.values_list("pk", flat=True))
    if pattern := _names_them(who):
        found.update(with_text().filter(text__iregex=pattern).values_list("pk", flat=True))
        for some in bulk.chunks(sealed_ones().iterator(2000), 2000):
            open_rows(some, cells=True)
            found.update(row.pk for row in some if re.search(pattern, as_text(row), re.IGNORECASE))
    for keys in bulk.chunks(sorted(found), 5000):
        rows = RowProblem.objects.filter(pk__in=keys)
        destroy_keys_of(rows.values_list("file_import_id", "sheet", "row"))
        rows.delete()


def _names_them(who: Leaving) -> str:
    """A pattern that finds them in a row: a contact point, a number of a register, or their whole name in either order."""
    telling = {*who.texts("emails"), *who.texts("national_id"), *who.texts("registration")}
    found = [re.escape(each) for each in sorted(telling) if len(each) > _SHORT]
    for number in sorted(who.texts("phones")):
        digits = re.sub(r"\D", "", number)[-9:]
        if len(digits) > _SHORT:
            found.append("[^0-9a-z]{0,3}".join(digits))
    for values in who.said:
        given, family = (re.escape(str(values.get(part) or "")) for part in ("given", "family"))
        if given and family:
            found += [f"{given}.{{0,40}}{family}", f"{family}.{{0,40}}{given}"]
    return "|".join(dict.fromkeys(found))


def _rename(file_import: Import, who: Leaving) -> None:
    """A file named after somebody ("Anna Kowalska.vcf") is called by its ending only."""
    name = fold(file_import.name)
    families = {fold(each) for each in who.texts("family")}
    if not any(len(each) >= _SHORT and each in name for each in families):
        return
    _bare_name(file_import)


def _bare_name(file_import: Import) -> None:
    bare = "file" + (re.search(r"\.\w{2,5}$", file_import.name) or [""])[0]
    Import.objects.filter(pk=file_import.pk).update(name=bare)
    if file_import.batch_id is not None:
        Batch.objects.filter(pk=file_import.batch_id).update(label=bare)


def throw_away_file(file_import: Import) -> None:
    """The sealed file goes once this is committed, and the examples of its cells with it."""
    if file_import.kept_as:
        transaction.on_commit(partial(keeping.throw_away, file_import.kept_as, drawer=DRAWER))
    mapping = {sheet: {**said, "examples": []} for sheet, said in file_import.mapping.items()}
    destroy([file_import.secret])
    Import.objects.filter(pk=file_import.pk).update(kept_as="", mapping=mapping)


# ---- work for the worker


def throw_away_done_files() -> bool:
    """Throw away one file whose rows are written, or were taken out again; whether there was one."""
    done = Import.objects.filter(state__in=_OVER).exclude(kept_as="").order_by("pk").first()
    if done is None:
        return False
    with transaction.atomic():
        throw_away_file(done)
    return True


def sweep() -> bool:
    """What follows an erasure: files that wait are looked through, then the disk is swept; whether anything was due.

    Days of the site are written anew without them. While an import is under way its file cannot be taken from it; it is
    looked at again when that is over. Raises NotNow where the disk must be swept later.
    """
    due = unswept()
    if not due or Import.objects.filter(state__in=_BUSY).exists():
        return False
    while throw_away_done_files():
        pass
    for waiting in Import.objects.exclude(kept_as="").order_by("pk"):
        if _holds_somebody_forgotten(waiting):
            with transaction.atomic():
                throw_away_file(waiting)
                _bare_name(waiting)  # who it was is not known any more, so neither whether the name tells it
            log.info("a waiting file held somebody who was forgotten", extra={"import": waiting.pk})
    if not write_forgotten():
        raise NotNow(_WRITTEN_AGAIN)
    swept(due)
    return True


def _holds_somebody_forgotten(file_import: Import) -> bool:
    """Whether a phone or an e-mail anywhere in the file is somebody's who was forgotten.

    A file that cannot be read any more is taken for one that does: nobody could say what is in it.
    """
    try:
        with opened(file_import) as book:
            found: set[str] = set()
            for cell in _cells(book):
                found.update(_points(cell, file_import.country))
                if len(found) > _MANY:
                    if points_met(found):
                        return True
                    found.clear()
            return points_met(found)
    except (Unreadable, FileNotFoundError):
        return True


def _cells(book: Book) -> Iterator[str]:
    """Every filled cell of a file, headings too."""
    for sheet in book.sheets:
        yield from filter(None, sheet.columns)
        for _row, cells in sheet.rows():
            yield from (cell for cell in cells if cell and len(cell) <= _LONGEST)


def _points(cell: str, country: str) -> set[str]:
    """The phones and e-mails that a cell can be read as."""
    found: set[str] = set()
    if "@" in cell:
        found |= {each.value.value for each in emails.standardise(cell) if each.value}
    if _DIGITS.search(cell):
        found |= {each.value.value for each in phones.standardise(cell, country=country) if each.value}
    return found
