"""Imports: files dropped, mapped, checked, run, reported, undone."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from kartoteka.intake import queries
from kartoteka.intake.clearing import clear
from kartoteka.intake.models import Import
from kartoteka.intake.receiving import CannotImport, choose_kind, choose_source, discard, receive
from kartoteka.intake.refused import refused_rows
from kartoteka.intake.running import ask_for_run, ask_to_stop
from kartoteka.intake.undoing import ask_to_undo
from kartoteka.intake.whole import settle_and_queue
from kartoteka.kit.paging import BadCursor
from kartoteka.people.models import Ground
from kartoteka.trust.actor import Right

from .access import SignedIn
from .import_columns import choices, read_columns, read_use, sheets_of
from .remembered import BEGUN, NOT_TAKEN
from .showing import countries_by_name
from .toasts import toast

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a form around a file adds to its bytes, at the most.
_AROUND = 64 * 1024
# When each ground holds, for who has to choose one.
GROUNDS = {
    Ground.CONSENT: gettext_lazy(
        "They said yes to this use: the newsletter box was ticked, a card was signed."
    ),
    Ground.CONTRACT: gettext_lazy("They bought or ordered something, or asked for an offer."),
    Ground.LEGITIMATE_INTEREST: gettext_lazy("We have a fair reason of our own, and they would expect it."),
    Ground.LEGAL_DUTY: gettext_lazy("A law makes us keep it, such as invoices or warranty."),
    Ground.PUBLIC_TASK: gettext_lazy("We do it for a public office."),
    Ground.VITAL: gettext_lazy("Somebody's life may hang on it."),
}


def imports(request: SignedIn) -> HttpResponse:
    """The list of imports, newest first, below the place to drop files on."""
    asked = request.GET
    try:
        page = queries.list_imports(
            actor=request.actor, after=asked.get("after", ""), before=asked.get("before", "")
        )
    except BadCursor:
        page = queries.list_imports(actor=request.actor)
    context = {"page": page, "not_taken": request.session.pop(NOT_TAKEN, []), "most_mb": _most_mb()}
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "web/imports/table.html" if part else "web/imports/list.html", context)


@csrf_exempt  # the inner view checks; here the length is looked at before the body is read
@require_POST
def drop(request: SignedIn) -> HttpResponse:
    """Take dropped files in; a program of the page asks for one answer a file, a plain form for a page."""
    request.actor.must(Right.IMPORT)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if int(length) > settings.MAX_UPLOAD_BYTES + _AROUND:
        return _answer_dropped(request, [], [{"name": "", "text": _too_large()}], status=413)
    return _drop(request)


@csrf_protect
def _drop(request: SignedIn) -> HttpResponse:
    taken: list[Import] = []
    refused: list[dict[str, str]] = []
    for file in request.FILES.getlist("file"):
        name = file.name or ""
        try:
            taken.append(receive(stream=file, name=name, by=request.actor, brings=""))  # type: ignore[arg-type]
        except CannotImport as problem:
            refused.append({"name": name, "text": str(problem)})
    if not taken and not refused:
        refused.append({"name": "", "text": _("Choose a file first.")})
    return _answer_dropped(request, taken, refused, status=422 if refused and not taken else 200)


def _answer_dropped(
    request: SignedIn, taken: list[Import], refused: list[dict[str, str]], *, status: int
) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        address = reverse("import_file", args=[taken[0].pk]) if taken else ""
        text = refused[0]["text"] if refused else ""
        return JsonResponse({"address": address, "problem": text}, status=status)
    if refused:
        request.session[NOT_TAKEN] = refused
        return redirect("imports")
    return redirect("import_file", taken[0].pk)


def _most_mb() -> int:
    return int(settings.MAX_UPLOAD_BYTES) // (1024 * 1024)


def _too_large() -> str:
    return _("This is larger than the %(most)s MB allowed here. Split it into smaller files.") % {
        "most": _most_mb()
    }


def import_file(request: SignedIn, key: int) -> HttpResponse:
    """One import, whatever it needs now: its columns mapped, a look at its progress, its report."""
    report = _report(request, key)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "web/imports/problems.html", {"report": report, "each": report.file_import})
    return _page(request, report)


def _report(request: SignedIn, key: int) -> queries.Report:
    asked = request.GET
    refused = {"yes": True, "no": False}.get(asked.get("refused", ""))
    try:
        return queries.report_of(
            actor=request.actor,
            key=key,
            refused=refused,
            after=asked.get("after", ""),
            before=asked.get("before", ""),
        )
    except BadCursor:
        return queries.report_of(actor=request.actor, key=key)
    except queries.NoSuchImport as error:
        raise Http404 from error


def _page(request: SignedIn, report: queries.Report, error: CannotImport | None = None) -> HttpResponse:
    found = report.file_import
    state = Import.State
    context: dict[str, Any] = {"report": report, "each": found, "refused": request.GET.get("refused", "")}
    context["may_set_up"] = request.actor.may(Right.SET_UP)
    settled = found.batch_id is not None or found.busy
    if not settled and found.state in (state.RECEIVED, state.CHECKED, state.FAILED):
        context |= _mapping_context(request, found, error)
        return render(request, "web/imports/mapping.html", context, status=422 if error else 200)
    if found.busy:
        context |= _progress(request, found)
    return render(request, "web/imports/report.html", context)


def _mapping_context(request: SignedIn, found: Import, error: CannotImport | None) -> dict[str, Any]:
    said = request.POST.dict() if error else None
    form = queries.mapping_form(actor=request.actor)
    return {
        "sheets": sheets_of(found.sheets, form.own_fields, said),
        "choices": choices(form.own_fields, of_orders=found.brings == Import.Brings.ORDERS),
        "kinds": Import.Brings.choices,
        "sources": form.sources,
        "grounds": [(ground, ground.label, GROUNDS[ground]) for ground in GROUNDS],
        "countries": countries_by_name(),
        "typed": said
        or {
            "source": str(found.source or ""),
            "ground": found.ground,
            "country": found.country,
            "currency": found.currency,
        },
        "errors": {error.field or "file": str(error)} if error else {},
        "begun": request.session.pop(BEGUN, ""),
    }


@require_POST
def name_source(request: SignedIn, key: int) -> HttpResponse:
    """Where the file comes from was said: its columns as that source's were mapped before."""
    found = _wanted(request, key)
    sent = request.POST.dict()
    try:
        choose_source(
            file_import=found,
            by=request.actor,
            source=sent.get("source", "")[:100],
            fields=read_columns(found.sheets, sent),
        )
    except CannotImport as error:
        return toast(HttpResponse(status=204), str(error), kind="bad")
    own = queries.mapping_form(actor=request.actor).own_fields
    context = {
        "each": found,
        "sheets": sheets_of(found.sheets, own),
        "choices": choices(own, of_orders=found.brings == Import.Brings.ORDERS),
    }
    return render(request, "web/imports/columns.html", context)


@require_POST
def name_kind(request: SignedIn, key: int) -> HttpResponse:
    """What the file holds was said: its columns are mapped anew for that."""
    try:
        choose_kind(file_import=_wanted(request, key), brings=request.POST.get("as", ""), by=request.actor)
    except CannotImport as problem:
        messages.error(request, str(problem))
    return redirect("import_file", key)


@require_POST
def settle_import(request: SignedIn, key: int) -> HttpResponse:
    """What the person says the file is; then its check or its run, and on to the next file that waits."""
    report = _report(request, key)
    found = report.file_import
    sent = request.POST.dict()
    check = sent.get("next") == "check"
    try:
        following = settle_and_queue(
            file_import=found,
            by=request.actor,
            source=sent.get("source", "")[:100],
            ground=sent.get("ground", ""),
            country=sent.get("country", ""),
            currency=sent.get("currency", "")[:20],
            fields=read_columns(found.sheets, sent),
            use=read_use(found.sheets, sent),
            dry_run=check,
        )
    except CannotImport as error:
        found.refresh_from_db()
        return _page(request, report, error)
    if following is None or check:
        return redirect("import_file", found.pk)
    request.session[BEGUN] = found.name
    return redirect("import_file", following.pk)


@require_GET
def import_state(request: SignedIn, key: int) -> HttpResponse:
    """How far it is, asked for every second; the whole page anew once the step is done."""
    found = _wanted(request, key)
    if not found.busy:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "web/imports/progress.html", {"each": found, **_progress(request, found)})


def _progress(request: SignedIn, found: Import) -> dict[str, Any]:
    """Pace and time left, measured since the page is open: an import that was stopped and goes on has no old pace."""
    now = time.time()
    try:
        rows, since = int(request.GET.get("rows", "")), float(request.GET.get("since", ""))
    except ValueError:
        rows, since = found.rows_done, now
    if rows > found.rows_done:  # another step has begun
        rows, since = found.rows_done, now
    done, took = found.rows_done - rows, now - since
    pace = done / took if took > 0 and done else 0.0
    left = (found.rows - found.rows_done) / pace if pace else 0.0
    return {
        "rows_then": rows,
        "since": f"{since:.1f}",
        "pace": round(pace),
        "left": _time_left(left) if pace else "",
    }


def _time_left(seconds: float) -> str:
    if seconds < 90:
        whole = max(1, round(seconds))
        return ngettext("%(count)s second left", "%(count)s seconds left", whole) % {"count": whole}
    minutes = round(seconds / 60)
    return ngettext("%(count)s minute left", "%(count)s minutes left", minutes) % {"count": minutes}


def _wanted(request: SignedIn, key: int) -> Import:
    try:
        return queries.import_of(actor=request.actor, key=key)
    except queries.NoSuchImport as error:
        raise Http404 from error


@require_POST
def stop_import(request: SignedIn, key: int) -> HttpResponse:
    """Stop after the rows it is at."""
    ask_to_stop(file_import=_wanted(request, key), by=request.actor)
    return redirect("import_file", key)


@require_POST
def go_on(request: SignedIn, key: int) -> HttpResponse:
    """Go on with what was stopped or failed, or run what was checked."""
    return _try(request, key, ask_for_run)


@require_POST
def undo_import(request: SignedIn, key: int) -> HttpResponse:
    """Take everything it brought out of the base again."""
    return _try(request, key, ask_to_undo)


@require_POST
def clear_import(request: SignedIn, key: int) -> HttpResponse:
    """Remove at once what is kept of an undone import."""
    return _try(request, key, clear)


@require_POST
def discard_import(request: SignedIn, key: int) -> HttpResponse:
    """Take a dropped file back."""
    found = _wanted(request, key)
    try:
        discard(file_import=found, by=request.actor)
    except CannotImport as error:
        messages.error(request, str(error))
        return redirect("import_file", key)
    messages.success(request, _("%(file)s was put aside; nothing of it is kept.") % {"file": found.name})
    return redirect("imports")


def _try(request: SignedIn, key: int, verb: Any) -> HttpResponse:
    try:
        verb(file_import=_wanted(request, key), by=request.actor)
    except CannotImport as error:
        messages.error(request, str(error))
    return redirect("import_file", key)


@require_GET
def refused_file(request: SignedIn, key: int) -> HttpResponse:
    """The refused rows with their reasons, as a workbook."""
    body = refused_rows(file_import=_wanted(request, key), by=request.actor)
    name = f'attachment; filename="refused-{key}.xlsx"'
    return HttpResponse(body, content_type=XLSX, headers={"Content-Disposition": name})
