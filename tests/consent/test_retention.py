"""What has expired goes, by the owner's rules: shown before, by the clock, and nothing that must stay."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from kartoteka.consent import expiring, retention
from kartoteka.consent.erasure import CannotForget, forget
from kartoteka.consent.holding import CannotHold, keep_for_law, let_go
from kartoteka.consent.ledger import Taken, give
from kartoteka.consent.models import Choice, Erasure, RetentionRule, RetentionRun, Tombstone
from kartoteka.consent.purposes import preset
from kartoteka.consent.removing import EVERY, run_due_retention, run_now
from kartoteka.consent.requests import receive
from kartoteka.people.editing import batch_of, change_customer, source_named
from kartoteka.people.models import Claim, Customer, Identity
from kartoteka.people.reading import sensitive_values
from kartoteka.people.recording import Arrival, record_claims
from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right
from kartoteka.trust.models import AuditEntry

pytestmark = pytest.mark.django_db
NOBODY = Actor("staff", 9, "nobody", frozenset({Right.SEE}))


def said(
    months_ago: int, *, ground: str = "consent", key: str = "", into: Customer | None = None, source: str = "letter",
    standing: str = "stated", **values: object,
) -> Customer:  # fmt: skip
    """Somebody of whom these values were said so long ago."""
    batch = batch_of(source=source_named(source), ground=ground, by=SHELL)
    at = timezone.now() - dt.timedelta(days=31 * months_ago)
    values.setdefault("name", f"{source} {key}")
    arrival = Arrival(
        key=key or f"{values}", values=values, typed=dict(values), standing=standing,
        customer=into.pk if into else None,
    )  # fmt: skip
    return Customer.objects.get(pk=record_claims(batch=batch, arrivals=[arrival], at=at).customers[0])


def rule(what: str = "customer", months: int = 24, *, on: bool = True, **more: object) -> RetentionRule:
    made = retention.add(what=what, months=months, by=SHELL, **more)  # type: ignore[arg-type]
    if on:
        retention.switch(rule=made, on=True, by=SHELL)
    return made


def alive() -> set[str]:
    return set(Customer.objects.filter(merged_into=None).values_list("name", flat=True))


def test_a_card_goes_when_nothing_younger_is_held_and_the_preview_said_so() -> None:
    said(30, key="old")
    said(3, key="new")
    said(30, ground="contract", key="bought")
    made = rule(ground="consent", on=False)
    told = retention.preview(rule=made, actor=SHELL)
    assert (told.cards, told.parted, told.claims, told.held) == (1, 0, 1, 0)
    assert [each.name for each in told.examples] == ["letter old"]
    assert not run_due_retention(), "nothing goes before it is switched on"
    retention.switch(rule=made, on=True, by=SHELL)
    assert run_due_retention()
    assert alive() == {"letter new", "letter bought"}
    run = RetentionRun.objects.get()
    assert (run.cards, run.claims) == (1, 1)
    assert run.ended_at
    gone = Erasure.objects.get()
    assert (gone.why, gone.done["cards"]) == ("rule", 1)
    others = gone.tombstones.exclude(what=Tombstone.What.WHO)
    assert not others.exists(), "they did not ask for it: whoever comes anew is taken in"
    made.refresh_from_db()
    assert made.due_at
    assert made.due_at - timezone.now() > EVERY - dt.timedelta(minutes=5)
    assert not run_due_retention()
    assert AuditEntry.objects.filter(action="ran retention rule", matter_key=str(made.pk)).exists()


def test_what_is_held_on_another_ground_stays_without_what_expired() -> None:
    anna = said(40, key="a", phones=[{"value": "+48600100200"}], birth="1980")
    said(40, ground="contract", source="shop", key="a", into=anna, name="Anna Lis")
    made = rule(ground="consent")
    told = retention.preview(rule=made, actor=SHELL)
    assert (told.cards, told.parted, told.claims) == (0, 1, 1)
    run_now(by=SHELL)
    anna.refresh_from_db()
    assert (anna.name, anna.birth, anna.phone) == ("Anna Lis", "", "")
    assert anna.contacts.count() == 0
    assert Identity.objects.filter(customer=anna).count() == 2, "what hangs on it, such as a no, stays"


def test_a_word_at_the_counter_makes_a_card_younger_and_keeps_none_by_itself() -> None:
    fresh, stale = said(40, key="fresh"), said(40, key="stale")
    change_customer(customer=fresh, changes={"birth": "1981"}, by=SHELL)
    change_customer(customer=stale, changes={"birth": "1982"}, by=SHELL)
    Claim.objects.filter(identity__customer=stale).update(at=timezone.now() - dt.timedelta(days=1200))
    rule(ground="consent")
    run_now(by=SHELL)
    assert alive() == {"letter fresh"}


def test_nobody_goes_who_must_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiring, "_active", [])
    names = ("held", "asked", "agreed", "active", "gone")
    held, asked, agreed, active, _gone = (said(40, key=name) for name in names)
    keep_for_law(customer=held, why="VII C 12/26", by=SHELL)
    receive(customer=asked, kind="access", through="call", by=SHELL, known_by="seen")
    give(
        customer=agreed, purpose=preset("marketing", by=SHELL), channel="email", taken=Taken("form"), by=SHELL
    )
    expiring.keep_while(lambda _since: Identity.objects.filter(customer=active))
    made = rule()
    # Staff took the request and the choice down on a card of their own: that is no word of the customer's record.
    told = retention.preview(rule=made, actor=SHELL)
    assert (told.cards, told.held) == (1, 4)
    run_now(by=SHELL)
    assert alive() == {f"letter {name}" for name in names[:-1]}
    assert Choice.objects.count() == 1
    let_go(customer=held, by=SHELL)
    run_now(by=SHELL)
    assert "letter held" not in alive()


def test_a_field_goes_from_old_claims_and_stays_where_it_was_told_again() -> None:
    told_again = said(40, key="again", note="likes tea", children="3", name="Ola")
    said(1, key="again", note="likes tea", name="Ola")
    old = said(40, key="old", note="was ill", children="2", name="Ewa")
    guess = said(40, key="guess", name="Jan", guessed={"sex": "m", "note": "sailor"})
    notes = rule("field:note", 24)
    told = retention.preview(rule=notes, actor=SHELL)
    assert (told.parted, told.claims) == (3, 3)
    run_now(by=SHELL)
    for each in (told_again, old, guess):
        each.refresh_from_db()
    assert told_again.more["note"] == "likes tea"
    assert "note" not in old.more
    assert "note" not in guess.more
    assert guess.sex == "m"
    assert sensitive_values([old.pk], ["children"])[old.pk]["children"] == "2"
    assert not Claim.objects.filter(typed__note="was ill").exists(), "nor what was typed"
    assert retention.preview(rule=notes, actor=SHELL).claims == 0
    rule("sensitive", 24)
    rule("kind:hypothetical", 24)
    run_now(by=SHELL)
    for each in (old, guess):
        each.refresh_from_db()
    assert "children" not in old.more
    assert guess.sex == "", "what was only guessed"
    assert old.name == "Ewa"


def test_what_has_no_ground_goes_at_once() -> None:
    spoilt = said(0, key="spoilt")
    said(0, key="fine")
    Claim.objects.filter(identity__customer=spoilt).get().batch.__class__.objects.filter(
        claims__identity__customer=spoilt
    ).update(ground="")
    rule(months=0, ground="none")
    run_now(by=SHELL)
    assert alive() == {"letter fine"}


def test_of_one_country_and_one_source_only() -> None:
    for place, country in enumerate(("PL", "FI")):
        said(40, key=f"{place}", addresses=[{"city": "X", "country": country}])
        said(40, key=f"{place}", source="fair", addresses=[{"city": "X", "country": country}])
    letter = source_named("letter")
    made = rule(country="PL", source=letter.pk)
    assert retention.preview(rule=made, actor=SHELL).cards == 1
    run_now(by=SHELL)
    assert alive() == {"letter 1", "fair 0", "fair 1"}


def test_a_hold_stands_in_the_way_of_forgetting_too() -> None:
    anna = said(1, key="a")
    with pytest.raises(CannotHold):
        keep_for_law(customer=anna, why=" ", by=SHELL)
    keep_for_law(customer=anna, why="VII C 12/26", by=SHELL)
    with pytest.raises(CannotForget):
        forget(customer=anna, by=SHELL, why="asked")
    assert forget(customer=anna, by=SHELL, why="duty").why == "duty"


def test_rules_that_cannot_be_and_who_may_make_them(settings: object) -> None:
    for wrong in ({"what": "field:name"}, {"what": "x"}, {"months": 0}, {"months": 601}, {"ground": "fun"},
                  {"country": "XX"}, {"source": 10**9}):  # fmt: skip
        with pytest.raises(retention.BadRetention):
            retention.add(**{"what": "customer", "months": 3, "by": SHELL, **wrong})
    with pytest.raises(NotAllowed):
        retention.add(what="customer", months=3, by=NOBODY)
    with pytest.raises(NotAllowed):
        retention.rules(actor=NOBODY)
    made = retention.make_presets(by=SHELL)
    assert len(made) == 7
    assert retention.make_presets(by=SHELL) == [], "once"
    assert not any(each.on_at for each in made), "seen before they do anything"
    retention.end(rule=made[0], by=SHELL)
    assert len(retention.rules(actor=SHELL)) == 6
    assert all(each.what and each.rule.why for each in retention.rules(actor=SHELL))


def test_a_killed_run_is_taken_up_and_one_under_way_is_left_alone() -> None:
    said(40, key="old")
    made = rule()
    RetentionRule.objects.filter(pk=made.pk).update(heartbeat=timezone.now())
    assert not run_due_retention()
    RetentionRule.objects.filter(pk=made.pk).update(heartbeat=timezone.now() - dt.timedelta(hours=1))
    assert run_due_retention()
    assert alive() == set()
