"""Rows of customers: understood by several processes, matched, and written as claims."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import orjson

from kartoteka.kit import bulk
from kartoteka.kit.collecting import collecting_seldom
from kartoteka.people.checking import BadValue, checked, fields
from kartoteka.people.door import turned_away
from kartoteka.people.models import Batch, Identity
from kartoteka.people.recording import WRITTEN, Arrival, record_claims
from kartoteka.people.rows import Rules, make_ready
from kartoteka.people.rules import rules_now
from kartoteka.quality.arrival import NOBODY, Coming, sure_matches
from kartoteka.trust.actor import Actor

from . import consents
from .models import Import
from .plan import Survey, rows_behind, still_to_do, survey
from .pool import crew
from .receiving import opened
from .row import Understood
from .way import Told, Way, Wrong

# So many rows are written in one transaction at most: for so long nobody else can write. And at least, unless they are the
# last ones: each transaction pays for all the pages it touches.
CHUNK, LEAST = 5000, 2000


@dataclass(frozen=True, slots=True)
class _Chunk:
    sheet: str
    rules: Rules  # by which the rows were made ready
    rows: list[Understood]


def chunks(file_import: Import) -> Iterator[_Chunk]:
    """The file's rows, understood, in chunks, from behind the place where the import stands."""
    with (
        opened(file_import) as book,
        collecting_seldom(),
        crew(size=file_import.size) as some,
    ):
        found: Survey = survey(book, file_import)
        rules = rules_now()
        for sheet, plan, behind in still_to_do(file_import, found):
            rows = rows_behind(sheet, behind)
            for understood in some.understood(plan, rules, rows, least=min(LEAST, CHUNK), most=CHUNK):
                yield _Chunk(sheet.name, rules, understood)


def write(file_import: Import, batch: Batch, chunk: _Chunk) -> Told:
    """Write a chunk as claims."""
    chunk = _at_the_door(file_import, chunk)
    rows = _with_own_fields(chunk, country=file_import.country)
    rest = [each for each in rows if not each.refused]
    new = joined = known = 0
    while rest:
        matches = sure_matches([_coming(each) for each in rest], source=batch.source_id)
        recorded = record_claims(
            batch=batch,
            arrivals=[
                Arrival(
                    key=each.key,
                    values=each.values,
                    ready=each.ready,
                    row=each.row,
                    sheet=chunk.sheet,
                    customer=match.customer,
                    beside=match.beside,
                )
                for each, match in zip(rest, matches, strict=False)
            ],
            made_by=chunk.rules,
        )
        consents.write(rest[: len(matches)], recorded.identities, batch=batch)
        new, joined, known = new + recorded.new, joined + recorded.joined, known + recorded.known
        rest = rest[len(matches) :]
    return _told(chunk, new=new, joined=joined, known=known)


def _at_the_door(file_import: Import, chunk: _Chunk) -> _Chunk:
    """The chunk with those refused who asked to be forgotten; of such a row nothing is kept but its number and the day."""
    coming = [(each.key, each.values) for each in chunk.rows]
    if not (away := turned_away(file_import.source_id or 0, coming)):
        return chunk
    rows = list(chunk.rows)
    for place, day in away.items():
        told = {"field": "", "column": "", "problem": "forgotten", "typed": "", "note": day.isoformat()}
        rows[place] = rows[place]._replace(refused=True, problems=[told], own={}, cells=[])
    return replace(chunk, rows=rows)


def _coming(row: Understood) -> Coming:
    return Coming(row.key, row.values, row.card)


def _with_own_fields(chunk: _Chunk, *, country: str) -> list[Understood]:
    """Own fields are checked here, by the catalogue of the base; a value that cannot be is a problem of the row."""
    if not any(each.own for each in chunk.rows):
        return chunk.rows
    catalogue = fields()
    rows = []
    for each in chunk.rows:
        if not each.own:
            rows.append(each)
            continue
        values = dict(each.values)
        for key, text in each.own.items():
            try:
                values.update(checked({key: text}, catalogue=catalogue, country=country))
            except BadValue as problem:
                label = str(catalogue[key].label) if key in catalogue else ""
                each.problems.append(
                    {
                        "field": key,
                        "column": label,
                        "problem": "invalid",
                        "typed": text[:200],
                        "note": str(problem).removeprefix(f"{label}: "),
                    }
                )
        typed = orjson.loads(each.ready.typed)
        ready = make_ready(values, typed, chunk.rules, private=each.ready.private)
        rows.append(each._replace(ready=ready))
    return rows


def _known_keys(file_import: Import, keys: Sequence[str]) -> set[str]:
    rows = bulk.fetch(
        Identity, ("key",), by="key", among=list(set(keys)), also={"source_id": file_import.source_id}
    )
    return {row[0] for row in rows}


def look(file_import: Import, chunk: _Chunk, seen: set[str]) -> Told:
    """What a chunk would become: new, joined or known."""
    chunk = _at_the_door(file_import, chunk)
    good = [each for each in chunk.rows if not each.refused]
    seen |= _known_keys(file_import, [each.key for each in good])
    fresh = {each.key: each for each in good if each.key not in seen}
    seen.update(fresh)  # in place: `|=` with the keys of a dict would make another set
    joined = _would_join(file_import, list(fresh.values()))
    return _told(chunk, new=len(fresh) - joined, joined=joined, known=len(good) - len(fresh))


def _would_join(file_import: Import, rows: list[Understood]) -> int:
    """How many of these rows are sure to belong with somebody in the base."""
    joined = 0
    while rows:
        matches = sure_matches([_coming(each) for each in rows], source=file_import.source_id or 0)
        joined += sum(match != NOBODY for match in matches)
        rows = rows[len(matches) :]
    return joined


def _told(chunk: _Chunk, *, new: int, joined: int, known: int) -> Told:
    said = consents.count(each for each in chunk.rows if not each.refused)
    return Told(
        sheet=chunk.sheet,
        rows=len(chunk.rows),
        last_row=chunk.rows[-1].row,
        wrong=[
            Wrong(
                each.row,
                each.refused,
                each.problems,
                each.cells,
                private=each.ready.private,
            )
            for each in chunk.rows
            if each.problems
        ],
        new=new,
        joined=joined,
        known=known,
        agreed=said["agreed"],
        declined=said["declined"],
        stopped=said["stopped"],
    )


class _Customers:
    fills = WRITTEN

    def chunks(self, file_import: Import) -> Iterator[_Chunk]:
        return chunks(file_import)

    def look(self, file_import: Import, chunk: _Chunk, seen: set[str]) -> Told:
        return look(file_import, chunk, seen)

    def write(self, file_import: Import, batch: Batch, chunk: _Chunk, by: Actor) -> Told:  # noqa: ARG002
        return write(file_import, batch, chunk)


WAY: Way = _Customers()
