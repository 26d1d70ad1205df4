"""The five places a small business keeps its customers in, and how a row looks in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from kartoteka.intake.sample import spelling
from kartoteka.intake.sample.entries import TODAY, Entry
from kartoteka.intake.sample.pools import filled

BUSINESS = "Copper Bell Bicycles & Coffee"

Cell = str | date | int
Row = list[Cell]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of file. `share`: how readily a customer is in it; `care`: see entries.entry; `firms`: the share of
    firms among the customers that it takes; `needs`: what an entry must have to be in it at all."""

    name: str
    share: float
    care: float
    firms: float
    row: Callable[[Entry, Random], Row]
    needs: Callable[[Entry], bool]


SHOP_COLUMNS = (
    "user_id,user_login,user_registered,first_name,last_name,user_email,billing_first_name,billing_last_name,"
    "billing_company,billing_email,billing_phone,billing_address_1,billing_address_2,billing_postcode,billing_city,"
    "billing_state,billing_country,order_count,total_spent"
).split(",")

NEWS_COLUMNS = (
    "Email Address,First Name,Last Name,Address,Phone Number,Birthday,TAGS,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,"
    "CC,LANGUAGE,LAST_CHANGED"
).split(",")

COUNTER_COLUMNS = {
    "GB": ("No.", "Customer", "Phone", "E-mail", "Address", "Date of birth", "First visit", "Remarks"),
    "ZA": ("Nr", "Kliënt", "Telefoon", "E-pos", "Adres", "Geboortedatum", "Kliënt sedert", "Notas"),
    "PH": ("Blg.", "Pangalan", "Telepono", "Email", "Tirahan", "Petsa ng kapanganakan", "Unang bisita", "Tala"),
    "MY": ("Bil.", "Nama", "No. Telefon", "E-mel", "Alamat", "Tarikh Lahir", "Pelanggan sejak", "Catatan"),
    "FI": ("Nro", "Nimi", "Puhelin", "Sähköposti", "Osoite", "Syntymäaika", "Asiakas alkaen", "Huomautuksia"),
    "PL": ("Lp.", "Imię i nazwisko", "Telefon", "E-mail", "Adres", "Data urodzenia", "Klient od", "Uwagi"),
}

COUNTER_TITLES = {
    "GB": "customers at the counter, Bristol",
    "ZA": "kliënte by die toonbank, Stellenbosch",
    "PH": "listahan ng mga suki, Cebu",
    "MY": "senarai pelanggan kaunter, George Town",
    "FI": "tiskin asiakkaat, Tampere",
    "PL": "klienci przy ladzie, Kraków",
}

WARRANTY_COLUMNS = {
    "GB": "Serial number;Product;Bought on;Customer;Telephone;E-mail;Street;Postcode;Town;Country;Born;Company",
    "ZA": "Reeksnommer;Produk;Aankoopdatum;Kliënt;Telefoon;E-pos;Straat;Poskode;Stad;Land;Geboortedatum;Maatskappy",
    "PH": "Serial no.;Produkto;Petsa ng pagbili;Pangalan;Telepono;Email;Kalye;Zip code;Lungsod;Bansa;Kaarawan;Kompanya",
    "MY": "No. siri;Produk;Tarikh belian;Nama;Telefon;E-mel;Jalan;Poskod;Bandar;Negara;Tarikh lahir;Syarikat",
    "FI": "Sarjanumero;Tuote;Ostopäivä;Nimi;Puhelin;Sähköposti;Katuosoite;Postinumero;Kaupunki;Maa;Syntymäaika;Yritys",
    "PL": "Nr seryjny;Produkt;Data zakupu;Nazwisko i imię;Telefon;E-mail;Ulica;Kod pocztowy;Miasto;Kraj;"
    "Data urodzenia;Firma",
}

REMARKS = {
    "en": "likes oat milk|collects on Saturdays|call after 5 pm|bike in for service|very tall, 62 cm frame|paid cash",
    "af": "bel na vyf|hou van rooibos|fiets vir diens|betaal kontant|kom Saterdae|wil nuwe bande hê",
    "fil": "tumawag pagkatapos ng 5|suki|barako, walang asukal|bayad na|kukunin sa Sabado|pa-service ng bisikleta",
    "ms": "telefon selepas 5 petang|kopi kurang manis|basikal untuk servis|bayar tunai|ambil hari Sabtu|pelanggan tetap",
    "fi": "soita klo 17 jälkeen|kauramaito|pyörä huollossa|maksoi käteisellä|noutaa lauantaina|pitkä, runko 62",
    "pl": "dzwonić po 17|kawa z mlekiem owsianym|rower w serwisie|zapłacono gotówką|odbiór w sobotę|rama 62",
}

PRODUCTS = ("Robin 7 city bike", "Heron touring bike", "Wren kids' bike 20\"", "Magpie e-bike", "Finch espresso machine")

JUNK_NAMES = ("test", "TEST TEST", "asdf", "xxx", "Jane Doe TEST", "???", "-", "do not use")


def shop_row(entry: Entry, rng: Random) -> Row:
    """As WooCommerce exports its customers. They typed it themselves: neat, sometimes names in the wrong boxes."""
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
        phone = entry.phones[0] if rng.random() < 0.35 else spelling.phone(entry.phones[0], entry.country, rng)
    login = entry.email.strip().partition("@")[0].lower()
    return [
        10_000 + entry.person * 3 % 7919 + int(rng.random() * 80_000),
        login,
        f"{entry.since:%Y-%m-%d} {int(rng.random() * 24):02}:{int(rng.random() * 60):02}:{int(rng.random() * 60):02}",
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
    """As typed at the counter: everything in few columns, in any spelling. The first column is filled by the book."""
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
    since: Cell = entry.since if rng.random() < 0.6 else spelling.day(entry.since, entry.country, entry.language, rng)
    remarks = REMARKS[entry.language].split("|")
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
    from kartoteka.intake.sample.cards import vcard

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
