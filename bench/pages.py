"""How fast the daily work is: list, search, card, arrival, each beside the plain query for the same rows.

    python -m bench.pages 100000

The number is the size of the base, filled by the import. Pages are asked for through the whole of Django, as a signed-in
member of staff, without the network.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.imports import bring_in, write_plain
from bench.scratch import base, timed

TIMES = 200


def measure(size: int) -> list[str]:
    """The lines of the table of results."""
    with tempfile.TemporaryDirectory() as folder, base(Path(folder) / "home"):
        path = Path(folder) / "customers.csv"
        write_plain(path, count=size, seed=7)
        seconds = bring_in(path, "plain").clock
        lines = [f"Base of {size:,}, imported at {size / seconds:,.0f} rows/s.", ""]
        lines += ["| what | p50 ms | p95 ms | plain query, p50 ms | ratio |", "|---|---|---|---|---|"]
        for name, work, plain in _works():
            p50, p95 = timed(work, times=TIMES)
            bare, _ = timed(plain, times=TIMES)
            lines.append(f"| {name} | {p50:.1f} | {p95:.1f} | {bare:.2f} | {p50 / max(bare, 0.001):.0f} |")
            print(lines[-1], flush=True)
    return lines


def _works() -> list[tuple[str, Any, Any]]:
    from django.db import connection
    from django.test import Client

    from kartoteka.people.models import Customer
    from kartoteka.people.search.find import find
    from kartoteka.quality.arrival import Coming, sure_matches
    from kartoteka.trust.actor import SHELL
    from kartoteka.trust.models import Staff

    staff = Staff.objects.create_user(email="bench@example.com", name="Bench", role="owner")
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    chance = random.Random(1)
    some = list(Customer.objects.order_by("card").values_list("card", "family", "id", "phone")[:500])
    families = [family for _card, family, _id, _phone in some if len(family) > 5]

    def ask(sql: str, *params: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()

    def page(address: str) -> None:
        answer = client.get(address, HTTP_HOST="localhost")
        assert answer.status_code == 200, (address, answer.status_code)

    def misspelt() -> str:
        word = chance.choice(families)
        place = chance.randrange(1, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    listed = "SELECT * FROM people_customer WHERE merged_into_id IS NULL ORDER BY sort_name, id LIMIT 50"
    by_card = "SELECT * FROM people_customer WHERE card = %s"
    claims = "SELECT c.* FROM people_claim c JOIN people_identity i ON i.id = c.identity_id WHERE i.customer_id = %s"

    def plain_card() -> None:
        card, _family, key, _phone = chance.choice(some)
        ask(by_card, card)
        ask(claims, key)

    return [
        ("home", lambda: page("/"), lambda: ask("SELECT COUNT(*) FROM people_source")),
        ("list, first page", lambda: page("/customers/"), lambda: ask(listed)),
        ("card", lambda: page(f"/customers/{chance.choice(some)[0]}/"), plain_card),
        (
            "search, a word exact",
            lambda: find(chance.choice(families), actor=SHELL),
            lambda: ask("SELECT * FROM people_customer WHERE family = %s LIMIT 20", chance.choice(families)),
        ),
        (
            "search, a word misspelt",
            lambda: find(misspelt(), actor=SHELL),
            lambda: ask("SELECT * FROM people_customer WHERE family = %s LIMIT 20", chance.choice(families)),
        ),
        (
            "search, middle of a word",
            lambda: find(chance.choice(families)[1:-1], actor=SHELL),
            lambda: ask(
                "SELECT * FROM people_customer WHERE family LIKE %s LIMIT 20",
                f"%{chance.choice(families)[1:-1]}%",
            ),
        ),
        (
            "search, end of a phone",
            lambda: find((chance.choice(some)[3] or "123456")[-5:], actor=SHELL),
            lambda: ask(
                "SELECT * FROM people_customer WHERE phone LIKE %s LIMIT 20", f"%{chance.randrange(99999):05}"
            ),
        ),
        (
            "arrival by card number",
            lambda: sure_matches([Coming("new", {}, chance.choice(some)[0])], source=1),
            lambda: ask(by_card, chance.choice(some)[0]),
        ),
    ]


if __name__ == "__main__":
    print("\n".join(measure(int(sys.argv[1]))))
