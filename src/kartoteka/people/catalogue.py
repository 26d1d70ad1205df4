"""The catalogue of fields: what can be known of a customer, of which kind it is, in which block it stands.

Built-in fields stand here; a business adds its own (`OwnField`), and both are told apart nowhere else. The key of an own
field begins with `x.`.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Kind(StrEnum):
    """The four kinds of information."""

    SEMANTIC = "semantic"  # who they are
    EPISODIC = "episodic"  # what happened
    HYPOTHETICAL = "hypothetical"  # from research, derived, guessed
    VALUE = "value"  # interests, what matters to them


class Block(StrEnum):
    """The three blocks in which a card reads."""

    GENERAL = "general"
    DEALINGS = "dealings"
    RELATIONSHIP = "relationship"


KIND_NAMES: dict[Kind, Text] = {
    Kind.SEMANTIC: _("Who they are"),
    Kind.EPISODIC: _("What happened"),
    Kind.HYPOTHETICAL: _("Guessed"),
    Kind.VALUE: _("What matters to them"),
}
BLOCK_NAMES: dict[Block, Text] = {
    Block.GENERAL: _("General"),
    Block.DEALINGS: _("Dealings"),
    Block.RELATIONSHIP: _("Relationship"),
}


class Type(StrEnum):
    """How a value is written, checked and asked for."""

    TEXT = "text"
    LONG = "long"  # several lines
    CHOICE = "choice"
    CHOICES = "choices"  # several of the choices
    DATE = "date"  # ISO, complete
    PARTIAL_DATE = "partial_date"  # ISO, may lack day or year
    NUMBER = "number"
    MONEY = "money"  # {"amount": "12.50", "currency": "PLN"}
    YESNO = "yesno"
    COUNTRY = "country"  # ISO alpha-2
    LANGUAGE = "language"  # ISO 639-1
    LINK = "link"
    PHONES = "phones"
    EMAILS = "emails"
    ADDRESSES = "addresses"
    HANDLES = "handles"
    REGISTRATIONS = "registrations"
    WORDS = "words"  # a list of short texts: tags, hobbies
    RELATIVES = "relatives"  # [{"name", "relation", "birth"}]
    GIFTS = "gifts"  # [{"what", "when", "occasion"}]


# A list has as many entries as anybody said; every other type has one value, the one that survives.
LISTS = frozenset({
    Type.PHONES, Type.EMAILS, Type.ADDRESSES, Type.HANDLES, Type.REGISTRATIONS, Type.WORDS, Type.RELATIVES,
    Type.GIFTS, Type.CHOICES,
})  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field of the catalogue.

    group: fields of one group survive together, so that a given name of one source is never set beside the family name
    of another. weight: how much the field counts in completeness (0: not at all). fresh_days: after how many days
    without confirmation the fact counts as stale (0: never). column: it has a column of its own on the customer.
    """

    key: str
    label: Text
    type: Type = Type.TEXT
    kind: Kind = Kind.SEMANTIC
    block: Block = Block.GENERAL
    group: str = ""
    sensitive: bool = False
    weight: int = 0
    fresh_days: int = 0
    column: bool = False
    choices: tuple[tuple[str, Text], ...] = field(default=())
    pattern: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    own: bool = False

    @property
    def many(self) -> bool:
        """Whether it holds a list of entries."""
        return self.type in LISTS


SEXES = (("f", _("female")), ("m", _("male")))
INCOMES = (("low", _("lower")), ("middle", _("middle")), ("high", _("higher")))

BUILT_IN: tuple[Field, ...] = (
    Field("name", _("Name"), group="name", weight=10, column=True),
    Field("title", _("Title"), group="name", column=True),
    Field("given", _("Given name"), group="name", column=True),
    Field("middle", _("Middle name"), group="name", column=True),
    Field("family", _("Family name"), group="name", column=True),
    Field("particle", _("Particle"), group="name", column=True),
    Field("suffix", _("Suffix"), group="name", column=True),
    Field("nickname", _("Nickname"), column=True),
    Field("company", _("Company"), group="company", column=True),
    Field("form", _("Legal form"), group="company", column=True),
    Field("sex", _("Sex"), Type.CHOICE, choices=SEXES, weight=1, column=True),
    Field("birth", _("Date of birth"), Type.PARTIAL_DATE, weight=3, column=True),
    Field("birth_place", _("Place of birth")),
    Field("language", _("Language"), Type.LANGUAGE, weight=2, column=True),
    Field("phones", _("Phones"), Type.PHONES, weight=8, fresh_days=730),
    Field("emails", _("E-mails"), Type.EMAILS, weight=8, fresh_days=730),
    Field("addresses", _("Addresses"), Type.ADDRESSES, weight=6, fresh_days=730),
    Field("handles", _("Messengers and networks"), Type.HANDLES),
    Field("website", _("Website"), Type.LINK),
    Field("heard_from", _("How they heard of us")),
    Field("registration", _("Registration numbers"), Type.REGISTRATIONS),
    Field("national_id", _("National identity number"), sensitive=True),
    Field("profession", _("Profession"), weight=1),
    Field("education", _("Education")),
    Field("income", _("Income bracket"), Type.CHOICE, choices=INCOMES, sensitive=True),
    Field("children", _("Children"), Type.NUMBER, sensitive=True),
    Field("tags", _("Tags"), Type.WORDS, kind=Kind.VALUE),
    Field("service", _("How to serve them"), Type.LONG, kind=Kind.VALUE, block=Block.DEALINGS),
    Field("preferences", _("Preferences"), Type.WORDS, kind=Kind.VALUE, block=Block.DEALINGS),
    Field("note", _("Note"), Type.LONG, kind=Kind.EPISODIC, block=Block.DEALINGS),
    Field("relatives", _("Family"), Type.RELATIVES, block=Block.RELATIONSHIP, sensitive=True),
    Field("hobbies", _("Hobbies"), Type.WORDS, kind=Kind.VALUE, block=Block.RELATIONSHIP),
    Field("team", _("Favourite team"), kind=Kind.VALUE, block=Block.RELATIONSHIP),
    Field("gifts", _("Gifts given"), Type.GIFTS, kind=Kind.EPISODIC, block=Block.RELATIONSHIP),
)  # fmt: skip

OWN_PREFIX = "x."
_KEYS = frozenset(each.key for each in BUILT_IN)
_MANY = frozenset(each.key for each in BUILT_IN if each.many)


@cache
def built_in() -> dict[str, Field]:
    """The built-in fields by key."""
    return {each.key: each for each in BUILT_IN}


def is_list(key: str, value: object) -> bool:
    """Whether the value of the field `key` is a list of entries; an own field tells by its value."""
    return key in _MANY or (key not in _KEYS and isinstance(value, list))


@cache
def group_of(key: str) -> str:
    """The group with which a field survives; its own key when it stands alone."""
    known = built_in().get(key)
    return (known.group or key) if known else key
