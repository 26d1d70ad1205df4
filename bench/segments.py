# ruff: noqa: E402
"""Groups beside hand-written SQL for the same question: the count, the first build, a change seen in 100 groups.

    PYTHONPATH=src python bench/segments.py --customers 1000000

Fills an empty base under KARTOTEKA_HOME (or KARTOTEKA_DATABASE_URL) with customers by columns alone. Tells processor time
of this process, which on SQLite does the database's work too.
"""

import argparse
import datetime as dt
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [
    str(Path(__file__).resolve().parent.parent / "src"),
    str(Path(__file__).resolve().parent.parent),
]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.project.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench.segments_base import fill
from kartoteka.consent.models import Purpose
from kartoteka.people.models import Customer
from kartoteka.segments.groups import save_group
from kartoteka.segments.keeping import build, look_at_changed, look_at_turned, note
from kartoteka.segments.looking import preview
from kartoteka.segments.models import Segment, Turn
from kartoteka.trust.actor import SHELL

OULU = {"trait": "city", "op": "any_of", "value": ["Oulu"]}
_ALIVE = "SELECT count(*) FROM people_customer c WHERE c.merged_into_id IS NULL AND "
_BOUGHT = (
    _ALIVE
    + "c.id IN (SELECT i.customer_id FROM activity_orderline l JOIN activity_order o ON o.id = l.order_id "
    "JOIN activity_product p ON p.id = l.product_id JOIN people_identity i ON i.id = l.identity_id "
    "WHERE o.sale AND p.category = 'shoes' AND l.at >= :d90 GROUP BY i.customer_id HAVING count(*) >= 2)"
)
_LOOKED = (
    "c.id IN (SELECT i.customer_id FROM activity_event e JOIN activity_visitor v ON v.id = e.visitor_id "
    "JOIN people_identity i ON i.id = v.identity_id WHERE e.at >= :d7 AND NOT e.bot{more})"
)
_LINES = (
    "SELECT i.customer_id FROM activity_orderline l JOIN activity_order o ON o.id = l.order_id "
    "JOIN people_identity i ON i.id = l.identity_id WHERE o.sale AND l.quantity > 0 AND "
)
_WOMEN = {"trait": "sex", "op": "any_of", "value": ["f"]}
_TWICE = {"trait": "orders", "op": "at_least", "value": 2}
_LOOKED_ = {"trait": "event", "op": "at_least", "value": 1, "days": 7}
# A rule, and the same asked by hand; :d7 is seven days ago, :days the birthdays of two weeks.
ASKED: dict[str, tuple[Any, str]] = {
    "city": (OULU, _ALIVE + "c.city = 'Oulu'"),
    "city and sex": (
        {"all": [OULU, _WOMEN]},
        _ALIVE + "c.city = 'Oulu' AND c.sex = 'f'",
    ),
    "new in 30 days": ({"trait": "made", "op": "last", "value": 30}, _ALIVE + "c.made_at >= :d30"),
    "birthday in 14 days": ({"trait": "birth", "op": "next", "value": 14}, _ALIVE + "substr(c.birth, 6) IN (:days)"),
    "ordered at least twice": (
        _TWICE,
        _ALIVE + "c.id IN (SELECT customer_id FROM activity_customerfacts WHERE orders >= 2)",
    ),
    "bought shoes twice in 90 days": (
        {"trait": "bought", "op": "at_least", "value": 2, "days": 90,
         "where": [{"part": "category", "op": "any_of", "value": ["shoes"]}]},
        _BOUGHT,
    ),
    "looked in 7 days": (_LOOKED_, _ALIVE + _LOOKED.format(more="")),
    "looked at blue in 7 days": (
        {**_LOOKED_, "where": [{"part": "property", "key": "colour", "op": "any_of", "value": ["blue"]}]},
        _ALIVE + _LOOKED.format(more=" AND {blue}"),
    ),
    "spent over 300 in 90 days": (
        {"trait": "bought", "op": "more", "value": 300, "days": 90, "measure": "net"},
        _ALIVE + f"c.id IN ({_LINES} l.at >= :d90 GROUP BY i.customer_id "
        "HAVING sum(l.net * (o.rate / 10000000000.0)) / 10000 > 300)",
    ),
    "looked within 30 days, bought nothing in the 3 after": (
        {"trait": "event", "op": "not_followed", "days": 30, "by": {"trait": "bought"}, "within": 3},
        _ALIVE + _LOOKED.format(more=" AND e.at < :d3 AND NOT EXISTS (" + _LINES.replace("i.", "j.").replace(" i ", " j ")
        + "j.customer_id = i.customer_id AND l.at > e.at AND l.at <= {later})").replace(":d7", ":d30"),
    ),
    "silent for three of their intervals": (
        {"trait": "order", "op": "silent", "value": 3},
        _ALIVE + "c.id IN (SELECT i.customer_id FROM activity_order o JOIN people_identity i ON i.id = o.identity_id WHERE "
        "o.sale GROUP BY i.customer_id HAVING count(*) >= 3 AND max(o.at) > min(o.at) AND {last} + ({last} - {first}) * 3 "
        "/ (count(*) - 1) < {now})",
    ),
    "none of: Oulu, men without an order": (
        {"not": {"any": [OULU, {"all": [
            {"trait": "sex", "op": "any_of", "value": ["m"]},
            {"not": {"trait": "orders", "op": "at_least", "value": 1}}]}]}},
        _ALIVE + "NOT (c.city = 'Oulu' OR (c.sex = 'm' AND c.id NOT IN "
        "(SELECT customer_id FROM activity_customerfacts WHERE orders >= 1)))",
    ),
    "not looked in 90 days": (
        {"trait": "event", "op": "less", "value": 1, "days": 90},
        # NOT IN would be PostgreSQL's undoing: it looks through the whole list for each customer.
        _ALIVE + "NOT EXISTS (SELECT 1 FROM (" + _LOOKED.format(more="").removeprefix("c.id IN (").replace(":d7", ":d90")
        + " AS looked WHERE looked.customer_id = c.id)",
    ),
    "women of Oulu, bought twice, looked, may be mailed": (
        {"all": [OULU, _WOMEN, _TWICE, _LOOKED_,
                 {"trait": "may", "op": "any_of", "value": ["PURPOSE:email"]}]},
        _ALIVE + "c.city = 'Oulu' AND c.sex = 'f' AND c.id IN (SELECT customer_id FROM activity_customerfacts "
        "WHERE orders >= 2) AND c.id % 2 = 1 AND " + _LOOKED.format(more=""),
    ),
}  # fmt: skip


def spent(do: Callable[[], Any]) -> tuple[float, float, Any]:
    """Milliseconds of the processor and of the clock, and what came of it."""
    cpu, clock = time.process_time(), time.perf_counter()
    found = do()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - clock) * 1000, found


def by_hand(asked: str) -> int:
    """What the statement counts, with its days in their place."""
    sqlite = connection.vendor == "sqlite"
    seconds = "(julianday(%s) - 2440587.5) * 86400.0" if sqlite else "extract(epoch FROM %s)"
    said = {
        "blue": "json_extract(e.properties, '$.colour') = 'blue'" if sqlite else "e.properties ->> 'colour' = 'blue'",
        "later": "strftime('%Y-%m-%d %H:%M:%S', e.at, '259201 seconds')" if sqlite
        else "e.at + INTERVAL '259201 seconds'",
        "last": seconds % "max(o.at)", "first": seconds % "min(o.at)", "now": str(timezone.now().timestamp()),
    }  # fmt: skip
    for each, written in said.items():
        asked = asked.replace(f"{{{each}}}", written)
    for days in (90, 30, 7, 3):
        moment = timezone.now() - dt.timedelta(days=days)
        asked = asked.replace(f":d{days}", f"'{connection.ops.adapt_datetimefield_value(moment)}'")
    days = [f"'{timezone.localdate() + dt.timedelta(days=each):%m-%d}'" for each in range(15)]
    with connection.cursor() as cursor:
        cursor.execute(asked.replace(":days", ", ".join(days)))
        return int(cursor.fetchone()[0])


def the_rule(rule: Any) -> Any:
    """The rule with the base's own purpose in it."""
    purpose = Purpose.objects.latest("pk").key
    return json.loads(json.dumps(rule).replace("PURPOSE", purpose))


def counts_and_builds() -> None:
    """Each rule: the live count, the exact one, by hand, the first build."""
    print("| rule | live | exact | by hand | first build | members | turns |\n|---|---|---|---|---|---|---|")
    for name, (written, where) in ASKED.items():
        rule = the_rule(written)
        live = spent(lambda rule=rule: preview(actor=SHELL, rule=rule))
        exact = spent(lambda rule=rule: preview(actor=SHELL, rule=rule, exact=True))
        hand = spent(lambda where=where: by_hand(where))
        if exact[2].count.count != hand[2]:
            print(f"differs: {name}: {exact[2].count.count}, by hand {hand[2]}")
        segment = save_group(by=SHELL, name=name, rule=rule)
        built = spent(lambda key=segment.pk: build(key))
        cells = [f"{each[0]:.0f} ({each[1]:.0f})" for each in (live, exact, hand, built)]
        cells[0] += f" about {live[2].count.count}" if live[2].count.about else ""
        segment.refresh_from_db()
        print(f"| {name} | {' | '.join(cells)} | {segment.size} | {segment.turns.count()} |", flush=True)


def changes() -> None:
    """One customer, and a thousand, seen in a hundred groups; turns found by their index."""
    rules = [the_rule(rule) for rule, _where in ASKED.values()]
    for place in range(100 - Segment.objects.count()):
        more = {"trait": "completeness", "op": "at_least", "value": place}
        saved = save_group(by=SHELL, name=f"group {place}", rule={"all": [rules[place % len(rules)], more]})
        Segment.objects.filter(pk=saved.pk).update(state="ready", turns_until="2100-01-01T00:00:00Z")
    some = list(Customer.objects.values_list("pk", flat=True)[:1000])
    for changed in (some[:1], some):
        with transaction.atomic():
            note(changed)
        took = spent(look_at_changed)
        print(f"{len(changed)} changed customers seen in 100 groups: {took[0]:.0f} ({took[1]:.0f})")
    first = Turn.objects.order_by("at").first()
    if first is not None:
        took = spent(lambda: look_at_turned(at=first.at))
        print(f"those whose turn comes first, of {Turn.objects.count()}: {took[0]:.0f} ({took[1]:.0f})")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--orders", type=int, default=150_000)
    parser.add_argument("--events", type=int, default=300_000)
    given = parser.parse_args()
    call_command("migrate", verbosity=0)
    if not Customer.objects.exists():
        fill(customers=given.customers, orders=given.orders, events=given.events)
    Segment.objects.all().delete()
    print(
        f"{connection.vendor}, {Customer.objects.count()} customers; milliseconds of the processor (of the clock)"
    )
    counts_and_builds()
    changes()


if __name__ == "__main__":
    main()
