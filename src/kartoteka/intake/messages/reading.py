"""Reading an order out of a message: who, how to reach them, what and how many, when and where. A guess says so.

Pure. Nothing is lost: what is not understood stays in the message, which is kept beside the draft and shown with it.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import phonenumbers

from kartoteka.standard import emails, money
from kartoteka.standard.characters import fold as fold_whole

from . import words
from .patterns import BEFORE_PHONE, BEHIND, BULLET, DAY, EMAIL, HEADS, NO_END, PRICE, QUANTITY, TIME


def fold(text: str) -> str:
    """Small letters without accents, each in its place, so that what is found here is cut out there."""
    return "".join((fold_whole(each) or each)[0] for each in text)


LONGEST = 5000
_MOST_ITEMS = 100
_MOST_WORDS = 8  # of asking, around one article


@dataclass(frozen=True)
class Guess:
    """A text that was found, and whether it is sure."""

    text: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Item:
    """Something ordered. price: of one; None where none is told. sure: that there are so many of just this."""

    name: str
    quantity: Decimal
    price: Decimal | None = None
    currency: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Draft:
    """An order as it was read. when: "2026-03-28" or "2026-03-28 15:00". channel: the messenger whose copy it is, or ""."""

    text: str
    name: Guess = Guess()
    phone: Guess = Guess()
    email: Guess = Guess()
    when: Guess = Guess()
    where: Guess = Guess()
    items: tuple[Item, ...] = ()
    channel: str = ""
    sent: str = ""

    @property
    def currency(self) -> str:
        """Of the first price that tells it."""
        return next((each.currency for each in self.items if each.currency), "")


@dataclass
class _Rest:
    """The message while it is read: what is understood is taken out."""

    text: str
    name: Guess = field(default_factory=Guess)

    def cut(self, start: int, end: int) -> str:
        found = self.text[start:end]
        self.text = (
            f"{self.text[:start]}\n{self.text[end:]}"
            if "\n" in found
            else f"{self.text[:start]} , {self.text[end:]}"
        )
        return found


def read_message(text: str, *, today: dt.date, country: str = "") -> Draft:
    """What stands in a pasted message.

    today: the day it is read, where it does not say when it was sent. country: ISO alpha-2, of phones and prices that do
    not tell theirs.
    """
    whole = "".join(each for each in text[:LONGEST] if each.isprintable() or each == "\n").strip()
    rest = _Rest(whole)
    channel, sent = _heads(rest)
    written = _day_of(sent, today) or today
    phone = _phone(rest, country)
    email = _email(rest)
    when = _when(rest, written)
    where = _where(rest)
    name = _name(rest)
    items = tuple(_items(rest.text, country))[:_MOST_ITEMS]
    return Draft(whole, name, phone, email, when, where, items, channel, sent)


def _heads(rest: _Rest) -> tuple[str, str]:
    """The messenger's lines before each message: who wrote, and when."""
    for channel, pattern in HEADS:
        first = pattern.search(rest.text)
        if first is None:
            continue
        who = first["who"].strip()
        if _digits(who):
            rest.text = f"{rest.text}\n{who}"
        else:
            rest.name = Guess(who.strip("~ "), sure=True)
        rest.text = pattern.sub("\n", rest.text)
        return channel, first["when"].strip()
    return "", ""


def _digits(text: str) -> bool:
    return sum(each.isdigit() for each in text) >= 7


def _day_of(text: str, today: dt.date) -> dt.date | None:
    found = DAY.search(text)
    return _date(found, today, past=True) if found else None


def _date(found: re.Match[str], today: dt.date, *, past: bool = False) -> dt.date | None:
    """The day in a match; without a year the next one of that day and month (or this year's, for what is past)."""
    try:
        if found[4]:
            return dt.date(int(found[4]), int(found[5]), int(found[6]))
        day, month = int(found[1]), int(found[2])
        if month > 12 >= day:
            day, month = month, day
        if found[3]:
            return dt.date(int(found[3]) + (2000 if len(found[3]) == 2 else 0), month, day)
        this = dt.date(today.year, month, day)
    except ValueError:
        return None
    return this if past or this >= today else dt.date(today.year + 1, month, day)


def _phone(rest: _Rest, country: str) -> Guess:
    """The first number that could be dialled."""
    for match in phonenumbers.PhoneNumberMatcher(rest.text, country or None):
        word = BEFORE_PHONE.search(rest.text[: match.start])
        rest.cut(word.start() if word else match.start, match.end)
        return Guess(phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164))
    return Guess()


def _email(rest: _Rest) -> Guess:
    found = EMAIL.search(rest.text)
    if not found:
        return Guess()
    typed = rest.cut(*found.span())
    read = next((each for each in emails.standardise(typed) if each.value), None)
    return Guess(read.value.value, sure=not read.problem) if read and read.value else Guess(typed, sure=False)


def _where(rest: _Rest) -> Guess:
    """What stands after a word for the place of delivery, up to the end of the line or sentence."""
    for line in re.finditer(r"[^\n;]+", rest.text):
        folded = fold(line[0])
        for word in sorted(words.PLACE, key=len, reverse=True):
            at = re.search(rf"(?:^|[\s,.]){re.escape(word)}\b\s*[:\-–]?\s*", folded)
            if at is None:
                continue
            said = re.split(
                rf"(?<=\w){NO_END}[.!?](?=\s+\w{{2,}}|\s*$)|\s,\s", line[0][at.end() :], flags=re.I
            )[0].strip(" ,.")
            if len(said) >= 3 and re.search(r"[^\W\d_]{2}", said) and not _is_time(said):
                start = line.start() + at.start()
                rest.cut(start, line.start() + at.end() + len(said) + 1)
                return Guess(said, sure=bool(re.search(r"\d", said)))
    return Guess()


def _is_time(text: str) -> bool:
    first = fold(text).split()[0] if text.split() else ""
    return first in words.DAYS or first in words.RELATIVE or bool(TIME.match(text) or DAY.match(text))


def _name(rest: _Rest) -> Guess:
    """Who writes: as the messenger says, as they say themselves, or as they sign."""
    if rest.name.text:
        return rest.name
    lines = [each for each in rest.text.split("\n") if each.strip(" ,")]
    for line in lines:
        for word in sorted(words.NAME, key=len, reverse=True):
            start = re.search(rf"(?:^|[,.!]\s*){re.escape(word)}\s*(:|\s)\s*", fold(line))
            if start:
                said = _capitalised(line[start.end() :])
                if said and (start[1] == ":" or " " in word or " " in said or word in ("tu", "si")):
                    rest.text = rest.text.replace(line[start.start() : start.end()] + said, "\n", 1)
                    return Guess(said, sure=start[1] == ":")
    if signed := _signed(rest, lines):
        return Guess(signed, sure=False)
    return Guess()


_REGARDS = "|".join(map(re.escape, sorted(words.REGARDS, key=len, reverse=True)))
_SIGNED = re.compile(rf"(?:(?:^|[\s.,!])(?:{_REGARDS})[\s,.!:-]+|(?:^|\s)[-–—]\s*)(?=\w)")


def _signed(rest: _Rest, lines: Sequence[str]) -> str:
    """The name at the end: after regards, after a dash, or alone on the last line."""
    for line in lines[:-4:-1]:
        for found in reversed(list(_SIGNED.finditer(fold(line)))):
            said = _capitalised(line[found.end() :])
            if said and not line[found.end() + len(said) :].strip(" ,.!"):
                rest.text = rest.text.replace(line, line[: found.start()], 1)
                return said
    signed = [each.strip(" ,.!") for each in lines]
    if len(signed) > 1 and signed[-1] and signed[-1] == _capitalised(signed[-1]):
        rest.text = rest.text.replace(lines[-1], "\n", 1)
        return signed[-1]
    return ""


def _capitalised(text: str) -> str:
    """One to four words at the start that are written as names are."""
    found = re.match(
        r"\s*([^\W\d_][\w'’.-]*(?:[ ](?:[^\W\d_a-zà-ž][\w'’-]*|(?:van|der|de|binti|bin|dela|la|du)\b))*)",
        text,
    )
    said = found[1].strip(" .") if found else ""
    usual = said and said[0].isupper() and len(said.split()) <= 5 and len(said) > 1
    return said if usual and fold(said) not in words.REGARDS else ""


def _when(rest: _Rest, today: dt.date) -> Guess:
    day, sure = _told_day(rest, today)
    clock = ""  # at four: in the night, or in the afternoon?
    if found := TIME.search(rest.text):
        hour, minute = int(found[1] or found[3] or found[6] or found[8]), int(found[2] or found[4] or 0)
        half = (found[5] or found[7] or found[9] or "").casefold()
        hour += 12 if half == "pm" and hour < 12 else -12 if half == "am" and hour == 12 else 0
        if hour < 24 and minute < 60:
            clock = f"{hour:02}:{minute:02}"
            sure = sure and not (hour < 7 and not half)
            rest.cut(*found.span())
    if day is None and not clock:
        return Guess()
    return Guess(" ".join(filter(None, ((day or today).isoformat(), clock))), sure=sure and day is not None)


def _told_day(rest: _Rest, today: dt.date) -> tuple[dt.date | None, bool]:
    """The day, and whether it is sure: a day of the week may be that of next week."""
    for found in DAY.finditer(rest.text):
        start, end = _with_before(rest.text, found)
        # "5/3" is a flat as often as a day.
        if found[0].count("/") == 1 and start == found.start() and rest.text[:start].strip():
            continue
        if day := _date(found, today):
            rest.cut(start, end)
            return day, True
    for found in re.finditer(r"[^\W\d_]+(?:-[^\W\d_]+)?", rest.text):
        word = fold(found[0])
        if word in words.RELATIVE:
            rest.cut(*_with_before(rest.text, found))
            return today + dt.timedelta(days=words.RELATIVE[word]), True
        if word in words.DAYS:
            rest.cut(*_with_before(rest.text, found))
            return today + dt.timedelta(days=(words.DAYS[word] - today.weekday() - 1) % 7 + 1), False
    return None, True


def _with_before(text: str, found: re.Match[str]) -> tuple[int, int]:
    """With the word that binds it: "on Friday", "na sobotę", "sa Sabado", "pada hari Sabtu", "vir Vrydag"."""
    before = re.search(
        r"(?:\b(?:on|by|for|next|na|w|we|do|dnia|vir|op|sa|pada|hari|untuk|this)\s+)+$",
        text[: found.start()],
        re.I,
    )
    return (before.start() if before else found.start()), found.end()


# ---- what is ordered


def _items(text: str, country: str) -> list[Item]:
    pieces = [piece for line in text.split("\n") for piece in _pieces(BULLET.sub("", line))]
    found = [item for piece in pieces if (item := _item(piece, country))]
    if found:
        return found
    # Nobody said how many: what stands after a word of asking is one of it, perhaps.
    for piece in pieces:
        name, asked = _plain(piece)
        if asked and len(name) > 2:
            return [Item(name[:200], Decimal(1), sure=False)]
    return []


def _pieces(line: str) -> Sequence[str]:
    """A line taken apart where a new article begins: at commas (not within numbers), plus signs and words for "and"."""
    together = "|".join(sorted(words.AND, key=len, reverse=True))
    begins = r"(?=\d|[^\W\d_]+\s)"
    leading = re.compile(rf"^\s*(?:{together})\s+{begins}", re.I)
    return [
        leading.sub("", each.strip(" .!?"))
        for some in re.split(
            rf"\s*(?:[;+&]|,(?!\d)|(?<!\d),(?=\d))\s*|(?<=\w){NO_END}[.!?]\s+", line, flags=re.I
        )
        for each in re.split(rf"\s+(?:{together})\s+{begins}", some, flags=re.I)
        if each.strip(" .!?")
    ]


def _item(piece: str, country: str) -> Item | None:
    """An article with how many there are; None for a piece that does not say that."""
    price, currency, of_all, left = _price(piece, country)
    name, _asked = _plain(left)
    number, rest, sure = _number(name)
    if number is None or not re.search(r"[^\W\d_]{2}", rest) or number == 0:
        return None
    if price is not None and of_all and number != 1:
        price = (price / number).quantize(Decimal("0.01"))
    return Item(rest[:200], number, price, currency, sure and not (of_all and number != 1))


def _number(text: str) -> tuple[Decimal | None, str, bool]:
    """How many, and of what; with a measure it stays with the name ("2 kg" of flour are two of "kg flour")."""
    if found := QUANTITY.match(text):
        unit = fold(found["unit"] or "").rstrip(".")
        rest = text[found.end() :].strip(" x×*-–:")
        if unit in words.MEASURES:
            return (
                _decimal(found["number"]),
                f"{_without_of(rest)} ({found['unit']})" if rest else found["unit"],
                True,
            )
        if unit and unit not in words.PIECES and unit not in "×*":
            rest = f"{found['unit']} {rest}".strip()
        return _decimal(found["number"]), _without_of(rest), True
    if found := BEHIND.match(text):
        unit = fold(found["unit"] or "").rstrip(".")
        if (found["mark"] and not unit) or unit in words.PIECES:
            return _decimal(found["number"]), found["name"].strip(" -–:"), True
        if unit in words.MEASURES:
            return _decimal(found["number"]), f"{found['name'].strip(' -–:')} ({found['unit']})", True
    first, _space, rest = text.partition(" ")
    if (number := words.NUMBERS.get(fold(first))) and rest:
        unit, _gap, name = rest.partition(" ")
        if fold(unit).rstrip(".") in words.PIECES and name:
            rest = name
        return Decimal(number), _without_of(rest), True
    return None, text, False


def _without_of(name: str) -> str:
    return re.sub(r"^(?:of|na|ng|van)\s+", "", name, flags=re.I)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _price(piece: str, country: str) -> tuple[Decimal | None, str, bool, str]:
    """The price in a piece, its currency, whether it may be of all together, and the piece without it."""
    found = PRICE.search(piece)
    if found is None:
        return None, "", False, piece
    read = money.standardise(found["amount"], country=country).value
    if read is None:
        return None, "", False, piece
    left = f"{piece[: found.start()]} {piece[found.end() :]}".strip(" -–:,@=()")
    return read.amount, read.currency, not (found["each"] or found["after"]), " ".join(left.split())


def _plain(text: str) -> tuple[str, bool]:
    """The text without the words of asking around it, and whether there were any. Greetings go with them."""
    asked = False
    going = text.strip(" ,.!:")
    for _each in range(_MOST_WORDS):
        trailing = _TRAILING.search(fold(going))
        if trailing is None:
            break
        going, asked = going[: trailing.start()].strip(" ,.!:@"), True
    for _each in range(_MOST_WORDS):
        folded = fold(going)
        word = next(
            (
                each
                for each in _ASKING
                if re.match(rf"(?:.{{0,30}}?[\s,!.])?{re.escape(each)}(?:[\s:,]+|$)", folded)
            ),
            "",
        )
        if not word:
            return going, asked
        end = folded.index(word) + len(word)
        if re.search(r"\d", going[:end]):
            return going, asked
        going, asked = going[end:].strip(" ,.!:"), True
    return going, asked


_ASKING = sorted(words.ASKING, key=len, reverse=True)
_TRAILING = re.compile(
    r"\s+(?:bestel|please|asseblief|po|tolong|prosze|poprosze|kiitos|teen|each|elk|for|za|at|a|@|hinta)$|\s*@$"
)
