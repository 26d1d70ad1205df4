"""Dealings: noted, owed, settled, heard, scored; found by whoever may see the customer."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.test import Client
from django.utils import timezone

from kartoteka.activity import dealings, recordings, scoring
from kartoteka.activity.dealing_models import Dealing, Enclosure
from kartoteka.activity.dealings import BadDealing, Said, record_dealing, waiting
from kartoteka.consent.erasure import forget
from kartoteka.people.leaving import last_days_of, let_go
from kartoteka.people.models import Customer
from kartoteka.people.timeline import timeline
from kartoteka.quality.merging import merge, split
from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right, Scope
from kartoteka.trust.models import Staff
from kartoteka.trust.roles import use_preset
from tests import make

pytestmark = pytest.mark.django_db
SOUND = b"OggS" + bytes(100)


@pytest.fixture
def anna() -> Customer:
    return make.person("Anna", "Kowalska", phone="+48600100200")


def staff(name: str, role: str = "staff") -> Staff:
    return Staff.objects.create_user(email=f"{name}@example.com", name=name, role=role)


def test_a_talk_without_its_note_shows_until_it_has_one(anna: Customer) -> None:
    ola = staff("ola").actor
    made = record_dealing(customer=anna, said=Said("call"), by=ola)
    assert waiting(actor=ola, owner=ola.key).owed == (made,)
    with pytest.raises(BadDealing):
        dealings.write_note(dealing=made, note="  ", by=ola)
    dealings.write_note(dealing=made, note="wants a coat", by=ola)
    assert waiting(actor=ola).owed == ()
    assert [each.detail for each in timeline(anna, actor=ola, kinds=["call"]).entries] == ["wants a coat"]


def test_a_clerk_reaches_no_dealing_by_counting_up(anna: Customer, client: Client) -> None:
    """Who looks customers up one at a time reads of those whose card they opened, and what they are to answer."""
    use_preset(name="floor", by=SHELL)
    clerk = staff("kasia", "clerk")
    made = [
        record_dealing(customer=each, said=Said("call", note=f"secret {each.given}"), by=SHELL)
        for each in (anna, make.person("Ola", "Lis"), make.person("Ewa", "Lis"))
    ]
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    pages = [f"/dealings/{each.pk}/" for each in made]
    assert [client.get(page).status_code for page in pages] == [404] * 3
    assert [client.post(f"{page}note", {"note": "x"}).status_code for page in pages] == [404] * 3
    with pytest.raises(NotAllowed):
        dealings.write_note(dealing=made[0], note="x", by=clerk.actor)
    assert client.get(f"/customers/{anna.card}/").status_code == 200
    assert [client.get(page).status_code for page in pages] == [200, 404, 404]
    Dealing.objects.filter(pk=made[1].pk).update(owner=clerk)
    assert [client.get(page).status_code for page in pages] == [200, 200, 404]


def test_a_complaint_is_due_and_settled_with_its_cause(anna: Customer) -> None:
    ola = staff("ola").actor
    ago = timezone.now() - dt.timedelta(days=5)
    made = record_dealing(customer=anna, said=Said("mail", about="complaint", note="torn", at=ago), by=ola)
    work = waiting(actor=ola)
    assert (work.open, work.late) == ((made,), 1)
    dealings.settle(dealing=made, outcome="sent another", cause="packing", by=ola)
    assert waiting(actor=ola).open == ()
    assert list(dealings.causes()) == ["packing"]
    with pytest.raises(BadDealing):
        dealings.settle(dealing=made, outcome="again", by=ola)
    for bad in (Said("pigeon"), Said("call", about="praise"), Said("call", about="question"),
                Said("call", at=timezone.now() + dt.timedelta(days=1)), Said("call", owner=10**6)):  # fmt: skip
        with pytest.raises(BadDealing):
            record_dealing(customer=anna, said=bad, by=ola)


def test_dealings_go_along_when_customers_are_joined_and_separated(anna: Customer) -> None:
    ania = make.person("Ania", "Kowalska")
    record_dealing(customer=ania, said=Said("visit", note="tried the coat on"), by=SHELL)

    def told(customer: Customer) -> list[str]:
        return [each.detail for each in timeline(customer, actor=SHELL, kinds=["meeting"]).entries]

    merger = merge(kept=anna, gone=ania, by=SHELL)
    assert told(anna) == ["tried the coat on"]
    split(merger=merger, by=SHELL)
    assert (told(anna), told(Customer.objects.get(pk=ania.pk))) == ([], ["tried the coat on"])


def test_a_recording_is_heard_by_who_manages_and_scored_by_another(anna: Customer) -> None:
    ola, ewa, boss = staff("ola").actor, staff("ewa").actor, staff("boss", "manager").actor
    made = record_dealing(customer=anna, said=Said("call", note="n"), by=ola)
    with pytest.raises(BadDealing):
        recordings.attach_recording(dealing=made, stream=io.BytesIO(b"MZ\x90 program"), label="a.mp3", by=ola)
    kept = recordings.attach_recording(dealing=made, stream=io.BytesIO(SOUND), label="../a.ogg", by=ola)
    assert (kept.label, kept.type) == (".. a.ogg", "audio/ogg")
    for listener in (ola, boss):
        heard = recordings.take_enclosure(enclosure=kept.pk, actor=listener)
        assert heard is not None
        assert heard[1] == SOUND
    with pytest.raises(NotAllowed):
        recordings.take_enclosure(enclosure=kept.pk, actor=ewa)
    with pytest.raises(BadDealing):
        scoring.score(dealing=made, had=[], by=boss)
    scoring.save_points(texts=["said their name", "asked what for", "said their name"], by=SHELL)
    first, _second = scoring.points()
    assert scoring.score(dealing=made, had=[first.pk], by=boss).percent == 50
    (quality,) = scoring.quality(actor=ola)
    assert (quality.member, quality.percent, quality.talks) == ("ola", 50, 1)
    assert list(scoring.quality(actor=ewa)) == []
    with pytest.raises(NotAllowed):
        scoring.score(dealing=made, had=[], by=ewa)


def test_walls_stand_around_dealings(anna: Customer) -> None:
    made = record_dealing(customer=anna, said=Said("call"), by=SHELL)
    seller = Actor(
        "staff", 9, "seller", frozenset({Right.SEE, Right.CHANGE}), Scope.STAGE, frozenset({"sell"})
    )
    assert dealings.a_dealing(actor=seller, key=made.pk) is None
    assert waiting(actor=seller).owed == ()
    with pytest.raises(NotAllowed):
        dealings.write_note(dealing=made, note="x", by=seller)


def test_who_leaves_hands_over_what_waits(anna: Customer) -> None:
    ola, ewa = staff("ola"), staff("ewa")
    made = record_dealing(customer=anna, said=Said("call"), by=ola.actor)
    assert [count for _label, count in last_days_of(actor=SHELL, staff=ola).duties if count] == [1]
    let_go(staff=ola, to=ewa.pk, by=SHELL)
    assert Dealing.objects.get(pk=made.pk).owner == ewa


def test_programs_are_known_whatever_they_are_called() -> None:
    assert recordings.is_dangerous("invoice.pdf.exe", b"")
    assert recordings.is_dangerous("photo.jpg", b"MZ\x90\x00")
    assert recordings.is_dangerous("a.sh", b"x")
    assert not recordings.is_dangerous("invoice.v2.pdf", b"%PDF-1.7")
    assert not Enclosure.objects.exists()


def test_who_is_forgotten_is_forgotten_among_strangers_too(anna: Customer) -> None:
    for number in ("+48600100200", "+48600100999"):
        dealings.take_in(customer=None, said=Said("call", counterpart=number, key=number), by=SHELL)
    forget(customer=anna, by=SHELL, why="asked")
    assert [each.counterpart for each in Dealing.objects.all()] == ["+48600100999"]
