"""Groups as people use them: bounded, in words, kept by news, explained, taken out only through the gate."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from kartoteka.activity.models import Order
from kartoteka.consent.ledger import Taken, give, withdraw
from kartoteka.consent.purposes import add
from kartoteka.kit.news import listen
from kartoteka.kit.traits import all_traits
from kartoteka.people.checking import BadValue
from kartoteka.people.editing import change_customer
from kartoteka.people.exporting import asking
from kartoteka.people.exporting.writing import run_due_export
from kartoteka.people.models import Customer
from kartoteka.people.ownfields import own_fields, remove_field, save_field
from kartoteka.people.placing import Place, hand_over
from kartoteka.quality.merging import merge, split
from kartoteka.segments import looking
from kartoteka.segments.advice import contradictions
from kartoteka.segments.audiences import ask_for_audience, google_email
from kartoteka.segments.groups import remove_group, save_group, take_snapshot
from kartoteka.segments.keeping import build, look_at_turned, run_due, the_book
from kartoteka.segments.models import Due, Member, Passage, Segment, Snapshot
from kartoteka.segments.news import Entered, Left
from kartoteka.segments.reaching import NoSuchGroup, Told, told_of_none
from kartoteka.segments.rule import BadRule, read
from kartoteka.segments.sentence import sentence
from kartoteka.trust.actor import SHELL, Actor, Right, Scope
from kartoteka.trust.models import Staff
from tests import make

pytestmark = pytest.mark.django_db
KRAKOW = {"trait": "city", "op": "any_of", "value": ["Kraków"]}
COUNTER = Actor("staff", 1, "marketer", frozenset({Right.COUNTS}), Scope.COUNTS)


def person(given: str, city: str = "", **more: Any) -> Customer:
    return make.person(given, "Nowak", addresses=[{"city": city, "country": "PL"}] if city else [], **more)


def inside(group: Segment) -> set[str]:
    return set(Member.objects.filter(segment=group).values_list("customer__given", flat=True))


def all_due() -> None:
    while run_due():
        pass


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ({"trait": "nonsense", "op": "known"}, "trait"),
        ({"all": [{"trait": "city", "op": "at_least", "value": 3}]}, "all.0.op"),
        ({"any": [KRAKOW, {"trait": "age", "op": "more", "value": "old"}]}, "any.1.value"),
        ({"trait": "completeness", "op": "between", "value": [9, 3]}, "value"),
        ({"trait": "made", "op": "last", "value": -1}, "value"),
        ({"trait": "made", "op": "since", "value": "31.5.2026"}, "value"),
        ({"trait": "sex", "op": "any_of", "value": ["x"]}, "value"),
        ({"trait": "city", "op": "any_of", "value": []}, "value"),
        ({"trait": "city", "op": "known", "days": 3}, "days"),
        ({"trait": "told", "op": "followed", "by": {"trait": "city"}, "within": 3}, "by"),
        ({"trait": "told", "op": "at_least", "value": 1, "where": [{"part": "colour", "op": "any_of"}]}, "where.0"),
        ({"trait": "city", "op": "contains", "value": "(a+)+$" * 100}, "value"),
        ({"all": [], "any": []}, ""),
        ("city", ""),
        ({"all": [KRAKOW] * 500}, ""),
        ({"all": [{"all": [KRAKOW] * 60}, {"any": [KRAKOW] * 60}]}, ""),
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_said_where(rule: Any, where: str) -> None:
    with pytest.raises(BadRule) as told:
        read(rule, all_traits())
    assert told.value.where == where
    assert str(told.value)


def test_too_deep_is_refused() -> None:
    rule: Any = KRAKOW
    for _ in range(30):
        rule = {"not": rule}
    with pytest.raises(BadRule, match="too deep"):
        read(rule, all_traits())


def test_groups_of_groups_and_no_circles() -> None:
    person("Anna", "Kraków", sex="f")
    person("Jan", "Kraków", sex="m")
    with pytest.raises(BadRule, match="no longer there"):
        looking.preview(actor=SHELL, rule={"trait": "group", "op": "any_of", "value": ["9"]})
    city = make.group("Kraków", KRAKOW)
    there = {"trait": "group", "op": "any_of", "value": [str(city.pk)]}
    women = make.group("women there", {"all": [there, {"trait": "sex", "op": "any_of", "value": ["f"]}]})
    assert inside(women) == {"Anna"}
    ring = {"trait": "group", "op": "none_of", "value": [str(women.pk)]}
    with pytest.raises(BadRule, match="circle"):
        save_group(by=SHELL, name="Kraków", rule=ring, segment=city.pk)
    with pytest.raises(BadRule, match="women there"):
        remove_group(segment=city.pk, by=SHELL)
    # Another rule of the one builds the other anew.
    save_group(by=SHELL, name="Kraków", rule={"not": KRAKOW}, segment=city.pk)
    all_due()
    assert inside(women) == set()
    with pytest.raises(BadRule, match="of this name"):
        save_group(by=SHELL, name="Kraków", rule=KRAKOW)


def test_news_and_time_move_people_and_each_move_is_told_once(
    django_capture_on_commit_callbacks: Any,
) -> None:
    told: list[Any] = []
    listen(Entered, told.append)
    listen(Left, told.append)
    anna = person("Anna", "Oulu")
    group = make.group("Kraków lately", {"all": [KRAKOW, {"trait": "heard", "op": "last", "value": 30}]})
    with django_capture_on_commit_callbacks(execute=True):
        moved = [{"city": "Kraków", "country": "PL"}, {"city": "Oulu", "country": "PL", "gone": True}]
        change_customer(customer=anna, changes={"addresses": moved}, by=SHELL)
        assert Due.objects.exists(), "noted in the transaction that changed her"
        all_due()
    assert [(type(each), each.segment, each.customers) for each in told] == [(Entered, group.pk, (anna.pk,))]
    found = looking.standing(actor=SHELL, key=group.pk, customer=anna)
    assert found.inside
    assert found.why is not None
    assert [each.holds for each in found.why.parts] == [True, True]
    assert found.changes_at is not None
    assert abs(found.changes_at - timezone.now() - dt.timedelta(days=30)) < dt.timedelta(minutes=1)
    told.clear()
    with django_capture_on_commit_callbacks(execute=True):
        while look_at_turned(at=found.changes_at + dt.timedelta(seconds=1)):
            pass
    assert [(type(each), each.customers) for each in told] == [(Left, (anna.pk,))]
    assert list(Passage.objects.values_list("what", flat=True)) == ["entered", "left"]
    group.refresh_from_db()
    assert group.size == 0


def test_merged_away_is_in_no_group_and_split_brings_back() -> None:
    anna, ania = person("Anna", "Kraków"), person("Ania", "Kraków")
    group = make.group("Kraków", KRAKOW)
    merger = merge(kept=anna, gone=ania, by=SHELL)
    all_due()
    assert Member.objects.get(segment=group).customer_id == anna.pk
    split(merger=merger, by=SHELL)
    all_due()
    assert Member.objects.filter(segment=group).count() == 2


def test_a_deleted_field_marks_the_group_and_keeps_who_is_in_it() -> None:
    save_field(by=SHELL, label="Shoe", type="number", key="shoe")
    person("Anna", **{"x.shoe": 38})
    group = make.group("38", {"trait": "x.shoe", "op": "equal", "value": 38})
    assert inside(group) == {"Anna"}
    field = own_fields(actor=SHELL)[0]
    field.label = "Size of shoe"
    field.save()
    assert "Size of shoe" in looking.list_groups(actor=SHELL)[0].sentence
    remove_field(field=field, by=SHELL)
    person("Ewa", **{"x.colour": 38})
    all_due()
    line = looking.list_groups(actor=SHELL)[0]
    assert line.lost == ("Shoe",)
    assert "no longer there" in line.sentence
    assert line.segment.state == "broken"
    assert inside(group) == {"Anna"}


def test_contradictions_are_told() -> None:
    def told(*parts: Any) -> int:
        traits = all_traits()
        return len(contradictions(read({"all": list(parts)}, traits), traits))

    oulu = {"trait": "city", "op": "any_of", "value": ["Oulu"]}
    assert told(KRAKOW, oulu) == 1
    assert told(KRAKOW, {"any": [oulu, KRAKOW]}) == 0
    assert told({"all": [KRAKOW]}, {"trait": "city", "op": "unknown"}) == 1
    assert told(*({"trait": "age", "op": op, "value": 30} for op in ("less", "at_least"))) == 1
    assert told(*({"trait": "age", "op": op, "value": 30} for op in ("at_most", "at_least"))) == 0
    assert told(*({"trait": "told", "op": op, "value": 2, "days": 9} for op in ("more", "equal"))) == 1
    assert told(*({"trait": "has_phone", "op": op} for op in ("yes", "no"))) == 1
    assert told(KRAKOW, {"not": KRAKOW}) == told(KRAKOW, {"not": {"any": [oulu, KRAKOW]}}) == 1
    assert told(KRAKOW, {"not": {"all": [{"trait": "has_phone", "op": "yes"}, KRAKOW]}}) == 0
    for since, clash in (("2026-03-01", 1), ("2026-02-28", 0)):
        assert told({"trait": "made", "op": "since", "value": since},
                    {"trait": "made", "op": "before", "value": "2026-03-01"}) == clash  # fmt: skip
    assert (
        told({"trait": "made", "op": "last", "value": 3}, {"trait": "made", "op": "not_last", "value": 9})
        == 1
    )


@pytest.mark.parametrize("language", ["en", "af", "fi", "fil", "ms", "pl"])
def test_a_rule_reads_as_a_sentence(language: str) -> None:
    traits = all_traits()
    rule = read({"all": [KRAKOW, {"not": {"trait": "sex", "op": "any_of", "value": ["m"]}}, {"any": [
        {"trait": "birth", "op": "next", "value": 14},
        {"trait": "told", "op": "not_followed", "days": 90, "within": 3, "by": {"trait": "told", "where": []}},
    ]}]}, traits)  # fmt: skip
    with translation.override(language):
        said = sentence(rule, traits)
    assert "Kraków" in said
    assert "14" in said
    assert "%(" not in said
    if language == "en":
        assert said.startswith(
            "City is Kraków and not (Sex is male) and (Birthday is within the next 14 days or "
        )


@pytest.mark.parametrize("fitting", [0, 1, 3])
def test_an_estimate_that_found_nobody_tells_how_many_there_can_be_at_most(fitting: int) -> None:
    for place in range(6):
        person(f"Anna {place}", "Kraków" if place < fitting else "Gdynia")
    rule = read(KRAKOW, all_traits())
    sample = looking._estimate(SHELL, rule, the_book(), timezone.now())
    told = sample.told(SHELL, least=0)
    assert told == (Told(fitting, about=True) if fitting else Told(5, fewer=True, about=True))
    assert sample.told(SHELL, least=4) == Told(max(fitting, 4), about=True)


def test_the_rule_of_three() -> None:
    assert told_of_none(2500, 1_000_000) == Told(1200, fewer=True, about=True)
    assert told_of_none(2496, 1_000_003) == Told(1300, fewer=True, about=True)
    assert told_of_none(1000, 1000) == Told(5, fewer=True, about=True)
    # Who sees numbers only is not told that a number is small, but that it is below this.
    assert told_of_none(200, 20_000).count == 300


def test_where_in_a_country_and_on_which_network_somebody_is() -> None:
    def lives(given: str, handles: list[dict[str, str]] | None = None, **address: str) -> Customer:
        return make.person(given, "Nowak", addresses=[{**address, "country": "PL"}], handles=handles or [])

    on = [{"network": "Telegram", "handle": "ann"}, {"network": "instagram", "handle": "annn"}]
    lives("Anna", on, city="Kraków", postcode="31-019", region="Małopolskie")
    lives("Ewa", on[1:], city="Gdynia", postcode="81-001", region="Pomorskie")
    make.person("Jan", "Nowak")

    def who(trait: str, op: str, *value: Any) -> set[str]:
        rule = {"trait": trait, "op": op, **({"value": value[0]} if value else {})}
        assert sentence(read(rule, all_traits()), all_traits())
        group = make.group(f"{trait} {op} {value}", rule)
        return inside(group)

    assert who("postcode", "starts", "31-") == {"Anna"}
    assert who("postcode", "unknown") == {"Jan"}
    assert who("region", "any_of", ["Małopolskie", "Pomorskie"]) == {"Anna", "Ewa"}
    assert who("network", "any_of", ["telegram"]) == {"Anna"}
    assert who("network", "any_of", ["Telegram", "Instagram"]) == {"Anna", "Ewa"}
    assert who("network", "all_of", ["Telegram", "Instagram"]) == {"Anna"}
    assert who("network", "none_of", ["Telegram"]) == {"Ewa", "Jan"}
    assert who("network", "known") == {"Anna", "Ewa"}
    assert who("network", "unknown") == {"Jan"}
    assert all_traits()["network"].suggested() == ["instagram", "Telegram"]
    jan = Customer.objects.get(given="Jan")
    change_customer(customer=jan, changes={"handles": on[:1]}, by=SHELL)
    all_due()
    assert inside(Segment.objects.get(name__startswith="network known")) == {"Anna", "Ewa", "Jan"}


def test_who_sees_numbers_only_gets_no_person_and_no_small_number() -> None:
    for name in ("Anna", "Ewa"):
        person(name, "Kraków")
    group = make.group("Kraków", KRAKOW)
    page = looking.group_page(actor=COUNTER, key=group.pk)
    assert page.line.size.fewer
    assert not page.members
    assert not page.lately
    told = looking.preview(actor=COUNTER, rule=KRAKOW)
    assert told.count.fewer
    assert told.examples == ()
    with pytest.raises(BadRule):
        looking.preview(actor=COUNTER, rule={"trait": "income", "op": "any_of", "value": ["high"]})
    with pytest.raises(BadRule):
        looking.preview(actor=COUNTER, rule={"trait": "email", "op": "contains", "value": "a"})
    rich = make.group("rich", {"trait": "income", "op": "any_of", "value": ["high"]})
    with pytest.raises(NoSuchGroup):
        looking.group_page(actor=COUNTER, key=rich.pk)
    with pytest.raises(PermissionError):
        looking.list_groups(actor=Actor("staff", 1, "nobody", frozenset()))


def test_who_is_handed_over_comes_into_the_group_of_their_stage() -> None:
    anna = person("Anna", "Kraków")
    bought = make.group("To look after", {"trait": "stage", "op": "any_of", "value": ["account"]})
    assert inside(bought) == set()
    hand_over(customers=[anna.pk], to=Place("account"), by=SHELL)
    all_due()
    assert inside(bought) == {"Anna"}


def test_a_walled_seller_counts_their_own() -> None:
    anna, _ewa = person("Anna", "Kraków"), person("Ewa", "Kraków")
    group = make.group("Kraków", KRAKOW)
    hand_over(customers=[anna.pk], to=Place("sell"), by=SHELL)
    seller = Actor("staff", 1, "seller", frozenset({Right.SEE}), Scope.STAGE, frozenset({"sell"}))
    assert looking.list_groups(actor=seller)[0].size.count == 1
    assert [each.given for each in looking.members(actor=seller, key=group.pk).rows] == ["Anna"]
    assert looking.preview(actor=seller, rule=KRAKOW).count.count == 1


def test_a_snapshot_stays_and_overlaps_are_counted() -> None:
    anna = person("Anna", "Kraków", sex="f")
    person("Jan", "Kraków", sex="m")
    city, women = (
        make.group("Kraków", KRAKOW),
        make.group("women", {"trait": "sex", "op": "any_of", "value": ["f"]}),
    )
    take_snapshot(segment=city.pk, label="before", by=SHELL)
    overlap = looking.group_page(actor=SHELL, key=city.pk).overlaps[0]
    assert (overlap.segment, overlap.both.count, overlap.share) == (women, 1, 50)
    save_group(by=SHELL, name="Kraków", rule={"any": []}, segment=city.pk)
    all_due()
    kept = Snapshot.objects.get()
    assert kept.size == kept.members.count() == 2
    assert [each.segment.name for each in looking.groups_of(actor=SHELL, customer=anna)] == ["women"]


def test_an_audience_holds_hashes_of_those_who_agreed_when_it_is_written() -> None:
    ads = add(names={"en": "Ads"}, ground="consent", marketing=True, by=SHELL)
    people = [
        person(name, "Kraków", email=f"{name.lower()}.n+shop@gmail.com", phone=f"+4860010020{place}")
        for place, name in enumerate(("Anna", "Ewa", "Iga"))
    ]
    group = make.group("Kraków", KRAKOW)
    owner = Staff.objects.create_user(email="o@example.com", name="Olga", role="owner").actor
    with pytest.raises(BadValue, match="agreed"):
        ask_for_audience(segment=group.pk, platform="goog", purpose=ads.key, by=owner)
    for each in people[:2]:
        give(customer=each, purpose=ads, channel="ads", taken=Taken(how="counter"), by=SHELL)
    made = ask_for_audience(segment=group.pk, platform="goog", purpose=ads.key, by=owner)
    withdraw(customer=people[1], purpose=ads, channel="ads", taken=Taken(how="call"), by=SHELL)
    while run_due_export():
        pass
    out = io.BytesIO()
    asking.fetch(export=made.pk, target=out, by=owner)
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode())))
    assert [row["Email"] for row in rows] == [hashlib.sha256(b"annan@gmail.com").hexdigest()]
    assert rows[0]["Phone"] == hashlib.sha256(b"+48600100200").hexdigest()
    assert rows[0]["Country"] == "PL"
    assert "gmail" not in out.getvalue().decode()
    assert google_email(" Anna.N@Example.COM ") == "anna.n@example.com"
    with pytest.raises(PermissionError):
        ask_for_audience(segment=group.pk, platform="goog", purpose=ads.key, by=COUNTER)


def test_the_builder_makes_a_group_without_code_and_without_scripts(client: Client) -> None:
    person("Anna", "Kraków")
    person("Jan", "Oulu")
    owner = Staff.objects.create_user(email="o@example.com", name="Olga", role="owner")
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    form = {"kind.0": "all", "parts.0": "0", "kind.0.0": "condition", "trait.0.0": "city", "op.0.0": "any_of",
            "value.0.0": "Kraków\r\nŁódź"}  # fmt: skip
    told = client.post("/groups/preview", form).content.decode()
    assert "City is Kraków or Łódź" in told
    assert "Anna Nowak" in told
    more = client.post("/groups/shape", {**form, "do": "nest:0"}).content.decode()
    assert 'name="kind.0.1"' in more
    assert 'name="trait.0.1.0"' in more
    bought = {**form, "trait.0.0": "order", "op.0.0": "at_least", "value.0.0": "2", "w.0.0.has": "0",
              "w.0.0.0.part": "state", "w.0.0.0.op": "any_of"}  # fmt: skip
    for sent, do, at in (
        (form, "add:0", "trait-0.1"),
        (form, "nest:0", "trait-0.1.0"),
        (form, "drop:0.0", "add-0"),
        (bought, "narrow:w.0.0", "w.0.0.1.part"),
        (bought, "widen:w.0.0.0", "w.0.0.more"),
    ):
        shaped = client.post("/groups/shape", {**sent, "do": do})
        assert json.loads(shaped.headers["HX-Trigger-After-Settle"]) == {"shaped": {"focus": at}}
        assert f'id="{at}"' in shaped.content.decode(), "the keyboard goes on there"
    for do in ("", "add:0.7", "add:x.9999", "narrow:b.4", "drop:"):
        assert client.post("/groups/shape", {**form, "do": do}).status_code == 200
    assert client.post("/groups/new", {**form, "name": ""}).status_code == 422
    client.post("/groups/new", {**form, "name": "South"})
    group = Segment.objects.get(name="South")
    build(group.pk)
    page = client.get(f"/groups/{group.pk}/").content.decode()
    assert "Anna Nowak" in page
    assert "Jan Nowak" not in page
    assert "Kraków\nŁódź" in client.get(f"/groups/{group.pk}/change").content.decode().replace("&#10;", "\n")
    listed = client.get(f"/customers/?group={group.pk}").content.decode()
    assert "Anna Nowak" in listed
    assert "Jan Nowak" not in listed
    card = Customer.objects.get(given="Anna").card
    assert "South" in client.get(f"/customers/{card}/groups").content.decode()
    assert "In the group" in client.get(f"/groups/{group.pk}/why/{card}").content.decode()


def test_orders_and_consents_are_asked_and_their_news_are_heard() -> None:
    anna, ewa = person("Anna", email="anna@example.com"), person("Ewa", email="ewa@example.com")
    now = timezone.now()
    bought = {"trait": "bought", "op": "at_least", "value": 2, "days": 90,
              "where": [{"part": "product", "op": "any_of", "value": ["A1"]}]}  # fmt: skip
    often = make.group("often", bought)
    spent = make.group("spent", {"trait": "order", "op": "more", "value": 15, "measure": "net"})
    none = make.group("none", {"trait": "order", "op": "at_most", "value": 0, "days": 30})
    news = add(names={"en": "News"}, ground="consent", marketing=True, by=SHELL)
    may = make.group("may", {"trait": "may", "op": "any_of", "value": [f"{news.key}:email"]})
    assert inside(none) == {"Anna", "Ewa"}
    make.order(anna, at=now - dt.timedelta(days=50))
    make.order(anna, at=now - dt.timedelta(days=40))
    make.order(ewa, at=now - dt.timedelta(days=1), sku="B2")
    give(customer=ewa, purpose=news, channel="email", taken=Taken(how="counter"), by=SHELL)
    all_due()
    assert inside(often) == {"Anna"}
    assert inside(none) == {"Anna"}
    assert inside(may) == {"Ewa"}
    assert inside(spent) == ({"Anna"} if Order.objects.filter(net_home__isnull=False).exists() else set())
    withdraw(customer=ewa, purpose=news, channel="email", taken=Taken(how="call"), by=SHELL)
    all_due()
    assert inside(may) == set()
    leaves = looking.standing(actor=SHELL, key=often.pk, customer=anna).changes_at
    assert leaves is not None
    assert abs(leaves - (now + dt.timedelta(days=40))) < dt.timedelta(minutes=1)


def test_looked_and_did_not_buy_within_three_days() -> None:
    anna, ewa, iga = (person(name) for name in ("Anna", "Ewa", "Iga"))
    now = timezone.now()
    rule = {"trait": "order", "op": "not_followed", "days": 30, "by": {"trait": "bought", "where": [
        {"part": "product", "op": "any_of", "value": ["B2"]}]}, "within": 3}  # fmt: skip
    for each, ago in ((anna, 10), (ewa, 10), (iga, 1)):
        make.order(each, at=now - dt.timedelta(days=ago))
    make.order(ewa, at=now - dt.timedelta(days=8), sku="B2")
    group = make.group("looked", {"all": [rule, {"not": {"trait": "bought", "op": "at_least", "value": 2}}]})
    assert inside(group) == {"Anna"}
    found = looking.standing(actor=SHELL, key=group.pk, customer=iga)
    assert not found.inside
    assert found.changes_at is not None
    assert abs(found.changes_at - (now + dt.timedelta(days=2))) < dt.timedelta(minutes=1)
