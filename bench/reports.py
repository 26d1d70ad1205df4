"""How long each report of the site takes, beside plain DuckDB over plain Parquet.

    python -m bench.reports 20000000 [DAYS [FOLDER]]

FOLDER keeps what was made, to ask it again: the making takes minutes.

So many invented events of a year, by a visitor for every ten of whom one in ten is known, are made into raw rows day by
day (73 days; the others are the same, later), digested and kept by the code that the worker uses: the same encrypted
Parquet, without the way through HTTP and the main database, which holds the visitors who are known and their orders.
Beside each report runs plain SQL that answers the same from one plain Parquet file a day of the raw events: no
encryption, nothing made ready, visits as they were counted on arrival. Time of the processor is told beside the clock's:
it also tells something on a machine that does other work.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.scratch import base

DAYS = int(sys.argv[2]) if len(sys.argv) > 2 else 365
DRAWN = 73
PER_VISIT = 6
FIRST = dt.date(2025, 10, 1)
PAGES = np.array(["/", "/cart", "/pay", "/about", *(f"/shop/{n % 40}/product-{n}" for n in range(1500))])
EVENTS = np.array(["Product Viewed", "Product Added", "Checkout Started", "Order Completed", "Page Shared"])
HOSTS = np.array(["", "", "", "search.example", "news.example", "social.example", "blog.example"])
CAMPAIGNS = np.array(["", "", "", "", "may", "letter", "spring", "retarget"])


def raw_day(drawn: np.random.Generator, day: int, count: int, visitors: int, first_id: int) -> pa.Table:
    """The raw events of a day: visits of a Poisson number of events, half a minute apart in the mean."""
    from kartoteka.activity.warehouse.days import bounds
    from kartoteka.activity.warehouse.tables import RAW

    begin = int(bounds(FIRST + dt.timedelta(days=day))[0].timestamp())
    sizes = drawn.poisson(PER_VISIT - 1, max(1, count // PER_VISIT)) + 1
    visits = len(sizes)
    # Some come often: a visitor's number is drawn with more weight at the beginning.
    visitor = (visitors * drawn.random(visits) ** 2).astype(np.int64) + 1
    _, once = np.unique(visitor, return_index=True)  # one visit a day of each
    sizes, visitor = sizes[once], visitor[once]
    visits, n = len(sizes), int(sizes.sum())
    began = begin + drawn.integers(0, 80_000, visits)
    of = np.repeat(np.arange(visits), sizes)
    within = np.arange(n) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    at = began[of] * 1_000_000 + within * 30_000_000 + drawn.integers(0, 20_000_000, n)
    kind = np.where(within == 0, 0, drawn.choice(3, n, p=[0.65, 0.15, 0.2]))
    page = PAGES[np.minimum(drawn.zipf(1.35, n) - 1, len(PAGES) - 1)]
    name = np.where(kind == 2, EVENTS[np.minimum(drawn.geometric(0.5, n) - 1, 4)], "")
    came = within == 0
    host = np.where(came, HOSTS[drawn.integers(0, len(HOSTS), visits)][of], "")
    campaign = np.where(came, CAMPAIGNS[drawn.integers(0, len(CAMPAIGNS), visits)][of], "")
    person = np.where(visitor % 10 == 0, visitor // 10, -visitor)
    return pa.table(
        {
            "id": first_id + np.arange(n),
            "visitor": visitor[of],
            "person": person[of],
            "source": np.ones(n, np.int64),
            "began": began[of],
            "at": at,
            "kind": np.array(["page", "left", "event"])[kind],
            "page": page,
            "name": name,
            "shared": name == "Page Shared",
            "seconds": np.where(kind == 1, drawn.integers(1, 200, n), 0).astype(float),
            "device": np.array(["phone", "phone", "desk", "tablet"])[drawn.integers(0, 4, visits)][of],
            "referrer": host,
            "campaign_source": np.where(campaign != "", "letter", ""),
            "campaign_medium": np.where(campaign != "", "email", ""),
            "campaign": campaign,
        }
    ).cast(RAW)


def fill(count: int, plain: Path) -> int:
    """Write the days; how many events there are. DRAWN days are drawn and digested, the others are the same, later."""
    from kartoteka.activity.warehouse.digesting import digested
    from kartoteka.activity.warehouse.store import store

    drawn = np.random.default_rng(7)
    done, of_drawn, spent = 0, 0, 0.0
    for number in range(min(DAYS, DRAWN)):
        raw = raw_day(drawn, number, count // DAYS, count // 10, of_drawn)
        of_drawn += raw.num_rows
        began = time.process_time()
        tables = digested(FIRST + dt.timedelta(days=number), raw)
        spent += time.process_time() - began
        for later in range(0, DAYS - number, DRAWN):
            keep(FIRST + dt.timedelta(days=number + later), later, raw, tables, plain)
            done += raw.num_rows
    size = sum(each.stat().st_size for each in store()._folder.rglob("*") if each.is_file())  # type: ignore[attr-defined]
    beside = sum(each.stat().st_size for each in plain.iterdir())
    print(f"{done:,} events in {DAYS} days; {size / done:.1f} bytes an event, plain {beside / done:.1f}")
    print(f"digested: {of_drawn / spent:,.0f} events per processor second")
    return done


def keep(day: dt.date, later: int, raw: pa.Table, tables: Any, plain: Path) -> None:
    """Keep a day as the worker does, everything in it so many days later; and its raw events as plain Parquet."""
    from django.utils import timezone

    from kartoteka.activity.warehouse.models import SiteDay
    from kartoteka.activity.warehouse.store import store
    from kartoteka.activity.warehouse.tables import SCHEMAS, Table

    def moved(table: pa.Table) -> pa.Table:
        for name, value in (("began", later * 86_400), ("at", later * 86_400_000_000)):
            if name in table.column_names:
                table = table.set_column(table.column_names.index(name), name, pc.add(table[name], value))
        if "day" in table.column_names:
            days = pa.array(np.full(table.num_rows, np.datetime64(day)), pa.date32())
            table = table.set_column(table.column_names.index("day"), "day", days)
        return table

    pq.write_table(moved(raw), plain / f"{day}.parquet", compression="zstd")
    kept = store().keep(day, {each: moved(tables[each]).cast(SCHEMAS[each]) for each in tables})
    SiteDay.objects.create(
        day=day, written=1, kept_as=kept, sources=[1], events=raw.num_rows, visits=tables[Table.VISITS].num_rows,
        written_at=timezone.now(),
    )  # fmt: skip


def people(visitors: int) -> None:
    """One visitor in ten is a customer, one customer in ten bought."""
    from django.db import transaction
    from django.utils import timezone

    from kartoteka.activity.models import Order, Visitor
    from kartoteka.people.editing import source_named
    from kartoteka.people.models import Customer, Identity

    now, source = timezone.now(), source_named("site")
    begin = timezone.make_aware(dt.datetime.combine(FIRST, dt.time()))
    ours = range(1, visitors // 10 + 1)
    more: dict[str, Any] = {
        "currency": "EUR",
        "state_at": now,
        "total": 10,
        "net": 10,
        "net_home": 10,
        "rate": 1,
    }
    with transaction.atomic():
        for made in (
            (Customer(pk=n, card=f"{n:09}", made_at=now, changed_at=now, heard_at=now) for n in ours),
            (Identity(pk=n, source=source, key=str(n), customer_id=n, made_at=now) for n in ours),
            (
                Visitor(pk=n * 10, source=source, how="browser", key=str(n), identity_id=n, first_at=now, last_at=now)
                for n in ours
            ),
            (
                Order(
                    identity_id=n, source=source, key=str(n), digest=str(n), **more,
                    at=begin + dt.timedelta(minutes=n * 7919 % (DAYS * 1440)),
                )
                for n in ours[::10]
            ),
        ):  # fmt: skip
            rows: list[Any] = list(made)  # type: ignore[call-overload]
            type(rows[0])._base_manager.bulk_create(rows, batch_size=500)


PLAIN = {
    "paths": """WITH v AS (
            SELECT visitor, began, list(page ORDER BY "at")[:4] AS p FROM e WHERE kind = 'page' GROUP BY ALL)
        SELECT n, p[n], p[n + 1], count(*) FROM v, range(1, 4) t(n) WHERE n <= len(p) GROUP BY ALL ORDER BY 4 DESC
        LIMIT 100""",
    "exit pages": """SELECT last, count(*) FROM (SELECT arg_max(page, "at") AS last FROM e WHERE kind = 'page'
        GROUP BY visitor, began) GROUP BY 1 ORDER BY 2 DESC LIMIT 1000""",
    "time by page": "SELECT page, sum(seconds), count(*) FROM e WHERE kind = 'left' GROUP BY 1 ORDER BY 2 DESC LIMIT 1000",
    "sharing": """SELECT page, count(*) FROM (SELECT DISTINCT e.page, e.visitor, e.began FROM e JOIN
        (SELECT visitor, began, max("at") AS at FROM e WHERE shared GROUP BY ALL) s
        ON e.visitor = s.visitor AND e.began = s.began AND e."at" <= s."at" WHERE e.kind = 'page') GROUP BY 1
        ORDER BY 2 DESC LIMIT 1000""",
    "origins": """SELECT o, count(*), count(DISTINCT visitor) FROM (SELECT visitor, began, max(referrer || campaign) AS o
        FROM e GROUP BY ALL) GROUP BY 1 ORDER BY 2 DESC LIMIT 1000""",
    "funnel of three": """WITH a AS (SELECT visitor, "at" FROM e WHERE name = 'Product Added'),
        b AS (SELECT b.visitor, b."at", a."at" AS s FROM (SELECT * FROM e WHERE name = 'Checkout Started') b ASOF JOIN a
            ON a.visitor = b.visitor AND b."at" > a."at"),
        c AS (SELECT c.visitor FROM (SELECT * FROM e WHERE name = 'Order Completed') c ASOF JOIN b
            ON c.visitor = b.visitor AND c."at" > b."at" WHERE c."at" - b.s < 604800000000)
        SELECT (SELECT count(DISTINCT visitor) FROM a), (SELECT count(DISTINCT visitor) FROM b),
            (SELECT count(DISTINCT visitor) FROM c)""",
    "cohorts": """WITH w AS (SELECT DISTINCT visitor, began // 604800 AS week FROM e),
        f AS (SELECT visitor, min(week) AS first FROM w GROUP BY 1)
        SELECT first, week - first, count(*) FROM w JOIN f USING (visitor) GROUP BY ALL""",
}


def spent(work: Callable[[], object], times: int = 2) -> tuple[float, float]:
    """Seconds of the clock and of the processor, the better of two goes."""
    goes = []
    for _ in range(times):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        goes.append((time.perf_counter() - clock, time.process_time() - processor))
    return min(goes, key=lambda each: each[1])


def main(count: int, kept: Path | None) -> None:
    """Fill a base, and ask every report of its whole time, and of the end of it."""
    with tempfile.TemporaryDirectory(prefix="reports-bench-") as scratch:
        folder = kept or Path(scratch)
        with base(folder / "one", keep=kept is not None):
            from kartoteka.activity.warehouse.models import SiteDay

            plain = folder / "plain"
            if not SiteDay.objects.exists():
                plain.mkdir(parents=True)
                people(count // 10)
                fill(count, plain)
            for days in dict.fromkeys(min(each, DAYS) for each in (DAYS, 90, 30, 7)):
                ask(days, plain)
            print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


def ask(days: int, plain: Path) -> None:
    """Every report of the last so many days; beside plain SQL where it is of all days."""
    from kartoteka.activity.reports.asking import Asked
    from kartoteka.activity.reports.cohorts import cohorts
    from kartoteka.activity.reports.funnels import funnel, step_of
    from kartoteka.activity.reports.origins import origins
    from kartoteka.activity.reports.pages import pages
    from kartoteka.activity.reports.paths import paths
    from kartoteka.trust.actor import SHELL

    end = FIRST + dt.timedelta(days=DAYS - 1)
    asked = Asked(end - dt.timedelta(days=days - 1), end)
    steps = [step_of(each) for each in ("Product Added", "Checkout Started", "Order Completed")]
    ours: dict[str, Callable[[], object]] = {
        "paths": lambda: paths(actor=SHELL, asked=asked),
        "exit pages": lambda: pages(actor=SHELL, asked=asked),
        "time by page": lambda: pages(actor=SHELL, asked=asked, by="time"),
        "sharing": lambda: pages(actor=SHELL, asked=asked, by="sharing"),
        "origins": lambda: origins(actor=SHELL, asked=asked),
        "funnel of three": lambda: funnel(actor=SHELL, asked=asked, steps=steps),
        "funnel of pages": lambda: funnel(actor=SHELL, asked=asked, steps=[step_of("/"), step_of("/cart")]),
        "cohorts": lambda: cohorts(actor=SHELL, asked=asked),
    }
    print(f"{f'{days} days':<18}{'ours, clock':>12}{'processor':>11}{'plain, clock':>14}{'processor':>11}")
    for name, work in ours.items():
        clock, processor = spent(work)
        line = f"{name:<18}{clock:>11.2f}s{processor:>10.2f}s"
        if days == DAYS and name in PLAIN:
            with duckdb.connect() as con:
                con.execute(
                    f"SET memory_limit = '4GB'; CREATE VIEW e AS FROM read_parquet('{plain}/*.parquet')"
                )
                beside = spent(lambda name=name, con=con: con.execute(PLAIN[name]).fetchall(), times=1)  # type: ignore[misc]
            line += f"{beside[0]:>13.2f}s{beside[1]:>10.2f}s"
        print(line, flush=True)


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000,
        Path(sys.argv[3]) if len(sys.argv) > 3 else None,
    )
