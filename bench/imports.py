"""How fast rows come in: into an empty base, and on top of what is there, beside the plain database's own time.

    python -m bench.imports 20000 100000 1000000

Each number is a size of the base; 20,000 rows are imported on top of it. The plain time is that of writing the very same
rows of the very same tables into an encrypted SQLite file of the same schema, with nothing else done.

Beside the time by the clock stands that of the processors, of the process that reads and writes and of those that
understand: it also tells something on a machine that does other work meanwhile.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.scratch import base

MEASURED = 20_000


def write_plain(path: Path, *, count: int, seed: int) -> None:
    """A plain CSV of `count` customers."""
    from kartoteka.intake.sample.plain import write_plain

    write_plain(path, count=count, seed=seed)


@dataclass(frozen=True)
class Taken:
    """Seconds of an import: by the clock, and of the processors (this process, and those that understand the rows)."""

    clock: float
    main: float
    children: float


def _processor(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def bring_in(path: Path, source: str) -> Taken:
    """Import the file."""
    from kartoteka.intake.whole import import_stream
    from kartoteka.trust.actor import SHELL

    start = time.perf_counter()
    main, children = _processor(resource.RUSAGE_SELF), _processor(resource.RUSAGE_CHILDREN)
    with path.open("rb") as stream:
        done = import_stream(stream=stream, name=path.name, source=source, ground="contract", by=SHELL)
    assert done.state == "done", done.problem
    return Taken(
        time.perf_counter() - start,
        _processor(resource.RUSAGE_SELF) - main,
        _processor(resource.RUSAGE_CHILDREN) - children,
    )


TABLES = (
    "people_customer", "people_identity", "people_claim", "people_contactpoint", "people_contact",
    "people_searchtext", "people_searchword", "people_searchclue",
)  # fmt: skip


def plainly(home: Path, since: dict[str, int], schema_of: str = "people_") -> float:
    """Write the rows that came since into a copy of the schema, plainly; seconds of the processor. schema_of: how the names
    of the tables begin."""
    from django.conf import settings
    from django.db import connection

    options = settings.DATABASES["default"]["OPTIONS"]
    from kartoteka.kit.sqlcipher.base import open_by

    with connection.cursor() as cursor:
        wanted = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name LIKE %s"
        cursor.execute(wanted, [f"{schema_of}%"])
        schema = [row[0] for row in cursor.fetchall()]
        rows = {}
        for table, top in since.items():
            cursor.execute(f"SELECT * FROM {table} WHERE rowid > %s", [top])
            rows[table] = cursor.fetchall()
    twin = home / "twin.db"
    twin.unlink(missing_ok=True)
    plain = open_by(options["key"](), database=twin, isolation_level=None)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("PRAGMA cache_size = -65536")
    for statement in schema:
        if "sqlite_" not in statement and "fts" not in statement.lower() and "_data'" not in statement:
            plain.execute(statement)
    start = time.process_time()
    plain.execute("BEGIN")
    for table, some in rows.items():
        if some:
            plain.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(some[0]))})", some)
    plain.execute("COMMIT")
    taken = time.process_time() - start
    plain.close()
    twin.unlink()
    return taken


def tops() -> dict[str, int]:
    """The highest rowid of each table the import writes."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in TABLES[:5]:
            cursor.execute(f"SELECT COALESCE(MAX(rowid), 0) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def _line(base: str, taken: Taken, rows: int, plain: float = 0.0) -> str:
    each = 1e6 / rows
    beside = f"{plain * each:,.0f} | {(taken.main + taken.children) / plain:.1f}" if plain else " | "
    return (
        f"| {base} | {rows / taken.clock:,.0f} | {taken.clock * each:,.0f} | {taken.main * each:,.0f} "
        f"| {taken.children * each:,.0f} | {beside} |"
    )


def measure(sizes: list[int]) -> list[str]:
    """The lines of the table of results."""
    lines = [
        "| base before | rows/s | µs a row | processor µs a row: main | children | plain database | ratio of both |",
        "|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder, base(Path(folder) / "home") as home:
        from kartoteka.people.models import Customer

        for number, size in enumerate([0, *sizes]):
            missing = size - Customer.objects.count()
            if missing > 0:
                path = Path(folder) / f"fill{number}.csv"
                write_plain(path, count=missing, seed=100 + number)
                taken = bring_in(path, f"fill{number}")
                path.unlink()
                lines.append(_line(f"(filling up to {size:,})", taken, missing))
                print(lines[-1], flush=True)
            path = Path(folder) / f"measured{number}.csv"
            write_plain(path, count=MEASURED, seed=200 + number)
            before = tops()
            taken = bring_in(path, f"measured{number}")
            lines.append(_line(f"{size:,}", taken, MEASURED, plainly(home, before)))
            print(lines[-1], flush=True)
    return lines


if __name__ == "__main__":
    out = io.StringIO()
    print("\n".join(measure([int(each) for each in sys.argv[1:]])))
