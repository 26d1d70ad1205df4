"""What stands around telephone numbers in one field: taken away or marked, so that only groups of digits remain.

`groups` turns "tel. 022 123 45 67 w. 12, kom. 600 100 200 / 201 (po 17)" into groups of digits with what stood before each:
nothing much, a slash, a comma, an "or", or words.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from kartoteka.standard.characters import plain
from kartoteka.standard.numbering import read


class Group(NamedTuple):
    """digits as typed together; plus: a + before them; before: "soft", "slash", "comma", "or" or "words".
    ext: an extension stood here instead of a group."""

    digits: str
    plus: bool
    before: str
    ext: bool = False


_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_EXCEL_FLOAT = re.compile(r"(\d{7,15}|(?:\d ?){9,15})[.,]0+")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", re.I)
_CHAT = re.compile(
    r"(?:https?://)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=|t\.me/)\+?(?=\d)", re.I
)
_MAIL_OR_LINK = re.compile(r"\S+@\S+|https?://\S+|www\.\S+", re.I)
_ITALY_ZERO = re.compile(r"((?:\+|\b00) ?39\s*)[(\[]0[)\]]")  # the one country that keeps it
_CODE_ZERO = re.compile(r"(?<=[\d)\]])\s*[(\[]0[)\]]\s*")
_LETTER_O = re.compile(r"(?<![A-Za-z])[oO]+(?=\d)|(?<=\d)[oO]+(?![A-Za-z])")
_LETTER_L = re.compile(r"(?<=\d)[lI](?=[ .-]?\d)|(?<![^\W\d_])[lI](?=\d\d)")

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DATE = re.compile(
    rf"(?<![\d./+-])(?<!\d\s)(?:{_DAY}\.{_MONTH}\.(?:19|20)\d\d(?=\s)|(?:(?:1[89]|20)\d\d([-./]){_MONTH}\1{_DAY}"
    rf"|{_DAY}([-./]){_MONTH}\2(?:(?:19|20)\d\d|\d\d)"
    rf"|{_MONTH}([-./]){_DAY}\3(?:(?:19|20)\d\d|\d\d))(?:T[\d:.]+Z?)?(?!\d|[-./]\d|\s\d))"
)
_COMPACT_DATE = re.compile(r"\s*(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s*")
_HOUR = r"\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\.?|h|hrs|uhr)?"
_POSTCODE = re.compile(r"(?<![\d+-])\d\d-\d{3}\s+(?=[^\W\d])")  # Polish, with the town behind it
_TIME = re.compile(
    rf"(?<![\d.+-])(?:{_HOUR}\s?(?:-|to|do|bis|till?)\s?)?(?:\d{{1,2}}:\d\d(?:\s?[ap]\.?m\b\.?)?|\d{{1,2}}\s?(?:[ap]\.?m\b\.?|hrs\b|uhr\b|h\b|h\d\d))"
    r"(?:\s?-\s?\d{1,2}(?:[:h]\d\d)?)?",
    re.I,
)
_HOURS = re.compile(
    r"\b(?:after|before|until|till|from|between|po|przed|do|od|godz\w*\.?|klo\.?|kello|jalkeen|jälkeen|ab|nach|vor|bis|na|voor|tussen"
    rf"|selepas|sebelum|pagkatapos)\s+{_HOUR}(?:\s?(?:-|to|do|and|a|i|bis|und|en)\s?{_HOUR})?(?![\s-]*\d)",
    re.I,
)
# Opening hours or a small number behind one, "(8-16)", "(2)".
_OPEN_FROM_TO = re.compile(
    r"[(\[]\s?\d{1,2}(?:\s?-\s?\d{1,2}\s?[)\]]|\s?[)\]]$)|(?<=\d)[ ,;]+(?:[6-9]|1[0-9])\s?-\s?(?:1[2-9]|2[0-4])$"
)
_MONEY = r"(?:zł|zl|pln|eur|euro|usd|gbp|zar|php|myr|rm|rand|[$€£₱])"
_PRICE = re.compile(
    rf"(?<![A-Za-z]){_MONEY}\s?\d[\d ,.]*|\bR\s?\d[\d ,.]*|(?<![\d+])\d[\d ,.]*\s?{_MONEY}(?![A-Za-z])", re.I
)
_BARE_PRICE = re.compile(r"-?[1-9]\d{0,2}(?:([ ,.'])\d{3}(?:\1\d{3})*)?(?!\1)[.,]\d\d|-?[1-9]\d*[.,]\d\d?")
_LABEL_NUMBER = re.compile(
    r"(?<![^\s(,;])(?<!\+\d \()(?<!\+\d\d \()(?<!\+\d{3} \()[1-9][.):]\s+(?=[\d+(])"
    r"|(?<=[A-Za-z])\.?\s?#?[1-9]\s?[:)]\s*(?=[\d+(])"
    r"|(?<=[A-Za-z]{2})[1-9]\s+(?=[\d+(])"
)
_EXTENSION = re.compile(
    r"[;,]?[\s(\[]*(?<![A-Za-z])(?:ext?(?:ension|en|n)?|x|wewn[a-zęó]*|wew|w(?!\s+(?:19|20)\d\d)|int(?:erno)?|internal|alanro|alanumero|ala?|samb(?:ungan)?|smb"
    r"|loc(?:al)?|lok(?:al)?|uitbr?(?:eiding)?|bylyn|dw|durchw(?:ahl)?|app(?:arat)?|nst|nebenst(?:elle)?|toestel|tst|poste"
    r"|ankn(?:ytning)?|vnr|доб(?:авочный)?|#)\s*[.:=-]?\s*(?:n[or]\.?\s*)?#?(\d{1,6})"
    r"(?!\d|[\s./:-]{1,2}\d{3}(?:\d|[\s./-]{1,2}\d))[)\]]?|,,+(\d{1,6})#?(?!\d)|(?<=\d)\s*[(\[](\d{3,5})[)\]]$",
    re.I,
)
_VANITY = re.compile(
    r"(?<![\w+])(\+?(?:1[ .-]*)?\(?8(?:00|33|44|55|66|77|88)\)?"
    r"|\+?(?:\d{2}[ .-]*)?\(?0?\)?(?:80[0-9]|86[0-9]|1[ -]?[38]00|700|900)\)?)"
    r"[ .-]+((?:\d+[ -]?)?[A-Z]{3,}(?:[ -]?[A-Z0-9]+)*|[A-Z]{1,2}-?[A-Z0-9]{3,}[A-Z0-9-]*)(?![a-z])"
)
_GROUP = re.compile(r"(\+[\s(\[]*)?(?:(\d+)|\ue000(\d+)\ue000)")
_OR = re.compile(r"or|and|lub|albo|oraz|i|tai|ja|sekä|oder|und|of|en|atau|dan|o|at|&|und/oder|and/or", re.I)
_GONE = " \ue001 "  # where something that is no telephone number stood


def groups(text: str, country: str) -> list[Group]:
    """The groups of digits in a field, in order, with dates, hours, prices, addresses and labels left out."""
    clean = _from_sheet(plain(text))
    if clean is None or _BARE_PRICE.fullmatch(clean) or _COMPACT_DATE.fullmatch(clean):
        return []
    return _cut(_marked(clean, country))


def _from_sheet(clean: str) -> str | None:
    """What a spreadsheet did to a number undone; None for what is beyond repair (4.85E+10)."""
    clean = clean.strip(" '\"=\t")
    whole = _EXCEL_FLOAT.fullmatch(clean)
    if whole:
        return whole[1]
    scientific = _SCIENTIFIC.fullmatch(clean)
    if scientific is None:
        return clean
    digits = 1 + len((scientific[2] or "").rstrip("0"))
    # A cell shows six digits and "E+10" before it gives up; nine or more, or "E10", are a program's that kept all.
    kept = (digits >= 9 or (digits >= 7 and "+" not in clean)) and int(scientific[3]) < 15
    return f"{Decimal(clean.replace(',', '.')):.0f}" if kept else None


def _marked(clean: str, country: str) -> str:
    clean = _MAIL_OR_LINK.sub(_GONE, _CHAT.sub("+", clean))
    clean = _VANITY.sub(lambda found: _dialled(found, country), clean)
    for pattern in (_TIME, _DATE, _POSTCODE, _PRICE, _HOURS):
        clean = pattern.sub(_GONE, clean)
    clean = _OPEN_FROM_TO.sub(_hours, clean)
    clean = _LETTER_O.sub(lambda found: "0" * len(found[0]), clean)
    clean = _LABEL_NUMBER.sub(_GONE, clean)
    clean = _LETTER_L.sub("1", _EXTENSION.sub(_extension, clean))
    return _CODE_ZERO.sub(" ", _ITALY_ZERO.sub(r"\1 0", clean))


def _hours(found: re.Match[str]) -> str:
    before = sum(c.isdigit() for c in found.string[: found.start()])
    return _GONE if before >= 9 else found[0]


def _extension(found: re.Match[str]) -> str:
    before = sum(c.isdigit() for c in found.string[: found.start()])
    if before < (9 if found[3] else 1):
        return found[0]
    return f" \ue000{found[1] or found[2] or found[3]}\ue000 "


def _dialled(found: re.Match[str], country: str) -> str:
    """1-800-FLOWERS as digits; letters beyond the number's length are for remembering only."""
    plus = found[0].startswith("+")
    digits = re.sub(r"\D", "", found[0].translate(_KEYS))
    for length in range(len(digits), 6, -1):
        if read(digits[:length], plus, country):
            return f" {'+' if plus else ''}{digits[:length]} "
    return found[0]


def _cut(marked: str) -> list[Group]:
    result: list[Group] = []
    end = 0
    for found in _GROUP.finditer(marked):
        gap = marked[end : found.start()].strip(" ()[]{}.-_:'\"~*\t") if result else ""
        kind = _kind_of_gap(gap)
        if found[2] is None:
            result.append(Group(found[3], False, kind, ext=True))
        else:
            halves = _halves(found[2]) if not found[1] else [found[2]]
            result += [Group(half, bool(found[1]), kind if half is halves[0] else "or") for half in halves]
        end = found.end()
    return result


def _halves(digits: str) -> list[str]:
    """Two numbers whose separator was lost: no number has this many digits, and both begin alike."""
    middle = len(digits) // 2
    if len(digits) < 18 or len(digits) % 2 or (digits[0] == "0") != (digits[middle] == "0"):
        return [digits]
    return [digits[:middle], digits[middle:]]


def _kind_of_gap(gap: str) -> str:
    if not gap:
        return "soft"
    if gap.strip("/\\ ") == "":
        return "slash"
    if gap.strip(", ") == "":
        return "comma"
    return "or" if not gap.strip(";|&\n ") or _OR.fullmatch(gap.strip(";,|/ ")) else "words"
