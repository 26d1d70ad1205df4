"""The fields a column can mean, and how they are written as one key: `phone:mobile`,
`address.street:billing`.
"""

from functools import lru_cache
from typing import NamedTuple

#: `street` may hold the house number as well; `place` is postcode and city in one cell.
ADDRESS_PARTS = ("street", "number", "flat", "street2", "postcode", "city", "place", "region", "country")
PLACES = ("home", "work", "billing", "shipping", "other")
#: Of a consent: yes or no (""), when it was given or confirmed, a no or its moment, since when mail comes back.
CONSENT_PARTS = ("at", "confirmed", "withdrawn", "bounced")
#: Of an order, and of one line of it.
ORDER_PARTS = {
    "order": (
        *("number", "at", "time", "state", "currency", "total", "discount", "shipping", "tax", "channel"),
        *("due_on", "paid_at", "paid", "method", "refunded", "coupon", "place", "note"),
    ),
    "line": ("sku", "name", "quantity", "price", "total", "discount", "tax", "cost", "category"),
}
PARTS = {"address": ADDRESS_PARTS, "consent": CONSENT_PARTS}
#: Fields of which a customer may have several: more than one column may mean them. With their usual labels.
MANY: dict[str, tuple[str, ...]] = {
    "phone": ("mobile", "home", "work", "fax", "main", "other"),
    "email": ("home", "work", "billing", "other"),
    "address": PLACES,
    "handle": (),  # the label is the network
    "registration": (),  # the label is the kind of number
    "tags": (),
    "note": (),
    "website": (),
    "consent": (
        "email",
        "sms",
        "phone",
        "post",
        "messenger",
        "ads",
    ),  # or "email/research": a purpose of the business
}
#: Fields of which a customer has one.
ONE = (
    *("name", "title", "given", "middle", "family", "suffix", "nickname", "sex", "language"),
    *("birth", "birth_day", "birth_month", "birth_year", "birth_place"),
    *("company", "form", "national_id", "profession", "education", "income", "children"),
    *("key", "card", "created"),
)


class Target(NamedTuple):
    """A field key taken apart. `base` is of ONE or MANY; `part` of PARTS or "" (the whole); `label`
    any word.

    Columns whose keys share base and label belong together: the parts of one address.
    """

    base: str
    part: str = ""
    label: str = ""

    @property
    def key(self) -> str:
        return self.base + (f".{self.part}" if self.part else "") + (f":{self.label}" if self.label else "")


@lru_cache(maxsize=1024)
def target(key: str) -> Target:
    """Take a field key apart. Raises ValueError for a key that means nothing; own fields are `x.<key>`."""
    head, _, label = key.partition(":")
    base, _, part = head.partition(".")
    if base == "x" and part and not label:
        return Target(base, part)
    if part in ORDER_PARTS.get(base, ()) and not label:
        return Target(base, part)
    known = base in ONE or base in MANY
    if not known or (part and part not in PARTS.get(base, ())) or (label and base not in MANY):
        raise ValueError(f"No field is called {key!r}.")
    return Target(base, part, label)
