"""Finding customers by what people type."""

import pytest
from django.db import connection

from kartoteka.kit.ids import show_card
from kartoteka.people.models import Customer, OwnField
from kartoteka.people.search.find import find
from kartoteka.people.search.index import index_customers, reindex
from kartoteka.trust.actor import SHELL, Actor, Right

from .conftest import Add

NOBODY = Actor(kind="staff", key=1, name="nobody", rights=frozenset())


@pytest.fixture
def people(add: Add) -> dict[str, int]:
    return {
        "kasia": add(
            name="Katarzyna Wiśniewska", given="Katarzyna", family="Wiśniewska", nickname="Kasia", birth="1985-04-03",
            phones=[{"value": "+48600700800"}], emails=[{"value": "kasia.w@przyklad.pl"}],
            addresses=[{"street": "Świętokrzyska", "number": "12", "postcode": "00-950", "city": "Łódź", "country": "PL"}],
            tags=["vip"], note="Lubi szarlotkę", income="high", **{"x.shoe": "brogues"},
        ),
        "anna": add(name="Anna Wiśniewska", given="Anna", family="Wiśniewska", phones=[{"value": "+48511222333"}]),
        "matti": add(
            name="Matti Hämäläinen", given="Matti", family="Hämäläinen", birth="--12-24",
            addresses=[{"street": "Mannerheimintie", "number": "5", "city": "Helsinki", "postcode": "00100"}],
            emails=[{"value": "mattihamalainen@luukku.com"}],
        ),
        "bakery": add(company="Nowak Bakery", form="Pty Ltd", registration=[{"kind": "cipc", "number": "2011/123456/07"}]),
        "piet": add(name="Piet van der Merwe", given="Piet", family="van der Merwe", particle="van der"),
        "li": add(name="李 小龙", given="小龙", family="李"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("Katarzyna Wiśniewska", "kasia"),
        ("wisniewska katarzyna", "kasia"),
        ("kasia", "kasia"),
        ("katarzina wisnewska", "kasia"),
        ("Katrzyna Wiśniweska lodz", "kasia"),
        ("wisniewska swietokrzyska", "kasia"),
        ("wiśn kat", "kasia"),
        ("tokrzysk", "kasia"),
        ("szarlotke", "kasia"),
        ("brogues", "kasia"),
        ("vip", "kasia"),
        ("przyklad", "kasia"),
        ("kasia.w@przyklad.pl", "kasia"),
        ("700 800", "kasia"),
        ("0800", "kasia"),
        ("+48 600-700-800", "kasia"),
        ("0048600700800", "kasia"),
        ("600 70", "kasia"),
        ("3.4.1985", "kasia"),
        ("1985-04-03", "kasia"),
        ("wisniewska 1985", "kasia"),
        ("00-950", "kasia"),
        ("00950", "kasia"),
        ("wisniewska 333", "anna"),
        ("annawisniewska", "anna"),
        ("hamalainen", "matti"),
        ("hämälänen", "matti"),
        ("hämä", "matti"),
        ("mattihamalainen@luukku.com", "matti"),
        ("24.12.", "matti"),
        ("mannerheimintie 5", "matti"),
        ("helsinki mati", "matti"),
        ("nowak bakery", "bakery"),
        ("bakkery", "bakery"),
        ("2011/123456/07", "bakery"),
        ("vandermerwe", "piet"),
        ("van de merwe", "piet"),
        ("piet merve", "piet"),
        ("小龙", "li"),
    ],
)
def test_the_right_customer_comes_first(people: dict[str, int], typed: str, who: str) -> None:
    hits = find(typed, actor=SHELL)
    assert hits
    assert hits[0].customer == people[who]


@pytest.mark.parametrize(
    "typed", ["", "   ", "'", "\x00", '"', "( OR )", "*", "%", "a" * 5000, "zzzzqqqq", "- -", ": & |"]
)
def test_nothing_to_find(people: dict[str, int], typed: str) -> None:
    assert find(typed, actor=SHELL) == []


def test_exact_is_before_begun_before_misspelt(add: Add) -> None:
    misspelt, begun, exact = add(name="Novac"), add(name="Novakowski"), add(name="Novak")
    assert [hit.customer for hit in find("novak", actor=SHELL)] == [exact, begun, misspelt]


def test_a_name_is_before_a_street(add: Add) -> None:
    name = add(name="Anna Długa", given="Anna", family="Długa")
    add(name="Ewa Lis", given="Ewa", family="Lis", addresses=[{"street": "Długa", "city": "Opole"}])
    assert find("dluga", actor=SHELL)[0].customer == name


def test_corrected_is_before_the_middle_of_a_word(add: Add) -> None:
    inside, corrected = add(name="Anna Vandenberg"), add(name="Anna Burg")
    begun, exact = add(name="Anna Bergman"), add(name="Anna Berg")
    assert [hit.customer for hit in find("berg", actor=SHELL)] == [exact, begun, corrected, inside]


@pytest.mark.parametrize(
    ("typed", "kept"), [("kasia", "Katarzyna"), ("katarzyna", "Kasia"), ("bob", "Robert"), ("robert", "Bob")]
)
def test_a_name_by_its_other_form_after_the_one_typed(add: Add, typed: str, kept: str) -> None:
    exact = add(name=f"{typed.capitalize()} Nowak", given=typed.capitalize(), family="Nowak")
    other = add(name=f"{kept} Nowak", given=kept, family="Nowak")
    add(name="Ewa Nowak", given="Ewa", family="Nowak")
    for text in (typed, f"{typed} nowak", f"nowka {typed}"):
        assert [hit.customer for hit in find(text, actor=SHELL)][:2] == [exact, other]


def test_a_street_with_its_number(add: Add) -> None:
    def living(street: str, number: str, phone: str) -> int:
        return add(
            name="Jan Lis",
            phones=[{"value": phone}],
            addresses=[{"street": street, "number": number, "postcode": "36-100", "city": "Opole"}],
        )

    there = living("Długa", "165", "+48600700800")
    living("Długa", "7", "+48600700165")
    living("Krótka", "165", "+48600700801")
    for text in ("Długa 165", "dluag 165", "opole dluga 165"):
        assert find(text, actor=SHELL)[0].customer == there


def test_words_that_nobody_has_do_not_stand_in_the_way(people: dict[str, int]) -> None:
    for text in ("ul. Świętokrzyska 12 lodz", "mr kasia wisniewska", "wisniewska kasia xyzzyqq"):
        assert find(text, actor=SHELL)[0].customer == people["kasia"]


def test_what_else_can_have_been_meant_is_among_the_first(add: Add) -> None:
    for number in range(9):
        add(name=f"Anna Mysford {number}", family="Mysford")
    meant = add(name="Ewa Syford", family="Syford")
    assert meant in [hit.customer for hit in find("msyford", actor=SHELL)[:3]]


def test_the_rest_tells_who_is_meant_when_a_word_cannot_be_read(add: Add) -> None:
    for family in ("Nowak", "Lewandowska", "Kwiatkowski"):
        add(name=f"Anna {family}", given="Anna", family=family, addresses=[{"city": "Wieliczka"}])
    meant = find("wieliczka lvemadnwoska", actor=SHELL)[0].customer
    assert Customer.objects.get(pk=meant).family == "Lewandowska"


def test_the_words_that_answered_are_told(people: dict[str, int]) -> None:
    assert find("wisnewska lodz", actor=SHELL)[0].matched == ("wisniewska", "lodz")


def test_a_card_also_of_one_who_was_joined(people: dict[str, int]) -> None:
    Customer.objects.filter(pk=people["anna"]).update(merged_into=people["kasia"])
    for who in ("anna", "kasia"):
        card = Customer.objects.get(pk=people[who]).card
        for typed in (card, show_card(card).lower()):
            assert [hit.customer for hit in find(typed, actor=SHELL)] == [people["kasia"]]


def test_sensitive_fields_find_nobody(people: dict[str, int], add: Add) -> None:
    add(name="Ewa Lis", national_id="85040312345", relatives=[{"name": "Zdzisław", "relation": "child"}])
    for typed in ("high", "85040312345", "zdzislaw"):
        assert find(typed, actor=SHELL) == []
    OwnField.objects.create(key="shoe", label="Shoe", type="text", sensitive=True)
    reindex()
    assert find("brogues", actor=SHELL) == []


def test_only_who_may_see_finds(people: dict[str, int]) -> None:
    assert find("wisniewska", actor=NOBODY) == []
    card = Customer.objects.get(pk=people["anna"]).card
    assert find(card, actor=NOBODY) == []
    assert len(find("wisniewska", actor=Actor("staff", 1, "clerk", frozenset({Right.SEE})))) == 2


def test_changed_merged_and_gone(people: dict[str, int]) -> None:
    Customer.objects.filter(pk=people["anna"]).update(family="Zielińska", name="Anna Zielińska")
    index_customers([people["anna"]])
    assert [hit.customer for hit in find("zielinska", actor=SHELL)] == [people["anna"]]
    assert people["anna"] not in [hit.customer for hit in find("wisniewska", actor=SHELL)]
    Customer.objects.filter(pk=people["anna"]).update(merged_into=people["kasia"])
    Customer.objects.filter(pk=people["matti"]).delete()
    index_customers([people["anna"], people["matti"]])
    with connection.cursor() as cursor:
        cursor.execute("SELECT names FROM people_search")
        left = " ".join(row[0] for row in cursor.fetchall())
    assert "zielinska" not in left
    assert "hamalainen" not in left


def test_made_anew_it_finds_the_same(people: dict[str, int]) -> None:
    typed = ["wisnewska", "700 800", "nowak", "hel", "tokrzysk"]
    before = [find(text, actor=SHELL) for text in typed]
    assert reindex() == len(people)
    assert [find(text, actor=SHELL) for text in typed] == before
    Customer.objects.filter(pk=people["li"]).update(merged_into=people["piet"])
    assert reindex() == len(people) - 1


@pytest.mark.parametrize("typed", ["wisniewska", "wisnewska lodz", "700 800", "tokrzysk", "kat wis 600"])
def test_few_queries_however_many_answer(add: Add, typed: str, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(40):
        add(name=f"Katarzyna Wiśniewska {number}", given="Katarzyna", family="Wiśniewska",
            phones=[{"value": f"+486007008{number:02}"}],
            addresses=[{"city": "Łódź", "street": "Świętokrzyska"}])  # fmt: skip
    with django_assert_max_num_queries(9):
        assert find(typed, actor=SHELL)


def test_few_queries_however_much_is_wrong(people: dict[str, int], django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(20):
        hits = find("katrzina wsniewsak swietkorzyska lodsz przykald qqqzzz vpi szarlotkek", actor=SHELL)
    assert hits[0].customer == people["kasia"]
