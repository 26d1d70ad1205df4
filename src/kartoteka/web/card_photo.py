"""The photo on the card: shown to who may see the card, put on, taken off."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kartoteka.people.checking import BadValue
from kartoteka.people.photos import add_photo, photo_of, remove_photos

from .access import SignedIn
from .card import fresh_card, wanted
from .toasts import toast


@require_http_methods(["GET", "POST", "DELETE"])
def photo(request: SignedIn, card: str) -> HttpResponse:
    """GET gives the picture; POST puts the one that was sent on the card; DELETE takes all off."""
    customer = wanted(request, card)
    if request.method == "GET":
        picture = photo_of(customer=customer, actor=request.actor)
        if picture is None:
            raise Http404
        # Its address changes with the picture, so the browser of this person may keep it.
        return HttpResponse(picture, "image/jpeg", headers={"Cache-Control": "private, max-age=86400"})
    if request.method == "DELETE":
        remove_photos(customer=customer, by=request.actor)
        return fresh_card(request, customer, _("The photo is off the card."))
    sent = request.FILES.get("photo")
    try:
        if sent is None or sent.file is None:
            raise BadValue("photo", _("Choose a picture."))
        add_photo(customer=customer, stream=cast(BinaryIO, sent.file), by=request.actor)
    except BadValue as error:
        return toast(HttpResponse(status=204), str(error), kind="bad")
    return fresh_card(request, customer, _("The photo is on the card."))
