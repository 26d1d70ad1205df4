"""A synthetic base to ask groups of: customers with consent, orders, and what they did on the site, by columns alone."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from kartoteka.activity.models import Event, Order, OrderLine, Product, Visitor
from kartoteka.consent import purposes
from kartoteka.consent.models import Choice
from kartoteka.kit import bulk
from kartoteka.kit.ids import new_cards
from kartoteka.people.editing import batch_of, source_named
from kartoteka.people.models import Claim, Contact, ContactPoint, Customer, Ground, Identity
from kartoteka.trust.actor import SHELL

CITIES = ["Kraków", "Łódź", "Oulu", "Gdańsk", "Turku", ""]
CATEGORIES = ["shoes", "hats", "bags", "coats", "belts"]
_PRODUCTS = 500
_AT_ONCE = 50_000
_CUSTOMER = (
    "id card kind sex birth city country name sort_name made_at changed_at heard_at more told "
    "completeness title given middle family particle suffix nickname company form language email phone "
    "photo stage"
)
_ORDER = (
    "id identity_id source_id key number at channel state state_at place currency rate discount shipping "
    "tax total net net_home returned paid refunded unpaid sale line_count coupon note digest"
)
_CHOICE = (
    "identity_id purpose_id channel what at how place confirmed guardian language evidence written_at by_kind "
    "by_key by_name"
)
_EVENT = (
    "visitor_id source_id at received_at kind name message session url path referrer campaign properties "
    "device bot city country network ip problem"
)


def fill(*, customers: int, orders: int, events: int) -> None:
    """So many of each; a third of the customers are known on the site, half may be written to. Seeded: twice the same."""
    chance = random.Random(1)
    now = timezone.now().replace(microsecond=0)
    source = source_named("shop")
    batch = batch_of(source=source, ground=Ground.CONTRACT, by=SHELL)
    news = purposes.add(names={"en": "News"}, ground="consent", marketing=True, by=SHELL)
    Product.objects.bulk_create(
        [
            Product(sku=f"S{each}", name=f"Thing {each}", category=CATEGORIES[each % 5])
            for each in range(_PRODUCTS)
        ]
    )
    with bulk.writing_much(), transaction.atomic():
        _customers(customers, chance, now)
        bulk.insert(
            Identity,
            ("id", "source_id", "key", "customer_id", "made_at"),
            ((each, source.pk, str(each), each, now) for each in range(1, customers + 1)),
        )
        bulk.insert(
            Claim,
            ("identity_id", "batch_id", "standing", "at", "sheet", "row", "values", "typed"),
            ((each, batch.pk, "stated", now, "", None, "{}", "{}") for each in range(1, customers + 1)),
        )
        bulk.insert(
            Choice,
            _CHOICE.split(),
            (
                (each, news.pk, "email", "given", now - dt.timedelta(days=9), "form", "", True, "", "", "{}", now,
                 "system", 0, "")
                for each in range(1, customers + 1, 2)
            ),
        )  # fmt: skip
        bulk.insert(
            ContactPoint,
            ("id", "kind", "value"),
            ((each, "email", f"c{each}@example.com") for each in range(1, customers + 1)),
        )
        bulk.insert(
            Contact,
            ("customer_id", "point_id", "position", "label", "extension", "preferred", "hours", "language"),
            ((each, each, 0, "", "", False, "", "") for each in range(1, customers + 1)),
        )
    with bulk.writing_much(), transaction.atomic():
        _orders(orders, customers, source.pk, chance, now)
    with bulk.writing_much(), transaction.atomic():
        _events(events, customers // 3, source.pk, chance, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    from kartoteka.activity.facts import rebuild

    rebuild()


def _customers(count: int, chance: random.Random, now: dt.datetime) -> None:
    cards = list(dict.fromkeys(new_cards(count + 1000)))[:count]
    key = 0
    for some in bulk.chunks(cards, _AT_ONCE):
        rows = []
        for card in some:
            key += 1
            birth = dt.date(1950, 1, 1) + dt.timedelta(days=chance.randrange(20_000))
            at = now - dt.timedelta(minutes=chance.randrange(3_000_000))
            who = (key, card, "person", chance.choice("fm"), birth.isoformat(), chance.choice(CITIES), "PL")
            rows.append((*who, card, card, at, at, at, "{}", "{}", chance.randrange(101), *[""] * 14))
        bulk.insert(Customer, _CUSTOMER.split(), rows)


def _orders(count: int, customers: int, source: int, chance: random.Random, now: dt.datetime) -> None:
    """Over two years; who buys, buys again: few buy much."""
    for some in bulk.chunks(range(1, count + 1), _AT_ONCE):
        orders, lines = [], []
        for key in some:
            whose = 1 + int(customers * chance.random() ** 2)
            at = now - dt.timedelta(minutes=chance.randrange(1_050_000))
            net = chance.randrange(5_0000, 200_0000)
            orders.append(
                (key, whose, source, str(key), str(key), at, "web", "delivered", at, "", "EUR", 100_0000_0000, 0, 0, 0,
                 net, net, net, 0, net, 0, False, True, 1, "", "", str(key))
            )  # fmt: skip
            lines.append(
                (key, chance.randrange(_PRODUCTS) + 1, whose, at, 0, "Thing", 1_0000, net, 0, 0, net, "")
            )
        bulk.insert(Order, _ORDER.split(), orders)
        bulk.insert(
            OrderLine,
            ("order_id", "product_id", "identity_id", "at", "position", "name", "quantity", "price", "discount",
             "tax", "net", "key"),
            lines,
        )  # fmt: skip


def _events(count: int, visitors: int, source: int, chance: random.Random, now: dt.datetime) -> None:
    """Over a year, in the order of their time, as they come in."""
    bulk.insert(
        Visitor,
        ("id", "source_id", "how", "key", "identity_id", "first_at", "last_at", "session", "said", "visits",
         "views", "seen_at"),
        ((each, source, "account", str(each), each, now, now, 0, 0, 1, 1, now) for each in range(1, visitors + 1)),
    )  # fmt: skip
    step = dt.timedelta(days=365) / max(1, count)
    for some in bulk.chunks(range(count), _AT_ONCE):
        bulk.insert(Event, _EVENT.split(), _some_events(some, visitors, source, chance, now, step))


def _some_events(
    some: list[int], visitors: int, source: int, chance: random.Random, now: dt.datetime, step: dt.timedelta
) -> Iterator[tuple[object, ...]]:
    for place in some:
        at = now - dt.timedelta(days=365) + step * place
        sku = chance.randrange(_PRODUCTS)
        viewed = place % 3 == 0
        said = bulk.json(
            {"sku": f"S{sku}", "category": CATEGORIES[sku % 5], "price": sku, "colour": "red" if sku % 7 else "blue"}
            if viewed
            else {}
        )  # fmt: skip
        kind, name = ("track", "Product Viewed") if viewed else ("page", "")
        yield (
            1 + int(visitors * chance.random() ** 2), source, at, at, kind, name, place + 1, int(at.timestamp()),
            "", f"/{CATEGORIES[sku % 5]}", "", "{}", said, "phone", False, "", "", "", "", "",
        )  # fmt: skip
