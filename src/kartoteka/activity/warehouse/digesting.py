"""The events of a day made into its tables: visits, sums of pages, steps. Pure: DuckDB, in memory only.

A visit that began in a browser and goes on in the account somebody signed in to is one: what the same customer does on one
site without half an hour of silence between.
"""

import datetime as dt

import duckdb
import pyarrow as pa

from kartoteka.kit.duck import in_memory

from .tables import EVENT, PAGE, SCHEMAS, STEPS_KEPT, Table

SILENCE = 30 * 60  # seconds
_MEMORY, _THREADS = "2GB", 2


def digested(day: dt.date, raw: pa.Table) -> dict[Table, pa.Table]:
    """The tables of `day`. raw: its events (tables.RAW) in any order; of nobody's, `person` is less than 0 and the
    visitor's alone."""
    with in_memory(memory_limit=_MEMORY, threads=_THREADS) as base:
        base.register("raw", raw)
        base.execute(_STEPS, {"silence": SILENCE})
        base.execute(_VIEWS)
        base.execute(_VISITS)
        return {
            Table.VISITS: _table(base, Table.VISITS, _visits_sql(), {"day": day}),
            Table.PAGES: _table(base, Table.PAGES, _PAGES, {}),
            Table.STEPS: _table(base, Table.STEPS, _STEPS_OUT, {"day": day}),
        }


def _table(base: duckdb.DuckDBPyConnection, table: Table, sql: str, given: dict[str, object]) -> pa.Table:
    found = base.execute(sql, given).to_arrow_table()
    return found.select(SCHEMAS[table].names).cast(SCHEMAS[table])


# Parts are visits as they were counted on arrival, of one visitor each. Those of a person on a site that touch are one.
_STEPS = """
CREATE TABLE step AS
WITH part AS (
    SELECT source, person, visitor, began, min("at") AS first, max("at") AS last FROM raw GROUP BY ALL
),
after AS (
    SELECT *, max(last) OVER (
        PARTITION BY source, person ORDER BY first, visitor, began ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before FROM part
),
numbered AS (
    SELECT source, visitor, began, sum(CASE WHEN before IS NULL OR first - before > $silence * 1000000 THEN 1 ELSE 0 END)
        OVER (ORDER BY source, person, first, visitor, began ROWS UNBOUNDED PRECEDING) AS visit
    FROM after
)
SELECT numbered.visit, raw.* FROM raw JOIN numbered USING (source, visitor, began)
"""

_VIEWS = """
CREATE TABLE view AS
SELECT visit, page, "at", id,
    row_number() OVER w AS place, row_number() OVER (PARTITION BY visit ORDER BY "at" DESC, id DESC) AS from_end,
    page IS DISTINCT FROM lag(page) OVER w AS another
FROM step WHERE kind = 'page' WINDOW w AS (PARTITION BY visit ORDER BY "at", id)
"""

_VISITS = """
CREATE TABLE visit AS
SELECT visit, arg_min(visitor, ("at", id)) AS visitor, min("at") // 1000000 AS began, min(source) AS source,
    count(*) FILTER (kind = 'page')::INTEGER AS views,
    max("at") FILTER (shared) AS shared_at,
    coalesce(arg_min(device, ("at", id)) FILTER (device <> ''), '') AS device,
    coalesce(arg_min(referrer, ("at", id)) FILTER (referrer <> ''), '') AS referrer,
    coalesce(arg_min(campaign_source, ("at", id)) FILTER (told), '') AS campaign_source,
    coalesce(arg_min(campaign_medium, ("at", id)) FILTER (told), '') AS campaign_medium,
    coalesce(arg_min(campaign, ("at", id)) FILTER (told), '') AS campaign
FROM (SELECT *, campaign_source <> '' OR campaign_medium <> '' OR campaign <> '' AS told FROM step)
GROUP BY visit HAVING count(*) FILTER (kind <> 'left') > 0
"""


def _visits_sql() -> str:
    places = range(1, STEPS_KEPT + 1)
    path = ", ".join(f"coalesce(max(page) FILTER (n = {place}), '') AS p{place}" for place in places)
    return f"""
WITH path AS (
    SELECT visit, page, row_number() OVER (PARTITION BY visit ORDER BY place) AS n FROM view WHERE another
),
walked AS (SELECT visit, {path} FROM path WHERE n <= {STEPS_KEPT} GROUP BY visit)
SELECT $day::DATE AS day, visit.*, coalesce(view.page, '') AS exit, walked.* EXCLUDE (visit)
FROM visit LEFT JOIN walked USING (visit) LEFT JOIN view ON view.visit = visit.visit AND view.from_end = 1
ORDER BY visitor, began
"""  # noqa: S608 (numbers of our own)


# A time told of a page is of its views in that visit; one told after a silence of a visit of its own counts as one view.
_PAGES = """
WITH seen AS (
    SELECT visit, page, count(*) AS views, min("at") AS first, bool_or(place = 1) AS entry, bool_or(from_end = 1) AS exit
    FROM view GROUP BY ALL
),
told AS (
    SELECT visit, page, coalesce(sum(seconds) FILTER (kind = 'left'), 0) AS seconds,
        count(*) FILTER (kind = 'left' AND seconds > 0) > 0 AS timed, count(*) FILTER (shared) AS shares,
        min(source) AS source,
        coalesce(arg_min(device, ("at", id)) FILTER (device <> ''), '') AS device
    FROM step WHERE page <> '' AND (kind = 'left' OR shared) GROUP BY ALL
)
SELECT coalesce(visit.source, told.source) AS source, coalesce(visit.device, told.device) AS device,
    coalesce(seen.page, told.page) AS page, coalesce(sum(seen.views), 0)::BIGINT AS views, count(seen.visit) AS visits,
    count(*) FILTER (seen.entry) AS entries, count(*) FILTER (seen.exit) AS exits,
    coalesce(sum(CASE WHEN timed THEN coalesce(seen.views, 1) END), 0)::BIGINT AS timed,
    coalesce(round(sum(seconds)), 0)::BIGINT AS seconds, coalesce(sum(shares), 0)::BIGINT AS shares,
    count(*) FILTER (shared_at >= first) AS led
FROM seen FULL JOIN told ON told.visit = seen.visit AND told.page = seen.page
LEFT JOIN visit ON visit.visit = coalesce(seen.visit, told.visit)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

_STEPS_OUT = f"""
SELECT $day::DATE AS day, CASE kind WHEN 'page' THEN '{PAGE}' || page ELSE '{EVENT}' || name END AS what, visitor,
"at", source, device FROM step WHERE kind <> 'left' ORDER BY what, visitor, "at"
"""  # noqa: S608 (words of our own)
