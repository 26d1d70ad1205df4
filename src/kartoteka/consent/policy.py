"""The privacy policy: drafted from what is in fact collected, edited in place by section, published as a version."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kartoteka.people.models import Customer
from kartoteka.people.veil import veiled
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .models import PolicyContact, PolicyVersion, PolicyWords
from .policy_changes import Change, concerned, needs_consent
from .policy_facts import Facts, gather
from .policy_text import SECTIONS, Section, compose

_LONGEST = 8000
_EXAMPLES = 5
Line = tuple[str, str]  # "+", "-" or " ", and the line


class BadPolicy(ValueError):
    """The policy cannot be written so. `field` names what to change, the message says how."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Asks:
    """A change that needs a new consent, of how many, and some of them."""

    change: Change
    count: int
    examples: tuple[Customer, ...]


@dataclass(frozen=True)
class Draft:
    """The policy as it would be published now. differs: what is not as in the last version, section by section; empty
    where nothing is. lacking: what a policy must have and this has not."""

    contact: PolicyContact
    sections: list[Section]
    last: PolicyVersion | None
    differs: Sequence[tuple[str, list[Line]]]
    asks: Sequence[Asks]
    lacking: Sequence[str]


def draft(*, actor: Actor, language: str) -> Draft:
    """What would be published now, in one language, beside the last version. Raises NotAllowed."""
    actor.must(Right.PRIVACY)
    facts = gather()
    last = PolicyVersion.objects.first()
    sections = compose(facts, language=language, words=_own_words())
    return Draft(
        contact=PolicyContact.objects.filter(pk=1).first() or PolicyContact(),
        sections=sections,
        last=last,
        differs=difference(last.texts.get(language, []), sections) if last else (),
        asks=_asks(last, facts, actor),
        lacking=_lacking(facts),
    )


def _asks(last: PolicyVersion | None, facts: Facts, actor: Actor) -> list[Asks]:
    found = []
    for change in needs_consent(last.facts if last else None, facts):
        whom = concerned(change=change, actor=actor)
        count = whom.count()
        if not count:
            continue
        some = tuple(veiled(each, actor) for each in whom.order_by("sort_name", "pk")[:_EXAMPLES])
        found.append(Asks(change, count, some))
    return found


def _lacking(facts: Facts) -> list[str]:
    contact = facts["contact"]
    told = []
    if not contact["business"] or not contact["address"]:
        told.append(_("Write who you are and how you are reached: every law asks for it."))
    if not contact["officer"]:
        told.append(_("Write who answers for privacy, and by which e-mail or phone."))
    if not facts["rules"]:
        told.append(_("No retention rule is on: people must be told how long you keep their data."))
    return told


def save_contact(*, business: str, address: str, officer: str, by: Actor) -> PolicyContact:
    """Write down who answers for the data. Raises NotAllowed."""
    by.must(Right.PRIVACY)
    given = {"business": business[:200], "address": address[:300], "officer": officer[:300]}
    cleaned = {name: " ".join(text.split()) for name, text in given.items()}
    with transaction.atomic():
        row, _made = PolicyContact.objects.update_or_create(pk=1, defaults={**cleaned, **by.as_columns})
        note(by=by, action="changed policy contact", matter="policy")
    return row


def save_words(*, section: str, language: str, text: str, by: Actor) -> PolicyWords:
    """The owner's own words of a section, in one language; "" takes them away. They stand in the next version published.

    Raises BadPolicy, NotAllowed.
    """
    by.must(Right.PRIVACY)
    if section not in SECTIONS:
        raise BadPolicy("section", _("There is no such section."))
    if language not in dict(settings.LANGUAGES):
        raise BadPolicy("language", _("Choose one of the languages."))
    words = text.replace("\r\n", "\n").strip()
    if len(words) > _LONGEST:
        raise BadPolicy("text", _("Write at most %(most)s letters.") % {"most": _LONGEST})
    with transaction.atomic():
        row, _made = PolicyWords.objects.update_or_create(
            section=section,
            language=language,
            defaults={"text": words, "at": timezone.now(), **by.as_columns},
        )
        detail = {"section": section, "language": language}
        note(by=by, action="changed policy words", matter="policy", key=section, detail=detail)
    return row


def what_to_tell(*, country: str) -> list[Section]:
    """Of the policy what is told to who asks what we hold of them (GDPR art. 15(1)): who we are, what it is used for, whom
    it goes to, how long it stays, their rights. As it stands now, in the language that is active.
    country: theirs, whose law is told; where it is not known, all of them."""
    facts = gather()
    facts["countries"] = [country] if country in facts["countries"] else facts["countries"]
    sections = compose(facts, language=get_language() or settings.LANGUAGE_CODE, words=_own_words())
    return [each for each in sections if each["key"] in ("who", "why", "whom", "how_long", "rights")]


def _own_words() -> dict[tuple[str, str], str]:
    return {
        (section, language): text
        for section, language, text in PolicyWords.objects.values_list("section", "language", "text")
    }


def publish(*, by: Actor) -> PolicyVersion:
    """Publish the policy as it stands now as the next version, in every language. Earlier versions stay to be read.

    Raises BadPolicy where nothing changed or nobody is named who answers for the data; NotAllowed.
    """
    by.must(Right.PRIVACY)
    facts, words = gather(), _own_words()
    if not facts["contact"]["business"]:
        raise BadPolicy("business", _("Write who you are and how you are reached: every law asks for it."))
    texts = {code: compose(facts, language=code, words=words) for code, _name in settings.LANGUAGES}
    with transaction.atomic():
        last = PolicyVersion.objects.select_for_update().first()
        if last is not None and last.texts == texts and last.facts == facts:
            raise BadPolicy("policy", _("Nothing has changed since version %(n)s.") % {"n": last.number})
        asks = [each.as_data() for each in needs_consent(last.facts if last else None, facts)]
        made = PolicyVersion.objects.create(
            number=(PolicyVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
            at=timezone.now(),
            facts=facts,
            texts=texts,
            asks=asks,
            **by.as_columns,
        )
        detail = {"version": made.number, "asks": asks}
        note(by=by, action="published policy", matter="policy", key=made.number, detail=detail)
    return made


def versions(*, actor: Actor) -> list[PolicyVersion]:
    """Every version, the newest first, without their texts. Raises NotAllowed."""
    actor.must(Right.PRIVACY)
    return list(PolicyVersion.objects.defer("facts", "texts"))


@dataclass(frozen=True)
class Compared:
    """A version beside the one before it, in one language."""

    version: PolicyVersion
    differs: Sequence[tuple[str, list[Line]]]
    asks: Sequence[Change]


def compared(*, actor: Actor, number: int, language: str) -> Compared | None:
    """What a version changed. Raises NotAllowed."""
    actor.must(Right.PRIVACY)
    found = PolicyVersion.objects.filter(number=number).first()
    if found is None:
        return None
    before = PolicyVersion.objects.filter(number__lt=number).first()
    old = before.texts.get(language, []) if before else []
    changes = difference(old, found.texts.get(language, []))
    return Compared(found, changes, [Change(**each) for each in found.asks])


def difference(old: Sequence[Section], new: Sequence[Section]) -> list[tuple[str, list[Line]]]:
    """What differs, by the section's title: its lines with "+", "-" or " " before each; none of sections alike. Pure."""
    before, after = _by_key(old), _by_key(new)
    found = []
    for key in dict.fromkeys([*after, *before]):
        a, b = _lines(before.get(key)), _lines(after.get(key))
        if a != b:
            title = (after.get(key) or before[key])["title"]
            lines = [(each[0], each[2:]) for each in difflib.ndiff(a, b) if each[0] != "?"]
            found.append((title, lines))
    return found


def _by_key(sections: Sequence[Section]) -> Mapping[str, Section]:
    return {each["key"]: each for each in sections}


def _lines(section: Section | None) -> list[str]:
    return [*section["lines"], *section["own"].splitlines()] if section else []


# ---- for everybody


@dataclass(frozen=True)
class Published:
    """What the public page shows: a version in a language, and the numbers of all there are."""

    version: PolicyVersion
    sections: list[Section]
    numbers: list[int]


def published(*, language: str, number: int = 0) -> Published | None:
    """The policy that holds, or an earlier version, as anybody may read it; None where there is none."""
    rows = PolicyVersion.objects.defer("facts")
    found = rows.filter(number=number).first() if number else rows.first()
    if found is None:
        return None
    sections = found.texts.get(language) or next(iter(found.texts.values()))
    shown = [each for each in sections if each["lines"] or each["own"]]
    return Published(found, shown, list(PolicyVersion.objects.values_list("number", flat=True)))


def is_published() -> bool:
    """Whether there is a policy to link to."""
    return PolicyVersion.objects.exists()


def as_data(*, language: str) -> dict[str, Any] | None:
    """The policy that holds, for programs; None where there is none."""
    found = published(language=language)
    if found is None:
        return None
    return {
        "version": found.version.number,
        "at": found.version.at,
        "language": language,
        "sections": found.sections,
    }
