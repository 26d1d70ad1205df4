"""The world's telephone numbering plans, as libphonenumber's metadata tells them, laid out for looking up quickly.

The patterns are phonenumbers' own; only the way to them is shorter: its objects and its parser cost some 100 µs for
a messy text, a look-up here about one. A property test holds both to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from phonenumbers import PhoneMetadata

_KINDS = (
    ("premium_rate", "premium"),
    ("toll_free", "freephone"),
    ("shared_cost", "shared"),
    ("voip", "voip"),
    ("personal_number", "personal"),
    ("pager", "pager"),
    ("uan", "company"),
    ("voicemail", "voicemail"),
)

# More digits than any national number has.
_LONGEST = 20
# Where the metadata keeps old short blocks of mobile numbers and a number this short is one with digits lost.
_SHORTEST = {("ZA", "mobile"): 9, ("FI", "mobile"): 8}

# Numbers Ofcom keeps free for films and examples; no metadata has them, and samples and training files are full of them.
_FOR_FICTION = {"44": ((re.compile(r"7700900\d{3}"), "mobile"), (re.compile(r"1632960\d{3}"), "landline"))}


class Line(NamedTuple):
    """A valid number: its calling code ("48"), national part, country (ISO alpha-2 or "001") and kind.

    kind: mobile, landline, either (where a plan does not tell them apart), freephone, premium, shared, voip, personal,
    pager, company, voicemail. doubt: how far the digits had to be stretched to read it so; 0 is as people write it.
    """

    calling: str
    national: str
    country: str
    kind: str
    doubt: float = 0.0


_Matches = Callable[[str], "re.Match[str] | None"]


class _OfLength(NamedTuple):
    """The patterns that a region has for national numbers of one length; None where it has none."""

    general: _Matches
    kinds: tuple[tuple[str, _Matches], ...]
    landline: _Matches | None
    mobile: _Matches | None


class _Region(NamedTuple):
    country: str
    leading: re.Pattern[str] | None
    by_length: dict[int, _OfLength]
    same: bool

    def kind(self, national: str) -> str:
        """The kind of a national number, "" if the region has no such number."""
        patterns = self.by_length.get(len(national))
        if patterns is None or not patterns.general(national):
            return ""
        for name, matches in patterns.kinds:
            if matches(national):
                return name
        mobile = patterns.mobile is not None and patterns.mobile(national) is not None
        if patterns.landline is not None and patterns.landline(national):
            return "either" if self.same or mobile else "landline"
        return "mobile" if mobile and not self.same else ""


class Dialling(NamedTuple):
    """How a country dials: its calling code, trunk prefix ("0", "1" or "") and prefix for going abroad."""

    calling: str
    trunk: str
    abroad: re.Pattern[str]
    own_parser: bool


@lru_cache(maxsize=256)
def dialling(country: str) -> Dialling | None:
    """How a country (ISO alpha-2) dials; None for an unknown one."""
    from phonenumbers import PhoneMetadata

    found = PhoneMetadata.metadata_for_region(country, None) if country else None
    if found is None:
        return None
    abroad = re.compile(found.international_prefix or "00")
    rule = found.national_prefix_transform_rule is not None
    return Dialling(
        str(found.country_code), found.national_prefix or "", abroad, rule and found.national_prefix != "1"
    )


@lru_cache(maxsize=256)
def _regions(calling: str) -> tuple[_Region, ...]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    regions = []
    for country in COUNTRY_CODE_TO_REGION_CODE.get(int(calling), ()):
        found = PhoneMetadata.metadata_for_region_or_calling_code(int(calling), country)
        if found is None:
            continue
        regions.append(
            _Region(
                country,
                re.compile(found.leading_digits) if found.leading_digits else None,
                {length: its for length in range(1, _LONGEST + 1) if (its := _of_length(found, length))},
                bool(found.same_mobile_and_fixed_line_pattern),
            )
        )
    return tuple(regions)


def _of_length(found: PhoneMetadata, length: int) -> _OfLength | None:
    general = _pattern(found.general_desc, length)
    named = ((name, _pattern(getattr(found, field), length)) for field, name in _KINDS)
    return general and _OfLength(
        general,
        tuple((name, matches) for name, matches in named if matches),
        _pattern(found.fixed_line, length),
        _pattern(found.mobile, length),
    )


def _pattern(description: object, length: int) -> _Matches | None:
    """What matches whole national numbers of this length; None where the description has none so long."""
    pattern = getattr(description, "national_number_pattern", None)
    lengths = {each for each in getattr(description, "possible_length", ()) if each > 0}
    return re.compile(pattern).fullmatch if pattern and (not lengths or length in lengths) else None


def line(calling: str, national: str) -> Line | None:
    """The valid number of a calling code and a national part without trunk prefix; None where there is none."""
    regions = _regions(calling)
    for region in regions:
        led = region.leading if len(regions) > 1 else None
        if led and not led.match(national):
            continue
        kind = region.kind(national)
        if kind and len(national) >= _SHORTEST.get((region.country, kind), 0):
            return Line(calling, national, region.country, kind)
        if led:
            break
    for pattern, kind in _FOR_FICTION.get(calling, ()):
        if pattern.fullmatch(national):
            return Line(calling, national, "GB", kind)
    return None


@lru_cache(maxsize=1)
def _calling_codes() -> frozenset[str]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return frozenset(str(code) for code in COUNTRY_CODE_TO_REGION_CODE)


def abroad(digits: str) -> Line | None:
    """The valid number of digits that begin with a calling code; a trunk 0 left after the code is dropped."""
    for length in (1, 2, 3):
        calling, national = digits[:length], digits[length:]
        if calling in _calling_codes():
            return line(calling, national) or (line(calling, national[1:]) if national[:1] == "0" else None)
    return None


@lru_cache(maxsize=65536)
def read(digits: str, plus: bool, country: str) -> Line | None:
    """The likeliest number that digits, typed with or without a plus, mean in a country; None if they can be none."""
    home = dialling(country)
    best: Line | None = None
    for found, doubt in _readings(digits, plus, country, home):
        if found and (best is None or doubt < best.doubt):
            best = found._replace(doubt=doubt) if doubt else found
        if best and best.doubt == 0:
            break
    return best


def _readings(
    digits: str, plus: bool, country: str, home: Dialling | None
) -> Iterator[tuple[Line | None, float]]:
    if plus:
        bare = digits.lstrip("0")
        yield abroad(digits), 0.0
        if bare != digits:
            yield abroad(bare), 0.3
        if home and not bare.startswith(home.calling):
            yield _at_home(digits, country, home), 1.0
        return
    if digits.startswith("00"):
        yield abroad(digits[2:].lstrip("0")), 0.0
    if home:
        prefix = home.abroad.match(digits)
        if prefix and prefix[0] != "00":
            yield abroad(digits[prefix.end() :]), 0.05
        yield from _home_readings(digits, country, home)
    if digits.startswith("011"):
        yield abroad(digits[3:]), 0.8
    if len(digits) >= 11 and digits[0] != "0":
        found = abroad(digits)
        yield found, 1.5 if found and found.kind in ("mobile", "either") else 1.8


def _home_readings(digits: str, country: str, home: Dialling) -> Iterator[tuple[Line | None, float]]:
    found = _at_home(digits, country, home)
    doubt = 0.0
    if found and home.trunk == "0" and digits[0] != "0":
        # Without its trunk 0, which a spreadsheet takes away: sure for a mobile, less so for a landline, and next to
        # nothing for a short one, since any price or year would do.
        doubt = 0.3 if found.kind == "mobile" else 1.2 if len(digits) <= 10 else 1.7
        found = found if len(digits) >= (8 if found.kind == "landline" else 7) else None
    yield found, doubt
    if not home.trunk and digits[0] == "0":  # Poland dropped its trunk 0 in 2005, letterheads did not
        yield line(home.calling, digits[1:]), 0.2
    if digits.startswith(home.calling):
        rest = digits[len(home.calling) :]
        yield line(home.calling, rest) or line(home.calling, rest[1:] if rest[:1] == "0" else ""), 0.4
    elif digits.startswith("0" + home.calling):
        yield line(home.calling, digits[1 + len(home.calling) :]), 1.0


def _at_home(digits: str, country: str, home: Dialling) -> Line | None:
    if home.own_parser:
        return _by_rule(digits, country)
    if home.trunk and digits.startswith(home.trunk):
        return line(home.calling, digits[len(home.trunk) :]) or line(home.calling, digits)
    return line(home.calling, digits)


def _by_rule(digits: str, country: str) -> Line | None:
    """For Argentina, Brazil and others whose national way of dialling rearranges the number."""
    import phonenumbers

    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None
    return line(str(number.country_code), phonenumbers.national_significant_number(number))
