"""The card: what is on it, whose it is to see, and every way of changing it in place."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from kartoteka.people.models import Contact, ContactPoint, Customer, OwnField, Relation
from kartoteka.people.record import entry_token
from kartoteka.quality.merging import merge
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import AuditEntry
from tests.make import batch, claims, customer, person

pytestmark = pytest.mark.django_db


def page(client: Client, someone: Customer) -> str:
    answer = client.get(reverse("customer", args=[someone.card]))
    assert answer.status_code == 200
    return answer.content.decode()


def edit(client: Client, someone: Customer, field: str, **sent: str):
    return client.post(reverse("edit_field", args=[someone.card, field]), sent)


def said(answer) -> str:
    return json.loads(answer.headers["HX-Trigger"])["toast"]["text"]


@pytest.fixture
def aino(db: None) -> Customer:
    return person(
        "Aino", "Virtanen", phone="+358401234567", email="aino@example.com", birth="1980-04-03", tags=["vip"],
        addresses=[{"street": "Katu", "number": "3", "postcode": "00100", "city": "Helsinki", "country": "FI"}],
        service="Prefers the window seat", team="HJK", income="high",
    )  # fmt: skip


def test_what_is_needed_to_serve_stands_on_it(clerk: Client, aino: Customer) -> None:
    shown = page(clerk, aino)
    for text in (
        "Aino Virtanen", aino.card_shown, 'href="tel:+358401234567"', 'href="mailto:aino@example.com"', "Katu 3",
        "00100 Helsinki", "Finland", "Prefers the window seat", "HJK", "3 April 1980", "vip", "General", "Dealings",
        "Relationship", "What matters to them",
    ):  # fmt: skip
        assert text in shown, text


def test_every_value_says_where_it_comes_from(clerk: Client, aino: Customer) -> None:
    edit(clerk, aino, "birth", birth="1981-04-03")
    shown = page(clerk, aino)
    origin = re.search(r'id="f-birth".*?class="origin small">(.*?)</div>', shown, re.DOTALL)
    assert origin
    assert "Staff" in origin[1]
    assert "The staff" in origin[1]
    assert "confirmed" in origin[1]
    assert "3 April 1980" in origin[1]


def test_a_view_is_written_down_once(clerk: Client, aino: Customer) -> None:
    page(clerk, aino)
    assert AuditEntry.objects.filter(action="viewed", matter_key=str(aino.pk)).count() == 1


def test_as_many_queries_for_three_claims_as_for_one(clerk: Client, django_assert_max_num_queries) -> None:
    into = batch("shop")
    claims({"key": "1", "name": "Aino", "phones": [{"value": "+358401234567"}]}, into=into)
    someone = Customer.objects.get()
    page(clerk, someone)
    with django_assert_max_num_queries(18) as one:
        page(clerk, someone)
    for phone in ("+358401234568", "+358401234569"):
        claims({"key": "1", "name": "Aino", "phones": [{"value": phone}]}, source="till", into=into)
    with django_assert_max_num_queries(len(one)):
        assert page(clerk, someone).count('href="tel:') == 3


def test_sensitive_fields_are_for_who_may_see_them(clerk: Client, owner: Client, aino: Customer) -> None:
    assert "Income bracket" in page(owner, aino)
    assert "Income bracket" not in page(clerk, aino)
    assert clerk.get(reverse("edit_field", args=[aino.card, "income"])).status_code == 404
    assert edit(clerk, aino, "income", income="low").status_code == 404


def test_one_value_edited_in_place(clerk: Client, aino: Customer) -> None:
    form = clerk.get(reverse("edit_field", args=[aino.card, "birth"])).content.decode()
    assert 'value="1980-04-03"' in form
    answer = edit(clerk, aino, "birth", birth="4.5.1980")
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == "#card"
    assert said(answer) == "Saved."
    aino.refresh_from_db()
    assert aino.birth == "1980-05-04"


def test_a_slip_is_told_and_nothing_is_lost(clerk: Client, aino: Customer) -> None:
    wrong = edit(clerk, aino, "birth", birth="yesterday")
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert 'value="yesterday"' in text
    assert 'aria-invalid="true"' in text
    assert "no date we can read" in text
    phone = edit(clerk, aino, "phones", **{"1-value": "12", "1-label": "shop floor"})
    assert phone.status_code == 422
    assert 'value="shop floor"' in phone.content.decode()
    aino.refresh_from_db()
    assert aino.birth == "1980-04-03"


def test_saving_what_was_not_touched_says_nothing_new(clerk: Client, aino: Customer) -> None:
    before = aino.identities.count()
    assert said(edit(clerk, aino, "birth", birth="1980-04-03")) == "Nothing was changed."
    assert aino.identities.count() == before


def test_phones_added_changed_preferred_and_taken_off(clerk: Client, aino: Customer) -> None:
    edit(
        clerk,
        aino,
        "phones",
        **{"1-value": "+358 40 765 4321", "1-label": "work", "1-preferred": "1", "1-hours": "9-17"},
    )
    best = (
        Contact.objects.select_related("point")
        .order_by("-preferred")
        .filter(customer=aino, point__kind="phone")
    )
    assert [(each.point.value, each.hours) for each in best] == [
        ("+358407654321", "9-17"),
        ("+358401234567", ""),
    ]
    edit(clerk, aino, "phones", **{"1-value": "+358401234500"})
    values = {each.point.value for each in best.all()}
    assert values == {"+358407654321", "+358401234500"}
    edit(clerk, aino, "phones", **{"0-value": "+358407654321", "0-preferred": "1", "0-gone": "1"})
    assert [each.point.value for each in best.all()] == ["+358401234500"]


def test_the_name_and_its_parts_go_together(clerk: Client, aino: Customer) -> None:
    edit(
        clerk,
        aino,
        "name",
        name="Aino Virtanen",
        given="Aino",
        family="Virtanen-Lahti",
        title="",
        middle="",
        suffix="",
    )
    aino.refresh_from_db()
    assert (aino.name, aino.given, aino.family) == ("Aino Virtanen-Lahti", "Aino", "Virtanen-Lahti")
    edit(clerk, aino, "name", name="Aino Maria Lahti", given="Aino", family="Virtanen-Lahti")
    aino.refresh_from_db()
    assert (aino.name, aino.family) == ("Aino Maria Lahti", "Lahti")


def test_words_added_and_taken_off(clerk: Client, aino: Customer) -> None:
    edit(clerk, aino, "tags", tags="vip, late payer,  ")
    aino.refresh_from_db()
    assert sorted(aino.more["tags"]) == ["late payer", "vip"]
    edit(clerk, aino, "tags", tags="late payer")
    aino.refresh_from_db()
    assert aino.more["tags"] == ["late payer"]


def test_an_own_field_is_a_field_like_the_others(clerk: Client, aino: Customer) -> None:
    OwnField.objects.create(
        key="size", label="Coat size", type="choice", choices=["36", "38"], block="dealings", kind="value"
    )
    assert "Coat size" in page(clerk, aino)
    assert (
        '<option value="38"' in clerk.get(reverse("edit_field", args=[aino.card, "x.size"])).content.decode()
    )
    edit(clerk, aino, "x.size", **{"x.size": "38"})
    aino.refresh_from_db()
    assert aino.more["x.size"] == "38"


def test_several_choices_are_made_and_taken_back(clerk: Client, aino: Customer) -> None:
    OwnField.objects.create(key="days", label="Days", type="choices", choices=["Monday", "Friday"])
    edit(clerk, aino, "x.days", **{"x.days": "monday, Friday"})
    aino.refresh_from_db()
    assert sorted(aino.more["x.days"]) == ["Friday", "Monday"]
    edit(clerk, aino, "x.days", **{"x.days": "Friday"})
    aino.refresh_from_db()
    assert aino.more["x.days"] == ["Friday"]
    assert edit(clerk, aino, "x.days", **{"x.days": "Sunday"}).status_code == 422


@pytest.mark.parametrize("field", ["card", "no such", "x.no", "more", "merged_into"])
def test_what_is_no_field_is_not_edited(clerk: Client, aino: Customer, field: str) -> None:
    assert clerk.get(reverse("edit_field", args=[aino.card, field])).status_code == 404


def test_confirmed_with_one_click(clerk: Client, aino: Customer) -> None:
    answer = clerk.post(reverse("confirm_field", args=[aino.card, "addresses"]))
    assert said(answer) == "Confirmed today."
    assert "Last confirmed" not in answer.content.decode()
    empty = clerk.post(reverse("confirm_field", args=[aino.card, "website"]))
    assert "nothing to confirm" in said(empty)


def test_relations_made_and_ended(clerk: Client, aino: Customer) -> None:
    firm = customer(company="Merenneito", form="Oy")
    path = reverse("add_relation", args=[aino.card])
    wrong = clerk.post(path, {"other": "nobody", "kind": "works_for", "role": "buyer"})
    assert wrong.status_code == 422
    assert 'value="buyer"' in wrong.content.decode()
    right = clerk.post(path, {"other": firm.card_shown, "kind": "works_for", "role": "buyer"})
    assert right.status_code == 200
    assert "Merenneito Oy" in page(clerk, aino)
    assert "Aino Virtanen" in page(clerk, firm)
    clerk.post(reverse("end_relation", args=[aino.card, Relation.objects.get().pk]))
    assert "Merenneito Oy" not in page(clerk, aino)


def test_who_was_joined_is_shown_as_who_they_are_now(owner: Client, aino: Customer) -> None:
    gone = person("Aino", "Virtanen", email="other@example.com")
    merge(kept=aino, gone=gone, by=SHELL)
    answer = owner.get(reverse("customer", args=[gone.card]))
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("customer", args=[aino.card])
    spoken = owner.get(f"/customers/{aino.card_shown.lower()}/")
    assert spoken.headers["Location"] == reverse("customer", args=[aino.card])


def test_what_people_typed_is_never_markup(clerk: Client) -> None:
    bad = "<script>alert(1)</script>"
    someone = person(
        bad,
        bad,
        tags=[bad],
        note=bad,
        team=bad,
        addresses=[{"street": bad, "city": bad}],
        website="javascript:alert(1)",
    )
    for shown in (page(clerk, someone), clerk.get("/customers/").content.decode()):
        assert bad not in shown
        assert 'href="javascript:' not in shown


def test_a_label_taken_off_a_phone_stays_off(owner: Client) -> None:
    anna = customer(name="Anna Nowak", phones=[{"value": "+48600100200", "label": "work", "ext": "7"}])
    answer = edit(owner, anna, "phones", **{"0-value": "+48600100200", "0-label": "", "0-ext": "7"})
    assert said(answer) == "Saved."
    assert Contact.objects.values_list("label", "extension").get(customer=anna) == ("", "7")
    assert Customer.objects.get(pk=anna.pk).more["phones"] == [
        {"value": "+48600100200", "ext": "7", "preferred": False}
    ]


def test_each_fact_can_be_confirmed_alone(owner: Client) -> None:
    phones = ("+48600100200", "+48600100300")
    anna = customer(name="Anna Nowak", phones=[{"value": each} for each in phones], birth="1985-04-03")
    shown = page(owner, anna)
    assert shown.count("Confirm: it is still so") >= 4
    entries = re.findall(r'confirm/phones" hx-vals=\'{"entry": "(\w+)"}', shown)
    assert entries == [entry_token("phones", {"value": each}) for each in reversed(phones)]
    answer = owner.post(reverse("confirm_field", args=[anna.card, "phones"]), {"entry": entries[0]})
    assert said(answer) == "Confirmed today."
    assert ContactPoint.objects.exclude(verified_at=None).get().value == "+48600100300"


def test_who_moves_keeps_the_old_address_with_its_day(owner: Client) -> None:
    old = {"street": "Polna", "number": "1", "flat": "2", "city": "Gliwice", "country": "PL"}
    anna = customer(name="Anna Nowak", addresses=[old])
    sent = {f"0-{part}": text for part, text in old.items()}
    edit(owner, anna, "addresses", **sent | {"0-flat": ""})
    anna.refresh_from_db()
    assert [each.get("flat") for each in anna.more["addresses"]] == [None]
    edit(owner, anna, "addresses", **sent | {"0-street": "Krótka", "0-flat": ""})
    anna.refresh_from_db()
    assert [(each["street"], "until" in each) for each in anna.more["addresses"]] == [
        ("Krótka", False),
        ("Polna", True),
    ]
    assert "until " in page(owner, anna)


@pytest.mark.parametrize(
    ("country", "kind", "number", "kept"),
    [
        ("PL", "NIP", "5260001246", {"country": "PL", "kind": "nip", "number": "526-000-12-46"}),
        ("Poland", "VAT", "5260001246", {"country": "PL", "kind": "vat", "number": "526-000-12-46"}),
        ("", "", "PL5260001246", {"country": "PL", "kind": "nip", "number": "526-000-12-46"}),
        ("", "VAT", "FI01120389", {"country": "FI", "kind": "ytunnus", "number": "0112038-9"}),
        ("ZA", "company", "2019/123456/07", {"country": "ZA", "kind": "company", "number": "2019/123456/07"}),
        ("", "", "NO 12345", {"country": "FI", "kind": "", "number": "NO 12345"}),
    ],
)
def test_a_registration_number_is_written_as_its_country_does(
    clerk: Client, aino: Customer, country: str, kind: str, number: str, kept: dict[str, str]
) -> None:
    sent = {"0-country": country, "0-kind": kind, "0-number": number}
    assert edit(clerk, aino, "registration", **sent).status_code == 200
    aino.refresh_from_db()
    assert aino.more["registration"] == [kept]
    assert edit(clerk, aino, "registration", **{f"0-{k}": v for k, v in kept.items()}, **{"0-gone": "1"})
    aino.refresh_from_db()
    assert not aino.more.get("registration")


@pytest.mark.parametrize(
    ("country", "kind", "number"),
    [
        ("PL", "NIP", "526-000-12-47"),
        ("", "nip", "5260001247"),
        ("", "", "PL5260001247"),
        ("FI", "Y-tunnus", "0112038-8"),
        ("", "VAT", "GB980780685"),
        ("DE", "", "DE136695975"),
        ("MY", "SSM", "banana"),
        ("Nowhere", "NIP", "526-000-12-46"),
        ("PL", "NIP", ""),
    ],
)
def test_a_wrong_registration_number_is_told(
    clerk: Client, aino: Customer, country: str, kind: str, number: str
) -> None:
    sent = {"0-country": country, "0-kind": kind, "0-number": number}
    answer = edit(clerk, aino, "registration", **sent)
    assert answer.status_code == 422
    aino.refresh_from_db()
    assert "registration" not in aino.more


def test_a_relation_is_noted_once_and_not_both_ways(clerk: Client, aino: Customer) -> None:
    otto = person("Otto", "Virtanen")

    def note(one: Customer, other: Customer, kind: str) -> int:
        sent = {"kind": kind, "other": other.card}
        return clerk.post(reverse("add_relation", args=[one.card]), sent).status_code

    assert (note(aino, otto, "spouse"), note(otto, aino, "spouse")) == (200, 200)
    assert Relation.objects.count() == 1
    assert (note(aino, otto, "child"), note(otto, aino, "child")) == (200, 422)
    assert list(Relation.objects.order_by("pk").values_list("kind", flat=True)) == ["spouse", "child"]
