"""The marks of a file, by which it is known again. Each is keyed by the export's own secret and survives something else.

- Canaries: customers who exist only in this file. Survive any order and missing columns, as long as one of their rows is
  left with a name, phone, e-mail or card.
- Order: the rows stand in an order that only this key makes. Survives missing columns and missing rows, even the
  canaries', as long as one column still says who a row is; not a new sorting.
- Spacing: in texts of several words some spaces are no-break spaces; which, the key says. Survives sorting, missing
  columns and rows; not somebody who replaces them all, nor short files (some thirty such cells are needed to be sure).
"""

import hmac
import random
from collections.abc import Mapping, Sequence

from kartoteka.kit.ids import new_cards

from .nobodys import Free, email_at, phone_like

NO_BREAK = "\u00a0"
_FEWEST, _MOST = 2, 12
# A phone has more letters than this; what one looks like where nobody in the file has any.
_PHONE, _SOME_PHONE = 8, "+48600000000"


def _keyed(mark: str, *parts: str) -> bytes:
    return hmac.digest(bytes.fromhex(mark), "\0".join(parts).encode(), "sha256")


def order_of(mark: str, card: str) -> bytes:
    """By what the row of this card is put in its place."""
    return _keyed(mark, "order", card)


def spaced(mark: str, text: str) -> str:
    """The text with a no-break space in the place of its last space, or as it is, as the key says."""
    if " " not in text or NO_BREAK in text:
        return text
    head, _space, tail = text.rpartition(" ")
    return f"{head}{NO_BREAK}{tail}" if is_marked(mark, text) else text


def is_marked(mark: str, text: str) -> bool:
    """Whether this text (with plain spaces) has a no-break space in the file of this key, in capitals or not."""
    return bool(_keyed(mark, "space", text.casefold())[0] & 1)


def canaries(
    mark: str, customers: Sequence[Mapping[str, str]], *, host: str, free: Free
) -> list[dict[str, str]]:
    """Invented customers, made of the parts of those in the file so that they look like them; never equal to one.

    customers: given, family, city, country, email and phone of some who are in the file. Their number grows with the file.
    host: where their e-mails are; "" for a reserved one. free: whether a phone or an e-mail is nobody's else.
    """
    if not customers:
        return []
    chance = random.Random(mark)  # noqa: S311 - the key is the secret, the choice need only be steady
    pick = [each for each in customers if each["family"]] or list(customers)
    known = {(each["given"], each["family"]) for each in customers}
    made: list[dict[str, str]] = []
    for _ in range(max(_FEWEST, min(_MOST, len(customers) // 100))):
        place = chance.choice(pick)
        # Of compatriots: a Finnish name with a Malay father's at a Polish phone would be known for what it is.
        near = [each for each in pick if each["country"] == place["country"]]
        given, family = chance.choice(near)["given"], chance.choice(near)["family"]
        if (given, family) in known:
            family = f"{family}-{chance.choice(near)['family']}" if family else "Nowak"
        phones = [each["phone"] for each in near if len(each["phone"]) > _PHONE] or [_SOME_PHONE]
        local = ".".join(filter(None, (given.lower()[:20], family.lower().partition("-")[0][:20])))
        made.append(
            {
                "card": new_cards(1)[0],
                "name": " ".join(filter(None, (given, family))),
                "given": given,
                "family": family,
                "city": place["city"],
                "country": place["country"],
                "email": email_at(host, _plain(local) or "poczta", chance, free=free),
                "phone": phone_like(chance.choice(phones), chance, free=free),
            }
        )
    return made


def _plain(text: str) -> str:
    from kartoteka.standard.letters import fold

    return ".".join("".join(filter(str.isalnum, fold(part))) for part in text.split("."))
