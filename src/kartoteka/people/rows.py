"""From the record to the rows that hold it: the customer's columns, how they can be reached, the words they are found by.

Pure, and all but the keys and the moments is in it: so the processes that understand a file make it ready, and whoever
writes has only to write.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from kartoteka.kit.jsontext import json
from kartoteka.standard.letters import fold
from kartoteka.standard.name_words import FATHERS

from .completeness import Weights, completeness_of
from .freshness import Ages, shortest_age
from .presence import is_private, marked
from .record import alone
from .search.words import words_of

# The columns that come straight from the record, with their room in the table.
ROOM = {
    "name": 300, "title": 100, "given": 200, "middle": 200, "family": 200, "particle": 50, "suffix": 50,
    "nickname": 100, "company": 300, "form": 60, "sex": 1, "birth": 10, "language": 10,
}  # fmt: skip
_HAVE_COLUMNS = frozenset({*ROOM, "kind"})
# What a customer without a family name is called by, the best first.
_CALLED_BY = ("company", "name", "given", "nickname")
# How a name that customers are ordered by begins. A figure, as these come one behind the other in every collation.
NAMED, NAMELESS = "0 ", "1 "

# All columns the record fills, in the order `Held.columns` gives them; the moments come with the writing.
COLUMNS = (
    "kind", *ROOM, "email", "phone", "city", "country", "more", "sort_name", "completeness",
)  # fmt: skip

CONTACT_COLUMNS = ("position", "label", "extension", "preferred", "hours", "language")


class Rules(NamedTuple):
    """What the owner has set: the weights of the fields in completeness, after how many days their facts are stale, the
    fields by which nobody is to be found."""

    weights: Weights
    ages: Ages
    hidden: frozenset[str]


class Held(NamedTuple):
    """A record as its rows hold it.

    columns: the values of COLUMNS. reached: (kind, value, *CONTACT_COLUMNS) for each contact point, the best first.
    names, others: the words by which the customer is found, with blanks between. fresh_days: for how long the first of
    its facts to grow stale is fresh, all told on one day; 0: for ever.
    """

    columns: tuple[Any, ...]
    reached: tuple[tuple[Any, ...], ...]
    names: str
    others: str
    fresh_days: int


class Ready(NamedTuple):
    """One claim, ready to be written: its JSON texts, and what is held of a customer of whom it is all that is known.

    private: there is something sensitive in the texts, so that they must be sealed as they are written.
    """

    values: str
    typed: str
    private: bool
    held: Held


class Written(Mapping[str, Any]):
    """The values of a claim as JSON text, read only when somebody asks for one: of most rows nobody does."""

    __slots__ = ("_read", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._read: dict[str, Any] | None = None

    def _values(self) -> dict[str, Any]:
        if self._read is None:
            self._read = orjson.loads(self._text)
        return self._read

    def __getitem__(self, key: str) -> Any:
        return self._values()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())


# An e-mail, or a number of seven digits, noted in a name.
_TELLING = re.compile(r"@|\d(?:\D{0,3}\d){6}")


def make_ready(
    values: Mapping[str, Any], typed: Mapping[str, Any], rules: Rules, *, private: bool = False
) -> Ready:
    """All that can be made ready of a claim before the base is asked. private: something sensitive was typed."""
    private = private or is_private(values, typed, rules.hidden)
    return Ready(json(values), json(typed), private, hold(alone(values), rules))


def hold(values: Mapping[str, Any], rules: Rules) -> Held:
    """The rows for a record with these values."""
    names, others = words_of(values, rules.hidden)
    return Held(
        _columns(values, rules),
        _reached_at(values),
        " ".join(names),
        " ".join(others),
        shortest_age(values, rules.ages),
    )


def kind_of(values: Mapping[str, Any]) -> str:
    """Person, organisation or household: as said, else an organisation where only a company is known."""
    if said := values.get("kind"):
        return str(said)
    if values.get("company") and not (values.get("given") or values.get("family") or values.get("name")):
        return "organisation"
    return "person"


def _first(values: Mapping[str, Any], key: str, part: str) -> str:
    entries = values.get(key)
    return str(entries[0].get(part) or "") if entries else ""


def _sort_name(values: Mapping[str, Any]) -> str:
    """By what a list is ordered: the folded family and given name, else the company, else whatever there is.

    Where the father's name stands in the family's place (bin, a/l), people are filed by their own name. Who has no name at
    all is filed behind all who have one, by the first letter of an e-mail only; so is, among the others, a name in which a
    number was noted: the order, and the marks of its pages, tell nobody what is veiled.
    """
    if family := values.get("family"):
        parts = [str(family), str(values.get("given") or "")]
        if values.get("particle") in FATHERS:
            parts.reverse()
    else:
        parts = [str(next(filter(None, map(values.get, _CALLED_BY)), None) or "")]
    # Word by word, as names repeat and pairs of them do not: what is folded once is remembered.
    text = " ".join(filter(None, map(fold, parts)))
    if not text:
        return NAMELESS + fold(_first(values, "emails", "value")[:1])
    return NAMED + (text[:1] if _TELLING.search(text) else text[: 300 - len(NAMED)])


def _columns(values: Mapping[str, Any], rules: Rules) -> tuple[Any, ...]:
    values = marked(values, rules.hidden)
    kind = kind_of(values)
    get = values.get
    return (
        kind,
        *[str(text)[:room] if (text := get(name)) else "" for name, room in ROOM.items()],
        _first(values, "emails", "value")[:320],
        _first(values, "phones", "value")[:32],
        _first(values, "addresses", "city")[:120],
        _first(values, "addresses", "country")[:2],
        json({key: value for key, value in values.items() if key not in _HAVE_COLUMNS}),
        _sort_name(values),
        completeness_of(values, rules.weights, kind=kind),
    )


def _reached_at(values: Mapping[str, Any]) -> tuple[tuple[Any, ...], ...]:
    """How the customer can be reached, the best first; one entry a contact point."""
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for kind, key in (("phone", "phones"), ("email", "emails")):
        for position, entry in enumerate(values.get(key) or ()):
            value = str(entry.get("value") or "")[:320]
            if value and (kind, value) not in found:
                found[kind, value] = (kind, value, position, *(_AS_IT_IS if len(entry) == 1 else _how(entry)))
    return tuple(found.values())


# What is said of a contact point of which nothing is said.
_AS_IT_IS = ("", "", False, "", "")


def _how(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is said of a contact point: CONTACT_COLUMNS but for the position."""
    get = entry.get
    return (
        str(get("label") or "")[:40],
        str(get("ext") or "")[:20],
        bool(get("preferred")),
        str(get("hours") or "")[:100],
        str(get("language") or "")[:10],
    )
