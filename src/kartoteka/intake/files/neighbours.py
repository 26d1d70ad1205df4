"""What a column means beside its neighbours: "Name" next to "Surname" is a given name, "Adres" next to
"Miasto" a street.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kartoteka.intake.files.book import Cell
from kartoteka.intake.files.content import Look
from kartoteka.intake.files.fields import Target, target
from kartoteka.intake.files.headings import HOLDER, NUMBER, fold, meaning

if TYPE_CHECKING:
    from kartoteka.intake.files.mapping import ColumnMap

Maps = list["ColumnMap"]
Values = Sequence[Sequence[Cell]]


def settle_names(maps: Maps, looks: list[Look], values: Values) -> Maps:
    """Tell full names, given names, family names and companies apart where headings alone do not."""
    maps = _holder_named(maps, looks)
    maps = _company_or_person(maps, looks)
    maps = _name_beside_part(maps, values)
    maps = _family_beside_given(maps, looks)
    fields = {each.field for each in maps}
    if not fields & {"name", "family"}:  # "First name" over whole names
        return [
            _set(each, "name", 0.6)
            if each.field == "given"
            and looks[each.column].share("words") > 0.7
            and looks[each.column].count > 2
            else each
            for each in maps
        ]
    return maps


def _holder_named(maps: Maps, looks: list[Look]) -> Maps:
    """An "Owner" is the customer where nobody else is named, as on a warranty card; beside customers, and ever the
    same few, it is who of us looks after them.
    """
    if any(each.field in ("name", "given", "family", "company") for each in maps):
        return maps
    found = []
    for each in maps:
        seen = looks[each.column]
        named = seen.share("word", "words", "company") > 0.5 and seen.distinct > 0.5
        is_name = meaning(each.header).field == HOLDER and named
        found.append(_set(each, "name", 0.7) if is_name else each)
    return found


def _company_or_person(maps: Maps, looks: list[Look]) -> Maps:
    """A column headed as a company ("Nazwa") that holds people, or as a customer and holds firms beside a
    contact person.
    """
    has_person = any(each.field in ("name", "given", "family") for each in maps)
    names = [each for each in maps if each.field == "name"]
    found = []
    for each in maps:
        seen = looks[each.column]
        firms, persons = seen.share("company"), seen.share("name", "given")
        unsure = persons > 0.15 or meaning(each.header).confidence < 0.9 or fold(each.header) == "nazwa"
        if each.field == "company" and each.how == "header" and not has_person and firms < 0.4 and unsure:
            found.append(_set(each, "name", 0.7))
        elif each.field == "name" and len(names) > 1 and firms > 0.4 and persons < 0.4:
            found.append(_set(each, "company", 0.7))
        else:
            found.append(each)
    return found


def _name_beside_part(maps: Maps, values: Values) -> Maps:
    """A "Name" beside a family name, none of which it repeats, is the given name; and the other way round."""
    at = {each.field: each.column for each in maps if each.field in ("name", "given", "family")}
    if "name" not in at or ("given" in at) == ("family" in at):
        return maps
    part, missing = ("family", "given") if "family" in at else ("given", "family")
    pairs = [
        (whole, piece)
        for whole, piece in zip(values[at["name"]], values[at[part]], strict=True)
        if whole and piece
    ]
    repeated = sum(set(fold(piece).split()) <= set(fold(whole).split()) for whole, piece in pairs)
    if pairs and repeated > 0.3 * len(pairs):
        return maps
    return [_set(each, missing, 0.85) if each.column == at["name"] else each for each in maps]


def _family_beside_given(maps: Maps, looks: list[Look]) -> Maps:
    """Of two columns that look like given names the likelier is; a column of single words beside it is the
    family name.
    """
    if any(each.field in ("family", "name") for each in maps):
        return maps
    given = [each for each in maps if each.field == "given"]
    if not given:
        return maps
    best = max(given, key=lambda each: (each.how != "content", looks[each.column].share("given")))
    beside = [
        each
        for each in maps
        if abs(each.column - best.column) == 1
        and each.how in ("", "content")
        and each.field in (None, "given", "address.street")
        and looks[each.column].share("word") > 0.6
        and looks[each.column].distinct > 0.2
    ]
    if not beside:
        return maps
    family = max(beside, key=lambda each: (each.field == "given", looks[each.column].distinct))
    return [
        _set(each, "family", 0.5)
        if each is family
        else _set(each, None, 0.0)
        if each in given and each is not best and each.how == "content"
        else each
        for each in maps
    ]


def settle_places(maps: Maps, looks: list[Look]) -> Maps:
    """Tell streets, whole addresses, postcodes with their cities and house numbers apart."""
    maps = _second_streets(maps)
    groups = Counter(_goal(each).label for each in maps if _part(each) in ("city", "postcode", "place"))
    found: Maps = []
    for each in maps:
        if _goal(each).base == "address" and each.how != "remembered":
            found.append(_fitted(each, looks[each.column], alone=not groups[_goal(each).label]))
        elif not each.field and _is_house_number(each, found, looks):
            found.append(_set(each, _goal(found[-1])._replace(part="number").key, 0.7))
        elif not each.field and not each.how and _is_city(each, maps, looks):
            found.append(_set(each, "address.city", 0.45))
        else:
            found.append(each)
    return _join_stray_labels(found)


def _second_streets(maps: Maps) -> Maps:
    """A second "Street" was named "Street 2" by the reader; beside a second city it is no second line of the first."""
    headings = {each.header.casefold() for each in maps}
    cities = Counter(_goal(each).label for each in maps if _part(each) == "city")
    return [
        replace(each, field=_goal(each)._replace(part="street").key)
        if _part(each) == "street2"
        and each.header.endswith(" 2")
        and each.header[:-2].casefold() in headings
        and cities[_goal(each).label] > 1
        and each.how == "header"
        else each
        for each in maps
    ]


def _fitted(each: "ColumnMap", seen: Look, *, alone: bool) -> "ColumnMap":
    """The part of an address that the values are; `alone` when no other column holds its city or postcode."""
    goal = _goal(each)
    if not goal.part and not alone and seen.share("address") < 0.5:
        return replace(each, field=goal._replace(part="street").key)
    if goal.part == "street" and alone and seen.share("address", "place") > 0.6:
        return replace(each, field=goal._replace(part="").key)
    if goal.part in ("city", "postcode") and seen.share("place") > 0.5:
        return replace(each, field=goal._replace(part="place").key)
    return each


def _is_house_number(each: "ColumnMap", before: Maps, looks: list[Look]) -> bool:
    seen = looks[each.column]
    return (
        bool(before)
        and _part(before[-1]) == "street"
        and meaning(each.header).field == NUMBER
        and not seen.running
        and 0 < seen.length < 7
        and looks[before[-1].column].share("street") < 0.5
    )


def _is_city(each: "ColumnMap", maps: Maps, looks: list[Look]) -> bool:
    """A column of words next to a postcode."""
    beside = [maps[place] for place in (each.column - 1, each.column + 1) if 0 <= place < len(maps)]
    seen = looks[each.column]
    has_city = any(_part(other) in ("city", "place") for other in maps)
    return (
        not has_city
        and seen.share("word", "words") > 0.6
        and any(_part(other) == "postcode" for other in beside)
    )


def _join_stray_labels(maps: Maps) -> Maps:
    """A lone "home country" beside an address without label belongs to that address."""
    groups: dict[str, set[str]] = {}
    for each in maps:
        if _goal(each).base == "address":
            groups.setdefault(_goal(each).label, set()).add(_goal(each).part)
    small = {"country", "region", "postcode", "number", "flat"}
    found = []
    for each in maps:
        goal = _goal(each)
        lone = goal.base == "address" and goal.label and groups[goal.label] <= small
        if lone and each.how == "header" and goal.part not in groups.get("", {goal.part}):
            found.append(replace(each, field=goal._replace(label="").key))
        else:
            found.append(each)
    return found


def _goal(each: "ColumnMap") -> Target:
    return target(each.field) if each.field else Target("")


def _part(each: "ColumnMap") -> str:
    return _goal(each).part if _goal(each).base == "address" else ""


def _set(each: "ColumnMap", field: str | None, confidence: float) -> "ColumnMap":
    if each.how in ("remembered", "preset"):
        return each
    return replace(each, field=field, how="content" if field else "", confidence=confidence)
