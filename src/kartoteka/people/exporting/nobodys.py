"""Phones and e-mails that belong to nobody, for customers who are invented.

A stranger must never be called or written to because of a mark in a file. So e-mails are at a host that the owner names, or
under a name reserved for examples (RFC 2606); phones are out of the ranges that regulators keep for films and books, and
where a country keeps none, or they are used up, of its length but outside of every range it has given out.

Ranges: US and Canada, NANPA (555-0100 to 555-0199); United Kingdom, Ofcom (07700 900xxx); Ireland, ComReg (020 91x xxxx);
Australia, ACMA ((02) 5550 xxxx); France, ARCEP (06 39 98 xx xx); Germany, Bundesnetzagentur ((0)30 23125 xxx); Sweden, PTS
(070-174 06 05 to 99).
"""

from __future__ import annotations

import random
from collections.abc import Callable

import phonenumbers

# .example is nobody's, and never will be.
RESERVED_HOST = "mail.example"
# Region -> the beginning of its numbers of fiction, and how many digits follow.
_FICTION = {
    "GB": ("+447700900", 3),
    "IE": ("+3532091", 5),
    "AU": ("+6125550", 4),
    "FR": ("+3363998", 4),
    "DE": ("+493023125", 3),
    "SE": ("+467017406", 2),
}
_SWEDISH_FIRST = 5
_TRIES = 60
Free = Callable[[str], bool]


def phone_like(phone: str, chance: random.Random, *, free: Free) -> str:
    """A number (E.164) of the country of this one that is nobody's; "" where none was found.

    free: whether a number is used by no other invented customer, and by no customer.
    """
    try:
        known = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(known) or ""
    for make in (_of_fiction, _given_to_nobody):
        for _try in range(_TRIES):
            made = make(phone, region, chance)
            if made and free(made):
                return made
    return ""


def email_at(host: str, local: str, chance: random.Random, *, free: Free) -> str:
    """An address at this host that no other invented customer has."""
    for digits in range(3, 9):
        made = f"{local}{chance.randrange(10 ** (digits - 1), 10**digits)}@{host or RESERVED_HOST}"
        if free(made):
            return made
    return ""


def _of_fiction(phone: str, region: str, chance: random.Random) -> str:
    if region in ("US", "CA"):
        return f"{phone[:5]}55501{chance.randrange(100):02}" if len(phone) == len("+12125550100") else ""
    start, digits = _FICTION.get(region, ("", 0))
    first = _SWEDISH_FIRST if region == "SE" else 0
    return f"{start}{chance.randrange(first, 10**digits):0{digits}}" if start else ""


def _given_to_nobody(phone: str, _region: str, chance: random.Random) -> str:
    """A number as long as this one, of the same country, in no range that was given out."""
    code = f"+{phonenumbers.parse(phone).country_code}"
    made = code + "".join(str(chance.randrange(10)) for _ in phone[len(code) :])
    number = phonenumbers.parse(made)
    alike = phonenumbers.is_possible_number(number) and phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.E164
    )
    return made if alike == made and not phonenumbers.is_valid_number(number) else ""
