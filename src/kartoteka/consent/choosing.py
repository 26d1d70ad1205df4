"""What a customer lets us do, asked and changed by themselves: each purpose by each way they can be reached."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.people.models import Contact, Customer
from kartoteka.trust.actor import Actor

from .facts import facts_of
from .gate import Asked, decide
from .ledger import BadChoice, Taken, give, withdraw
from .links import Visit
from .models import Channel, Choice, Purpose, Suppression, Wording
from .purposes import all_purposes, wordings_now
from .reasons import Reason
from .suppressing import lift_all

# A switch is on where nothing but the customer's own word stands in the way, and they have not said no.
_ON = frozenset({Reason.GIVEN, Reason.EXISTING, Reason.NOT_OBJECTED})
# The gate's reasons as they are said to the customer; of the others there is nothing they need to be told here.
_TOLD = {
    Reason.GIVEN: gettext_lazy("You agreed."),
    Reason.EXISTING: gettext_lazy("As you bought from us. Say stop at any time."),
    Reason.NOT_OBJECTED: gettext_lazy("In our interest. Say stop at any time."),
    Reason.WITHDRAWN: gettext_lazy("You said no."),
    Reason.WAITING: gettext_lazy("We wait for you to click the link we sent."),
    Reason.UNCONFIRMED: gettext_lazy("We wait for you to confirm it by a link."),
    Reason.EXPIRED: gettext_lazy("You agreed long ago; it no longer holds."),
    Reason.CHILD: gettext_lazy("A parent or guardian must agree. Ask them to tell us."),
    Reason.SUPPRESSED: gettext_lazy("Stopped."),
    Reason.HELD: gettext_lazy("You asked us to leave your data alone for now."),
}
_NEEDS = {
    Channel.EMAIL: "email", Channel.SMS: "phone", Channel.PHONE: "phone", Channel.POST: "addresses",
    Channel.MESSENGER: "handles",
}  # fmt: skip


@dataclass(frozen=True)
class Switch:
    """One way to be reached for a purpose: whether it is on, why and since when; and the words it is asked in."""

    channel: str
    label: str
    on: bool
    why: str
    since: dt.datetime | None
    wording: Wording | None


@dataclass(frozen=True)
class Offered:
    """A purpose with its switches. without: it needs no consent and cannot be refused."""

    purpose: Purpose
    name: str
    switches: tuple[Switch, ...]
    without: bool

    @property
    def wordings(self) -> list[Wording]:
        """The words in which it is asked; several where the ways differ."""
        return list(dict.fromkeys(each.wording for each in self.switches if each.wording))


def choices_of(customer: Customer, *, language: str) -> list[Offered]:
    """Every purpose in use, with how the customer can be reached for it, in their language."""
    now = timezone.now()
    facts = facts_of([customer.pk], at=now)[customer.pk]
    purposes = all_purposes()
    words = wordings_now(purposes)
    reachable = _channels(customer)
    said = {line.key: line.at for line in facts.lines}
    found = []
    for purpose in purposes:
        asked = {channel: Asked(purpose, channel, now) for channel in reachable}
        without = not any(each.refusable for each in asked.values())
        answers = {channel: decide(facts, each) for channel, each in asked.items()}
        theirs = words.get((purpose.pk, language)) or words.get((purpose.pk, "en")) or ()
        switches = tuple(
            Switch(
                channel,
                str(channel.label),
                answer.reason in _ON,
                str(_TOLD.get(answer.reason, "")),
                said.get(answer.choice or 0),
                next((one for one in theirs if not one.channels or channel in one.channels), None),
            )
            for channel, answer in answers.items()
        )
        found.append(Offered(purpose, purpose.name_in(language), switches, without))
    return found


def _channels(customer: Customer) -> list[Channel]:
    """The ways in which this customer can be reached at all; advertising needs an e-mail or a phone to know them by."""
    has = {
        "email": bool(customer.email),
        "phone": bool(customer.phone),
        "addresses": bool(customer.more.get("addresses")),
        "handles": bool(customer.more.get("handles")),
    }
    return [channel for channel in Channel if has.get(_NEEDS.get(channel, ""), has["email"] or has["phone"])]


def choose(
    *, visit: Visit, purpose: str, channel: str, on: bool, language: str, evidence: Mapping[str, Any]
) -> None:
    """The customer turns a switch on their own page. evidence: {"ip", "page"}. Raises BadChoice."""
    customer = visit.customer
    found = next(
        (each for each in choices_of(customer, language=language) if each.purpose.key == purpose), None
    )
    switch = next((each for each in found.switches if each.channel == channel), None) if found else None
    if found is None or found.without or switch is None:
        raise BadChoice("purpose", _("There is no such choice here."))
    taken = Taken(
        how=Choice.How.PAGE,
        place="/my",
        wording=switch.wording,
        language=switch.wording.language if switch.wording else language,
        evidence=evidence,
        confirmed=visit.link.mailed and channel == Channel.EMAIL,
    )
    with transaction.atomic():
        if on:
            give(customer=customer, purpose=found.purpose, channel=channel, taken=taken, by=visit.actor)
            _take_back(customer, found.purpose, channel, by=visit.actor)
        else:
            withdraw(customer=customer, purpose=found.purpose, channel=channel, taken=taken, by=visit.actor)


def _take_back(customer: Customer, purpose: Purpose, channel: str, *, by: Actor) -> None:
    """Who says yes again on their own page takes back that they unsubscribed; bounces and complaints stand."""
    kind = "email" if channel == Channel.EMAIL else "phone"
    points = Contact.objects.filter(customer=customer, point__kind=kind).values_list("point", flat=True)
    for point in points:
        lift_all(
            point=point,
            said=_("They said yes on their own page."),
            by=by,
            purpose=purpose,
            why=[Suppression.Why.UNSUBSCRIBE],
        )
