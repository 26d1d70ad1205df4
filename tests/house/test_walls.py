"""The walls: every address walked as every role; nothing of who is outside the view appears, a refusal changes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from kartoteka.activity.dealings import Said, record_dealing
from kartoteka.activity.recordings import attach_recording
from kartoteka.agenda.callbacks import promise_callback
from kartoteka.agenda.tasks import Plan, plan_task
from kartoteka.consent.ledger import Taken, give
from kartoteka.consent.purposes import preset
from kartoteka.consent.requests import receive
from kartoteka.intake.models import Import
from kartoteka.people.editing import change_customer, relate
from kartoteka.people.models import Customer, Relation
from kartoteka.people.ownfields import save_field
from kartoteka.people.placing import Place, hand_over
from kartoteka.quality.merging import merge
from kartoteka.quality.models import Doubt, MatchRun, Merger
from kartoteka.trust.actor import SHELL, Right
from kartoteka.trust.models import Limits, Role, Staff
from kartoteka.trust.roles import use_preset
from kartoteka.trust.teams import save_team
from tests import make
from tests.kept import kept

from .routes import OTHERS, Route, routes
from .test_sensitive import told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_floor")]
ROUTES = [each for each in routes() if not each.pattern.startswith("accounts/")]
METHODS = ("get", "post", "delete")

SEE, OPEN = (Right.SEE,), (Right.SEE, Right.LOOK_UP)
ANYBODY: tuple[Right, ...] = ()
TRACKING = (
    "v1/<call>", "v1/<call>/", "beacon/v1/batch", "v1/m", "v1/id", "v1/projects/<key>/settings", "sourceConfig",
    "sourceConfig/", "k.js",
)  # fmt: skip
# Who goes where: with any one of these rights. A new route fails until it is placed here. The API lets programs in, by
# token, and says of each route which rights it asks for (tests/house/test_routes.py: no session opens it).
PLACED: dict[str, tuple[Right, ...]] = {
    "": ANYBODY,  # leads each to their own work
    "find": SEE,
    "find/names": SEE,
    "look-up": OPEN,
    "customers/": SEE,
    "customers/new": (Right.CHANGE,),
    "customers/columns": ANYBODY,
    "customers/tag": (Right.CHANGE,),
    "customers/hand-over": (Right.HAND_OVER,),
    "customers/<card>/": OPEN,
    "customers/<card>/edit/<field>": (Right.CHANGE,),
    "customers/<card>/photo": OPEN,
    "customers/<card>/likes": OPEN,
    "customers/<card>/timeline": OPEN,
    "customers/<card>/dealings": (Right.CHANGE,),
    "today/": SEE,
    "today/bell": ANYBODY,
    "today/bell/<key>/seen": ANYBODY,
    "today/callbacks/<key>/<what>": (Right.CHANGE,),
    "today/calendar": SEE,
    "today/answer": (Right.CHANGE,),
    "calendar/<secret>.ics": ANYBODY,  # by its secret, whoever has it
    "tasks/new": (Right.CHANGE,),
    **{f"tasks/<key>/{act}": (Right.CHANGE,) for act in ("", "invitation", "<what>")},
    "dealings/": SEE,
    "dealings/<key>/": OPEN,
    "dealings/<key>/<what>": OPEN,
    "dealings/files/<key>": OPEN,
    "telephone/": OPEN,
    "telephone/ringing": OPEN,
    "ring/<token>": ANYBODY,  # by its signature
    "hours/": (Right.SET_UP,),
    "customers/<card>/confirm/<field>": (Right.CHANGE,),
    "customers/<card>/relations": (Right.CHANGE,),
    "customers/<card>/relations/<relation>/end": (Right.CHANGE,),
    "customers/<card>/hand-over": (Right.HAND_OVER,),
    "customers/<card>/reveal/<field>/<place>": OPEN,
    "customers/<card>/reach/<way>/<place>": OPEN,
    "customers/<card>/join": (Right.MERGE,),
    "customers/<card>/join/find": (Right.MERGE,),
    "customers/<card>/separate": (Right.MERGE,),
    "doubles/": (Right.MERGE,),
    "doubles/<key>/settle": (Right.MERGE,),
    "doubles/undo": (Right.MERGE,),
    "doubles/look": (Right.MERGE,),
    "doubles/runs/<key>": (Right.MERGE,),
    "doubles/joined": (Right.MERGE,),
    "doubles/joined/<key>/separate": (Right.MERGE,),
    **{
        f"imports/{rest}": (Right.IMPORT,)
        for rest in ("", "drop", "<key>/", *(f"<key>/{act}" for act in (
            "source", "settle", "state", "stop", "run", "undo", "clear", "discard", "refused", "holds")))
    },
    **{
        f"fields/{rest}": (Right.SET_UP,)
        for rest in ("", "new", "preview", "recount", "<key>/", "<key>/weight", "<key>/remove")
    },
    **dict.fromkeys(("staff/", "staff/invite", "staff/tokens", "staff/tokens/<key>/end"), (Right.STAFF,)),
    **{f"staff/<key>/{act}": (Right.STAFF,) for act in (
        "link", "change", "role", "leave", "back", "leaving", "notice", "let-go")},
    **{f"roles/{rest}": (Right.STAFF,) for rest in ("", "add", "save", "limits", "<key>/remove")},
    **{f"teams/{rest}": (Right.STAFF,) for rest in ("", "save", "<key>/remove")},
    "teams/first": (Right.SET_UP,),
    "exports/": (Right.EXPORT, Right.APPROVE_EXPORT, Right.AUDIT),
    "exports/new": (Right.EXPORT,),
    "exports/<export>/settle": (Right.APPROVE_EXPORT,),
    "exports/<export>/file": (Right.EXPORT,),
    "alarms/": (Right.AUDIT,),
    "alarms/<alarm>/seen": (Right.AUDIT,),
    "audit/": (Right.AUDIT,),
    **{f"registers/{rest}": (Right.SET_UP,) for rest in (
        "", "add", *(f"<key>/{act}" for act in ("read", "state", "stop", "remove")))},
    "quiet/": (Right.SET_UP,),
    **{f"consent/{rest}": (Right.SET_UP,) for rest in ("", "new", "usual", "<key>/", "<key>/words", "<key>/end")},
    "customers/<card>/consents": SEE,
    "customers/<card>/consents/<choice>": (Right.REVEAL,),
    "customers/<card>/orders": OPEN,
    "orders/rates": (Right.SET_UP,),
    **{f"orders/{rest}": SEE for rest in ("", "<key>/")},
    **{f"orders/<key>/{act}": (Right.CHANGE,) for act in ("move", "pay")},
    "customers/<card>/privacy/": (Right.CHANGE, Right.PRIVACY),
    **{f"customers/<card>/privacy/{act}": (Right.CHANGE, Right.PRIVACY) for act in ("request", "link", "stop", "use")},
    "requests/": (Right.PRIVACY,),
    "requests/forgotten": (Right.PRIVACY,),
    "requests/forgotten/<key>/lift": (Right.PRIVACY,),
    **{f"requests/<key>/{act}": (Right.PRIVACY,) for act in ("", "known", "extend", "refuse", "answer")},
    "customers/<card>/privacy/hold": (Right.PRIVACY,),
    **{f"retention/{rest}": (Right.PRIVACY,) for rest in ("", "usual", "<key>/", "<key>/switch", "<key>/end")},
    **{f"policy/{rest}": (Right.PRIVACY,) for rest in ("", "contact", "words", "publish", "<number>/")},
    **{f"partners/{rest}": (Right.EXPORT,) for rest in ("", "begin", "hashes", "<key>/", "<key>/compare", "<key>/list")},
    "privacy": ANYBODY,  # the policy, for everybody
    **{f"safety/{rest}": (Right.SET_UP,) for rest in ("", "plan", "copy")},
    **{
        f"reports/{rest}": (Right.COUNTS,)
        for rest in ("", "paths", "exits", "time", "sharing", "origins", "funnel", "cohorts")
    },
    "worth/": (Right.SEE, Right.COUNTS),
    "worth/base": (Right.COUNTS,),
    "worth/silent": SEE,
    "worth/baskets": (Right.SEE, Right.COUNTS),
    **{f"worth/{rest}": (Right.SET_UP,) for rest in ("rates", "count", "mail", "mail/<key>/end")},
    **{f"worth/{rest}": (Right.SET_UP,) for rest in ("products", "products/<key>")},
    "customers/<card>/worth": OPEN,
    "site/": (Right.SET_UP,),
    # By a write key, from any site.
    **dict.fromkeys(TRACKING, ANYBODY),
    **{
        f"connections/{rest}": (Right.SET_UP,)
        for rest in ("", "new", "<key>/", *(f"<key>/{act}" for act in ("secret", "change", "missed", "end")))
    },
    "connections/<key>/again/<delivery>": (Right.SET_UP,),
    "orders/message": (Right.CHANGE,),
    "hooks/<kind>/<key>": ANYBODY,  # signed by the shop
    # By a link of the customer's own, whoever has it.
    "confirm/<token>": ANYBODY,
    **{f"my/<token>/{act}": ANYBODY for act in ("", "choice", "correction", "request", "copy")},
    "u/<token>": ANYBODY,
    **{f"groups/{rest}": (Right.SEE, Right.COUNTS) for rest in (
        "", "traits", "new", "shape", "preview", "<key>/", "<key>/change", "<key>/remove", "<key>/snapshot")},
    "groups/<key>/audience": (Right.EXPORT,),
    "groups/<key>/why/<card>": SEE,
    "customers/<card>/groups": SEE,
    "health": ANYBODY,
    "enter/<secret>": ANYBODY,
    "welcome": ANYBODY,
    "you": ANYBODY,
    "you/language": ANYBODY,
    "you/name": ANYBODY,
}  # fmt: skip
# Each stands on somebody outside the view and nowhere else.
PLANTS = (
    "Zewnetrzna",
    "zewnetrzna",
    "600999888",
    "600 999 888",
    "Zamurze",
    "Zakratka",
    "zamurowane",
    "orlepioro",
)
# The strongest who are walled in: all rights there are, but only their team's stages.
EVERYTHING = "everything-but-outside"
WALLED = ("sales", EVERYTHING, "clerk", "marketer", "auditor")


@dataclass(frozen=True)
class Floor:
    """A sales floor: somebody inside the view of the sellers, somebody outside it."""

    inside: Customer
    outside: Customer
    things: dict[str, object]
    team: int


@pytest.fixture(scope="module")
def kept_floor(django_db_setup: None, django_db_blocker: Any) -> Iterator[Floor]:
    yield from kept(django_db_blocker, open_floor)


@pytest.fixture
def floor(kept_floor: Floor, db: None) -> Floor:
    inside, outside = (Customer.objects.get(pk=each.pk) for each in (kept_floor.inside, kept_floor.outside))
    return replace(kept_floor, inside=inside, outside=outside)


def open_floor() -> Floor:
    """A floor of sellers who see only their own stage, and one of everything outside of it."""
    use_preset(name="floor", by=SHELL)
    all_rights = sorted(set(Right) - {Right.STAFF, Right.LOOK_UP})
    Role.objects.create(key=EVERYTHING, name=EVERYTHING, rights=all_rights, scope="stage")
    Limits(pk=1, look_ups=10_000, reveals=10_000, reaches=10_000).save()
    save_field(by=SHELL, label="Feather", type="text", key="feather")
    done: Import = make.csv_import(
        "id,first name,last name,phone,email,city,feather\n"
        "1,Ewa,Zewnetrzna,600999888,zewnetrzna@zakratka.pl,Zamurze,orlepioro\n"
        "2,,,zewnetrzna-nonumber,,,orlepioro\n",
        name="book.csv",
        columns={"id": "key", "feather": "x.feather"},
    )
    outside = Customer.objects.get(family="Zewnetrzna")
    inside = make.person("Iga", "Wewnetrzna", phone="+48600111222", email="iga@example.com")
    beyond = make.person("Ola", "Zewnetrzna", phone="+48600999888")
    change_customer(
        customer=outside,
        changes={
            "tags": ["zamurowane"],
            "note": "orlepioro",
            "addresses": [{"street": "Zakratka", "city": "Zamurze"}],
        },
        by=SHELL,
    )
    relation = relate(customer=inside, other=outside, kind="sibling", by=SHELL)
    merger = merge(kept=outside, gone=make.person("Ewka", "Zewnetrzna"), by=SHELL)
    low, high = sorted((inside, outside), key=lambda each: each.pk)
    doubt = Doubt.objects.create(
        one=low,
        other=high,
        score=0.9,
        found_at=timezone.now(),
        reasons=[["same_phone", {"value": "+48600999888"}]],
    )
    run = MatchRun.objects.create(asked_at=timezone.now(), by_name="Kartoteka", state="done")
    save_team(team=None, name="Care", stages=["account"], staff=[], by=SHELL)
    team = save_team(team=None, name="Sellers", stages=["sell"], staff=[], by=SHELL)
    hand_over(customers=[outside.pk, beyond.pk], to=Place("account"), by=SHELL)
    hand_over(customers=[inside.pk], to=Place("sell"), by=SHELL)
    order = make.order(outside, name="zamurowane", note="orlepioro", place="Zamurze")
    asked = receive(customer=outside, kind="access", through="call", by=SHELL, known_by="seen")
    talk = record_dealing(
        customer=outside, said=Said("call", subject="orlepioro", note="zamurowane"), by=SHELL
    )
    heard = attach_recording(
        dealing=talk, stream=io.BytesIO(b"OggS" + bytes(40)), label="Zamurze.ogg", by=SHELL
    )
    task = plan_task(plan=Plan("Zewnetrzna", timezone.now()), by=SHELL, customer=outside)
    called = promise_callback(customer=outside, number="+48600999888", reason="orlepioro", by=SHELL)
    taken = Taken("paper", "Zamurze", proof=io.BytesIO(b"%PDF-1.7"))
    chosen = give(
        customer=outside, purpose=preset("marketing", by=SHELL), channel="post", taken=taken, by=SHELL
    )
    things = {
        **OTHERS, "dealing": talk.pk, "enclosure": heard.pk, "task": task.pk, "callback": called.pk,
        "choice": chosen.pk, "card": outside.card, "field": "phones", "relation": relation.pk,
        "import": done.pk, "key": done.pk,
        "order": order.pk, "doubt": doubt.pk, "run": run.pk, "merger": merger.pk, "way": "call", "place": 0, "export": 1,
        "alarm": 1, "secret": "none", "token": "none", "purpose": preset("marketing", by=SHELL).key,
        "request": asked.pk, "erasure": 1, "page": "none", "unsubscribe": "none", "own_field": "x.feather", "staff": 1,
        "team": team.pk, "role": "clerk", "rule": 1, "exchange": 1, "number": 1,
        "segment": make.group("all customers", {"all": []}).pk,
        "connection": 1, "delivery": 1, "hook": "none", "kind": "orders", "report_plan": 1, "product": 1,
    }  # fmt: skip
    return Floor(inside, outside, things, team.pk)


@pytest.fixture
def walled_in(floor: Floor) -> Callable[[str], Client]:
    """A browser by role, of somebody in the sellers' team where the role knows teams."""
    cache.clear()

    def as_role(role: str) -> Client:
        staff = Staff.objects.create_user(email=f"{role}@example.com", name=f"The {role}", role=role)
        save_team(team=floor.team, name="Sellers", stages=["sell"], staff=[staff.pk], by=SHELL)
        client = Client(raise_request_exception=False)
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_role


def changes() -> int:
    """How many rows this connection has written so far."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
            )
        else:
            cursor.execute("SELECT total_changes()")
        return int(cursor.fetchone()[0])


def addresses(floor: Floor, route: Route) -> list[str]:
    """The route filled with who is outside, and for its keys with each thing that has a key."""
    keyed = (
        [floor.things[each] for each in ("import", "doubt", "run", "merger")] if "key" in route.parts else [1]
    )
    inside = {**floor.things, "card": floor.inside.card}
    filled = (
        route.at({**things, "key": key, "import": key, "doubt": key, "run": key, "merger": key})
        for key in keyed
        for things in (floor.things, inside)
    )
    return list(dict.fromkeys(filled))


def test_every_route_is_placed() -> None:
    pages = {each.pattern for each in ROUTES if not each.pattern.startswith("api/")}
    assert pages - set(PLACED) == set(), "say in PLACED who goes there"
    assert set(PLACED) - pages == set(), "these are gone"


@pytest.mark.parametrize("role", [*WALLED, "staff", "manager", "privacy"])
def test_nothing_outside_the_view_appears_and_a_refusal_changes_nothing(
    floor: Floor, walled_in: Callable[[str], Client], role: str
) -> None:
    """One walk for both: it is long. Last comes where who is outside may be met: once opened, they stand in lists."""
    browser = walled_in(role)
    rights = Staff.objects.get(role=role).actor.rights
    browser.get("/you")
    walked = [route for route in ROUTES if role in WALLED or not route.pattern.startswith("api/")]
    steps = [
        (hidden(role, route, at, floor), route, at) for route in walked for at in addresses(floor, route)
    ]
    leaks, opened, changed = [], [], []
    for unseen, route, address in sorted(steps, key=lambda step: not step[0]):
        of_programs = route.pattern.startswith("api/")
        may = of_programs or not PLACED[route.pattern] or rights & set(PLACED[route.pattern])
        for method in METHODS:
            before = changes()
            answer = getattr(browser, method)(address)
            status = answer.status_code
            text = told(answer) if unseen else ""
            if found := [plant for plant in PLANTS if plant in text]:
                leaks.append((method, address, found))
            if of_programs:
                continue
            if not may and status not in (302, 403, 404, 405):
                opened.append((method, address, status))
            if status in (403, 404, 405) and changes() != before:
                changed.append((method, address, status))
            assert may or changes() == before, (method, address, status)
    assert not leaks
    assert not opened
    assert not changed


def hidden(role: str, route: Route, address: str, floor: Floor) -> bool:
    """Whether who is outside must not appear there, whatever was opened before."""
    if role == "clerk":  # who names a card exactly may open it: that is what a clerk is for
        return route.pattern != "customers/<card>/" and f"/{floor.outside.card}/" not in address
    return role in WALLED


def test_the_owner_sees_what_the_walls_hide(floor: Floor, walled_in: Callable[[str], Client]) -> None:
    page = told(walled_in("owner").get(f"/customers/{floor.outside.card}/"))
    assert [plant for plant in PLANTS if plant not in page] in (
        [],
        ["600999888"],
        ["600 999 888"],
        ["Zewnetrzna"],
    )


ASKED: list[dict[str, Any]] = [
    *({"q": plant} for plant in (*PLANTS, "zewn", "Zewnetrzna Ewa", "888", "+48600999888", "orlepioro")),
    {"tag": "zamurowane"}, {"own": "x.feather", "own_value": "orle"}, {"new": "30"}, {"kind": "person"},
    {"lacking": "birth"}, {"source": "1"}, {"batch": "1"}, {"order": "new"}, {"order": "gaps"}, {"order": "silent"},
    {"order": "heard"}, {"order": "complete"}, {"order": "name"}, {"silent": "1"}, {"lacking": "emails"},
]  # fmt: skip


@pytest.mark.parametrize("role", WALLED)
def test_no_search_filter_or_order_tells(floor: Floor, walled_in: Callable[[str], Client], role: str) -> None:
    browser = walled_in(role)
    for asked in ASKED:
        for path in ("/customers/", "/find", "/find/names", f"/customers/{floor.inside.card}/join/find"):
            text = told(
                browser.get(path, {**asked, "other": asked.get("q", "")}, headers={"hx-request": "true"})
            )
            for repeated in (
                asked.get("q", ""),
                quote_plus(asked.get("q", "")),
                asked.get("tag", ""),
                "x.feather",
            ):
                text = text.replace(repeated, "") if repeated else text
            assert floor.outside.card not in text, (path, asked)
            assert "Zewnetrzna" not in text.replace(f"“{asked.get('q')}”", ""), (path, asked)


def test_counts_tell_only_of_the_view(floor: Floor, walled_in: Callable[[str], Client]) -> None:
    seller = walled_in("sales")
    assert "1 customer" in told(seller.get("/customers/"))
    home = told(seller.get("/"))
    assert "<strong>1</strong>" in home
    assert "<strong>3</strong>" not in home
    assert "<strong>3</strong>" in told(walled_in("marketer").get("/"))


def test_a_stranger_to_the_stage_reaches_nobody_by_key(
    floor: Floor, walled_in: Callable[[str], Client]
) -> None:
    """What is given by number and not by address: ticks, a pair, a relation's other end."""
    browser = walled_in(EVERYTHING)
    before = make.base()
    browser.post("/customers/tag", {"customer": [floor.outside.pk], "tag": "mine"})
    browser.post("/customers/hand-over", {"customer": [floor.outside.pk], "stage": "sell"})
    browser.post(f"/doubles/{floor.things['doubt']}/settle", {"join": "yes"})
    browser.post(f"/doubles/joined/{floor.things['merger']}/separate")
    browser.post(f"/customers/{floor.inside.card}/relations", {"other": floor.outside.card, "kind": "spouse"})
    browser.post(f"/customers/{floor.inside.card}/join", {"other": floor.outside.card, "join": "yes"})
    assert make.base() == before
    assert Relation.objects.count() == 1
    assert Merger.objects.count() == 1
    floor.outside.refresh_from_db()
    assert floor.outside.stage == "account"
