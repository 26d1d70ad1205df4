"""vCards of versions 2.1, 3.0 and 4.0 as phones, Outlook and web mail write them.

Read by a tolerant parser of our own, because one broken line must not lose the card: formats of RFC 6350
(4.0), RFC 2426 (3.0) and the vCard 2.1 specification, with the habits of Apple, Google and Nokia (grouped
items, X- lines, base64 photos without folding). A card becomes a row, numbered from 1; its properties
become columns such as `TEL;mobile` or `ADR;home.street`.
"""

import base64
import binascii
import io
import quopri
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, cast

from kartoteka.intake.files.book import NOTHING, Book, Cell, DateText, Report, Row, Sheet
from kartoteka.intake.files.encoding import Encoding, find_encoding, judge
from kartoteka.intake.files.fields import Target
from kartoteka.intake.files.source import MAX_LINE, Source
from kartoteka.intake.files.unreadable import Problem, Unreadable

#: Parts of the structured properties, in the order the formats give them.
STRUCTURED = {
    "N": ["family", "given", "middle", "prefix", "suffix"],
    "ADR": ["pobox", "extended", "street", "city", "region", "postcode", "country"],
    "ORG": ["name", "unit"],
}
SKIPPED = {
    "BEGIN",
    "END",
    "VERSION",
    "PRODID",
    "PHOTO",
    "LOGO",
    "SOUND",
    "KEY",
    "AGENT",
    "REV",
    "CLASS",
    "SORT-STRING",
}
TYPE_LABELS = {
    "cell": "mobile",
    "mobile": "mobile",
    "iphone": "mobile",
    "fax": "fax",
    "home": "home",
    "work": "work",
    "dom": "home",
    "main": "main",
    "other": "other",
}
APPLE_LABELS = {
    "_$!<home>!$_": "home",
    "_$!<work>!$_": "work",
    "_$!<mobile>!$_": "mobile",
    "_$!<other>!$_": "other",
}
MANY_IN_ONE = {"CATEGORIES", "NICKNAME"}
MAX_COLUMNS = 2000
MAX_SAME = 20  # the same property and label in one card
LINE = re.compile(
    r"(?:(?P<group>[\w-]+)\.)?(?P<name>[\w-]+)(?P<params>(?:;(?:\"[^\"]*\"|[^:\"])*)*?):(?P<value>.*)",
    re.DOTALL,
)

#: What the columns made here look like.
COLUMN = re.compile(r"[A-Z][A-Z0-9-]*(;[^.\s]+)?(\.[a-z]+)?( \d+)?")
#: vCard column (without counting) -> field key; with {label} where the property has one.
FIELDS = {
    "FN": "name", "N.family": "family", "N.given": "given", "N.middle": "middle", "N.prefix": "title",
    "N.suffix": "suffix", "NICKNAME": "nickname", "GENDER": "sex", "X-GENDER": "sex", "BDAY": "birth",
    "LANG": "language", "BIRTHPLACE": "birth_place", "TITLE": "profession", "ROLE": "", "ORG.name": "company",
    "TEL": "phone", "EMAIL": "email", "URL": "website", "NOTE": "note", "CATEGORIES": "tags", "UID": "key",
    "ADR.street": "address.street", "ADR.extended": "address.street2", "ADR.pobox": "",
    "ADR.city": "address.city", "ADR.region": "address.region", "ADR.postcode": "address.postcode",
    "ADR.country": "address.country", "X-SKYPE": "handle:skype", "X-SKYPE-USERNAME": "handle:skype",
    "X-TWITTER": "handle:twitter",
}  # fmt: skip


@dataclass(slots=True)
class Property:
    """One logical line of a card."""

    name: str
    params: dict[str, list[str]]
    value: str
    group: str = ""


@dataclass(slots=True)
class Card:
    """One card as read: column -> text, in the card's order."""

    cells: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_cards(source: Source) -> Book:
    """A file of vCards as a book with one sheet. Raises Unreadable when no card holds anything."""
    encoding = find_encoding(source)
    columns: dict[str, None] = {}
    for _, card in _cards(source, encoding):
        columns.update(dict.fromkeys(card.cells))
        if len(columns) > MAX_COLUMNS:
            raise Unreadable("too_many_columns", name=source.name, limit=MAX_COLUMNS)
    if not columns:
        raise Unreadable("empty", name=source.name)
    names = sorted(columns, key=_order)
    sheet = Sheet("", 0, names, partial(_rows, source, encoding, names))
    return Book(source.name, "vcard", [sheet], encoding.name)


def field_of(column: str) -> str:
    """The field key of a vCard column ("TEL;mobile 2" is "phone:mobile"); "" for one that is only kept."""
    base, _, rest = re.sub(r" \d+$", "", column).partition(";")
    label, _, part = rest.partition(".")
    if base == "IMPP" and label:
        return Target("handle", "", label).key
    found = FIELDS.get(f"{base}.{part}" if part else base, "")
    if not found or not label:
        return _counted(found, column)
    head, _, part = found.partition(".")
    return _counted(Target(head, part, label).key if head in ("phone", "email", "address") else found, column)


def _counted(key: str, column: str) -> str:
    """Parts of a second address of the same kind get a label of their own, so that they stay together."""
    count = re.search(r" (\d+)$", column)
    return f"{key}{'' if ':' in key else ':'}{count[1]}" if count and key.startswith("address.") else key


def _rows(source: Source, encoding: Encoding, names: list[str], report: Report) -> Iterator[Row]:
    for number, card in _cards(source, encoding):
        for line in card.problems:
            report(Problem(number, "broken_card", {"line": line[:60]}))
        if card.cells:
            cells: list[Cell] = [card.cells.get(name) for name in names]
            yield number, cells


def _order(column: str) -> tuple[int, str]:
    heads = [
        "FN",
        "N",
        "NICKNAME",
        "GENDER",
        "BDAY",
        "ORG",
        "TITLE",
        "ROLE",
        "TEL",
        "EMAIL",
        "ADR",
        "URL",
        "CATEGORIES",
    ]
    head = re.split(r"[;. ]", column)[0]
    parts = {part: place for place, part in enumerate(STRUCTURED["N"] + STRUCTURED["ADR"])}
    place = heads.index(head) if head in heads else len(heads)
    found = re.search(r"\.(\w+)", column)
    return place * 100 + (parts.get(found[1], 50) if found else 0), column


def _cards(source: Source, encoding: Encoding) -> Iterator[tuple[int, Card]]:
    """Cards with their ordinals. A card inside a card (AGENT) is passed over; a missing END is forgiven."""
    number, depth = 0, 0
    properties: list[Property] = []
    broken: list[str] = []
    for line in _unfolded(source, encoding):
        upper = line[:12].strip().upper().replace(" ", "")
        if upper.startswith("BEGIN:VCARD"):
            if depth and not properties and not broken:
                continue
            if depth and not (properties and properties[-1].name == "AGENT"):
                yield number, _card(properties, broken)
                depth = 0
            depth += 1
            if depth == 1:
                number, properties, broken = number + 1, [], []
        elif upper.startswith("END:VCARD"):
            depth -= 1
            if depth == 0:
                yield number, _card(properties, broken)
                properties, broken = [], []
        elif depth == 1 and line.strip():
            if found := _property(line):
                properties.append(found)
            else:
                broken.append(line.strip())
    if depth:
        yield number, _card(properties, broken)


def _unfolded(source: Source, encoding: Encoding) -> Iterator[str]:
    """Logical lines: continued ones (a leading blank, quoted-printable's "=") joined again."""
    with io.TextIOWrapper(
        cast(BinaryIO, source.open(max_line=MAX_LINE)), encoding.name, "surrogateescape", newline=None
    ) as stream:
        held, size = [next(stream, "").lstrip("\ufeff").rstrip("\n")], 0
        for raw in stream:
            line = raw.rstrip("\n")
            quoted = held[-1].endswith("=") and "QUOTED-PRINTABLE" in held[0].upper()
            if quoted:
                held[-1] = held[-1][:-1]
                held.append(line.lstrip(" \t") if line[:1] in " \t" else line)
            elif line[:1] in (" ", "\t") and line.strip():
                held.append(line[1:])
            else:
                yield _mended("".join(held), encoding)
                held, size = [line], 0
            size += len(line)
            if size > MAX_LINE:
                held, size = held[:1], 0  # a photo of many megabytes: nothing of it is needed
        yield _mended("".join(held), encoding)


def _mended(line: str, encoding: Encoding) -> str:
    if line.isascii() or not re.search("[\udc80-\udcff]", line):
        return line
    return re.sub(
        "[\udc80-\udcff]+",
        lambda match: match[0].encode("utf-8", "surrogateescape").decode(encoding.fallback, "replace"),
        line,
    )


def _property(line: str) -> Property | None:
    match = LINE.fullmatch(line.strip())
    if not match:
        return None
    params: dict[str, list[str]] = {}
    for given in re.findall(r';((?:"[^"]*"|[^;"])*)', match["params"] or ""):
        name, found, value = given.partition("=")
        if not found:
            name, value = (
                ("ENCODING", given)
                if given.upper() in ("QUOTED-PRINTABLE", "BASE64", "B")
                else ("TYPE", given)
            )
        params.setdefault(name.strip().upper(), []).extend(value.strip('" ').lower().split(","))
    found_name = match["name"].upper()
    value = match["value"]
    if found_name in SKIPPED:
        return Property(found_name, {}, "")
    return Property(found_name, params, _decoded(value, params), (match["group"] or "").lower())


def _decoded(value: str, params: dict[str, list[str]]) -> str:
    """The value with its transfer encoding and its character set undone."""
    encodings = params.get("ENCODING", [])
    data: bytes
    if "quoted-printable" in encodings:
        data = quopri.decodestring(value.encode("utf-8", "surrogateescape"))
    elif "base64" in encodings or "b" in encodings:
        try:
            data = base64.b64decode(re.sub(r"\s", "", value))
        except (binascii.Error, ValueError):
            return value
    else:
        return value
    for name in [*params.get("CHARSET", []), "utf-8"]:
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode(judge(data).name, "replace")


def _split(value: str, separator: str) -> list[str]:
    """Parts at separators that are not escaped, with escapes (\\n \\, \\; \\:) undone."""
    parts, part, escaped = [], [], False
    for letter in value:
        if escaped:
            part.append("\n" if letter in "nN" else letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == separator:
            parts.append("".join(part))
            part = []
        else:
            part.append(letter)
    return [each.strip() for each in [*parts, "".join(part)]]


def _card(properties: list[Property], broken: list[str]) -> Card:
    """A card's properties as cells; the second of the same name and label is counted ("TEL;mobile 2")."""
    card = Card(problems=broken)
    labels = {
        each.group: each.value.strip() for each in properties if each.name == "X-ABLABEL" and each.group
    }
    counts: Counter[str] = Counter()
    for each in properties:
        if each.name in SKIPPED or each.name == "X-ABLABEL" or not each.value.strip(" ;"):
            continue
        head, cells = _named(each, _label(each, labels.get(each.group, "")))
        counts[head] += 1
        count = f" {counts[head]}" if counts[head] > 1 else ""
        if counts[head] <= MAX_SAME:
            card.cells.update(
                (head + part + count, text) for part, text in cells if text and text not in NOTHING
            )
    return card


def _label(found: Property, group_label: str) -> str:
    """home, work, mobile, fax, main or other; the most telling of a property's types."""
    types = found.params.get("TYPE", [])
    labels = [TYPE_LABELS[each] for each in types if each in TYPE_LABELS]
    if not labels and group_label:
        labels = [APPLE_LABELS.get(group_label.lower(), "")]
    for telling in ("fax", "mobile"):
        if telling in labels and found.name == "TEL":
            return telling
    return labels[0] if labels and found.name in ("TEL", "EMAIL", "ADR") else ""


def _named(found: Property, label: str) -> tuple[str, list[tuple[str, str]]]:
    """The column's head, and for each part of the value what follows the head and the text."""
    head = found.name + (f";{label}" if label else "")
    value = found.value
    if parts := STRUCTURED.get(found.name):
        texts = _split(value, ";")
        if found.name == "N":
            texts = [" ".join(text.split(",")) if "\\," not in value else text for text in texts]
        texts[len(parts) - 1 :] = [", ".join(filter(None, texts[len(parts) - 1 :]))]
        return head, [(f".{part}", " ".join(text.split())) for part, text in zip(parts, texts, strict=False)]
    if found.name in ("IMPP", "X-SOCIALPROFILE"):
        scheme, _, rest = value.partition(":")
        network = (found.params.get("TYPE") or found.params.get("X-SERVICE-TYPE") or [scheme])[0]
        plain = found.name == "IMPP" or scheme.lower() not in ("http", "https")
        return f"IMPP;{network.lower()}", [("", (rest if plain and rest else value).strip())]
    if found.name == "BDAY":
        return head, [("", _birthday(value.strip(), found.params))]
    if found.name in MANY_IN_ONE:
        return head, [("", ", ".join(filter(None, _split(value, ","))))]
    text = "\n".join(_split(value, "\0"))
    return head, [("", re.sub(r"^(tel|mailto):", "", text, flags=re.IGNORECASE))]


def _birthday(value: str, params: dict[str, list[str]]) -> str:
    """ISO of 19850403, --0403, 1985-04-03T00:00Z; Apple gives an unknown year as 1604 and says so."""
    match = re.match(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?!\d)", value)
    if not match:
        return value
    year = "" if match[1] in ("--", "1604", *params.get("X-APPLE-OMIT-YEAR", [])) else match[1]
    return DateText(f"{year or '-'}-{match[2]}-{match[3]}")
