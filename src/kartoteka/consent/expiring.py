"""What has expired by a rule: cards that go whole, claims that go from cards that stay, claims that lose some fields.

A card goes when all that is held of the customer falls under the rule and none of it is younger than the period. Where
something else is held of them (another ground, another source), only the claims under the rule go. What staff wrote
belongs to whatever the customer is held for: it makes them younger, and never keeps a card by itself.

Nobody goes who is under a legal hold, waits for an answer, agreed to something since, or is known as active by a floor
above (`keep_while`).
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kartoteka.people.catalogue import Field, Kind
from kartoteka.people.checking import fields
from kartoteka.people.models import Claim, Customer, Ground
from kartoteka.people.record import GUESSED

from .facts import STAFF
from .holding import held_now
from .models import Choice, PrivacyRequest, RetentionRule
from .standing import months_before

CUSTOMER, SENSITIVE, KIND, FIELD = "customer", "sensitive", "kind:", "field:"
NO_GROUND = "none"

_active: list[Callable[[dt.datetime], "QuerySet[Any]"]] = []


def keep_while(query: Callable[[dt.datetime], "QuerySet[Any]"]) -> None:
    """Have no rule take the card of whom this query names: who was active since the moment it is given, as rows with a
    `customer_id`. Called from an app's `ready()`."""
    if query not in _active:
        _active.append(query)


def catalogue_of(what: str) -> list[Field]:
    """The fields that `what` of a rule stands for; none for the whole card. A name is nothing by itself, and is never
    taken off a card that stays."""
    known = [each for each in fields().values() if each.group != "name"]
    if what == SENSITIVE:
        return [each for each in known if each.sensitive]
    if what.startswith(KIND):
        return [each for each in known if each.kind == what.removeprefix(KIND)]
    return [each for each in known if each.key == what.removeprefix(FIELD)] if what.startswith(FIELD) else []


@dataclass(frozen=True)
class Expired:
    """What has expired by a rule at a moment, as queries."""

    rule: RetentionRule
    at: dt.datetime

    @property
    def before(self) -> dt.datetime:
        """What was last said before this moment has expired."""
        return months_before(self.at, self.rule.months)

    @property
    def whole(self) -> bool:
        """Whether the rule is about cards, not fields."""
        return self.rule.what == CUSTOMER

    @property
    def _scoped(self) -> bool:
        return bool(self.rule.ground or self.rule.source_id)

    def _under(self) -> Q:
        """The claims under the rule."""
        found = Q()
        if self.rule.ground == NO_GROUND:
            found &= ~Q(batch__ground__in=Ground.values)
        elif self.rule.ground:
            found &= Q(batch__ground=self.rule.ground)
        if self.rule.source_id:
            found &= Q(identity__source=self.rule.source_id)
        return found & ~Q(identity__source__kind=STAFF) if self._scoped else found

    def _claims(self, whose: Any) -> QuerySet[Claim]:
        return Claim.objects.filter(identity__customer=whose)

    def _everybody(self) -> QuerySet[Customer]:
        rows = Customer.objects.filter(merged_into=None)
        return rows.filter(country=self.rule.country) if self.rule.country else rows

    def due(self) -> QuerySet[Customer]:
        """Those of whom all that falls under the rule is older than the period, held back or not."""
        if not self._scoped:
            # What nobody has said anything of since; the list's index tells who.
            return self._everybody().filter(heard_at__lt=self.before)
        claims = self._claims(OuterRef("pk"))
        younger = claims.filter(at__gte=self.before).filter(self._under() | Q(identity__source__kind=STAFF))
        return self._everybody().filter(Exists(claims.filter(self._under())), ~Exists(younger))

    def _kept_back(self) -> Q:
        """Those of the due who stay all the same."""
        given = Choice.objects.filter(
            identity__customer=OuterRef("pk"), what=Choice.What.GIVEN, at__gte=self.before
        )
        waiting = PrivacyRequest.objects.filter(identity__customer=OuterRef("pk"), ended_at=None)
        kept = Q(Exists(held_now().filter(customer=OuterRef("pk")))) | Q(Exists(given)) | Q(Exists(waiting))
        for query in _active:
            kept |= Q(Exists(query(self.before).filter(customer_id=OuterRef("pk"))))
        return kept

    def kept_back(self) -> QuerySet[Customer]:
        """Those who are due, and stay all the same."""
        if not self.whole:
            rows = self.fading(held=True).values("identity__customer")
            return Customer.objects.filter(pk__in=rows)
        return self.due().filter(self._kept_back())

    def cards(self) -> QuerySet[Customer]:
        """Those whose card goes."""
        rows = self.due().exclude(self._kept_back())
        if not self._scoped:
            return rows
        else_held = self._claims(OuterRef("pk")).exclude(self._under()).exclude(identity__source__kind=STAFF)
        return rows.exclude(Exists(else_held))

    def parted(self) -> QuerySet[Customer]:
        """Those who stay, on another ground or known from another source, and of whom the claims under the rule go."""
        if not self._scoped:
            return Customer.objects.none()
        else_held = self._claims(OuterRef("pk")).exclude(self._under()).exclude(identity__source__kind=STAFF)
        return self.due().exclude(self._kept_back()).filter(Exists(else_held))

    def going(self, customers: Any) -> QuerySet[Claim]:
        """The claims under the rule of these customers (keys, or a query of them)."""
        return Claim.objects.filter(self._under(), identity__customer__in=customers)

    def keys(self) -> frozenset[str]:
        """The fields that expire, where the rule is about fields."""
        return frozenset(each.key for each in catalogue_of(self.rule.what))

    def fading(self, *, held: bool = False) -> QuerySet[Claim]:
        """The claims that lose fields; with `held` those that would, were their customer not under a hold."""
        rows = Claim.objects.filter(self._under(), at__lt=self.before).filter(self._telling())
        if self.rule.country:
            rows = rows.filter(identity__customer__country=self.rule.country)
        on_hold = Exists(held_now().filter(customer=OuterRef("identity__customer")))
        return rows.filter(on_hold) if held else rows.exclude(on_hold)

    def _telling(self) -> Q:
        keys = sorted(self.keys())
        told = Q(values__has_any_keys=keys) | Q(typed__has_any_keys=keys) if keys else Q(pk__in=[])
        for key in keys:
            told |= Q(**{f"values__{GUESSED}__has_key": key})
        if self.guesses:
            told |= Q(values__has_key=GUESSED) | (Q(standing=Claim.Standing.DERIVED) & ~Q(values={}))
        return told

    @property
    def guesses(self) -> bool:
        """Whether what we worked out ourselves expires by it, whichever field it is."""
        return self.rule.what == f"{KIND}{Kind.HYPOTHETICAL}"

    def left_of(self, values: dict[str, Any], standing: str) -> dict[str, Any]:
        """What stays of a claim's values."""
        return dict(self._left(values, standing))

    def _left(self, values: dict[str, Any], standing: str) -> Iterator[tuple[str, Any]]:
        if self.guesses and standing == Claim.Standing.DERIVED:
            return
        gone = self.keys()
        for key, value in values.items():
            if key == GUESSED:
                rest = {} if self.guesses else {one: said for one, said in value.items() if one not in gone}
                if rest:
                    yield key, rest
            elif key not in gone:
                yield key, value
