"""The three tables of a day of the site, as every event store keeps them. A day is one of the business's own calendar,
and a visit is whole in the day on which it began.

visits, a row a visit, by visitor and time: whose (`visitor`, the first of them where somebody signed in on the way), when
(`began`, seconds since 1970), on which site and device, where it came from, its first six pages (one seen again at once
counts once), the one it ended on, how many were seen.
pages, a row for each page on a site and device: sums over the visits of the day. `seconds` are those in which the page was
really visible, told of `timed` of its views; `led` counts the visits that shared something after they saw it.
steps, a row for each page seen and each event, by what it was, visitor and time (`at`, microseconds since 1970).
"""

from collections.abc import Mapping
from enum import StrEnum

import pyarrow as pa

STEPS_KEPT = 6
PAGE, EVENT = "page:", "event:"


class Table(StrEnum):
    """Which of the three."""

    VISITS = "visits"
    PAGES = "pages"
    STEPS = "steps"


_TEXT = pa.dictionary(pa.int32(), pa.string())
SCHEMAS: Mapping[Table, pa.Schema] = {
    Table.VISITS: pa.schema(
        [
            ("day", pa.date32()),
            ("visitor", pa.int64()),
            ("began", pa.int64()),
            ("source", pa.int64()),
            ("views", pa.int32()),
            *(
                (name, _TEXT)
                for name in ("device", "referrer", "campaign_source", "campaign_medium", "campaign", "exit")
            ),
            *((f"p{place}", _TEXT) for place in range(1, STEPS_KEPT + 1)),
        ]
    ),
    Table.PAGES: pa.schema(
        [
            ("source", pa.int64()),
            ("device", _TEXT),
            ("page", _TEXT),
            *(
                (name, pa.int64())
                for name in ("views", "visits", "entries", "exits", "timed", "seconds", "shares", "led")
            ),
        ]
    ),
    Table.STEPS: pa.schema(
        [
            ("day", pa.date32()),
            ("what", _TEXT),
            ("visitor", pa.int64()),
            ("at", pa.int64()),
            ("source", pa.int64()),
            ("device", _TEXT),
        ]
    ),
}
# Of one event, as digesting.py takes it.
RAW = pa.schema(
    [
        ("id", pa.int64()),
        ("visitor", pa.int64()),
        ("person", pa.int64()),
        ("source", pa.int64()),
        ("began", pa.int64()),
        ("at", pa.int64()),
        ("kind", pa.string()),
        ("page", pa.string()),
        ("name", pa.string()),
        ("shared", pa.bool_()),
        ("seconds", pa.float64()),
        ("device", pa.string()),
        ("referrer", pa.string()),
        ("campaign_source", pa.string()),
        ("campaign_medium", pa.string()),
        ("campaign", pa.string()),
    ]
)
