"""Numbers that look right: telephones, and registration numbers with right check digits."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from kartoteka.intake.sample.pools import City, filled

CALLING = {"GB": "44", "ZA": "27", "PH": "63", "MY": "60", "FI": "358", "PL": "48"}

# Prefixes of mobiles and how many digits follow. British mobiles kept free for drama (07700 900###) are not
# valid to libphonenumber, so common prefixes are used; British land lines come from the ranges for drama.
MOBILES = {
    "GB": (("7412", "7521", "7711", "7834", "7912", "7941"), 6),
    "ZA": (("71", "72", "73", "76", "82", "83", "84"), 7),
    "PH": (("905", "917", "918", "927", "939", "998"), 7),
    "MY": (("122", "133", "164", "175", "197"), 6),
    "FI": (("40", "44", "45", "46", "50"), 7),
    "PL": (("501", "512", "604", "665", "691", "728", "795", "889"), 6),
}


class Exchange:
    """Gives telephone numbers out, each once: two customers share a number only if the sample means it."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given = {country: int(rng.random() * 1e6) for country in MOBILES}
        self._lines: set[str] = set()

    def mobile(self, country: str) -> str:
        """The next mobile of `country`, E.164. Walks the range in leaps, so neighbours do not look alike."""
        prefixes, digits = MOBILES[country]
        room = 10**digits
        self._given[country] += 1
        place = self._given[country] * 7_654_321 % (room * len(prefixes))
        return f"+{CALLING[country]}{prefixes[place // room]}{place % room:0{digits}d}"

    def landline(self, country: str, city: City) -> str:
        """A land line of `city`, E.164; empty when its range is used up (the drama ranges are small)."""
        for _ in range(4):
            number = f"+{CALLING[country]}{filled(city.landline, self._rng)}"
            if number not in self._lines:
                self._lines.add(number)
                return number
        return ""


def nip(rng: Random) -> str:
    """A Polish NIP: ten digits, the last a weighted sum modulo 11 (weights 6 5 7 2 3 4 5 6 7)."""
    while True:
        digits = [1 + int(rng.random() * 9) for _ in range(3)] + [int(rng.random() * 10) for _ in range(6)]
        check = sum(w * d for w, d in zip((6, 5, 7, 2, 3, 4, 5, 6, 7), digits, strict=True)) % 11
        if check < 10:
            return "".join(map(str, [*digits, check]))


def y_tunnus(rng: Random) -> str:
    """A Finnish Y-tunnus: seven digits, a dash, a check digit (weights 7 9 10 5 8 4 2, modulo 11)."""
    while True:
        digits = [2 + int(rng.random() * 2)] + [int(rng.random() * 10) for _ in range(6)]
        rest = sum(w * d for w, d in zip((7, 9, 10, 5, 8, 4, 2), digits, strict=True)) % 11
        if rest != 1:  # would need the check digit 10
            return "".join(map(str, digits)) + f"-{(11 - rest) % 11}"


def tin(rng: Random) -> str:
    """A Philippine TIN: eight digits, a check digit (weights 1 to 8, modulo 11) and the branch 000."""
    while True:
        digits = [1 + int(rng.random() * 9) for _ in range(8)]
        check = sum((place + 1) * digit for place, digit in enumerate(digits)) % 11
        if check < 10:
            text = "".join(map(str, [*digits, check]))
            return f"{text[:3]}-{text[3:6]}-{text[6:]}-000"


def company_number(rng: Random) -> str:
    """A British company number: eight digits, or SC and six for Scotland. It has no check digit."""
    return filled("SC######", rng) if rng.random() < 0.1 else filled("0#######", rng)


def enterprise_number(rng: Random) -> str:
    """A South African one: year, six digits, and 07 (private company) or 23 (close corporation)."""
    return f"{1995 + int(rng.random() * 30)}/{filled('######', rng)}/{'07' if rng.random() < 0.8 else '23'}"


def ssm(rng: Random) -> str:
    """A Malaysian registration number of today: year, 01 (local company), six digits."""
    return f"{1995 + int(rng.random() * 30)}01{filled('######', rng)}"


REGISTRATIONS: dict[str, tuple[str, Callable[[Random], str]]] = {
    "GB": ("company number", company_number),
    "ZA": ("CIPC", enterprise_number),
    "PH": ("TIN", tin),
    "MY": ("SSM", ssm),
    "FI": ("Y-tunnus", y_tunnus),
    "PL": ("NIP", nip),
}
"""What kind of number a firm of a country goes by, and how to invent one."""
