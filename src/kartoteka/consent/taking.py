"""Taking down a choice for a face: at the counter, by phone, by a program. And what stands, as a face shows it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kartoteka.people.models import Contact, ContactPoint, Customer
from kartoteka.people.veil import veiled_point
from kartoteka.trust.actor import Actor, Right

from . import asking, ledger
from .facts import facts_of
from .gate import Answer, Asked, child_now, decide
from .ledger import BadChoice, Taken, point_of
from .models import Channel, Choice, Purpose, Suppression, Wording
from .purposes import all_purposes, purpose_named, wording_for, wordings_now


@dataclass(frozen=True)
class Taking:
    """A choice as somebody takes it down.

    what: "given" or "withdrawn". point: the e-mail or phone it is about, as the record writes it; "" for none. wording: the
    key of the words that were read or shown; 0 for those of today in the customer's language. guardian: the name of the
    parent or guardian who said it for a child. at: when it was said. proof: a photo of what they signed, the
    recording of the call.
    """

    purpose: str
    channel: str
    what: str
    how: str
    place: str = ""
    point: str = ""
    wording: int = 0
    language: str = ""
    guardian: str = ""
    at: dt.datetime | None = None
    evidence: Mapping[str, Any] | None = None
    proof: IO[bytes] | None = None


@dataclass(frozen=True)
class TakenDown:
    """What was written. mailed: the e-mail to which a link went; until it is clicked, a yes by e-mail does not count."""

    choice: Choice
    mailed: str = ""


def take_down(*, customer: Customer, taking: Taking, by: Actor) -> TakenDown:
    """Write down what the customer chose. Where the purpose asks for a link, one is sent to their e-mail as well.

    Raises BadPurpose, BadChoice (with the field that is wrong), NotAllowed.
    """
    by.must(Right.CHANGE)
    if taking.what not in (Choice.What.GIVEN, Choice.What.WITHDRAWN):
        raise BadChoice("what", _("Say what they chose: given or withdrawn."))
    purpose = purpose_named(taking.purpose)
    language = taking.language or customer.language or translation.get_language() or "en"
    point = point_of(customer, taking.point) if taking.point.strip() else None
    taken = Taken(
        how=taking.how,
        place=taking.place,
        at=taking.at,
        wording=_words(purpose, taking, language),
        language=language,
        point=point,
        guardian=taking.guardian,
        evidence=taking.evidence or {},
        proof=taking.proof,
    )
    more: dict[str, Any] = {"customer": customer, "purpose": purpose, "taken": taken, "by": by}
    if taking.what == Choice.What.WITHDRAWN:
        return TakenDown(ledger.withdraw(channel=taking.channel, **more))
    choice = ledger.give(channel=taking.channel, **more)
    if purpose.double_opt_in and taking.channel == Channel.EMAIL:
        address = point or _first_email(customer)
        if address is not None:
            more["taken"] = replace(taken, proof=None)
            asking.ask(point=address, **more)
            return TakenDown(choice, ContactPoint.objects.get(pk=address).value)
    return TakenDown(choice)


def _words(purpose: Purpose, taking: Taking, language: str) -> Wording | None:
    if not taking.wording:
        return wording_for(purpose, taking.channel, language)
    found = Wording.objects.filter(pk=taking.wording, purpose=purpose).first()
    if found is None:
        raise BadChoice("wording", _("These words are those of another purpose."))
    return found


def _first_email(customer: Customer) -> int | None:
    rows = Contact.objects.filter(customer=customer, point__kind="email")
    return rows.order_by("-preferred", "position", "pk").values_list("point", flat=True).first()


@dataclass(frozen=True)
class Cell:
    """What the gate says of one purpose and channel, with the line of the ledger that decided."""

    purpose: Purpose
    channel: Channel
    answer: Answer
    choice: Choice | None


@dataclass(frozen=True)
class Row:
    """One purpose with its channels, and the words people are asked in, in the customer's language."""

    purpose: Purpose
    cells: tuple[Cell, ...]
    words: Wording | None


@dataclass(frozen=True)
class MayWe:
    """A customer's choices as they stand, and the ledger of all they ever said, newest first.

    child: they are, or may be, too young to agree themselves in the law of their country.
    """

    rows: tuple[Row, ...]
    history: tuple[Choice, ...]
    stopped: tuple[Suppression, ...]
    child: bool = False


def may_we(*, customer: Customer, actor: Actor) -> MayWe:
    """What this customer lets us do, for each purpose and channel. Raises NotAllowed."""
    actor.must(Right.SEE)
    now = timezone.now()
    purposes = all_purposes()
    facts = facts_of([customer.pk], at=now)[customer.pk]
    history = tuple(
        Choice.objects.filter(identity__customer=customer)
        .select_related("purpose", "wording", "point", "identity__source")
        .order_by("-at", "-pk")
    )
    stopped = tuple(
        Suppression.objects.filter(point__contacts__customer=customer, ended_at=None)
        .select_related("point", "purpose")
        .order_by("-at")
    )
    for each in history:
        each.point = veiled_point(each.point, actor) if each.point else None
    for stop in stopped:
        stop.point = veiled_point(stop.point, actor)
    by_key = {each.pk: each for each in history}
    known = wordings_now(purposes)
    tongues = (customer.language, translation.get_language() or "en", "en")
    rows = []
    for purpose in purposes:
        cells = []
        for channel in Channel:
            answer = decide(facts, Asked(purpose, channel, now))
            cells.append(Cell(purpose, channel, answer, by_key.get(answer.choice or 0)))
        words = next((known[purpose.pk, each][0] for each in tongues if (purpose.pk, each) in known), None)
        rows.append(Row(purpose, tuple(cells), words))
    return MayWe(tuple(rows), _once(history), stopped, child_now(facts, now))


def _once(history: Sequence[Choice]) -> tuple[Choice, ...]:
    """A withdrawal is written for each identity; people read it once."""
    seen: set[tuple[Any, ...]] = set()
    found = []
    for each in history:
        same = (each.purpose_id, each.channel, each.what, each.at, each.written_at, each.by_name)
        if each.what != Choice.What.WITHDRAWN or each.batch_id or same not in seen:
            found.append(each)
        seen.add(same)
    return tuple(found)


@dataclass(frozen=True)
class PurposeFigures:
    """A purpose, its words by language, and how many lines of the ledger say what, by channel."""

    purpose: Purpose
    wordings: tuple[Wording, ...]
    given: int
    withdrawn: int
    asked: int


def figures(*, actor: Actor) -> list[PurposeFigures]:
    """The purposes with their words and counts, for the page of consent; those that ended last. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    purposes = sorted(all_purposes(ended=True), key=lambda each: (each.ended_at is not None, each.position))
    counts: dict[tuple[int, str], int] = {
        (purpose, what): count
        for purpose, what, count in Choice.objects.values_list("purpose", "what")
        .annotate(n=Count("pk"))
        .order_by()
    }
    words = wordings_now(purposes)
    return [
        PurposeFigures(
            each,
            tuple(
                one
                for (purpose, _language), some in sorted(words.items())
                if purpose == each.pk
                for one in some
            ),
            *(counts.get((each.pk, what), 0) for what in ("given", "withdrawn", "asked")),
        )
        for each in purposes
    ]
