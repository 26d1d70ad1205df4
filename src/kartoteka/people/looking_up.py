"""One customer by an exact phone, e-mail or card number: for the counter, and to learn whom to ask."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit.ids import read_card
from kartoteka.standard import emails, phones
from kartoteka.trust.actor import Actor, Right, Scope
from kartoteka.trust.alarms import raise_alarm
from kartoteka.trust.audit import note
from kartoteka.trust.limits import one_at_a_time
from kartoteka.trust.models import AuditEntry, Limits

from .canaries import answer_for_canary
from .models import Contact, Customer
from .veil import veil_text

_MOST = 5  # a family may share a phone; more are no household


@dataclass(frozen=True)
class Narrow:
    """A customer in somebody else's stage: who they are, where they stand, whom to ask. Nothing else."""

    name: str
    stage: str
    ask: str


@dataclass(frozen=True)
class LookedUp:
    """Who has exactly this phone, e-mail or card: the cards that may be opened, and who is in another's stage."""

    cards: tuple[Customer, ...]
    narrow: tuple[Narrow, ...]


class AskedTooOften(PermissionError):
    """Somebody looked up as many customers in an hour as the owner allows."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("You have looked %(most)s up in an hour, as many as you may. Ask the owner, or go on later.")
            % {"most": most}
        )


def look_up(*, text: str, by: Actor, country: str = "") -> LookedUp:
    """Who has exactly this. country: where a number without its country's code is from.

    Each asking is counted and written down, without what was typed. Raises AskedTooOften, NotAllowed.
    """
    by.must_open_cards()
    _count(by)
    keys = _exactly(text[:200].replace("\x00", " "), country or settings.KARTOTEKA.country)
    if not keys:
        answer_for_canary(text[:200], by=by)
        return LookedUp((), ())
    found = list(
        Customer.objects.filter(pk__in=keys, merged_into=None)
        .select_related("team", "member")
        .order_by("pk")[:_MOST]
    )
    open_ = set(
        Customer.objects.open_to(by).filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True)
    )
    narrow = [_narrow(each) for each in found if each.pk not in open_] if by.scope is Scope.STAGE else []
    return LookedUp(tuple(each for each in found if each.pk in open_), tuple(narrow))


def _count(by: Actor) -> None:
    if not by.walled and by.may(Right.SEE):
        return
    most = Limits.now().look_ups
    with transaction.atomic():
        one_at_a_time(by)
        since = timezone.now() - dt.timedelta(hours=1)
        own = AuditEntry.objects.filter(actor_kind=by.kind, actor_key=by.key, action="looked up")
        within = own.filter(at__gt=since).count() < most
        if within:
            note(by=by, action="looked up", matter="base")
    if not within:
        raise_alarm(kind="over budget", by=by, detail={"most": most, "way": "look up"})
        raise AskedTooOften(most)


def _exactly(text: str, country: str) -> list[int]:
    if card := read_card(text):
        known = Customer.objects.filter(card=card).first()
        while known is not None and known.merged_into_id is not None:
            known = Customer.objects.get(pk=known.merged_into_id)
        return [known.pk] if known else []
    points = [("email", each.value.value.lower()) for each in emails.standardise(text) if each.value]
    points += [
        ("phone", each.value.value) for each in phones.standardise(text, country=country) if each.value
    ]
    if len(points) != 1:
        return []
    kind, value = points[0]
    owners = Contact.objects.filter(point__kind=kind, point__value=value)
    return list(owners.values_list("customer", flat=True)[: _MOST + 1])


def _narrow(customer: Customer) -> Narrow:
    name = customer.name or customer.company or _("a customer without a name")
    ask = str(customer.member or customer.team or _("the team of this stage"))
    return Narrow(name=veil_text(name), stage=customer.stage_shown, ask=ask)
