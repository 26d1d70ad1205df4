"""Running the retention rules: what has expired is removed, some hundred cards at a time, by the worker's clock.

The rule's row is the truth: it says when it is due, and is asked anew in every step, so that a run that was killed, a hold
that was put on meanwhile or a rule that was switched off all come right by themselves.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from kartoteka.kit import bulk
from kartoteka.kit.news import announce
from kartoteka.people.models import Claim
from kartoteka.people.news import CustomersChanged
from kartoteka.people.recording import refresh
from kartoteka.people.rules import hidden_fields
from kartoteka.people.sealing import open_typed, sealed_texts
from kartoteka.trust.actor import SYSTEM, Actor, Right
from kartoteka.trust.audit import note
from kartoteka.trust.personal_keys import is_sealed

from .erasure import forget_expired
from .expiring import Expired
from .models import RetentionRule, RetentionRun

EVERY = dt.timedelta(days=1)
LEFT_AFTER = dt.timedelta(minutes=10)
_CARDS_AT_ONCE = 100
_CLAIMS_AT_ONCE = 2000


def run_due_retention() -> bool:
    """Run one rule that is due, to its end; whether there was one."""
    now = timezone.now()
    free = Q(heartbeat=None) | Q(heartbeat__lt=now - LEFT_AFTER)
    rule = RetentionRule.objects.filter(free, due_at__lte=now).order_by("due_at", "pk").first()
    if rule is None:
        return False
    taken = RetentionRule.objects.filter(pk=rule.pk, due_at=rule.due_at, heartbeat=rule.heartbeat)
    if taken.update(heartbeat=now):
        carry_out(rule, by=SYSTEM)
    return True


def under_way() -> bool:
    """Whether a worker is at a rule now."""
    return RetentionRule.objects.filter(heartbeat__gte=timezone.now() - LEFT_AFTER).exists()


def run_now(*, by: Actor) -> list[RetentionRun]:
    """Run every rule that is switched on, whether it is due or not. Raises NotAllowed."""
    by.must(Right.PRIVACY)
    found = RetentionRule.objects.filter(ended_at=None, on_at__isnull=False)
    return [carry_out(rule, by=by) for rule in found.order_by("pk")]


def carry_out(rule: RetentionRule, *, by: Actor) -> RetentionRun:
    """Remove all that has expired by this rule; the run with its counts. Raises NotAllowed."""
    by.must(Right.PRIVACY)
    run = RetentionRun.objects.create(rule=rule, begun_at=timezone.now())
    expired = Expired(rule, run.begun_at)
    steps = (_forget_some, _part_some) if expired.whole else (_fade_some,)
    for step in steps:
        while step(expired, run, by):
            pass
    now = timezone.now()
    RetentionRun.objects.filter(pk=run.pk).update(ended_at=now)
    RetentionRule.objects.filter(pk=rule.pk).update(heartbeat=None)
    RetentionRule.objects.filter(pk=rule.pk, on_at__isnull=False).update(due_at=now + EVERY)
    run.refresh_from_db()
    if run.cards or run.claims:
        detail = {"cards": run.cards, "claims": run.claims, "what": rule.what, "months": rule.months}
        note(by=by, action="ran retention rule", matter="retention", key=rule.pk, detail=detail)
    return run


def _still_on(expired: Expired) -> bool:
    """Whether the rule stands, asked inside each step; and that somebody is at it, for other workers."""
    standing = RetentionRule.objects.filter(pk=expired.rule.pk, ended_at=None, on_at__isnull=False)
    return bool(standing.update(heartbeat=timezone.now()))


def _forget_some(expired: Expired, run: RetentionRun, by: Actor) -> bool:
    """Forget some of those whose card goes; whether there may be more."""
    with transaction.atomic():
        bulk.be_the_writer()
        if not _still_on(expired):
            return False
        some = list(expired.cards().order_by("pk").values_list("pk", flat=True)[:_CARDS_AT_ONCE])
        if some:
            claims = Claim.objects.filter(identity__customer__in=some).count()
            forget_expired(customers=some, by=by)
            _count(run, cards=len(some), claims=claims)
    return len(some) == _CARDS_AT_ONCE


def _part_some(expired: Expired, run: RetentionRun, by: Actor) -> bool:
    """Take the claims under the rule from some of those who stay; whether there may be more."""
    del by  # the run as a whole is written down, not each card that stays
    with transaction.atomic():
        bulk.be_the_writer()
        if not _still_on(expired):
            return False
        some = list(expired.parted().order_by("pk").values_list("pk", flat=True)[:_CARDS_AT_ONCE])
        claims = list(expired.going(some).values_list("pk", flat=True))
        bulk.delete(Claim, by="id", among=claims)
        _changed(some)
        _count(run, claims=len(claims))
    return len(some) == _CARDS_AT_ONCE


def _fade_some(expired: Expired, run: RetentionRun, by: Actor) -> bool:
    """Take the fields of the rule out of some claims; whether there may be more."""
    del by
    with transaction.atomic():
        bulk.be_the_writer()
        if not _still_on(expired):
            return False
        columns = ("pk", "values", "typed", "standing", "identity__customer", "identity")
        some = list(expired.fading().order_by("pk").values_list(*columns)[:_CLAIMS_AT_ONCE])
        typed = open_typed([each[2] for each in some])
        left = [
            (expired.left_of(values, standing), _typed_left(expired, its))
            for (_key, values, _typed, standing, *_whose), its in zip(some, typed, strict=True)
        ]
        # What was sealed as a whole is sealed again without what went.
        shut = [place for place, each in enumerate(some) if is_sealed(each[2])]
        again = sealed_texts(
            [(some[place][5], *left[place]) for place in shut], hidden_fields() if shut else set()
        )
        texts = [(bulk.json(values), bulk.json(its)) for values, its in left]
        for place, text in zip(shut, again, strict=True):
            texts[place] = text
        bulk.update(
            Claim, ("values", "typed"), [(*text, each[0]) for text, each in zip(texts, some, strict=True)]
        )
        _changed([each[4] for each in some])
        _count(run, claims=len(some))
    return len(some) == _CLAIMS_AT_ONCE


def _typed_left(expired: Expired, typed: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in typed.items() if key not in expired.keys()}  # noqa: SIM118


def _changed(customers: list[int]) -> None:
    touched = sorted(set(customers))
    refresh(touched)
    if touched:
        announce(CustomersChanged(customers=tuple(touched)))


def _count(run: RetentionRun, *, cards: int = 0, claims: int = 0) -> None:
    RetentionRun.objects.filter(pk=run.pk).update(cards=F("cards") + cards, claims=F("claims") + claims)
