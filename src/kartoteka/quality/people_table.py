"""The base as the matching sees it: one row a customer, as columns of an Arrow table."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import pyarrow as pa

from kartoteka.kit import bulk
from kartoteka.people.models import Claim, Customer, Identity, Source
from kartoteka.people.presence import PRESENT
from kartoteka.people.reading import sensitive_values

_COLUMNS = (
    "id", "kind", "given", "middle", "family", "particle", "suffix", "nickname", "name", "sex", "birth", "company",
    "form", "language",
)  # fmt: skip
_DETAILS = ("national_id", "birth_place", "profession")
# The one field that is compared and sensitive.
NUMBER = "national_id"
_ADDRESS = ("street", "number", "flat", "postcode", "city", "region", "country")
_STRINGS = pa.list_(pa.string())

SCHEMA = pa.schema([
    ("id", pa.int64()),
    *((name, pa.string()) for name in (*_COLUMNS[1:], *_DETAILS, *_ADDRESS)),
    *((name, _STRINGS) for name in ("registrations", "phones", "emails", "sources", "names")),
])  # fmt: skip


def people_table(*, only: list[int] | None = None) -> pa.Table:
    """Every customer that stands for somebody, or `only` these."""
    sources = _sources_of(only)
    names = _other_names(only)
    batches = [
        pa.RecordBatch.from_pylist([_row(each, sources, names) for each in _opened(some)], schema=SCHEMA)
        for some in bulk.chunks(_customers(only), 20_000)
    ]
    return pa.Table.from_batches(batches, schema=SCHEMA)


def _customers(only: list[int] | None) -> Iterator[tuple[Any, ...]]:
    rows = Customer.objects.filter(merged_into=None)
    if only is not None:
        rows = rows.filter(pk__in=only)
    return rows.values_list(*_COLUMNS, "more").iterator(chunk_size=20_000)


def _opened(customers: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The customers with their numbers of identity, which their rows do not hold."""
    marked = {each[0] for each in customers if each[-1].get(NUMBER) == PRESENT}
    values = sensitive_values(list(marked), [NUMBER]) if marked else {}
    for *columns, more in customers:
        key = columns[0]
        yield *columns, {**more, NUMBER: values.get(key, {}).get(NUMBER)} if key in marked else more


def _row(
    customer: tuple[Any, ...], sources: dict[int, list[str]], names: dict[int, list[str]]
) -> dict[str, Any]:
    *columns, more = customer
    row: dict[str, Any] = {name: value or None for name, value in zip(_COLUMNS, columns, strict=True)}
    row.update({name: more.get(name) or None for name in _DETAILS})
    address = (more.get("addresses") or [{}])[0]
    row.update({name: address.get(name) or None for name in _ADDRESS})
    row["phones"] = [each["value"] for each in more.get("phones") or () if each.get("value")]
    row["emails"] = [each["value"] for each in more.get("emails") or () if each.get("value")]
    row["registrations"] = [each["number"] for each in more.get("registration") or () if each.get("number")]
    row["sources"] = sources.get(row["id"], [])
    row["names"] = names.get(row["id"], [])
    return row


def _sources_of(only: list[int] | None) -> dict[int, list[str]]:
    names = dict(Source.objects.values_list("pk", "name"))
    rows = Identity.objects.all() if only is None else Identity.objects.filter(customer__in=only)
    found: dict[int, list[str]] = {}
    for customer, source in rows.values_list("customer_id", "source_id").iterator(chunk_size=20_000):
        found.setdefault(customer, []).append(names[source])
    return found


def _other_names(only: list[int] | None) -> dict[int, list[str]]:
    """The names by which customers of more than one claim are known; the record holds only the one that survived."""
    from django.db.models import Count

    rows = Identity.objects.all() if only is None else Identity.objects.filter(customer__in=only)
    several = list(
        rows.values("customer_id")
        .annotate(n=Count("claims"))
        .filter(n__gt=1)
        .values_list("customer_id", flat=True)
    )
    found: dict[int, set[str]] = {}
    for some in bulk.chunks(several, 10_000):
        owner = dict(bulk.fetch(Identity, ("id", "customer_id"), by="customer_id", among=some))
        for identity, values in bulk.fetch(
            Claim, ("identity_id", "values"), by="identity_id", among=list(owner)
        ):
            known = values if isinstance(values, dict) else orjson.loads(values)
            if name := known.get("name"):
                found.setdefault(owner[identity], set()).add(name)
    return {customer: sorted(some) for customer, some in found.items()}
