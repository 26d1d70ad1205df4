"""Dealings: noted on the card, read whole on a page of their own, with their thread, files, score; and what waits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kartoteka.activity import dealings as book
from kartoteka.activity import recordings, scoring
from kartoteka.activity.dealing_models import Dealing
from kartoteka.activity.dealings import BadDealing, Said
from kartoteka.people.looking_up import look_up
from kartoteka.trust.actor import Right
from kartoteka.trust.teams import colleagues_to_choose

from .access import SignedIn
from .card import wanted
from .card_timeline import card_timeline
from .ranged import in_parts
from .reading import moment, number
from .toasts import toast


@require_POST
def note_dealing(request: SignedIn, card: str) -> HttpResponse:
    """Write down a dealing from the card; the timeline anew, or what is wrong."""
    customer = wanted(request, card)
    try:
        book.record_dealing(customer=customer, said=said_of(request.POST), by=request.actor)
    except BadDealing as error:
        return toast(HttpResponse(status=204), str(error), kind="bad")
    return toast(card_timeline(request, card), _("Written down."))


def said_of(sent: Any) -> Said:
    """What a form of dealings sends."""
    return Said(
        way=sent.get("way", "call"),
        direction=sent.get("direction", "in"),
        note=sent.get("note", ""),
        subject=sent.get("subject", ""),
        about=sent.get("about", ""),
        owner=number(sent.get("owner", "")),
        due_at=moment(sent.get("due_at", "")),
        counterpart=sent.get("counterpart", ""),
        seconds=60 * (number(sent.get("minutes", "")) or 0),
    )


def dealings(request: SignedIn) -> HttpResponse:
    """What waits with everybody: questions and complaints, dealings without a note, mail of senders nobody knows."""
    request.actor.must(Right.SEE)
    context = {
        "work": book.waiting(actor=request.actor),
        "quality": scoring.quality(actor=request.actor),
    }
    return render(request, "web/dealings/list.html", context)


def dealing(request: SignedIn, key: int) -> HttpResponse:
    """One dealing, whole."""
    found = _wanted(request, key)
    return render(request, "web/dealings/page.html", _context(request, found))


def _context(request: SignedIn, found: Dealing, error: BadDealing | None = None) -> dict[str, Any]:
    given = getattr(found, "score", None)
    had = {key for key, has in given.points if has} if given else set()
    thread = book.thread_of(actor=request.actor, dealing=found)
    return {
        "dealing": found,
        "note": book.shown_note(found, request.actor),
        "customer": found.identity.customer if found.identity else None,
        "thread": [(each, book.shown_note(each, request.actor)) for each in thread]
        if len(thread) > 1
        else [],
        "files": recordings.files_of(actor=request.actor, dealing=found),
        "may_listen": recordings.may_listen(request.actor, found),
        "may_score": request.actor.may(Right.AUDIT) and found.owner_id not in (None, request.user.pk),
        "points": [(each, each.pk in had) for each in scoring.points()],
        "score": given,
        "people": colleagues_to_choose(),
        "owner": str(found.owner_id or ""),
        "causes": book.causes(),
        "may_change": request.actor.may(Right.CHANGE),
        "errors": {error.field: str(error)} if error else {},
    }


@require_POST
def do_dealing(request: SignedIn, key: int, what: str) -> HttpResponse:
    """Write its note, settle it, open it again, give it to somebody, add a recording, score it, say whose it is."""
    found = _wanted(request, key)
    sent, by = request.POST, request.actor
    try:
        if what == "note":
            book.write_note(dealing=found, note=sent.get("note", ""), by=by)
        elif what == "settle":
            book.settle(dealing=found, outcome=sent.get("outcome", ""), cause=sent.get("cause", ""), by=by)
        elif what == "reopen":
            book.reopen(dealing=found, by=by)
        elif what == "give":
            due_at = moment(sent.get("due_at", ""))
            book.give_dealing(dealing=found, owner=number(sent.get("owner", "")), due_at=due_at, by=by)
        elif what == "recording":
            file = request.FILES.get("file")
            if file is None or file.file is None:
                raise BadDealing("file", _("Choose a file."))
            recordings.attach_recording(dealing=found, stream=file.file, label=file.name or "", by=by)
        elif what == "score":
            had = {each for text in sent.getlist("had") if (each := number(text)) is not None}
            scoring.score(dealing=found, had=had, said=sent.get("said", ""), by=by)
        elif what == "match":
            _match(request, found)
        else:
            raise Http404
    except BadDealing as error:
        return render(request, "web/dealings/page.html", _context(request, found, error), status=422)
    messages.success(request, _("Saved."))
    return redirect("dealing", key)


def _match(request: SignedIn, found: Dealing) -> None:
    people = look_up(text=request.POST.get("asked", ""), by=request.actor)
    if len(people.cards) != 1:
        raise BadDealing("asked", _("Write the card number, or a phone or e-mail that one customer has."))
    book.say_whose(dealing=found, customer=people.cards[0], by=request.actor)


def dealing_file(request: SignedIn, key: int) -> HttpResponse:
    """A file of a dealing: a recording to be played, anything else to be saved, never opened by the browser."""
    found = recordings.take_enclosure(enclosure=key, actor=request.actor)
    if found is None:
        raise Http404
    row, content = found
    if row.is_recording:
        answer = in_parts(request, content, content_type=row.type)
    else:
        answer = HttpResponse(content, content_type="application/octet-stream")
        name = "".join(each if each.isalnum() or each in "-_. " else "_" for each in row.label)
        answer.headers["Content-Disposition"] = (
            f'attachment; filename="{name.encode("ascii", "replace").decode()}"'
        )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _wanted(request: SignedIn, key: int) -> Dealing:
    request.actor.must_open_cards()
    found = book.a_dealing(actor=request.actor, key=key)
    if found is None:
        raise Http404
    return found
