"""What we hold of a customer, as it is told to them: every fact with where it is from, and since when."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel import Locale
from django.db.models import Model
from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.people.card import Card, card_of
from kartoteka.people.catalogue import BLOCK_NAMES, Block, Field, Text, Type
from kartoteka.people.follow import followers
from kartoteka.people.models import Claim, Contact, Customer, Ground, Identity
from kartoteka.people.shown import shown
from kartoteka.trust.actor import Actor, Right

from .models import Choice, PrivacyRequest, RequestStep
from .wishes import about

# On their own page a customer sees all that is theirs, and nobody else; it is no view of staff.
_THEMSELVES = Actor("customer", 0, "the customer", frozenset({Right.SEE, Right.REVEAL, Right.SEE_SENSITIVE}))
# Told as facts, as ways to reach them, as sources, as choices: not once more as rows.
_TOLD_OTHERWISE = (Claim, Contact, Identity, Choice, PrivacyRequest)
_OURS = frozenset({"by_kind", "by_key", "by_name"})
# Rows whose own name says little to whom they are about.
_CALLED: Mapping[str, Promise] = {
    "activity.visitor": _("browsers we know as yours"),
    "consent.restriction": _("what you had us stop for a time"),
    "people.photo": _("photos of you"),
    "people.placement": _("who looks after you"),
    "people.reveal": _("who saw how you are reached"),
    "quality.merger": _("cards that were joined into yours"),
    "segments.customerworth": _("what your purchases come to"),
    "segments.member": _("groups you are in"),
    "segments.passage": _("groups you came into or left"),
    "segments.snapshotmember": _("groups you were in when they were written down"),
}


@dataclass(frozen=True)
class Fact:
    """One value: its field, and its place among that field's values from 0; the value as people write it; the source, and
    when we last heard it. guessed: worked out by us."""

    field: Field
    place: int
    text: str
    value: Any
    source: str
    ground: str
    at: dt.datetime
    guessed: bool

    @property
    def key(self) -> str:
        return self.field.key

    @property
    def label(self) -> Text:
        return self.field.label

    @property
    def correctable(self) -> bool:
        """Whether a word or a line is enough to say what it should be."""
        return isinstance(self.value, dict) if self.field.many else not isinstance(self.value, dict | list)

    @property
    def choices(self) -> tuple[tuple[str, Text], ...]:
        """What it can be, where that is a choice; else nothing."""
        return () if self.field.many else self.field.choices


@dataclass(frozen=True)
class Others:
    """Rows of one kind that no field tells: relations, photos, mergers."""

    key: str
    title: str
    rows: tuple[Mapping[str, Any], ...]
    # What the values of a column are called, where it holds one of a few.
    called: Mapping[str, Mapping[Any, Text]]

    @property
    def texts(self) -> list[str]:
        """Each row in a line, without who of our staff wrote it; once, what stands for each of their identities."""
        return list(dict.fromkeys(", ".join(_row_texts(row, self.called)) for row in self.rows))


@dataclass(frozen=True)
class Asked:
    """A request of theirs: about which fields, and what we told them of it (why it takes longer, why it was refused)."""

    request: PrivacyRequest
    about: str
    told: str
    refused: bool

    @property
    def what(self) -> str:
        """What they asked, as it is said to them."""
        if self.request.kind == PrivacyRequest.Kind.ACCESS:
            return str(_("what we hold of you"))
        return self.request.get_kind_display()


@dataclass(frozen=True)
class Held:
    """All of it. facts: block by block. sources: as whom each source knows them, and since when."""

    customer: Customer
    facts: tuple[tuple[Text, tuple[Fact, ...]], ...]
    sources: tuple[tuple[str, str, dt.datetime], ...]
    others: tuple[Others, ...]
    requests: tuple[Asked, ...]
    at: dt.datetime


def held_of(customer: Customer) -> Held:
    """What we hold of this customer. Called for the customer themselves, and for who answers their request."""
    card = card_of(actor=_THEMSELVES, customer=customer, seen=False)
    requests = (
        PrivacyRequest.objects.filter(identity__customer=customer).order_by("-pk").prefetch_related("steps")
    )
    return Held(
        customer=customer,
        facts=tuple(
            (BLOCK_NAMES[block], found) for block in Block if (found := tuple(facts_of(card, block)))
        ),
        sources=tuple((each.source, each.key, each.first_at) for each in card.identities),
        others=tuple(_others(customer)),
        requests=tuple(map(_asked, requests[:50])),
        at=timezone.now(),
    )


def _asked(request: PrivacyRequest) -> Asked:
    """Of the steps, what the law has us tell them."""
    steps = list(request.steps.all())
    told = [each.note for each in steps if each.what in (RequestStep.What.EXTENDED, RequestStep.What.REFUSED)]
    return Asked(
        request,
        about(request),
        " ".join(filter(None, told)),
        any(each.what == RequestStep.What.REFUSED for each in steps),
    )


def facts_of(card: Card, block: Block) -> Iterator[Fact]:
    """The facts of a block, as the card shows them to whom it was made for."""
    for field in card.blocks[block]:
        for place, each in enumerate(field.values):
            yield Fact(
                field=field.field,
                place=place,
                text=fact_text(field.field, each.value),
                value=each.value,
                source=each.origin.source,
                ground=_ground(each.origin.ground),
                at=each.heard_at,
                guessed=each.origin.standing == Claim.Standing.DERIVED,
            )


def _ground(called: str) -> str:
    """A ground in law as it is told to whom it is about."""
    return str(_("your consent")) if called == str(Ground.CONSENT.label) else called


def fact_text(field: Field, value: Any) -> str:
    """A value as people write it; of a choice what it is called."""
    if field.type == Type.LANGUAGE and isinstance(value, str):
        return str(Locale.parse(translation.get_language() or "en", sep="-").languages.get(value) or value)
    labels = {code: str(label) for code, label in field.choices}
    return labels.get(value, value) if isinstance(value, str) and labels else shown(field.type, value)


def _others(customer: Customer) -> Iterator[Others]:
    for follower in (*followers("customer"), *followers("identity")):
        if follower.told is None or follower.model in _TOLD_OTHERWISE:
            continue
        if rows := follower.told(customer.pk):
            meta = follower.model._meta
            called = {each.name: dict(each.flatchoices) for each in meta.concrete_fields if each.choices}
            for column, words in follower.called.items():
                called[column] = {**called.get(column, {}), **words}
            yield Others(meta.label_lower, str(called_to_them(follower.model)), tuple(rows), called)


def rows_told() -> dict[str, type[Model]]:
    """The kinds of rows that are told of a customer beside the facts, by their label: orders, photos, dealings."""
    every = (*followers("customer"), *followers("identity"))
    told = (each.model for each in every if each.told is not None and each.model not in _TOLD_OTHERWISE)
    return {each._meta.label_lower: each for each in told}


def called_to_them(model: type[Model]) -> Text:
    """What rows of this kind are called to whom they are about."""
    return _CALLED.get(model._meta.label_lower) or model._meta.verbose_name_plural or ""


def _row_texts(row: Mapping[str, Any], called: Mapping[str, Mapping[Any, Text]]) -> Iterator[str]:
    """What a row says, value by value; what is empty is left out."""
    for key, value in row.items():
        if key in _OURS:
            continue
        if key in called and value in called[key]:
            yield str(called[key][value])
        elif isinstance(value, dt.datetime):
            yield day_of(value)
        elif isinstance(value, dt.date):
            yield formats.date_format(value, "DATE_FORMAT")
        elif isinstance(value, Decimal):
            yield formats.number_format(value.normalize() if value % 1 else value.quantize(Decimal(1)))
        elif value not in (None, "", [], {}, False):
            yield str(value)


def day_of(moment: dt.datetime) -> str:
    """The day of a moment as people of the active language write it."""
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT")


def everything(customer: Customer) -> dict[str, Any]:
    """All rows that are told of a customer, by the kind of row: the record itself, and what each source said."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for follower in (*followers("customer"), *followers("identity")):
        if follower.told is not None and (rows := follower.told(customer.pk)):
            found.setdefault(follower.model._meta.label_lower, []).extend(rows)
    return found
