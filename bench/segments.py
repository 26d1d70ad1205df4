# ruff: noqa: E402
"""Groups beside hand-written SQL for the same question: the count, the first build, a change seen in 100 groups.

    PYTHONPATH=src python bench/segments.py --customers 1000000

Fills an empty base under KARTOTEKA_HOME (or KARTOTEKA_DATABASE_URL) with customers by columns alone. Tells processor time
of this process, which on SQLite does the database's work too.
"""

import argparse
import datetime as dt
import os
import random
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

from kartoteka.kit import bulk
from kartoteka.kit.ids import new_cards
from kartoteka.people.models import Customer
from kartoteka.segments.groups import save_group
from kartoteka.segments.keeping import build, look_at_changed, note
from kartoteka.segments.looking import preview
from kartoteka.segments.models import Segment
from kartoteka.trust.actor import SHELL

CITIES = ["Kraków", "Łódź", "Oulu", "Gdańsk", "Turku", ""]
# A rule, and the same asked by hand; %(day)s is thirty days ago.
ASKED: dict[str, tuple[Any, str]] = {
    "city": ({"trait": "city", "op": "any_of", "value": ["Oulu"]}, "city = 'Oulu'"),
    "city and sex": (
        {
            "all": [
                {"trait": "city", "op": "any_of", "value": ["Oulu"]},
                {"trait": "sex", "op": "any_of", "value": ["f"]},
            ]
        },
        "city = 'Oulu' AND sex = 'f'",
    ),
    "new": ({"trait": "made", "op": "last", "value": 30}, "made_at >= %s"),
    "birthday in 14 days": ({"trait": "birth", "op": "next", "value": 14}, "substr(birth, 6) IN (%s)"),
}

NAMES = (
    "card kind sex birth city country name sort_name made_at changed_at heard_at more told completeness title given "
    "middle family particle suffix nickname company form language email phone photo stage"
)


def fill(count: int) -> None:
    chance = random.Random(1)
    now = timezone.now()
    names = NAMES.split()
    cards = list(dict.fromkeys(new_cards(count + 1000)))[:count]
    with bulk.writing_much(), transaction.atomic():
        for some in bulk.chunks(cards, 50_000):
            rows = []
            for card in some:
                birth = dt.date(1950, 1, 1) + dt.timedelta(days=chance.randrange(20_000))
                at = now - dt.timedelta(minutes=chance.randrange(3_000_000))
                who = (card, "person", chance.choice("fm"), birth.isoformat(), chance.choice(CITIES), "PL")
                rows.append((*who, card, card, at, at, at, "{}", "{}", 50, *[""] * 14))
            bulk.insert(Customer, names, rows)
    bulk.look_over(Customer)


def spent(do: Callable[[], Any]) -> tuple[float, float, Any]:
    """Milliseconds of the processor and of the clock, and what came of it."""
    cpu, clock = time.process_time(), time.perf_counter()
    found = do()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - clock) * 1000, found


def by_hand(where: str) -> int:
    day = timezone.now() - dt.timedelta(days=30)
    days = [f"{timezone.localdate() + dt.timedelta(days=each):%m-%d}" for each in range(15)]
    params: list[Any] = []
    if "IN (%s)" in where:
        where, params = where.replace("%s", ", ".join(["%s"] * len(days))), list(days)
    elif "%s" in where:
        params = [connection.ops.adapt_datetimefield_value(day)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM people_customer WHERE merged_into_id IS NULL AND {where}", params
        )
        return int(cursor.fetchone()[0])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=100_000)
    count = parser.parse_args().customers
    call_command("migrate", verbosity=0)
    if not Customer.objects.exists():
        fill(count)
    print(f"{Customer.objects.count()} customers; milliseconds of the processor (of the clock)")
    print("| rule | live count | exact count | by hand | first build | members |\n|---|---|---|---|---|---|")
    for name, (rule, where) in ASKED.items():
        live = spent(lambda rule=rule: preview(actor=SHELL, rule=rule))
        exact = spent(lambda rule=rule: preview(actor=SHELL, rule=rule, exact=True))
        hand = spent(lambda where=where: by_hand(where))
        assert abs(exact[2].count.count - hand[2]) <= 1, (name, exact[2].count, hand[2])
        segment = save_group(by=SHELL, name=name, rule=rule)
        built = spent(lambda key=segment.pk: build(key))
        cells = (f"{each[0]:.0f} ({each[1]:.0f})" for each in (live, exact, hand, built))
        segment.refresh_from_db()
        print(f"| {name} | {' | '.join(cells)} | {segment.size} |")
    for place in range(100 - len(ASKED)):
        rule = list(ASKED.values())[place % len(ASKED)][0]
        saved = save_group(
            by=SHELL,
            name=f"group {place}",
            rule={"all": [rule, {"trait": "completeness", "op": "at_least", "value": place}]},
        )
        Segment.objects.filter(pk=saved.pk).update(state="ready")
    some = list(Customer.objects.values_list("pk", flat=True)[:1000])
    for changed in (some[:1], some):
        with transaction.atomic():
            note(changed)
        took = spent(look_at_changed)
        print(f"{len(changed)} changed customers seen in 100 groups: {took[0]:.0f} ({took[1]:.0f})")


if __name__ == "__main__":
    main()
