"""The card: everything the base holds of one customer, with where each value comes from. One call for every face."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .canaries import answer_for_canary
from .catalogue import Block, Field, Kind, Text
from .checking import fields
from .completeness import missing_in
from .freshness import after, day_of, last_told
from .models import Claim, Contact, Customer, Photo, Placement, Relation
from .record import Record, Said, entry_key, entry_token, resolve
from .rules import weights_now
from .sealing import open_typed, open_values
from .veiled_card import veiled_card
from .view import must_reach

# A relation as the other one would say it.
SEEN_FROM_OTHER: dict[str, Text] = {
    Relation.RelationKind.WORKS_FOR: _("employs"),
    Relation.RelationKind.BOSS: _("is the boss of"),
    Relation.RelationKind.SPOUSE: _("is married to"),
    Relation.RelationKind.CHILD: _("is a parent of"),
    Relation.RelationKind.SIBLING: _("is a brother or sister of"),
    Relation.RelationKind.REFERRED_BY: _("referred"),
}


@dataclass(frozen=True)
class Origin:
    """Where a value comes from: source, when, entered by whom, under which batch; and how sure it is."""

    claim: int
    source: str
    batch: str
    ground: str
    at: dt.datetime
    by: str
    standing: str
    row: int | None
    value: Any
    typed: Mapping[str, Any]


@dataclass(frozen=True)
class CardValue:
    """One value on the card. others: what other claims said of the same thing, newest first.

    heard_at, heard_from: when it was last told or confirmed, and by whom. stale: that is longer ago than the field allows.
    entry: tells this entry of a list from the others, to confirm it alone; "" for a single value.
    """

    value: Any
    kind: Kind
    origin: Origin
    others: tuple[Origin, ...]
    heard_at: dt.datetime
    stale: bool
    heard_from: str = ""
    entry: str = ""


@dataclass(frozen=True)
class CardField:
    """One field of the catalogue with its values on this card (none when it is empty)."""

    field: Field
    values: tuple[CardValue, ...]

    @property
    def key(self) -> str:
        return self.field.key

    @property
    def label(self) -> Text:
        return self.field.label


@dataclass(frozen=True)
class Related:
    """Somebody to whom the customer stands in a relation, seen from the customer."""

    relation: int
    customer: Customer
    kind: str
    label: Text
    forward: bool
    role: str
    hours: str


@dataclass(frozen=True)
class KnownAs:
    """One identity: as whom a source knows the customer."""

    identity: int
    source: str
    key: str
    claims: int
    first_at: dt.datetime
    last_at: dt.datetime
    name: str


@dataclass(frozen=True)
class Card:
    """A customer's whole card, as this actor may see it."""

    customer: Customer
    blocks: Mapping[Block, tuple[CardField, ...]]
    contacts: tuple[Contact, ...]
    relations: tuple[Related, ...]
    identities: tuple[KnownAs, ...]
    history: tuple[Origin, ...]
    missing: tuple[Field, ...]
    photo: str
    placements: tuple[Placement, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources that know the customer, each once."""
        return tuple(dict.fromkeys(each.source for each in self.identities))

    def field(self, key: str) -> CardField | None:
        """A field of the card by its key; None where this actor may not see it."""
        return next((each for block in self.blocks.values() for each in block if each.key == key), None)


def find_customer(*, actor: Actor, card: str) -> Customer | None:
    """The customer with this card number; the one who stands for them now, where they were merged.

    None: nobody has it whom `actor` may see.
    """
    if not (actor.may(Right.SEE) or actor.may(Right.LOOK_UP)):
        return None
    customer = Customer.objects.filter(card=card).first()
    while customer is not None and customer.merged_into_id is not None:
        customer = Customer.objects.get(pk=customer.merged_into_id)
    if customer is None:
        answer_for_canary(card, by=actor)
    if customer is None or not actor.walled:
        return customer
    return Customer.objects.open_to(actor).filter(pk=customer.pk).first()


def card_of(*, actor: Actor, customer: Customer, seen: bool = True) -> Card:
    """The card of a customer, without the sensitive fields that `actor` may not see.

    seen: write the view into the audit (False where a program looks something up for the same view).
    """
    actor.must_open_cards()
    must_reach(actor, customer)
    known_fields = fields()
    catalogue = {
        key: field
        for key, field in known_fields.items()
        if not field.sensitive or actor.may(Right.SEE_SENSITIVE)
    }
    hidden = frozenset(known_fields) - frozenset(catalogue)
    claims = list(
        Claim.objects.filter(identity__customer=customer)
        .select_related("identity__source", "batch__source")
        .order_by("-at", "-id")
    )
    _open(claims)
    said = [
        Said(each.pk, each.values, each.standing, each.identity.source.trust, each.at, each.identity_id)
        for each in claims
    ]
    record = resolve(said)
    by_key = {each.pk: each for each in claims}
    known = [_card_field(field, record, said, by_key) for field in catalogue.values()]
    missing = missing_in(record.values, weights_now(), kind=customer.kind)
    if seen:
        note(by=actor, action="viewed", matter="customer", key=customer.pk)
    card = Card(
        customer=customer,
        blocks={block: tuple(each for each in known if each.field.block == block) for block in Block},
        contacts=tuple(customer.contacts.select_related("point").order_by("-preferred", "position", "pk")),
        relations=tuple(_relations(customer, actor)),
        identities=tuple(_identities(claims)),
        history=tuple(_whole_origin(each, catalogue, hidden) for each in claims[:200]),
        missing=tuple(catalogue[key] for key in missing if key in catalogue),
        photo=Photo.objects.filter(identity__customer=customer)
        .order_by("-made_at")
        .values_list("name", flat=True)
        .first()
        or "",
        placements=tuple(
            Placement.objects.filter(customer=customer).select_related("team", "member", "was_member")[:50]
        )
        if customer.stage
        else (),
    )
    return veiled_card(card, actor) if actor.veiled else card


def _open(claims: list[Claim]) -> None:
    """Open what is sealed in these claims, as they stand in memory."""
    open_values(each.values for each in claims)
    for each, typed in zip(claims, open_typed([each.typed for each in claims]), strict=True):
        each.typed = typed


def _card_field(field: Field, record: Record, said: list[Said], by_key: Mapping[int, Claim]) -> CardField:
    if field.key not in record.values:
        return CardField(field, ())
    value, origin = record.values[field.key], record.origins[field.key]
    pairs = zip(value, origin, strict=True) if field.many else [(value, origin)]
    return CardField(field, tuple(_card_value(field, each, its, said, by_key) for each, its in pairs))


def _card_value(
    field: Field, value: Any, its: int, newest_first: list[Said], by_key: Mapping[int, Claim]
) -> CardValue:
    claim = by_key[its]
    said = [_origin(each, field, value) for each in by_key.values() if field.key in each.values]
    others = tuple(each for each in said if each and each.claim != claim.pk and each.value != value)
    last = last_told(field.key, value, newest_first)
    heard = by_key[last.key] if last else claim
    guessed = claim.standing == Claim.Standing.DERIVED or field.key not in claim.values
    origin = _made_origin(claim, value)
    if guessed:
        origin = replace(origin, standing=Claim.Standing.DERIVED)
    return CardValue(
        value=value,
        kind=Kind.HYPOTHETICAL if guessed else field.kind,
        origin=origin,
        others=others,
        heard_at=heard.at,
        stale=_is_stale(field, value, heard.at),
        heard_from=heard.batch.by_name,
        entry=entry_token(field.key, value) if field.many else "",
    )


def _is_stale(field: Field, value: Any, heard_at: dt.datetime) -> bool:
    left = isinstance(value, dict) and "until" in value
    due = after(day_of(heard_at), field.fresh_days)
    return bool(field.fresh_days) and not left and due < day_of(timezone.now())


def _origin(claim: Claim, field: Field, value: Any) -> Origin | None:
    """What a claim said of the field; for a list, only of the same entry."""
    said = claim.values[field.key]
    if not field.many:
        return _made_origin(claim, said)
    wanted = entry_key(field.key, value)
    same = next((each for each in said or () if entry_key(field.key, each) == wanted), None)
    return None if same is None else _made_origin(claim, value if not _gone(same) else None)


def _gone(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("gone"))


def _made_origin(claim: Claim, value: Any) -> Origin:
    return Origin(
        claim=claim.pk,
        source=claim.identity.source.name,
        batch=claim.batch.label,
        ground=claim.batch.get_ground_display(),
        at=claim.at,
        by=claim.batch.by_name,
        standing=claim.standing,
        row=claim.row,
        value=value,
        typed=claim.typed,
    )


def _whole_origin(claim: Claim, catalogue: Mapping[str, Field], hidden: frozenset[str]) -> Origin:
    """A claim as an entry of the history: only the fields this actor may see, and what was typed only if all are."""
    visible = {key: value for key, value in claim.values.items() if key in catalogue}
    origin = _made_origin(claim, visible)
    return origin if hidden.isdisjoint(claim.values) else Origin(**{**origin.__dict__, "typed": {}})


def _identities(claims: list[Claim]) -> Iterable[KnownAs]:
    found: dict[int, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.identity_id, []).append(claim)
    for some in found.values():
        newest = some[0]
        yield KnownAs(
            identity=newest.identity_id,
            source=newest.identity.source.name,
            key=newest.identity.key,
            claims=len(some),
            first_at=some[-1].at,
            last_at=newest.at,
            name=str(newest.values.get("name") or newest.values.get("company") or ""),
        )


def _relations(customer: Customer, actor: Actor) -> Iterable[Related]:
    """Those to whom the customer belongs; of the ones outside the actor's view nothing is said."""
    found = list(_all_relations(customer))
    if not actor.walled or not found:
        return found
    keys = [each.customer.pk for each in found]
    seen = set(Customer.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))
    return [each for each in found if each.customer.pk in seen]


def _all_relations(customer: Customer) -> Iterable[Related]:
    forward = Relation.objects.filter(one__customer=customer).select_related("other__customer")
    back = Relation.objects.filter(other__customer=customer).select_related("one__customer")
    for each in forward:
        label: Text = each.get_kind_display()
        yield Related(each.pk, each.other.customer, each.kind, label, True, each.role, each.hours)
    for each in back:
        label = SEEN_FROM_OTHER[each.kind]
        yield Related(each.pk, each.one.customer, each.kind, label, False, each.role, each.hours)
