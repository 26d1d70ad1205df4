"""vCards as telephones write them: 3.0 (RFC 2426) from new ones, 2.1 with quoted-printable from old ones."""

from __future__ import annotations

from quopri import encodestring
from random import Random

from kartoteka.intake.sample import spelling
from kartoteka.intake.sample.entries import Entry

HINTS = {"GB": "bike", "ZA": "fiets", "PH": "suki", "MY": "basikal", "FI": "pyörä", "PL": "rower"}
"""What people put behind a name in a phone book, to know which Anna it is."""


def vcard(entry: Entry, rng: Random) -> str:
    """One card, its lines parted by CRLF."""
    old = rng.random() < 0.35
    family, given, shown = _names(entry, rng)
    lines = ["BEGIN:VCARD", f"VERSION:{'2.1' if old else '3.0'}"]
    lines.append(_line("N", [family, given, "", entry.title if rng.random() < 0.5 else "", ""], old=old))
    lines.append(_line("FN", [shown], old=old))
    if entry.short and rng.random() < 0.4:
        lines.append(_line("NICKNAME", [entry.short], old=old))
    for number in entry.phones:
        text = number if rng.random() < 0.6 else spelling.phone(number, entry.country, rng)
        lines.append(f"TEL;{'CELL' if old else 'TYPE=CELL'}:{text}")
    if entry.email and rng.random() < 0.45:
        lines.append(f"EMAIL;{'INTERNET' if old else 'TYPE=INTERNET'}:{entry.email.strip()}")
    if entry.firm:
        lines.append(_line("ORG", [entry.firm], old=old))
    if rng.random() < 0.3:
        address = entry.address
        street = spelling.street_line(address, rng)
        parts = ["", "", street, address.city, address.region, address.postcode, address.country]
        lines.append(_line(f"ADR;{'HOME' if old else 'TYPE=HOME'}", parts, old=old))
    if entry.birth and rng.random() < 0.25:
        birth = entry.birth
        yearless = rng.random() < 0.25
        lines.append(f"BDAY:--{birth:%m%d}" if yearless else f"BDAY:{birth:%Y-%m-%d}")
    lines.append("END:VCARD")
    return "\r\n".join(line if old else _folded(line) for line in lines)


def _names(entry: Entry, rng: Random) -> tuple[str, str, str]:
    """Family, given and the shown name: a phone book holds short forms, hints, and names all in one part."""
    if entry.kind == "firm":
        return "", "", entry.firm
    family, given = entry.family, entry.short if entry.short and rng.random() < 0.35 else entry.given
    chance = rng.random()
    if chance < 0.07:
        return "", given, given
    if chance < 0.13:
        hint = HINTS[entry.country]
        return family, f"{given} {hint}", f"{given} {hint} {family}"
    if chance < 0.25:
        return "", f"{given} {family}", f"{given} {family}"
    if entry.name and entry.name.people == "zh" and given != entry.name.western:
        return family, given, f"{family} {given}"
    return family, given, f"{given} {family}"


def _line(name: str, parts: list[str], *, old: bool) -> str:
    """A property with its parts escaped; version 2.1 puts letters beyond ASCII in quoted-printable."""
    if old:
        text = ";".join(part.replace(";", "\\;") for part in parts)
        if text.isascii():
            return f"{name}:{text}"
        coded = encodestring(text.encode(), quotetabs=False).decode().replace("=\n", "=\r\n")
        return f"{name};CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{coded}"
    escaped = [part.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;") for part in parts]
    return f"{name}:{';'.join(escaped)}"


def _folded(line: str) -> str:
    """A line of more than 75 octets goes on in the next, after a blank; no letter is cut in two."""
    pieces, piece, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > 74:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + width
    return "\r\n".join([*pieces, piece])
