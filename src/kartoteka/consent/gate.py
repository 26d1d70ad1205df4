"""The gate: may this customer be reached for this purpose, by this channel? Whoever sends, exports or shares asks here.

`may` answers for one customer, with its reason; `decide` is its pure heart. The set-based twin is in `passing.py`,
and a law
test holds both to the same answers.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils import timezone

from kartoteka.people.models import Customer, Ground
from kartoteka.trust.actor import Actor, Right

from .countries import Law, law_of
from .facts import Facts, Reach, facts_of
from .ledger import POINT_KIND
from .listed import up_to_date
from .models import Channel, Purpose, Suppression
from .quiet import quiet
from .reasons import ALLOWING, Reason, in_words
from .standing import GIVEN, Said, Standing, State, months_before, standing

# Grounds on which nobody is asked; marketing is another matter.
_NOT_REFUSED = frozenset({Ground.CONTRACT, Ground.LEGAL_DUTY, Ground.VITAL})
_GRANTED = {
    State.GIVEN: Reason.GIVEN,
    State.EXPIRED: Reason.EXPIRED,
    State.UNCONFIRMED: Reason.UNCONFIRMED,
    State.ASKED: Reason.WAITING,
    State.NONE: Reason.NOT_ASKED,
}
# Who stands in a register of people who want no advertising has not agreed since.
_NO_WORD_SINCE = frozenset({Reason.NOT_ASKED, Reason.WAITING, Reason.EXPIRED})


@dataclass(frozen=True)
class Answer:
    """What the gate says. why: the reason in words. choice: the key of the line of the ledger that decided, if one did.

    point: the contact point to use, where the channel has one.
    """

    allowed: bool
    reason: Reason
    choice: int | None = None
    point: int | None = None

    def __bool__(self) -> bool:
        """So that who writes `if may(...)` is not let through by a no."""
        return self.allowed

    @property
    def why(self) -> str:
        """The reason in words."""
        return in_words(self.reason)


@dataclass(frozen=True)
class Asked:
    """What is asked of the gate, worked out once for a purpose and a channel.

    refusable: the customer's no counts. not_before: a grant must be younger.
    """

    purpose: Purpose
    channel: Channel
    at: dt.datetime

    @property
    def refusable(self) -> bool:
        return self.purpose.marketing or self.purpose.ground not in _NOT_REFUSED

    @property
    def confirmed(self) -> bool:
        """Whether a grant counts only once it was confirmed by a link, which an e-mail alone can carry."""
        return self.purpose.double_opt_in and self.channel == Channel.EMAIL

    @property
    def not_before(self) -> dt.datetime | None:
        return months_before(self.at, self.purpose.months) if self.purpose.months else None

    @property
    def kind(self) -> str:
        """The kind of contact point that the channel needs; "" where it needs none."""
        return POINT_KIND.get(self.channel, "")

    def asks_consent(self, law: Law, *, bought: bool) -> bool:
        """Whether this law asks for the customer's consent."""
        purpose = self.purpose
        if purpose.ground == Ground.CONSENT or purpose.ground not in law.grounds:
            return True
        if not purpose.marketing or self.channel not in law.consent_for:
            return False
        if self.channel in law.registers and not self.waits_for_register(law):
            return False
        return not (purpose.soft_opt_in and bought and self.channel in law.soft_opt_in)

    def waits_for_register(self, law: Law) -> bool:
        """Whether this law would ask no consent, were the registers that it names up to date."""
        if not self.purpose.marketing or self.purpose.ground == Ground.CONSENT:
            return False
        return not self._up_to_date.issuperset(law.registers.get(self.channel, ()))

    @cached_property
    def _up_to_date(self) -> frozenset[str]:
        return up_to_date(self.at)

    def stops(self, why: str, purpose: int | None) -> bool:
        """Whether a suppression for this reason (and purpose, or None for all) stops this."""
        if purpose is not None and purpose != self.purpose.pk:
            return False
        return why == Suppression.Why.BOUNCE or self.refusable

    def born_after(self, law: Law) -> str:
        """Whoever was born after this day (ISO) is a child in this law."""
        return born_after(law, self.at)


def is_child(birth: str, born_after: str) -> bool:
    """Whether somebody with this partial date of birth may be a child.

    Where only year or month is known, the later end counts.
    """
    return bool(birth) and (birth > born_after or birth in (born_after[:4], born_after[:7]))


def child_now(facts: Facts, at: dt.datetime) -> bool:
    """Whether the law of this customer's country may hold them to be too young to agree themselves."""
    return is_child(facts.birth, born_after(law_of(facts.country), at))


def born_after(law: Law, at: dt.datetime) -> str:
    """Whoever was born after this day (ISO) is a child in this law."""
    day = timezone.localtime(at).date()
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return dt.date(day.year - law.child, day.month, last).isoformat()


def decide(facts: Facts, asked: Asked, *, point: int | None = None) -> Answer:
    """The gate's answer from the facts: the first reason that stops it, else what allows it. Pure."""
    if facts.merged:
        return Answer(False, Reason.GONE)
    if facts.held:
        return Answer(False, Reason.HELD)
    if asked.purpose.ended_at is not None and asked.purpose.ended_at <= asked.at:
        return Answer(False, Reason.ENDED)
    if not facts.grounded:
        return Answer(False, Reason.NO_GROUND)
    law = law_of(facts.country)
    needed = asked.asks_consent(law, bought=facts.bought)
    child = (needed or asked.purpose.marketing) and is_child(facts.birth, asked.born_after(law))
    lines = _lines(facts, asked, child=child)
    stopped, reach = _reach(facts, asked, point, lines)
    if stopped is not None:
        return Answer(False, stopped)
    its_point = reach.point if reach else None
    since = listed_since(facts, asked, reach)
    found = _standing(lines, asked, its_point, since)
    if child and found.state in (State.NONE, State.ASKED):
        return Answer(False, Reason.CHILD)
    reason = _by_choice(asked, found.state, law, needed=needed or child or since is not None)
    if reason in _NO_WORD_SINCE and (since is not None or asked.waits_for_register(law)):
        return Answer(False, Reason.REGISTER_OLD if since is None else Reason.LISTED, None, its_point)
    told = found.said if reason not in (Reason.GROUND, Reason.EXISTING, Reason.NOT_OBJECTED) else None
    return Answer(reason in ALLOWING, reason, told.key if told else None, its_point)


def _by_choice(asked: Asked, state: State, law: Law, *, needed: bool) -> Reason:
    if asked.refusable and state is State.WITHDRAWN:
        return Reason.WITHDRAWN
    if needed:
        return _GRANTED[state]
    if not asked.refusable:
        return Reason.GROUND
    # Consent is asked for here, but not of somebody who bought: the reason says which of the two it is.
    return Reason.EXISTING if asked.asks_consent(law, bought=False) else Reason.NOT_OBJECTED


def _reach(
    facts: Facts, asked: Asked, point: int | None, lines: Sequence[Said]
) -> tuple[Reason | None, Reach | None]:
    """The contact point to use, or the reason why there is none."""
    some = [each for each in facts.reaches if not asked.kind or each.kind == asked.kind]
    if point is not None:
        some = [each for each in some if each.point == point]
    elif not asked.kind:
        return None, None
    if not some:
        return Reason.NO_POINT, None
    free = [each for each in some if not any(asked.stops(*stop) for stop in each.stopped)]
    if not free:
        return Reason.SUPPRESSED, None
    # Who stands in a register may be reached by what does not, or by what they agreed to since.
    clear = [each for each in free if _is_clear(each, asked, lines)] or free
    return None, _named(clear, lines) or clear[0]


def _is_clear(reach: Reach, asked: Asked, lines: Sequence[Said]) -> bool:
    since = reach.listed_since(asked.channel) if asked.purpose.marketing else None
    return since is None or any(
        each.what == GIVEN and each.point in (None, reach.point) and each.at >= since for each in lines
    )


def listed_since(facts: Facts, asked: Asked, reach: Reach | None) -> dt.datetime | None:
    """Since when a register of people who want no advertising names them: by the contact point that is used, or by any of
    theirs where the channel needs none (a letter)."""
    if not asked.purpose.marketing:
        return None
    some = [reach] if reach is not None else facts.reaches
    told = [since for each in some if (since := each.listed_since(asked.channel)) is not None]
    return max(told, default=None)


def _named(free: Sequence[Reach], lines: Sequence[Said]) -> Reach | None:
    """The contact point that the newest grant names."""
    by_point = {each.point: each for each in free}
    named = [each for each in lines if each.what == "given" and each.point in by_point]
    newest = max(named, key=lambda each: (each.at, each.key), default=None)
    return by_point[newest.point] if newest is not None and newest.point is not None else None


def _lines(facts: Facts, asked: Asked, *, child: bool) -> list[Said]:
    """What was said for this purpose and channel. A child's own yes is none: a parent's counts, and any no."""
    return [
        each
        for each in facts.lines
        if each.purpose == asked.purpose.pk
        and each.channel == asked.channel
        and each.at <= asked.at
        and (not child or each.guardian or each.what != GIVEN)
    ]


def _standing(lines: Sequence[Said], asked: Asked, point: int | None, since: dt.datetime | None) -> Standing:
    return standing(
        lines,
        point=point,
        at=asked.at,
        not_before=max((each for each in (asked.not_before, since) if each), default=None),
        confirmed=asked.confirmed,
    )


def may(
    *,
    customer: Customer,
    purpose: Purpose,
    channel: str,
    by: Actor,
    contact_point: int | None = None,
    at: dt.datetime | None = None,
    at_once: bool = False,
) -> Answer:
    """May this customer be reached for this purpose, by this channel?

    contact_point: the key of the one that is meant, else the best of those that may be used. at: the moment to
    judge, now by default. at_once: for who reaches them at that very moment, so that it must be no quiet time for them
    either. Raises NotAllowed without the right to see customers.
    """
    by.must(Right.SEE)
    asked = Asked(purpose, Channel(channel), at or timezone.now())
    answer = decide(facts_of([customer.pk], at=asked.at)[customer.pk], asked, point=contact_point)
    why = not_now(customer, answer, asked) if at_once else None
    return answer if why is None else replace(answer, allowed=False, reason=why)


def not_now(customer: Customer, answer: Answer, asked: Asked) -> Reason | None:
    """Why a customer who may be reached is not to be disturbed at the moment that was asked of; None where they may be."""
    if not answer.allowed:
        return None
    return quiet({customer.pk: (customer.country, answer.point)}, asked).get(customer.pk)
