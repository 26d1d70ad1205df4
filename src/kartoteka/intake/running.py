"""The run of an import: rows are understood by several processes, matched, and written chunk by chunk.

Each chunk is one transaction that also moves the import's place forward, so a killed run goes on where it was and nothing
is written twice. A dry run passes the same steps and writes nothing but its report.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.people.editing import batch_of
from kartoteka.people.employing import employ
from kartoteka.trust.actor import SYSTEM, Actor, Right
from kartoteka.trust.audit import note

from .files import Unreadable
from .models import Import, RowProblem
from .order_plan import must_tell_orders
from .receiving import CannotImport, SameFile, TakenOver, same_file_before
from .row_secrets import sealed_rows
from .way import Told, Way

log = logging.getLogger("kartoteka.intake")
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
    if file_import.brings == Import.Brings.ORDERS:
        must_tell_orders(file_import)
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
    # Whatever went wrong stands in the row, and in the log where it was ours.
    with suppress(Exception), failure_told(file_import):
        if file_import.state in (state.CHECK_QUEUED, state.CHECKING):
            check(file_import)
        elif file_import.state in (state.QUEUED, state.RUNNING):
            run(file_import)
        elif file_import.state == state.UNDO_QUEUED:
            carry_out_undoing(file_import)


@contextmanager
def failure_told(file_import: Import) -> Iterator[None]:
    """Work on an import whose failure is told in its row, so that it never seems to run on; then raised further."""
    try:
        yield
    except TakenOver:
        log.info("import taken over", extra={"import": file_import.pk})
        raise
    except (Unreadable, CannotImport) as problem:
        _failed(file_import, str(problem))
        raise
    except Exception:
        log.exception("import failed", extra={"import": file_import.pk})
        _failed(file_import, _("Something went wrong on our side. Nothing half-written stays; try to go on."))
        raise


def _failed(file_import: Import, problem: str) -> None:
    Import.objects.filter(pk=file_import.pk).update(
        state=Import.State.FAILED, problem=problem[:500], ended_at=timezone.now()
    )


def check(file_import: Import, *, progress: Callable[[Import], None] | None = None) -> Import:
    """The dry run: what would be new, joined, changed or refused, every problem by row; nothing is written to the base."""
    must_be_ready(file_import)
    file_import.row_problems.all().delete()
    _start(file_import, Import.State.CHECKING)
    way = way_of(file_import)
    seen: set[str] = set()
    for chunk in way.chunks(file_import):
        with transaction.atomic():
            if _stop_asked(file_import):
                return _end(file_import, Import.State.RECEIVED)
            _progress(file_import, way.look(file_import, chunk, seen))
        if progress:
            progress(file_import)
    return _end(file_import, Import.State.CHECKED)


def run(file_import: Import, *, progress: Callable[[Import], None] | None = None) -> Import:
    """Write the file's rows, as claims or as orders, from where the import stands; done, or stopped if somebody asked."""
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
    batch, way, by = file_import.batch, way_of(file_import), _actor_of(file_import)
    assert batch is not None
    turns = bulk.Turns()
    with bulk.writing_much():
        for chunk in way.chunks(file_import):
            with turns.next():
                _must_be_ours(file_import)
                if _stop_asked(file_import):
                    return _end(file_import, Import.State.STOPPED)
                _progress(file_import, way.write(file_import, batch, chunk, by))
            if progress:
                progress(file_import)
        if _tells_of_companies(file_import):
            with transaction.atomic():
                bulk.be_the_writer()
                employ(batch=batch)
        if file_import.rows_done > _MANY:
            bulk.look_over(*way.fills)
    done = _end(file_import, Import.State.DONE)
    note(
        by=by,
        action="imported",
        matter="import",
        key=file_import.pk,
        detail={"rows": done.rows_done, "new": done.new, "refused": done.refused},
    )
    return done


def _tells_of_companies(file_import: Import) -> bool:
    """Whether a column of the file holds companies, so that it is worth looking who works for them."""
    sheets = [each for each in file_import.mapping.values() if each["use"]]
    return any(field and "company" in field for each in sheets for field in each["fields"])


def _actor_of(file_import: Import) -> Actor:
    """Who asked for the import, with the rights of the worker who does it."""
    return Actor(
        kind=file_import.by_kind, key=file_import.by_key, name=file_import.by_name, rights=SYSTEM.rights
    )


def _progress(file_import: Import, told: Told) -> None:
    """Note what was wrong and move the import's place behind these rows, in the transaction that wrote them."""
    bulk.insert(
        RowProblem,
        ("file_import_id", "sheet", "row", "refused", "problems", "cells"),
        (
            (file_import.pk, told.sheet, wrong.row, wrong.refused, *texts)
            for wrong, texts in zip(told.wrong, sealed_rows(file_import, told), strict=True)
        ),
    )
    refused = sum(wrong.refused for wrong in told.wrong)
    file_import.sheet, file_import.row = told.sheet, told.last_row
    file_import.rows_done += told.rows
    file_import.refused += refused
    file_import.flawed += len(told.wrong) - refused
    for name in ("new", "joined", "known", "agreed", "declined", "stopped"):
        setattr(file_import, name, getattr(file_import, name) + getattr(told, name))
    file_import.heartbeat = timezone.now()
    file_import.save(update_fields=_PLACE)


def way_of(file_import: Import) -> Way:
    """How the rows of this import are understood and written."""
    from . import customer_way, order_way

    return order_way.WAY if file_import.brings == Import.Brings.ORDERS else customer_way.WAY


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
