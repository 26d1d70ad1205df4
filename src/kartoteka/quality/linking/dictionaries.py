"""Dictionaries of the distinct texts of a base: each is folded, cut and sounded once, however often it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import phonenumbers
import pyarrow as pa

from kartoteka.standard.lore import leaning

from . import words

AREA = 6
"""How much of a phone number tells a fixed line from a mobile: +, the country and the first digits."""

_STRINGS = pa.list_(pa.string())

TABLES = (
    "given_words", "family_words", "street_words", "city_words", "company_words", "plain_words", "other_words",
    "said_words", "lines",
)  # fmt: skip


def read_rows(con: duckdb.DuckDBPyConnection) -> None:
    """The dictionaries of the table `rows`."""
    _make(
        con, "given_words", "select given from rows union select nickname from rows", _given,
        core=pa.string(), rest=pa.string(), roots=_STRINGS, parts=_STRINGS, sound=pa.string(), mans=pa.bool_(),
    )  # fmt: skip
    _make(
        con, "family_words", "select distinct family from rows", _family,
        core=pa.string(), parts=_STRINGS, spelt=_STRINGS, sound=pa.string(),
    )  # fmt: skip
    _make(con, "street_words", "select distinct street from rows", _street, core=pa.string())
    _make(con, "city_words", "select distinct city from rows", _city, core=pa.string(), sound=pa.string())
    _make(
        con, "company_words", "select distinct company from rows", _company,
        core=pa.string(), words=_STRINGS, initials=pa.string(), numbers=_STRINGS,
    )  # fmt: skip
    con.execute(_RAREST_FIRST)
    con.execute(_TOWNS)
    _make(
        con, "plain_words",
        "select middle from rows union select suffix from rows union select birth_place from rows "
        "union select profession from rows",
        lambda text: (words.fold(text),), core=pa.string(),
    )  # fmt: skip
    _make(
        con, "other_names", "select distinct unnest(names) from rows", _other_name,
        given=_STRINGS, family=_STRINGS,
    )  # fmt: skip
    con.execute(
        """create table other_words as
           select unique_id, list_transform(flatten(list(d.given)), x -> hash(x)) as given,
                  list_transform(flatten(list(d.family)), x -> hash(x)) as family
           from (select unique_id, unnest(names) as text from rows where len(names) > 0) r
           join other_names d using (text) group by unique_id"""
    )
    con.execute("drop table other_names")


def read_leanings(con: duckdb.DuckDBPyConnection) -> None:
    """How each word used as a given or family name leans: 2 is surely a given name, -2 surely a family name."""
    _make(
        con, "leanings", "select given from rows union select family from rows",
        lambda text: (leaning(words.fold(text), ()),), leaning=pa.float64(),
    )  # fmt: skip


def read_lines(con: duckdb.DuckDBPyConnection) -> None:
    """Which beginnings of phone numbers (E.164, AREA signs) are of fixed lines."""
    _make(
        con, "lines",
        f"select any_value(phone) from (select unnest(phones) as phone from rows) group by left(phone, {AREA})",
        lambda phone: (phone[:AREA], _fixed(phone)), area=pa.string(), fixed=pa.bool_(),
    )  # fmt: skip
    con.execute("update lines set text = area")


def _fixed(phone: str) -> bool:
    """Whether a number in E.164 is a fixed line's for sure; where mobiles look the same it is not."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(phone)) == phonenumbers.PhoneNumberType.FIXED_LINE
    except phonenumbers.NumberParseException:
        return False


def read_mail(con: duckdb.DuckDBPyConnection) -> None:
    """The dictionary of the words found in e-mail addresses (table `mail`)."""
    _make(
        con, "said_words", "select distinct unnest(said) from mail",
        lambda word: (words.family_core(word), words.roots(word)), core=pa.string(), roots=_STRINGS,
    )  # fmt: skip


def _make(
    con: duckdb.DuckDBPyConnection,
    table: str,
    query: str,
    read: Callable[[str], tuple[Any, ...]],
    **columns: pa.DataType,
) -> None:
    """The table (text, *columns) of what `read` finds in each text of the query's one column."""
    texts = [text for (text,) in con.execute(query).fetchall() if text]
    found = [read(text) for text in texts]
    arrays = [pa.array(texts, pa.string())]
    arrays += [pa.array([row[at] for row in found], kind) for at, kind in enumerate(columns.values())]
    con.register("dictionary", pa.table(arrays, names=["text", *columns]))
    con.execute(f"create table {table} as select * from dictionary")
    con.unregister("dictionary")


# A firm's words, the rarest first: that is the word it is known by.
_RAREST_FIRST = """
create or replace table company_words as
with used as (select text, unnest(words) as word from company_words),
     counted as (select word, count(*) as n from used group by word),
     sorted as (select text, list(word order by n, length(word) desc, word) as words
                from (select distinct text, word from used) join counted using (word) group by text)
select c.* replace (coalesce(s.words, c.words) as words) from company_words c left join sorted s using (text)
"""

# The towns in a firm's name, as far as the base has addresses in them.
_TOWNS = """
create or replace table company_words as
select c.*, t.towns
from company_words c left join (
  select text, list(word) as towns from (select distinct text, unnest(words) as word from company_words)
  semi join (select core as word from city_words) using (word) group by text) t using (text)
"""


def _given(text: str) -> tuple[str | None, str | None, list[str], list[str], str, bool]:
    """The first word; the others; the full names it can stand for; those of every word; the sound of the first; whether
    it is a man's name in some language (Jan is a woman's in English only)."""
    tokens = words.fold(text).split()
    if not tokens:
        return None, None, [], [], "", False
    roots = words.roots(tokens[0])
    parts = list(dict.fromkeys([tokens[0], *roots, *(r for t in tokens[1:] for r in (t, *words.roots(t)))]))
    return tokens[0], " ".join(tokens[1:]) or None, roots, parts, words.sound(roots[0]), words.mans(tokens[0])


def _family(text: str) -> tuple[str | None, list[str], list[str], str]:
    """The core; its words; its letters as they stand in e-mails, with and without particles; its sound."""
    core = words.family_core(text)
    whole = words.fold(text)
    bare = [word for word in whole.split() if word not in words.PARTICLES]
    spelt = list(dict.fromkeys([whole.replace(" ", ""), "".join(bare), *bare[-1:]]))
    glued = words.family_core(whole.replace(" ", "")) if " " in whole else None
    parts = [part for part in (*core.split(), glued) if part and len(part) > 1]
    return core or None, parts, spelt, words.sound(core)


def _street(text: str) -> tuple[str | None]:
    return (words.street_core(text) or None,)


def _city(text: str) -> tuple[str | None, str]:
    core = words.fold(text)
    return core or None, words.sound(core)


def _company(text: str) -> tuple[str | None, list[str], str | None, list[str]]:
    """The core; its words; its initials; the numbers in it (Lodge No 5 is not Lodge No 6)."""
    said = words.firm_words(text)
    initials = "".join(word[0] for word in said)
    return (
        " ".join(said) or None,
        said,
        initials if len(initials) > 2 else None,
        [w for w in said if w.isdigit()],
    )


def _other_name(text: str) -> tuple[list[str], list[str]]:
    said = words.fold(text).split()
    if len(said) < 2:
        return [], []
    given = [root for word in said[:-1] for root in (word, *words.roots(word))]
    return given, words.family_core(" ".join(said[1:])).split()
