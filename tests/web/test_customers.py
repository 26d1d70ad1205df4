"""The list: found, narrowed, ordered, paged, tagged; as quick for three as for one."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from kartoteka.people.editing import tag_customers
from kartoteka.people.listing import PAGE_SIZE
from kartoteka.people.models import Customer, OwnField
from kartoteka.trust.actor import SHELL
from tests.make import claims, customer, person

pytestmark = pytest.mark.django_db
ROW = re.compile(r'class="row-link"[^>]*>(?:<svg.*?</svg>)?([^<]+)</a>', re.DOTALL)


def names(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/customers/{query}")
    assert answer.status_code == 200
    return ROW.findall(answer.content.decode())


def test_as_many_queries_for_three_as_for_one(owner: Client, django_assert_max_num_queries) -> None:
    person("Aino", "Virtanen", tags=["vip"])
    owner.get("/customers/")
    with django_assert_max_num_queries(
        10
    ) as one:  # the last that came: whether there are groups to narrow by
        owner.get("/customers/")
    person("Piotr", "Nowak", tags=["vip", "late"])
    customer(company="Merenneito", form="Oy")
    with django_assert_max_num_queries(len(one)):
        assert len(names(owner)) == 3


def test_found_through_a_typo_best_first(owner: Client) -> None:
    person("Katarzyna", "Nowak")
    person("Piotr", "Wiśniewski")
    assert names(owner, "?q=katazyna") == ["Katarzyna Nowak"]
    assert names(owner, "?q=wisniewski") == ["Piotr Wiśniewski"]


def test_a_fragment_is_the_table_alone(owner: Client) -> None:
    person("Aino", "Virtanen")
    part = owner.get("/customers/", headers={"HX-Request": "true"}).content.decode()
    assert "Aino Virtanen" in part
    assert "<html" not in part


def test_narrowed(owner: Client) -> None:
    OwnField.objects.create(key="size", label="Size", type="text")
    person("Aino", "Virtanen", phone="+358401234567", tags=["vip"], **{"x.size": "38"})
    person("Piotr", "Nowak", email="piotr@example.com", birth="1980-01-01")
    customer(company="Merenneito", form="Oy")
    old = person("Siti", "Rahman", phone="+60123456789", email="siti@example.com")
    Customer.objects.filter(pk=old.pk).update(heard_at=timezone.now() - dt.timedelta(days=400))
    assert names(owner, "?lacking=phones") == ["Merenneito Oy", "Piotr Nowak"]
    assert names(owner, "?lacking=emails") == ["Merenneito Oy", "Aino Virtanen"]
    assert names(owner, "?lacking=birth") == ["Merenneito Oy", "Siti Rahman", "Aino Virtanen"]
    assert names(owner, "?lacking=name") == []
    assert names(owner, "?tag=vip") == ["Aino Virtanen"]
    assert names(owner, "?tag=vi") == []
    assert names(owner, "?kind=organisation") == ["Merenneito Oy"]
    assert names(owner, "?silent=365") == ["Siti Rahman"]
    assert names(owner, "?own=x.size&own_value=38") == ["Aino Virtanen"]
    assert names(owner, "?own=x.size&own_value=40") == []
    assert names(owner, "?q=nowak&lacking=emails") == []


def test_narrowed_by_source(owner: Client) -> None:
    claims({"name": "Aino Virtanen"}, source="till")
    claims({"name": "Piotr Nowak"}, source="shop")
    till = re.search(r'<option value="(\d+)">till<', owner.get("/customers/").content.decode())
    assert till
    assert names(owner, f"?source={till[1]}") == ["Aino Virtanen"]


def test_pages_follow_one_another_and_back(owner: Client) -> None:
    claims(
        *(
            {"key": f"{n:03}", "given": "Aino", "family": f"Virtanen{n:03}", "name": f"{n:03}"}
            for n in range(120)
        )
    )
    seen, query = [], ""
    for _page in range(3):
        answer = owner.get(f"/customers/{query}").content.decode()
        seen += ROW.findall(answer)
        links = re.findall(r'href="(\?[^"]*after=[^"]+)"', answer)
        query = links[0].replace("&amp;", "&") if links else ""
    assert seen == [f"{n:03}" for n in range(120)]
    assert query == ""
    back = re.findall(r'href="(\?[^"]*before=[^"]+)"', answer)[0].replace("&amp;", "&")
    assert names(owner, back) == [f"{n:03}" for n in range(PAGE_SIZE, 2 * PAGE_SIZE)]
    assert "120 customers" in answer


@pytest.mark.parametrize(
    "query",
    [
        "?after=rubbish",
        "?order=nonsense",
        "?source=x",
        "?silent=99999999999",
        "?own=x.no&own_value=1",
        "?lacking=no",
        "?q=%00",
    ],
)
def test_an_address_with_a_slip_shows_a_list(owner: Client, query: str) -> None:
    person("Aino", "Virtanen")
    assert owner.get(f"/customers/{query}").status_code == 200


def test_chosen_columns_are_kept(owner: Client) -> None:
    person("Aino", "Virtanen", birth="1980-04-03", language="fi")
    owner.post("/customers/columns", {"column": ["language", "birth", "no such"], "back": "?lacking=phones"})
    page = owner.get("/customers/").content.decode()
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)', page) == ["Name", "Language", "Date of birth"]
    assert "Finnish" in page
    assert "3 April 1980" in page


def test_a_tag_for_many(clerk: Client) -> None:
    one, other = person("Aino", "Virtanen"), person("Piotr", "Nowak")
    answer = clerk.post("/customers/tag", {"customer": [one.pk, other.pk], "tag": "vip"})
    assert "2 customers tagged" in answer.headers["HX-Trigger"]
    assert sorted(names(clerk, "?tag=vip")) == ["Aino Virtanen", "Piotr Nowak"]


def test_sensitive_own_fields_are_no_columns_for_who_may_not_see(clerk: Client, owner: Client) -> None:
    OwnField.objects.create(key="illness", label="Illness", type="text", sensitive=True)
    person("Aino", "Virtanen", **{"x.illness": "asthma"})
    for client, sees in ((owner, True), (clerk, False)):
        client.post("/customers/columns", {"column": ["x.illness"]})
        assert ("asthma" in client.get("/customers/").content.decode()) is sees
        assert bool(names(client, "?own=x.illness&own_value=zzz")) is not sees


def test_tagging_the_same_twice_says_it_once() -> None:
    one = person("Aino", "Virtanen")
    for _twice in range(2):
        tag_customers(customers=[one.pk], tag="vip", by=SHELL)
    one.refresh_from_db()
    assert one.more["tags"] == ["vip"]


def test_new_customer_and_what_is_wrong_with_it(clerk: Client) -> None:
    wrong = clerk.post("/customers/new", {"name": "Aino Virtanen", "phones": "12", "ground": "contract"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert 'value="Aino Virtanen"' in page
    assert 'id="phones-error"' in page
    right = clerk.post(
        "/customers/new", {"name": "Aino Virtanen", "phones": "+358 40 123 4567", "ground": "contract"}
    )
    made = Customer.objects.get()
    assert right.headers["Location"] == f"/customers/{made.card}/"
    assert made.phone == "+358401234567"
    assert clerk.post("/customers/new", {"name": "", "ground": "contract"}).status_code == 422
    assert clerk.post("/customers/new", {"name": "X", "ground": "because"}).status_code == 422
