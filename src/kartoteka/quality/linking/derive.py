"""From customers as the base holds them to the columns that are blocked and compared.

The result is the DuckDB table `card`: one row per customer, `unique_id` its position in `people`.
Texts are read once per distinct value (see dictionaries.py), the rest is set-based SQL.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from . import dictionaries
from .nicknames import learn_nicknames
from .sharing import find_shared
from .spellings import learn_spellings

AT_ONCE = 100_000
"""Cards made at a time: bounds the memory. Fewer take longer: the dictionaries are gone through each time."""

ROLES = (
    "info|office|biuro|kontakt|contact|sales|sprzedaz|admin|mail|email|kantoor|toimisto|myynti|hello|hi|sklep|"
    "support|service|shop|jualan|orders|billing|accounts|ksiegowosc|sekretariat|reception|poczta|posti"
)
"""What stands before the @ of an address that belongs to an office."""

_TEXT = [
    "kind",
    "given",
    "middle",
    "family",
    "particle",
    "suffix",
    "nickname",
    "name",
    "sex",
    "birth",
    "company",
    "form",
    "national_id",
    "birth_place",
    "profession",
    "language",
    "street",
    "number",
    "flat",
    "postcode",
    "city",
    "region",
    "country",
]
_LISTS = ["registrations", "phones", "emails", "sources", "names"]

SCHEMA = pa.schema(
    [("id", pa.int64())]
    + [(name, pa.string()) for name in _TEXT]
    + [(name, pa.list_(pa.string())) for name in _LISTS]
)
"""The columns of `people`; those a caller leaves out are taken as empty."""


def complete(people: pa.Table) -> pa.Table:
    """`people` with every column of SCHEMA, in its order and types.

    Raises ValueError when there is no `id` column.
    """
    if "id" not in people.column_names:
        raise ValueError("The table of people has no column 'id': add one with a whole number per customer.")
    columns = [
        people[field.name].cast(field.type)
        if field.name in people.column_names
        else pa.nulls(people.num_rows, field.type)
        for field in SCHEMA
    ]
    return pa.table(columns, schema=SCHEMA)


def derive(con: duckdb.DuckDBPyConnection, people: pa.Table) -> None:
    """Makes the table `card` from `people` (columns of SCHEMA)."""
    numbered = people.append_column("unique_id", pa.array(np.arange(people.num_rows, dtype=np.int32)))
    con.register("people", numbered)
    con.execute(_ROWS)
    con.unregister("people")
    dictionaries.read_leanings(con)
    con.execute(_TURN_SWAPPED)
    con.execute("drop table leanings; checkpoint")
    dictionaries.read_rows(con)
    con.execute(_MAIL)
    dictionaries.read_mail(con)
    learn_nicknames(con)
    learn_spellings(con)
    con.execute(_STAND_INS)
    con.execute(_YEARS_ONLY)
    find_shared(con)
    con.execute(_HASHED)
    con.execute("checkpoint")
    con.execute(_TELLS)
    con.execute(_FORMS)
    for low in range(0, max(people.num_rows, 1), AT_ONCE):
        cards = _CARD.format(among=f"unique_id between {low} and {low + AT_ONCE - 1}")
        con.execute(f"insert into card {cards}" if low else f"create table card as {cards}")
        con.execute("checkpoint")  # packs what was written
    for table in (
        "rows",
        "mail",
        "tells",
        "forms",
        "many_phones",
        "many_mails",
        "numbers",
        "own_ids",
        *dictionaries.TABLES,
    ):
        con.execute(f"drop table {table}")


_ROWS = """
create table rows as
with clean as (
  select * replace (
    nullif(trim(given), '') as given, nullif(trim(family), '') as family,
    nullif(trim(nickname), '') as nickname, nullif(trim(company), '') as company, nullif(trim(name), '') as name)
  from people),
said as (
  select *, (given is null and family is null and company is null and kind is distinct from 'organisation'
             and name is not null) as from_name,
         string_split(name, ' ') as told
  from clean)
select unique_id,
  case when from_name then told[1] else coalesce(given, nickname) end as given,
  nullif(trim(concat_ws(' ', middle, case when from_name and len(told) > 2
                                     then array_to_string(told[2:-2], ' ') end)), '') as middle,
  case when from_name and len(told) > 1 then told[-1] else family end as family,
  nickname, nullif(trim(suffix), '') as suffix,
  nullif(lower(left(trim(sex), 1)), '') as sex, nullif(trim(birth), '') as birth,
  case when company is null and kind = 'organisation' then coalesce(name, family, given) else company end as company,
  coalesce(kind = 'organisation', false) as organisation,
  nullif(regexp_replace(lower(form), '[^\\p{L}0-9]', '', 'g'), '') as form,
  nullif(upper(regexp_replace(national_id, '[^0-9A-Za-z]', '', 'g')), '') as national_id,
  nullif(trim(birth_place), '') as birth_place, nullif(trim(profession), '') as profession,
  nullif(trim(street), '') as street, nullif(lower(replace(number, ' ', '')), '') as number,
  nullif(lower(replace(flat, ' ', '')), '') as flat,
  nullif(upper(regexp_replace(postcode, '[^0-9A-Za-z]', '', 'g')), '') as postcode,
  nullif(trim(city), '') as city,
  registrations, phones, emails, sources,
  list_filter(names, x -> x is distinct from name) as names
from said
"""

# Given and family name in each other's column: told by how the base uses either word elsewhere, or by what is
# known of names, where the base does not contradict.
_TURN_SWAPPED = """
with given_use as (select lower(given) as word, count(*) as n from rows where given is not null group by word),
family_use as (select lower(family) as word, count(*) as n from rows where family is not null group by word),
turned as (
  select r.unique_id
  from rows r
  join given_use gg on gg.word = lower(r.given) join family_use ff on ff.word = lower(r.family)
  left join given_use gf on gf.word = lower(r.family) left join family_use fg on fg.word = lower(r.given)
  join leanings lg on lg.text = r.given join leanings lf on lf.text = r.family
  where (coalesce(gf.n, 0) + 0.5) * (coalesce(fg.n, 0) + 0.5)
        > case when lf.leaning - lg.leaning >= 2 then 0.5 when gf.n is not null then 9 else 1e9 end
          * (gg.n - 0.5) * (ff.n - 0.5))
update rows set given = family, family = given where unique_id in (from turned)
"""

# A till that wants a date gets 1900-01-01: one far oftener than dates are is nobody's birth date.
_STAND_INS = """
with used as (select birth, count(*) as n from rows where length(birth) = 10 group by birth)
update rows set birth = null
where birth in (select birth from used where n > 5 + 10 * (select sum(n * n) / sum(n) from (
  select n from used where n <= (select quantile_disc(n, 0.9) from used))))
"""

# Where the first of January is oftener than a day can be, it says that only the year was known.
_YEARS_ONLY = """
update rows set birth = left(birth, 4)
where birth like '%-01-01' and length(birth) = 10 and birth not like '--%' and (
  select count(*) filter (birth like '%-01-01') > 5 + 3 * count(*) / 365 from rows where length(birth) = 10)
"""

# "kasia.kowalska+shop@x.pl": key kasia.kowalska@x.pl, letters kasiakowalska, said [kasia, kowalska].
_MAIL = f"""
create table mail as
with each as (select unique_id, lower(unnest(emails)) as email from rows),
cut as (select unique_id, split_part(split_part(email, '@', 1), '+', 1) as local,
               split_part(email, '@', 2) as domain from each where contains(email, '@')),
read as (
  select *, string_split(trim(regexp_replace(local, '[^a-z]+', '.', 'g'), '.'), '.') as said,
         regexp_replace(local, '[^a-z]', '', 'g') as letters,
         regexp_matches(local, '^({ROLES})[0-9]*$') as role
  from cut)
select unique_id, role, local || '@' || domain as email,
       hash(case when domain in ('gmail.com', 'googlemail.com') then replace(local, '.', '') else local end
            || '@' || domain) as key,
       case when not role and length(letters) > 4 then letters end as letters,
       case when not role and length(local) > 4 then regexp_replace(local, '[^a-z0-9]', '', 'g') end as local_part,
       case when not role and len(said) = 2 then said end as said
from read
"""


# The names an e-mail can be read as: its letters, and each word as a given name beside the other as a family
# name, through the full names a diminutive stands for.
_TELLS = """
create table tells as
select distinct unique_id, unnest([hash(letters)]) as name from mail where letters is not null
union
select unique_id, hash(given || '|' || family) from (
  select unique_id, unnest(g.roots) as given, f.core as family
  from mail m join said_words g on g.text = m.said[1] join said_words f on f.text = m.said[2]
  union all
  select unique_id, unnest(g.roots), f.core
  from mail m join said_words g on g.text = m.said[2] join said_words f on f.text = m.said[1])
"""

# The same for the names on the cards, only those that some e-mail tells.
_FORMS = """
create table forms as
with named as (
  select unique_id, g.core as given, g.roots as roots, f.core as family, f.spelt as spelt
  from rows r join given_words g on g.text = r.given join family_words f on f.text = r.family),
every as (
  select unique_id, unnest(
    list_transform(list_distinct(roots || [given, left(given, 1)]), x -> hash(x || '|' || family))
    || list_transform(spelt, x -> hash(given || x)) || list_transform(spelt, x -> hash(x || given))
    || list_transform(spelt, x -> hash(left(given, 1) || x)) || list_transform(spelt, x -> hash(x || left(given, 1)))
  ) as name from named)
select unique_id, list(distinct name) as forms from every semi join tells using (name) group by unique_id
"""

# Words that are only asked whether two cards have one in common: a number is compared sooner than a text.
_HASHED = """
create or replace table given_words as
select * replace (list_transform(parts, x -> hash(x)) as parts),
       list_transform(roots, x -> hash(x)) as root_keys from given_words;
create or replace table family_words as
select * replace (list_transform(parts, x -> hash(x)) as parts) from family_words;
"""

# A part of the cards at a time. Phones are compared as numbers, e-mails and registrations by hash: a third of the memory
# of texts. What an office shares is the firm's own.
_CARD = """
with batch as (select * from rows where {among}),
phones as (
  select unique_id, list_sort(list(number) filter (many is null or organisation)) as own,
         list(number) filter (not many and not organisation) as of_home, list(number) filter (many) as shared
  from (select unique_id, organisation, try_cast(regexp_replace(phone, '[^0-9]', '', 'g') as ubigint) as number, many
        from (select unique_id, organisation, unnest(phones) as phone from batch) left join many_phones using (phone))
  where number is not null group by unique_id),
mails as (
  select unique_id, list(key) filter (not many or organisation) as own, list(key) filter (many) as shared,
         min(email) filter (not many) as email, min(letters) filter (not many) as letters,
         min(local_part) filter (not many) as local
  from (select *, key in (from many_mails) as many
        from mail join (select unique_id, organisation from batch) using (unique_id) where {among})
  group by unique_id),
ids as (select unique_id, list(id) as ids, list_distinct(list(make)) as makes
        from numbers semi join own_ids using (id) where {among} group by unique_id),
told as (select unique_id, list(name) as tells from tells where {among} group by unique_id),
others as (select * from other_words where {among}),
called as (select * from forms where {among})
select r.unique_id, r.organisation,
  g.core as given, g.rest as given_rest, g.sound as given_sound, g.root_keys as roots, g.meant as meant,
  case when n.root_keys is null and o.given is null then g.parts
       else list_distinct(coalesce(g.parts, []) || coalesce(n.root_keys, []) || coalesce(o.given, [])) end as given_parts,
  f.core as family, f.sound as family_sound,
  case when o.family is null then f.parts
       else list_distinct(coalesce(f.parts, []) || o.family) end as family_parts,
  mid.core as middle, suf.core as suffix, r.sex, coalesce(r.sex = 'f' and not g.mans, false) as woman,
  case when length(birth) = 10 then replace(birth, '-', '') end as birth,
  case when birth not like '--%' then try_cast(birth[1:4] as integer) end as birth_year,
  try_cast(nullif(case when birth like '--%' then birth[3:4] else birth[6:7] end, '') as integer) as birth_month,
  try_cast(nullif(case when birth like '--%' then birth[6:7] else birth[9:10] end, '') as integer) as birth_day,
  p.own as phones, p.of_home as home_phones, p.shared as shared_phones, p.unique_id is not null as has_phone,
  e.own as mails, e.shared as shared_mails, e.unique_id is not null as has_mail,
  e.email, e.letters, e.local, t.tells, fo.forms,
  s.core as street, r.number, r.flat, r.postcode, ci.core as city, ci.sound as city_sound,
  case when g.core is null and f.core is null then co.core end as firm,
  case when g.core is null and f.core is null then co.words end as firm_words,
  case when g.core is null and f.core is null then co.initials end as firm_initials,
  case when g.core is null and f.core is null then co.numbers end as firm_numbers,
  case when g.core is null and f.core is null then list_filter(co.towns, x -> x is distinct from ci.core) end as firm_towns,
  case when g.core is not null or f.core is not null then co.core end as company,
  case when g.core is null and f.core is null then r.form end as form,
  i.ids, i.makes as id_makes,
  case when i.ids is not null then r.national_id end as national_id, pl.core as birth_place, wo.core as profession,
  case when len(r.sources) = 1 then hash(r.sources[1]) end as source
from batch r
left join given_words g on g.text = r.given
left join given_words n on n.text = r.nickname
left join family_words f on f.text = r.family
left join others o on o.unique_id = r.unique_id
left join plain_words mid on mid.text = r.middle
left join plain_words suf on suf.text = r.suffix
left join plain_words pl on pl.text = r.birth_place
left join plain_words wo on wo.text = r.profession
left join street_words s on s.text = r.street
left join city_words ci on ci.text = r.city
left join company_words co on co.text = r.company
left join phones p on p.unique_id = r.unique_id
left join mails e on e.unique_id = r.unique_id
left join ids i on i.unique_id = r.unique_id
left join told t on t.unique_id = r.unique_id
left join called fo on fo.unique_id = r.unique_id
"""
