"""The base as the matching sees it: one row a customer, as columns of an Arrow table."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
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
# Lists of a record, and the part of their entries that is compared.
_LISTED = (("registration", "number"), ("phones", "value"), ("emails", "value"))
_STRINGS = pa.list_(pa.string())
_AT_ONCE = 4000  # more at a time is slower, and takes more memory

SCHEMA = pa.schema([
    ("id", pa.int64()),
    *((name, pa.string()) for name in (*_COLUMNS[1:], *_DETAILS, *_ADDRESS)),
    *((name, _STRINGS) for name in ("registrations", "phones", "emails", "sources", "names")),
])  # fmt: skip


def people_table() -> pa.Table:
    """Every customer that stands for somebody, in the order of their keys."""
    standing = Customer.objects.filter(merged_into=None).order_by("pk").values_list("pk", flat=True)
    sources = dict(Source.objects.values_list("pk", "name"))
    names = _other_names()
    batches = [
        _batch(some, sources, names) for some in bulk.chunks(standing.iterator(chunk_size=_AT_ONCE), _AT_ONCE)
    ]
    return pa.Table.from_batches(batches, schema=SCHEMA)


def _batch(keys: Sequence[int], sources: Mapping[int, str], names: Mapping[int, list[str]]) -> pa.RecordBatch:
    """These customers, column by column: at a million a row at a time would take half as long as all the matching."""
    rows = sorted(bulk.fetch(Customer, (*_COLUMNS, "more"), by="id", among=keys), key=itemgetter(0))
    if not rows:  # all of them went meanwhile
        return pa.RecordBatch.from_pylist([], schema=SCHEMA)
    (found, *texts, packed) = zip(*rows, strict=True)
    more = _opened(found, [orjson.loads(each) if isinstance(each, str) else each for each in packed])
    addresses = [(each.get("addresses") or [{}])[0] for each in more]
    come_from: dict[int, list[str]] = {}
    for customer, source in bulk.fetch(
        Identity, ("customer_id", "source_id"), by="customer_id", among=list(found)
    ):
        if source in sources:  # one that was made meanwhile is for the next run
            come_from.setdefault(customer, []).append(sources[source])
    columns: list[Sequence[Any]] = [
        found,
        *([text or None for text in column] for column in texts),
        *([each.get(name) or None for each in more] for name in _DETAILS),
        *([each.get(name) or None for each in addresses] for name in _ADDRESS),
        *(_listed(more, name, part) for name, part in _LISTED),
        [come_from.get(key, ()) for key in found],
        [names.get(key, ()) for key in found],
    ]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _listed(more: Sequence[Mapping[str, Any]], name: str, part: str) -> list[list[str]]:
    """Of every customer what the entries of a list hold in this part."""
    return [[each[part] for each in one.get(name) or () if each.get(part)] for one in more]


def _opened(keys: Sequence[int], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same with the numbers of identity, which the customers' rows do not hold."""
    marked = {key for key, each in zip(keys, more, strict=True) if each.get(NUMBER) == PRESENT}
    values = sensitive_values(sorted(marked), [NUMBER]) if marked else {}
    return [
        {**each, NUMBER: values.get(key, {}).get(NUMBER)} if key in marked else each
        for key, each in zip(keys, more, strict=True)
    ]


def _other_names() -> dict[int, list[str]]:
    """The names by which customers of more than one claim are known; the record holds only the one that survived."""
    from django.db.models import Count

    several = list(
        Identity.objects.values("customer_id")
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
