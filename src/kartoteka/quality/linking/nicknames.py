"""Short names that no list knows, learned from the base itself: Jec is Jericho here.

Two given names that share a phone or an e-mail and a family name may be two people of a home. But a couple's names go
together by chance, over many names; a short name goes with the one it stands for, in family after family.
"""

from __future__ import annotations

import duckdb

FAMILIES = 3
"""Families in which the two names must have met: one couple with three phones teaches nothing."""

MOSTLY = 0.5
"""The share of what the rarer of the two names meets that the other must make up."""

_CROWD = 12
"""Names on one phone or e-mail above which it is an office's and teaches nothing."""

_LEARN = f"""
create table short_names as
with held as (
  select distinct key, f.core as family, g.core as given, g.roots as roots, r.sex
  from (select unique_id, hash(unnest(phones)) as key from rows union all select unique_id, key from mail where not role)
  join rows r using (unique_id) join given_words g on g.text = r.given join family_words f on f.text = r.family
  where length(g.core) > 1 and f.core is not null),
few as (select key, family from held group by key, family having count(distinct given) between 2 and {_CROWD}),
met as (
  select distinct a.given as one, b.given as other, a.family
  from held a semi join few using (key, family) join held b on b.key = a.key and b.family = a.family
  where a.given <> b.given and not list_has_any(a.roots, b.roots) and not coalesce(a.sex <> b.sex, false)),
counted as (select one, other, count(*) as n from met group by one, other),
often as (select one, sum(n) as every from counted group by one)
select one as short, other as full_name from counted join often using (one)
join (select core, count(*) as uses from rows r join given_words g on g.text = r.given group by core) u on u.core = one
join (select core, count(*) as uses from rows r join given_words g on g.text = r.given group by core) v on v.core = other
where n >= {FAMILIES} and n >= {MOSTLY} * every and (u.uses, one) < (v.uses, other)
"""

_TAKE = """
create or replace table given_words as
with known as (select distinct core, roots from given_words),
stands_for as (
  select short, list_distinct(flatten(list(k.roots))) as full_names
  from short_names s join known k on k.core = s.full_name group by short)
select g.* replace (
    case when full_names is null then g.roots when g.roots = [core] then full_names || g.roots
         else g.roots || full_names end as roots,
    case when full_names is null then g.parts else list_distinct(g.parts || full_names) end as parts)
from given_words g left join stands_for on short = core
"""


def learn_nicknames(con: duckdb.DuckDBPyConnection) -> None:
    """Adds to the dictionary `given_words` what the short names of the base stand for."""
    con.execute(_LEARN)
    con.execute(_TAKE)
    con.execute("drop table short_names")
