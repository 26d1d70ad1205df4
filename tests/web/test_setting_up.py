"""Doubles, fields, staff and audit: who may, what they show, what a mistake says; reasons and actions all have words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import kartoteka
from kartoteka.people.checking import fields
from kartoteka.people.editing import change_customer, relate
from kartoteka.people.models import Customer, OwnField
from kartoteka.people.recounting import run_due_recount
from kartoteka.quality.linking import comparisons, reasons
from kartoteka.quality.merging import merge
from kartoteka.quality.models import Doubt, MatchRun, Merger
from kartoteka.trust.actor import SHELL
from kartoteka.trust.models import AuditEntry, Staff, Token
from kartoteka.web import audit_words as audit
from kartoteka.web.reasons import AGAINST, FOR, said
from tests.make import person
from tests.web.conftest import As

pytestmark = pytest.mark.django_db

# Page -> the roles that may see it; "staff" at the counter sees none of them.
PAGES = {
    "/imports/": {"owner", "manager"},
    "/doubles/": {"owner", "manager"},
    "/doubles/joined": {"owner", "manager"},
    "/fields/": {"owner", "manager"},
    "/fields/new": {"owner", "manager"},
    "/staff/": {"owner"},
    "/audit/": {"owner", "manager"},
}


@pytest.mark.parametrize("role", ["owner", "manager", "staff"])
def test_who_may_see_what(as_role: As, role: str) -> None:
    someone = person("Kasia", "Nowak")
    client = as_role(role)
    for path, roles in PAGES.items():
        assert client.get(path).status_code == (200 if role in roles else 403), path
    for path in ("join", "separate"):
        assert client.get(f"/customers/{someone.card}/{path}").status_code == (
            403 if role == "staff" else 200
        )
    may = {
        "/imports/drop": "manager",
        "/doubles/look": "manager",
        "/fields/new": "manager",
        "/staff/invite": "owner",
    }
    for path, least in may.items():
        if role == "staff" or least == "owner" != role:
            assert client.post(path).status_code == 403, path
    assert not MatchRun.objects.exists() or role != "staff"


def test_every_reason_of_the_matching_has_words() -> None:
    words = {level.word for comparison in comparisons.ALL for level in comparison.levels} - reasons._SILENT
    assert words == set(FOR) | set(AGAINST)
    for word in words:
        assert said(word, {"a": "anna", "b": "ania", "value": "48601234567"}) is not None


def test_every_audited_action_has_words() -> None:
    done = set()
    for path in Path(kartoteka.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note":
                done |= {
                    each.value
                    for word in node.keywords
                    if word.arg == "action"
                    for each in ast.walk(word.value)
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
    # Of an action put together ("request " and what was done with it) at least one has words.
    put_together = {each for each in done if each.endswith(" ")}
    assert all(any(known.startswith(each) for known in audit.ACTIONS) for each in put_together)
    done -= put_together
    assert done <= set(audit.ACTIONS), done - set(audit.ACTIONS)


def test_settling_and_taking_back(owner: Client) -> None:
    one, other = person("Jan", "Nowak", key="a"), person("Janek", "Nowak", key="b")
    doubt = Doubt.objects.create(
        one=one, other=other, score=0.7, reasons=[["same_family", {}]], found_at=timezone.now()
    )
    page = owner.get("/doubles/").content.decode()
    assert "1 pair left" in page
    assert "same family name" in page
    owner.post(f"/doubles/{doubt.pk}/settle", {"join": "yes"})
    assert Merger.objects.get().score == 0.7
    assert (
        "settled in the meantime"
        in owner.post(f"/doubles/{doubt.pk}/settle", {"join": "yes"}).content.decode()
    )
    owner.post("/doubles/undo")
    assert Customer.objects.filter(merged_into=None).count() == 2
    assert Doubt.objects.get().score == 0.7
    assert "nothing to take back" in owner.post("/doubles/undo").content.decode()


def test_settlings_are_taken_back_one_after_another_each_where_it_was(owner: Client) -> None:
    """Whoever went on to the third pair, and settled two, sees each of them again."""
    pairs = []
    for place in range(3):
        one, other = person(f"Anna{place}", "Nowak"), person(f"Hanna{place}", "Nowak")
        pairs.append(
            Doubt.objects.create(one=one, other=other, score=0.9 - place / 10, found_at=timezone.now())
        )
    _first, second, third = pairs
    owner.post(f"/doubles/{second.pk}/settle", {"join": "yes"})
    page = owner.post(f"/doubles/{third.pk}/settle", {"join": "no"}).content.decode()
    assert "Anna0" in page
    page = owner.post("/doubles/undo").content.decode()
    assert "Anna2" in page
    assert "Anna0" not in page
    page = owner.post("/doubles/undo").content.decode()
    assert "Anna1" in page
    assert "3 pairs left" in page
    assert "nothing to take back" in owner.post("/doubles/undo").content.decode()


def test_joined_by_rule_or_hand_and_separated_again(owner: Client) -> None:
    one, other = person("Jan", "Nowak", key="a"), person("Janek", "Nowak", key="b")
    merger = merge(kept=one, gone=other, by=SHELL, why="told at the counter")
    assert "told at the counter" in owner.get("/doubles/joined?how=hand").content.decode()
    assert "told at the counter" not in owner.get("/doubles/joined?how=rule").content.decode()
    owner.post(f"/doubles/joined/{merger.pk}/separate")
    assert Customer.objects.filter(merged_into=None).count() == 2
    assert (
        "separated already"
        in owner.post(f"/doubles/joined/{merger.pk}/separate", follow=True).content.decode()
    )


@pytest.mark.parametrize("path", ["/doubles/joined", "/audit/", "/staff/", "/fields/"])
def test_lists_ask_as_often_for_three_as_for_one(owner: Client, path: str) -> None:
    counts = []
    for number in range(3):
        one, other = (
            person("Jan", f"Nowak{number}", key=f"a{number}"),
            person("Janek", f"Nowak{number}", key=f"b{number}"),
        )
        merge(kept=one, gone=other, by=SHELL)
        Staff.objects.create_user(email=f"anna{number}@example.com", name="Anna")
        Token.objects.create(name=f"till {number}", hash=str(number), rights=["see"])
        OwnField.objects.create(key=f"own{number}", label="Own", type="text")
        owner.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_weights_that_the_owner_sets_hold(owner: Client) -> None:
    answer = owner.post("/fields/birth/weight", {"weight": "20", "fresh_days": "90"}).content.decode()
    assert "hx-swap-oob" in answer
    assert "Counting every customer anew" in answer
    assert "Counting every customer anew" in owner.get("/fields/recount").content.decode()
    run_due_recount()
    assert "Counting every customer anew" not in owner.get("/fields/").content.decode()
    assert (fields()["birth"].weight, fields()["birth"].fresh_days) == (20, 90)
    assert 'value="20"' in owner.get("/fields/").content.decode()
    assert b"no field" in owner.post("/fields/nothing/weight", {"weight": "1"}).headers["HX-Trigger"].encode()


def test_an_own_field_is_made_changed_and_taken_off(owner: Client) -> None:
    shape = {"label": "Loyalty tier", "type": "choice", "kind": "value", "block": "dealings", "weight": "2"}
    answer = owner.post("/fields/new", shape)
    assert answer.status_code == 422
    assert "choices-error" in answer.content.decode()
    assert owner.post("/fields/new", shape | {"choices": "silver\ngold"}).status_code == 302
    row = OwnField.objects.get()
    assert (row.key, row.choices, row.weight) == ("loyalty_tier", ["silver", "gold"], 2)
    shown = owner.post("/fields/preview", shape | {"choices": "silver\ngold"}).content.decode()
    assert "gold" in shown
    assert "Loyalty tier" in shown
    page = owner.get("/fields/x.loyalty_tier/").content.decode()
    assert "silver\ngold" in page
    owner.post("/fields/x.loyalty_tier/", shape | {"label": "Tier", "choices": "gold"})
    row.refresh_from_db()
    assert (row.label, row.choices) == ("Tier", ["gold"])
    assert (
        owner.post(
            "/fields/new",
            {"label": "Size", "type": "number", "kind": "semantic", "block": "general", "least": "big"},
        ).status_code
        == 422
    )
    owner.post("/fields/x.loyalty_tier/remove")
    assert not OwnField.objects.exists()
    assert owner.get("/fields/x.loyalty_tier/").status_code == 404


def test_staff_are_invited_changed_gone_and_back(owner: Client) -> None:
    page = owner.post(
        "/staff/invite", {"name": "Anna", "email": "anna@example.com", "role": "staff"}
    ).content.decode()
    link = re.search(r'value="(http://testserver/enter/[^"]+)"', page)
    assert link
    assert Client().get(link[1].removeprefix("http://testserver")).status_code == 200
    assert link[1] not in owner.get("/staff/").content.decode(), "shown once"
    assert not mail.outbox, "no mail server is set"
    again = owner.post("/staff/invite", {"name": "Anna", "email": "anna@example.com", "role": "staff"})
    assert again.status_code == 422
    assert "email-error" in again.content.decode()
    anna = Staff.objects.get(email="anna@example.com")
    owner.post(f"/staff/{anna.pk}/role", {"role": "manager"})
    anna.refresh_from_db()
    assert anna.role == "manager"
    owner.post(f"/staff/{anna.pk}/let-go", {"to": "999999999999"})
    anna.refresh_from_db()
    assert anna.is_active, "their customers would have gone to nobody, unasked"
    owner.post(f"/staff/{anna.pk}/leave")
    anna.refresh_from_db()
    assert not anna.is_active
    owner.post(f"/staff/{anna.pk}/back")
    anna.refresh_from_db()
    assert anna.is_active
    me = Staff.objects.get(role="owner")
    answer = owner.post(f"/staff/{me.pk}/role", {"role": "staff"}, follow=True)
    assert "There must be an owner" in answer.content.decode()


def test_a_token_is_shown_once_and_ended(owner: Client) -> None:
    assert owner.post("/staff/tokens", {"token_name": "till"}).status_code == 422
    page = owner.post("/staff/tokens", {"token_name": "till", "right": ["see", "import"]}).content.decode()
    secret = re.search(r"ktk_[\w-]+", page)
    assert secret
    assert secret[0] not in owner.get("/staff/").content.decode()
    token = Token.objects.get()
    assert (token.name, token.rights) == ("till", ["see", "import"])
    owner.post(f"/staff/tokens/{token.pk}/end")
    token.refresh_from_db()
    assert token.ended_at


def test_the_audit_is_found_by_person_action_and_card(owner: Client, clerk: Client) -> None:
    kasia, jan = person("Kasia", "Nowak"), person("Jan", "Kot")
    clerk.get(f"/customers/{kasia.card}/")
    owner.get(f"/customers/{jan.card}/")

    def rows(query: str) -> list[str]:
        page = owner.get(f"/audit/?{query}").content.decode()
        return re.findall(r"<tr data-row>.*?</tr>", page, re.DOTALL)

    clerk_key = Staff.objects.get(role="staff").pk
    assert len(rows("action=viewed")) == 2
    assert "Kasia Nowak" in rows(f"who={clerk_key}")[0]
    assert len(rows(f"who={clerk_key}")) == 1
    assert ["Jan Kot" in row for row in rows(f"key={jan.card_shown}")] == [True]
    assert not rows("action=exported")
    AuditEntry.objects.bulk_create(
        AuditEntry(at=timezone.now(), actor_kind="shell", actor_name="x", action="viewed") for _ in range(120)
    )
    first = owner.get("/audit/?who=shell").content.decode()
    after = re.search(r'href="(\?[^"]*after=[^"]+)"', first)
    assert first.count("<tr data-row>") == 100
    assert after
    assert owner.get("/audit/" + after[1].replace("&amp;", "&")).content.decode().count("<tr data-row>") == 20


def test_details_of_the_audit_are_in_the_readers_language(owner: Client) -> None:
    anna, jan = person("Anna", "Nowak"), person("Jan", "Lis")
    change_customer(customer=anna, changes={"birth": "1985-04-03"}, by=SHELL)
    relate(customer=anna, other=jan, kind="boss", by=SHELL)
    page = owner.get("/audit/").content.decode()
    assert "fields: Date of birth" in page
    assert "with: Jan Lis" in page  # PostgreSQL keeps the details in an order of its own
    assert "kind: has as boss" in page
    assert "the command line" in page
    owner.post("/you/language", {"language": "fi"})
    page = owner.get("/audit/").content.decode()
    assert "Date of birth" not in page
    assert "has as boss" not in page


def test_every_detail_of_the_audit_has_words() -> None:
    text = "".join(path.read_text() for path in Path(kartoteka.__file__).parent.rglob("*.py"))
    keys = {key for each in re.findall(r"detail=\{([^}]*)\}", text) for key in re.findall(r'"(\w+)":', each)}
    assert "fields" in keys
    assert keys <= set(audit.DETAILS), keys - set(audit.DETAILS)


def test_the_audit_of_one_action_is_read_off_an_index(db: None) -> None:
    told = AuditEntry.objects.filter(action="merged").order_by("-at", "-id")
    if connection.vendor == "postgresql":  # of a table with nothing in it PostgreSQL reads any index
        with connection.cursor() as cursor:
            held = connection.introspection.get_constraints(cursor, AuditEntry._meta.db_table)
        assert held["audit_action"]["columns"] == ["action", "at", "id"]
    else:
        assert "audit_action" in told.explain()
