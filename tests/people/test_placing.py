"""Stages: who sees whom, handing over, what joining and separating do to where customers stand."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kartoteka.people import placing, recounting
from kartoteka.people.card import card_of, find_customer
from kartoteka.people.editing import create_customer
from kartoteka.people.listing import Wish
from kartoteka.people.looking_up import look_up
from kartoteka.people.models import Customer, Placement, Recount
from kartoteka.people.placing import CannotHandOver, Place, first_stages, hand_over, set_first_stages
from kartoteka.people.recounting import run_due_recount
from kartoteka.people.search import find as finding
from kartoteka.people.search.find import find
from kartoteka.quality.merging import merge, split
from kartoteka.trust.actor import SHELL, Actor, NotAllowed
from kartoteka.trust.models import Staff
from kartoteka.trust.roles import use_preset
from kartoteka.trust.teams import remove_team, save_team
from tests import make


def seller(name: str = "sela", *stages: str) -> tuple[Actor, int]:
    """A salesperson in a team that works on these stages."""
    use_preset(name="floor", by=SHELL)
    staff = Staff.objects.create_user(email=f"{name}@example.com", name=name, role="sales")
    team = save_team(team=None, name=name, stages=stages or ("sell",), staff=[staff.pk], by=SHELL)
    return Staff.objects.get(pk=staff.pk).actor, team.pk


def seen(by: Actor) -> set[int]:
    return set(Customer.objects.visible_to(by).values_list("pk", flat=True))  # type: ignore[attr-defined]


def where(customer: Customer) -> Place:
    customer.refresh_from_db()
    return Place(customer.stage, customer.team_id, customer.member_id)


@pytest.mark.django_db
def test_without_teams_nobody_has_a_stage() -> None:
    anna = make.person("Anna", "Nowak")
    assert where(anna) == Place()
    staff = Staff.objects.create_user(email="s@example.com", name="s", role="staff")
    assert seen(staff.actor) == {anna.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_with_the_first_team_whoever_is_there_gets_a_stage(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where new customers of their source start, and of several sources the latest; piece by piece, by the worker."""
    monkeypatch.setattr(recounting, "CHUNK", 2)
    plain = [make.customer(source="shop", key=f"s{n}", name=f"Anna {n}") for n in range(count)]
    sold = [make.customer(source="deals", key=f"d{n}", name=f"Ola {n}") for n in range(count)]
    both = merge(
        kept=make.customer(source="shop", key="b", name="Jan Lis"),
        gone=make.customer(source="deals", key="b", name="Jan Lis"),
        by=SHELL,
    )
    deals = next(each.pk for each in first_stages(actor=SHELL) if each.name == "deals")
    set_first_stages(stages={deals: "sell"}, by=SHELL)
    by, _team = seller()
    assert seen(by) == set(), "nothing is written while the owner waits"
    while run_due_recount():
        pass
    assert [where(each) for each in plain] == [Place("attract")] * count
    assert seen(by) == {each.pk for each in sold} | {both.kept_id}
    assert not Placement.objects.exists(), "nobody was handed over"
    split(merger=both, by=SHELL)
    assert where(Customer.objects.get(pk=both.gone_id)) == Place("sell"), "who was joined before has one too"
    asked = Recount.objects.count()
    save_team(team=None, name="Care", stages=["account"], staff=[], by=SHELL)
    assert Recount.objects.count() == asked, "everybody has a stage already"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_a_whole_list_is_handed_over(count: int, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it is and whatever page of it is shown; nobody whom it does not show, or who is not seen, moves."""
    monkeypatch.setattr(placing, "_AT_ONCE", 2)
    by, _team = seller()
    these = [make.person(f"Anna{n}", "Nowak", tags=["fair"]) for n in range(count)]
    other, unseen = make.person("Ola", "Lis"), make.person("Ewa", "Lis", tags=["fair"])
    hand_over(customers=[each.pk for each in (*these, other)], to=Place("sell"), by=SHELL)
    hand_over(customers=[unseen.pk], to=Place("account"), by=SHELL)
    client.force_login(Staff.objects.get(pk=by.key), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/customers/?tag=fair", headers={"hx-request": "true"}).content.decode()
    assert "/customers/hand-over?tag=fair" in page
    sent = {"customer": [these[0].pk], "stage": "account", "whole": "1"}
    assert client.post("/customers/hand-over?tag=fair", sent).status_code == 204
    assert seen(by) == {other.pk}
    assert [where(each).stage for each in these] == ["account"] * count
    assert Placement.objects.filter(customer=unseen).count() == 1
    with pytest.raises(NotAllowed):
        placing.hand_over_list(wish=Wish(), to=Place("sell"), by=Staff(role="marketer").actor)


@pytest.mark.django_db
def test_who_sees_whom() -> None:
    by, team = seller()
    other, other_team = seller("olo")
    make.person("Before", "Walls")
    free, ours, theirs, mine, away = (make.person(name, "Nowak") for name in ("A", "B", "C", "D", "E"))
    for customer, place in (
        (free, Place("sell")), (ours, Place("sell", team)), (theirs, Place("sell", other_team)),
        (mine, Place("account", None, by.key)), (away, Place("account")),
    ):  # fmt: skip
        hand_over(customers=[customer.pk], to=place, by=SHELL)
    assert seen(by) == {free.pk, ours.pk, mine.pk}
    assert seen(other) == {free.pk, theirs.pk}
    assert find_customer(actor=by, card=away.card) is None
    assert [hit.customer for hit in find("Nowak", actor=by)] == [mine.pk, ours.pk, free.pk]
    with pytest.raises(NotAllowed):
        card_of(actor=by, customer=away)


@pytest.mark.django_db
def test_handing_over_moves_the_view_at_once() -> None:
    by, team = seller()
    heir, heirs = seller("heir", "account")
    anna = make.person("Anna", "Nowak")
    hand_over(customers=[anna.pk], to=Place("sell", team, by.key), by=SHELL, why="asked for an offer")
    assert hand_over(customers=[anna.pk], to=Place("account", heirs), by=by, why="signed") == 1
    assert (seen(by), seen(heir)) == (set(), {anna.pk})
    assert hand_over(customers=[anna.pk], to=Place("sell"), by=by) == 0, "they are out of view"
    card = card_of(actor=heir, customer=Customer.objects.get(pk=anna.pk))
    assert [(each.stage, each.why) for each in card.placements] == [
        ("account", "signed"),
        ("sell", "asked for an offer"),
    ]
    for wrong in (Place(""), Place("nonsense"), Place("sell", heirs), Place("sell", None, 999_999)):
        with pytest.raises(CannotHandOver):
            hand_over(customers=[anna.pk], to=wrong, by=SHELL)
    remove_team(team=heirs, by=SHELL)
    assert where(anna) == Place("account")


@pytest.mark.django_db
def test_new_customers_start_where_their_source_says() -> None:
    by, team = seller()
    first = make.person("Anna", "Nowak")
    assert where(first) == Place("attract")
    source = first.identities.get().source_id
    assert set_first_stages(stages={source: "sell"}, by=SHELL) == 1
    assert set_first_stages(stages={source: "sell"}, by=SHELL) == 0
    with pytest.raises(CannotHandOver):
        set_first_stages(stages={source: "elsewhere"}, by=SHELL)
    assert {each.pk: each.stage for each in first_stages(actor=SHELL)}[source] == "sell"
    assert where(make.person("Ola", "Nowak")) == Place("sell")
    own = create_customer(values={"name": "Iga Lis"}, by=by, ground="contract")
    assert where(own) == Place("sell", team, by.key)
    assert own.pk in seen(by)


@pytest.mark.django_db
def test_a_colleague_of_another_stage_learns_whom_to_ask() -> None:
    by, _team = seller()
    heir, _heirs = seller("heir", "account")
    anna = make.person("Anna", "Nowak", phone="+48600100200", email="anna@example.com")
    hand_over(customers=[anna.pk], to=Place("account", None, heir.key), by=SHELL)
    found = look_up(text="+48600100200", by=by)
    assert found.cards == ()
    [narrow] = found.narrow
    assert (narrow.name, narrow.ask) == ("Anna Nowak", "heir")
    assert look_up(text="600100", by=by).narrow == ()
    assert "anna@example.com" not in repr(found)


STAGES = st.sampled_from(["", "attract", "sell", "account"])


class TestJoining(TestCase):
    """Laws of joining: the later stage holds; separating gives everybody back where they stood."""

    @given(st.lists(STAGES, min_size=2, max_size=4), st.randoms(use_true_random=False))
    @settings(max_examples=40)
    def test_there_and_back(self, stages: list[str], chance: object) -> None:
        rank = ["", "attract", "sell", "account"]
        people = [make.person(f"N{place}", "Nowak", key=str(place)) for place in range(len(stages))]
        for person, stage in zip(people, stages, strict=True):
            if stage:
                hand_over(customers=[person.pk], to=Place(stage), by=SHELL)
        kept = people[0]
        mergers = []
        for gone in people[1:]:
            mergers.append(merge(kept=Customer.objects.get(pk=kept.pk), gone=gone, by=SHELL))
        assert where(kept).stage == max(stages, key=rank.index)
        chance.shuffle(mergers)  # type: ignore[attr-defined]
        for each in mergers:
            split(merger=each, by=SHELL)
        assert [where(each).stage for each in people] == stages


@pytest.mark.django_db
def test_what_was_handed_over_since_stays_so() -> None:
    anna, ania = make.person("Anna", "Nowak"), make.person("Ania", "Nowak")
    hand_over(customers=[anna.pk], to=Place("attract"), by=SHELL)
    hand_over(customers=[ania.pk], to=Place("sell"), by=SHELL)
    merger = merge(kept=anna, gone=ania, by=SHELL)
    hand_over(customers=[anna.pk], to=Place("account"), by=SHELL)
    split(merger=merger, by=SHELL)
    assert (where(anna).stage, where(ania).stage) == ("account", "sell")
    assert Placement.objects.filter(customer=anna).count() == 3


@pytest.mark.django_db
def test_who_left_first_leaves_no_place_behind() -> None:
    kept, first, second = (make.person(name, "Nowak", key=name) for name in ("A", "B", "C"))
    hand_over(customers=[first.pk], to=Place("attract"), by=SHELL)
    hand_over(customers=[second.pk], to=Place("sell"), by=SHELL)
    mergers = [merge(kept=Customer.objects.get(pk=kept.pk), gone=gone, by=SHELL) for gone in (first, second)]
    for each in mergers:
        split(merger=each, by=SHELL)
    assert [where(each).stage for each in (kept, first, second)] == ["", "attract", "sell"]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["Nowak", "Nowk", "Anna Nowak", "nowak"])
def test_who_sees_few_finds_them_among_many_others(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest customers of a common name are behind the wall: those in view are found all the same."""
    monkeypatch.setattr(finding, "LOOKED_AT", 4)
    by, _team = seller()
    mine = [make.person("Anna", "Nowak", phone=f"+4860010020{n}") for n in range(3)]
    others = [make.person("Anna", "Nowak", phone=f"+4860010030{n}") for n in range(9)]
    hand_over(customers=[each.pk for each in mine], to=Place("sell"), by=SHELL)
    hand_over(customers=[each.pk for each in others], to=Place("account"), by=SHELL)
    assert {hit.customer for hit in find(typed, actor=by)} == {each.pk for each in mine}
    assert len(find(typed, actor=SHELL)) == 4, "of so many, whoever sees all is shown the newest"
