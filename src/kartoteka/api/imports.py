"""Routes of imports: bring a file in, watch it, stop it, undo it, fetch what was refused."""

from __future__ import annotations

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpResponse
from ninja import Field, Form, Query, Router, Status
from ninja.files import UploadedFile
from ninja.params.functions import File, Path

from kartoteka.intake import queries
from kartoteka.intake.models import Import
from kartoteka.intake.refused import refused_rows
from kartoteka.intake.running import ask_for_run, ask_to_stop
from kartoteka.intake.undoing import ask_to_undo
from kartoteka.intake.whole import queue_stream
from kartoteka.trust.actor import Right

from . import import_shapes as shapes
from .access import Called, route
from .reading import Parameters, Text

router = Router(tags=["imports"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Key = Annotated[int, Path(ge=1, lt=2**63, description="The import's number.", example=7)]
Sent = Annotated[
    UploadedFile, File(description="CSV, XLSX, XLS, ODS or vCard, of any encoding and delimiter.")
]


class Paging(Parameters):
    """Which page."""

    after: Text = Field("", description="The place a page before gave as `after`.")
    before: Text = Field("", description="The place a page before gave as `before`.")
    size: int = Field(50, ge=1, le=200, description="Entries on a page.")


class ImportWish(Paging):
    """Which imports."""

    state: shapes.State = Field("", description="Only those in this state.")


class ProblemWish(Paging):
    """Which rows."""

    refused: bool | None = Field(
        None, description="true: only refused rows; false: only those that were written."
    )


@router.post(
    "/imports",
    summary="Bring a file in",
    **route(
        Right.IMPORT,
        status=202,
        answer=shapes.ImportState,
        refusals=(409, 413),
        at_most=lambda: int(settings.MAX_UPLOAD_BYTES),
    ),
)
def upload(
    request: Called,
    given: Form[shapes.Upload],
    file: Sent,
) -> Status[dict[str, Any]]:
    """Send a file with its source and ground. The worker imports it; ask for its state until it is no longer busy.

    A file that this source brought before, byte for byte, is not imported again: the earlier import is answered. With
    `dry_run` it is only checked, and `run` imports it later.
    """
    found = queue_stream(
        stream=file,  # type: ignore[arg-type]
        name=file.name or "",
        source=given.source,
        ground=given.ground,
        by=request.auth,
        brings=given.holds,
        currency=given.currency,
        country=given.country,
        columns=given.columns,
        dry_run=given.dry_run,
    )
    return Status(202, _state(found))


@router.get("/imports", summary="List imports", **route(Right.IMPORT, answer=shapes.ImportPage))
def list_imports(request: Called, wish: Query[ImportWish]) -> dict[str, Any]:
    """Imports, the newest first."""
    found = queries.list_imports(actor=request.auth, **wish.dict())
    return {"imports": [_state(each) for each in found.rows], "after": found.after, "before": found.before}


@router.get(
    "/imports/{key}",
    summary="Read an import's state",
    **route(Right.IMPORT, answer=shapes.ImportState, refusals=(404,)),
)
def read_import(request: Called, key: Key) -> dict[str, Any]:
    """How far an import is, and what came of it."""
    return _state(queries.import_of(actor=request.auth, key=key))


@router.get(
    "/imports/{key}/problems",
    summary="List problems by row",
    **route(Right.IMPORT, answer=shapes.ProblemPage, refusals=(404,)),
)
def list_problems(request: Called, wish: Query[ProblemWish], key: Key) -> dict[str, Any]:
    """The rows in which something was wrong. What was typed in sensitive fields is left out without their right."""
    file_import = queries.import_of(actor=request.auth, key=key)
    found = queries.list_problems(actor=request.auth, file_import=file_import, **wish.dict())
    return {"rows": found.rows, "after": found.after, "before": found.before}


@router.post(
    "/imports/{key}/run",
    summary="Run or go on",
    **route(Right.IMPORT, status=202, answer=shapes.ImportState, refusals=(404, 409)),
)
def run(request: Called, key: Key) -> Status[dict[str, Any]]:
    """Run an import that was checked, or go on with one that was stopped or failed, from where it was."""
    file_import = queries.import_of(actor=request.auth, key=key)
    ask_for_run(file_import=file_import, by=request.auth)
    return Status(202, _state(file_import))


@router.post(
    "/imports/{key}/stop",
    summary="Stop",
    **route(Right.IMPORT, status=202, answer=shapes.ImportState, refusals=(404,)),
)
def stop(request: Called, key: Key) -> Status[dict[str, Any]]:
    """Stop an import after the rows it is at. What is written stays; `run` goes on, `undo` takes it back."""
    ask_to_stop(file_import=queries.import_of(actor=request.auth, key=key), by=request.auth)
    return Status(202, _state(queries.import_of(actor=request.auth, key=key)))


@router.post(
    "/imports/{key}/undo",
    summary="Undo",
    **route(Right.IMPORT, status=202, answer=shapes.ImportState, refusals=(404, 409)),
)
def undo(request: Called, key: Key) -> Status[dict[str, Any]]:
    """Take everything an import brought out of the base again. What others changed since stays."""
    ask_to_undo(file_import=queries.import_of(actor=request.auth, key=key), by=request.auth)
    return Status(202, _state(queries.import_of(actor=request.auth, key=key)))


_FILE = {
    200: {
        "description": "The workbook.",
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_refused = route(Right.IMPORT, answer=None, refusals=(404,))
_refused["openapi_extra"]["responses"] = _FILE


@router.get("/imports/{key}/refused", summary="Fetch the refused rows", **_refused)
def refused(request: Called, key: Key) -> HttpResponse:
    """The refused rows with the reasons, as a workbook: mend them and send it again. Every cell is text, never a
    formula. Where the file has sensitive fields, it needs the right to see those."""
    file_import = queries.import_of(actor=request.auth, key=key)
    body = refused_rows(file_import=file_import, by=request.auth)
    name = f'attachment; filename="refused-{file_import.pk}.xlsx"'
    return HttpResponse(body, content_type=XLSX, headers={"Content-Disposition": name})


def _state(found: Import) -> dict[str, Any]:
    names = (
        "ground", "brings", "currency", "country", "state",
        "busy", "percent", "rows", "rows_done", "new", "joined", "known", "refused",
        "flawed", "problem", "received_at", "started_at", "ended_at",
    )  # fmt: skip
    return {
        "id": found.pk,
        "file": found.name,
        "source": str(found.source or ""),
        "mapping": {
            sheet: dict(zip(known["columns"], known["fields"], strict=True))
            for sheet, known in found.laid_out
        },
        **{name: getattr(found, name) for name in names},
    }
