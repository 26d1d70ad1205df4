"""Forms of the card: from a field's values to inputs, and from what was sent to the changes the domain is told.

Only what differs is sent on: an entry nobody touched is not confirmed by the way. An entry whose identity changed
(a phone's number, say) is said to be gone under its old one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.people.card import CardField
from kartoteka.people.catalogue import OWN_PREFIX, Type, built_in
from kartoteka.people.record import entry_key, is_fuller

from .showing import show_entry

Text = str | Promise
Sent = Mapping[str, str]

NAME_PARTS = ("title", "given", "middle", "family", "suffix")


@dataclass(frozen=True)
class Part:
    """One input of an entry. kind: text, tick or the input's type; wide: takes a whole line."""

    key: str
    label: Text
    kind: str = "text"
    wide: bool = False
    hint: Text = ""


PARTS: dict[Type, tuple[Part, ...]] = {
    Type.PHONES: (
        Part("value", _("Number"), "tel", wide=True),
        Part("label", _("Label")),
        Part("ext", _("Extension")),
        Part("hours", _("May be called"), hint=_("Write hours as Mon-Fri 9-20, Sat 10-16.")),
        Part("language", _("Language")),
        Part("preferred", _("Preferred"), "tick"),
    ),
    Type.EMAILS: (
        Part("value", _("Address"), "email", wide=True),
        Part("label", _("Label")),
        Part("preferred", _("Preferred"), "tick"),
    ),
    Type.ADDRESSES: (
        Part("street", _("Street"), wide=True),
        Part("number", _("Number")),
        Part("flat", _("Flat")),
        Part("postcode", _("Postcode")),
        Part("city", _("City")),
        Part("region", _("Region")),
        Part("country", _("Country")),
        Part("label", _("Label")),
        Part("preferred", _("Preferred"), "tick"),
    ),
    Type.HANDLES: (Part("network", _("Network")), Part("handle", _("Name there"))),
    Type.REGISTRATIONS: (Part("country", _("Country")), Part("kind", _("Kind")), Part("number", _("Number"))),
    Type.RELATIVES: (
        Part("name", _("Name"), wide=True),
        Part("relation", _("Who they are")),
        Part("birth", _("Birthday"), hint=_("1985-04-03, or --04-03 without the year")),
    ),
    Type.GIFTS: (
        Part("what", _("What"), wide=True),
        Part("occasion", _("Occasion")),
        Part("when", _("When"), hint=_("2026-12-24")),
    ),
}  # fmt: skip

HINTS: dict[Type, Text] = {
    Type.PARTIAL_DATE: _("1985-04-03. The year or the day may be left out: --04-03, 1985-04."),
    Type.DATE: _("Day, month and year, such as 2026-04-03."),
    Type.WORDS: _("With commas between."),
    Type.MONEY: _("An amount with its currency, such as 12.50 PLN."),
    Type.LANGUAGE: _("A language, such as Polish or pl."),
    Type.COUNTRY: _("A country, such as Finland or FI."),
    Type.LINK: _("A web address, such as www.example.com."),
}


@dataclass(frozen=True)
class Input:
    """One input as the template writes it. adds: it holds a list, to which one most often adds."""

    name: str
    label: Text
    value: Any
    kind: str = "text"
    wide: bool = False
    hint: Text = ""
    choices: Sequence[tuple[str, Text]] = ()
    error: str = ""
    adds: bool = False


@dataclass(frozen=True)
class Entry:
    """The inputs of one entry of a list, and its text as it stands; fresh: the empty one at the end."""

    shown: str
    inputs: tuple[Input, ...]
    gone: str
    fresh: bool


@dataclass(frozen=True)
class FieldForm:
    """The form of a field or group: single inputs, or entries of a list."""

    key: str
    label: Text
    inputs: tuple[Input, ...] = ()
    entries: tuple[Entry, ...] = ()
    error: str = ""


def group_keys(field: str) -> tuple[str, ...]:
    """The fields edited together with this one; none for an unknown field."""
    if field == "name":
        return ("name", *NAME_PARTS)
    if field == "company":
        return ("company", "form")
    if field in built_in() or field.startswith(OWN_PREFIX):
        return (field,)
    return ()


def form_of(
    key: str, fields: Sequence[CardField], *, typed: Sent | None = None, error: str = "", at: str = ""
) -> FieldForm:
    """The form for the fields of one group, filled with the record or, after a mistake, with what was typed."""
    first = fields[0]
    if first.field.type in PARTS:
        entries = tuple(_entries(first, typed))
        return FieldForm(key, first.label, entries=entries, error=error)
    inputs = tuple(
        _input(each, typed, error if each.key == at or len(fields) == 1 else "") for each in fields
    )
    placed = any(each.error for each in inputs)
    return FieldForm(key, first.label, inputs=inputs, error="" if placed else error)


def _input(field: CardField, typed: Sent | None, error: str) -> Input:
    its = field.field
    value = typed.get(its.key, "") if typed is not None else _written(field)
    kind, choices = "text", tuple(its.choices)
    if its.type == Type.LONG:
        kind = "long"
    elif its.type == Type.YESNO:
        choices = (("yes", _("yes")), ("no", _("no")))
    elif its.type == Type.CHOICES:
        choices = ()
    if choices:
        kind, choices = "choice", (("", "—"), *choices)
    hint = HINTS.get(its.type, "")
    return Input(its.key, its.label, value, kind=kind, hint=hint, choices=choices, error=error, adds=its.many)


def _written(field: CardField) -> str:
    """The field's value as a person would type it."""
    if not field.values:
        return ""
    if field.field.many:
        return ", ".join(str(each.value) for each in field.values)
    value = field.values[0].value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return f"{value.get('amount', '')} {value.get('currency', '')}".strip()
    return str(value)


def _entries(field: CardField, typed: Sent | None) -> list[Entry]:
    parts = PARTS[field.field.type]
    known = [each.value for each in field.values]
    found = []
    for place in range(len(known) + 1):
        fresh = place == len(known)
        start = {} if fresh else known[place]
        inputs = tuple(
            Input(
                name=f"{place}-{part.key}",
                label=part.label,
                value=typed.get(f"{place}-{part.key}", "") if typed is not None else start.get(part.key, ""),
                kind=part.kind,
                wide=part.wide,
                hint=part.hint,
            )
            for part in parts
        )
        shown = "" if fresh else show_entry(field.field, start)
        found.append(Entry(shown=shown, inputs=inputs, gone=f"{place}-gone", fresh=fresh))
    return found


def read_form(key: str, fields: Sequence[CardField], sent: Sent) -> dict[str, Any]:
    """What of the sent form differs from the record, as `change_customer` wants it."""
    first = fields[0]
    if first.field.type in PARTS:
        entries = _changed_entries(first, sent)
        return {first.key: entries} if entries else {}
    now = {each.key: _written(each) for each in fields}
    given = {name: sent.get(name, now[name]).strip().replace("\r\n", "\n") for name in now}
    changed = {name for name in now if given[name] != now[name]}
    if not changed:
        return {}
    if key == "name":
        return _changed_name(given, changed)
    if key == "company":
        return dict(given)
    if first.field.many:
        words = _changed_words(first, given[first.key])
        return {first.key: words} if words else {}
    return {name: given[name] for name in changed}


def _changed_name(given: dict[str, str], changed: set[str]) -> dict[str, Any]:
    """The name as shown leads its parts, or they lead it, whichever was touched."""
    if changed == {"name"}:
        return {"name": given["name"]}
    if "name" not in changed:
        return {part: given[part] for part in NAME_PARTS}
    return dict(given)


def _changed_words(field: CardField, text: str) -> list[Any]:
    now = [str(each.value) for each in field.values]
    wanted = list(dict.fromkeys(word for each in text.split(",") if (word := " ".join(each.split()))))
    kept = {word.casefold() for word in wanted}
    had = {word.casefold() for word in now}
    gone: list[Any] = [{"value": word, "gone": True} for word in now if word.casefold() not in kept]
    return [word for word in wanted if word.casefold() not in had] + gone


def _changed_entries(field: CardField, sent: Sent) -> list[dict[str, Any]]:
    parts = PARTS[field.field.type]
    changes: list[dict[str, Any]] = []
    known: list[dict[str, Any]] = [each.value for each in field.values]
    for place in range(len(known) + 1):
        before = known[place] if place < len(known) else {}
        if f"{place}-{parts[0].key}" not in sent:
            continue  # this entry was not in the form
        after: dict[str, Any] = dict(before)
        for part in parts:
            name = f"{place}-{part.key}"
            after[part.key] = name in sent if part.kind == "tick" else sent.get(name, "").strip()
        emptied = not any(after.get(part.key) for part in parts if part.kind != "tick")
        if before and (sent.get(f"{place}-gone") or emptied):
            changes.append({**before, "gone": True})
        elif not emptied and _differs(before, after, parts):
            if before and entry_key(field.key, before) != entry_key(field.key, after):
                changes.append(_left_behind(field.key, before, after))
            changes.append(after)
    return changes


def _left_behind(key: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What becomes of an entry in whose place another is written: it is gone. But who has moved once lived elsewhere: such
    an address keeps its place behind the new one, with the day; unless only some part of it was added or taken off."""
    was, now = entry_key(key, before), entry_key(key, after)
    if key != "addresses" or is_fuller(was, now) or is_fuller(now, was):
        return {**before, "gone": True}
    return {**before, "until": timezone.now().date().isoformat()}


def _differs(before: Mapping[str, Any], after: Mapping[str, Any], parts: Sequence[Part]) -> bool:
    return any((before.get(part.key) or "") != (after.get(part.key) or "") for part in parts)
