"""Where visits come from, and what they sold.

An order is counted for the visit that last touched its customer in the thirty days before it: the last one that came from
somewhere, by a campaign or from another site; only where there was none, the last one that came by itself. That a
visit came before an order does not prove that it brought it. Orders of nobody we know are not in it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from kartoteka.activity.currencies import home
from kartoteka.activity.order_models import Order
from kartoteka.activity.warehouse.days import bounds
from kartoteka.activity.warehouse.tables import Table
from kartoteka.kit.fixed import from_units, units
from kartoteka.trust.actor import Actor

from .asking import Asked, may_ask
from .counting import counting

WITHIN = dt.timedelta(days=30)
MOST = 1000
CAMPAIGN, SITE, DIRECT = "campaign", "site", "direct"


@dataclass(frozen=True)
class Origin:
    """One origin. kind: a campaign (then `source`, `medium` and `name` as it told them), another site (`source`), or
    direct: typed in, kept as a bookmark, or from where nothing is told. visitors: persons, as far as they are known
    to be one. revenue: of `orders`, in the business's currency; `unrated` of them are without a rate, so not in it.
    """

    kind: str
    source: str
    medium: str
    name: str
    visits: int
    visitors: int
    orders: int
    unrated: int
    revenue: Decimal


@dataclass(frozen=True)
class Origins:
    """All of them, the most visits first."""

    rows: Sequence[Origin]
    currency: str


def origins(*, actor: Actor, asked: Asked, most: int = MOST) -> Origins:
    """Where the visits of these days came from, and the orders within thirty days of them. Raises NotAllowed."""
    may_ask(actor)
    columns = (
        "visitor", "began", "day", "referrer", "campaign_source", "campaign_medium", "campaign",
    )  # fmt: skip
    with counting() as count:
        # A later visit, after these days, takes an order from an earlier one in them.
        count.bring(Table.VISITS, columns, asked, last=asked.last + WITHIN, coded=True)
        count.bring_people()
        count.bring_rows("sold", _orders(asked))
        for made in (_NAMED, _ORIGIN, _VISITS):
            count.make(made)
        count.make(_TOUCHED, within=int(WITHIN.total_seconds()))
        found = count.rows(_ORIGINS, last=asked.last, most=most)
    rows = [
        Origin(kind, source, medium, name, visits, visitors, orders, unrated, from_units(revenue))
        for kind, source, medium, name, visits, visitors, orders, unrated, revenue in found
    ]
    return Origins(rows, home())


def _orders(asked: Asked) -> pa.Table:
    begin, end = bounds(asked.first)[0], bounds(asked.last)[1] + WITHIN
    rows = Order.objects.filter(at__gte=begin, at__lt=end, identity__isnull=False, sale=True)
    found = [
        (customer, int(at.timestamp()), None if net is None else units(net))
        for customer, at, net in rows.values_list("identity__customer", "at", "net_home").iterator(2000)
    ]
    names = ("customer", "at", "net")
    columns = list(zip(*found, strict=True)) or [()] * len(names)
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})


# Every combination of codes that there is, as the origin that it stands for.
_NAMED = f"""
CREATE TABLE named AS
SELECT told.* EXCLUDE (n),
    CASE WHEN cs.word <> '' OR cm.word <> '' OR c.word <> '' THEN '{CAMPAIGN}'
        WHEN r.word <> '' THEN '{SITE}' ELSE '{DIRECT}' END AS kind,
    CASE WHEN kind = '{CAMPAIGN}' THEN cs.word ELSE r.word END AS source, cm.word AS medium, c.word AS name
FROM (SELECT referrer, campaign_source, campaign_medium, campaign, count(*) AS n FROM visits GROUP BY ALL) told
JOIN word_referrer r ON r.code = referrer JOIN word_campaign_source cs ON cs.code = campaign_source
JOIN word_campaign_medium cm ON cm.code = campaign_medium JOIN word_campaign c ON c.code = campaign
"""  # noqa: S608 (words of our own)

_ORIGIN = """
CREATE TABLE origin AS
SELECT row_number() OVER () AS origin, * FROM (SELECT DISTINCT kind, source, medium, name FROM named)
"""

_VISITS = f"""
CREATE TABLE visit AS
SELECT coalesce(known.customer, -visitor) AS person, known.customer, began, day, origin, direct
FROM visits JOIN (
    SELECT referrer, campaign_source, campaign_medium, campaign, origin, kind = '{DIRECT}' AS direct
    FROM named JOIN origin USING (kind, source, medium, name)
) USING (referrer, campaign_source, campaign_medium, campaign) LEFT JOIN known USING (visitor)
"""  # noqa: S608

_TOUCHED = """
CREATE TABLE touched AS
WITH his AS MATERIALIZED (SELECT row_number() OVER () AS id, * FROM sold),
bought AS MATERIALIZED (
    SELECT customer, began, day, origin, direct FROM visit WHERE customer IN (SELECT customer FROM sold)
),
coming AS (SELECT * FROM bought WHERE NOT direct),
itself AS (SELECT * FROM bought WHERE direct),
by_coming AS MATERIALIZED (
    SELECT his.id, his.net, coming.* FROM his ASOF JOIN coming
        ON his.customer = coming.customer AND his."at" >= coming.began WHERE his."at" - coming.began <= $within
),
by_itself AS (
    SELECT his.id, his.net, itself.* FROM his ASOF JOIN itself
        ON his.customer = itself.customer AND his."at" >= itself.began
    WHERE his."at" - itself.began <= $within AND his.id NOT IN (SELECT id FROM by_coming)
)
SELECT * FROM by_coming UNION ALL SELECT * FROM by_itself
"""

_ORIGINS = """
WITH came AS (
    SELECT origin, count(*) AS visits, count(DISTINCT person) AS visitors FROM visit WHERE day <= $last GROUP BY ALL
),
brought AS (
    SELECT origin, count(*) AS orders, count(*) FILTER (net IS NULL) AS unrated, sum(net) AS revenue
    FROM touched WHERE day <= $last GROUP BY ALL
)
SELECT kind, source, medium, name, visits, visitors, coalesce(orders, 0), coalesce(unrated, 0),
    coalesce(revenue, 0)::BIGINT
FROM came JOIN origin USING (origin) LEFT JOIN brought USING (origin)
ORDER BY visits DESC, kind, source, medium, name LIMIT $most
"""
