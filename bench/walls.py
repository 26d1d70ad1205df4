"""What the walls cost: lists and searches of somebody who works in one stage, beside those of somebody who sees everybody.

    python -m bench.walls 300000

Half of the customers are in the stage attract, three of ten in sell, the others are looked after; the member works in
sell, in one of two teams, and one customer of a hundred is theirs by name. Processor time, both asked in turn: of each the
quickest of twenty, as the rest is what else the machine did; then the median.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench.scratch import base

TIMES, TURNS = 20, 20


def measure(size: int) -> None:
    """Print the table of results."""
    with tempfile.TemporaryDirectory() as folder, base(Path(folder) / "home"):
        from bench.search import People, fill

        fill(size, People(7))
        everybody, member = actors()
        print("| what | whole base, ms | one stage, ms | walls cost |\n|---|---|---|---|", flush=True)
        for name, works in works_for(member):
            took: tuple[list[float], list[float]] = ([], [])
            for work in works:
                quickest = [float("inf"), float("inf")]
                for _turn in range(TURNS):
                    for place, actor in enumerate((everybody, member)):
                        start = time.process_time()
                        work(actor)
                        quickest[place] = min(quickest[place], 1000 * (time.process_time() - start))
                for place in (0, 1):
                    took[place].append(quickest[place])
            whole, walled = map(statistics.median, took)
            print(
                f"| {name} | {whole:.2f} | {walled:.2f} | {100 * (walled / whole - 1):+.0f} % |", flush=True
            )


def actors() -> tuple[Any, Any]:
    """Put everybody in a stage; who sees all of them, and who works in one stage."""
    from django.db import connection

    from kartoteka.kit import bulk
    from kartoteka.people.models import Customer
    from kartoteka.trust.actor import Actor, Right, Scope
    from kartoteka.trust.models import Staff, Team

    ours, others = (Team.objects.create(name=name, stages=["sell"]) for name in ("Ours", "Others"))
    anna = Staff.objects.create(email="anna@example.com", name="Anna")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_customer SET stage = CASE WHEN id %% 10 < 5 THEN 'attract' WHEN id %% 10 < 8 THEN 'sell'"
            " ELSE 'account' END, team_id = CASE WHEN id %% 10 = 6 THEN %s WHEN id %% 10 = 7 AND id %% 3 = 0 THEN %s END,"
            " member_id = CASE WHEN id %% 100 = 1 THEN %s END",
            [ours.pk, others.pk, anna.pk],
        )
    bulk.look_over(Customer)
    rights = frozenset(Right)
    return (
        Actor("staff", anna.pk, "Anna", rights),
        Actor("staff", anna.pk, "Anna", rights, Scope.STAGE, frozenset({"sell"}), frozenset({ours.pk})),
    )


def works_for(member: Any) -> Iterator[tuple[str, list[Callable[[Any], object]]]]:
    """What is measured: a name, and what is done for an actor, of several customers where it is about one."""
    from kartoteka.people import plenty
    from kartoteka.people.listing import Wish, list_customers
    from kartoteka.people.models import Customer
    from kartoteka.people.search.find import find

    def listing(**wish: Any) -> list[Callable[[Any], object]]:
        return [lambda actor: list_customers(actor=actor, wish=Wish(**wish))] * TIMES

    def counted(actor: Any) -> object:
        plenty.forget()
        return list_customers(actor=actor, wish=Wish())

    yield "list by name, first page, the first time in a minute", [counted] * TIMES
    yield "list by name, first page", listing()
    yield "list, newest first", listing(order="new")
    yield "list of who lacks an e-mail", listing(lacking="emails")
    middle = list_customers(actor=member, wish=Wish(), size=2000).page.after
    yield "list by name, a page further on", listing(after=middle)

    def _find(typed: str, actor: Any) -> object:
        return find(typed, actor=actor)

    keys = list(Customer.objects.visible_to(member).values_list("pk", flat=True))
    met = list(Customer.objects.filter(pk__in=random.Random(3).sample(keys, TIMES)))

    def search(text: Callable[[Any], str]) -> list[Callable[[Any], object]]:
        return [partial(_find, text(each)) for each in met]

    yield "search, full name", search(lambda each: each.name)
    yield "search, family name", search(lambda each: each.family)
    yield (
        "search, given name and city",
        search(lambda each: f"{each.given} {each.more['addresses'][0]['city']}"),
    )
    yield "search, family name with a slip", search(lambda each: each.family[:2] + each.family[3:])
    yield "search, end of a phone", search(lambda each: each.more["phones"][0]["value"][-6:])
    yield (
        "search, e-mail before the @",
        search(lambda each: (each.more.get("emails") or [{"value": each.name}])[0]["value"].split("@")[0]),
    )


if __name__ == "__main__":
    for given in sys.argv[1:] or ["100000"]:
        measure(int(given))
