"""Fields: the catalogue with its weights, and the business's own fields, each tried out as it is made."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kartoteka.people.card import CardField
from kartoteka.people.catalogue import BLOCK_NAMES, KIND_NAMES, Block, Kind, Type
from kartoteka.people.checking import BadValue, own_field
from kartoteka.people.models import OwnField
from kartoteka.people.ownfields import (
    an_own_field,
    catalogue,
    remove_field,
    save_field,
    set_weight,
    type_names,
)
from kartoteka.people.recounting import recount_under_way
from kartoteka.trust.actor import Right

from .access import SignedIn
from .card_forms import form_of
from .toasts import toast

_PARTS = ("label", "type", "kind", "block", "choices", "pattern", "least", "most", "weight", "fresh_days")


def fields(request: SignedIn) -> HttpResponse:
    """Every field of the card, block by block."""
    request.actor.must(Right.SET_UP)
    known = catalogue(actor=request.actor)
    names = type_names()
    blocks = [
        (
            BLOCK_NAMES[block],
            [(each, names.get(each.type, _("A list of entries"))) for each in known if each.block == block],
        )
        for block in Block
    ]
    context = {"blocks": blocks, "recount": recount_under_way(actor=request.actor)}
    return render(request, "web/fields/list.html", context)


@require_GET
def recount_state(request: SignedIn) -> HttpResponse:
    """How far the counting anew is, asked for every second."""
    context = {"recount": recount_under_way(actor=request.actor)}
    return render(request, "web/fields/recount.html", context)


@require_POST
def weigh_field(request: SignedIn, key: str) -> HttpResponse:
    """How much a built-in field counts, and when it is stale; saved as it is typed."""
    try:
        set_weight(
            key=key,
            weight=_number(request.POST.get("weight", "")),
            fresh_days=_number(request.POST.get("fresh_days", "")),
            by=request.actor,
        )
    except BadValue as error:
        return toast(HttpResponse(status=204), str(error), kind="bad")
    context = {"recount": recount_under_way(actor=request.actor), "oob": True}
    answer = render(request, "web/fields/recount.html", context)
    return toast(answer, _("Saved."))


def own_field_form(request: SignedIn, key: str = "") -> HttpResponse:
    """The form of a new own field, or of one that is there."""
    request.actor.must(Right.SET_UP)
    row = an_own_field(actor=request.actor, key=key) if key else None
    if key and row is None:
        raise Http404
    typed = _typed(request) if request.method == "POST" else _as_typed(row)
    error: BadValue | None = None
    if request.method == "POST":
        try:
            save_field(by=request.actor, field=row, **_read(typed))
        except BadValue as problem:
            error = problem
        else:
            messages.success(
                request, _("Saved. The field is on the card, in imports, in filters and in the API.")
            )
            return redirect("fields")
    context = _form_context(typed, row) | {"errors": {error.field: str(error)} if error else {}}
    return render(request, "web/fields/form.html", context, status=422 if error else 200)


@require_POST
def preview_field(request: SignedIn) -> HttpResponse:
    """What the field will look like on the card, as it is being made."""
    request.actor.must(Right.SET_UP)
    return render(request, "web/fields/preview.html", _preview(_typed(request)))


@require_POST
def drop_field(request: SignedIn, key: str) -> HttpResponse:
    """Take an own field off the catalogue."""
    row = an_own_field(actor=request.actor, key=key)
    if row is None:
        raise Http404
    remove_field(field=row, by=request.actor)
    messages.success(
        request,
        _("%(field)s is off the cards. What was said stays, and is back if the field comes back.")
        % {"field": row.label},
    )
    return redirect("fields")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _decimal(text: str, part: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise BadValue(part, _("Write a number, such as 10 or 2.5.")) from error


def _typed(request: SignedIn) -> dict[str, Any]:
    typed: dict[str, Any] = {part: request.POST.get(part, "").strip() for part in _PARTS}
    return typed | {"sensitive": "sensitive" in request.POST}


def _as_typed(row: OwnField | None) -> dict[str, Any]:
    if row is None:
        return dict.fromkeys(_PARTS, "") | {
            "type": Type.TEXT,
            "kind": Kind.SEMANTIC,
            "block": Block.GENERAL,
            "sensitive": False,
        }
    typed = {part: getattr(row, part) for part in _PARTS}
    shown = {
        part: "" if typed[part] is None else f"{typed[part].normalize():f}" for part in ("least", "most")
    }
    return typed | shown | {"choices": "\n".join(row.choices), "sensitive": row.sensitive}


def _read(typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as `save_field` takes it. Raises BadValue."""
    return {part: typed[part] for part in ("label", "type", "kind", "block", "sensitive", "pattern")} | {
        "choices": typed["choices"].splitlines(),
        "least": _decimal(typed["least"], "least"),
        "most": _decimal(typed["most"], "most"),
        "weight": _number(str(typed["weight"])),
        "fresh_days": _number(str(typed["fresh_days"])),
    }


def _form_context(typed: dict[str, Any], row: OwnField | None) -> dict[str, Any]:
    return {
        "typed": typed,
        "row": row,
        "types": list(type_names().items()),
        "kinds": list(KIND_NAMES.items()),
        "blocks": list(BLOCK_NAMES.items()),
        **_preview(typed),
    }


def _preview(typed: dict[str, Any]) -> dict[str, Any]:
    known = typed["type"] in set(Type)
    sketch = OwnField(
        key="sketch",
        label=typed["label"] or _("Your field"),
        type=typed["type"] if known else Type.TEXT,
        kind=typed["kind"] if typed["kind"] in set(Kind) else Kind.SEMANTIC,
        block=typed["block"] if typed["block"] in set(Block) else Block.GENERAL,
        choices=[each.strip() for each in typed["choices"].splitlines() if each.strip()],
    )
    field = own_field(sketch)
    return {"sketch": field, "sketch_form": form_of(field.key, [CardField(field, ())])}
