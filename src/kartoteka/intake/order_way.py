"""Rows of orders: read order by order, persons through the one door, written a chunk at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kartoteka.activity.models import Order
from kartoteka.activity.orders import WRITTEN as ORDERS
from kartoteka.kit import bulk
from kartoteka.kit.collecting import collecting_seldom
from kartoteka.people.catalogue import Field
from kartoteka.people.checking import BadValue, checked, fields
from kartoteka.people.models import Batch
from kartoteka.people.recording import WRITTEN
from kartoteka.people.rules import rules_now
from kartoteka.trust.actor import Actor

from . import consents
from .models import Import
from .order_plan import survey_orders
from .order_reading import OrderReader, Read
from .orders import Arrived, bring_in
from .plan import rows_behind, still_to_do
from .receiving import opened
from .row_consents import RowConsent
from .way import Told, Way, Wrong

# So many rows are written in one transaction.
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class _Chunk:
    sheet: str
    orders: list[Read]


def chunks(file_import: Import) -> Iterator[_Chunk]:
    """The orders of the file in chunks of about CHUNK rows, from behind the place where the import stands."""
    with opened(file_import) as book, collecting_seldom():
        rules = rules_now()
        catalogue = fields()
        for sheet, plan, behind in still_to_do(file_import, survey_orders(book, file_import)):
            reader = OrderReader(plan, rules, sheet.name)
            some: list[Read] = []
            rows = 0
            for read in reader.orders(rows_behind(sheet, behind)):
                _check_own(read, catalogue, file_import.country)
                some.append(read)
                rows += len(read.rows)
                if rows >= CHUNK:
                    yield _Chunk(sheet.name, some)
                    some, rows = [], 0
            if some:
                yield _Chunk(sheet.name, some)


def _check_own(read: Read, catalogue: Mapping[str, Field], country: str) -> None:
    """Put own fields among the values of whoever ordered; one that cannot be is told, and the order is taken."""
    arrived = read.arrived
    if arrived is None or arrived.who is None or not arrived.own:
        return
    values, row = dict(arrived.who), read.rows[0][0]
    for key, text in arrived.own.items():
        try:
            values.update(checked({key: text}, catalogue=catalogue, country=country))
        except BadValue as problem:
            told = {
                "field": key,
                "column": "",
                "problem": "invalid",
                "typed": text[:200],
                "note": str(problem),
            }
            read.flaws.append((row, told))
    read.arrived = replace(arrived, who=values)


def look(file_import: Import, chunk: _Chunk, seen: set[str]) -> Told:
    """What a chunk would become: how many orders would be new."""
    keys = {each.order.key for each in _good(chunk)}
    known = bulk.fetch(
        Order, ("key",), by="key", among=sorted(keys - seen), also={"source_id": file_import.source_id}
    )
    there = {row[0] for row in known}
    fresh = keys - seen - there
    seen |= fresh
    return _told(chunk, new=len(fresh), known=len(there))


def write(batch: Batch, chunk: _Chunk, by: Actor) -> Told:
    """Write a chunk: persons, then their orders."""
    good = _good(chunk)
    once: list[
        list[Arrived]
    ] = []  # an order whose rows lie apart comes several times; each adds to the one before
    keys: list[set[str]] = []
    for each in good:
        place = next((place for place, some in enumerate(keys) if each.order.key not in some), len(keys))
        if place == len(keys):
            once.append([])
            keys.append(set())
        once[place].append(each)
        keys[place].add(each.order.key)
    new = changed = known = 0
    for some in once:
        taken = bring_in(orders=some, batch=batch, by=by, adding=True)
        _write_consents(some, taken.owners, batch)
        recorded = taken.recorded
        new, changed, known = new + recorded.new, changed + recorded.changed, known + recorded.known
    return _told(chunk, new=new, joined=changed, known=known)


def _write_consents(orders: Sequence[Arrived], owners: Mapping[int, int], batch: Batch) -> None:
    """Who agreed while ordering agreed then, once. A box that was left empty there takes nothing back."""
    first: dict[tuple[int, str, str], tuple[Arrived, RowConsent]] = {}
    for place, identity in owners.items():
        for each in map(RowConsent._make, orders[place].consents):
            key = (identity, each.purpose, each.channel)
            if each.what == "given" and (key not in first or orders[place].order.at < first[key][0].order.at):
                first[key] = (orders[place], each)
    said = [
        consents.Saying(
            arrived.row or 0,
            arrived.who or {},
            [each._replace(at=each.at or arrived.order.at.isoformat())],
        )
        for arrived, each in first.values()
    ]
    consents.write(said, [identity for identity, *_which in first], batch=batch)


def _good(chunk: _Chunk) -> list[Arrived]:
    return [each.arrived for each in chunk.orders if each.arrived is not None]


def _told(chunk: _Chunk, *, new: int, known: int, joined: int = 0) -> Told:
    return Told(
        sheet=chunk.sheet,
        rows=sum(len(each.rows) for each in chunk.orders),
        last_row=chunk.orders[-1].rows[-1][0],
        wrong=[wrong for each in chunk.orders if each.problems or each.flaws for wrong in _wrong(each)],
        new=new,
        joined=joined,
        known=known,
    )


def _wrong(read: Read) -> Sequence[Wrong]:
    """Row by row what was wrong with an order."""
    cells = dict(read.rows)
    refused = read.arrived is None
    found: dict[int, list[dict[str, str]]] = {}
    for row, problem in (*read.problems, *read.flaws):
        found.setdefault(row, []).append(problem)
    return [
        Wrong(row, refused, problems, cells[row] if refused else [], read.private)
        for row, problems in sorted(found.items())
    ]


class _Orders:
    fills = (*WRITTEN, *ORDERS)

    def chunks(self, file_import: Import) -> Iterator[_Chunk]:
        return chunks(file_import)

    def look(self, file_import: Import, chunk: _Chunk, seen: set[str]) -> Told:
        return look(file_import, chunk, seen)

    def write(self, file_import: Import, batch: Batch, chunk: _Chunk, by: Actor) -> Told:  # noqa: ARG002
        return write(batch, chunk, by)


WAY: Way = _Orders()
