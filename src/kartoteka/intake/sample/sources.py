"""The five places a small business keeps its customers in, and how a row looks in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from kartoteka.intake.sample import spelling
from kartoteka.intake.sample.cards import vcard
from kartoteka.intake.sample.entries import TODAY, Entry
from kartoteka.intake.sample.pools import filled, words_of

BUSINESS = "Copper Bell Bicycles & Coffee"

Cell = str | date | int
Row = list[Cell]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of file.

    `share`: how readily a customer is in it; `care`: see entries.entry; `firms`: which share of the firms it
    takes; `needs`: what an entry must have to be in it at all.
    """

    name: str
    share: float
    care: float
    firms: float
    row: Callable[[Entry, Random], Row]
    needs: Callable[[Entry], bool]


SHOP_COLUMNS = words_of("shop")
NEWS_COLUMNS = words_of("newsletter")


def counter_columns(country: str) -> tuple[str, ...]:
    """The header of a counter's workbook, in the language it is kept in."""
    return words_of(f"counter {country}")


def counter_title(country: str) -> tuple[str, str]:
    """What a counter's workbook is headed with, and the town of the counter."""
    (title,) = words_of(f"title {country}")
    return f"{BUSINESS}: {title}", title.rsplit(", ", 1)[1]


def counter_total(country: str) -> str:
    """The word for "total" under the list."""
    return words_of(f"total {country}")[0]


def warranty_columns(country: str) -> tuple[str, ...]:
    return words_of(f"warranty {country}")


PRODUCTS = (
    "Robin 7 city bike",
    "Heron touring bike",
    "Wren kids' bike 20\"",
    "Magpie e-bike",
    "Finch espresso machine",
)

JUNK_NAMES = ("test", "TEST TEST", "asdf", "xxx", "Jane Doe TEST", "???", "-", "do not use")


def shop_row(entry: Entry, rng: Random) -> Row:
    """As WooCommerce exports its customers. Typed by themselves: neat, some names in the wrong box."""
    given, family = entry.given, entry.family
    if entry.name and entry.name.people == "zh" and rng.random() < 0.4:
        given = f"{entry.name.western} {given}".strip()
    if rng.random() < 0.025:
        given, family = family, given
    address, spent = entry.address, int(rng.random() ** 3 * 90_000)
    line, second = spelling.street_line(address, rng), ""
    if address.flat and address.country == "GB" and line.startswith(f"Flat {address.flat}, "):
        line, second = line.removeprefix(f"Flat {address.flat}, "), f"Flat {address.flat}"
    elif address.district and rng.random() < 0.5:
        line, second = line.removesuffix(f", {address.district}"), address.district
    elif rng.random() < 0.006:
        line = f"{line}\nc/o reception"  # a line break inside a quoted cell
    phone = ""
    if entry.phones and rng.random() < 0.85:
        phone = (
            entry.phones[0] if rng.random() < 0.35 else spelling.phone(entry.phones[0], entry.country, rng)
        )
    login = entry.email.strip().partition("@")[0].lower()
    return [
        10_000 + entry.person * 3 % 7919 + int(rng.random() * 80_000),
        login,
        f"{entry.since:%Y-%m-%d} {filled('1#:2#:3#', rng)}",
        given,
        family,
        entry.email.strip(),
        given if rng.random() < 0.9 else "",
        family if rng.random() < 0.9 else "",
        entry.firm,
        entry.email.strip() if rng.random() < 0.8 else "",
        phone,
        line,
        second,
        address.postcode,
        address.city,
        address.region if rng.random() < 0.5 else "",
        address.country,
        1 + int(rng.random() ** 2 * 12),
        f"{spent // 100}.{spent % 100:02}",
    ]


def news_row(entry: Entry, rng: Random) -> Row:
    """As Mailchimp exports an audience: an e-mail address, mostly a first name, seldom more."""
    given, family, chance = entry.given, entry.family, rng.random()
    if chance < 0.15:
        given = ""
    elif chance < 0.25 and entry.short:
        given = entry.short
    if chance > 0.93:
        given, family = given.upper(), family.upper()
    address, birth = entry.address, entry.birth
    place = f"{spelling.street_line(address, rng)}  {address.city}    {address.postcode}  {address.country}"
    when = f"{entry.since:%Y-%m-%d} {int(rng.random() * 24):02}:{int(rng.random() * 60):02}:00"
    return [
        entry.email,
        given,
        family if rng.random() < 0.62 else "",
        place if rng.random() < 0.15 else "",
        spelling.phone(entry.phones[0], entry.country, rng) if entry.phones and rng.random() < 0.12 else "",
        f"{birth.month:02}/{birth.day:02}" if birth and rng.random() < 0.3 else "",
        ('"coffee","bikes"', '"bikes"', '"coffee"', "")[int(rng.random() * 4)],
        1 + int(rng.random() * 5),
        when,
        filled("203.0.113.##", rng),
        entry.country if rng.random() < 0.6 else "",
        {"fil": "tl"}.get(entry.language, entry.language) if rng.random() < 0.7 else "",
        when,
    ]


def counter_row(entry: Entry, rng: Random) -> Row:
    """As typed at the counter: everything in few columns, in any spelling. The book numbers the rows."""
    name = entry.full
    if entry.kind == "firm":
        name = entry.firm
    elif rng.random() < 0.18 and entry.name:
        name = spelling.family_first(entry.name, rng)
    elif entry.short and rng.random() < 0.12:
        name = f"{entry.short} {entry.family}"
    if entry.title and rng.random() < 0.6:
        name = f"{entry.title} {name}"
    phones: Cell = (" / ", ", ", "; ", "\n", " or ")[int(rng.random() * 5)].join(
        spelling.phone(number, entry.country, rng) for number in entry.phones
    )
    if isinstance(phones, str) and phones.isdigit() and phones[0] != "0" and len(phones) < 12:
        phones = int(phones)  # Excel made it a number
    born: Cell = ""
    if entry.birth and rng.random() < 0.55:
        born = entry.birth if rng.random() < 0.4 else entry.birth_text
    since: Cell = (
        entry.since if rng.random() < 0.6 else spelling.day(entry.since, entry.country, entry.language, rng)
    )
    remarks = words_of(f"remarks {entry.language}")
    remark = remarks[int(rng.random() * len(remarks))] if rng.random() < 0.3 else ""
    if entry.firm and entry.kind == "person" and rng.random() < 0.6:
        remark = f"{entry.firm}{', ' if remark else ''}{remark}"
    if entry.registration and rng.random() < 0.5:
        remark = f"{remark} {entry.registration}".strip()
    email = entry.email if rng.random() < 0.55 else ""
    place = spelling.one_line(entry.address, rng) if rng.random() < 0.65 else ""
    if rng.random() < 0.02:
        place, email = email, place  # typed into the wrong column
    return ["", name, phones, email, place, born, since, remark]


def warranty_row(entry: Entry, rng: Random) -> Row:
    """As the old till program writes warranty cards: family first, dates of purchase, fields left empty."""
    bought = TODAY - timedelta(days=int(rng.random() * 1400))
    address = entry.address
    name = entry.firm if entry.kind == "firm" else entry.full
    if entry.name and rng.random() < 0.85:
        name = spelling.family_first(entry.name, rng)
        if rng.random() < 0.06:
            name = spelling.typo(name, rng)
    countries = spelling.COUNTRY_WORDS[entry.country]
    phone = spelling.phone(entry.phones[0], entry.country, rng) if entry.phones and rng.random() < 0.8 else ""
    return [
        filled("CB-##@-#####", rng),
        PRODUCTS[int(rng.random() * len(PRODUCTS))],
        spelling.day(bought, entry.country, entry.language, rng, usual=0.95),
        name,
        phone,
        entry.email.strip() if rng.random() < 0.4 else "",
        spelling.street_line(address, rng) if rng.random() < 0.9 else "",
        address.postcode if rng.random() < 0.9 else "",
        address.city if rng.random() < 0.95 else "",
        countries[int(rng.random() ** 2 * len(countries))] if rng.random() < 0.85 else "",
        entry.birth_text if rng.random() < 0.45 else "",
        entry.firm if entry.kind == "person" else "",
    ]


def card_row(entry: Entry, rng: Random) -> Row:
    """One vCard of the telephone's phone book: the whole card is one cell, lines parted by CRLF."""
    return [vcard(entry, rng)]


def has_email(entry: Entry) -> bool:
    return bool(entry.email)


def has_phone(entry: Entry) -> bool:
    return bool(entry.phones)


def always(_: Entry) -> bool:
    return True


SHOP = Source("Web shop", 1.1, 0.85, 0.7, shop_row, has_email)
NEWS = Source("Newsletter", 0.9, 0.75, 0.15, news_row, has_email)
COUNTER = Source("Counter", 1.0, 0.2, 0.6, counter_row, always)
WARRANTY = Source("Warranty cards", 0.7, 0.35, 0.6, warranty_row, always)
PHONES = Source("Phone book", 0.6, 0.5, 0.8, card_row, has_phone)
SOURCES = (SHOP, NEWS, COUNTER, WARRANTY, PHONES)


def junk(source: Source, columns: Sequence[str], rng: Random) -> Row:
    """A row that is nobody: somebody tried the form out, or left a line of dashes."""
    name = JUNK_NAMES[int(rng.random() * len(JUNK_NAMES))]
    row: Row = ["" for _ in columns]
    if source is SHOP:
        row[3:6] = [name, "test", "test@example.com"]
    elif source is NEWS:
        row[0:2] = ["test@example.com", name]
    elif source is COUNTER:
        row[1:3] = [name, "000"]
    else:
        row[3:5] = [name, "123"]
    return row
