"""Writing an export: the worker reads what its recipient may see, marks it, seals it. Formulas are made harmless."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, BinaryIO

from django.db.models import Q
from django.utils import timezone

from kartoteka.kit import bulk, runs
from kartoteka.people.checking import fields
from kartoteka.people.listing import Wish, chosen
from kartoteka.people.models import Canary, ContactPoint, Customer, Export
from kartoteka.people.reading import fill_in
from kartoteka.people.veil import veil_email, veil_phone, veiled
from kartoteka.trust import keeping
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.models import Limits, Staff

from .asking import DRAWER, KEPT_FOR, throw_away_old, without_words
from .columns import columns_of_files, further_cells
from .marks import canaries, order_of, spaced

_AT_ONCE = 2000
_LONGEST_CELL = 32_767
# What a spreadsheet takes for the beginning of a formula; a number with its sign is only a number.
# In East Asian settings the wide signs, too.
_FORMULA = re.compile(r"^[\s\u00a0\u200b\ufeff]*[=+\-@\t\r|%\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"^[+-]?\d[\d .,]*$")


# Files that a floor above writes: format -> from the export, its recipient and the customers' keys the file, and how many
# are in it.
ListWriter = Callable[[Export, Actor, list[int]], tuple[BinaryIO, int]]
_lists: dict[str, ListWriter] = {}


def write_by(format: str, write: ListWriter) -> None:
    """Have files of this format (at most four letters) written by a floor above. Called from an app's `ready()`."""
    _lists[format] = write


def under_way() -> bool:
    """Whether a worker is at an export now."""
    return runs.under_way(Export.objects.all())


def run_due_export() -> bool:
    """Write one export that waits or was left, or throw old files away; whether there was something to do."""
    if throw_away_old():
        return True
    export = runs.take(Export.objects.all())
    if export is None:
        return False
    with runs.failing(export):
        write_export(export)
    return True


def write_export(export: Export) -> None:
    """Write this export as whoever asked for it sees the base now; who may no longer take data out gets no file."""
    staff = Staff.objects.filter(pk=export.by_key).first()
    actor = staff.actor if staff else None
    if actor is None or not actor.may(Right.EXPORT):
        Export.objects.filter(pk=export.pk).update(
            state=Export.State.FAILED, problem="no longer allowed to take data out"
        )
        return
    wish = Wish(**{**export.wish, "columns": ()})
    labels = {key: str(label) for key, label in columns_of_files(actor).items() if key in export.columns}
    if export.format in _lists:
        keys = chosen(actor=actor, wish=wish).order_by("pk").values_list("pk", flat=True)
        _keep(export, *_lists[export.format](export, actor, list(keys[: export.customers])))
        return
    cards = list(chosen(actor=actor, wish=wish).values_list("card", "pk"))
    cards = cards[: export.customers]  # what was approved, and no more
    invented = _canaries(export, actor, [key for _card, key in cards])
    rows: dict[str, Any] = {**dict(cards), **{each["card"]: each for each in invented}}
    order = sorted(rows, key=lambda card: order_of(export.mark, card))
    out = io.BytesIO()
    lines = (_marked(export, line) for line in _lines(order, rows, list(labels), actor))
    (_write_csv if export.format == "csv" else _write_xlsx)(out, list(labels.values()), lines)
    _keep(export, out, len(cards))


def _keep(export: Export, out: BinaryIO, customers: int) -> None:
    out.seek(0)
    name, _size, digest = keeping.keep(out, drawer=DRAWER)
    now = timezone.now()
    # Not where somebody was forgotten meanwhile, who may be in it: then it is written anew.
    kept = Export.objects.filter(pk=export.pk, state=Export.State.RUNNING).update(
        state=Export.State.DONE,
        kept_as=name,
        digest=digest,
        customers=customers,
        done_at=now,
        expires_at=now + KEPT_FOR,
        wish=without_words(export.wish),
    )
    if not kept:
        keeping.throw_away(name, drawer=DRAWER)


def _canaries(export: Export, actor: Actor, keys: list[int]) -> list[dict[str, str]]:
    Canary.objects.filter(export=export).delete()
    parts = ("given", "family", "city", "country", "email", "phone")
    rows = Customer.objects.filter(pk__in=keys[:2000]).values_list(*parts)
    like = [dict(zip(parts, map(str, row), strict=True)) for row in rows]
    made = canaries(export.mark, like, host=Limits.now().canary_host, free=_is_free)
    Canary.objects.bulk_create(
        Canary(
            export=export,
            card=each["card"],
            name=each["name"],
            email=each["email"],
            phone=each["phone"],
            values=each,
        )
        for each in made
    )
    if actor.veiled:
        made = [
            {**each, "email": veil_email(each["email"]), "phone": veil_phone(each["phone"])} for each in made
        ]
    return made


def _is_free(point: str) -> bool:
    """Whether this phone or e-mail is in no other file, so that it tells which one it is from, and no customer's."""
    used = Canary.objects.filter(Q(email=point) | Q(phone=point)).exists()
    return not used and not ContactPoint.objects.filter(value=point).exists()


def _lines(
    order: list[str], rows: Mapping[str, Any], columns: list[str], actor: Actor
) -> Iterable[list[str]]:
    """The cells of each row in this order, read in chunks."""
    catalogue = fields()
    sensitive = [key for key in columns if key in catalogue and catalogue[key].sensitive]
    for some in bulk.chunks(order, _AT_ONCE):
        keys = [rows[card] for card in some if isinstance(rows[card], int)]
        known = list(Customer.objects.filter(pk__in=keys))
        fill_in(known, sensitive)
        found = {each.card: veiled(each, actor) for each in known}
        further = further_cells(actor, keys, columns)
        # Whoever is invented has what somebody beside them has, so that an empty cell does not tell them.
        borrowed = next(iter(further.values()), {})
        for card in some:
            if isinstance(rows[card], dict):
                told = {**borrowed, **rows[card]}
                yield [told.get(column, "") for column in columns]
            elif card in found:
                told = further.get(rows[card], {})
                yield [told[each] if each in told else _cell(found[card], each) for each in columns]


def _cell(customer: Customer, column: str) -> str:
    if column == "name":
        return customer.display
    value = customer.more.get(column)
    if column not in customer.more and hasattr(customer, column):
        value = getattr(customer, column)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, dict):
        return " ".join(str(each) for each in value.values())
    return "" if value is None else str(value)


def _marked(export: Export, line: list[str]) -> list[str]:
    return [spaced(export.mark, " ".join(cell.split(" "))) for cell in line]


def harmless(cell: str) -> str:
    """The cell as a spreadsheet takes it for text: an apostrophe stands before what would be a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def _write_csv(out: BinaryIO, header: list[str], lines: Iterable[list[str]]) -> None:
    text = io.TextIOWrapper(out, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(map(harmless, header))
    for line in lines:
        writer.writerow(map(harmless, line))
    text.flush()
    text.detach()


def _write_xlsx(out: BinaryIO, header: list[str], lines: Iterable[list[str]]) -> None:
    import xlsxwriter  # loaded by whoever writes a workbook, not by every command

    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Customers")
        for row, line in enumerate(chain([header], lines)):
            for column, cell in enumerate(line):
                # A text is no formula in a workbook; saved as CSV from there it would be one.
                sheet.write_string(row, column, harmless(cell)[:_LONGEST_CELL])
