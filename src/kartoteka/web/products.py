"""Products: which are sold and which are charges, such as postage, and changing that."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kartoteka.activity.products import BadKind, Kind, NoSuchProduct, list_products, set_kind
from kartoteka.kit.paging import BadCursor

from .access import SignedIn
from .worth import around


@require_GET
def products(request: SignedIn) -> HttpResponse:
    """The list by name, with what each is taken for."""
    asked = request.GET
    # What is taken for a charge is what people come to look over.
    words, kind = asked.get("q", ""), asked.get("kind", "" if "q" in asked else Kind.CHARGE.value)
    after, before = asked.get("after", ""), asked.get("before", "")
    try:
        page = list_products(actor=request.actor, words=words, kind=kind, after=after, before=before)
    except BadCursor:
        page = list_products(actor=request.actor, words=words, kind=kind)
    wish = {"words": words, "kind": kind}
    context = {"page": page, "wish": wish, "kinds": Kind.choices, **around(request)}
    return render(request, "web/worth/products.html", context)


@require_POST
def product_kind(request: SignedIn, key: int) -> HttpResponse:
    """Say of one what it is, and back to where that was said."""
    try:
        found = set_kind(product=key, kind=request.POST.get("kind", ""), by=request.actor)
    except (NoSuchProduct, OverflowError) as error:
        raise Http404 from error
    except BadKind as error:
        messages.error(request, str(error))
    else:
        if found.kind == Kind.CHARGE:
            text = _("“%(product)s” is a charge now: it counts in totals, and is left out of baskets.")
        else:
            text = _("“%(product)s” is sold now: it comes into baskets when worth is counted next.")
        messages.success(request, text % {"product": found})
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, None):
        back = reverse("products")
    return redirect(back)
