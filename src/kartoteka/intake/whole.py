"""A file from its arrival to its end in one call: for the command line, the API and the sample."""

import time
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, NotRequired, TypedDict, Unpack

from kartoteka.trust import keeping
from kartoteka.trust.actor import Actor

from .jobs import take
from .models import Import
from .receiving import (
    DRAWER,
    CannotImport,
    SameFile,
    TakenOver,
    drop_unused,
    receive,
    same_file_before,
    settle,
)
from .row_secrets import open_rows
from .running import ask_for_check, ask_for_run, check, failure_told, must_be_ready, run

Progress = Callable[[Import], None]
_PAUSE = 0.5  # seconds between two looks at what another process does


class FileSaid(TypedDict):
    """What is said of a file as it is given.

    name: its own. source: where it comes from. ground: the ground of law, a people.models.Ground. country: ISO alpha-2, of
    what names none. brings: customers or orders. currency: ISO 4217, of orders whose amounts do not name theirs; by default
    that of the country. columns: column heading -> field key, for those that are to be mapped otherwise than proposed;
    "" keeps a column only.
    """

    name: str
    source: str
    ground: str
    country: NotRequired[str]
    brings: NotRequired[str]
    currency: NotRequired[str]
    columns: NotRequired[Mapping[str, str]]


def import_stream(
    *,
    stream: BinaryIO,
    by: Actor,
    dry_run: bool = False,
    progress: Progress | None = None,
    **said: Unpack[FileSaid],
) -> Import:
    """Import a file here and now, or only check it with `dry_run`.

    A file that this source brought before, byte for byte, is not imported again: the earlier import is returned, brought
    to its end where it was stopped or its process died. Raises CannotImport, NotAllowed.
    """
    found, new = _prepared(stream, by, said)
    if dry_run:
        return _done(found, check, progress) if new else found
    if new:
        try:
            return _done(found, run, progress)
        except TakenOver:
            found.refresh_from_db()
        except SameFile:
            found = _earlier(found)
    return _finished(found, by=by, progress=progress)


def _done(found: Import, work: Callable[..., Import], progress: Progress | None) -> Import:
    with failure_told(found):
        return work(found, progress=progress)


def _finished(found: Import, *, by: Actor, progress: Progress | None) -> Import:
    """An import that another process began, at its end: by that process as long as it lives, else by this one."""
    state = Import.State
    while found.state in (state.STOPPED, state.QUEUED, state.RUNNING):
        if found.state == state.STOPPED:
            ask_for_run(file_import=found, by=by)
        if take(found):
            try:
                return _done(found, run, progress)
            except TakenOver:
                pass
        time.sleep(_PAUSE)
        found.refresh_from_db()
        if progress:
            progress(found)
    return found


def queue_stream(*, stream: BinaryIO, by: Actor, dry_run: bool = False, **said: Unpack[FileSaid]) -> Import:
    """Like `import_stream`, but the worker does the check or the run: the import comes back as it waits."""
    found, new = _prepared(stream, by, said)
    try:
        if new:
            (ask_for_check if dry_run else ask_for_run)(file_import=found, by=by)
    except SameFile:
        return _earlier(found)
    return found


def _earlier(found: Import) -> Import:
    """The import of this very file that another process began in the same instant; ours is dropped."""
    earlier = same_file_before(found)
    if earlier is None:  # and undid it in the next
        raise SameFile(None)
    _drop(found)
    return earlier


def settle_and_queue(
    *,
    file_import: Import,
    by: Actor,
    source: str,
    ground: str,
    country: str = "",
    currency: str = "",
    fields: Mapping[str, Mapping[str, str]] | None = None,
    use: Mapping[str, bool] | None = None,
    dry_run: bool = False,
) -> Import | None:
    """Say what a received file is and put its run, or its check, in line. What is given is as for `settle`.

    Comes back with the next file that waits to be mapped, if one does. Raises CannotImport, NotAllowed.
    """
    settle(
        file_import=file_import,
        by=by,
        source=source,
        ground=ground,
        country=country,
        currency=currency,
        fields=fields,
        use=use,
    )
    (ask_for_check if dry_run else ask_for_run)(file_import=file_import, by=by)
    return (
        Import.objects.filter(state=Import.State.RECEIVED).exclude(pk=file_import.pk).order_by("pk").first()
    )


def _prepared(stream: BinaryIO, by: Actor, said: FileSaid) -> tuple[Import, bool]:
    """The file received, its columns mapped; or the earlier import of this very file, and False."""
    source, country = said["source"], said.get("country", "")
    found = receive(
        stream=stream,
        name=said["name"],
        by=by,
        source=source,
        country=country,
        brings=said.get("brings", Import.Brings.CUSTOMERS),
    )
    try:
        settle(
            file_import=found,
            by=by,
            source=source,
            ground=said["ground"],
            country=country,
            currency=said.get("currency", ""),
            fields=_by_sheet(found, said.get("columns", {})),
        )
        if earlier := same_file_before(found):
            _drop(found)
            return earlier, False
        must_be_ready(found)
    except SameFile:
        return _earlier(found), False
    except CannotImport:
        _drop(found)
        raise
    return found, True


def _by_sheet(file_import: Import, columns: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What was said of columns, by the sheets that have them."""
    fields: dict[str, dict[str, str]] = {}
    for header, field in columns.items():
        sheets = [sheet for sheet, known in file_import.sheets.items() if header in known["columns"]]
        if not sheets:
            headers = ", ".join(each for known in file_import.sheets.values() for each in known["columns"])
            raise CannotImport(
                f"{file_import.name} has no column “{header}”. It has: {headers}.", field="map"
            )
        for sheet in sheets:
            fields.setdefault(sheet, {})[header] = field
    return fields


def _drop(file_import: Import) -> None:
    """Nothing of a file that was not taken in is kept, nor a source that was named for it alone."""
    keeping.throw_away(file_import.kept_as, drawer=DRAWER)
    file_import.delete()
    drop_unused(file_import.source)


def outcome_of(file_import: Import, *, most: int = 1000) -> dict[str, Any]:
    """What came of an import, for programs: its numbers, and up to `most` of its problems by row."""
    rows = list(file_import.row_problems.all()[:most])
    open_rows(rows)
    return {
        "import": file_import.pk,
        "batch": file_import.batch_id,
        "file": file_import.name,
        "source": str(file_import.source),
        "ground": file_import.ground,
        "as": file_import.brings,
        "currency": file_import.currency,
        "state": file_import.state,
        "rows": file_import.rows_done,
        "new": file_import.new,
        "joined": file_import.joined,
        "known": file_import.known,
        "refused": file_import.refused,
        "flawed": file_import.flawed,
        "problem": file_import.problem,
        "mapping": {
            sheet: dict(zip(known["columns"], known["fields"], strict=True))
            for sheet, known in file_import.sheets.items()
        },
        "left_out": file_import.left_out,
        "problems": [
            {"sheet": each.sheet, "row": each.row, "refused": each.refused, "problems": each.problems}
            for each in rows
        ],
    }
