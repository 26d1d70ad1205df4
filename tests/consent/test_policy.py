"""The privacy policy tells what is in fact collected, is versioned, and says what needs a new consent and of whom."""

from __future__ import annotations

import pytest
from django.conf import settings

from kartoteka.activity.dealings import Said, record_dealing
from kartoteka.consent import policy, purposes, retention
from kartoteka.consent.ledger import Taken, give
from kartoteka.consent.models import PolicyVersion, Wording
from kartoteka.consent.policy_changes import to_be_asked
from kartoteka.consent.policy_facts import gather, meaning_of
from kartoteka.people.models import Customer
from kartoteka.people.ownfields import save_field
from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right
from tests.make import order, person

pytestmark = pytest.mark.django_db


def draft_text(language: str = "en") -> str:
    sections = policy.draft(actor=SHELL, language=language).sections
    return "\n".join(line for each in sections for line in (each["title"], *each["lines"], each["own"]))


@pytest.fixture
def shop(db: None) -> Customer:
    purposes.make_presets(by=SHELL)
    policy.save_contact(
        business="Herbaty Sp. z o.o.", address="Polna 1, Gliwice", officer="Ewa Lis, ewa@h.pl", by=SHELL
    )
    return person("Ola", "Kot", email="ola@example.com", birth="1980-01-02", country="PL",
                  addresses=[{"city": "Gliwice", "country": "PL"}])  # fmt: skip


def test_it_tells_what_is_collected_and_nothing_else(shop: Customer) -> None:
    told = draft_text()
    for there in ("Herbaty Sp. z o.o.", "Ewa Lis, ewa@h.pl", "Date of birth", "E-mails", "shop: a contract or an order",
                  "News and offers", "UODO", "1 month", "To no other business."):  # fmt: skip
        assert there in told, there
    for absent in ("Hobbies", "Income bracket", "Allergy", "ola@example.com", "Kot"):
        assert absent not in told, absent
    save_field(by=SHELL, label="Allergy", type="text", key="allergy", sensitive=True)
    assert "Allergy" not in draft_text(), "a field that nobody has filled is not collected"
    person("Jan", "Lis", hobbies=["sailing"], **{"x.allergy": "nuts"})
    told = draft_text()
    assert "Hobbies" in told
    assert "Sensitive, seen only by those who need it: Allergy" in told
    purposes.add(names={"en": "Wine"}, ground="consent", partner="Winnica", by=SHELL)
    made = retention.add(what="field:note", months=36, by=SHELL)
    assert "36 months" not in draft_text(), "a rule that is off keeps nothing"
    retention.switch(rule=made, on=True, by=SHELL)
    told = draft_text()
    assert "Winnica, for “Wine”" in told
    assert "Note: 36 months" in told


def test_it_tells_what_is_kept_beside_the_fields(shop: Customer) -> None:
    assert "Beside that we keep" not in draft_text()
    order(shop)
    record_dealing(customer=shop, said=Said(way="call", note="about tea"), by=SHELL)
    assert "Beside that we keep: dealings, orders" in draft_text()
    assert "Poza tym przechowujemy: kontakty, zamówienia" in draft_text("pl")


def test_own_words_stay_apart_and_each_version_in_every_language(shop: Customer) -> None:
    policy.save_words(section="more", language="pl", text="Dbamy o Państwa dane.", by=SHELL)
    made = policy.publish(by=SHELL)
    assert (made.number, set(made.texts)) == (1, {code for code, _name in settings.LANGUAGES})
    more = next(each for each in made.texts["pl"] if each["key"] == "more")
    assert (more["lines"], more["own"]) == ([], "Dbamy o Państwa dane.")
    assert not any(each["own"] for each in made.texts["en"])
    with pytest.raises(policy.BadPolicy):
        policy.publish(by=SHELL)
    policy.save_words(section="more", language="pl", text="Dbamy o Państwa dane jak o swoje.", by=SHELL)
    person("Jan", "Lis", hobbies=["sailing"])
    assert policy.publish(by=SHELL).number == 2
    told = policy.compared(actor=SHELL, number=2, language="pl")
    assert told is not None
    changes = dict(told.differs)
    assert ("-", "Dbamy o Państwa dane.") in changes[more["title"]]
    assert ("+", "Dbamy o Państwa dane jak o swoje.") in changes[more["title"]]
    assert len(changes) == 2
    assert not told.asks, "a new field asks for no consent"
    shown = policy.published(language="pl", number=1)
    assert shown is not None
    assert shown.numbers == [2, 1]
    assert PolicyVersion.objects.get(number=1).texts == made.texts


def test_what_needs_a_new_consent_and_whom_it_concerns(shop: Customer) -> None:
    marketing = purposes.purpose_named("marketing")
    taken = Taken("form", wording=Wording.objects.get(purpose=marketing, language="pl"), language="pl")
    give(customer=shop, purpose=marketing, channel="email", taken=taken, by=SHELL)
    person("Jan", "Lis", email="jan@example.com")
    policy.publish(by=SHELL)
    words = Wording.objects.get(purpose=marketing, language="pl").text
    purposes.add_wording(purpose=marketing, language="pl", text=words.upper().replace(".", "!"), by=SHELL)
    assert not policy.draft(actor=SHELL, language="en").asks, "capitals and marks change nothing"
    purposes.add_wording(purpose=marketing, language="pl", text=words + " Także od partnerów.", by=SHELL)
    purposes.add(names={"en": "Wine"}, ground="consent", partner="Winnica", by=SHELL)
    purposes.add(names={"en": "Invoices"}, ground="legal_duty", by=SHELL)
    asks = {
        (each.change.kind, each.change.purpose): each
        for each in policy.draft(actor=SHELL, language="en").asks
    }
    assert set(asks) == {("words", "marketing"), ("new", "wine")}
    assert [each.name for each in asks["words", "marketing"].examples] == ["Ola Kot"]
    assert asks["new", "wine"].count == 2
    made = policy.publish(by=SHELL)
    assert {(each["kind"], each["purpose"]) for each in made.asks} == set(asks)
    # Who agrees to the new words is asked no more.
    newest = Wording.objects.filter(purpose=marketing, language="pl").first()
    give(customer=shop, purpose=marketing, channel="email", taken=Taken("form", wording=newest), by=SHELL)
    assert not to_be_asked(Customer.objects.all(), "marketing:pl").exists()
    assert meaning_of("Yes, send!") == meaning_of("yes send") != meaning_of("yes, sell")


def test_who_may_write_it(shop: Customer) -> None:
    clerk = Actor("staff", 1, "clerk", frozenset({Right.SEE, Right.CHANGE}))
    for refused in (lambda: policy.draft(actor=clerk, language="en"), lambda: policy.publish(by=clerk),
                    lambda: policy.save_words(section="who", language="en", text="x", by=clerk)):  # fmt: skip
        with pytest.raises(NotAllowed):
            refused()
    for section, language in (("none", "en"), ("who", "de")):
        with pytest.raises(policy.BadPolicy):
            policy.save_words(section=section, language=language, text="x", by=SHELL)
    assert policy.published(language="en") is None
    policy.save_contact(business="", address="", officer="", by=SHELL)
    assert len(policy.draft(actor=SHELL, language="en").lacking) == 3
    with pytest.raises(policy.BadPolicy):
        policy.publish(by=SHELL)


def test_facts_are_read_in_few_queries(shop: Customer, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        gather()
