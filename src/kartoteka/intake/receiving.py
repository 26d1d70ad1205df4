"""A file arrives: sealed away, looked at, its columns mapped. Nothing is written to the base yet."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.activity.currencies import UnknownCurrency, code_of, currency_of
from kartoteka.kit.jsontext import json
from kartoteka.people.catalogue import OWN_PREFIX
from kartoteka.people.editing import source_named
from kartoteka.people.models import Ground, OwnField, Source
from kartoteka.standard import countries
from kartoteka.trust import keeping
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note
from kartoteka.trust.personal_keys import seal

from .files import (
    Book,
    Unreadable,
    date_orders,
    guess_country,
    guess_language,
    open_file,
    propose,
    propose_orders,
    tells_who,
)
from .files.fields import target
from .files.order_columns import may_mean, tells_orders
from .models import Import, RememberedColumn

DRAWER = "imports"
_SAMPLE = 1000
# A file is of a source that lately brought one with so large a share of the same columns.
_LATELY = 100
_SAME_SHARE = 0.8


class CannotImport(ValueError):
    """This file or this step cannot be. `field` names what to change, the message says how."""

    def __init__(self, message: str, *, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class SameFile(CannotImport):
    """This very file of this source is in the base already, or on its way."""

    def __init__(self, earlier: Import | None) -> None:
        day = earlier.received_at if earlier else timezone.now()
        text = _("This very file has been imported already, on %(day)s. Nothing in it is new.")
        super().__init__(text % {"day": day.strftime("%Y-%m-%d")}, field="file")


class TakenOver(Exception):
    """Another process does this import now: this one was silent for too long, and has nothing left to do."""


@contextmanager
def opened(file_import: Import) -> Iterator[Book]:
    """The kept file, opened for reading. Raises Unreadable."""
    with keeping.taken_out(file_import.kept_as, drawer=DRAWER) as path:
        yield open_file(path, name=file_import.name, max_bytes=settings.MAX_UPLOAD_BYTES)


def receive(
    *,
    stream: BinaryIO,
    name: str,
    by: Actor,
    source: str = "",
    country: str = "",
    brings: str = Import.Brings.CUSTOMERS,
) -> Import:
    """Take a file in, look at it and propose a mapping for its columns.

    name: the file's bare name. source: where it comes from, as far as known: what was mapped for it before is remembered;
    a new one is made only when the file is settled. Without one, the source that lately brought a file with nearly these
    columns is proposed. brings: customers, or orders with whoever placed them; "" looks at the headings.
    Raises CannotImport with what the reader says when the file is none that can be read; then nothing is kept.
    """
    by.must(Right.IMPORT)
    _must_be_known(brings)
    name = name.replace("\\", "/").rsplit("/", 1)[-1][:255] or _("file")
    _must_fit(stream, name)
    kept_as, size, digest = keeping.keep(stream, drawer=DRAWER)
    found = Import(
        name=name,
        kept_as=kept_as,
        size=size,
        digest=digest,
        country=_country(country),
        brings=brings,
        received_at=timezone.now(),
        **by.as_columns,
        source=_known_source(source),
    )
    try:
        with opened(found) as book:
            found.format = book.format
            brings = found.brings = brings or _looks_like(book)
            found.source = found.source or _source_of_such(book, brings)
            if not any(sheet.sample(1) for sheet in book.sheets):
                raise Unreadable("no_rows", name=name)
            found.mapping = _mapping(book, found)
    except Unreadable as problem:
        keeping.throw_away(kept_as, drawer=DRAWER)
        raise CannotImport(str(problem), field="file") from problem
    found.save()
    note(by=by, action="dropped a file", matter="import", key=found.pk, detail={"bytes": size})
    return found


def _must_be_known(brings: str) -> None:
    if brings and brings not in Import.Brings.values:
        text = _("A file holds %(all)s; we do not know what “%(word)s” is.")
        known = " / ".join(Import.Brings.values)
        raise CannotImport(text % {"all": known, "word": brings[:20]}, field="as")


def _looks_like(book: Book) -> str:
    """Whether the headings are those of orders: a number, a date and an amount, each said in so many words."""
    for sheet in book.sheets:
        if tells_orders(sheet.columns):
            return Import.Brings.ORDERS
    return Import.Brings.CUSTOMERS


def choose_kind(*, file_import: Import, brings: str, by: Actor) -> Import:
    """Say what a received file holds: its columns are mapped anew for that. Raises CannotImport."""
    by.must(Right.IMPORT)
    _must_be_open(file_import)
    if brings not in Import.Brings.values:
        raise CannotImport(_("Say what the file holds: customers or orders."), field="as")
    file_import.brings, file_import.state = brings, Import.State.RECEIVED
    try:
        with opened(file_import) as book:
            file_import.mapping = _mapping(book, file_import)
    except Unreadable as problem:
        raise CannotImport(str(problem), field="file") from problem
    file_import.save(update_fields=["brings", "state", "mapping", "currency"])
    return file_import


def _must_fit(stream: BinaryIO, name: str) -> None:
    """Raise CannotImport for a file beyond what is taken, before it is copied and sealed."""
    if not stream.seekable():
        return
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > settings.MAX_UPLOAD_BYTES:
        limit = settings.MAX_UPLOAD_BYTES >> 20
        raise CannotImport(str(Unreadable("too_large", name=name, limit=limit)), field="file")


def _known_source(name: str) -> Source | None:
    return Source.objects.filter(name=name.strip()[:100]).first() if name.strip() else None


def _mapping(book: Book, file_import: Import) -> dict[str, Any]:
    remembered, own = _remembered(file_import), _own_fields(file_import)
    mapping: dict[str, Any] = {}
    for place, sheet in enumerate(book.sheets):
        sample = sheet.sample(_SAMPLE)
        of_orders = file_import.brings == Import.Brings.ORDERS
        way = propose_orders if of_orders else propose
        proposed = way(sheet.columns, sample, remembered=remembered, own=own, country=file_import.country)
        fields = [each.field or None for each in proposed]
        if not file_import.country:
            file_import.country = guess_country(sample, fields, sheet.columns)
        if not file_import.language:
            file_import.language = guess_language(sample, sheet.columns)
        mapping[sheet.name] = {
            "place": place,
            "columns": sheet.columns,
            "fields": fields,
            "how": [each.how for each in proposed],
            "orders": date_orders(sample, proposed, country=file_import.country),
            "examples": seal(file_import.secret, json([list(each.examples) for each in proposed])),
            "use": bool(sample) and any(fields) and not sheet.hidden,
        }
    if file_import.brings == Import.Brings.CUSTOMERS:
        _leave_asides(book, mapping)
    if file_import.brings == Import.Brings.ORDERS and not file_import.currency:
        file_import.currency = currency_of(file_import.country)
    return mapping


def _leave_asides(book: Book, mapping: dict[str, Any]) -> None:
    """Notes and sums beside the customers are sheets too: where others say who somebody is, these are not brought in."""
    telling = {
        sheet.name
        for sheet in book.sheets
        if mapping[sheet.name]["use"]
        and tells_who(mapping[sheet.name]["fields"], has_heading=sheet.header_row > 0)
    }
    for name in mapping if telling else ():
        mapping[name]["use"] = name in telling


def _source_of_such(book: Book, brings: str) -> Source | None:
    """The source that lately brought a file with nearly the same columns, if one did."""
    columns = {column for sheet in book.sheets for column in sheet.columns}
    before = Import.objects.exclude(source=None).filter(brings=brings)
    lately = before.select_related("source").order_by("-pk")[:_LATELY]
    for earlier in lately:
        had = {column for sheet in earlier.mapping.values() for column in sheet["columns"]}
        if columns and len(columns & had) >= _SAME_SHARE * len(columns | had):
            return earlier.source
    return None


def _remembered(file_import: Import) -> dict[str, str]:
    if file_import.source is None:
        return {}
    rows = RememberedColumn.objects.filter(source=file_import.source).values_list("header", "field")
    of_orders = file_import.brings == Import.Brings.ORDERS
    return {header: field for header, field in rows if may_mean(field, of_orders=of_orders)}


def _own_fields(file_import: Import) -> dict[str, str]:
    """The own fields that a column can be of, by their names."""
    of_orders = file_import.brings == Import.Brings.ORDERS
    rows = OwnField.objects.values_list("label", "key")
    return {label: OWN_PREFIX + key for label, key in rows if may_mean(OWN_PREFIX + key, of_orders=of_orders)}


def choose_source(
    *, file_import: Import, source: str, by: Actor, fields: Mapping[str, Mapping[str, str]] | None = None
) -> Import:
    """Say where a received file comes from: its columns are mapped as that source's were before. Of a source that is not
    known yet nothing is remembered, and nothing changes.

    fields: as for `settle`: what the person has said of columns meanwhile, and what stands. Raises CannotImport.
    """
    by.must(Right.IMPORT)
    _must_be_open(file_import)
    with transaction.atomic():
        _map_for(file_import, _known_source(source))
        for sheet, columns in (fields or {}).items():
            _map_columns(file_import, sheet, columns)
        file_import.save(update_fields=["source", "mapping"])
    return file_import


def _map_for(file_import: Import, source: Source | None) -> None:
    """Map the columns as this source's were before, if it is another than the one they are mapped for."""
    if source is None or source == file_import.source:
        return
    file_import.source = source
    before = file_import.mapping
    try:
        with opened(file_import) as book:
            file_import.mapping = _mapping(book, file_import)
    except Unreadable as problem:
        raise CannotImport(str(problem), field="file") from problem
    for sheet, known in file_import.mapping.items():
        for place, how in enumerate(before.get(sheet, {}).get("how", [])):
            if how == "said":
                known["fields"][place], known["how"][place] = before[sheet]["fields"][place], how
        known["use"] = before.get(sheet, known)["use"]


def settle(
    *,
    file_import: Import,
    by: Actor,
    source: str,
    ground: str,
    country: str = "",
    currency: str = "",
    fields: Mapping[str, Mapping[str, str]] | None = None,
    use: Mapping[str, bool] | None = None,
) -> Import:
    """Say what the file is: its source, the ground for holding its data, its country, and what its columns mean.

    currency: of orders, of amounts that do not name theirs.

    fields: by sheet and column heading the field's key, "" to keep the column only. What is said here is remembered for the
    source's next file. Raises CannotImport without a source or a ground: what has none is not taken in.
    """
    by.must(Right.IMPORT)
    _must_be_open(file_import)
    if not source.strip():
        raise CannotImport(
            _("Say where this file comes from: the shop, the newsletter, the counter."), field="source"
        )
    if ground not in Ground.values:
        raise CannotImport(
            _("Say on what ground we may hold these people's data. Without one nothing is written."),
            field="ground",
        )
    with transaction.atomic():
        _map_for(file_import, _known_source(source))
        file_import.source = source_named(source)
        file_import.ground = ground
        file_import.country = _country(country) or file_import.country
        if currency:
            file_import.currency = _currency(currency)
        for sheet, columns in (fields or {}).items():
            _map_columns(file_import, sheet, columns)
        _remember(file_import)
        for sheet, used in (use or {}).items():
            if sheet in file_import.mapping:
                file_import.mapping[sheet]["use"] = used
        file_import.state = Import.State.RECEIVED
        file_import.save()
    return file_import


def _must_be_open(file_import: Import) -> None:
    state = Import.State
    if file_import.state not in (state.RECEIVED, state.CHECKED, state.FAILED):
        raise CannotImport(_("This import is under way or done; its columns can no longer be changed."))


def _remember(file_import: Import) -> None:
    """Keep what people said of this file's columns, for the source's next file."""
    said = {
        header[:300]: field or ""
        for sheet in file_import.mapping.values()
        for header, field, how in zip(sheet["columns"], sheet["fields"], sheet["how"], strict=True)
        if how == "said"
    }
    RememberedColumn.objects.bulk_create(
        [RememberedColumn(source=file_import.source, header=header, field=said[header]) for header in said],
        update_conflicts=True,
        unique_fields=["source", "header"],
        update_fields=["field"],
    )


def _map_columns(file_import: Import, sheet: str, columns: Mapping[str, str]) -> None:
    known = file_import.mapping.get(sheet)
    if known is None:
        raise CannotImport(_("There is no sheet %(sheet)s in this file.") % {"sheet": sheet}, field="fields")
    own = {OWN_PREFIX + key for key in OwnField.objects.values_list("key", flat=True)}
    for header, field in columns.items():
        if header not in known["columns"]:
            raise CannotImport(
                _("There is no column %(column)s in this file.") % {"column": header}, field="fields"
            )
        try:
            if field and target(field).base == "x" and field not in own:
                raise ValueError
            if not may_mean(field, of_orders=file_import.brings == Import.Brings.ORDERS):
                raise ValueError
        except ValueError as error:
            raise CannotImport(
                _("There is no field %(field)s.") % {"field": field}, field="fields"
            ) from error
        place = known["columns"].index(header)
        known["fields"][place] = field or None
        known["how"][place] = "said"


def _country(text: str) -> str:
    """ISO alpha-2 of a country by its code or name, "" for nothing said. Raises CannotImport."""
    found = countries.standardise(text).value
    if text.strip() and not found:
        told = _("There is no country %(country)s. Give its name, or its code of two letters such as PL.")
        raise CannotImport(told % {"country": text[:40]}, field="country")
    return found or ""


def _currency(text: str) -> str:
    try:
        return code_of(text)
    except UnknownCurrency as problem:
        raise CannotImport(str(problem), field="currency") from problem


def same_file_before(file_import: Import) -> Import | None:
    """An import of the very same file from the same source that is in the base already, or on its way."""
    state = Import.State
    return (
        Import.objects.filter(digest=file_import.digest, source=file_import.source, brings=file_import.brings)
        .filter(
            state__in=[state.DONE, state.RUNNING, state.QUEUED, state.STOPPED]
        )  # as the constraint has it
        .exclude(pk=file_import.pk)
        .first()
    )


def drop_unused(source: Source | None) -> None:
    """Let a source go that was named for a file only, when that file was never taken in."""
    if source is None or source.imports.exists() or source.batches.exists() or source.identities.exists():
        return
    source.delete()


def discard(*, file_import: Import, by: Actor) -> None:
    """Take a file back that was dropped but never run: nothing of it is kept. Raises CannotImport for any other."""
    by.must(Right.IMPORT)
    state = Import.State
    waiting = Import.objects.filter(pk=file_import.pk, batch=None)
    with transaction.atomic():
        gone, _each = waiting.filter(state__in=[state.RECEIVED, state.CHECKED, state.FAILED]).delete()
        if not gone:
            raise CannotImport(_("This import is under way or done; undo it instead."))
        drop_unused(file_import.source)
    keeping.throw_away(file_import.kept_as, drawer=DRAWER)
    note(by=by, action="took a file back", matter="import", key=file_import.pk)
