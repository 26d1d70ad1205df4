"""Search for those who see contact points veiled: a phone, e-mail or street answers only who typed the whole of it.

Otherwise they could be read out letter by letter, from what is found and what is not.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kartoteka.people.models import Customer
from kartoteka.people.rules import hidden_fields
from kartoteka.people.veil import veil_text, veil_values

from .words import LONGEST, TAIL, email_words, national, phone_words, words, words_of

_CONTACTS = ("phones", "emails", "handles", "website", "identities")
_COLUMNS = ("title", "suffix", "form", "name", "given", "middle", "family", "nickname", "company", "birth")
_STREET = frozenset({"street", "number", "flat"})
# The last digits that the veil leaves.
_SHOWN = 3


def words_shown(customers: Sequence[int], text: str) -> dict[int, tuple[list[str], list[str]]]:
    """The words, of the name and others, by which these customers may be found by somebody who typed `text`."""
    typed = text.lower()
    digits = {"".join(filter(str.isdecimal, each)) for each in (typed, *typed.split())}
    whole = {each.lstrip("0") for each in digits if len(each) >= 7}
    hidden = hidden_fields()
    found = {}
    for row in Customer.objects.filter(pk__in=customers).only("more", *_COLUMNS):
        # A number noted in a name is veiled there, too, and so is no word of it.
        named = {name: veil_text(getattr(row, name)) if name != "birth" else row.birth for name in _COLUMNS}
        values = {**named, **_without_contacts(row.more)}
        names, others = words_of(values, hidden)
        extra = _asked_whole(row.more, names, typed, whole)
        # What stands in the text of a note as a number is veiled there, too.
        others = [each for each in others if not (each.isdecimal() and len(each) > 6)]
        found[row.pk] = names, [*others, *extra]
    return found


def _without_contacts(more: Mapping[str, Any]) -> dict[str, Any]:
    kept = veil_values({key: value for key, value in more.items() if key not in _CONTACTS})
    kept["addresses"] = [
        {part: value for part, value in each.items() if part not in _STREET}
        for each in more.get("addresses") or ()
    ]
    return kept


def _asked_whole(more: Mapping[str, Any], names: list[str], typed: str, whole: set[str]) -> list[str]:
    found: list[str] = []
    for each in more.get("phones") or ():
        number = "".join(filter(str.isdecimal, str(each.get("value") or "")))
        found.append((TAIL + number[::-1])[: 1 + _SHOWN])
        if number and whole & {number, national(number), national(number).lstrip("0")}:
            found += phone_words("+" + number)
    for each in more.get("emails") or ():
        address = str(each.get("value") or "")
        if address and address.lower() in typed:
            found += email_words(address, names)
    for each in more.get("addresses") or ():
        street = [str(each.get(part) or "") for part in ("street", "number", "flat") if each.get(part)]
        parts = [piece[:LONGEST] for part in street for piece in words(part)]
        if parts and set(parts) <= set(words(typed)):
            found += parts
    return found
