"""Which customers are worth comparing: those that share a key, in blocks that cannot grow huge.

Each kind of key survives the lack of the others, so a phone book's row meets a newsletter's. A block above
`FULL` customers is cut finer by a second attribute, and dropped if that does not help: what very many share
tells nothing of one person.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]

FULL = 40
FEW_OF_NAME = 20
"""Above so many of one full name they are not all compared, only those of one place. In a base above a hundred
thousand both bounds shrink, so that the pairs to compare grow with the base and not with its square."""


PART = 2 * 122_880
"""Cards that are read together when pairs are compared: two of the groups in which DuckDB packs rows, one a thread."""


def bound(most: int, size: int) -> int:
    """How large a block may be in a base of `size` customers, `most` in a small one, a quarter of it in a large."""
    return max(most // 4, min(most, most * 100_000 // max(size, 1)))


@dataclass(frozen=True)
class Key:
    """A kind of key: `sql` gives one key or a list of them per card; `finer` cuts blocks that grew too large.

    With `meets`, cards are not brought together by having the same key, but by one's key being among the keys
    that `meets` gives for the other.
    """

    name: str
    sql: str
    finer: str = "null"
    full: int = FULL
    meets: str = ""


NAME_PAIR = "least(meant, family) || '|' || greatest(meant, family)"
# Day and month in either order, so that swapped ones meet.
_BIRTH = "birth_year * 10000 + least(birth_month, birth_day) * 100 + greatest(birth_month, birth_day)"

KEYS = (
    Key("phone", "coalesce(phones, []) || coalesce(home_phones, []) || coalesce(shared_phones, [])", "left(given, 1)"),
    Key("mail", "coalesce(mails, []) || coalesce(shared_mails, [])", "left(given, 1)"),
    Key("registration", "ids"),
    Key("local", "local", "left(given, 1)"),
    Key("name_told", "tells", "coalesce(city, left(given, 1))", meets="forms", full=20),
    Key("name", NAME_PAIR, "coalesce(city, postcode, birth_place)", full=FEW_OF_NAME),
    Key("name_and_origin", f"{NAME_PAIR} || '|' || birth_place", "birth_year // 10"),
    Key("name_and_profession", f"{NAME_PAIR} || '|' || profession", "birth_year // 10"),
    Key("name_and_postcode", f"{NAME_PAIR} || '|' || postcode"),
    Key("name_and_year", f"{NAME_PAIR} || '|' || birth_year"),
    Key("family_and_birth", f"family_sound || '|' || ({_BIRTH})"),
    Key("given_and_birth", f"meant || '|' || ({_BIRTH})", "left(family, 1)"),
    Key("birth_and_place", f"({_BIRTH}) || '|' || coalesce(postcode, city_sound)"),
    Key("birthday", "given_sound || '|' || family_sound || '|' || least(birth_month, birth_day) || '|' "
                    "|| greatest(birth_month, birth_day)"),
    Key("sounds", "given_sound || '|' || family_sound || '|' || coalesce(city_sound, '')", "birth_year"),
    Key("family_and_postcode", "family || '|' || postcode", "left(meant, 1)"),
    Key("given_and_postcode", "meant || '|' || postcode", "left(family, 1)"),
    Key("door", "street || '|' || number || '|' || coalesce(city, postcode)", "left(meant, 1)"),
    Key("family_start", "meant || '|' || left(family, 3) || '|' || coalesce(city, postcode)", "birth_year"),
    Key("firm", "firm", "city"),
    Key("firm_words", "list_transform(firm_words[1:2], x -> x || '|' || coalesce(city, postcode, ''))", full=60),
    Key("firm_initials", "coalesce(firm_initials, case when len(firm_words) = 1 and length(firm) < 7 then firm end)",
        "city"),
    Key("firm_letters", "left(replace(firm, ' ', ''), 6)", "coalesce(city, postcode)"),
)  # fmt: skip


def block(con: duckdb.DuckDBPyConnection, size: int) -> tuple[Ints, Ints]:
    """The pairs of positions in `card` (of `size` rows) that share a key: left below right, distinct.

    Sorted so that neighbours are of the same PART of the cards on either side.
    """
    con.execute("create table found (l integer, r integer)")
    for key in KEYS:
        _pairs_of(con, key, bound(key.full, size))
    pairs = con.execute(
        f"select distinct l, r from found order by l // {PART}, r // {PART}, l, r"
    ).fetchnumpy()
    con.execute("drop table found")
    return np.asarray(pairs["l"], np.int32), np.asarray(pairs["r"], np.int32)


def _pairs_of(con: duckdb.DuckDBPyConnection, key: Key, full: int) -> None:
    keyed = _keyed(con, key.sql, key.finer, "true")
    if key.meets:
        keyed += " union all " + _keyed(con, key.meets, key.finer, "false")
    con.execute(f"create table keyed as {keyed}")
    con.execute(
        f"""create table block as
            with sized as (select key, count(*) as n from keyed group by key having n > 1)
            select unique_id, key, side from keyed semi join (from sized where n <= {full}) using (key)
            union all
            select unique_id, finer_key, side from (
              select unique_id, side, hash(key, finer) as finer_key,
                     count(*) over (partition by key, finer) as n
              from keyed semi join (from sized where n > {full}) using (key) where finer is not null)
            where n between 2 and {full}"""
    )
    apart = (
        "a.side and not b.side and a.unique_id <> b.unique_id" if key.meets else "a.unique_id < b.unique_id"
    )
    con.execute(
        f"""insert into found
            select distinct least(a.unique_id, b.unique_id), greatest(a.unique_id, b.unique_id)
            from block a join block b on a.key = b.key and {apart}"""
    )
    con.execute("drop table keyed")
    con.execute("drop table block")


def _keyed(con: duckdb.DuckDBPyConnection, sql: str, finer: str, side: str) -> str:
    (kind,) = con.execute(f"select typeof({sql}) from card limit 1").fetchone() or ("",)
    one = f"unnest({sql})" if kind.endswith("[]") else sql
    return (
        f"select distinct unique_id, hash(key) as key, finer, {side} as side "
        f"from (select unique_id, {one} as key, {finer} as finer from card) where key is not null"
    )
