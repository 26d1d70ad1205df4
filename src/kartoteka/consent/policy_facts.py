"""What is in fact collected, from the base itself: fields that hold values, sources, purposes, partners, periods."""

import hashlib
import re
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, Max

from kartoteka.people.checking import fields
from kartoteka.people.models import Batch, Customer, Ground
from kartoteka.people.record import GUESSED

from .countries import LAWS
from .facts import STAFF
from .held import rows_told
from .models import Choice, PolicyContact
from .purposes import all_purposes, wordings_now
from .retention import rules_on

Facts = dict[str, Any]


def gather() -> Facts:
    """The facts a policy is written from, as JSON can hold them. It reads through the base once."""
    return {
        "contact": contact_facts(),
        "fields": _fields(),
        "rows": _rows(),
        "sources": _sources(),
        "purposes": _purposes(),
        "rules": [
            {
                "what": each.what,
                "ground": each.ground,
                "source": each.source.name if each.source else "",
                "country": each.country,
                "months": each.months,
            }
            for each in rules_on()
        ],
        "countries": _countries(),
    }


def contact_facts() -> dict[str, str]:
    """Who answers for the data."""
    row = PolicyContact.objects.filter(pk=1).first() or PolicyContact()
    return {"business": row.business, "address": row.address, "officer": row.officer}


def _fields() -> list[dict[str, Any]]:
    """The fields of the catalogue that hold a value of anybody, in its order. Own ones with what they are called."""
    told = _told_columns() | _told_in_more()
    return [
        {
            "key": key,
            "label": str(each.label) if each.own else "",
            "kind": str(each.kind),
            "sensitive": each.sensitive,
        }
        for key, each in fields().items()
        if key in told
    ]


def _told_columns() -> set[str]:
    """One row says of every column whether anybody has something in it."""
    names = [key for key, each in fields().items() if each.column]
    most = Customer.objects.aggregate(**{f"most_{name}": Max(name) for name in names})
    return {name for name in names if most[f"most_{name}"]}


def _told_in_more() -> set[str]:
    """The keys of what has no column."""
    if connection.vendor == "postgresql":
        sql = "SELECT DISTINCT jsonb_object_keys(more) FROM people_customer"
    else:
        sql = "SELECT DISTINCT each.key FROM people_customer, json_each(people_customer.more) AS each"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()} - {GUESSED}


def _rows() -> list[str]:
    """What is kept beside the fields, such as orders, dealings, photos: the kinds of which there are any, asked at once."""
    kinds = {label.replace(".", "_"): (label, model) for label, model in rows_told().items()}
    there = {name: Exists(model._default_manager.all()) for name, (_label, model) in kinds.items()}
    found = Customer.objects.order_by().values(**there)[:1]
    return sorted(kinds[name][0] for row in found for name, is_there in row.items() if is_there)


def _sources() -> list[dict[str, Any]]:
    """Where data comes from and on which grounds. What staff type in comes from the customers themselves."""
    grounds: dict[tuple[str, str], set[str]] = defaultdict(set)
    rows = Batch.objects.order_by().values_list("source__name", "source__kind", "ground").distinct()
    for name, kind, ground in rows:
        if ground in Ground.values:
            grounds[name, kind].add(ground)
    return [
        {"name": "" if kind == STAFF else name, "staff": kind == STAFF, "grounds": sorted(some)}
        for (name, kind), some in sorted(grounds.items())
    ]


def _purposes() -> list[dict[str, Any]]:
    used: dict[int, set[str]] = defaultdict(set)
    for purpose, channel in Choice.objects.order_by().values_list("purpose", "channel").distinct():
        used[purpose].add(channel)
    purposes = all_purposes()
    words: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for (purpose, language), some in wordings_now(purposes).items():
        words[purpose][language] = sorted(meaning_of(each.text) for each in some)
    return [
        {
            "key": each.key,
            "names": each.names,
            "ground": each.ground,
            "partner": each.partner,
            "months": each.months,
            "channels": sorted(used[each.pk]),
            "words": words[each.pk],
        }
        for each in purposes
    ]


def meaning_of(text: str) -> str:
    """The same for texts that differ in nothing but capitals, spaces and marks: what else changes is material."""
    return hashlib.sha256(" ".join(re.findall(r"\w+", text.casefold())).encode()).hexdigest()[:32]


def _countries() -> list[str]:
    """The countries whose law we know and where customers are, the business's own first."""
    home = settings.KARTOTEKA.country
    there = set(Customer.objects.order_by().values_list("country", flat=True).distinct())
    return [each for each in (home, *sorted(there - {home})) if each in LAWS]
