"""How fast orders come in, and how fast their numbers are counted anew, beside the plain database's own time.

    python -m bench.orders 100000
    python -m bench.orders FILE.csv.xz

A number is a count of lines to make: four an order, a tenth of the orders anonymous, a thirtieth cancelled. The plain
time is that of writing the very same orders and lines into an encrypted file of the same schema, with nothing else done.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench.imports import plainly
from bench.scratch import base


def write_lines(path: Path, *, count: int, seed: int) -> None:
    """A file of orders as a shop's program writes it: one row a line."""
    rng = random.Random(seed)
    at = dt.datetime(2025, 1, 1, 8)
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(
            ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")
        )
        for order in range(count // 4):
            at += dt.timedelta(minutes=rng.randrange(1, 20))
            back = rng.randrange(30) == 0
            whose = "" if rng.randrange(10) == 0 else str(rng.randrange(count // 40 + 1) + 10_000)
            for _line in range(4):
                sku = rng.randrange(3000)
                quantity = rng.randrange(1, 13) * (-1 if back else 1)
                price = f"{rng.randrange(100, 5000) / 100:.2f}"
                number = f"{'C' if back else ''}{500_000 + order}"
                rows.writerow((number, f"S{sku}", f"THING {sku}", quantity, at, price, whose))


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(path: Path) -> list[str]:
    """The lines of the table of results."""
    from kartoteka.activity.facts import rebuild
    from kartoteka.activity.figures import figures_of
    from kartoteka.intake.whole import import_stream
    from kartoteka.trust.actor import SHELL

    began, start = time.perf_counter(), _used()
    with path.open("rb") as stream:
        done = import_stream(
            stream=stream,
            name=path.name,
            source="shop",
            ground="contract",
            by=SHELL,
            brings="orders",
            country="GB",
        )
    assert done.state == "done", done.problem
    clock, taken = time.perf_counter() - began, _used() - start
    told = figures_of(actor=SHELL)
    start = _used()
    counted = rebuild()
    recount = _used() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        "| lines | orders | s by the clock | processor s | µs a line | peak MB | customers counted anew | s |",
        "|---|---|---|---|---|---|---|---|",
        f"| {told.lines:,} | {told.orders:,} | {clock:.1f} | {taken:.1f} | {taken * 1e6 / told.lines:.0f} "
        f"| {peak:.0f} | {counted:,} | {recount:.1f} |",
    ]


def main(asked: str) -> None:
    """Measure one file, or one made of so many lines."""
    with tempfile.TemporaryDirectory() as folder, base(Path(folder) / "home") as home:
        path = Path(asked)
        if asked.isdecimal():
            path = Path(folder) / "orders.csv"
            write_lines(path, count=int(asked), seed=1)
        print("\n".join(measure(path)))
        tables = {"activity_order": 0, "activity_orderline": 0}
        print(f"plain database, the same orders and lines: {plainly(home, tables, 'activity_'):.1f} s")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "100000")
