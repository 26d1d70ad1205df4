"""Events narrowed by any property that came along, compared by what it is; numbers and worth as traits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kartoteka.activity.models import Event, Visitor
from kartoteka.kit.traits import all_traits
from kartoteka.people.models import Customer, Identity
from kartoteka.segments import looking
from kartoteka.segments.compiling import alive, compile_rule
from kartoteka.segments.keeping import build, rebuild_of, run_due
from kartoteka.segments.models import CustomerWorth, Member, Passage, Segment
from kartoteka.segments.rule import BadRule, read
from kartoteka.segments.sentence import sentence
from kartoteka.segments.worth.traits import keys
from kartoteka.trust.actor import SHELL, Actor, Right, Scope
from kartoteka.trust.models import Staff
from tests import make

pytestmark = pytest.mark.django_db
SAID: list[dict[str, Any]] = [
    {"colour": "Żółty", "price": 20, "tags": ["sale", "new"], "gift": True, "until": "2027-03-01"},
    {"colour": "red", "price": 19.5, "tags": "sale", "gift": False, "until": "2027-03-02T10:00:00Z"},
    {"colour": None, "price": "20", "tags": [], "gift": "true", "a b.c": {"x": 1}, "until": "soon"},
    {},
]


def looked(*said: dict[str, Any]) -> list[Customer]:
    """A customer for each of these, who did something on the site with it."""
    found = []
    now = timezone.now()
    for place, properties in enumerate(said):
        person = make.person(f"P{place}", "Nowak")
        its = Identity.objects.get(customer=person)
        visitor = Visitor.objects.create(
            source=its.source, how="account", key=str(place), identity=its, first_at=now, last_at=now
        )
        Event.objects.create(
            visitor=visitor, source=its.source, at=now - dt.timedelta(days=2), received_at=now, kind="track",
            name="Product Viewed", message=place, session=1, properties=properties,
        )  # fmt: skip
        found.append(person)
    return found


def fit(key: str, op: str, value: Any = None) -> set[str]:
    narrow = {"part": "property", "key": key, "op": op} | ({} if value is None else {"value": value})
    rule = {"trait": "event", "op": "at_least", "value": 1, "days": 7, "where": [narrow]}
    traits = all_traits()
    compiled = compile_rule(read(rule, traits), traits=traits, rules={}, at=timezone.now())
    return {each.given for each in compiled.among(alive())}


def test_a_property_is_compared_by_what_it_is() -> None:
    looked(*SAID)
    assert fit("colour", "any_of", ["red", "Żółty"]) == {"P0", "P1"}
    assert fit("colour", "none_of", ["red"]) == {"P0", "P2", "P3"}
    assert fit("colour", "contains", "żół") == {"P0"}
    assert fit("colour", "starts", "RE") == {"P1"}
    assert fit("colour", "known") == {"P0", "P1"}
    assert fit("colour", "unknown") == {"P2", "P3"}
    assert fit("price", "at_least", 20) == {"P0"}, "a number is compared with numbers only"
    assert fit("price", "less", 20) == {"P1"}
    assert fit("price", "any_of", ["20", "19.5"]) == {"P0", "P1", "P2"}
    assert fit("tags", "any_of", ["sale"]) == {"P0", "P1"}, "one entry of a list is enough"
    assert fit("gift", "yes") == {"P0"}
    assert fit("gift", "no") == {"P1"}
    assert fit("until", "before", "2027-03-02") == {"P0"}
    assert fit("until", "since", "2027-03-02") == {"P1"}
    assert fit("a b.c", "any_of", ["1"]) == set()
    assert fit("%s", "known") == set()
    assert fit("'; --", "any_of", ["' OR 1=1"]) == set()


@pytest.mark.parametrize(
    ("narrow", "where"),
    [
        ({"part": "property", "op": "known"}, "where.0.key"),
        ({"part": "property", "key": 'a"b', "op": "known"}, "where.0.key"),
        ({"part": "property", "key": "a", "op": "between", "value": [1, 2]}, "where.0.op"),
        ({"part": "property", "key": "a", "op": "more", "value": "dear"}, "where.0.value"),
        ({"part": "kind", "op": "any_of", "value": ["nonsense"]}, "where.0.value"),
        ({"part": "name", "key": "a", "op": "any_of", "value": ["x"]}, "where.0"),
    ],
)
def test_a_property_asked_wrongly_is_refused(narrow: dict[str, Any], where: str) -> None:
    with pytest.raises(BadRule) as told:
        read({"trait": "event", "op": "at_least", "value": 1, "where": [narrow]}, all_traits())
    assert told.value.where == where


def test_the_builder_offers_properties_seen_lately_and_keeps_every_comparison(client: Client) -> None:
    looked(*SAID)
    owner = Staff.objects.create_user(email="o@example.com", name="Olga", role="owner")
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    form = {
        "kind.0": "all", "parts.0": "0", "kind.0.0": "condition", "trait.0.0": "event", "op.0.0": "at_least",
        "value.0.0": "1", "days.0.0": "7", "w.0.0.has": "0,1", "w.0.0.0.part": "property", "w.0.0.0.key": "price",
        "w.0.0.0.op": "more", "w.0.0.0.value": "19.7", "w.0.0.1.part": "path", "w.0.0.1.op": "contains",
        "w.0.0.1.value": "shoes",
    }  # fmt: skip
    shaped = client.post("/groups/shape", {**form, "do": "narrow:w.0.0"}).content.decode()
    assert 'value="colour"' in shaped
    assert 'name="w.0.0.2.part"' in shaped
    fewer = client.post("/groups/shape", {**form, "do": "widen:w.0.0.1"}).content.decode()
    assert "w.0.0.1.part" not in fewer
    told = client.post("/groups/preview", {**form, "w.0.0.has": "0"}).content.decode()
    assert "(price is more than 19.7)" in told
    assert "P0 Nowak" in told
    assert "P1 Nowak" not in told
    client.post("/groups/new", {**form, "name": "Dear shoes"})
    kept = Segment.objects.get().rule["all"][0]["where"]
    assert [(each["part"], each["op"], each["value"]) for each in kept] == [
        ("property", "more", 19.7), ("path", "contains", "shoes")]  # fmt: skip
    again = client.get(f"/groups/{Segment.objects.get().pk}/change").content.decode()
    assert 'value="19.7"' in again


def test_what_was_sent_along_is_not_probed_by_who_sees_no_contact_points() -> None:
    looked({"email": "p0@example.com"})
    rule = {"trait": "event", "op": "at_least", "value": 1,
            "where": [{"part": "property", "key": "email", "op": "starts", "value": "p0"}]}  # fmt: skip
    group = make.group("probing", rule)
    counter = Actor("staff", 1, "marketer", frozenset({Right.COUNTS}), Scope.COUNTS)
    with pytest.raises(BadRule):
        looking.preview(actor=counter, rule=rule)
    assert [each.segment for each in looking.list_groups(actor=counter)] == []
    assert [each.segment for each in looking.list_groups(actor=SHELL)] == [group]


def test_numbers_counted_all_the_time_are_asked_and_who_has_none_has_nought() -> None:
    anna, _ewa = make.person("Anna", "Nowak"), make.person("Ewa", "Nowak")
    make.order(anna)
    traits = all_traits()

    def fits(trait: str, op: str, value: Any) -> set[str]:
        rule = read({"trait": trait, "op": op, "value": value}, traits)
        compiled = compile_rule(rule, traits=traits, rules={}, at=timezone.now())
        return {each.given for each in compiled.among(alive())}

    assert fits("orders", "at_least", 1) == {"Anna"}
    assert fits("orders", "at_most", 0) == {"Ewa"}
    assert fits("orders", "between", [0, 3]) == {"Anna", "Ewa"}
    assert fits("net_home", "less", 10) in ({"Ewa"}, {"Anna", "Ewa"})
    assert fits("last_order_at", "last", 3) == {"Anna"}


def test_worth_is_asked_and_its_counting_moves_people_and_tells_it() -> None:
    anna = make.person("Anna", "Nowak")
    row = {"counted_at": timezone.now(), "purchases": 3, "last_on": timezone.localdate(), "revenue": 90, "served": 0,
           "profit": 50, "level": "A", "frequency": "regular", "r": 5, "f": 5, "m": 5, "cell": "champions",
           "alive": 0.4, "value": 30, "at_stake": 0}  # fmt: skip
    rule = {
        "all": [
            {"trait": "worth.level", "op": "any_of", "value": ["A"]},
            {"trait": "worth.alive", "op": "at_least", "value": 40},
            {"trait": "worth.profit", "op": "more", "value": 49.5},
            {"trait": "worth.silent", "op": "no"},
        ]
    }
    group = make.group("best", rule)
    assert not Member.objects.exists()
    CustomerWorth.objects.create(customer=anna, **row)
    rebuild_of(keys())
    while run_due():
        pass
    assert Member.objects.get().customer_id == anna.pk
    CustomerWorth.objects.update(level="C")
    rebuild_of(keys())
    while run_due():
        pass
    assert list(Passage.objects.order_by("pk").values_list("what", flat=True)) == ["entered", "left"]
    group.refresh_from_db()
    assert (group.size, group.state) == (0, "ready")


def test_a_field_that_became_another_kind_breaks_its_group_only() -> None:
    from kartoteka.people.ownfields import own_fields, save_field

    save_field(by=SHELL, label="Colour", type="choice", key="colour", choices=["red", "blue"])
    red = make.group("red", {"trait": "x.colour", "op": "any_of", "value": ["red"]})
    other = make.group("all", {"all": []})
    field = own_fields(actor=SHELL)[0]
    field.choices = ["blue"]
    field.save()
    build(red.pk)
    assert {each.segment.state for each in looking.list_groups(actor=SHELL)} == {"ready"}, "a choice less"
    field.type = "number"
    field.save()
    build(red.pk)
    states = {each.segment: each.segment.state for each in looking.list_groups(actor=SHELL)}
    assert states == {red: "broken", other: "ready"}


def test_what_was_told_of_a_field_and_when_is_asked() -> None:
    make.person("Anna", "Nowak", phone="+48600100200")
    make.person("Ewa", "Nowak")
    traits = all_traits()
    rule = read({"trait": "told", "op": "at_least", "value": 1, "days": 30,
                 "where": [{"part": "field", "op": "any_of", "value": ["phones"]}]}, traits)  # fmt: skip
    compiled = compile_rule(rule, traits=traits, rules={}, at=timezone.now())
    assert [each.given for each in compiled.among(alive())] == ["Anna"]
    assert "Phone" in sentence(rule, traits)


def test_the_filter_of_groups_reads_no_rule(django_assert_num_queries: Any) -> None:
    for place in range(3):
        make.group(f"G{place}", {"all": []})
    with django_assert_num_queries(1):
        assert [name for _key, name in looking.group_choices(SHELL)] == ["G0", "G1", "G2"]


@pytest.mark.parametrize(
    ("op", "value", "who"),
    [
        ("at_least", 1, {"P1"}), ("more", 0, {"P1"}), ("more", 0.5, {"P1"}), ("between", [1, 5], {"P1"}),
        ("less", 1, {"P0", "P2"}), ("at_most", 0, {"P0", "P2"}), ("equal", 0, {"P0", "P2"}),
        ("between", [0, 5], {"P0", "P1", "P2"}),
    ],
)  # fmt: skip
def test_who_did_something_at_all_is_the_same_asked_of_all_and_of_few(
    op: str, value: Any, who: set[str]
) -> None:
    """P0 was a bot, P2 is long ago; one visitor nobody knows did it too."""
    some = looked({}, {}, {})
    bot, _real, old = Event.objects.order_by("pk")
    Event.objects.filter(pk=bot.pk).update(bot=True)
    Event.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=9))
    nobody = Visitor.objects.create(
        source=bot.source, how="account", key="n", first_at=bot.at, last_at=bot.at
    )
    Event.objects.create(
        visitor=nobody, source=bot.source, at=bot.at, received_at=bot.at, kind="page", message=99, session=9
    )
    asked = {"trait": "event", "op": op, "value": value, "days": 7}
    for among in (None, [each.pk for each in some]):
        rule = compile_rule(
            read(asked, all_traits()), traits=all_traits(), rules={}, at=timezone.now(), among=among
        )
        assert set(rule.among(alive()).values_list("given", flat=True)) == who


def test_how_often_reads_as_it_is_said() -> None:
    traits = all_traits()
    twice = read({"trait": "order", "op": "at_least", "value": 2, "days": 30}, traits)
    once = read({"trait": "order", "op": "less", "value": 1}, traits)
    tags = read({"trait": "tags", "op": "none_of", "value": ["late"]}, traits)
    assert sentence(twice, traits) == "“Ordered” in the last 30 days at least 2 times"
    assert sentence(once, traits) == "“Ordered” less than 1 time"
    assert sentence(tags, traits) == "Tags: not late"
    with pytest.raises(BadRule, match="Orders in all: Write a number"):
        read({"all": [{"trait": "orders", "op": "more", "value": "many"}]}, traits)
