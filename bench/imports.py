"""How fast rows come in: into an empty base, and on top of what is there, beside the plain database's own time.

    python -m bench.imports 20000 100000 1000000

Each number is a size of the base; 20,000 rows are imported on top of it. The plain time is that of writing the very same
rows of the very same tables into an encrypted SQLite file of the same schema, with nothing else done.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from pathlib import Path

from bench.scratch import base

MEASURED = 20_000


def write_plain(path: Path, *, count: int, seed: int) -> None:
    """A plain CSV of `count` customers."""
    from kartoteka.intake.sample.plain import write_plain

    write_plain(path, count=count, seed=seed)


def bring_in(path: Path, source: str) -> float:
    """Import the file; seconds."""
    from kartoteka.intake.whole import import_stream
    from kartoteka.trust.actor import SHELL

    start = time.perf_counter()
    with path.open("rb") as stream:
        done = import_stream(stream=stream, name=path.name, source=source, ground="contract", by=SHELL)
    assert done.state == "done", done.problem
    return time.perf_counter() - start


TABLES = (
    "people_customer", "people_identity", "people_claim", "people_contactpoint", "people_contact",
    "people_searchtext", "people_searchword", "people_searchclue",
)  # fmt: skip


def plainly(home: Path, since: dict[str, int]) -> float:
    """Write the rows that came since into a copy of the schema, plainly; seconds."""
    from django.conf import settings
    from django.db import connection

    options = settings.DATABASES["default"]["OPTIONS"]
    from sqlcipher3 import dbapi2

    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name LIKE 'people_%'")
        schema = [row[0] for row in cursor.fetchall()]
        rows = {}
        for table, top in since.items():
            cursor.execute(f"SELECT * FROM {table} WHERE rowid > %s", [top])
            rows[table] = cursor.fetchall()
    twin = home / "twin.db"
    twin.unlink(missing_ok=True)
    plain = dbapi2.connect(str(twin), isolation_level=None)
    plain.execute(f"PRAGMA key = \"x'{options['key']()}'\"")
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("PRAGMA cache_size = -65536")
    for statement in schema:
        if "sqlite_" not in statement and "fts" not in statement.lower() and "_data'" not in statement:
            plain.execute(statement)
    start = time.perf_counter()
    plain.execute("BEGIN")
    for table, some in rows.items():
        if some:
            plain.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(some[0]))})", some)
    plain.execute("COMMIT")
    taken = time.perf_counter() - start
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


def measure(sizes: list[int]) -> list[str]:
    """The lines of the table of results."""
    lines = [
        "| base before | rows/s | µs a row | plain database, µs a row | ratio |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder, base(Path(folder) / "home") as home:
        from kartoteka.people.models import Customer

        for number, size in enumerate([0, *sizes]):
            missing = size - Customer.objects.count()
            if missing > 0:
                path = Path(folder) / f"fill{number}.csv"
                write_plain(path, count=missing, seed=100 + number)
                seconds = bring_in(path, f"fill{number}")
                path.unlink()
                lines.append(f"| (filling up to {size:,}) | {missing / seconds:,.0f} | | | |")
            path = Path(folder) / f"measured{number}.csv"
            write_plain(path, count=MEASURED, seed=200 + number)
            before = tops()
            seconds = bring_in(path, f"measured{number}")
            plain = plainly(home, before)
            each = 1e6 / MEASURED
            lines.append(
                f"| {size:,} | {MEASURED / seconds:,.0f} | {seconds * each:,.0f} | {plain * each:,.0f} "
                f"| {seconds / plain:.1f} |"
            )
            print(lines[-1], flush=True)
    return lines


if __name__ == "__main__":
    out = io.StringIO()
    print("\n".join(measure([int(each) for each in sys.argv[1:]])))
