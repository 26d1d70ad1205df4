"""Lines of text standardised one by one: what `kartoteka standardise KIND` prints, one object a line."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

KINDS = ("phone", "email", "date", "name", "company", "address")
_NAME = ("given", "family", "particle", "title", "suffix", "sex", "kind")
_COMPANY = ("name", "form")
_ADDRESS = ("street", "number", "flat", "postcode", "city")


def standardise_lines(
    kind: str, lines: Iterable[str], *, country: str = "", language: str = "", excel: bool = False
) -> Iterator[dict[str, Any]]:
    """One dict for each line, in order; an empty line gives an empty one.

    kind: one of KINDS; country: ISO alpha-2 and language: ISO 639-1 of the people in the file; excel: bare numbers among
    dates are Excel serials. phone and email: {"values", "extension", "problem"}; date: {"value", "problem"};
    name, company, address: their parts, "" where there is none. A line that gives nothing usable has the problem
    "invalid", also where a file's reader would pass over it as empty ("n/a"). Raises KeyError for another kind.
    """
    makers: dict[str, Callable[[str], dict[str, Any]]] = {
        "phone": partial(_phone, country=country, language=language),
        "email": _email,
        "date": partial(_date, country=country, language=language, excel=excel),
        "name": partial(_name, country=country, language=language),
        "company": partial(_company, country=country),
        "address": partial(_address, country=country),
    }
    make = makers[kind]
    return (make(line.rstrip("\r\n")) for line in lines)


def _problem(problems: Iterable[str], line: str, *, found: bool) -> str | None:
    first = next((problem for problem in problems if problem), None)
    return first or (None if found or not line.strip() else "invalid")


def _phone(line: str, *, country: str, language: str) -> dict[str, Any]:
    from kartoteka.standard import phones

    results = phones.standardise(line, country=country, language=language)
    found = [result.value for result in results if result.value]
    return {
        "values": [phone.value for phone in found],
        "extension": next((phone.ext for phone in found if phone.ext), ""),
        "problem": _problem((result.problem for result in results), line, found=bool(found)),
    }


def _email(line: str) -> dict[str, Any]:
    from kartoteka.standard import emails

    results = emails.standardise(line)
    values = [result.value.value for result in results if result.value]
    return {
        "values": values,
        "extension": "",
        "problem": _problem((result.problem for result in results), line, found=bool(values)),
    }


def _date(line: str, *, country: str, language: str, excel: bool) -> dict[str, Any]:
    from kartoteka.standard import dates

    result = dates.standardise(line, country=country, language=language, excel=excel)
    return {"value": result.value, "problem": _problem([result.problem], line, found=bool(result.value))}


def _parts(value: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(value, name, "") for name in names}


def _name(line: str, *, country: str, language: str) -> dict[str, Any]:
    from kartoteka.standard import names

    value = names.standardise(line, country=country, language=language).value
    if value is None:
        return _parts(None, _NAME) | {"kind": "none"}
    return _parts(value, _NAME) | {"given": value.all_given}


def _company(line: str, *, country: str) -> dict[str, Any]:
    from kartoteka.standard import companies

    return _parts(companies.standardise(line, country=country).value, _COMPANY)


def _address(line: str, *, country: str) -> dict[str, Any]:
    from kartoteka.standard import addresses

    return _parts(addresses.standardise(line, country=country).value, _ADDRESS)
