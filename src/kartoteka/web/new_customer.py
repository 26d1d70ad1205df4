"""A new customer, typed at the counter in under a minute."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kartoteka.people.checking import BadValue
from kartoteka.people.editing import create_customer
from kartoteka.people.models import Ground
from kartoteka.trust.actor import Right

from .access import SignedIn

# What the form asks, in its order. Lists take one entry here; the card takes more.
ASKED = ("name", "company", "phones", "emails", "addresses", "birth", "note")


def new_customer(request: SignedIn) -> HttpResponse:
    """The form, and its answer: the new card, or the form with what is wrong and everything typed still in it."""
    request.actor.must(Right.CHANGE)
    typed: dict[str, Any] = {key: "" for key in ASKED} | {"ground": Ground.CONTRACT}
    error: BadValue | None = None
    if request.method == "POST":
        typed = {key: request.POST.get(key, "").strip() for key in (*ASKED, "ground")}
        try:
            customer = create_customer(
                values={key: typed[key] for key in ASKED if typed[key]},
                by=request.actor,
                ground=typed["ground"],
            )
        except BadValue as problem:
            error = problem
        else:
            messages.success(request, _("%(name)s has a card now.") % {"name": customer})
            return redirect("customer", customer.card)
    elif name := request.GET.get("name", "").strip():
        typed["name"] = name[:300]
    context = {
        "typed": typed,
        "errors": {error.field: str(error)} if error else {},
        "elsewhere": str(error) if error and error.field not in (*ASKED, "ground") else "",
        "grounds": Ground.choices,
    }
    return render(request, "web/customers/new.html", context, status=422 if error else 200)
