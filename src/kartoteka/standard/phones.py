"""Telephone numbers as people type them into one field, each as E.164.

A field is cut into groups of digits (phonetext), the groups are put together into numbers the numbering plans know
(numbering) in the way that stretches them least: as few numbers as possible, no group left over, no separator
against its habit. The country given is only the one numbers without a country belong to: what can be no number there
and is one abroad is read as abroad.
"""

import re
from typing import NamedTuple

from kartoteka.standard.characters import says_nothing
from kartoteka.standard.numbering import Line, line, read
from kartoteka.standard.outcome import Standard
from kartoteka.standard.phonetext import Group, groups


class Phone(NamedTuple):
    """value: E.164 ("+48501234567"); country: ISO alpha-2 it belongs to ("001" for none); type: a `numbering.Line.kind`
    (mobile, landline, either, freephone, ...); ext: the extension's digits or ""."""

    value: str
    country: str
    type: str
    ext: str = ""


_COUNTRY_OF_LANGUAGE = {"pl": "PL", "fi": "FI", "af": "ZA", "fil": "PH", "tl": "PH", "ms": "MY", "de": "DE"}
_PLAIN = re.compile(r"\+?[0-9(][0-9 ()-]{7,20}[0-9]")
_NOT_DIGITS = str.maketrans("", "", " ()-+")
# The cost of a number, of leaving a group of digits unread (by its length), and of each separator inside a number.
_NUMBER = 1.0
_TAIL = 1.6
_COMMA_INSIDE = 1.5
_SLASH_INSIDE = 2.5
_MOST_GROUPS = 60
_LONGEST = 500  # characters: a field longer than this is no list of numbers


def standardise(text: str, *, country: str = "", language: str = "") -> list[Standard[Phone]]:
    """Every telephone number in `text`, in the order typed, each once.

    country: ISO alpha-2 of the people in the file; language stands in for it where it tells (pl, fi, af, fil, ms, de).
    An empty cell, or a word for "nothing", gives an empty list. Digits that can be no number give a result without
    value, "invalid"; so does a text without any number. Dates, hours and prices are no numbers.
    """
    country = country.upper() or _COUNTRY_OF_LANGUAGE.get(language.lower(), "")
    if _PLAIN.fullmatch(text) and "(0)" not in text:
        digits = text.translate(_NOT_DIGITS)
        found = read(digits, text[0] == "+", country) if len(digits) >= 9 else None
        if found and found.doubt < 1:
            return [Standard(_phone(found), text)]
    return _field(text, country)


def _phone(found: Line) -> Phone:
    return Phone(f"+{found.calling}{found.national}", found.country, found.kind)


def _field(text: str, country: str) -> list[Standard[Phone]]:
    if says_nothing(text):
        return []
    if len(text) > _LONGEST:
        return [Standard(None, text, "invalid")]
    phones: dict[str, Phone] = {}
    unread = False
    for block in _blocks(groups(text, country)[:_MOST_GROUPS]):
        digits = [group for group in block if not group.ext]
        path = _best_path(digits, country)
        glued = _glued(digits, path)
        unread = unread or glued or any(len(digits[index].digits) >= 5 for index in path.unread)
        # A digit too many makes another number, or none: not a number and a digit.
        found = [_phone(each) for each in path.lines] if not glued or len(path.lines) > 1 else []
        for phone in found:
            phones.setdefault(phone.value, phone)
        ext = next((group.digits for group in block if group.ext), "")
        if ext and found:
            phones[found[-1].value] = found[-1]._replace(ext=ext)
    results = [Standard(phone, text) for phone in phones.values()]
    return results + ([Standard(None, text, "invalid")] if unread or not phones else [])


def _blocks(found: list[Group]) -> list[list[Group]]:
    """Groups that words do not divide; an extension closes its block."""
    blocks: list[list[Group]] = []
    for group in found:
        if not blocks or (group.before == "words" and not group.ext) or blocks[-1][-1].ext:
            blocks.append([])
        blocks[-1].append(group)
    return blocks


class _Path(NamedTuple):
    """A way to read the groups up to some point: what it costs, the numbers it gives, the groups it leaves unread."""

    cost: float = 0.0
    lines: tuple[Line, ...] = ()
    unread: tuple[int, ...] = ()


def _best_path(block: list[Group], country: str) -> _Path:
    """The cheapest way to read all groups of a block as numbers, tails of numbers, or nothing."""
    best: list[_Path] = [_Path()] + [_Path(cost=1e9)] * len(block)
    for start, group in enumerate(block):
        cost, lines, unread = best[start]
        leaving = 4.0 if len(group.digits) > 4 else 2.0
        steps = [(start + 1, _Path(cost + leaving, lines, (*unread, start)))]
        steps += [
            (end, _Path(cost + more, (*lines, found), unread))
            for end, more, found in _numbers(block, start, country)
        ]
        if lines and group.before in ("slash", "comma", "or") and not group.plus:
            steps += [
                (end, _Path(cost + _TAIL, (*lines, found), unread))
                for end, found in _tails(block, start, lines[-1])
            ]
        for end, path in steps:
            if path.cost < best[end].cost:
                best[end] = path
    return best[-1]


def _glued(block: list[Group], path: _Path) -> bool:
    """Whether a group left unread stands by a number with nothing between: then it was meant as a part of it."""
    for index in path.unread:
        after = block[index + 1] if index + 1 < len(block) else None
        if index and block[index].before == "soft" and index - 1 not in path.unread:
            return True
        if after and after.before == "soft" and not after.plus and index + 1 not in path.unread:
            return True
    return False


def _numbers(block: list[Group], start: int, country: str) -> list[tuple[int, float, Line]]:
    """The numbers that begin at a group: where each ends, what it costs."""
    found: list[tuple[int, float, Line]] = []
    digits, cost = "", 0.0
    for end in range(start, len(block)):
        group = block[end]
        if end > start:
            if group.plus or group.before == "or":
                break
            complete = bool(found) and found[-1][0] == end
            if group.before == "slash":
                cost += _SLASH_INSIDE if complete else 0.2
            elif group.before == "comma":
                cost += _COMMA_INSIDE + (1.0 if complete else 0.0)
        digits += group.digits
        if len(digits) > 18:
            break
        number = read(digits, block[start].plus, country) if len(digits) >= 5 else None
        if number:
            found.append((end + 1, _NUMBER + cost + number.doubt, number))
    return found


def _tails(block: list[Group], start: int, whole: Line) -> list[tuple[int, Line]]:
    """Numbers given by their last digits only: "600 100 200 / 201", "03-2161 1234/2161 5678"."""
    tails: list[tuple[int, Line]] = []
    digits = ""
    for end in range(start, len(block)):
        if end > start and block[end].before != "soft":
            break
        digits += block[end].digits
        # More than four digits are a second line of the same exchange; mobiles have none.
        if len(digits) > 4 and (
            whole.kind != "landline" or digits[0] == "0" or len(digits) >= len(whole.national) - 1
        ):
            break
        if end + 1 < len(block) and block[end + 1].before == "soft" and not block[end + 1].plus:
            continue  # the beginning of something longer is no tail
        other = line(whole.calling, whole.national[: -len(digits)] + digits)
        if other and other.kind == whole.kind:
            tails.append((end + 1, other))
    return tails
