"""Own fields: what a business adds to the catalogue. They work wherever built-in ones do: card, import, filter, API."""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kartoteka.standard.names import fold
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .catalogue import OWN_PREFIX, Block, Field, Kind, Text, Type
from .checking import BadValue, fields
from .models import Claim, FieldWeight, OwnField, ShutField
from .recounting import ask_for_recount
from .resealing import ask_for_resealing

# What a business can choose from; the other types belong to built-in fields.
TYPES = (
    Type.TEXT, Type.LONG, Type.NUMBER, Type.MONEY, Type.DATE, Type.PARTIAL_DATE, Type.YESNO, Type.CHOICE, Type.CHOICES,
    Type.COUNTRY, Type.LANGUAGE, Type.LINK, Type.WORDS,
)  # fmt: skip
_MOST_CHOICES = 200
# Patterns that repeat a repetition can take for ever on a short text.
_RUNAWAY = re.compile(r"[+*}]\)?[+*{]|\([^)]*[+*][^)]*\)[+*{]|\\[1-9]")


def catalogue(*, actor: Actor) -> list[Field]:
    """Every field this actor may see, built in and own, in the order of the card."""
    actor.must(Right.SEE)
    seen = [each for each in fields().values() if not each.sensitive or actor.may(Right.SEE_SENSITIVE)]
    blocks = list(Block)
    return sorted(seen, key=lambda each: blocks.index(each.block))


def own_fields(*, actor: Actor) -> list[OwnField]:
    """The rows of the own fields, to be changed."""
    actor.must(Right.SET_UP)
    return list(OwnField.objects.all())


def an_own_field(*, actor: Actor, key: str) -> OwnField | None:
    """The row of one own field by its key in the catalogue (`x.key`); None where there is none."""
    actor.must(Right.SET_UP)
    return OwnField.objects.filter(key=key.removeprefix(OWN_PREFIX)).first()


def save_field(
    *,
    by: Actor,
    label: str,
    type: str,
    key: str = "",
    kind: str = Kind.SEMANTIC,
    block: str = Block.GENERAL,
    sensitive: bool = False,
    choices: Sequence[str] = (),
    pattern: str = "",
    least: Decimal | None = None,
    most: Decimal | None = None,
    weight: int = 0,
    fresh_days: int = 0,
    field: OwnField | None = None,
) -> OwnField:
    """Add an own field, or change `field`. Its key is made of the label and never changes; nor does its type once used.

    Raises BadValue naming the part that cannot be so, NotAllowed.
    """
    by.must(Right.SET_UP)
    label = " ".join(label.split())[:100]
    if not label:
        raise BadValue("label", _("Give the field a name, as it is to stand on the card."))
    if type not in TYPES:
        raise BadValue("type", _("Choose what kind of answer the field holds."))
    if kind not in list(Kind) or block not in list(Block):
        raise BadValue("kind", _("Choose the kind of information and the block of the card."))
    wanted = list(dict.fromkeys(" ".join(each.split())[:100] for each in choices if each.strip()))
    if type in (Type.CHOICE, Type.CHOICES) and not wanted:
        raise BadValue("choices", _("Write the choices, one a line."))
    if len(wanted) > _MOST_CHOICES:
        raise BadValue(
            "choices", _("These are too many choices; at most %(most)s.") % {"most": _MOST_CHOICES}
        )
    _check_pattern(pattern)
    if least is not None and most is not None and least > most:
        raise BadValue("most", _("The most must not be less than the least."))
    with transaction.atomic():
        row = field or OwnField(
            key=_new_key(key or label), position=(OwnField.objects.aggregate(m=Max("position"))["m"] or 0) + 1
        )
        if field is not None and field.type != type and _used(field):
            raise BadValue(
                "type", _("This field has answers already; its kind of answer cannot change any more.")
            )
        row.label, row.type, row.kind, row.block = label, type, kind, block
        row.sensitive, row.choices, row.pattern = sensitive, wanted, pattern
        row.least, row.most = least, most
        was_shut = bool(field and OwnField.objects.filter(pk=field.pk, sensitive=True).exists())
        was_shut = was_shut or bool(ShutField.objects.filter(key=row.key).delete()[0])
        counted = (row.weight, row.fresh_days)
        row.weight, row.fresh_days = max(0, min(100, weight)), max(0, min(36_500, fresh_days))
        row.save()
        if sensitive != was_shut:
            ask_for_resealing(OWN_PREFIX + row.key)
        if (row.weight, row.fresh_days) != counted:
            ask_for_recount()
        note(by=by, action="changed field" if field else "added field", matter="field", key=row.key)
    return row


def remove_field(*, field: OwnField, by: Actor) -> None:
    """Take an own field off the catalogue. What was said stays in the claims, and is back if the field comes back.

    What was said in a sensitive one stays sealed.
    """
    by.must(Right.SET_UP)
    with transaction.atomic():
        note(by=by, action="removed field", matter="field", key=field.key)
        counted = field.weight or field.fresh_days
        if field.sensitive:
            ShutField.objects.get_or_create(key=field.key)
        field.delete()
        if counted:
            ask_for_recount()


def set_weight(*, key: str, weight: int, fresh_days: int, by: Actor) -> None:
    """How much a built-in field counts in completeness, and after how many days it is stale (0: never).

    The worker then counts all customers anew.
    """
    by.must(Right.SET_UP)
    if key not in fields() or key.startswith(OWN_PREFIX):
        raise BadValue("key", _("There is no field %(field)s.") % {"field": key})
    wanted = {"weight": max(0, min(100, weight)), "fresh_days": max(0, min(36_500, fresh_days))}
    with transaction.atomic():
        now = fields()[key]
        FieldWeight.objects.update_or_create(key=key, defaults=wanted)
        if wanted != {"weight": now.weight, "fresh_days": now.fresh_days}:
            ask_for_recount()
        note(by=by, action="changed weight", matter="field", key=key)


def type_names() -> dict[Type, Text]:
    """What the types are called on screen."""
    return {
        Type.TEXT: _("A short text"),
        Type.LONG: _("A longer text"),
        Type.NUMBER: _("A number"),
        Type.MONEY: _("An amount of money"),
        Type.DATE: _("A date"),
        Type.PARTIAL_DATE: _("A date that may lack its year"),
        Type.YESNO: _("Yes or no"),
        Type.CHOICE: _("One of several choices"),
        Type.CHOICES: _("Some of several choices"),
        Type.COUNTRY: _("A country"),
        Type.LANGUAGE: _("A language"),
        Type.LINK: _("A web address"),
        Type.WORDS: _("Some words, like tags"),
    }


def _new_key(label: str) -> str:
    base = slugify(fold(label)).replace("-", "_")[:40] or "field"
    key, number = base, 1
    while OwnField.objects.filter(key=key).exists():
        number += 1
        key = f"{base}_{number}"
    return key


def _check_pattern(pattern: str) -> None:
    if not pattern:
        return
    try:
        re.compile(pattern)
    except re.error as error:
        raise BadValue("pattern", _("This pattern cannot be read: %(why)s.") % {"why": error}) from error
    if len(pattern) > 200 or _RUNAWAY.search(pattern):
        raise BadValue("pattern", _("This pattern repeats a repetition; write it more simply."))


def _used(field: OwnField) -> bool:
    return Claim.objects.filter(values__has_key=OWN_PREFIX + field.key).exists()
