"""A file from its arrival to its end in one call: for the command line, the API and the sample."""

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from kartoteka.trust.actor import Actor

from .models import Import
from .receiving import CannotImport, receive, same_file_before, settle
from .running import check, run

Progress = Callable[[Import], None]


def import_stream(
    *,
    stream: BinaryIO,
    name: str,
    source: str,
    ground: str,
    by: Actor,
    country: str = "",
    columns: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Import:
    """Import a file here and now, or only check it with `dry_run`.

    columns: column heading -> field key, for those that are to be mapped otherwise than proposed; "" keeps a column only.
    A file that this source brought before, byte for byte, is not imported again: the earlier import is returned.
    Raises CannotImport, NotAllowed.
    """
    found = receive(stream=stream, name=name, by=by, source=source, country=country)
    fields: dict[str, dict[str, str]] = {}
    for header, field in (columns or {}).items():
        sheets = [sheet for sheet, known in found.mapping.items() if header in known["columns"]]
        if not sheets:
            headers = ", ".join(each for known in found.mapping.values() for each in known["columns"])
            raise CannotImport(f"{found.name} has no column “{header}”. It has: {headers}.", field="map")
        for sheet in sheets:
            fields.setdefault(sheet, {})[header] = field
    settle(file_import=found, by=by, source=source, ground=ground, country=country, fields=fields)
    if earlier := same_file_before(found):
        found.delete()
        return earlier
    return check(found, progress=progress) if dry_run else run(found, progress=progress)


def outcome_of(file_import: Import, *, most: int = 1000) -> dict[str, Any]:
    """What came of an import, for programs: its numbers, and up to `most` of its problems by row."""
    rows = file_import.row_problems.all()[:most]
    return {
        "import": file_import.pk,
        "batch": file_import.batch_id,
        "file": file_import.name,
        "source": str(file_import.source),
        "ground": file_import.ground,
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
            for sheet, known in file_import.mapping.items()
        },
        "problems": [
            {"sheet": each.sheet, "row": each.row, "refused": each.refused, "problems": each.problems}
            for each in rows
        ],
    }
