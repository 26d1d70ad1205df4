"""Whoever points at a customer or an identity answers for it, and nothing stays behind of who is forgotten."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils import timezone
from django.utils.functional import Promise
from PIL import Image

from kartoteka.activity.dealings import Said, record_dealing
from kartoteka.activity.event_models import Event, Visitor
from kartoteka.activity.recordings import attach_recording
from kartoteka.agenda.callbacks import promise_callback
from kartoteka.agenda.tasks import Plan, plan_task
from kartoteka.consent import register_reading, registers
from kartoteka.consent.erasure import forget as forget_somebody
from kartoteka.consent.exchanging import begin, compare
from kartoteka.consent.held import called_to_them, rows_told
from kartoteka.consent.holding import keep_for_law, let_go
from kartoteka.consent.ledger import Taken, give, withdraw
from kartoteka.consent.links import make_link
from kartoteka.consent.point_hashes import hash_of, salt_of
from kartoteka.consent.purposes import add, preset
from kartoteka.consent.requests import answer, receive
from kartoteka.consent.suppressing import suppress
from kartoteka.people.editing import relate, source_named
from kartoteka.people.follow import follow, followers
from kartoteka.people.models import Claim, ContactPoint, Customer, Identity
from kartoteka.people.photos import add_photo
from kartoteka.people.placing import Place, hand_over
from kartoteka.people.recording import forget_customers, forget_identities
from kartoteka.people.revealing import reveal
from kartoteka.people.search.find import find
from kartoteka.quality.merging import merge, split, stand_apart
from kartoteka.quality.models import Doubt
from kartoteka.segments.groups import take_snapshot
from kartoteka.segments.models import CustomerWorth, Passage
from kartoteka.trust.actor import SHELL
from tests import make

FOLLOWED = {"customer": Customer, "identity": Identity, "point": ContactPoint}


def relations(whom: str) -> list[tuple[type[models.Model], str]]:
    """Every column of the project that points at customers, or at identities: foreign keys, one-to-one, many-to-many."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if (
                isinstance(field, (models.ForeignKey, models.ManyToManyField))
                and field.related_model is FOLLOWED[whom]
            ):
                found.append((model, getattr(field, "attname", field.name)))
    return found


@pytest.mark.parametrize("whom", FOLLOWED)
def test_every_relation_has_its_follower(whom: str) -> None:
    asked = relations(whom)
    assert len(asked) >= 3, "the walk sees the relations"
    answered = {(each.model, each.column) for each in followers(whom)}
    silent = [f"{model._meta.label}.{column}" for model, column in asked if (model, column) not in answered]
    assert not silent, f"these point at {whom}s and do not follow them (people/follow.py): {silent}"
    gone = [f"{model._meta.label}.{column}" for model, column in answered if (model, column) not in asked]
    assert not gone, f"these follow {whom}s by a column that does not point at them: {gone}"


@pytest.mark.parametrize("whom", FOLLOWED)
def test_every_follower_answers_all_three_questions(whom: str) -> None:
    for each in followers(whom):
        named = f"{each.model._meta.label}.{each.column}"
        assert each.merged, f"{named} does not say what becomes of it in a merge"
        assert each.told or each.untold, f"{named} neither tells the person nor says why not"


def test_rows_that_are_told_have_a_name_in_every_language() -> None:
    models = rows_told()
    assert {"activity.order", "people.photo"} <= models.keys()
    plain = [label for label, model in models.items() if not isinstance(called_to_them(model), Promise)]
    assert not plain, f"these are told to whom they are about by their class's name: {plain}"


def test_saying_it_twice_is_saying_it_once() -> None:
    before = followers("customer")
    follow("customer", before[0])
    assert followers("customer") == before


@pytest.fixture
def known(db: None) -> Customer:
    """Somebody about whom the base knows all that it can know of anybody."""
    elder = make.person("Adam", "Wyjątkowski")
    anna = make.person(
        "Anna", "Wyjątkowska", phone="+48600100299", email="anna@example.com", birth="1985-04-03"
    )
    twin, namesake, gone, guessed = (
        make.person(name, "Wyjątkowska") for name in ("Ada", "Alina", "Ania", "Asia")
    )
    relate(customer=anna, other=twin, kind="sibling", by=SHELL)
    relate(customer=namesake, other=anna, kind="referred_by", by=SHELL)
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "PNG")
    picture.seek(0)
    add_photo(customer=anna, stream=picture, by=SHELL)
    for other in (elder, namesake):
        stand_apart(one=anna.pk, other=other.pk, by=SHELL)
    split(merger=merge(kept=anna, gone=gone, by=SHELL), by=SHELL)
    hand_over(customers=[gone.pk], to=Place("sell"), by=SHELL)
    reveal(customer=anna, field="phones", place=0, reason="call", by=SHELL)
    merge(kept=anna, gone=Customer.objects.get(pk=gone.pk), by=SHELL)
    anna = Customer.objects.get(pk=anna.pk)
    news = add(names={"en": "News"}, ground="consent", marketing=True, by=SHELL)
    point = anna.contacts.get(point__kind="email").point_id
    taken = Taken(how="counter", point=point)
    give(customer=anna, purpose=news, channel="email", taken=taken, by=SHELL)
    suppress(point=point, why="bounce", by=SHELL)
    robinson = registers.add_preset(key="robinson-pl", by=SHELL)
    register_reading.read_file(
        register=robinson, stream=io.BytesIO(anna.email.encode()), as_of=timezone.localdate(), by=SHELL
    )
    make_link(customer=anna, by=SHELL)
    for kind in ("access", "restriction"):
        asked = receive(
            customer=anna, kind=kind, through="call", by=SHELL, said="Wyjątkowska", known_by="seen"
        )
    answer(request=asked, by=SHELL)
    keep_for_law(customer=anna, why="VII C 12/26", by=SHELL)
    let_go(customer=anna, by=SHELL)
    shared = add(names={"en": "Wine"}, ground="consent", partner="Winnica", by=SHELL)
    begun = begin(purpose=shared, channel="phone", by=SHELL)
    theirs = hash_of(salt_of(begun.salt), "+48600100299").hex()
    compare(exchange=begun, stream=io.BytesIO(theirs.encode()), by=SHELL)
    talk = record_dealing(customer=anna, said=Said("call", note="about the green hat"), by=SHELL)
    attach_recording(dealing=talk, stream=io.BytesIO(b"OggS" + bytes(40)), label="a.ogg", by=SHELL)
    plan_task(plan=Plan("Sew the green hat", timezone.now()), by=SHELL, customer=anna)
    promise_callback(customer=anna, number="+48600100299", by=SHELL, reason="the red scarf")
    pair = sorted((anna.pk, guessed.pk))
    Doubt.objects.create(one_id=pair[0], other_id=pair[1], score=0.5, found_at=timezone.now())
    taken = Taken(how="paper", place="garden party", proof=io.BytesIO(b"%PDF-1.7"))
    withdraw(customer=anna, purpose=preset("marketing", by=SHELL), channel="email", taken=taken, by=SHELL)
    seen = timezone.now()
    browser = Visitor.objects.create(
        source=source_named("site"), how="browser", key="b1", first_at=seen, last_at=seen,
        identity=Claim.objects.filter(identity__customer=anna).earliest("pk").identity,
    )  # fmt: skip
    Event.objects.create(
        visitor=browser, source=browser.source, at=seen, received_at=seen, kind="track", name="Product Viewed",
        message=1, session=1, properties={"email": "anna@example.com", "name": "a green hat"}, ip="203.0.113.7",
    )  # fmt: skip
    make.order(anna, name="a blue scarf", note="for Wyjątkowska", place="anna@example.com")
    CustomerWorth.objects.create(
        customer=anna, counted_at=timezone.now(), purchases=1, last_on=timezone.now().date(), revenue=1, served=0, profit=1,
        level="A", frequency="once", r=1, f=1, m=1, cell="new", value=1, at_stake=0,
    )  # fmt: skip
    group = make.group(
        "bought lately", {"any": [{"trait": "last_order_at", "op": "last", "value": 9}, {"all": []}]}
    )
    take_snapshot(segment=group.pk, label="then", by=SHELL)
    Passage.objects.create(segment=group, customer=anna, what="entered", at=timezone.now())
    return Customer.objects.get(pk=anna.pk)


def pointing(whom: str, keys: list[int]) -> dict[str, int]:
    found: dict[str, Any] = {}
    for model, column in relations(whom):
        if count := model._base_manager.filter(**{f"{column}__in": keys}).count():
            found[f"{model._meta.label}.{column}"] = count
    return found


def test_who_is_forgotten_leaves_no_row_behind(known: Customer) -> None:
    identities = list(known.identities.values_list("pk", flat=True))
    customers = [known.pk]
    # The test is worth something only if every kind of row is there to be forgotten.
    assert set(pointing("identity", identities)) == {
        f"{model._meta.label}.{column}" for model, column in relations("identity") if column != "beside_id"
    }
    assert set(pointing("customer", customers)) >= {
        f"{model._meta.label}.{column}" for model, column in relations("customer")
        if column not in ("one_id", "other_id", "gone_id", "parted_id", "taken_from_id")
    }  # fmt: skip
    photos = list(Path(settings.KARTOTEKA.home).rglob(known.photo))
    assert photos
    assert find("Wyjątkowska anna", actor=SHELL)

    Claim.objects.filter(identity__in=identities).delete()
    forget_identities(identities)
    assert pointing("identity", identities) == {}
    forget_customers(customers)
    assert pointing("customer", customers) == {}
    assert not Customer.objects.filter(pk=known.pk).exists()
    assert not [path for path in photos if path.exists()]
    connection.check_constraints()


def test_forgetting_somebody_lets_go_of_it_all(known: Customer) -> None:
    identities = list(known.identities.values_list("pk", flat=True))
    points = list(known.contacts.values_list("point", flat=True))
    assert set(pointing("point", points)) == {f"{m._meta.label}.{column}" for m, column in relations("point")}
    forget_somebody(customer=known, by=SHELL, why="asked")
    for whom, keys in (("identity", identities), ("customer", [known.pk]), ("point", points)):
        assert pointing(whom, keys) == {}
    assert not ContactPoint.objects.filter(pk__in=points).exists()
    connection.check_constraints()
    rows = str([list(model._base_manager.values()) for model in apps.get_models()])
    assert "anna@example.com" not in rows
    assert "+48600100299" not in rows


def test_told_is_all_that_is_held(known: Customer) -> None:
    told = [row for whom in FOLLOWED for each in followers(whom) if each.told for row in each.told(known.pk)]
    text = repr(told)
    for fact in (
        "anna@example.com",
        "+48600100299",
        "1985-04-03",
        "Ania",
        "sibling",
        known.photo,
        "garden party",
        "a green hat",
        "about the green hat",
        "Sew the green hat",
        "the red scarf",
        "withdrawn",
        "a blue scarf",
    ):
        assert fact in text, fact
