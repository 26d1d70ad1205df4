"""E-mail addresses as people type them into one field, each written one way.

The standard value is lower-case, its domain in Unicode (jan@żółw.pl, never xn--...), its plus tag kept. Nothing is
silently changed: what can be read one way only (a comma for the dot in "jan@wp,pl") is mended and reported as "typo";
two dots or two @ in a row are no address, and the note proposes one; what looks like a misspelt provider
("gmial.com") stays as typed, is reported as "typo", and the note proposes the address that was probably meant.
"""

import html
import re
from functools import lru_cache
from typing import NamedTuple

from kartoteka.standard.characters import fold, plain, says_nothing, words
from kartoteka.standard.mailhosts import is_disposable, is_provider, is_role, meant_domain
from kartoteka.standard.outcome import Standard


class Email(NamedTuple):
    """value: the whole address; domain: after the @; tag: the plus tag ("shop" of jan+shop@wp.pl) or "";
    role: an office rather than a person (info@, biuro@); disposable: a throw-away mailbox's domain."""

    value: str
    domain: str
    tag: str = ""
    role: bool = False
    disposable: bool = False


# RFC 5321 and 5322: dot-atoms of at most 64 characters before the @, host names after it, letters of any script
# allowed in both (RFC 6531). A quoted local part is read only where the quotes were not needed.
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+(?:xn--[a-z0-9-]+|[^\W\d_]{{2,}}))")
_CLEAN = re.compile(
    r"([a-z0-9][a-z0-9_-]*(?:[.+][a-z0-9_-]+)*)@(?!.*xn--)((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,})"
)

_TAGS = re.compile(r"<\s*a\s[^>]*?mailto:([^\"'>]+)[^>]*>|<\s*a\s[^>]*>|</\s*a\s*>|<br\s*/?>", re.I)
_NUMBERED = re.compile(r"(?<![^\s,;])\d{1,2}[.)]\s+(?=\S*[^\W\d]\S*@)")
_SCHEME = re.compile(
    r"(?<![^\W_])(?<![@.])(?:mailto|smtp|sip|xmpp|e-?mail|mail|https?)\s*[:=]\s*(?://)?", re.I
)
_QUOTED_LOCAL = re.compile(r'"([\w.+-]+)"@')
_QUERY = re.compile(r"(@[^\s?,;<>]+)\?[^\s,;<>]*")
_WORD_AT = "at|a|ät|at-merkki|małpa|malpa|miuku|miukumauku|klammeraffe|arroba"
_WORD_DOT = "dot|kropka|piste|punkt|punt|titik|tuldok|dt"
_OPEN, _CLOSE = r"[(\[{<]", r"[)\]}>]"
_BRACKET_AT = re.compile(
    rf"(?<=\w)\s*{_OPEN}\s*(?:@|{_WORD_AT})\s*{_CLOSE}\s*(?=[\w-]+\s*(?:\.|{_OPEN}|\s(?:{_WORD_DOT})\s))",
    re.I,
)
_BRACKET_DOT = re.compile(rf"(?<=\w)\s*{_OPEN}\s*(?:\.|{_WORD_DOT})\s*{_CLOSE}\s*(?=\w)", re.I)
_SPACED_AT = re.compile(
    rf"(?<=\w)(?:\s+|\s*[-_*]\s*)(?:at|ät|małpa|malpa|miuku)(?:\s+|\s*[-_*]\s*)"
    rf"(?=[^\W_]+(?:\.|\s*[-_*\s]\s*(?:{_WORD_DOT})[-_*\s]|\s(?:com|net|org|pl|fi|de)$))",
    re.I,
)
_SPACED_DOT = re.compile(rf"(?<=\w)\s+(?:{_WORD_DOT})\s+(?=\w)", re.I)
_DASHED_DOT = re.compile(rf"(?<=\w)\s*[-_*]\s*(?:{_WORD_DOT})\s*[-_*]\s*(?=\w)", re.I)
_AROUND_AT = re.compile(r"\s*@\s*")
_TLD = (
    "com|net|org|info|biz|eu|pl|fi|de|za|ph|my|uk|us|se|no|dk|ee|at|ch|nl|be|fr|es|it|pt|cz|sk|lt|lv|ua|ru|ie|au|nz|ca"
    "|sg|id|in|cn|jp|kr|hk|tw|io|me|co|tv|edu|gov|fm|shop|app|dev|online|store|group"
)
_MENDED = "\ue000"  # stands where a dot belongs and something else was typed, until `_one` has seen it
# A dot or a comma in a domain with a space beside it, and what ends a domain after it.
_LOOSE_DOT = re.compile(
    rf"(@[\w.-]*\w)(?:\s+[.,]\s*|[.,]\s+)(?=(?:co\.|com\.)?(?:{_TLD})(?![\w@.-]|\s*@))", re.I
)
_LOOSE_LOCAL = re.compile(r"^([a-z0-9_-]+)(?:\s+\.\s*|\.\s+)(?=[a-z0-9._+-]+@)")
_COMMA_DOT = re.compile(
    rf"(@[\w-]+(?:[.{_MENDED}][\w-]+)*),(?=(?:[\w-]+\.)?(?:(?:co|com|net|org)[.,])?(?:{_TLD})(?![\w@-]|\.\w))",
    re.I,
)
_COMMA_LOCAL = re.compile(r"(?<![\w.+-])[\w+-]+(?:[.,][\w+-]+)*,[\w+-]+(?=@)")
_SPLIT_LOCAL = re.compile(r"([a-z0-9](?:[a-z0-9._-]*[a-z0-9_-])?) ([a-z0-9_+-][a-z0-9._+-]*)@\S+")
_LABELS = frozenset(
    words(
        """
    email e-mail mail emailadres epos e-pos emel poczta adres address kontakt contact sposti s-posti sahkoposti
    private work home office own new old praca dom prywatny prywatna sluzbowy sluzbowa firmowy firma biuro nowy stary or
    lub tai oder atau of and i ja und dan en at koti tyo oma uusi werk tuis huis arbeit privat dienstlich neu alt
    rumah kerja pejabat bahay trabaho to jest on is main other inny mama tata zona maz syn corka mother father wife husband
    son daughter mailto internet smtp
    """
    )
)
_MISSING_DOT = re.compile(
    r"(@[\w-]+)(?:\s+|\s*[;:]\s*)(com|net|org|pl|fi|de|co\.za|co\.uk|com\.ph|com\.my)(?![\w@.-])", re.I
)
_TORN_HOST = re.compile(r"(?<=@)([\w-]+(?:\.\w+)*) ([\w.-]*\w)(?![\w@])", re.I)
_SPLIT = re.compile(r"[\s;,、·•<>|\"()\[\]{}\\]+")
# Cyrillic letters that look like Latin ones, hit on the wrong keyboard.
_LOOKALIKES = str.maketrans("аеорсухіјѕһ", "aeopcyxijsh")
_LONGEST = 10_000  # characters: a cell longer than this is no list of addresses
_EDGE = " .,;:'`\"*<>()[]{}/\\|!?•·=&#~^"


def standardise(text: str) -> list[Standard[Email]]:
    """Every address in `text`, in the order typed, each once.

    An empty cell, or one with a word for "nothing", gives an empty list; a text without any readable address gives one
    result without value, "invalid". Problems: "invalid", "typo" (see the module; the note is the proposed address
    or, where it was mended, what stood there).
    """
    clean = _CLEAN.fullmatch(text.lower())
    if clean and len(clean[1]) <= 64 and len(clean[2]) <= 253:
        return [_standard(clean[1], clean[2], text, "")]
    if len(text) > _LONGEST:
        return [Standard(None, text, "invalid")]
    return list(_messy(text))


@lru_cache(maxsize=16384)
def _messy(text: str) -> tuple[Standard[Email], ...]:
    if says_nothing(text):
        return ()
    found: dict[str, Standard[Email]] = {}
    broken: list[Standard[Email]] = []
    clean = plain(text)
    if _is_split_local(_AROUND_AT.sub("@", clean)):
        return (Standard(None, text, "invalid", clean),)
    for piece in _pieces(clean):
        standard = _one(piece, text)
        if standard.value is None:
            broken.append(standard)
        else:
            found.setdefault(standard.value.value, standard)
    if not found and not broken:
        broken.append(Standard(None, text, "invalid"))
    return (*found.values(), *broken)


def _is_split_local(text: str) -> bool:
    """Whether a space went into the part before the @, as in "jan kowalski@wp.pl": what stands behind it may well be
    another person's address. A label, a name or what the address repeats may stand there."""
    found = _SPLIT_LOCAL.fullmatch(text.lower() if text.isupper() else text)
    return found is not None and found[1] not in _LABELS and found[1][:3] not in found[2]


def _pieces(text: str) -> list[str]:
    """What might be an address each: the parts of the text that hold an @."""
    text = html.unescape(_TAGS.sub(r" \1 ", text)) if "&" in text or "<" in text else text
    text = text.replace("%40", "@").replace("%20", " ").replace("%2B", "+").replace("。", ".")
    text = _NUMBERED.sub(" ", text)
    text = _QUOTED_LOCAL.sub(r"\1@", _QUERY.sub(r"\1", _SCHEME.sub(" ", text)))
    text = _BRACKET_AT.sub("@", text)
    if "@" not in text:
        text = _DASHED_DOT.sub(".", _SPACED_AT.sub("@", text))
    if "@" in text:
        text = _SPACED_DOT.sub(".", _BRACKET_DOT.sub(".", text))
    if len(text) > 8 and all(len(word) == 1 for word in text.split(" ")):
        text = text.replace(" ", "")
    text = _LOOSE_LOCAL.sub(r"\1.", _LOOSE_DOT.sub(r"\1.", _AROUND_AT.sub("@", text)))
    text = _TORN_HOST.sub(_whole_host, text)
    # These change what was typed, so `_one` has to see them: a comma goes on as a mark no address has.
    text = _MISSING_DOT.sub(rf"\1{_MENDED}\2", text)
    while (mended := _COMMA_DOT.sub(rf"\1{_MENDED}", text)) != text:
        text = mended
    if text.count("@") == 1:
        text = _COMMA_LOCAL.sub(_dotted_local, text)
    pieces = [piece.strip(_EDGE) for piece in _SPLIT.split(text) if "@" in piece]
    return [part for piece in pieces for part in _apart(piece)]


def _dotted_local(local: re.Match[str]) -> str:
    """A comma for a dot before the @; "Anna,anna@wp.pl" is a name and an address."""
    first, _, rest = local[0].partition(",")
    return local[0] if first[:3].lower() in rest.lower() else local[0].replace(",", _MENDED)


def _whole_host(torn: re.Match[str]) -> str:
    """A provider's domain that a space got into, as in "gmail.c om"."""
    host = torn[1] + torn[2]
    return host if is_provider(host.lower()) else torn[0]


def _apart(piece: str) -> list[str]:
    """Addresses that only a slash, a colon or an "&" divides."""
    parts = re.split(r"[/:&]" if piece.count("@") > 1 else r"[/:]", piece)
    return [part.strip(_EDGE) for part in parts if "@" in part.strip(_EDGE + "@")] or [piece]


def _one(piece: str, typed: str) -> Standard[Email]:
    mended = piece.lstrip("+-").replace(_MENDED, ".")
    if not mended.isascii() and mended.translate(_LOOKALIKES).isascii():
        mended = mended.translate(_LOOKALIKES)
    local, at, domain = mended.strip("@").partition("@")
    domain, doubled, again = domain.lstrip("@").partition("@") if "@" in domain else (domain, "", "")
    if again not in ("", domain):  # twice the same domain is a slip, two domains are anybody's guess
        return Standard(None, typed, "invalid", piece.replace(_MENDED, ","))
    if not again and (
        doubled or "@@" in mended or ".." in mended
    ):  # proposed, not changed: a part may be missing
        return Standard(None, typed, "invalid", re.sub(r"([@.])\1+", r"\1", mended).lower())
    domain = domain.lstrip(".").rstrip(".-_")
    mended = f"{local}{at}{domain}".lower()
    whole = _ADDRESS.fullmatch(mended)
    host = _host(whole[2]) if whole and len(whole[1]) <= 64 else ""
    if not whole or not host:
        return Standard(None, typed, "invalid", piece.replace(_MENDED, ","))
    was = piece.replace(_MENDED, ",").strip("@").lstrip("+-")
    return _standard(whole[1], host, typed, was if was.lower() != mended else "")


@lru_cache(maxsize=8192)
def _host(domain: str) -> str:
    """The domain in Unicode, "" if it can be none (IDNA 2008, UTS 46 mapping)."""
    if domain.isascii() and "xn--" not in domain:
        return domain if len(domain) <= 253 and "_" not in domain else ""
    import idna

    try:
        return idna.decode(idna.encode(domain, uts46=True))
    except (idna.IDNAError, UnicodeError):
        return ""


def _standard(local: str, domain: str, typed: str, mended_from: str) -> Standard[Email]:
    bare, _, tag = local.partition("+")
    email = Email(f"{local}@{domain}", domain, tag if bare else "", is_role(bare), is_disposable(domain))
    meant = meant_domain(domain)
    if meant:
        return Standard(email, typed, "typo", f"{local}@{meant}")
    if "www." in (local[:4], domain[:4]):
        return Standard(email, typed, "typo", f"{local.removeprefix('www.')}@{domain.removeprefix('www.')}")
    return Standard(email, typed, "typo" if mended_from else "", mended_from)


def comparable(value: str) -> str:
    """A standard address as it is compared: without the plus tag, without accents, googlemail as gmail and its dots
    away. Two people never share what this gives unless they share a mailbox."""
    local, _, domain = value.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{fold(local)}@{domain}"
