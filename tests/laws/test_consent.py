"""The laws of consent: order means nothing, twice is once, the stricter wins, a split restores, one gate is the other."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kartoteka.consent import ledger, purposes
from kartoteka.consent.facts import facts_of
from kartoteka.consent.gate import Answer, Asked, decide
from kartoteka.consent.models import Channel, Choice, Listed, Purpose, Register, Settling, Suppression
from kartoteka.consent.narrowing import allowed, point_to_use
from kartoteka.consent.passing import may_all
from kartoteka.consent.reasons import Reason
from kartoteka.consent.standing import GIVEN, WITHDRAWN, Said, State, standing
from kartoteka.people.models import ContactPoint, Customer, Identity
from kartoteka.quality.merging import merge, split
from kartoteka.trust.actor import SHELL
from tests import make

# A failing base is not made smaller: that takes longer than reading it.
QUICK = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
NOW = timezone.now().replace(microsecond=0)
MOMENTS = st.integers(0, 900).map(lambda days: NOW - dt.timedelta(days=days))


@st.composite
def lines(draw: st.DrawFn) -> list[Said]:
    count = draw(st.integers(0, 8))
    found = [
        Said(
            key=key,
            identity=draw(st.integers(1, 3)),
            purpose=1,
            channel="email",
            what=draw(st.sampled_from(["given", "withdrawn", "asked"])),
            at=draw(MOMENTS),
            point=draw(st.sampled_from([None, None, 1, 2])),
            confirmed=draw(st.booleans()),
        )
        for key in range(count)
    ]
    settlers = st.lists(st.integers(0, 8), max_size=2).map(frozenset)
    return [replace(each, settled_by=draw(settlers) - {each.key}) for each in found]


ASKS = st.fixed_dictionaries(
    {
        "point": st.sampled_from([None, 1, 2]),
        "at": MOMENTS,
        "not_before": st.one_of(st.none(), MOMENTS),
        "confirmed": st.booleans(),
    }
)


@given(lines(), ASKS, st.randoms())
def test_the_order_of_lines_means_nothing(some: list[Said], ask: dict[str, Any], chance: Any) -> None:
    mixed = list(some)
    chance.shuffle(mixed)
    assert standing(mixed, **ask) == standing(some, **ask)


@given(lines(), ASKS)
def test_twice_is_once(some: list[Said], ask: dict[str, Any]) -> None:
    assert standing([*some, *some], **ask) == standing(some, **ask)


@given(lines(), lines(), ASKS)
def test_the_stricter_wins_when_two_become_one(
    ours: list[Said], theirs: list[Said], ask: dict[str, Any]
) -> None:
    """Nobody who could not be written to can be after a merger, but for a no of nobody else's."""
    theirs = [
        replace(each, key=each.key + 100, identity=each.identity + 10, settled_by=frozenset())
        for each in theirs
    ]
    apart = (standing(ours, **ask).state, standing(theirs, **ask).state)
    together = standing([*ours, *theirs], **ask).state
    if State.WITHDRAWN in apart:
        assert together is State.WITHDRAWN
    elif State.GIVEN in apart:
        assert together is State.GIVEN
    else:
        assert together in apart


@given(lines(), ASKS)
def test_a_newer_no_of_anybody_always_holds(some: list[Said], ask: dict[str, Any]) -> None:
    last = Said(key=99, identity=1, purpose=1, channel="email", what=WITHDRAWN, at=ask["at"])
    assert standing([*some, last], **ask).state is State.WITHDRAWN
    assert (
        standing([*some, last, replace(last, key=100, what=GIVEN)], **{**ask, "at": ask["at"]}).state in State
    )


POINTS = ("a@example.com", "b@example.com", "c@example.com")
CHOICES = st.fixed_dictionaries(
    {
        "identity": st.integers(0, 5),
        "what": st.sampled_from(["given", "given", "withdrawn", "asked"]),
        "at": MOMENTS,
        "point": st.sampled_from([None, None, *POINTS]),
        "confirmed": st.booleans(),
        "guardian": st.sampled_from(["", "", "Ewa Lis"]),
    }
)
PURPOSES = st.fixed_dictionaries(
    {
        "ground": st.sampled_from(["consent", "legitimate_interest", "contract", "public_task"]),
        "marketing": st.booleans(),
        "soft_opt_in": st.booleans(),
        "double_opt_in": st.booleans(),
        "months": st.sampled_from([0, 6, 12]),
    }
)
STOPS = st.fixed_dictionaries(
    {
        "point": st.sampled_from(POINTS),
        "why": st.sampled_from(Suppression.Why.values),
        "own": st.booleans(),
        "at": MOMENTS,
        "ended_at": st.one_of(st.none(), MOMENTS),
    }
)
LISTED = st.fixed_dictionaries(
    {"point": st.sampled_from(POINTS), "of": st.sampled_from(["email", "post", "sms"]), "since": MOMENTS}
)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "emails": st.lists(st.sampled_from(POINTS), max_size=2, unique=True),
            "birth": st.sampled_from(["", "1985-04-03", "2012", "2010-06", "2011-05-05", "--04-03"]),
            "country": st.sampled_from(["", "PL", "FI", "GB", "ZA", "PH", "MY", "DE"]),
            "ground": st.sampled_from(["contract", "consent"]),
            "staff": st.booleans(),
        }
    ),
    min_size=1,
    max_size=4,
)


def purpose_like(knobs: dict[str, Any], key: str) -> Purpose:
    return purposes.add(names={"en": key}, key=key, balancing="It is little.", by=SHELL, **knobs)


class Gates(TestCase):
    def _people(self, some: list[dict[str, Any]]) -> list[Customer]:
        found = []
        for place, each in enumerate(some):
            batch = purposes_batch(each["ground"], staff=each["staff"])
            values: dict[str, Any] = {"key": f"{place}", "name": f"Anna {place}", "birth": each["birth"]}
            if each["emails"]:
                values["emails"] = [{"value": value} for value in each["emails"]]
            made = make.claims(values, into=batch)
            Customer.objects.filter(pk=made.customers[0]).update(country=each["country"])
            found.append(Customer.objects.get(pk=made.customers[0]))
        return found

    @QUICK
    @given(
        PEOPLE,
        PURPOSES,
        st.lists(CHOICES, max_size=8),
        st.lists(STOPS, max_size=3),
        st.lists(LISTED, max_size=3),
        st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=3),
        st.sampled_from(["email", "email", "sms", "post"]),
        st.one_of(st.just(NOW), MOMENTS),
        st.booleans(),
    )
    def test_both_gates_give_the_same_answers(
        self,
        people: Any,
        knobs: Any,
        choices: Any,
        stops: Any,
        listed: Any,
        settled: Any,
        channel: str,
        at: Any,
        merged: bool,
    ) -> None:
        customers = self._people(people)
        points = {
            value: ContactPoint.objects.get_or_create(kind="email", value=value)[0].pk for value in POINTS
        }
        purpose = purpose_like(knobs, "news")
        identities = list(Identity.objects.order_by("pk").values_list("pk", flat=True))
        identities += [
            Identity.objects.create(
                source_id=Identity.objects.all()[0].source_id, key=f"more {place}", customer=each, made_at=NOW
            ).pk
            for place, each in enumerate(customers)
        ]
        written = [
            Choice.objects.create(
                identity_id=identities[each["identity"] % len(identities)],
                purpose=purpose,
                channel=channel,
                what=each["what"],
                at=each["at"],
                point_id=points.get(each["point"]),
                confirmed=each["confirmed"],
                guardian=each["guardian"],
                how="form",
                by_kind="shell",
                by_name="",
                written_at=NOW,
            )
            for each in choices
        ]
        for one, other in set(settled):
            if one != other and max(one, other) < len(written):
                Settling.objects.create(choice=written[one], settled=written[other])
        for each in stops:
            Suppression.objects.create(
                point_id=points[each["point"]],
                why=each["why"],
                purpose=purpose if each["own"] else None,
                at=each["at"],
                ended_at=each["ended_at"],
                by_kind="shell",
                by_name="",
            )
        for each in listed:
            register, _new = Register.objects.get_or_create(key=each["of"], channels=[each["of"]])
            Listed.objects.get_or_create(
                point_id=points[each["point"]], register=register, defaults={"since": each["since"]}
            )
        if merged and len(customers) > 1:
            merge(kept=customers[0], gone=customers[1], by=SHELL)
        asked = Asked(purpose, Channel(channel), at)
        keys = [each.pk for each in customers]
        one_by_one = {key: decide(facts, asked) for key, facts in facts_of(keys, at=at).items()}
        together = may_all(
            customers=Customer.objects.filter(pk__in=keys), purpose=purpose, channel=channel, at=at, by=SHELL,
        )  # fmt: skip
        assert together.points == {key: each.point for key, each in one_by_one.items() if each.allowed}
        told: dict[Reason, int] = {}
        for answer in one_by_one.values():
            told[answer.reason] = told.get(answer.reason, 0) + 1
        assert dict(together.reasons) == told
        assert (
            may_all(customers=keys, purpose=purpose, channel=channel, at=at, by=SHELL).points
            == together.points
        )
        rows = allowed(Customer.objects.filter(pk__in=keys), asked).annotate(point=point_to_use(asked))
        assert dict(rows.values_list("pk", "point")) == together.points

    @QUICK
    @given(
        st.lists(st.tuples(st.integers(0, 1), st.booleans()), max_size=5),
        st.lists(st.booleans(), max_size=3),
    )
    def test_a_merger_is_strict_and_a_split_restores_each(self, before: Any, between: Any) -> None:
        anna, ania = make.person("Anna", "Lis", email=POINTS[0]), make.person("Ania", "Lis", email=POINTS[1])
        purpose = purposes.preset("marketing", by=SHELL)
        taken = ledger.Taken(how="counter")
        for whose, yes in before:
            say(customer=(anna, ania)[whose], purpose=purpose, yes=yes, taken=taken)
        apart = [answer(each, purpose) for each in (anna, ania)]
        merger = merge(kept=anna, gone=ania, by=SHELL)
        merged = answer(anna, purpose)
        if Reason.WITHDRAWN in (each.reason for each in apart):
            assert merged.reason is Reason.WITHDRAWN
        elif Reason.GIVEN in (each.reason for each in apart):
            assert merged.reason is Reason.GIVEN
        for yes in between:
            say(customer=anna, purpose=purpose, yes=yes, taken=taken)
            assert answer(anna, purpose).reason is (Reason.GIVEN if yes else Reason.WITHDRAWN)
        split(merger=merger, by=SHELL)
        ania = Customer.objects.get(pk=ania.pk)
        if not between:
            assert [answer(each, purpose) for each in (anna, ania)] == apart
        elif False in between:
            # Said while they were one: nobody knows whose no it was, so it is both's.
            assert answer(ania, purpose).reason is Reason.WITHDRAWN
        else:
            # A yes said while they were one is nobody's but the one's on whose card it was said.
            assert answer(ania, purpose) == apart[1]


def purposes_batch(ground: str, *, staff: bool) -> Any:
    from kartoteka.people.editing import batch_of, source_named, staff_source

    source = staff_source() if staff else source_named(f"shop {ground}")
    return batch_of(source=source, ground=ground, by=SHELL)


def say(*, customer: Customer, purpose: Purpose, yes: bool, taken: ledger.Taken) -> None:
    verb = ledger.give if yes else ledger.withdraw
    verb(customer=customer, purpose=purpose, channel="email", taken=taken, by=SHELL)


def answer(customer: Customer, purpose: Purpose) -> Answer:
    at = timezone.now()
    return decide(facts_of([customer.pk], at=at)[customer.pk], Asked(purpose, Channel.EMAIL, at))
