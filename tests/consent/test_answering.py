"""Who answers a request, what holds at once, and what the customer is told: on their page, by mail, in the file."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage
from django.utils import translation

from kartoteka.consent import own_page
from kartoteka.consent.along import hand_over
from kartoteka.consent.choosing import choose
from kartoteka.consent.gate import may
from kartoteka.consent.held import held_of
from kartoteka.consent.links import mail_link, make_link, visit
from kartoteka.consent.models import Choice
from kartoteka.consent.policy import save_contact, what_to_tell
from kartoteka.consent.purposes import add
from kartoteka.consent.requests import (
    answer,
    identify,
    receive,
)
from kartoteka.consent.worklist import told_of
from kartoteka.people.editing import change_customer
from kartoteka.people.models import Customer
from kartoteka.quality.merging import merge
from kartoteka.trust.actor import SHELL, Actor, NotAllowed, Right
from kartoteka.trust.presets import preset_of
from tests import make
from tests.consent.coming import CLERK, asked, came

pytestmark = pytest.mark.django_db


def test_the_privacy_officer_answers_without_the_right_to_change_cards(anna: Customer) -> None:
    preset = preset_of("privacy")
    assert preset is not None
    assert Right.CHANGE not in preset.rights
    officer = Actor("staff", 7, "the officer", preset.rights)
    add(names={"en": "News"}, ground="consent", by=SHELL, marketing=True)
    for kind, more in (("correction", {"changes": {"family": "Kot"}}), ("objection", {})):
        request = receive(customer=anna, kind=kind, through="call", by=officer, **more)  # type: ignore[arg-type]
        [wish] = told_of(request=request, actor=officer).wishes or [None]
        assert wish is None or (wish.now, wish.wanted) == ("Lis", ("Kot",))
        identify(request=request, how="called back", by=officer)
        answer(request=request, by=officer)
    anna.refresh_from_db()
    assert anna.family == "Kot"
    assert set(Choice.objects.values_list("what", "how")) == {("withdrawn", "call")}
    with pytest.raises(NotAllowed):
        change_customer(customer=anna, changes={"family": "Sum"}, by=officer)


def test_a_choice_named_in_the_customers_tongue_is_answered_in_ours(anna: Customer) -> None:
    change_customer(customer=anna, changes={"sex": "m"}, by=SHELL)
    with translation.override("pl"):
        wish = own_page.correct(visit=came(anna), field="sex", place=0, text="kobieta")
    answer(request=wish, by=SHELL)
    anna.refresh_from_db()
    assert (anna.sex, wish.changes) == ("f", {"sex": "f"})
    assert wish.steps.get(what="identified").note == "by the link they were given"


def test_an_objection_on_their_own_page_holds_at_once(anna: Customer) -> None:
    news = add(names={"en": "News"}, ground="consent", by=SHELL, marketing=True)
    visit_ = came(anna)
    choose(visit=visit_, purpose="news", channel="email", on=True, language="pl", evidence={})
    asked_ = own_page.ask(visit=visit_, kind="objection")
    asked_.refresh_from_db()
    assert asked_.ended_at is not None
    assert not may(customer=anna, purpose=news, channel="email", by=SHELL).allowed


def test_the_mail_names_the_business_and_speaks_the_language_of_their_country(
    mailoutbox: list[EmailMessage], settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "shop@example.com"
    save_contact(business="Sklep Lis sp. z o.o.", address="Opole", officer="", by=SHELL)
    aino = make.person(
        "Aino", "Lahti", email="aino@example.com", addresses=[{"city": "Oulu", "country": "FI"}]
    )
    mail_link(customer=aino, by=SHELL)
    [mail] = mailoutbox
    assert mail.from_email == '"Sklep Lis sp. z o.o." <shop@example.com>'
    assert mail.subject == "Tietosi meillä"
    assert mail.body.endswith("\nSklep Lis sp. z o.o.\n")


def test_who_asks_is_told_what_it_is_for_and_the_rights_of_their_own_country(anna: Customer) -> None:
    make.person("Aino", "Lahti", addresses=[{"city": "Oulu", "country": "FI"}])
    add(names={"en": "News"}, ground="consent", by=SHELL, marketing=True)
    told = {each["key"]: "\n".join(each["lines"]) for each in what_to_tell(country="PL")}
    assert "News: your consent" in told["why"]
    assert "Prezes" in told["rights"]
    assert "Tietosuoja" not in told["rights"]


def test_a_link_ends_when_its_card_is_joined_with_another(anna: Customer) -> None:
    """Were they not one after all, neither would be shown the other's data by the link they have."""
    other, third = make.person("Ewa", "Kot"), make.person("Iga", "Sum")
    theirs, ours, thirds = (make_link(customer=each, by=SHELL).split("/")[2] for each in (other, anna, third))
    merge(kept=anna, gone=other, by=SHELL)
    assert (visit(theirs), visit(ours)) == (None, None)
    assert visit(thirds) is not None
    assert came(anna).customer == anna


def test_cards_that_were_joined_are_told_once_and_without_names_of_staff(anna: Customer) -> None:
    other = make.person("Ania", "Lis")
    merge(kept=anna, gone=other, by=CLERK.also(Right.MERGE))
    [told] = [each for each in held_of(anna).others if each.key == "quality.merger"]
    [text] = told.texts
    assert text.endswith("by hand")


def test_the_file_is_handed_over_by_who_may_see_all_that_is_in_it(anna: Customer) -> None:
    request = asked(anna, "access")
    identify(request=request, how="called back", by=SHELL)
    half = Actor("staff", 8, "half", frozenset({Right.SEE, Right.PRIVACY, Right.SEE_SENSITIVE}))
    with pytest.raises(NotAllowed):
        hand_over(request=request, by=half)
    assert hand_over(request=request, by=half.also(Right.REVEAL)).what == "PDF"


def test_a_ground_is_told_to_whom_it_is_about() -> None:
    make.csv_import("first name,last name\nOla,Kot\n", ground="consent")
    [ola] = Customer.objects.all()
    assert {each.ground for _block, some in held_of(ola).facts for each in some} == {"your consent"}
