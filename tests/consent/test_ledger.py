"""The ledger: only added to, judged by the strictest, restored by a split; purposes and the words they are asked in."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import override

from kartoteka.consent import purposes
from kartoteka.consent.gate import Answer, may
from kartoteka.consent.ledger import BadChoice, Taken, give, withdraw
from kartoteka.consent.models import Choice, Purpose, Wording
from kartoteka.consent.presets import PRESETS
from kartoteka.consent.purposes import BadPurpose
from kartoteka.consent.reasons import REASONS, Reason
from kartoteka.consent.suppressing import lift_all, suppress
from kartoteka.consent.taking import Taking, may_we, take_down
from kartoteka.people.models import Batch, Contact, Customer
from kartoteka.people.recording import forget_identities
from kartoteka.quality.merging import merge, split
from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right
from tests import make

pytestmark = pytest.mark.django_db
COUNTER = Taken(how="counter")


@pytest.fixture
def news() -> Purpose:
    return purposes.preset("marketing", by=SHELL)


@pytest.fixture
def anna() -> Customer:
    return make.person("Anna", "Lis", email="anna@example.com", phone="+48600100200")


def ask(customer: Customer, purpose: Purpose, channel: str = "email", **more: Any) -> Answer:
    return may(customer=customer, purpose=purpose, channel=channel, by=SHELL, at_once=False, **more)


def say(customer: Customer, purpose: Purpose, what: str, **more: Any) -> Choice:
    verb = give if what == "given" else withdraw
    return verb(
        customer=customer, purpose=purpose, channel="email", taken=Taken(how="counter", **more), by=SHELL
    )


@pytest.mark.parametrize("model", [Choice, Wording])
def test_the_base_itself_refuses_to_change_the_ledger(model: Any, anna: Customer, news: Purpose) -> None:
    say(anna, news, "given")
    change = {"text": "other"} if model is Wording else {"what": "withdrawn"}
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        model.objects.update(**change)
    assert not model.objects.filter(**change).exists()


def test_given_withdrawn_given_and_every_line_is_kept(anna: Customer, news: Purpose) -> None:
    assert ask(anna, news).reason is Reason.NOT_ASKED
    for what, reason in (("given", Reason.GIVEN), ("withdrawn", Reason.WITHDRAWN), ("given", Reason.GIVEN)):
        line = say(anna, news, what)
        answer = ask(anna, news)
        assert answer.reason is reason
        assert Choice.objects.get(pk=answer.choice).what == what == line.what
    assert [each.what for each in may_we(customer=anna, actor=SHELL).history] == [
        "given",
        "withdrawn",
        "given",
    ]
    assert ask(anna, news, "sms").reason is Reason.NOT_ASKED, "each channel is its own"


def test_the_stricter_wins_in_a_merger_until_the_customer_speaks_and_a_split_restores(news: Purpose) -> None:
    anna, ania = (make.person("Anna", "Lis", email=f"{name}@example.com") for name in ("anna", "ania"))
    say(anna, news, "given")
    say(ania, news, "withdrawn")
    first = merge(kept=anna, gone=ania, by=SHELL)
    assert ask(anna, news).reason is Reason.WITHDRAWN
    say(anna, news, "given")
    assert ask(anna, news).reason is Reason.GIVEN, "said by the customer as they are now"
    split(merger=first, by=SHELL)
    ania.refresh_from_db()
    assert (ask(anna, news).reason, ask(ania, news).reason) == (Reason.GIVEN, Reason.WITHDRAWN)
    merge(kept=ania, gone=anna, by=SHELL)
    assert ask(ania, news).reason is Reason.GIVEN, "joined again, it stands again"


def test_a_no_said_of_a_joined_customer_is_both_halves_no(news: Purpose) -> None:
    anna, ania = (make.person("Anna", "Lis", email=f"{name}@example.com") for name in ("anna", "ania"))
    say(anna, news, "given")
    say(ania, news, "given")
    merger = merge(kept=anna, gone=ania, by=SHELL)
    say(anna, news, "withdrawn")
    assert len([each for each in may_we(customer=anna, actor=SHELL).history if each.what == "withdrawn"]) == 1
    split(merger=merger, by=SHELL)
    ania.refresh_from_db()
    assert {ask(anna, news).reason, ask(ania, news).reason} == {Reason.WITHDRAWN}


def test_a_grant_for_one_address_is_not_one_for_another(news: Purpose) -> None:
    anna = make.customer(name="Anna Lis", emails=[{"value": "old@example.com"}, {"value": "new@example.com"}])
    points = dict(Contact.objects.filter(customer=anna).values_list("point__value", "point"))
    say(anna, news, "given", point=points["new@example.com"])
    answer = ask(anna, news)
    assert (answer.allowed, answer.point) == (True, points["new@example.com"])
    assert not ask(anna, news, contact_point=points["old@example.com"]).allowed
    suppress(point=points["new@example.com"], why="bounce", by=SHELL)
    assert not ask(anna, news).allowed


def test_what_stops_an_address_holds_for_all_who_share_it(news: Purpose) -> None:
    anna, ola = (make.person(name, "Lis", email="home@example.com") for name in ("Anna", "Ola"))
    service = purposes.preset("service", by=SHELL)
    for each in (anna, ola):
        say(each, news, "given")
    point = Contact.objects.get(customer=anna).point_id
    suppress(point=point, why="unsubscribe", by=SHELL)
    suppress(point=point, why="unsubscribe", by=SHELL)
    assert {ask(each, news).reason for each in (anna, ola)} == {Reason.SUPPRESSED}
    assert ask(anna, service).allowed, "who leaves the newsletter still hears of the order"
    suppress(point=point, why="bounce", by=SHELL)
    assert ask(anna, service).reason is Reason.SUPPRESSED
    with pytest.raises(BadChoice):
        lift_all(point=point, said=" ", by=SHELL)
    assert lift_all(point=point, said="they wrote from it", by=SHELL) == 2
    assert ask(ola, news).allowed


def test_what_is_held_on_no_ground_is_not_used(anna: Customer, news: Purpose) -> None:
    say(anna, news, "given")
    Batch.objects.update(ground="")
    assert ask(anna, news).reason is Reason.NO_GROUND


def test_consent_grows_old_and_needs_its_link(anna: Customer, news: Purpose) -> None:
    long_ago = timezone.now() - dt.timedelta(days=400)
    say(anna, news, "given", at=long_ago)
    assert ask(anna, news).allowed
    purposes.change(purpose=news, months=12, by=SHELL)
    assert ask(anna, news).reason is Reason.EXPIRED
    assert ask(anna, news, at=long_ago + dt.timedelta(days=1)).allowed
    purposes.change(purpose=news, months=0, double_opt_in=True, by=SHELL)
    assert ask(anna, news).reason is Reason.UNCONFIRMED
    purposes.end(purpose=news, by=SHELL)
    assert ask(anna, Purpose.objects.get()).reason is Reason.ENDED


@pytest.mark.parametrize(
    ("country", "bought", "reason"),
    [
        ("PL", True, Reason.NOT_ASKED),
        ("FI", True, Reason.EXISTING),
        ("FI", False, Reason.NOT_ASKED),
        ("GB", True, Reason.EXISTING),
        ("ZA", True, Reason.EXISTING),
        ("PH", True, Reason.NOT_ASKED),
        ("MY", True, Reason.NOT_ASKED),
        ("DE", True, Reason.NOT_ASKED),
    ],
)
def test_marketing_by_mail_asks_consent_whatever_the_ground_but_for_customers_where_the_law_lets(
    country: str, bought: bool, reason: Reason
) -> None:
    like = purposes.add(
        names={"en": "The like"}, ground="legitimate_interest", balancing="Little.", marketing=True,
        soft_opt_in=True, by=SHELL,
    )  # fmt: skip
    anna = make.person("Anna", "Lis", email="anna@example.com")
    Customer.objects.update(country=country)
    if not bought:
        Batch.objects.update(ground="consent")
    assert ask(anna, like).reason is reason
    say(anna, like, "withdrawn")
    assert ask(anna, like).reason is Reason.WITHDRAWN


def test_by_post_our_interest_holds_until_they_object_but_not_in_malaysia(anna: Customer) -> None:
    leaflet = purposes.add(
        names={"en": "Leaflet"}, ground="legitimate_interest", balancing="Little.", marketing=True, by=SHELL
    )
    Customer.objects.update(country="PL")
    assert ask(anna, leaflet, "post").reason is Reason.NOT_OBJECTED
    withdraw(customer=anna, purpose=leaflet, channel="post", taken=COUNTER, by=SHELL)
    assert ask(anna, leaflet, "post").reason is Reason.WITHDRAWN
    other = make.person("Siti", "Aminah")
    Customer.objects.filter(pk=other.pk).update(country="MY")
    assert ask(other, leaflet, "post").reason is Reason.NOT_ASKED


@pytest.mark.parametrize(
    ("country", "age", "child"),
    [
        ("PL", 15, True),
        ("PL", 16, False),
        ("FI", 12, True),
        ("FI", 13, False),
        ("ZA", 17, True),
        ("MY", 18, False),
    ],
)
def test_a_childs_own_yes_does_not_count(country: str, age: int, child: bool, news: Purpose) -> None:
    today = timezone.localdate()
    born = today.replace(year=today.year - age, day=min(today.day, 28))
    kid = make.person("Ola", "Lis", email="ola@example.com", birth=born.isoformat())
    Customer.objects.update(country=country)
    say(kid, news, "given")
    assert (ask(kid, news).reason is Reason.CHILD) is child
    Customer.objects.update(birth=str(born.year))
    if child:
        assert ask(kid, news).reason is Reason.CHILD, "where only the year is known, the later end counts"
        assert may_we(customer=kid, actor=SHELL).child
        line = say(kid, news, "given", guardian="  Ewa   Lis ")
        assert line.guardian == "Ewa Lis"
        assert ask(kid, news).reason is Reason.GIVEN, "a parent may agree for them"
        say(kid, news, "withdrawn")
        assert ask(kid, news).reason is Reason.WITHDRAWN, "the child's own no counts"
        say(kid, news, "given")
        assert not ask(kid, news).allowed


def test_what_cannot_be_said_is_refused_by_name(anna: Customer, news: Purpose) -> None:
    other = make.person("Ola", "Lis", email="ola@example.com")
    foreign = Contact.objects.get(customer=other).point_id
    for field, more in {
        "channel": {"channel": "pigeon"},
        "how": {"taken": Taken(how="dream")},
        "point": {"taken": Taken(how="form", point=foreign)},
        "at": {"taken": Taken(how="form", at=dt.datetime(2026, 1, 1))},
        "evidence": {"taken": Taken(how="form", evidence={"x": "y" * 3000})},
    }.items():
        with pytest.raises(BadChoice) as caught:
            give(
                **{
                    "customer": anna,
                    "purpose": news,
                    "channel": "email",
                    "taken": COUNTER,
                    "by": SHELL,
                    **more,
                }
            )
        assert caught.value.field == field
    with pytest.raises(NotAllowed):
        give(
            customer=anna,
            purpose=news,
            channel="email",
            taken=COUNTER,
            by=Actor("staff", 1, "x", frozenset()),
        )
    with pytest.raises(BadPurpose, match="marketing"):
        take_down(customer=anna, taking=Taking("nope", "email", "given", "counter"), by=SHELL)
    assert not Choice.objects.exists()
    future = say(anna, news, "given", at=timezone.now() + dt.timedelta(days=9))
    assert future.at <= timezone.now()


def test_a_signature_is_kept_sealed_and_goes_with_its_customer(anna: Customer, news: Purpose) -> None:
    choice = withdraw(
        customer=anna, purpose=news, channel="email", by=SHELL,
        taken=Taken(how="paper", proof=io.BytesIO(b"%PDF-1.7 a scanned signature")),
    )  # fmt: skip
    kept = list(Path(settings.MEDIA_ROOT).rglob(choice.evidence["file"]))
    assert kept
    assert b"signature" not in kept[0].read_bytes()
    identities = list(anna.identities.order_by("pk").values_list("pk", flat=True))
    assert len(identities) == 2, "as the shop knows her, and as staff do"
    forget_identities(identities[1:])
    assert kept[0].exists(), "the other line still needs it"
    anna.identities.get().claims.all().delete()
    forget_identities(identities[:1])
    assert not kept[0].exists()
    assert not Choice.objects.exists()


def test_the_words_shown_are_kept_by_version(anna: Customer, news: Purpose) -> None:
    Customer.objects.update(language="pl")
    anna.refresh_from_db()
    first = take_down(customer=anna, taking=Taking("marketing", "email", "given", "counter"), by=SHELL).choice
    assert first.wording is not None
    assert first.wording.text == PRESETS["marketing"].wordings["pl"]
    purposes.add_wording(purpose=news, language="pl", text="Tak, piszcie.", by=SHELL)
    later = take_down(customer=anna, taking=Taking("marketing", "email", "given", "call"), by=SHELL).choice
    assert later.wording is not None
    assert (later.wording.version, later.wording.text) == (2, "Tak, piszcie.")
    first.refresh_from_db()
    assert first.wording is not None
    assert first.wording.version == 1


def test_purposes_are_checked_and_audited() -> None:
    from kartoteka.trust.models import AuditEntry

    for more, field in [
        ({"names": {}, "ground": "consent"}, "name"),
        ({"names": {"en": "A"}, "ground": "whim"}, "ground"),
        ({"names": {"en": "A"}, "ground": "legitimate_interest"}, "balancing"),
        ({"names": {"en": "A"}, "ground": "consent", "months": 999}, "months"),
        ({"names": {"en": "A"}, "ground": "consent", "key": "Ą b"}, "key"),
    ]:
        with pytest.raises(BadPurpose) as caught:
            purposes.add(**more, by=SHELL)  # type: ignore[arg-type]
        assert caught.value.field == field
    made = purposes.add(names={"en": "Wine club"}, ground="consent", by=SHELL)
    assert made.key == "wine-club"
    purposes.change(purpose=made, names={"en": "Wine", "pl": "Wino"}, by=SHELL)
    with override("pl"):
        assert str(made) == "Wino"
    purposes.end(purpose=made, by=SHELL)
    purposes.resume(purpose=made, by=SHELL)
    told = list(AuditEntry.objects.filter(matter="purpose").order_by("pk").values_list("action", flat=True))
    assert told == ["added purpose", "changed purpose", "ended purpose", "resumed purpose"]
    with pytest.raises(NotAllowed):
        purposes.add(
            names={"en": "X"}, ground="consent", by=Actor("staff", 1, "x", frozenset({Right.CHANGE}))
        )


def test_the_usual_purposes_are_made_once_and_speak_six_languages() -> None:
    purposes.make_presets(by=SHELL)
    purposes.make_presets(by=SHELL)
    assert [each.key for each in purposes.all_purposes()] == [
        "marketing",
        "profiling",
        "partners",
        "research",
        "service",
    ]
    languages = {code for code, _name in settings.LANGUAGES}
    for its in PRESETS.values():
        assert set(its.names) == set(its.wordings) == languages
    assert set(REASONS) == set(Reason)
