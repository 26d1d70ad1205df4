"""Why two customers seem to be one, or not, in words: one sentence for every word of quality.linking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.people.shown import date_shown, phone_shown

Text = str | Promise

STEPS: dict[str, Text] = {
    "read": gettext_lazy("Reading the customers"),
    "block": gettext_lazy("Looking who may be the same"),
    "learn": gettext_lazy("Learning from this base what is telling"),
    "compare": gettext_lazy("Comparing pair by pair"),
    "join": gettext_lazy("Putting together who belongs together"),
    "joining": gettext_lazy("Joining those that are sure"),
}


@dataclass(frozen=True)
class Said:
    """One reason in words. values: what was compared, "" where that says nothing more."""

    word: str
    text: str
    values: str
    speaks_for: bool


# Word -> what it says when it speaks for being one, {a} and {b} standing for the values compared.
FOR: dict[str, Text] = {
    "same_given": gettext_lazy("same given name"),
    "diminutive": gettext_lazy("{a} is {b}"),
    "part_of_given": gettext_lazy("one given name in common"),
    "close_given": gettext_lazy("given names nearly alike"),
    "initial": gettext_lazy("the initial fits"),
    "same_family": gettext_lazy("same family name"),
    "part_of_family": gettext_lazy("one part of the family name in common"),
    "close_family": gettext_lazy("family names nearly alike"),
    "alike_family": gettext_lazy("family names somewhat alike"),
    "family_initial": gettext_lazy("the initial of the family name fits"),
    "same_birth": gettext_lazy("same date of birth"),
    "birth_swapped": gettext_lazy("birth dates with day and month swapped"),
    "birth_one_digit": gettext_lazy("birth date differs by one digit"),
    "birth_same_day": gettext_lazy("same birthday, another year"),
    "birth_near": gettext_lazy("birth dates of one year, nearly alike"),
    "same_birthday": gettext_lazy("same birthday, the year missing on one side"),
    "same_birth_month": gettext_lazy("born in the same month"),
    "same_birth_year": gettext_lazy("born in the same year"),
    "same_phone": gettext_lazy("same phone"),
    "phone_of_many": gettext_lazy("same phone, which others use too"),
    "phone_one_digit": gettext_lazy("phone differs by one digit"),
    "same_own_email": gettext_lazy("same e-mail, made of their name"),
    "same_email": gettext_lazy("same e-mail"),
    "email_of_many": gettext_lazy("same e-mail, which others use too"),
    "close_email": gettext_lazy("e-mails nearly alike"),
    "email_elsewhere": gettext_lazy("same e-mail name at another provider"),
    "email_tells_name": gettext_lazy("the e-mail is made of the other's name"),
    "email_tells_family": gettext_lazy("the e-mail holds the other's family name"),
    "same_door": gettext_lazy("same address"),
    "same_house": gettext_lazy("same house"),
    "same_street": gettext_lazy("same street"),
    "same_postcode": gettext_lazy("same postcode"),
    "same_city": gettext_lazy("same city"),
    "same_middle": gettext_lazy("same middle name"),
    "middle_initial": gettext_lazy("the middle initial fits"),
    "same_suffix": gettext_lazy("same suffix"),
    "same_firm": gettext_lazy("same company name"),
    "same_firm_letters": gettext_lazy("same company name, written another way"),
    "close_firm": gettext_lazy("company names nearly alike"),
    "branch_of_firm": gettext_lazy("one company name has a town that the other lacks"),
    "part_of_firm": gettext_lazy("one company name is part of the other"),
    "firm_words": gettext_lazy("most words of the company name in common"),
    "abbreviated_firm": gettext_lazy("one company name is short for the other"),
    "same_company": gettext_lazy("same company"),
    "close_company": gettext_lazy("companies nearly alike"),
    "same_registration": gettext_lazy("same registration or identity number"),
    "registration_one_digit": gettext_lazy("identity number differs by one digit"),
    "same_birth_place": gettext_lazy("same place of birth"),
    "close_birth_place": gettext_lazy("places of birth nearly alike"),
    "same_profession": gettext_lazy("same profession"),
}
AGAINST: dict[str, Text] = {
    "other_given": gettext_lazy("given names differ"),
    "other_second_given": gettext_lazy("second given names differ"),
    "other_family": gettext_lazy("family names differ"),
    "birth_generation": gettext_lazy("born a generation apart"),
    "birth_contradicts": gettext_lazy("birth dates contradict"),
    "other_phone": gettext_lazy("phones differ"),
    "other_email": gettext_lazy("e-mails differ"),
    "other_address": gettext_lazy("addresses differ"),
    "other_sex": gettext_lazy("one is a woman, one a man"),
    "other_middle": gettext_lazy("middle names differ"),
    "other_suffix": gettext_lazy("suffixes differ"),
    "other_firm": gettext_lazy("company names differ"),
    "other_form": gettext_lazy("legal forms differ"),
    "other_number": gettext_lazy("the numbers in the company names differ"),
    "firm_and_person": gettext_lazy("one is a company, one a person"),
    "other_company": gettext_lazy("companies differ"),
    "other_registration": gettext_lazy("registration or identity numbers differ"),
    "other_birth_place": gettext_lazy("places of birth differ"),
    "other_profession": gettext_lazy("professions differ"),
}
# The values of these say no more than the words.
_PLAIN = frozenset({"diminutive", "other_sex"})


def said(word: str, values: Mapping[str, Any]) -> Said | None:
    """A reason in words; None for a word that says nothing to a person."""
    speaks_for = word in FOR
    text = FOR.get(word) or AGAINST.get(word)
    if text is None:
        return None
    a, b = (_value(word, values.get(side)) for side in ("a", "b"))
    filled = str(text)
    if "{a}" in filled:
        filled = filled.format(a=a, b=b) if a and b else _("one name is short for the other")
    return Said(word, filled, "" if word in _PLAIN else _compared(word, values, a, b), speaks_for)


def _compared(word: str, values: Mapping[str, Any], a: str, b: str) -> str:
    if values.get("value"):
        return _value(word, values["value"])
    if not a or not b:
        return ""
    return a if a == b else _("%(one)s · %(other)s") % {"one": a, "other": b}


def _value(word: str, value: Any) -> str:
    text = str(value or "")
    if text and "phone" in word:
        return phone_shown(text if text.startswith("+") else f"+{text}")
    if text and "birth" in word and "place" not in word:
        return date_shown(text)
    return text
