"""The veil: contact points are hidden from who may not see them, everywhere, and search does not read them out."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.people.asdata import card_as_data, found_as_data, list_as_data
from kartoteka.people.card import card_of
from kartoteka.people.checking import BadValue
from kartoteka.people.editing import change_customer, confirm
from kartoteka.people.listing import Wish
from kartoteka.people.looking_up import AskedTooOften, look_up
from kartoteka.people.models import Customer, Reveal
from kartoteka.people.revealing import NothingToReveal, OverBudget, reach, reveal
from kartoteka.people.search.find import find
from kartoteka.people.veil import hides, veil_email, veil_phone, veil_text
from kartoteka.quality.merging import merge
from kartoteka.quality.models import Doubt
from kartoteka.trust.actor import SHELL, Actor, Right
from kartoteka.trust.models import Alarm, AuditEntry, Limits, Staff
from kartoteka.trust.roles import save_role
from tests import make

HIDDEN = ("600111567", "600 111 567", "anna.skryta", "Zakryta", "skrytka")


@pytest.fixture
def veiled(db: None) -> Actor:
    save_role(key="", name="Veiled", rights=["see", "change"], scope="all", by=SHELL)
    return Staff.objects.create_user(email="v@example.com", name="V", role="veiled").actor


@pytest.fixture
def anna(db: None) -> Customer:
    make.csv_import(
        "id,name,phone,email,street,city,note\n"
        "1,Anna Nowak,600 111 567,anna.skryta@skrytka.pl,Zakryta 5,Kielce,call 600 111 567 or anna.skryta@skrytka.pl\n"
    )
    return Customer.objects.get()


def test_as_it_is_shown() -> None:
    assert veil_phone("+48600111567") == "+48 ••• ••• 567"
    assert veil_phone("+358401234567") == "+358 ••• ••• 567"
    assert veil_phone("+48112") == "+48 •••"
    assert veil_email("anna@example.pl") == "a•••@e•••.pl"
    assert veil_text("seen 2024-04-03, born 03.04.1985, 12 pcs") == "seen 2024-04-03, born 03.04.1985, 12 pcs"


@given(
    st.from_regex(r"\+(48|27|60|63|358|44)[1-9][0-9]{7,9}", fullmatch=True),
    st.text(alphabet="abc \n", max_size=9),
)
def test_no_number_is_left_in_a_text(number: str, around: str) -> None:
    for written in (number, f"{number[:6]} {number[6:9]}-{number[9:]}"):
        shown = veil_text(f"{around} {written} {around}")
        assert hides(shown)
        assert number[3:-3] not in "".join(filter(str.isdecimal, shown))


def test_the_card_and_the_lists_show_none(anna: Customer, veiled: Actor) -> None:
    card = card_as_data(card_of(actor=veiled, customer=anna), actor=veiled)
    lists = list_as_data(actor=veiled, wish=Wish())
    searched = found_as_data("Nowak", actor=veiled)
    history = card_of(actor=veiled, customer=anna).history
    text = json.dumps([card, lists, searched, [[each.value, each.typed] for each in history]], default=str)
    assert [each for each in HIDDEN if each in text] == []
    assert "567" in text
    whole = json.dumps(card_as_data(card_of(actor=SHELL, customer=anna), actor=SHELL), default=str)
    assert "600111567" in whole


def test_the_page_shows_none_until_it_is_revealed(anna: Customer, veiled: Actor) -> None:
    client = Client()
    client.force_login(Staff.objects.get(pk=veiled.key), backend="django.contrib.auth.backends.ModelBackend")
    for path in (
        f"/customers/{anna.card}/",
        "/customers/",
        f"/customers/{anna.card}/edit/phones",
        "/find?q=Nowak",
    ):
        page = client.get(path).content.decode()
        assert [each for each in HIDDEN if each in page] == [], path
    answer = client.post(f"/customers/{anna.card}/reveal/phones/0", {"reason": "call"})
    assert "+48 600 111 567" in answer.content.decode()
    assert client.post(f"/customers/{anna.card}/reveal/phones/0").status_code == 204
    called = client.post(f"/customers/{anna.card}/reach/call/0", headers={"hx-request": "true"})
    assert called["HX-Redirect"] == "tel:+48600111567"
    assert client.post(f"/customers/{anna.card}/reach/write/0")["Location"] == "mailto:anna.skryta@skrytka.pl"
    ways = list(Reveal.objects.order_by("pk").values_list("field", "way", "reason"))
    assert ways == [("phones", "reveal", "call"), ("phones", "call", "call"), ("emails", "write", "write")]
    told = json.dumps(list(AuditEntry.objects.values_list("action", "detail")))
    assert '"revealed"' in told
    assert [each for each in HIDDEN if each in told] == []


def test_a_handle_is_revealed_like_a_phone(veiled: Actor) -> None:
    values = {
        "key": "zakryta.ola",
        "name": "Ola",
        "handles": [{"network": "instagram", "handle": "zakryta.ola"}],
    }
    ola = Customer.objects.get(pk=make.claims(values).customers[0])
    client = Client()
    client.force_login(Staff.objects.get(pk=veiled.key), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/customers/{ola.card}/").content.decode()
    assert "zakryta" not in page
    assert (address := f"/customers/{ola.card}/reveal/handles/0") in page, "nothing to press"
    assert client.post(address).status_code == 204, "a reason is asked for"
    assert "zakryta.ola" in client.post(address, {"reason": "call"}).content.decode()
    assert Reveal.objects.get().field == "handles"


def test_pairs_and_joinings_show_none(anna: Customer) -> None:
    """Of pairs in doubt and of who was joined with whom: whoever settles them sees no contact point either."""
    save_role(key="", name="Joiner", rights=["see", "change", "merge"], scope="all", by=SHELL)
    joiner = Staff.objects.create_user(email="j@example.com", name="J", role="joiner")
    client = Client()
    client.force_login(joiner, backend="django.contrib.auth.backends.ModelBackend")
    mail = make.claims(
        {"key": "m", "emails": [{"value": "zofia@skrytka.pl"}], "phones": [{"value": "+48600111567"}]}
    )
    nameless = Customer.objects.get(pk=mail.customers[0])
    why = [["same_phone", {"value": "+48600111567"}], ["same_email", {"value": "anna.skryta@skrytka.pl"}]]
    Doubt.objects.create(one=anna, other=nameless, score=0.9, reasons=why, found_at=timezone.now())
    pages = [
        "/doubles/",
        f"/customers/{anna.card}/join?other={nameless.card}",
    ]
    leaks = [(page, each) for page in pages for each in HIDDEN if each in client.get(page).content.decode()]
    merge(kept=anna, gone=nameless, by=SHELL, why="both are 600 111 567", reasons=why)
    later = ["/doubles/joined", f"/customers/{anna.card}/separate", f"/customers/{anna.card}/"]
    leaks += [(page, each) for page in later for each in HIDDEN if each in client.get(page).content.decode()]
    assert not leaks


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Nowak", True), ("nowk", True), ("Kielce", True), ("567", True), ("Nowak Kielce", True),
        ("600111567", True), ("+48 600 111 567", True), ("anna.skryta@skrytka.pl", True),
        ("6001", False), ("600111", False), ("1567", False), ("111567", False), ("60011156", False),
        ("skryta", False), ("skryta@", False), ("skrytka", False), ("zakryta", False), ("zak", False),
        ("anna.skryta@skrytka.p", False), ("Nowak 6001", False), ("Nowak skryta", False),
    ],
)  # fmt: skip
def test_search_does_not_read_them_out(anna: Customer, veiled: Actor, typed: str, found: bool) -> None:
    hits = find(typed, actor=veiled)
    # A name beside a part of a number is found by the name alone, with and without that number.
    if not found and "Nowak" in typed:
        other = "Nowak 9998" if typed[-1].isdigit() else "Nowak nieznane"
        assert [each.customer for each in hits] == [each.customer for each in find(other, actor=veiled)]
        assert (
            found_as_data(typed, actor=veiled)[0]["score"] == found_as_data(other, actor=veiled)[0]["score"]
        )
    else:
        assert bool(hits) is found
    assert find("600111", actor=SHELL)


def test_what_is_hidden_is_not_written_over(anna: Customer, veiled: Actor) -> None:
    before = Customer.objects.get().more["phones"]
    shown = card_of(actor=veiled, customer=anna).field("phones")
    assert shown is not None
    entry = shown.values[0].value
    change_customer(customer=anna, changes={"phones": [{**entry, "label": "work"}]}, by=veiled)
    [phone] = Customer.objects.get().more["phones"]
    assert (phone["value"], phone["label"]) == (before[0]["value"], "work")
    with pytest.raises(BadValue):
        change_customer(customer=anna, changes={"note": "call +48 ••• ••• 567"}, by=veiled)
    with pytest.raises(BadValue):
        change_customer(customer=anna, changes={"phones": [{"value": "+48 ••• ••• 999"}]}, by=veiled)
    confirm(customer=Customer.objects.get(), field="phones", by=veiled)
    assert [each["value"] for each in Customer.objects.get().more["phones"]] == [before[0]["value"]]
    gone = [{**shown.values[0].value, "gone": True}]
    change_customer(customer=Customer.objects.get(), changes={"phones": gone}, by=veiled)
    assert Customer.objects.get().phone == ""


def test_the_budget_ends_and_the_owner_is_told(anna: Customer, veiled: Actor) -> None:
    Limits(pk=1, reveals=2, reaches=1).save()

    def look() -> object:
        return reveal(customer=anna, field="phones", place=0, reason="check", by=veiled)

    assert [look()["value"] for _ in range(2)] == ["+48600111567"] * 2  # type: ignore[index]
    for _ in range(2):
        with pytest.raises(OverBudget):
            look()
    assert [each.kind for each in Alarm.objects.all()] == ["over budget"]
    assert reach(customer=anna, way="write", place=0, by=veiled) == "mailto:anna.skryta@skrytka.pl"
    with pytest.raises(OverBudget):
        reach(customer=anna, way="call", place=0, by=veiled)
    assert Reveal.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "place", "reason"),
    [
        ("phones", 1, "call"),
        ("phones", 0, ""),
        ("note", 0, "call"),
        ("national_id", 0, "call"),
        ("phones", 0, "why"),
    ],
)
def test_nothing_else_is_revealed(anna: Customer, veiled: Actor, field: str, place: int, reason: str) -> None:
    with pytest.raises(NothingToReveal):
        reveal(customer=anna, field=field, place=place, reason=reason, by=veiled)
    assert not Reveal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_the_last_one_once() -> None:
    save_role(key="", name="Veiled", rights=["see"], scope="all", by=SHELL)
    by = Staff.objects.create_user(email="v@example.com", name="V", role="veiled").actor
    anna = make.person("Anna", "Nowak", phone="+48600111567")
    Limits(pk=1, reveals=1).save()
    start = threading.Barrier(2)
    answers: list[bool] = []

    def look() -> None:
        start.wait()
        try:
            reveal(customer=anna, field="phones", place=0, reason="call", by=by)
            answers.append(True)
        except OverBudget:
            answers.append(False)
        finally:
            connection.close()

    both = [threading.Thread(target=look) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(answers) == [False, True]


def test_looking_up_takes_the_whole_of_it(anna: Customer) -> None:
    save_role(key="", name="Till", rights=["look_up"], scope="one", by=SHELL)
    till = Staff.objects.create_user(email="t@example.com", name="T", role="till").actor
    for typed in (
        "600111567",
        "+48 600 111 567",
        "anna.skryta@skrytka.pl",
        anna.card,
        anna.card_shown.lower(),
    ):
        assert look_up(text=typed, by=till, country="PL").cards == (anna,), typed
    for typed in ("Nowak", "Anna", "600111", "567", "skrytka.pl", "", "%", "*"):
        assert look_up(text=typed, by=till, country="PL").cards == (), typed
    assert not find("Nowak", actor=till)
    Limits(pk=1, look_ups=3).save()
    with pytest.raises(AskedTooOften):
        look_up(text="600111567", by=till)
    card = card_of(actor=till, customer=anna)
    assert card.customer.phone == "+48 ••• ••• 567"
    assert Right.SEE not in till.rights


def test_the_order_of_who_has_no_name_tells_one_letter(db: None) -> None:
    made: Callable[..., Customer] = make.customer
    nameless = made(emails=[{"value": "skryta@example.com"}], key="n")
    assert nameless.sort_name == "1 s"
