"""What a page of the timeline costs on a customer with many entries, beside the plain query a person would write by hand.

    python -m bench.timeline 100000

The entries lie on three identities, by thirds. Processor time, as others may use the machine.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.scratch import base


def measure(size: int) -> list[str]:
    """The lines of the table of results."""
    with tempfile.TemporaryDirectory() as folder, base(Path(folder) / "home"):
        from django.db import connection
        from django.db.models import Model
        from django.utils import timezone

        from kartoteka.kit import bulk
        from kartoteka.people.editing import batch_of, create_customer, source_named
        from kartoteka.people.models import Claim, Identity
        from kartoteka.people.timeline import Mark, timeline
        from kartoteka.trust.actor import SHELL

        customer = create_customer(values={"name": "Anna Kowalska"}, by=SHELL, ground="contract")
        batch = batch_of(source=source_named("shop"), ground="contract", by=SHELL)
        now = timezone.now()
        keys = [
            Identity.objects.create(source=batch.source, key=str(n), customer=customer, made_at=now).pk
            for n in range(3)
        ]
        rows = (
            (
                keys[n % 3],
                batch.pk,
                "stated",
                now - dt.timedelta(minutes=n),
                "",
                n,
                f'{{"nickname": "N{n}"}}',
                "{}",
            )
            for n in range(size)
        )
        names = ("identity_id", "batch_id", "standing", "at", "sheet", "row", "values", "typed")
        bulk.insert(Claim, names, rows)
        looked: tuple[type[Model], ...] = (Claim, Identity)
        bulk.look_over(*looked)
        middle = Mark(now - dt.timedelta(minutes=size // 2), "told", "0")

        def plain() -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT * FROM people_claim WHERE identity_id IN (%s, %s, %s) ORDER BY at DESC LIMIT 50",
                    keys,
                )
                assert len(cursor.fetchall()) == 50

        works: list[tuple[str, Callable[[], object]]] = [
            ("plain query, sorted", plain),
            ("newest 50", lambda: timeline(customer, actor=SHELL)),
            ("50 in the middle", lambda: timeline(customer, actor=SHELL, before=middle)),
            ("newest 50 of one kind", lambda: timeline(customer, actor=SHELL, kinds=["told"])),
            ("search, a word near the top", lambda: timeline(customer, actor=SHELL, words="n1")),
            ("search, 5,000 looked through", lambda: timeline(customer, actor=SHELL, words="neverthere")),
        ]
        lines = [f"{size:,} entries of one customer.", "", "| what | processor, ms |", "|---|---|"]
        for name, work in works:
            work()
            start = time.process_time()
            for _ in range(20):
                work()
            lines.append(f"| {name} | {50 * (time.process_time() - start):.1f} |")
    return lines


if __name__ == "__main__":
    print("\n".join(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
