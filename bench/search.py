# ruff: noqa: E402
"""How quick the search is, and how often it finds the right customer, at a million customers.

    PYTHONPATH=src python bench/search.py --customers 1000000 [--keep]

Makes a base of invented customers in six languages under KARTOTEKA_HOME (or KARTOTEKA_DATABASE_URL), which must be
empty or made by an earlier run of this with --keep, and prints a table.
"""

import argparse
import datetime as dt
import itertools
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

from bench.typed import KINDS
from kartoteka.kit import bulk
from kartoteka.people.models import Customer
from kartoteka.people.recording import new_cards
from kartoteka.people.search.find import find
from kartoteka.people.search.index import index_customers
from kartoteka.trust.actor import SHELL

# Common names, a line for each sort, the commonest first.
NAMES = {
    sort: names.split()
    for sort, names in (
        line.split(":") for line in Path(__file__).with_name("names.txt").read_text().splitlines()
    )
}
SYLLABLES = [
    first + vowel + last
    for first in ("b", "bl", "br", "d", "dr", "f", "g", "gr", "h", "j", "k", "kl", "kr", "l", "m", "n", "p", "pr", "r",
                  "s", "st", "sz", "t", "tr", "v", "w", "z")
    for vowel in "aeiouy"
    for last in ("", "", "n", "r", "l", "s", "k", "m")
]  # fmt: skip
COUNTRIES = (
    ("PL", "48", 9),
    ("FI", "358", 9),
    ("ZA", "27", 9),
    ("PH", "63", 10),
    ("MY", "60", 9),
    ("GB", "44", 10),
)


def invented(rng: random.Random, base: list[str], size: int, endings: list[str]) -> list[str]:
    """`size` names, the common ones first."""
    found = dict.fromkeys(base)
    while len(found) < size:
        stem = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((1, 2, 2, 3))))
        found[(stem + rng.choice(endings)).capitalize()] = None
    return list(found)


class People:
    """Invented customers: names as common as names are, families' e-mails, phones of six countries."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = random.Random(seed)
        self.given = invented(rng, NAMES["given"], 3000, ["a", "ia", "ek", "us", "ina", "io", "an", "el"])
        self.family = invented(rng, NAMES["family"], 130_000, NAMES["endings"])
        self.places = invented(
            rng, NAMES["places"], 10_000, ["owo", "ice", "lä", "ville", "burg", "fontein", "stad"]
        )
        self.streets = invented(rng, [], 40_000, ["gasse", "katu", "owa", "laan", "weg", "", "kuja", "ska"])
        self.weights = {id(some): list(itertools.accumulate(1 / (rank + 8) for rank in range(len(some))))
                        for some in (self.given, self.family, self.places, self.streets)}  # fmt: skip

    def some(self, names: list[str]) -> str:
        return self.rng.choices(names, cum_weights=self.weights[id(names)])[0]

    def one(self) -> dict[str, Any]:
        """The values of one record."""
        rng = self.rng
        given, family, city = self.some(self.given), self.some(self.family), self.some(self.places)
        country, code, length = rng.choice(COUNTRIES)
        values: dict[str, Any] = {
            "name": f"{given} {family}", "given": given, "family": family,
            "phones": [{"value": f"+{code}{rng.randrange(10 ** (length - 1), 10**length)}", "label": "mobile"}],
            "addresses": [{"street": f"{self.some(self.streets)}", "number": str(rng.randrange(1, 200)),
                           "postcode": f"{rng.randrange(100):02}-{rng.randrange(1000):03}",
                           "city": city, "country": country}],
        }  # fmt: skip
        if rng.random() < 0.8:
            plain = "".join(c for c in f"{given}{rng.choice(['.', '', '_'])}{family}".lower() if c.isascii())
            local = plain if rng.random() < 0.5 else f"{plain}{rng.randrange(100)}"
            values["emails"] = [
                {"value": f"{local}@{rng.choice(('gmail', 'outlook', 'firma', 'luukku', 'wp'))}.com"}
            ]
        if rng.random() < 0.6:
            values["birth"] = (
                f"{rng.randrange(1935, 2008)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
            )
        if rng.random() < 0.1:
            values["company"] = (
                f"{self.some(self.family)} {rng.choice(('Trading', 'Bakery', 'Auto', 'Studio', 'Foods'))}"
            )
        if rng.random() < 0.2:
            values["tags"] = [rng.choice(("vip", "wholesale", "newsletter", "warranty"))]
        return values


def fill(count: int, people: People) -> tuple[float, float]:
    """Put `count` customers in the base; seconds of our own processor time for the rows and for the index."""
    rows_took = index_took = 0.0
    now = dt.datetime.now(dt.UTC)
    columns = ("id", "card", "kind", "name", "title", "given", "middle", "family", "particle", "suffix", "nickname",
               "company", "form", "sex", "birth", "language", "email", "phone", "city", "country", "more", "sort_name",
               "photo", "made_at", "changed_at", "heard_at", "completeness", "told", "stage")  # fmt: skip
    plain = {"name", "given", "family", "company", "birth"}
    for start in range(0, count, 5000):
        records = [people.one() for _ in range(min(5000, count - start))]
        with transaction.atomic():
            begun = time.process_time()
            keys = list(bulk.take_ids(Customer, len(records)))
            rows = []
            for key, values, card in zip(keys, records, new_cards(len(keys)), strict=True):
                row = dict.fromkeys(columns, "") | {name: values.get(name, "") for name in plain}
                row |= {"id": key, "card": card, "kind": "person", "made_at": now, "changed_at": now,
                        "heard_at": now, "completeness": 50, "told": "{}", "sort_name": values["family"].lower(),
                        "more": bulk.json({k: v for k, v in values.items() if k not in plain})}  # fmt: skip
                rows.append([row[name] for name in columns])
            bulk.insert(Customer, columns, rows)
            rows_took += time.process_time() - begun
            begun = time.process_time()
            index_customers(keys)
            index_took += time.process_time() - begun
        if start % 100_000 == 0:
            print(f"  {start + len(records):>9,} customers, index {index_took:.1f} s", file=sys.stderr)
    return rows_took, index_took


def record(customer: Customer) -> dict[str, Any]:
    """A customer as the ways to ask take them."""
    names = ("card", "card_shown", "name", "given", "family", "company")
    return {**customer.more, **{name: getattr(customer, name) for name in names}}


def ask(times: int, seed: int) -> Iterator[str]:
    """A row of the table for each kind."""
    rng = random.Random(seed)
    top = Customer.objects.order_by("-pk").values_list("pk", flat=True)[0]
    chosen = list(Customer.objects.filter(pk__in=[rng.randrange(1, top + 1) for _ in range(20 * times)]))
    rng.shuffle(chosen)
    every = Taken()
    find("warm up", actor=SHELL)
    for kind in KINDS:
        taken, missed = Taken(), []
        able = [each for customer in chosen if kind.has(each := record(customer))][:times]
        for meant in able:
            typed = kind.typed(rng, meant)
            with taken.one():
                hits = find(typed, actor=SHELL)
            firsts = Customer.objects.filter(pk__in=[hit.customer for hit in hits[:3]])
            if kind.told(meant) not in [kind.told(record(each)) for each in firsts]:
                missed.append((typed, meant["name"], [each.name for each in firsts]))
        every.add(taken)
        if os.environ.get("BENCH_MISSES"):
            print(kind.name, *missed[:12], sep="\n    ", file=sys.stderr)
        yield f"| {kind.name} | {taken} | {100 * (1 - len(missed) / len(able)):.0f} % |"
    for words in (
        ("anna", "maria", "gmail", "warszawa", "an", "kow", "vip"),
        ("anna gmail", "jan krakow", "piotr vip"),
    ):
        taken = Taken()
        for _ in range(times):
            with taken.one():
                find(rng.choice(words), actor=SHELL)
        yield f"| common words: {', '.join(words)} | {taken} | |"
    yield f"| all | {every} | |"


class Taken:
    """What searches took: milliseconds by the clock and of our processor time, and queries of the database."""

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.processor: list[float] = []
        self.queries: list[float] = []

    @contextmanager
    def one(self) -> Iterator[None]:
        """Measure one."""
        asked = 0

        def count(execute: Callable[..., Any], *given: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*given)

        with connection.execute_wrapper(count):
            begun, worked = time.perf_counter(), time.process_time()
            yield
            self.clock.append(1000 * (time.perf_counter() - begun))
            self.processor.append(1000 * (time.process_time() - worked))
        self.queries.append(asked)

    def add(self, other: "Taken") -> None:
        """Take those of another in."""
        self.clock += other.clock
        self.processor += other.processor
        self.queries += other.queries

    def __str__(self) -> str:
        parts = [
            f"{_part(some, share):.1f}" for some in (self.clock, self.processor) for share in (0.5, 0.95)
        ]
        return " | ".join([*parts, f"{_part(self.queries, 0.95):.0f}"])


def _part(took: list[float], share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(share * len(took)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=100, help="of each kind")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if not Customer.objects.exists():
        rows_took, index_took = fill(options.customers, People(options.seed))
        each, alone = (1e6 * took / options.customers for took in (index_took, rows_took))
        print(f"feeding: {each:.1f} µs a customer (its row alone: {alone:.1f})\n")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
    print(
        f"{connection.vendor}, {Customer.objects.count():,} customers, {options.queries} queries of each kind, ms\n"
    )
    # On a machine that is busy with other things, the processor's time is what tells; on PostgreSQL it is the client's.
    print(
        "| asked | p50 | p95 | p50, processor | p95, processor | queries, p95 | among the first three |\n"
        "|---|---|---|---|---|---|---|"
    )
    for row in ask(options.queries, options.seed):
        print(row, flush=True)


if __name__ == "__main__":
    main()
