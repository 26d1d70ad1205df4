"""What several share, and so is no one person's: phones and e-mails of a home or an office, numbers under many names."""

from __future__ import annotations

import duckdb

from . import dictionaries
from .comparisons import one_slip

MANY = 4
"""A phone or e-mail used under this many given names belongs to an office or a family, not to a person."""

HOME = 2
"""A phone used under this many given names is the home's, and so is a fixed line."""

COUNTED = 50
"""Names under one phone or e-mail that are compared at most: what thousands share is not compared all with all."""

_WHO = """given, family, company, lower(suffix) as suffix,
case when birth not like '--%' then try_cast(birth[1:4] as integer) end as year"""
_DIFFER = " or ".join(
    f"min({each}) <> max({each})" for each in ("coalesce(given, company)", "suffix", "year")
)

_TWO_OF_A_NAME = "coalesce(abs(a.year - b.year) >= 15 or a.suffix <> b.suffix, false)"
_ONE_NAME = "(a.word = b.word or list_has_any(a.parts, b.parts))"
_MAY_BE_ONE_NAME = f"""({_ONE_NAME} or (a.sound = b.sound and a.sound <> '')
    or (length(b.word) = 1 and left(a.word, 1) = b.word)
    or (a.word = b.family and b.word = a.family)
    or (length(b.word) > 3 and (jaro_winkler_similarity(a.word, b.word) >= 0.9
        or {one_slip("a.word", "b.word")})))"""

# How many persons are known under what they share (`uses`: key, given, family, company, suffix, year of birth): a name
# spelt in three ways, shortened, or cut to its initial is one, unless born a generation apart or once Jr and once Sr
# (`namesakes`). Counted are those whom none of those before them can be.
_PERSONS = f"""
create table persons as
with said as (
  select distinct key, coalesce(g.core, c.core) as word, coalesce(g.parts, []) as parts, coalesce(g.sound, '') as sound,
         f.core as family, u.suffix, u.year
  from uses u semi join (select key from uses group by key having {_DIFFER}) using (key)
  left join given_words g on g.text = u.given left join family_words f on f.text = u.family
  left join company_words c on c.text = u.company and u.given is null
  where coalesce(g.core, c.core) is not null),
placed as (
  select *, row_number() over (partition by key order by length(word) desc, word, family, suffix, year) as place from said
  qualify place <= {COUNTED}),
told as (
  select key, b.place, bool_or(not {_TWO_OF_A_NAME} and {_MAY_BE_ONE_NAME}) as counted,
         bool_or({_TWO_OF_A_NAME} and {_ONE_NAME}) as namesake
  from placed a join placed b using (key) where a.place < b.place group by key, b.place)
select key, count(*) - count(*) filter (counted) as persons, coalesce(bool_or(namesake), false) as namesakes
from placed left join told using (key, place) group by key
"""


def find_shared(con: duckdb.DuckDBPyConnection) -> None:
    """Makes `many_phones` (phone, many: an office's and not a home's), `many_mails` (key), `numbers` and `own_ids`."""
    dictionaries.read_lines(con)
    con.execute(f"create table uses as select distinct {_WHO}, hash(unnest(phones)) as key from rows")
    con.execute(_PERSONS)
    con.execute(
        f"""create table many_phones as
            select phone, coalesce(persons, 1) >= {MANY} as many
            from (select distinct unnest(phones) as phone from rows) left join persons on key = hash(phone)
            where persons >= {HOME} or namesakes
               or left(phone, {dictionaries.AREA}) in (select text from lines where fixed)"""
    )
    con.execute("drop table uses; drop table persons")
    con.execute(f"create table uses as select distinct {_WHO}, key from mail join rows using (unique_id)")
    con.execute(_PERSONS)
    con.execute(
        f"""create table many_mails as select key from persons where persons >= {MANY} or namesakes
            union select key from mail where role"""
    )
    con.execute("drop table uses; drop table persons")
    con.execute(
        """create table numbers as
           select distinct unique_id, hash(number) as id, (number[1:3] = '000') || '|' || length(number) as make
           from (select unique_id, unnest(coalesce(registrations, []) || [national_id]) as number from rows
                 where len(registrations) > 0 or national_id is not null) where number is not null"""
    )
    con.execute(
        f"""create table own_ids as select id from numbers join rows r using (unique_id)
            left join given_words g on g.text = r.given left join company_words c on c.text = r.company
            group by id having count(distinct coalesce(g.sound, c.core, '')) < {MANY}"""
    )
