"""Exports: asked for from the list, approved by a second person where they are large, fetched once they are ready."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.people.checking import BadValue
from kartoteka.people.exporting import asking
from kartoteka.people.exporting.asking import CannotSettle, NoSuchExport
from kartoteka.trust.actor import Right

from .access import SignedIn
from .customers import read_wish

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def exports(request: SignedIn) -> HttpResponse:
    """The files there are: one's own, and those that wait for a second person."""
    context = {
        "exports": asking.list_exports(actor=request.actor),
        "may_approve": request.actor.may(Right.APPROVE_EXPORT),
        "may_export": request.actor.may(Right.EXPORT),
    }
    return render(request, "web/exports/list.html", context)


@require_http_methods(["GET", "POST"])
def new_export(request: SignedIn) -> HttpResponse:
    """Choose the columns of a file of the customers that the list shows; its address says which those are."""
    columns = asking.columns_to_choose(actor=request.actor)
    wrong = ""
    if request.method == "POST":
        sent = request.POST
        try:
            made = asking.ask_for_export(
                wish=read_wish(request),
                columns=sent.getlist("column"),
                format=sent.get("format", ""),
                why=sent.get("why", ""),
                by=request.actor,
            )
        except BadValue as error:
            wrong = str(error)
        else:
            if made.state == made.State.ASKED:
                messages.success(request, _("A second person must approve this file; you will find it here."))
            return redirect("exports")
    context = {
        "columns": columns.items(),
        "ticked": request.POST.getlist("column") if wrong else request.GET.getlist("column") or asking.USUAL,
        "wrong": wrong,
        "typed": request.POST,
        "list": f"{reverse('customers')}?{request.GET.urlencode()}",
    }
    return render(request, "web/exports/new.html", context, status=422 if wrong else 200)


@require_POST
def settle_export(request: SignedIn, export: int) -> HttpResponse:
    """Let somebody else's file go, or refuse it."""
    try:
        asking.settle_export(export=export, approve=request.POST.get("approve") == "yes", by=request.actor)
    except CannotSettle as error:
        messages.error(request, str(error))
    return redirect("exports")


@require_POST
def fetch_export(request: SignedIn, export: int) -> HttpResponse:
    """The file, for the one who asked for it."""
    out = io.BytesIO()
    try:
        found = asking.fetch(export=export, target=out, by=request.actor)
    except NoSuchExport as error:
        raise Http404(str(error)) from error
    suffix = found.format if found.format in TYPES else "csv"
    name = f"customers-{found.asked_at:%Y-%m-%d}-{found.pk}.{suffix}"
    return HttpResponse(
        out.getvalue(),
        TYPES[suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
