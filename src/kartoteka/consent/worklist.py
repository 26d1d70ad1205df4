"""The worklist of requests: what waits and by when, each with its steps, and what stands open with one customer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from kartoteka.kit.paging import Page, page
from kartoteka.people.card import card_of
from kartoteka.people.checking import fields
from kartoteka.people.models import Customer, Identity
from kartoteka.people.veil import veil_values
from kartoteka.trust.actor import Actor, Right

from .held import fact_text
from .models import PageLink, PrivacyRequest, RequestStep, Restriction
from .wishes import about, open_wishes

_What = RequestStep.What


@dataclass(frozen=True)
class Waiting:
    """One request of the worklist. left: days until it is due, below zero when it is late."""

    request: PrivacyRequest
    customer: Customer | None
    known: bool
    left: int

    @property
    def about(self) -> str:
        """Of a correction the fields it is about, in words."""
        return about(self.request)

    @property
    def late(self) -> bool:
        return self.left < 0 and self.request.ended_at is None


@dataclass(frozen=True)
class Worklist:
    """A page of requests, the most urgent first."""

    page: Page[PrivacyRequest]
    rows: tuple[Waiting, ...]


def worklist(
    *, actor: Actor, ended: bool = False, kind: str = "", size: int = 50, after: str = "", before: str = ""
) -> Worklist:
    """The requests that wait, by the day they are due; or those that ended, newest first. Raises BadCursor, NotAllowed."""
    actor.must(Right.PRIVACY)
    rows = _visible(actor).filter(ended_at__isnull=not ended)
    if kind:
        rows = rows.filter(kind=kind)
    found = page(rows, by="due_on", descending=ended, size=size, after=after, before=before)
    return Worklist(found, tuple(_waiting(found.rows, actor)))


def _visible(actor: Actor) -> QuerySet[PrivacyRequest]:
    """The requests of those whom this actor may see."""
    rows = PrivacyRequest.objects.all()
    if not actor.walled:
        return rows
    return rows.filter(identity__customer__in=Customer.objects.visible_to(actor).values("pk"))


def _waiting(rows: list[PrivacyRequest], actor: Actor) -> list[Waiting]:
    """With what they wish a sensitive field to be left out for whom may not see it."""
    open_wishes(rows)
    if not actor.may(Right.SEE_SENSITIVE):
        hidden = {key for key, field in fields().items() if field.sensitive}
        for each in rows:
            each.changes = {key: "•••" if key in hidden else value for key, value in each.changes.items()}
    if actor.veiled:
        for each in rows:
            each.changes = veil_values(each.changes)
    today = timezone.localdate()
    identities = Identity.objects.select_related("customer").in_bulk(
        [each.identity_id for each in rows if each.identity_id]
    )
    known = set(
        RequestStep.objects.filter(request__in=rows, what=_What.IDENTIFIED).values_list("request", flat=True)
    )
    return [
        Waiting(
            each,
            identities[each.identity_id].customer if each.identity_id else None,
            each.pk in known,
            (each.due_on - today).days,
        )
        for each in rows
    ]


@dataclass(frozen=True)
class Wish:
    """What a correction asks of one field: what stands now (empty once it was answered), what has to go, what comes."""

    field: str
    now: str
    gone: tuple[str, ...]
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """One request with its steps and, for a correction, what stands now beside what is asked."""

    waiting: Waiting
    steps: tuple[RequestStep, ...]
    wishes: tuple[Wish, ...] = ()


def request_of(*, actor: Actor, key: int) -> Told | None:
    """One request, or None where there is none. Raises NotAllowed."""
    actor.must(Right.PRIVACY)
    found = _visible(actor).filter(pk=key).select_related("identity").first()
    return told_of(request=found, actor=actor) if found else None


def told_of(*, request: PrivacyRequest, actor: Actor) -> Told:
    """A request with its steps, for who just took it down."""
    waiting = _waiting([request], actor)[0]
    return Told(waiting, tuple(request.steps.order_by("pk")), tuple(_wishes(waiting, actor)))


def _wishes(waiting: Waiting, actor: Actor) -> Iterable[Wish]:
    catalogue, stands = fields(), {}
    if waiting.request.changes and waiting.customer is not None and waiting.request.ended_at is None:
        card = card_of(actor=actor, customer=waiting.customer, seen=False)
        shown = [each for block in card.blocks.values() for each in block]
        stands = {each.field.key: [each_one.value for each_one in each.values] for each in shown}
    for key, asked in waiting.request.changes.items():
        if (field := catalogue.get(key)) is None:
            yield Wish(key, "", (), tuple(map(str, _listed(asked))))
            continue
        gone = [each for each in _listed(asked) if isinstance(each, dict) and each.get("gone")]
        come = [each for each in _listed(asked) if each not in gone and each not in (None, "")]
        yield Wish(
            str(field.label),
            ", ".join(fact_text(field, each) for each in stands.get(key, ())),
            tuple(fact_text(field, each) for each in gone),
            tuple(
                each if isinstance(each, str) and not field.choices else fact_text(field, each)
                for each in come
            ),
        )


def _listed(asked: Any) -> Sequence[Any]:
    return asked if isinstance(asked, list) else [asked]


@dataclass(frozen=True)
class Affairs:
    """What stands open between a customer and us: requests, restrictions, links to their page that hold."""

    requests: tuple[Waiting, ...]
    restrictions: tuple[Restriction, ...]
    links: int


def affairs_of(*, actor: Actor, customer: Customer) -> Affairs:
    """What stands open with this customer. Raises NotAllowed without the right to take requests down."""
    actor.must_one_of(Right.CHANGE, Right.PRIVACY)
    rows = PrivacyRequest.objects.filter(identity__customer=customer).order_by("-pk")[:50]
    held = Restriction.objects.filter(identity__customer=customer, ended_at=None)
    links = PageLink.objects.filter(identity__customer=customer, ended_at=None, expires_at__gt=timezone.now())
    return Affairs(tuple(_waiting(list(rows), actor)), tuple(held), links.count())
