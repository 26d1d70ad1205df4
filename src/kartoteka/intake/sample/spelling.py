"""How clerks and customers type: slips of the finger, many spellings of numbers, dates and streets."""

from __future__ import annotations

from datetime import date
from random import Random

from kartoteka.intake.sample.naming import PATRONYMIC, Name
from kartoteka.intake.sample.numbers import CALLING, MOBILES
from kartoteka.intake.sample.people import Address

KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEIGHBOURS = {
    key: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in KEYBOARD
    for place, key in enumerate(row)
}

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "af": "Januarie Februarie Maart April Mei Junie Julie Augustus September Oktober November Desember",
    "fil": "Enero Pebrero Marso Abril Mayo Hunyo Hulyo Agosto Setyembre Oktubre Nobyembre Disyembre",
    "ms": "Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta "
    "heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    "pl": "stycznia lutego marca kwietnia maja czerwca "
    "lipca sierpnia września października listopada grudnia",
}

# How dates are written with figures: the usual way of each country first.
FIGURES = {
    "GB": ("{d:02}/{m:02}/{y}", "{d}/{m}/{s:02}", "{d}.{m}.{y}", "{d:02}-{m:02}-{y}"),
    "ZA": ("{y}/{m:02}/{d:02}", "{d:02}/{m:02}/{y}", "{y}-{m:02}-{d:02}", "{d}-{m}-{y}"),
    "PH": ("{m:02}/{d:02}/{y}", "{m}/{d}/{y}", "{m}-{d}-{s:02}", "{m:02}-{d:02}-{y}"),
    "MY": ("{d:02}/{m:02}/{y}", "{d}-{m}-{y}", "{d}/{m}/{s:02}", "{d:02}.{m:02}.{y}"),
    "FI": ("{d}.{m}.{y}", "{d:02}.{m:02}.{y}", "{d}.{m}.{s:02}", "{y}-{m:02}-{d:02}"),
    "PL": ("{d:02}.{m:02}.{y}", "{d}.{m}.{y}", "{y}-{m:02}-{d:02}", "{d:02}-{m:02}-{y}"),
}

COUNTRY_WORDS = {
    "GB": ("GB", "UK", "United Kingdom", "England", "Great Britain"),
    "ZA": ("ZA", "South Africa", "RSA", "Suid-Afrika"),
    "PH": ("PH", "Philippines", "Pilipinas", "Phils."),
    "MY": ("MY", "Malaysia", "MALAYSIA", "M'sia"),
    "FI": ("FI", "Finland", "Suomi", "FIN"),
    "PL": ("PL", "Poland", "Polska", "POL"),
}


def typo(text: str, rng: Random) -> str:
    """`text` with one slip behind its first letter: letters swapped, one lost, doubled, or mistaken."""
    if len(text) < 4:
        return text
    place = 1 + int(rng.random() * (len(text) - 2))
    kind = rng.random()
    if kind < 0.3:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if kind < 0.55:
        return text[:place] + text[place + 1 :]
    if kind < 0.75:
        return text[:place] + text[place] + text[place:]
    near = NEIGHBOURS.get(text[place].lower(), text[place])
    return text[:place] + near[int(rng.random() * len(near))] + text[place + 1 :]


def unaccented(text: str) -> str:
    """`text` without the marks that a foreign keyboard lacks (Mäkelä as Makela)."""
    return text.translate(_PLAIN)


_PLAIN = str.maketrans(
    "ąćęłńóśźżĄĆĘŁŃÓŚŹŻäöåÄÖÅéèêëñÉÊËÑôîïü",
    "acelnoszzACELNOSZZaoaAOAeeeenEEENoiiu",
)


def _groups(national: str, country: str) -> list[str]:
    """A national number (without its leading 0) in the groups it is spoken in."""
    if national.startswith(MOBILES[country][0]):
        sizes: tuple[int, ...] = {"GB": (4, 3, 3), "PL": (3, 3, 3), "PH": (3, 3, 4)}.get(country, (2, 3, 4))
    else:
        area = _area_length(national, country)
        rest = len(national) - area
        sizes = (area, 3, 2, 2) if country == "PL" else (area, 3, 3) if rest == 6 else (area, rest - 4, 4)
    found, start = [], 0
    for size in sizes:
        found.append(national[start : start + size])
        start += size
    found[-1] += national[start:]
    return [group for group in found if group]


def _area_length(national: str, country: str) -> int:
    """How many digits of a land line are its area code."""
    if country == "GB":
        return 2 if national[:2] in ("20", "28", "29") else 3
    if country == "PH":
        return 1 if national[0] == "2" else 2
    if country == "MY":
        return 2 if national[0] == "8" else 1
    if country == "FI":
        return 2 if national[0] == "1" else 1
    return 2


# How often in a hundred a number is written how: t the leading 0, n the number, c the country's calling code,
# s, d and o its groups parted by blanks, dashes and dots, a the first group and r the others.
PHONES = (
    (34, "{t}{s}"),
    (16, "{t}{n}"),
    (12, "+{c} {s}"),
    (8, "+{c}{n}"),
    (8, "{t}{d}"),
    (6, "({t}{a}) {r}"),
    (4, "00{c}{n}"),
    (3, "+{c} (0){s}"),
    (3, "{t}{o}"),
    (3, "{n}"),  # a spreadsheet took it for a number and ate the 0
    (1, "tel. {t}{s}"),
    (1, "mob: {t}{d}"),
    (1, "Tel:{t}{n}"),
)
_PHONE_TABLE = tuple(form for share, form in PHONES for _ in range(share))


def phone(number: str, country: str, rng: Random) -> str:
    """An E.164 number of `country` as somebody wrote it down."""
    calling = CALLING[country]
    national = number[len(calling) + 1 :]
    if rng.random() < 0.006:
        place = 3 + int(rng.random() * (len(national) - 3))  # one figure misheard
        national = f"{national[:place]}{int(rng.random() * 10)}{national[place + 1 :]}"
    form = _PHONE_TABLE[int(rng.random() * len(_PHONE_TABLE))]
    trunk = "0"
    if country == "PL":
        trunk, form = "", form.replace("(0)", "")
    groups = _groups(national, country)
    return form.format(
        t=trunk,
        n=national,
        c=calling,
        s=" ".join(groups),
        d="-".join(groups),
        o=".".join(groups),
        a=groups[0],
        r=" ".join(groups[1:]),
    )


def day(when: date, country: str, language: str, rng: Random, *, usual: float = 0.7) -> str:
    """A date as text; `usual` is the share written in the country's first manner."""
    forms = FIGURES[country]
    year, month, number = when.year, when.month, when.day
    if rng.random() < usual:
        form = forms[0]
    elif rng.random() < 0.7:
        form = forms[int(rng.random() * len(forms))]
    else:
        word = MONTHS[language].split()[month - 1]
        if rng.random() < 0.3 and language != "fi":
            word = word[:3]
        if language == "fil" or (country == "PH" and rng.random() < 0.7):
            return f"{word} {number}, {year}"
        return f"{number}. {word} {year}" if language == "fi" else f"{number} {word} {year}"
    return form.format(d=number, m=month, y=year, s=year % 100)


def birthday(when: date, country: str) -> str:
    """Day and month only, as the country writes them."""
    if country == "PH":
        return f"{when.month}/{when.day}"
    if country in ("FI", "PL"):
        return f"{when.day}.{when.month}."
    return f"{when.day:02}/{when.month:02}"


def street_line(address: Address, rng: Random) -> str:
    """Street, number and flat in one line, as the country orders them."""
    street, number, flat, country = address.street, address.number, address.flat, address.country
    if country == "FI":
        return f"{street} {number} {flat}".rstrip()
    if country == "PL":
        street = street.removeprefix("ul. ") if rng.random() < 0.3 else street
        door = f" m. {flat}" if rng.random() < 0.25 else f"/{flat}"
        return f"{street} {number}{door if flat else ''}"
    if country == "MY":
        no = "No. " if rng.random() < 0.4 else ""
        line = f"{no}{flat + '-' if flat else ''}{number}, {street}"
    elif country == "PH":
        line = f"{f'Unit {flat}, ' if flat else ''}{'#' if rng.random() < 0.1 else ''}{number} {street}"
    elif country == "ZA" and street.endswith(("straat", "laan", "weg")):
        line = f"{street} {number}" + (f", Woonstel {flat}" if flat else "")
    else:
        door = f"{'Flat' if country == 'GB' else 'Unit'} {flat}, " if flat else ""
        line = f"{door}{number} {street}"
        if rng.random() < 0.15:
            line = line.replace(" Street", " St").replace(" Road", " Rd").replace(" Avenue", " Ave")
    return f"{line}, {address.district}" if address.district else line


def one_line(address: Address, rng: Random) -> str:
    """The whole address in one cell, now and then without its postcode."""
    street = street_line(address, rng)
    postcode = address.postcode if rng.random() < 0.85 else ""
    if address.country in ("FI", "PL", "MY"):
        return f"{street}, {postcode} {address.city}".replace(",  ", ", ")
    if address.country == "PH":
        return f"{street}, {postcode} {address.city}, {address.region}".replace(",  ", ", ")
    comma = "," if rng.random() < 0.5 else ""
    return f"{street}, {address.city}{comma} {postcode}".rstrip(", ")


def mail(address: str, rng: Random, *, carelessness: float) -> str:
    """An e-mail address as typed: mostly right, else in capitals, with blanks, or with a slip in it."""
    if rng.random() > carelessness:
        return address
    local, _, host = address.partition("@")
    aim = ("shop", "news", "bike", "coffee")[int(rng.random() * 4)]
    manners = (
        address.upper(),
        address.capitalize(),
        f" {address} ",
        f"{local}@{_slipped_host(host, rng)}",
        f"{local}+{aim}@{host}",
        f"mailto:{address}",
        f"{local}{(' at ', '@ ', '(at)')[int(rng.random() * 3)]}{host}",
        f"{typo(local, rng)}@{host}",
    )
    return manners[int(rng.random() * len(manners))]


def _slipped_host(host: str, rng: Random) -> str:
    for right, wrong in (
        (".com", (".con", ".cmo", ",com")),
        (".example", (".exmaple", ".exampel", ",example")),
    ):
        if host.endswith(right):
            return host.removesuffix(right) + wrong[int(rng.random() * 3)]
    return typo(host, rng)


def family_first(name: Name, rng: Random) -> str:
    """The name as files of cards order it: family, then given. A patronymic stays where it is."""
    if name.people in PATRONYMIC or name.people == "zh":
        return name.text
    given = f"{name.given} {name.middle}".strip() if rng.random() < 0.5 else name.given
    given = f"{given} {name.suffix}".strip()
    chance = rng.random()
    if chance < 0.4:
        return f"{name.family.upper()} {given}"
    if chance < 0.75:
        return f"{name.family}, {given}"
    return f"{name.family} {given}"
