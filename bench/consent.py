"""How long the gate takes for a whole base, and a list narrowed by it, beside the plain scan of the same ledger.

    python -m bench.consent 1000000

Of every ten customers six agreed to news (one of them for a named address), one of these withdrew, two have a second
identity, and one in fifty has an e-mail that is stopped. Processor time, as others may use the machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.scratch import base, timed


def measure(size: int) -> list[str]:
    """The lines of the table of results."""
    with tempfile.TemporaryDirectory() as folder, base(Path(folder) / "home"):
        from kartoteka.consent import purposes
        from kartoteka.trust.actor import SHELL

        news = purposes.preset("marketing", by=SHELL)
        service = purposes.preset("service", by=SHELL)
        fill(size, news)
        lines = [f"Base of {size:,}.", "", "| what | processor, s | customers/s |", "|---|---|---|"]
        for name, work in _works(news, service):
            start = time.process_time()
            work()
            took = time.process_time() - start
            lines.append(f"| {name} | {took:.2f} | {size / max(took, 0.001):,.0f} |")
            print(lines[-1], flush=True)
        lines += ["", "| what | processor, p50 ms | p95 ms |", "|---|---|---|"]
        for name, work in _small(news):
            p50, p95 = timed(work, times=30, clock=time.process_time)
            lines.append(f"| {name} | {p50:.1f} | {p95:.1f} |")
            print(lines[-1], flush=True)
    return lines


def fill(size: int, news: Any) -> None:
    """A base of so many customers, written straight into its tables."""
    from django.db import transaction
    from django.utils import timezone

    from kartoteka.consent.models import Choice, Suppression
    from kartoteka.kit import bulk
    from kartoteka.people import models
    from kartoteka.people.editing import batch_of, source_named
    from kartoteka.trust.actor import SHELL

    batch = batch_of(source=source_named("shop"), ground="contract", by=SHELL)
    now = timezone.now()
    texts = [
        field.attname
        for field in models.Customer._meta.concrete_fields
        if field.get_internal_type() == "CharField"
        and field.attname not in ("card", "kind", "name", "sort_name", "email")
    ]
    for some in bulk.chunks(range(1, size + 1), 50_000):
        with transaction.atomic():
            bulk.insert(
                models.Customer,
                ("id", "card", "kind", "name", "sort_name", "email", "more", "told", "made_at", "changed_at", "heard_at",
                 "completeness", *texts),
                ((n, f"{n:09d}", "person", f"Anna {n}", f"anna {n:09d}", f"a{n}@example.com", "{}", "{}", now, now, now, 40,
                  *[""] * len(texts)) for n in some),
            )  # fmt: skip
            identities = [(n, f"{n}", n) for n in some] + [(size + n, f"x{n}", n) for n in some if n % 5 == 0]
            bulk.insert(
                models.Identity,
                ("id", "source_id", "key", "customer_id", "made_at"),
                ((key, batch.source_id, name, customer, now) for key, name, customer in identities),
            )
            bulk.insert(
                models.Claim,
                ("identity_id", "batch_id", "standing", "at", "sheet", "row", "values", "typed"),
                ((key, batch.pk, "stated", now, "", key, "{}", "{}") for key, _name, _customer in identities),
            )
            bulk.insert(
                models.ContactPoint,
                ("id", "kind", "value"),
                ((n, "email", f"a{n}@example.com") for n in some),
            )
            bulk.insert(
                models.Contact,
                (
                    "customer_id",
                    "point_id",
                    "position",
                    "label",
                    "extension",
                    "preferred",
                    "hours",
                    "language",
                ),
                ((n, n, 0, "", "", False, "", "") for n in some),
            )
            said = [(n, "given") for n in some if n % 10 < 6] + [
                (n, "withdrawn") for n in some if n % 10 == 5
            ]
            bulk.insert(
                Choice,
                ("identity_id", "point_id", "purpose_id", "channel", "what", "at", "how", "place", "confirmed",
                 "guardian", "language",
                 "evidence", "by_kind", "by_key", "by_name", "written_at"),
                ((n, n if n % 10 == 1 else None, news.pk, "email", what, now, "file", "", False, "", "", "{}", "shell", 0,
                  "", now)
                 for n, what in said),
            )  # fmt: skip
            bulk.insert(
                Suppression,
                ("point_id", "why", "at", "place", "by_kind", "by_key", "by_name", "ended_by", "ended_why"),
                ((n, "bounce", now, "", "shell", 0, "", "", "") for n in some if n % 50 == 0),
            )
    bulk.look_over(
        models.Customer,
        models.Identity,
        models.Claim,
        models.Contact,
        models.ContactPoint,
        Choice,
        Suppression,
    )


def _works(news: Any, service: Any) -> list[tuple[str, Callable[[], object]]]:
    from kartoteka.consent.models import Choice
    from kartoteka.consent.passing import may_all, still_allowed
    from kartoteka.people.models import Customer
    from kartoteka.trust.actor import SHELL

    everybody = Customer.objects.visible_to(SHELL)
    kept: dict[str, Any] = {}

    def whole() -> None:
        kept["passed"] = may_all(customers=everybody, purpose=news, channel="email", by=SHELL)
        assert len(kept["passed"].points) > 0.4 * everybody.count()

    def scan() -> None:
        rows = Choice.objects.filter(purpose=news, channel="email").values_list(
            "identity__customer", "what", "at"
        )
        assert sum(1 for _row in rows.iterator(chunk_size=5000))

    return [
        ("plain scan of the ledger with its identities", scan),
        ("`may_all`, marketing by e-mail (consent)", whole),
        ("`may_all`, service by e-mail (no consent asked)",
         lambda: may_all(customers=everybody, purpose=service, channel="email", by=SHELL)),
        ("`still_allowed` for all who passed", lambda: still_allowed(kept["passed"], kept["passed"].points, by=SHELL)),
    ]  # fmt: skip


def _small(news: Any) -> list[tuple[str, Callable[[], object]]]:
    from kartoteka.consent.gate import may
    from kartoteka.consent.taking import may_we
    from kartoteka.people.listing import Wish, list_customers
    from kartoteka.people.models import Customer
    from kartoteka.trust.actor import SHELL

    customer = Customer.objects.get(pk=5)
    wish = Wish(further=(("may", "marketing:email"),))
    return [
        ("`may`, one customer", lambda: may(customer=customer, purpose=news, channel="email", by=SHELL)),
        ("the card's section", lambda: may_we(customer=customer, actor=SHELL)),
        ("list, first page", lambda: list_customers(actor=SHELL, wish=Wish())),
        ("list of those who may be reached, first page", lambda: list_customers(actor=SHELL, wish=wish)),
    ]


if __name__ == "__main__":
    for given in sys.argv[1:] or ["100000"]:
        print(f"\nBase of {int(given):,}\n", flush=True)
        measure(int(given))
