"""Retention rules: the owner's own list of how long what is kept, with the usual ones of their country to begin with.

A rule shows what it would take before it is switched on; switched on, the clock runs it every day (removing.py).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.people.catalogue import KIND_NAMES, Kind, Text
from kartoteka.people.checking import fields
from kartoteka.people.models import Customer, Ground, Source
from kartoteka.people.veil import veiled
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .countries import LAWS, law_of
from .expiring import CUSTOMER, FIELD, KIND, NO_GROUND, SENSITIVE, Expired
from .models import RetentionRule, RetentionRun

_MOST_MONTHS = 600
_EXAMPLES = 5
_WHOLE = gettext_lazy("The whole card")
_SENSITIVE = gettext_lazy("Sensitive fields")
GROUNDLESS = gettext_lazy("without any ground")


class BadRetention(ValueError):
    """A rule cannot be so. `field` names what to change, the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Preview:
    """What a rule would take now. cards: that go whole. parted: cards that stay, without what falls under the rule.
    claims: facts' claims that go or lose fields. held: who is due and stays (legal hold, open request, active since).
    examples: some of whom it is."""

    cards: int
    parted: int
    claims: int
    held: int
    examples: tuple[Customer, ...]


@dataclass(frozen=True)
class RuleNow:
    """A rule with its last run, if it ever ran."""

    rule: RetentionRule
    last: RetentionRun | None

    @property
    def what(self) -> str:
        """What it is about, in words."""
        return what_in_words(self.rule.what)

    @property
    def ground(self) -> str:
        """On which ground, in words; "" for any."""
        return ground_in_words(self.rule.ground)


def what_choices() -> list[tuple[str, Text]]:
    """What a rule can be about."""
    kinds = [(KIND + kind, KIND_NAMES[kind]) for kind in Kind if kind is not Kind.SEMANTIC]
    single = [(FIELD + key, each.label) for key, each in fields().items() if each.group != "name"]
    return [(CUSTOMER, _WHOLE), (SENSITIVE, _SENSITIVE), *kinds, *single]


def what_in_words(what: str) -> str:
    """What a rule is about, for a person to read."""
    return str(dict(what_choices()).get(what, what.partition(":")[2]))


def ground_in_words(ground: str) -> str:
    """The ground of a rule, for a person to read; "" for any."""
    return str({**dict(Ground.choices), NO_GROUND: GROUNDLESS}.get(ground, ""))


def ground_choices() -> list[tuple[str, Text]]:
    """The grounds a rule can be about."""
    return [("", gettext_lazy("any")), *Ground.choices, (NO_GROUND, GROUNDLESS)]


def rules(*, actor: Actor) -> list[RuleNow]:
    """The rules that stand, on or off, in the order they were made. Raises NotAllowed."""
    actor.must(Right.PRIVACY)
    found = RetentionRule.objects.filter(ended_at=None).select_related("source").prefetch_related("runs")
    return [RuleNow(each, next(iter(each.runs.all()), None)) for each in found]


def rule_of(*, actor: Actor, key: int) -> RuleNow | None:
    """One rule that stands. Raises NotAllowed."""
    return next((each for each in rules(actor=actor) if each.rule.pk == key), None)


def rules_on() -> list[RetentionRule]:
    """The rules that the clock runs: what the policy tells of how long things are kept."""
    return list(RetentionRule.objects.filter(ended_at=None, on_at__isnull=False).select_related("source"))


def sources_to_choose(*, actor: Actor) -> Sequence[Source]:
    """The sources a rule can be about. Raises NotAllowed."""
    actor.must(Right.PRIVACY)
    return list(Source.objects.all()[:500])


def preview(*, rule: RetentionRule, actor: Actor) -> Preview:
    """What this rule would take now, counted, with some examples. Changes nothing. Raises NotAllowed."""
    actor.must(Right.PRIVACY)
    expired = Expired(rule, timezone.now())
    seen = Customer.objects.visible_to(actor)
    if expired.whole:
        cards, parted = expired.cards(), expired.parted()
        examples = list(seen.filter(pk__in=cards.values("pk")).order_by("heard_at")[:_EXAMPLES])
        examples += seen.filter(pk__in=parted.values("pk")).order_by("heard_at")[: _EXAMPLES - len(examples)]
        claims = expired.going(cards.values("pk")).count() + expired.going(parted.values("pk")).count()
        counts = (cards.count(), parted.count(), claims)
    else:
        fading = expired.fading()
        examples = list(seen.filter(identities__claims__in=fading.values("pk")).distinct()[:_EXAMPLES])
        counts = (0, fading.values("identity__customer").distinct().count(), fading.count())
    held = expired.kept_back().count()
    return Preview(*counts, held, tuple(veiled(each, actor) for each in examples))


def add(
    *,
    what: str,
    months: int,
    by: Actor,
    ground: str = "",
    source: int = 0,
    country: str = "",
    why: str = "",
) -> RetentionRule:
    """A new rule, switched off. months: since the last word of what falls under it, 0 to 600.

    Raises BadRetention, NotAllowed."""
    by.must(Right.PRIVACY)
    if what not in dict(what_choices()):
        raise BadRetention("what", _("Choose what the rule is about."))
    if ground not in ("", NO_GROUND, *Ground.values):
        raise BadRetention("ground", _("Choose the ground, or any."))
    if not (1 if ground != NO_GROUND else 0) <= months <= _MOST_MONTHS:
        raise BadRetention("months", _("Write a number of months from 1 to 600."))
    if country and country not in LAWS:
        raise BadRetention("country", _("Choose one of the countries, or any."))
    if source and not Source.objects.filter(pk=source).exists():
        raise BadRetention("source", _("Choose one of the sources, or any."))
    with transaction.atomic():
        made = RetentionRule.objects.create(
            what=what,
            ground=ground,
            source_id=source or None,
            country=country,
            months=months,
            why=why.strip()[:300],
            made_at=timezone.now(),
            **by.as_columns,
        )
        note(by=by, action="added retention rule", matter="retention", key=made.pk, detail=_told(made))
    return made


def make_presets(*, by: Actor) -> list[RetentionRule]:
    """The usual rules of the business's own country, switched off, those of them that are not there yet."""
    there: set[tuple[Any, ...]] = set(
        RetentionRule.objects.filter(ended_at=None).values_list("what", "ground", "source", "country")
    )
    wanted = [each for each in _presets() if (each["what"], each.get("ground", ""), None, "") not in there]
    return [add(by=by, **each) for each in wanted]


def _presets() -> list[dict[str, Any]]:
    law = law_of(settings.KARTOTEKA.country)
    claims = law.claims_law or law.limit
    return [
        {"what": CUSTOMER, "ground": NO_GROUND, "months": 0, "why": law.limit},
        {"what": CUSTOMER, "ground": Ground.CONSENT.value, "months": 24, "why": law.limit},
        {"what": CUSTOMER, "ground": Ground.LEGITIMATE_INTEREST.value, "months": 24, "why": law.limit},
        {"what": CUSTOMER, "ground": Ground.CONTRACT.value, "months": law.claims_months, "why": claims},
        {"what": SENSITIVE, "months": 24, "why": law.limit},
        {"what": KIND + Kind.HYPOTHETICAL, "months": 12, "why": law.limit},
        {"what": FIELD + "note", "months": 36, "why": law.limit},
    ]


def switch(*, rule: RetentionRule, on: bool, by: Actor) -> None:
    """Have the clock run this rule from now on, every day; or no more. Raises NotAllowed."""
    by.must(Right.PRIVACY)
    now = timezone.now()
    with transaction.atomic():
        moved = RetentionRule.objects.filter(pk=rule.pk, ended_at=None, on_at__isnull=on).update(
            on_at=now if on else None, due_at=now if on else None, heartbeat=None
        )
        if moved:
            action = "switched retention rule on" if on else "switched retention rule off"
            note(by=by, action=action, matter="retention", key=rule.pk, detail=_told(rule))


def end(*, rule: RetentionRule, by: Actor) -> None:
    """Take the rule off the list; what it took stays gone. Raises NotAllowed."""
    by.must(Right.PRIVACY)
    with transaction.atomic():
        standing = RetentionRule.objects.filter(pk=rule.pk, ended_at=None)
        if standing.update(ended_at=timezone.now(), on_at=None, due_at=None):
            note(by=by, action="ended retention rule", matter="retention", key=rule.pk, detail=_told(rule))


def _told(rule: RetentionRule) -> dict[str, object]:
    return {"what": rule.what, "ground": rule.ground, "months": rule.months, "country": rule.country}


def as_data(*, actor: Actor) -> list[dict[str, Any]]:
    """Every rule with what it would take now, for programs. Raises NotAllowed."""
    return [rule_as_data(each, actor=actor) for each in rules(actor=actor)]


def rule_as_data(each: RuleNow, *, actor: Actor) -> dict[str, Any]:
    """One rule with what it would take now. Examples are card numbers."""
    told = preview(rule=each.rule, actor=actor)
    last: dt.datetime | None = each.last.begun_at if each.last else None
    return {
        "id": each.rule.pk,
        "what": each.rule.what,
        "ground": each.rule.ground,
        "source": each.rule.source.name if each.rule.source else "",
        "country": each.rule.country,
        "months": each.rule.months,
        "why": each.rule.why,
        "on": each.rule.on_at is not None,
        "last_run": last,
        "would_go": {
            "cards": told.cards,
            "parted": told.parted,
            "claims": told.claims,
            "held": told.held,
            "examples": [one.card for one in told.examples],
        },
    }
