"""Who a row is of: its cells of names and companies, into the parts of a name or a company with its legal form. Pure."""

from functools import lru_cache

from kartoteka.people.record import GUESSED
from kartoteka.standard import companies, names, registrations
from kartoteka.standard.characters import says_nothing
from kartoteka.standard.letters import fold, is_formula
from kartoteka.standard.name_households import SIGNS as HOUSEHOLD_SIGNS

from .row import Reading

_NAME_PARTS = ("title", "given", "middle", "family", "suffix")


def read_names(reading: Reading) -> None:
    cells, values = reading.cells, reading.values
    parts = {part: cells[part][0][2] for part in _NAME_PARTS if part in cells}
    said = ("given" in parts or "family" in parts) and _name_in_parts(reading, parts)
    if not said and (whole := reading.first("name")):
        _whole_name(reading, whole)
    given = values.get("given")
    if given and "sex" not in cells:
        first = f"{values.get('title', '')} {given.partition(' ')[0]}".strip()
        if sex := _sex_of(first, reading.country, reading.plan.language):
            values[GUESSED] = {"sex": sex}
    if nickname := reading.first("nickname"):
        values["nickname"] = nickname


@lru_cache(maxsize=100_000)
def _sex_of(first: str, country: str, language: str) -> str:
    """The sex that a title and a given name tell where the language decides it: a guess, and kept as one."""
    name = names.standardise(first, country=country, language=language).value
    return name.sex if name else ""


@lru_cache(maxsize=100_000)
def _is_plain_name(word: str) -> bool:
    """Whether a word by itself is a name that needs no mending: one capital, then small letters, and no junk."""
    if not (word.isalpha() and word[0].isupper() and word[1:].islower() and len(word) > 2):
        return False
    if fold(word) in HOUSEHOLD_SIGNS:
        return False  # "Fam" in the column of given names
    name = names.standardise(word).value
    return (
        name is not None
        and name.kind == "person"
        and name.display == word
        and not name.title
        and not name.suffix
    )


def _name_in_parts(reading: Reading, parts: dict[str, str]) -> bool:
    """Take the name from cells of its parts (those that are filled); whether they name somebody."""
    plan = reading.plan
    if "title" not in parts and "suffix" not in parts and all(map(_is_plain_name, parts.values())):
        reading.values.update(parts)
        reading.values["name"] = " ".join(parts.values())
        return True
    parts = dict.fromkeys(_NAME_PARTS, "") | parts
    if _plainly_said(reading, parts):
        return True
    given = " ".join(part for part in (parts["given"], parts["middle"]) if part)
    # With the comma the order is said, and needs no guess.
    text = f"{parts['family']}, {given}" if parts["family"] and given else parts["family"] or given
    result = names.standardise(text, country=reading.country, language=plan.language)
    name = result.value
    if name is None or name.kind == "none":
        reading.complain("name", reading.cells[("given" if given else "family")][0][0], "no_name", text)
        return False
    if name.kind == "company" and not parts["given"]:
        _company_said(reading, text)
        return True
    if name.kind == "household":
        reading.values.update(kind="household", name=name.display)
        return True
    found = {
        "title": name.title or parts["title"],
        "given": name.given,
        "middle": name.middle,
        "family": name.family,
        "particle": name.particle,
        "suffix": name.suffix or parts["suffix"],
        "nickname": name.nickname,
    }
    if parts["family"] and not given and not name.family:
        found.update(given="", family=name.given)
    elif given and not parts["family"] and not name.given:
        found.update(given=name.family, family="", particle="")
    found["name"] = " ".join(found[part] for part in _NAME_PARTS if found[part])
    reading.values.update({key: value for key, value in found.items() if value})
    return True


def _plainly_said(reading: Reading, parts: dict[str, str]) -> bool:
    """Take a name whose cells hold nothing but names and a particle: "Anna-Liisa", "binti Rashid"; whether it is one."""
    if parts["title"] or parts["suffix"] or not (parts["given"] and parts["family"]):
        return False
    found = names.of_cells(
        parts["given"], parts["family"], country=reading.country, language=reading.plan.language
    )
    if found is None or (parts["middle"] and not _is_plain_name(parts["middle"])):
        return False
    given, middle, family, particle = found
    middle = f"{middle} {parts['middle']}".strip()
    told = {"given": given, "middle": middle, "family": family, "particle": particle}
    reading.values.update({key: value for key, value in told.items() if value})
    reading.values["name"] = " ".join(filter(None, (given, middle, family)))
    return True


def _whole_name(reading: Reading, text: str) -> None:
    name = names.standardise(text, country=reading.country, language=reading.plan.language).value
    if name is None or name.kind == "none":
        reading.complain("name", reading.cells["name"][0][0], "no_name", text)
        return
    if name.kind == "company":
        _company_said(reading, text)
        return
    found = {
        "name": name.display,
        **{part: getattr(name, part) for part in (*_NAME_PARTS, "particle", "nickname")},
    }
    if name.kind == "household":
        found["kind"] = "household"
    reading.values.update({key: value for key, value in found.items() if value})


def _company_said(reading: Reading, text: str) -> bool:
    """Take a company's name; whether it is one."""
    company = companies.standardise(text, country=reading.country).value
    if company is not None:
        reading.values["company"] = company.name
        if company.form:
            reading.values["form"] = company.form
    return company is not None


def read_company(reading: Reading) -> None:
    if (
        (text := reading.first("company"))
        and not _company_said(reading, text)
        and any(map(str.isalnum, text))
        and (is_formula(text) or not says_nothing(text))
    ):
        reading.complain("company", reading.cells["company"][0][0], "no_name", text)
    if (form := reading.first("form")) and not reading.values.get("form"):
        reading.values["form"] = form
    found = []
    for column, label, text in reading.cells.get("registration", ()):
        result = registrations.standardise(text, kind=label, country=reading.country)
        if result.problem:
            reading.complain("registration", column, result.problem, text)
        if result.value is not None:
            found.append(result.value.entry)
    if found:
        reading.values["registration"] = found
