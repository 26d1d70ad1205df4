"""Which column means which field: by what was chosen last time, by the name of an own field, by the program, by the
heading, by the content.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kartoteka.intake.files import vcard
from kartoteka.intake.files.book import Cell
from kartoteka.intake.files.content import Look, look
from kartoteka.intake.files.fields import MANY, target
from kartoteka.intake.files.headings import HOLDER, NUMBER, OTHER, fold, labels_of, meaning
from kartoteka.intake.files.keys import shared_keys
from kartoteka.intake.files.neighbours import settle_names, settle_places
from kartoteka.intake.files.presets import preset_of

#: What the values under a heading must look like, at least now and then, for the heading to be believed.
EXPECTED: dict[str, tuple[str, ...]] = {
    "email": ("email",),
    "phone": ("phone", "integer", "national_id", "street"),
    "birth": ("date", "year", "month day", "integer", "national_id"),
    "created": ("date", "year", "integer"),
    "address.postcode": ("postcode", "place", "integer"),
    "website": ("url", "email", "word"),
    "birth_year": ("year", "integer"),
}
#: Content tests in order of their force: test, field, share needed, confidence.
BY_CONTENT: list[tuple[str, str, float, float]] = [
    ("email", "email", 0.6, 0.85),
    ("url", "website", 0.7, 0.6),
    ("national_id", "national_id", 0.8, 0.6),
    ("tax", "registration", 0.9, 0.55),
    ("phone shape", "phone", 0.6, 0.75),
    ("phone", "phone", 0.85, 0.6),
    ("birth", "birth", 0.6, 0.5),
    ("postcode shape", "address.postcode", 0.7, 0.75),
    ("place", "address.place", 0.6, 0.6),
    ("address", "address", 0.5, 0.6),
    ("company", "company", 0.5, 0.5),
    ("country", "address.country", 0.8, 0.6),
    ("street", "address.street", 0.6, 0.55),
    ("name", "name", 0.45, 0.6),
    ("given", "given", 0.45, 0.6),
]
POSTCODE_DIGITS = {"FI": 5, "DE": 5, "MY": 5, "ZA": 4, "PH": 4}
NAMING = frozenset(["name", "given", "family", "nickname", "company"])
REACHING = frozenset(["email", "phone", "handle", "key", "card", "national_id", "registration"])
View = tuple[str, str, float]
STRONG = ("email", "phone shape", "date")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What one column (counted from 0) means. field: a key of fields.py or None (kept in the claim as it
    is).

    how: "remembered", "preset", "header", "content" or ""; confidence: 0 to 1; examples: up to three
    different values.
    """

    column: int
    header: str
    field: str | None
    how: str
    confidence: float
    examples: tuple[str, ...] = ()


def propose(
    columns: Sequence[str],
    sample: Sequence[Sequence[Cell]],
    *,
    remembered: dict[str, str] | None = None,
    own: Mapping[str, str] | None = None,
    country: str = "",
) -> list[ColumnMap]:
    """Propose a field for every column, from the headings and a sample of rows (a few hundred are enough).

    remembered: heading -> field key as chosen before for this source ("" for unmapped); it is believed as
    it is. own: name of an own field -> its key; a column that is headed so holds it.
    country: ISO alpha-2 where the source is at home; breaks ties. A field that a customer has once is given
    to one column.
    """
    values = [
        [row[place] if place < len(row) else None for row in sample[:500]] for place in range(len(columns))
    ]
    looks = [look(column) for column in values]
    known = _known(columns, remembered or {}, own or {})
    maps = []
    for place, heading in enumerate(columns):
        field, how, confidence = known.get(place) or _first_view(heading, looks[place], country)
        maps.append(ColumnMap(place, heading, field or None, how, confidence, _examples(values[place])))
    if not _are_cards(columns):
        maps = settle_places(settle_names(maps, looks, values), looks)
    return _once_each(_distrust_keys(maps, looks, values))


def tells_who(fields: Iterable[str | None], *, has_heading: bool) -> bool:
    """Whether rows of these fields say who somebody is. Words that nobody called names may be notes."""
    bases = {target(field).base for field in fields if field}
    return bool(bases & REACHING or (has_heading and bases & NAMING))


def _are_cards(columns: Sequence[str]) -> bool:
    """Columns made by vcard.py, whose names are all capitals up to the first mark."""
    named = bool({"FN", "N.family", "N.given"} & set(columns))
    return named and all(vcard.COLUMN.fullmatch(each) for each in columns)


def _known(columns: Sequence[str], remembered: dict[str, str], own: Mapping[str, str]) -> dict[int, View]:
    """What needs no guess: columns mapped before, own fields, vCards, the exports of known programs."""
    named = {fold(name): key for name, key in own.items()}
    kept = {fold(heading): key for heading, key in remembered.items()}
    preset = preset_of(columns)
    cards = _are_cards(columns)
    found: dict[int, View] = {}
    for place, heading in enumerate(columns):
        folded = fold(heading)
        if folded in kept:
            found[place] = kept[folded], "remembered", 1.0
        elif folded in named:
            found[place] = named[folded], "header", 1.0
        elif cards:
            found[place] = vcard.field_of(heading), "preset", 0.95
        elif preset and folded in preset.fields:
            found[place] = preset.fields[folded], "preset", 0.98
    return found


def _first_view(heading: str, seen: Look, country: str) -> View:
    """A column looked at by itself: field, how, confidence."""
    said = meaning(heading)
    shown, sure = by_content(seen, country)
    if said.field == NUMBER and not seen.running and seen.share("code") > 0.9 and seen.distinct > 0.98:
        return "key", "content", 0.5
    if said.field in (NUMBER, HOLDER, OTHER):
        contact = seen.share("email", "phone shape") > 0.8 and said.confidence < 0.9
        contact = contact and shown in ("email", "phone")
        return (shown, "content", 0.5) if contact else ("", "header", said.confidence)
    if said.field and _believed(said.field, seen):
        return said.field, "header", said.confidence
    if shown:
        return shown, "content", min(sure, 0.6) if said.field else sure
    doubtful = said.field and said.field != "email" and seen.count < 3
    return (said.field, "header", 0.3) if doubtful else ("", "", 0.0)


def _believed(field: str, seen: Look) -> bool:
    """Whether the values do not gainsay the heading."""
    if not seen.count:
        return True
    base = target(field).base
    expected = EXPECTED.get(field.partition(":")[0]) or EXPECTED.get(base)
    if expected and seen.share(*expected) < 0.2:
        return False
    strong = max(STRONG, key=seen.share)
    if seen.share(strong) < 0.7:
        return True
    free = base in ("note", "key", "tags", "handle", "registration", "national_id", "card", "x") or (
        seen.count < 3 and base not in NAMING
    )
    fits = {
        "email": ("email", "website"),
        "phone shape": ("phone",),
        "date": ("birth", "created", "consent"),
    }[strong]
    return free or base in fits or (strong == "phone shape" and field.startswith("address."))


def by_content(seen: Look, country: str = "") -> tuple[str, float]:
    """The field that a column's values look like, and how sure that is; "" when they could be anything."""
    if not seen.count or seen.running:
        return "", 0.0
    for test, field, needed, confidence in BY_CONTENT:
        if seen.share(test) >= needed:
            return field, confidence * (1.0 if seen.count >= 5 else 0.8)
    few = seen.distinct * seen.count
    digits = seen.length == POSTCODE_DIGITS.get(country)
    plausible = [
        ("sex", 0.5, seen.share("sex") > 0.9 and few <= 4 and seen.count >= 4),
        ("key", 0.45, seen.share("code") > 0.95 and seen.distinct > 0.99 and seen.count >= 5),
        ("address.postcode", 0.45, seen.share("postcode") > 0.9 and digits),
        ("note", 0.4, seen.share("long") > 0.5 and seen.distinct > 0.5),
    ]
    return next(((field, sure) for field, sure, holds in plausible if holds), ("", 0.0))


def _distrust_keys(maps: list[ColumnMap], looks: list[Look], values: list[list[Cell]]) -> list[ColumnMap]:
    """A running number is no key, nor is one that different people share."""
    people = [each.column for each in maps if each.field in ("name", "given", "family", "company")]
    found = []
    for each in maps:
        if each.field == "key" and each.how != "remembered":
            seen = looks[each.column]
            who = (
                zip(*(values[column] for column in people), strict=True)
                if people
                else [()] * len(values[each.column])
            )
            pairs = [
                (key, " ".join(filter(None, names)))
                for key, names in zip(values[each.column], who, strict=True)
                if key
            ]
            spoilt = shared_keys(pairs)
            unsound = sum(key in spoilt for key, _ in pairs) > 0.3 * len(pairs)
            if (
                unsound
                or (seen.running and meaning(each.header).field != "key")
                or (not people and seen.distinct < 0.95)
            ):
                found.append(replace(each, field=None, how="", confidence=0.0))
                continue
        found.append(each)
    return found


def _once_each(maps: list[ColumnMap]) -> list[ColumnMap]:
    """Give a field that a customer has once to the surest column (see _counts); a second address of one kind gets its own
    label.
    """
    best: dict[str, ColumnMap] = {}
    for each in maps:
        if each.field and target(each.field).base not in MANY | {"x": ()}:
            rival = best.get(each.field)
            if rival is None or each.confidence > rival.confidence:
                best[each.field] = each
    found: list[ColumnMap] = []
    taken: set[str] = set()
    for each in maps:
        base = target(each.field).base if each.field else ""
        if each.field and base == "address":
            key = _free_label(each.field, taken)
            taken.add(key)
            found.append(replace(each, field=key))
        elif not each.field or base in MANY or base == "x" or _counts(each, best[each.field]):
            found.append(each)
        else:
            found.append(replace(each, field=None, how="", confidence=0.0))
    return found


def _counts(each: ColumnMap, best: ColumnMap) -> bool:
    """Whether a column of something that a customer has once is read: the surest is; and behind it whom the bill goes
    to, for whoever buys as a guest is named nowhere else.
    """
    is_payer = each.field in NAMING and "billing" in labels_of(each.header)
    return each is best or (is_payer and each.column > best.column)


def _free_label(key: str, taken: set[str]) -> str:
    """The key, or the same with the label counted up: the second "Street" belongs to a second address."""
    base, count, free = target(key), 2, key
    while free in taken:
        free, count = base._replace(label=f"{base.label}{count}").key, count + 1
    return free


def _examples(values: Iterable[Cell]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value)[:80] for value in values if value))[:3]
