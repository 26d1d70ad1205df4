"""How messengers head their messages, and how people write days, hours, prices and numbers in them."""

import re

_WHATSAPP = (
    r"^\W{0,2}\[(?P<when>[\d./ -]{6,10},? (?:klo )?[\d:.]{4,8}[^\]]{0,5})\] (?P<who>[^:\n]{1,60}): ?",
    r"^\W{0,2}(?P<when>\d[\d./-]{5,9},? (?:klo )?\d[\d:.]{3,7}[^-\n]{0,6}) - (?P<who>[^:\n]{1,60}): ?",
)
_VIBER = r"^\W{0,2}\[ ?(?P<when>[^\]\n]{5,30}) ?\] ?(?:\u2068)?(?P<who>[^:\n\u2069]{1,60})(?:\u2069)?: ?"
# "[22/03/2026, 14:05:11] Anna: …" and "22.3.2026 klo 14.05 - Anna: …" (WhatsApp), "[22 March 14:05] Anna: …" (Viber).
HEADS = (
    *(("whatsapp", re.compile(each, re.M)) for each in _WHATSAPP),
    ("viber", re.compile(_VIBER, re.M)),
)
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# "tel. 600 100 200": the word goes with the number, so that it ends no address.
BEFORE_PHONE = re.compile(
    r"\b(?:(?:n[or]|numer|nomor)\.?\s+)?(?:tele?fon|telephone|phone|tel|kom|mobile|puhelin|puh|foon|sel|hp|cp)\b"
    r"\.?\s*(?:n[or]\b\.?)?\s*:?\s*$",
    re.I,
)
DAY = re.compile(
    r"(?<![\d.,/-])(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?\.?(?![\d,])|\b(\d{4})-(\d\d)-(\d\d)\b"
)
_BEFORE_HOUR = r"\b(?:klo|godz\.?|o godzinie|o|at|om|pukul|jam|alas|kl)\s*"
# With a point it is an hour only after a word that says so: 12.50 is a price as well.
TIME = re.compile(
    rf"(?:{_BEFORE_HOUR}(\d{{1,2}})[.:h](\d\d)|(?<![\d.,:])(\d{{1,2}})[:h](\d\d))\s*(am|pm)?(?!\d|[.,:]\d)"
    rf"|{_BEFORE_HOUR}(\d{{1,2}})\s*(am|pm)?(?!\d|\s?[.,:]\d|[ \t]*[^\W\d_])"
    r"|\b(\d{1,2})\s*(am|pm)\b",
    re.I,
)
# Points that end no sentence.
NO_END = r"(?<!szt)(?<!pcs)(?<!\bul)(?<!\bal)(?<!\bos)(?<!\bpl)(?<!opak)(?<!\bst)(?<!\bno)(?<!\bnr)(?<!godz)(?<!brgy)"
PRICE = re.compile(
    r"(?:(?P<each>@|à|\ba\b|\bpo\b|\beach\b|\belk\b|\bper\b)\s*)?"
    r"(?P<amount>(?:€|£|\$|₱|\bRM|\bR|\bPHP|\bPLN|\bEUR|\bZAR|\bMYR|\bP)\s?\d[\d.,]*\d|(?:€|£|\$|₱|\bRM|\bR|\bP)\s?\d\b|"
    r"\d[\d.,]*\s?(?:€|zł|zl\b|euroa?\b|eur\b|pln\b|ringgit\b|pesos?\b|rand\b|php\b|myr\b|zar\b))(?P<after>\s*(?:each|elk|/\w+))?",
    re.I,
)
QUANTITY = re.compile(
    r"(?P<number>\d{1,4}(?:[.,]\d{1,3})?)\s*(?P<unit>[x×*]|[^\W\d_]+\.?)?(?=\s|$|[x×*])", re.I
)
BEHIND = re.compile(
    r"^(?P<name>\D{2,}?)\s*(?P<mark>[x×*:–-])?\s*(?P<number>\d{1,4}(?:[.,]\d{1,3})?)\s*(?P<unit>[^\W\d_]+\.?)?\s*$",
    re.I,
)
BULLET = re.compile(r"^\s*(?:[-–•*·▪]|\d{1,2}[.)](?=\s))\s*")
