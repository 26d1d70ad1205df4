"""Customers through the API: found, read, added once, changed, joined, taken apart, and nothing seen without the right."""

from __future__ import annotations

from typing import Any

import pytest

from kartoteka.people.editing import change_customer
from kartoteka.people.models import Customer, OwnField
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.models import AuditEntry
from tests import make

from .conftest import Caller

ANNA = {"given": "Anna", "family": "Kowalska", "phones": ["+48 600 100 200"], "emails": ["anna@example.com"]}


def added(caller: Caller, **more: Any) -> str:
    return str(
        caller().post("/customers", {"values": ANNA, "ground": "contract", **more}, status=201)["card"]
    )


def test_added_and_read(caller: Caller) -> None:
    card = added(caller, source="shop", key="881", country="PL")
    found = caller(Right.SEE, Right.REVEAL).get(f"/customers/{card}")
    assert (found["given"], found["family"], found["phone"]) == ("Anna", "Kowalska", "+48600100200")
    phones = next(each for each in found["fields"] if each["key"] == "phones")
    assert phones["values"][0]["origin"]["source"] == "shop"
    assert found["identities"][0] | {"last_at": ""} == {
        "source": "shop", "key": "881", "claims": 1, "last_at": "",
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="viewed", actor_kind="token").count() == 1
    assert caller(Right.SEE).get(f"/customers/{found['card_shown'].lower()}")["card"] == card


def test_the_same_source_and_key_is_one_customer(caller: Caller) -> None:
    first, again = (added(caller, source="shop", key="881") for _ in range(2))
    assert first == again
    assert added(caller, source="newsletter", key="881") != first
    assert Customer.objects.count() == 2


def test_who_only_adds_reads_nothing(caller: Caller) -> None:
    answer = caller(Right.CHANGE).post("/customers", {"values": ANNA, "ground": "contract"}, status=201)
    assert set(answer) == {"card", "card_shown"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"values": ANNA}, "ground"),
        ({"values": ANNA, "ground": "because"}, "ground"),
        ({"values": {}, "ground": "contract"}, "name"),
        ({"values": {"shoe": 38, "name": "Anna"}, "ground": "contract"}, "shoe"),
        ({"values": {"name": "Anna", "phones": ["12"]}, "ground": "contract"}, "phones"),
        ({"values": {"name": "Anna", "birth": "yesterday"}, "ground": "contract"}, "birth"),
        ({"values": {"name": ["Anna"]}, "ground": "contract"}, "name"),
        ({"values": {"name": {"a": {}}}, "ground": "contract"}, "name"),
        ({"values": {"name": "Anna", "children": 1e300}, "ground": "contract"}, "children"),
        ({"values": "Anna", "ground": "contract"}, "values"),
        ({"values": ANNA, "ground": "contract", "key": "k" * 501}, "key"),
        ({"values": ANNA, "ground": "contract", "shoe": 38}, "shoe"),
    ],
)
def test_what_cannot_be_is_told(caller: Caller, body: dict[str, Any], field: str) -> None:
    problem = caller().post("/customers", body, status=422)
    assert (problem["error"], problem["field"]) == ("invalid", field)
    assert problem["message"]
    assert Customer.objects.count() == 0


def test_changed(caller: Caller) -> None:
    card = added(caller)
    body = {
        "values": {"family": "Nowak", "phones": [{"value": "+48 600 100 200", "gone": True}], "emails": []}
    }
    changed = caller(Right.SEE, Right.REVEAL, Right.CHANGE).patch(f"/customers/{card}", body)
    assert (changed["name"], changed["phone"], changed["email"]) == ("Anna Nowak", "", "anna@example.com")
    origin = next(each for each in changed["fields"] if each["key"] == "family")["values"][0]
    assert (origin["origin"]["by"], [each["value"] for each in origin["others"]]) == (
        "a program",
        ["Kowalska"],
    )


def test_joined_and_taken_apart(caller: Caller) -> None:
    api = caller(Right.SEE, Right.MERGE)
    one, other = make.person("Anna", "Nowak", phone="+48600100200"), make.person("Ania", "Nowak")
    merged = api.post(f"/customers/{one.card}/merge", {"gone": other.card, "why": "same voice"})
    assert api.get(f"/customers/{other.card}")["card"] == one.card
    assert api.get(f"/customers/{one.card}/mergers")["mergers"] == [merged]
    again = api.post(f"/customers/{one.card}/merge", {"gone": other.card}, status=409)
    assert again["error"] == "conflict"
    parted = api.post(f"/customers/{one.card}/split", {"merger": merged["merger"]})
    assert (parted["stayed"], parted["parted"]) == (one.card, other.card)
    assert api.get(f"/customers/{one.card}/mergers")["mergers"] == []
    api.post(f"/customers/{one.card}/split", {"merger": merged["merger"]}, status=404)


def test_identities_taken_out(caller: Caller) -> None:
    api = caller()
    one, other = make.person("Anna", "Nowak", key="1"), make.person("Adam", "Lis", key="2")
    api.post(f"/customers/{one.card}/merge", {"gone": other.card})
    api.post(f"/customers/{one.card}/split", {"identities": [{"source": "shop", "key": "9"}]}, status=404)
    parted = api.post(f"/customers/{one.card}/split", {"identities": [{"source": "shop", "key": "2"}]})
    assert api.get(f"/customers/{parted['parted']}")["name"] == "Adam Lis"
    both = {"identities": [{"source": "shop", "key": "1"}]}
    api.post(f"/customers/{one.card}/split", both, status=409)
    assert api.post(f"/customers/{one.card}/split", {}, status=409)["error"] == "conflict"


def test_listed_page_by_page(caller: Caller) -> None:
    api = caller(Right.SEE)
    for family in ("Adamska", "Banach", "Cichy", "Duda", "Ekiert"):
        make.person("Anna", family)
    seen, after = [], ""
    while True:
        page = api.get("/customers", size=2, after=after)
        seen += [each["family"] for each in page["customers"]]
        if not (after := page["after"]):
            break
    assert seen == ["Adamska", "Banach", "Cichy", "Duda", "Ekiert"]
    back = api.get("/customers", size=2, before=page["before"])
    assert [each["family"] for each in back["customers"]] == ["Cichy", "Duda"]
    assert (page["count"], page["more"]) == (5, False)
    newest = api.get("/customers", order="new", size=1)["customers"]
    assert newest[0]["family"] == "Ekiert"


def test_filters(caller: Caller) -> None:
    api = caller(Right.SEE)
    make.customer(source="shop", family="Adamska", name="Adamska", tags=["regular"])
    make.customer(source="till", company="Mleczarnia", emails=[{"value": "biuro@example.com"}])

    def found(**query: Any) -> list[str]:
        return [each["name"] for each in api.get("/customers", **query)["customers"]]

    assert found(source="till") == ["Mleczarnia"]
    assert found(tag="regular") == ["Adamska"]
    assert found(kind="organisation") == ["Mleczarnia"]
    assert found(lacking="emails") == ["Adamska"]
    assert found(text="mlecz") == ["Mleczarnia"]
    assert found(silent_days=1) == []
    for wrong in (
        {"source": "moon"},
        {"lacking": "moon"},
        {"own": "name"},
        {"order": "moon"},
        {"after": "moon"},
    ):
        [field] = wrong
        assert api.get("/customers", status=422, **wrong)["field"] == field


def test_sensitive_fields_are_absent_without_their_right(caller: Caller) -> None:
    OwnField.objects.create(key="health", label="Health", type="text", sensitive=True)
    person = make.person("Anna", "Nowak", national_id="02070803628", key="1")
    change_customer(customer=person, changes={"income": "high", "x.health": "asthma"}, by=SHELL)
    secrets = ("02070803628", "high", "asthma", "national_id", "income", "x.health")
    blind, seeing = caller(Right.SEE, Right.CHANGE, Right.MERGE), caller()
    whole = str(seeing.get(f"/customers/{person.card}"))
    assert all(secret in whole for secret in secrets)
    for path in (f"/customers/{person.card}", "/customers", "/fields"):
        told = str(blind.get(path))
        assert [secret for secret in secrets if secret in told] == []
    for query in ({"lacking": "income"}, {"own": "x.health", "own_value": "a"}):
        assert blind.get("/customers", status=403, **query)["error"] == "not_allowed"
        seeing.get("/customers", **query)
    blind.patch(f"/customers/{person.card}", {"values": {"income": "low"}}, status=403)
    body = {"values": {"name": "Ola Lis", "children": 2}, "ground": "contract"}
    blind.post("/customers", body, status=403)
    blind.get("/customers", status=422, order="income")


@pytest.mark.parametrize(
    "path", ["/customers", "/customers/search?q=anna", "/customers/{card}", "/customers/{card}/mergers"]
)
def test_no_query_per_row(caller: Caller, path: str) -> None:
    api = caller(Right.SEE)
    kept = make.person("Anna", "Nowak")
    counts = []
    for others in (1, 2):
        for place in range(others):
            gone = make.person("Anna", f"Nowak{others}{place}")
            make.person("Ola", f"Lis{others}{place}")
            caller().post(f"/customers/{kept.card}/merge", {"gone": gone.card})
        counts.append(api.queries(path.format(card=kept.card)))
    assert counts[0] == counts[1]


def test_fields(caller: Caller) -> None:
    OwnField.objects.create(key="shoe", label="Shoe size", type="number", least=20)
    found = {each["key"]: each for each in caller().get("/fields")["fields"]}
    assert (found["x.shoe"]["own"], found["x.shoe"]["least"]) == (True, "20.0000")
    assert found["phones"]["many"]


def test_found_by_what_was_typed(caller: Caller) -> None:
    api = caller(Right.SEE, Right.REVEAL)
    make.person("Zażółć", "Kowalska", phone="+48600100200")
    make.person("Jan", "Lis")
    for typed in ("zazolc", "kowalzka", "100200"):
        [hit] = api.get("/customers/search", q=typed)["hits"]
        assert hit["customer"]["family"] == "Kowalska"
    assert api.get("/customers/search", q="qqqq")["hits"] == []
    assert api.get("/customers/search", status=422)["field"] == "q"
