"""Rows of orders: read order by order, persons through the one door, written a chunk at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kartoteka.activity.models import Order
from kartoteka.activity.orders import WRITTEN as ORDERS
from kartoteka.kit import bulk
from kartoteka.kit.collecting import collecting_seldom
from kartoteka.people.models import Batch
from kartoteka.people.recording import WRITTEN
from kartoteka.people.rules import rules_now
from kartoteka.trust.actor import Actor

from .models import Import
from .order_plan import survey_orders
from .order_reading import OrderReader, Read
from .orders import Arrived, bring_in
from .plan import rows_behind, still_to_do
from .receiving import opened
from .way import CHUNK, Told, Way, Wrong


@dataclass(frozen=True, slots=True)
class _Chunk:
    sheet: str
    orders: list[Read]


def chunks(file_import: Import) -> Iterator[_Chunk]:
    """The orders of the file in chunks of about CHUNK rows, from behind the place where the import stands."""
    with opened(file_import) as book, collecting_seldom():
        rules = rules_now()
        for sheet, plan, behind in still_to_do(file_import, survey_orders(book, file_import)):
            reader = OrderReader(plan, rules, sheet.name)
            some: list[Read] = []
            rows = 0
            for read in reader.orders(rows_behind(sheet, behind)):
                some.append(read)
                rows += len(read.rows)
                if rows >= CHUNK:
                    yield _Chunk(sheet.name, some)
                    some, rows = [], 0
            if some:
                yield _Chunk(sheet.name, some)


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
        recorded = bring_in(orders=some, batch=batch, by=by, adding=True).recorded
        new, changed, known = new + recorded.new, changed + recorded.changed, known + recorded.known
    return _told(chunk, new=new, joined=changed, known=known)


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
