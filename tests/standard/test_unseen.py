"""What `kartoteka standardise` prints for lists that were labelled and run once before they mended anything.

They hold what is right from going wrong again; how right the code is on lists it has not met is told in bench/RESULTS.md.
"""

from pathlib import Path

import pytest

from kartoteka.standard import companies
from kartoteka.standard.lines import standardise_lines

_CASES = Path(__file__).with_name("cases")
_LISTS = {
    "name": ("names", ("title", "given", "family", "particle", "suffix", "sex", "kind")),
    "company": ("companies", ("name", "form")),
    "address": ("addresses", ("street", "number", "flat", "postcode", "city")),
    "date": ("dates", ("value", "problem")),
    "email": ("emails", ("values",)),
    "phone": ("phones", ("values", "extension")),
}


def _lines(plural: str) -> list[str]:
    """The labelled lines of all lists of a kind; what stands behind # tells how they were read at first."""
    lists = sorted(_CASES.glob(f"{plural}_unseen*.txt"))
    lines = [line for path in lists for line in path.read_text("utf-8").splitlines()]
    return [line for line in lines if not line.startswith("#")]


def _shown(value: object) -> str:
    return "-" if value is None else " ".join(value) if isinstance(value, list) else str(value)


@pytest.mark.parametrize("kind", _LISTS)
def test_unseen_list(kind: str) -> None:
    plural, fields = _LISTS[kind]
    wrong = []
    for line in _lines(plural):
        country, language, typed, *labels = line.split("|")
        excel = language == "excel"
        (found,) = standardise_lines(
            kind, [typed], country=country, language="" if excel else language, excel=excel
        )
        printed = [_shown(found[field]) for field in fields]
        if any(label not in ("?", shown) for label, shown in zip(labels, printed, strict=True)):
            wrong.append((line, printed))
    assert wrong == []


def test_a_company_that_is_written_anew_is_read_the_same() -> None:
    for line in _lines("companies"):
        country, _language, typed, *_labels = line.split("|")
        once = companies.standardise(typed, country=country).value
        if once is not None:
            assert companies.standardise(companies.written(once), country=country).value == once
