"""The veil over contact points: enough is left to know one again, not enough to call, write or walk away with.

Pure: what is hidden is decided by whom it is shown to (`Actor.veiled`), and done here, once, for every face.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

from kartoteka.trust.actor import Actor

from .catalogue import Field, Type
from .models import ContactPoint, Customer
from .search.words import national

DOTS = "•••"
# The fields that hold contact points, and the parts of their entries that are hidden.
CONTACT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "phones": ("value",),
    "emails": ("value",),
    "handles": ("handle",),
    "addresses": ("street", "number", "flat"),
}
# Free text in which somebody may have noted a number; registers' numbers and dates are none.
_FREE = frozenset({Type.TEXT, Type.LONG, Type.WORDS, Type.LINK, Type.RELATIVES, Type.GIFTS, Type.CHOICES})
_NO_CONTACTS = frozenset({"national_id", "birth", "registration"})
_EMAIL = re.compile(r"[^\s@<>,;:()]+@[^\s@<>,;:()]+\.[^\W\d_]{2,}")
_DIGITS = re.compile(r"\+?\d(?:[\s./()\-]{0,3}\d){6,}")
_DATE = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}")


def hides(value: object) -> bool:
    """Whether something in a value was hidden by this veil."""
    if isinstance(value, str):
        return "•" in value
    if isinstance(value, Mapping):
        return any(map(hides, value.values()))
    return isinstance(value, list | tuple) and any(map(hides, value))


def veil_phone(number: str) -> str:
    """+48 ••• ••• 567: the country and the last three digits; of a short number its country only."""
    digits = "".join(filter(str.isdecimal, number))
    own = national(digits) if number.startswith("+") else digits
    country = f"+{digits[: len(digits) - len(own)]} " if len(own) < len(digits) else ""
    return f"{country}{DOTS} {DOTS} {own[-3:]}" if len(own) > 6 else f"{country}{DOTS}"


def veil_email(address: str) -> str:
    """a•••@e•••.pl: the first letters and the end."""
    local, _, domain = address.rpartition("@")
    end = domain.rpartition(".")[2]
    return f"{local[:1]}{DOTS}@{domain[:1]}{DOTS}.{end}"


def _veil_handle(handle: str) -> str:
    return f"{handle[:1]}{DOTS}"


def veil_text(text: str) -> str:
    """A text with the e-mail addresses and phone numbers in it veiled; dates stay."""
    if "@" in text:
        text = _EMAIL.sub(lambda found: veil_email(found[0]), text)
    return _DIGITS.sub(
        lambda found: found[0] if _DATE.fullmatch(found[0].strip()) else veil_phone(found[0]), text
    )


def veil_entry(key: str, entry: Any) -> Any:
    """One entry of a field of contact points."""
    if not isinstance(entry, Mapping):
        return veil_text(str(entry))
    if key == "addresses":
        hidden = {part: "" for part in CONTACT_FIELDS[key] if entry.get(part)}
        return {**entry, **hidden, **({"street": DOTS} if hidden else {})}
    shown = {"phones": veil_phone, "emails": veil_email}.get(key, _veil_handle)
    part = CONTACT_FIELDS[key][0]
    return {**entry, part: shown(str(entry.get(part) or ""))} if entry.get(part) else dict(entry)


def veil_any(value: Any) -> Any:
    """A value of free text, however deep."""
    if isinstance(value, str):
        return veil_text(value)
    if isinstance(value, Mapping):
        return {key: veil_any(each) for key, each in value.items()}
    return [veil_any(each) for each in value] if isinstance(value, list | tuple) else value


def veil_value(field: Field, value: Any) -> Any:
    """A value of a field; one entry, where the field is a list."""
    if field.key in CONTACT_FIELDS:
        return veil_entry(field.key, value)
    return veil_any(value) if field.type in _FREE and field.key not in _NO_CONTACTS else value


def veil_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a claim or a record by field."""
    shown: dict[str, Any] = {}
    for key, value in values.items():
        if key in CONTACT_FIELDS:
            shown[key] = [veil_entry(key, each) for each in value or ()]
        else:
            shown[key] = value if key in _NO_CONTACTS else veil_any(value)
    return shown


def veiled(customer: Customer, actor: Actor) -> Customer:
    """The customer as `actor` is shown them: themselves, or a copy for showing that is never to be saved."""
    if not actor.veiled or customer.is_veiled:
        return customer
    shown = copy.copy(customer)
    shown.is_veiled = True  # so that nothing is hidden twice
    deferred: set[str] = shown.get_deferred_fields()
    if "email" not in deferred and shown.email:
        shown.email = veil_email(shown.email)
    if "phone" not in deferred and shown.phone:
        shown.phone = veil_phone(shown.phone)
    if "more" not in deferred:
        shown.more = veil_values(shown.more)
    for name in ("name", "nickname", "company"):
        if name not in deferred:
            setattr(shown, name, veil_text(getattr(shown, name)))
    return shown


def veiled_point(point: ContactPoint, actor: Actor) -> ContactPoint:
    """A contact point as `actor` is shown it: itself, or a copy for showing that is never to be saved."""
    if not actor.veiled or hides(point.value):  # nothing is hidden twice
        return point
    seen = copy.copy(point)
    seen.value = veil_email(point.value) if point.kind == "email" else veil_phone(point.value)
    return seen


def unveiled(customer: Customer, changes: Mapping[str, Any]) -> dict[str, Any] | None:
    """Changes given by somebody who sees the veil, with the entries meant in the place of the veiled ones.

    None where it cannot be told which is meant, or where hidden text would be written over what it hides.
    """
    found: dict[str, Any] = {}
    for key, given in changes.items():
        if key in CONTACT_FIELDS and isinstance(given, list):
            entries = [
                _meant(key, each, customer.more.get(key) or ()) if hides(each) else each for each in given
            ]
            if None in entries:
                return None
            found[key] = entries
        elif hides(given):
            return None
        else:
            found[key] = given
    return found


def _meant(key: str, given: Any, known: Any) -> Any:
    if not isinstance(given, Mapping):
        return None
    parts = CONTACT_FIELDS[key] if key != "addresses" else ("street", "number", "flat", "postcode", "city")
    asked = [given.get(part) or "" for part in parts]
    fit = [each for each in known if [veil_entry(key, each).get(part) or "" for part in parts] == asked]
    if len(fit) != 1:
        return None
    return {**given, **{part: fit[0][part] for part in CONTACT_FIELDS[key] if fit[0].get(part)}}
