"""Purposes: the owner's own list of what data is used for, each with its ground in law.

And the words people are asked in.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kartoteka.people.models import Ground
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .models import Channel, Choice, Purpose, Wording
from .presets import PRESETS

_LONGEST = 4000
_MOST_MONTHS = 120


class BadPurpose(ValueError):
    """A purpose or its words cannot be so. `field` names what to change, the message says why."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def all_purposes(*, ended: bool = False) -> list[Purpose]:
    """The purposes in the owner's order; with `ended` also those that are used no more."""
    rows = Purpose.objects.all()
    return list(rows if ended else rows.filter(ended_at=None))


def purpose_named(key: str) -> Purpose:
    """The purpose with this key. Raises BadPurpose, which names those there are."""
    found = Purpose.objects.filter(key=key).first()
    if found is None:
        known = ", ".join(each.key for each in all_purposes()) or "-"
        raise BadPurpose(
            "purpose",
            _("There is no purpose “%(key)s”. There are: %(all)s.") % {"key": key[:50], "all": known},
        )
    return found


def add(*, names: Mapping[str, str], ground: str, by: Actor, key: str = "", **more: Any) -> Purpose:
    """A new purpose, at the end of the list.

    names: by language. key: made of the name where none is given. more: balancing, marketing, soft_opt_in,
    double_opt_in, months, partner. Raises BadPurpose, NotAllowed.
    """
    by.must(Right.SET_UP)
    named = _names(names)
    given = key or slugify(named.get("en") or next(iter(named.values())))[:50] or "purpose"
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,49}", given):
        raise BadPurpose("key", _("A key is made of small letters, digits and dashes, such as “newsletter”."))
    with transaction.atomic():
        if Purpose.objects.filter(key=given).exists():
            raise BadPurpose(
                "key" if key else "name", _("There is a purpose “%(key)s” already.") % {"key": given}
            )
        last = Purpose.objects.aggregate(last=Max("position"))["last"]
        made = Purpose(key=given, names=named, ground=ground, position=0 if last is None else last + 1)
        _set(made, more)
        made.save()
        note(by=by, action="added purpose", matter="purpose", key=made.pk, detail={"purpose": given})
    return made


def change(*, purpose: Purpose, by: Actor, **changes: Any) -> Purpose:
    """Change a purpose: names, ground, balancing, marketing, soft_opt_in, double_opt_in, months, partner, position.

    What people chose stays in the ledger; from now on it is judged by what the purpose has become. Raises BadPurpose.
    """
    by.must(Right.SET_UP)
    if "names" in changes:
        purpose.names = _names(changes.pop("names"))
    if "ground" in changes:
        purpose.ground = changes.pop("ground")
    if "position" in changes:
        purpose.position = max(0, int(changes.pop("position")))
    told = sorted(changes)
    partner = purpose.partner
    _set(purpose, changes)
    if purpose.partner != partner and Choice.objects.filter(purpose=purpose, what="given").exists():
        raise BadPurpose(
            "partner",
            _("People agreed to this as it is. Add a purpose of its own for another partner, and ask anew."),
        )
    with transaction.atomic():
        purpose.save()
        note(by=by, action="changed purpose", matter="purpose", key=purpose.pk,
             detail={"purpose": purpose.key, "ground": purpose.ground, "fields": told})  # fmt: skip
    return purpose


def end(*, purpose: Purpose, by: Actor) -> None:
    """Use the data for this no more. The ledger keeps what people said; nothing passes the gate for it."""
    by.must(Right.SET_UP)
    if Purpose.objects.filter(pk=purpose.pk, ended_at=None).update(ended_at=timezone.now()):
        note(by=by, action="ended purpose", matter="purpose", key=purpose.pk, detail={"purpose": purpose.key})


def resume(*, purpose: Purpose, by: Actor) -> None:
    """Use the data for this again; what people had said holds again."""
    by.must(Right.SET_UP)
    if Purpose.objects.filter(pk=purpose.pk).exclude(ended_at=None).update(ended_at=None):
        note(
            by=by, action="resumed purpose", matter="purpose", key=purpose.pk, detail={"purpose": purpose.key}
        )


def make_presets(*, by: Actor) -> list[Purpose]:
    """The usual purposes with their words, those of them that are not there yet."""
    return [preset(key, by=by) for key in PRESETS]


def preset(key: str, *, by: Actor) -> Purpose:
    """One of the usual purposes, made with its words if it is not there. by: whoever's doing needs it."""
    known = Purpose.objects.filter(key=key).first()
    if known is not None:
        return known
    its = PRESETS[key]
    maker = Actor(by.kind, by.key, by.name, by.rights | {Right.SET_UP})
    with transaction.atomic():
        made = add(names=its.names, ground=its.ground, by=maker, key=key, **its.more)
        made.position = list(PRESETS).index(key)
        made.save(update_fields=["position"])
        for language, text in its.wordings.items():
            add_wording(purpose=made, language=language, text=text, by=maker)
    return made


def add_wording(
    *, purpose: Purpose, language: str, text: str, by: Actor, channels: Sequence[str] = ()
) -> Wording:
    """The next version of the words in which people are asked for this purpose in this language.

    Earlier versions stay as they were, for the choices that were made under them. Raises BadPurpose, NotAllowed.
    """
    by.must(Right.SET_UP)
    words = text.replace("\r\n", "\n").strip()
    if not words or len(words) > _LONGEST:
        raise BadPurpose("text", _("Write the words the customer is shown, up to 4000 letters."))
    if language not in dict(settings.LANGUAGES):
        raise BadPurpose("language", _("Choose one of the languages."))
    chosen = [each for each in Channel.values if each in set(channels)]
    with transaction.atomic():
        last = Wording.objects.filter(purpose=purpose, language=language).aggregate(last=Max("version"))[
            "last"
        ]
        made = Wording.objects.create(
            purpose=purpose,
            channels=chosen,
            language=language,
            version=(last or 0) + 1,
            text=words,
            made_at=timezone.now(),
            made_by=by.name,
        )
        note(
            by=by,
            action="added wording",
            matter="purpose",
            key=purpose.pk,
            detail={"purpose": purpose.key, "language": language, "version": made.version},
        )
    return made


def wordings_now(purposes: Sequence[Purpose]) -> dict[tuple[int, str], list[Wording]]:
    """The newest versions that hold for each channel, newest first, by purpose and language."""
    found: dict[tuple[int, str], list[Wording]] = {}
    seen: set[tuple[int, str, str]] = set()
    for each in Wording.objects.filter(purpose__in=purposes).order_by("purpose", "language", "-version"):
        fresh = {
            (each.purpose_id, each.language, channel) for channel in each.channels or Channel.values
        } - seen
        if fresh:
            seen |= fresh
            found.setdefault((each.purpose_id, each.language), []).append(each)
    return found


def wording_for(purpose: Purpose, channel: str, language: str) -> Wording | None:
    """The words a customer of this language is asked in today: theirs, else English, else the business's own."""
    known = wordings_now([purpose])
    for tongue in (language, "en", settings.LANGUAGE_CODE):
        for each in known.get((purpose.pk, tongue), ()):
            if not each.channels or channel in each.channels:
                return each
    return None


def _names(names: Mapping[str, str]) -> dict[str, str]:
    languages = dict(settings.LANGUAGES)
    found = {
        language: " ".join(str(name).split())[:100]
        for language, name in names.items()
        if language in languages and str(name).strip()
    }
    if not found:
        raise BadPurpose("name", _("Write what the purpose is called, such as “News and offers”."))
    return found


def _set(purpose: Purpose, changes: Mapping[str, Any]) -> None:
    for name in ("marketing", "soft_opt_in", "double_opt_in"):
        if name in changes:
            setattr(purpose, name, bool(changes[name]))
    for name, longest in (("balancing", _LONGEST), ("partner", 150)):
        if name in changes:
            setattr(purpose, name, str(changes[name] or "").strip()[:longest])
    if "months" in changes:
        purpose.months = int(changes["months"] or 0)
    if not 0 <= purpose.months <= _MOST_MONTHS:
        raise BadPurpose("months", _("Write a number of months from 0 (never) to 120."))
    if purpose.ground not in Ground.values:
        raise BadPurpose("ground", _("Say on what ground in law this is done."))
    if purpose.ground == Ground.LEGITIMATE_INTEREST and not purpose.balancing:
        raise BadPurpose(
            "balancing",
            _(
                "For our legitimate interest the law asks why it outweighs the customer's. Write it down here."
            ),
        )
