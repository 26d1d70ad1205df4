"""What people type when they look for a customer: with slips, without accents, in part. For the bench of the search."""

import random
import string
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kartoteka.standard.lore import called

Record = Mapping[str, Any]


def slip(rng: random.Random, word: str, times: int = 1) -> str:
    """The word with slips of the finger: a letter exchanged, missing, doubled, wrong, or too many."""
    for _ in range(times):
        place = rng.randrange(len(word) - 1) if len(word) > 1 else 0
        letter = rng.choice(string.ascii_lowercase)
        before = word
        while word == before:
            word = rng.choice((
                word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :],
                word[:place] + word[place + 1 :],
                word[:place] + word[place] + word[place:],
                word[:place] + letter + word[place + 1 :],
                word[:place] + letter + word[place:],
            ))  # fmt: skip
            letter = rng.choice(string.ascii_lowercase)
    return word


def bare(text: str) -> str:
    """Without accents, as typed on a foreign keyboard."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def _spaced(rng: random.Random, digits: str) -> str:
    size = rng.choice((2, 3))
    return rng.choice(" -").join(digits[place : place + size] for place in range(0, len(digits), size))


def _city(record: Record) -> str:
    return str(record["addresses"][0]["city"])


def _street(record: Record) -> str:
    return "{street} {number}".format(**record["addresses"][0])


def _phone(record: Record) -> str:
    return str(record["phones"][0]["value"])


def _email(record: Record) -> str:
    return str(record["emails"][0]["value"])


def _inland(record: Record) -> str:
    return _phone(record)[-9:]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to ask.

    typed: what is typed for a record. told: what it tells of the record; whoever has the same is right as well. has: whether
    the record has what it takes.
    """

    name: str
    typed: Callable[[random.Random, Record], str]
    told: Callable[[Record], object]
    has: Callable[[Record], object] = lambda _: True


def _name(record: Record) -> tuple[object, ...]:
    return record["given"], record["family"]


def _oneself(record: Record) -> object:
    return record["card"]


def _short(rng: random.Random, record: Record) -> str:
    return rng.choice(sorted(called(record["given"])) or [record["given"]])


KINDS = (
    Kind("full name", lambda r, c: c["name"], _name),
    Kind("full name, family name first", lambda r, c: f"{c['family']} {c['given']}", _name),
    Kind("full name, a slip in the family name", lambda r, c: f"{c['given']} {slip(r, c['family'])}", _name),
    Kind("full name, a slip in the given name", lambda r, c: f"{slip(r, c['given'])} {c['family']}", _name),
    Kind("full name, a slip in both", lambda r, c: f"{slip(r, c['given'])} {slip(r, c['family'])}", _name),
    Kind("full name, two slips in the family name", lambda r, c: f"{c['given']} {slip(r, c['family'], 2)}", _name,
         lambda c: len(c["family"]) > 5),
    Kind("another form of the given name, family name", lambda r, c: f"{_short(r, c)} {c['family']}", _name,
         lambda c: called(c["given"])),
    Kind("family name alone, a slip", lambda r, c: slip(r, c["family"]), lambda c: c["family"]),
    Kind("family name alone", lambda r, c: c["family"], lambda c: c["family"]),
    Kind("given name, city", lambda r, c: f"{c['given']} {_city(c)}", lambda c: (c["given"], _city(c))),
    Kind("given name with a slip, city", lambda r, c: f"{slip(r, c['given'])} {_city(c)}", lambda c: (c["given"], _city(c))),
    Kind("name, a slip in each, and city", lambda r, c: " ".join(slip(r, w) for w in (c["given"], c["family"], _city(c))),
         lambda c: (_name(c), _city(c))),
    Kind("company", lambda r, c: c["company"], lambda c: c["company"], lambda c: c.get("company")),
    Kind("company, a slip", lambda r, c: " ".join([slip(r, c["company"].split()[0]), *c["company"].split()[1:]]),
         lambda c: c["company"], lambda c: c.get("company")),
    Kind("accents missing", lambda r, c: bare(c["name"]), _name, lambda c: not c["name"].isascii()),
    Kind("family name without its edges, and city", lambda r, c: f"{c['family'][1:-1]} {_city(c)}",
         lambda c: (c["family"], _city(c)), lambda c: len(c["family"]) > 5),
    Kind("begun name, and city", lambda r, c: f"{_city(c)} {c['given']} {c['family'][:4]}", lambda c: (_name(c), _city(c))),
    Kind("phone with spaces", lambda r, c: _spaced(r, _inland(c)), _oneself),
    Kind("last 5 to 7 digits of the phone", lambda r, c: (n := r.choice((5, 6, 7))) and _phone(c)[-n:],
         lambda c: _phone(c)[-5:]),
    Kind("last 4 digits of the phone, given name", lambda r, c: f"{c['given']} {_phone(c)[-4:]}",
         lambda c: (c["given"], _phone(c)[-4:])),
    Kind("e-mail", lambda r, c: _email(c), lambda c: _email(c), lambda c: c.get("emails")),
    Kind("e-mail before the @", lambda r, c: _email(c).split("@")[0], lambda c: _email(c).split("@")[0] if c.get("emails") else "",
         lambda c: c.get("emails")),
    Kind("beginning of the e-mail", lambda r, c: _email(c)[: max(8, len(c["given"]) + 5)].split("@")[0],
         lambda c: _email(c)[: max(8, len(c["given"]) + 5)].split("@")[0] if c.get("emails") else "", lambda c: c.get("emails")),
    Kind("card", lambda r, c: c["card_shown"].lower(), _oneself),
    Kind("street and number", lambda r, c: _street(c), _street),
    Kind("street with a slip, and number", lambda r, c: slip(r, c["addresses"][0]["street"]) + " " + c["addresses"][0]["number"],
         _street),
    Kind("family name, street", lambda r, c: f"{c['family']} {c['addresses'][0]['street']}", lambda c: (c["family"], c["addresses"][0]["street"])),
)  # fmt: skip
