"""How many events a second are taken durably, and turned into rows, beside the plain inserts of the same rows.

    python -m bench.events 100000

So many events of a shop's site in calls of 100, by visitors of whom one in ten says who they are. Taking a call is what
happens until it is answered (found valid, compressed, committed, on the disk); working is what the worker does afterwards;
numbers anew is counting all visits, views and customers' numbers once more from the events.
The plain inserts write the very same rows of events into an encrypted base of the same schema, with nothing else done.
Time of the processor is told beside the clock's: it also tells something on a machine that does other work meanwhile.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from bench.scratch import base

IN_A_CALL = 100
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
PAGES = ("/", "/shoes", "/hats", "/cart", "/news", "/about")


def calls(count: int, key: str) -> list[bytes]:
    """Bodies of calls with so many events in all."""
    drawn = random.Random(7)
    now = dt.datetime.now(dt.UTC)
    bodies = []
    for first in range(0, count, IN_A_CALL):
        batch = [
            _event(drawn, number, now, visitors=max(1, count // 20))
            for number in range(first, first + IN_A_CALL)
        ]
        bodies.append(orjson.dumps({"writeKey": key, "sentAt": now.isoformat(), "batch": batch}))
    return bodies


def _event(drawn: random.Random, number: int, now: dt.datetime, *, visitors: int) -> dict[str, object]:
    who = drawn.randrange(visitors)
    path = drawn.choice(PAGES)
    event: dict[str, object] = {
        "type": "page",
        "anonymousId": f"visitor-{who:08}",
        "messageId": f"message-{number:010}-{drawn.getrandbits(64):016x}",
        "timestamp": (now - dt.timedelta(seconds=drawn.randrange(86400))).isoformat(),
        "context": {
            "userAgent": AGENT,
            "ip": f"203.0.113.{who % 250}",
            "page": {"url": f"https://shop.example{path}?utm_source=letter", "path": path, "title": "A shop"},
            "library": {"name": "analytics.js", "version": "2"},
        },
    }
    if number % 3 == 0:
        event |= {"type": "track", "event": "Product Viewed"}
        event["properties"] = {
            "sku": f"S{who % 500}",
            "category": path.strip("/"),
            "price": 20,
            "currency": "EUR",
        }
    if who % 10 == 0 and number % 50 == 0:
        event |= {"type": "identify", "userId": str(who), "traits": {"email": f"someone{who}@example.com"}}
    return event


def measured(what: str, count: int, work: Callable[[], object]) -> float:
    """Do it, and say how many events a second; seconds of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    print(
        f"{what:<22}{count / clock:>12,.0f} events/s{count / processor:>14,.0f} events per processor second"
    )
    return processor


def main(count: int) -> None:
    """Take, work off, and write plainly."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with base(home / "one"):
            from django.db import transaction

            from kartoteka.activity import facts, visits
            from kartoteka.activity.event_models import Event
            from kartoteka.intake.connections import connect
            from kartoteka.intake.tracking import receiving
            from kartoteka.intake.tracking.working import run_due_parcels
            from kartoteka.kit import bulk
            from kartoteka.trust.actor import SHELL

            site = connect(kind="tracking", name="site", by=SHELL)
            bodies = calls(count, site.key)

            def take() -> None:
                for body in bodies:
                    assert receiving.receive(receiving.Call("batch", body, agent=AGENT)).status == 200

            def work() -> None:
                while run_due_parcels():
                    pass

            measured("taken durably", count, take)
            ours = measured("worked off", count, work)
            assert Event.objects.count() == count
            measured("numbers anew", count, lambda: (visits.rebuild(), facts.rebuild()))
            names = tuple(field.attname for field in Event._meta.concrete_fields)
            rows = [
                tuple(bulk.json(value) if isinstance(value, dict) else value for value in row)
                for row in Event.objects.values_list(*names)
            ]
            Event.objects.all().delete()

            def write_plainly() -> None:
                for some in bulk.chunks(rows, 5000):
                    with transaction.atomic():
                        bulk.insert(Event, names, some)

            plain = measured("plain inserts", count, write_plainly)
            print(f"working takes {ours / plain:.1f} times the processor's time of the plain inserts")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
