"""The word lists of this package (data/*.txt): `[heading]` opens a part, words follow, spaces inside a word
are `_`."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("data")


def parts_of(name: str) -> Iterator[tuple[list[str], list[str]]]:
    """Each part of a data file: the words of its heading, and its entries."""
    text = re.sub(r"^#.*$", "", read(name), flags=re.M)
    for part in re.split(r"^\[", text, flags=re.M)[1:]:
        heading, _, body = part.partition("]")
        yield heading.split(), body.split()


def read(name: str) -> str:
    """The text of a data file."""
    return (_DATA / name).read_text("utf-8")


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {" ".join(heading): frozenset(entries) for heading, entries in parts_of("words.txt")}


def words(heading: str) -> frozenset[str]:
    """The words that stand under a heading of words.txt."""
    return _lists()[heading]
