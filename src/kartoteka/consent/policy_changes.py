"""What a new version of the policy asks consent for anew, and of whom."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from kartoteka.people.checking import BadValue
from kartoteka.people.models import Customer, Ground
from kartoteka.trust.actor import Actor, Right

from .models import Choice, Purpose, Wording
from .policy_facts import Facts, meaning_of
from .purposes import wordings_now

NEW, GROUND, PARTNER, WORDS = "new", "ground", "partner", "words"
FURTHER = "renew"  # the narrowing of the list by whom it concerns


@dataclass(frozen=True)
class Change:
    """One thing that needs a new consent: a purpose that is new, was on another ground, names another partner, or whose
    words in one language mean something else now."""

    kind: str
    purpose: str
    name: str
    language: str = ""

    @property
    def asked(self) -> str:
        """By what the list of customers is narrowed to whom it concerns."""
        return f"{self.purpose}:{self.language}" if self.kind == WORDS else self.purpose

    @property
    def why(self) -> str:
        """What changed, for a person to read."""
        told = {"purpose": self.name, "language": self.language}
        if self.kind == NEW:
            return _("“%(purpose)s” is new: nobody has agreed to it yet.") % told
        if self.kind == GROUND:
            return _("“%(purpose)s” asks for consent now, which it did not before.") % told
        if self.kind == PARTNER:
            return _("“%(purpose)s” names another partner: who agreed, agreed to the one before.") % told
        return (
            _("The words of “%(purpose)s” (%(language)s) mean something else than those people agreed to.")
            % told
        )

    def as_data(self) -> dict[str, str]:
        """As a version keeps it."""
        return asdict(self)


def needs_consent(before: Facts | None, after: Facts) -> list[Change]:
    """What of `after` people must be asked for anew, compared with the version before; of a first version nothing. Pure."""
    if before is None:
        return []
    known = {each["key"]: each for each in before["purposes"]}
    found: list[Change] = []
    for each in after["purposes"]:
        if each["ground"] != Ground.CONSENT:
            continue
        name = str(each["names"].get("en") or next(iter(each["names"].values()), each["key"]))
        old = known.get(each["key"])
        if old is None:
            found.append(Change(NEW, each["key"], name))
        elif old["ground"] != Ground.CONSENT:
            found.append(Change(GROUND, each["key"], name))
        elif old["partner"] != each["partner"]:
            found.append(Change(PARTNER, each["key"], name))
        else:
            changed = _changed_words(old["words"], each["words"])
            found += [Change(WORDS, each["key"], name, language) for language in changed]
    return found


def _changed_words(old: dict[str, list[str]], new: dict[str, list[str]]) -> Iterator[str]:
    """The languages in which people were asked in words that say something else now."""
    yield from (language for language in sorted(old.keys() & new.keys()) if old[language] != new[language])


def concerned(*, change: Change, actor: Actor) -> QuerySet[Customer]:
    """Whom a change concerns: those who must be asked before it holds for them. Raises NotAllowed."""
    actor.must(Right.SEE)
    return to_be_asked(Customer.objects.visible_to(actor), change.asked)


def to_be_asked(rows: QuerySet[Customer], asked: str) -> QuerySet[Customer]:
    """Those of these customers who are to be asked anew: for `purpose`, who never agreed to it; for `purpose:language`, who
    agreed in words of that language that mean something else now. Raises BadValue."""
    key, _colon, language = asked.partition(":")
    purpose = Purpose.objects.filter(key=key).first()
    if purpose is None:
        raise BadValue(FURTHER, _("There is no such purpose."))
    given = Choice.objects.filter(identity__customer=OuterRef("pk"), purpose=purpose, what=Choice.What.GIVEN)
    if not language:
        return rows.exclude(Exists(given))
    present, former = _wordings(purpose, language)
    return rows.filter(Exists(given.filter(wording__in=former))).exclude(
        Exists(given.filter(wording__in=present))
    )


def _wordings(purpose: Purpose, language: str) -> tuple[Sequence[int], Sequence[int]]:
    """The words in a language that mean what those of today do, and those that do not."""
    now = {meaning_of(each.text) for each in wordings_now([purpose]).get((purpose.pk, language), ())}
    every = Wording.objects.filter(purpose=purpose, language=language).values_list("pk", "text")
    present = [key for key, text in every if meaning_of(text) in now]
    return present, [key for key, _text in every if key not in present]
