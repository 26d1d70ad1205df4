"""The run of an import: rows are understood by several processes, matched, and written chunk by chunk.

Each chunk is one transaction that also moves the import's place forward, so a killed run goes on where it was and nothing
is written twice. A dry run passes the same steps and writes nothing but its report.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import orjson
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.collecting import collecting_seldom
from kartoteka.people.checking import BadValue, checked, fields
from kartoteka.people.door import turned_away
from kartoteka.people.editing import batch_of
from kartoteka.people.models import Batch, Identity
from kartoteka.people.recording import WRITTEN, Arrival, record_claims
from kartoteka.people.rows import Rules, make_ready
from kartoteka.people.rules import rules_now
from kartoteka.quality.arrival import NOBODY, Coming, sure_matches
from kartoteka.trust.actor import SYSTEM, Actor, Right
from kartoteka.trust.audit import note

from . import consents
from .files import Unreadable
from .models import Import, RowProblem
from .plan import Survey, survey
from .pool import understood_in_order
from .receiving import CannotImport, SameFile, TakenOver, opened, same_file_before
from .row import Raw, Understood

log = logging.getLogger("kartoteka.intake")
# So many rows are written in one transaction: each pays for all the pages it touches, and nobody else writes meanwhile.
CHUNK = 10_000
# So many rows are handed to a process at a time.
PIECE = 2000
# From so many rows on it is worth starting processes to understand them.
FOR_PROCESSES = 4000
_MANY = 1000


def ask_for_check(*, file_import: Import, by: Actor) -> None:
    """Put a dry run in line for the worker."""
    _ask(file_import, by, to=Import.State.CHECK_QUEUED, from_=(Import.State.RECEIVED, Import.State.CHECKED))


def ask_for_run(*, file_import: Import, by: Actor) -> None:
    """Put the run in line for the worker, or a stopped or failed one in line again, to go on where it was."""
    state = Import.State
    _ask(file_import, by, to=state.QUEUED, from_=(state.RECEIVED, state.CHECKED, state.STOPPED, state.FAILED))


def ask_to_stop(*, file_import: Import, by: Actor) -> None:
    """Have the run stop after the chunk it is at. What is written stays, and can be gone on with or undone."""
    by.must(Right.IMPORT)
    state = Import.State
    Import.objects.filter(pk=file_import.pk, state__in=[state.QUEUED, state.CHECK_QUEUED]).update(
        state=state.STOPPED if file_import.batch_id else state.RECEIVED
    )
    Import.objects.filter(pk=file_import.pk, state__in=[state.RUNNING, state.CHECKING]).update(
        stop_asked=timezone.now()
    )


def _ask(file_import: Import, by: Actor, *, to: str, from_: Sequence[str]) -> None:
    by.must(Right.IMPORT)
    must_be_ready(file_import)
    with _alone(file_import):
        moved = Import.objects.filter(pk=file_import.pk, state__in=from_).update(
            state=to, heartbeat=None, stop_asked=None, problem=""
        )
    if not moved:
        raise CannotImport(_("This import is under way or done already."))
    file_import.refresh_from_db()


def must_be_ready(file_import: Import) -> None:
    """Raise CannotImport unless source, ground and at least one mapped column are there, and the file is a new one."""
    if file_import.source is None:
        raise CannotImport(_("Say where this file comes from first."), field="source")
    if not file_import.ground:
        raise CannotImport(_("Say on what ground we may hold these people's data first."), field="ground")
    if not any(sheet["use"] and any(sheet["fields"]) for sheet in file_import.mapping.values()):
        raise CannotImport(
            _("We do not know what any column means. Choose a field for at least one."), field="fields"
        )
    if not file_import.kept_as and file_import.state not in (Import.State.DONE, Import.State.UNDONE):
        raise CannotImport(
            _(
                "This file was thrown away, as somebody in it asked to be forgotten. Drop it again: they are left out."
            ),
            field="file",
        )
    if earlier := same_file_before(file_import):
        raise SameFile(earlier)


@contextmanager
def _alone(file_import: Import) -> Iterator[None]:
    """A transaction that starts an import. Raises SameFile where another process started the same file this instant."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        raise SameFile(same_file_before(file_import)) from clash


def carry_on(file_import: Import) -> None:
    """Do what the import's state asks for, to its end: the check, the run, the undoing. What fails is told in the row."""
    from .undoing import carry_out_undoing

    state = Import.State
    try:
        if file_import.state in (state.CHECK_QUEUED, state.CHECKING):
            check(file_import)
        elif file_import.state in (state.QUEUED, state.RUNNING):
            run(file_import)
        elif file_import.state == state.UNDO_QUEUED:
            carry_out_undoing(file_import)
    except TakenOver:
        log.info("import taken over", extra={"import": file_import.pk})
    except (Unreadable, CannotImport) as problem:
        _failed(file_import, str(problem))
    except Exception:
        log.exception("import failed", extra={"import": file_import.pk})
        _failed(file_import, _("Something went wrong on our side. Nothing half-written stays; try to go on."))


def _failed(file_import: Import, problem: str) -> None:
    Import.objects.filter(pk=file_import.pk).update(
        state=Import.State.FAILED, problem=problem[:500], ended_at=timezone.now()
    )


def check(file_import: Import, *, progress: Callable[[Import], None] | None = None) -> Import:
    """The dry run: what would be new, joined, changed or refused, every problem by row; nothing is written to the base."""
    must_be_ready(file_import)
    file_import.row_problems.all().delete()
    _start(file_import, Import.State.CHECKING)
    seen: set[str] = set()
    for arrived in _chunks(file_import):
        with transaction.atomic():
            if _stop_asked(file_import):
                return _end(file_import, Import.State.RECEIVED)
            chunk = _at_the_door(file_import, arrived)
            good = [each for each in chunk.rows if not each.refused]
            seen |= _known_keys(file_import, [each.key for each in good])
            fresh = {each.key: each for each in good if each.key not in seen}
            seen |= fresh.keys()
            joined = _would_join(file_import, list(fresh.values()))
            _progress(
                file_import,
                chunk,
                new=len(fresh) - joined,
                joined=joined,
                known=len(good) - len(fresh),
            )
        if progress:
            progress(file_import)
    return _end(file_import, Import.State.CHECKED)


def _would_join(file_import: Import, rows: list[Understood]) -> int:
    """How many of these rows are sure to belong with somebody in the base."""
    joined = 0
    while rows:
        matches = sure_matches([_coming(each) for each in rows], source=file_import.source_id or 0)
        joined += sum(match != NOBODY for match in matches)
        rows = rows[len(matches) :]
    return joined


def run(file_import: Import, *, progress: Callable[[Import], None] | None = None) -> Import:
    """Write the file's rows as claims, from where the import stands; done, or stopped if somebody asked for that."""
    must_be_ready(file_import)
    if file_import.batch_id is None:
        file_import.row_problems.all().delete()
        with _alone(file_import):
            file_import.batch = batch_of(
                source=file_import.source,  # type: ignore[arg-type]
                ground=file_import.ground,
                by=_actor_of(file_import),
                label=file_import.name,
            )
            _start(file_import, Import.State.RUNNING)
    else:
        Import.objects.filter(pk=file_import.pk).update(state=Import.State.RUNNING, heartbeat=timezone.now())
    batch = file_import.batch
    assert batch is not None
    with bulk.writing_much():
        for chunk in _chunks(file_import):
            with transaction.atomic():
                bulk.be_the_writer()
                _must_be_ours(file_import)
                if _stop_asked(file_import):
                    return _end(file_import, Import.State.STOPPED)
                _write(file_import, batch, chunk)
            if progress:
                progress(file_import)
    done = _end(file_import, Import.State.DONE)
    if done.rows_done > _MANY:
        bulk.look_over(*WRITTEN)
    note(
        by=_actor_of(file_import),
        action="imported",
        matter="import",
        key=file_import.pk,
        detail={"rows": done.rows_done, "new": done.new, "refused": done.refused},
    )
    return done


def _actor_of(file_import: Import) -> Actor:
    """Who asked for the import, with the rights of the worker who does it."""
    return Actor(
        kind=file_import.by_kind, key=file_import.by_key, name=file_import.by_name, rights=SYSTEM.rights
    )


@dataclass(frozen=True, slots=True)
class _Chunk:
    sheet: str
    rules: Rules  # by which the rows were made ready
    rows: list[Understood]
    cells: dict[int, list[str | None]]


def _chunks(file_import: Import) -> Iterator[_Chunk]:
    """The file's rows, understood, in chunks, from behind the place where the import stands."""
    with opened(file_import) as book, collecting_seldom():
        found: Survey = survey(book, file_import)
        file_import.rows = found.rows
        Import.objects.filter(pk=file_import.pk).update(rows=found.rows)
        reached = not file_import.sheet and not file_import.row
        rules = rules_now()
        for sheet, plan in found.plans:
            behind = 0
            if not reached:
                if sheet.name != file_import.sheet:
                    continue
                reached, behind = True, file_import.row
            raw = bulk.chunks(_behind(sheet.rows(), behind), min(PIECE, CHUNK))
            pieces = understood_in_order(plan, rules, raw, many=found.rows > FOR_PROCESSES)
            for some in bulk.chunks(pieces, max(1, CHUNK // PIECE)):
                cells = {row: cells for raw_rows, _rows in some for row, cells in raw_rows}
                yield _Chunk(sheet.name, rules, [row for _raw, rows in some for row in rows], cells)


def _behind(rows: Iterable[Raw], row: int) -> Iterator[Raw]:
    return (each for each in rows if each[0] > row)


def _write(file_import: Import, batch: Batch, chunk: _Chunk) -> None:
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
    _progress(file_import, chunk, new=new, joined=joined, known=known)


def _at_the_door(file_import: Import, chunk: _Chunk) -> _Chunk:
    """The chunk with those refused who asked to be forgotten; of such a row nothing is kept but its number and the day."""
    coming = [(each.key, each.values) for each in chunk.rows]
    if not (away := turned_away(file_import.source_id or 0, coming)):
        return chunk
    rows, cells = list(chunk.rows), dict(chunk.cells)
    for place, day in away.items():
        told = {"field": "", "column": "", "problem": "forgotten", "typed": "", "note": day.isoformat()}
        rows[place] = rows[place]._replace(refused=True, problems=[told], own={})
        cells[rows[place].row] = []
    return replace(chunk, rows=rows, cells=cells)


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
                each.problems.append(
                    {
                        "field": key,
                        "column": "",
                        "problem": "invalid",
                        "typed": text[:200],
                        "note": str(problem),
                    }
                )
        typed = orjson.loads(each.ready.typed)
        rows.append(each._replace(ready=make_ready(values, typed, chunk.rules)))
    return rows


def _known_keys(file_import: Import, keys: Sequence[str]) -> set[str]:
    rows = bulk.fetch(
        Identity, ("key",), by="key", among=list(set(keys)), also={"source_id": file_import.source_id}
    )
    return {row[0] for row in rows}


def _progress(file_import: Import, chunk: _Chunk, *, new: int, joined: int, known: int) -> None:
    """Note the chunk's problems and move the import's place behind it, in the transaction of the chunk."""
    bulk.insert(
        RowProblem,
        ("file_import_id", "sheet", "row", "refused", "problems", "cells"),
        (
            (
                file_import.pk,
                chunk.sheet,
                each.row,
                each.refused,
                bulk.json(each.problems),
                bulk.json(chunk.cells[each.row] if each.refused else []),
            )
            for each in chunk.rows
            if each.problems
        ),
    )
    refused = sum(each.refused for each in chunk.rows)
    file_import.sheet, file_import.row = chunk.sheet, chunk.rows[-1].row
    file_import.rows_done += len(chunk.rows)
    file_import.new += new
    file_import.joined += joined
    file_import.known += known
    file_import.refused += refused
    file_import.flawed += sum(bool(each.problems) for each in chunk.rows) - refused
    told = consents.count(each for each in chunk.rows if not each.refused)
    file_import.agreed += told["agreed"]
    file_import.declined += told["declined"]
    file_import.stopped += told["stopped"]
    file_import.heartbeat = timezone.now()
    file_import.save(update_fields=_PLACE)


_COUNTS = ("rows_done", "new", "joined", "known", "refused", "flawed", "agreed", "declined", "stopped")
_PLACE = ["sheet", "row", *_COUNTS, "heartbeat"]


def _start(file_import: Import, state: str) -> None:
    file_import.state = state
    file_import.sheet, file_import.row = "", 0
    for name in _COUNTS:
        setattr(file_import, name, 0)
    file_import.started_at = file_import.heartbeat = timezone.now()
    file_import.ended_at = file_import.stop_asked = None
    file_import.problem = ""
    file_import.save()


def _end(file_import: Import, state: str) -> Import:
    file_import.state, file_import.ended_at = state, timezone.now()
    file_import.stop_asked = None
    file_import.save(update_fields=["state", "ended_at", "stop_asked", "rows"])
    return file_import


def _must_be_ours(file_import: Import) -> None:
    """Raise TakenOver where another process has brought the import further than this one knows."""
    here = Import.objects.filter(
        pk=file_import.pk, state=Import.State.RUNNING, sheet=file_import.sheet, row=file_import.row
    )
    if not here.exists():
        raise TakenOver


def _stop_asked(file_import: Import) -> bool:
    return Import.objects.filter(pk=file_import.pk).exclude(stop_asked=None).exists()
