"""Given names as they were meant: who typed Roweba meant Rowena.

Given names are few and often used, so a word that no list knows and the base hardly uses, one slip away from a name it
uses often, is that name misspelt. Family names are many and rare: one slip away from one there is mostly another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import duckdb
import pyarrow as pa
from rapidfuzz.distance import OSA

from kartoteka.standard.lore import given_names

OFTENER = 5
"""How much oftener than the misspelt word the name meant must be used; four times that if no list knows the name either."""

SHORTEST = 4
"""Letters from which on one wrong one leaves a word to be recognised."""

_MEANT = """
create or replace table given_words as
select g.*, coalesce(n.roots[1], g.roots[1]) as meant
from given_words g left join misspelt m on m.word = g.core
left join (select core, any_value(roots) as roots from given_words group by core) n on n.core = m.meant
"""


def learn_spellings(con: duckdb.DuckDBPyConnection) -> None:
    """Adds to the dictionary `given_words` the column `meant`: the full name that the word most likely stands for."""
    used = con.execute(
        "select core, count(*) from rows join given_words on text = given where core is not null group by core"
    ).fetchall()
    found = misspelt(dict(used))
    columns = [pa.array(list(some), pa.string()) for some in (found.keys(), found.values())]
    con.register("misspelt", pa.table(columns, names=["word", "meant"]))
    con.execute(_MEANT)
    con.unregister("misspelt")


def misspelt(used: Mapping[str, int]) -> dict[str, str]:
    """Which words stand for which others, by how often the base uses each."""
    known = given_names()
    least = min(used.values(), default=0)
    names: dict[str, list[str]] = defaultdict(list)
    for word, count in used.items():
        if len(word) >= SHORTEST and count >= (OFTENER if word in known else 4 * OFTENER) * least:
            for cut in _cuts(word):
                names[cut].append(word)
    found = {}
    for word, count in used.items():
        if len(word) < SHORTEST or word in known:
            continue
        near = {
            name
            for cut in _cuts(word)
            for name in names.get(cut, ())
            if name != word and OSA.distance(word, name, score_cutoff=1) <= 1
        }
        often = [name for name in near if used[name] >= (OFTENER if name in known else 4 * OFTENER) * count]
        if often:
            found[word] = max(often, key=lambda name: (used[name], name))
    return found


def _cuts(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: two that are one slip apart have one in common."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
