"""Who may ask what: traits that are sensitive or tell of contact points are for who sees them; so are groups made of them.

Whoever sees numbers only gets no number so small that it tells of one person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from kartoteka.kit.traits import Called, Trait, Type
from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor, NotAllowed, Right, Scope

from .compiling import LostTrait, alive, expanded
from .keeping import Book, the_book
from .models import Segment
from .rule import BadRule, Node, conditions

# A number below this is not told to who sees numbers only.
FEWEST_TOLD = 5


class NoSuchGroup(LookupError):
    """There is no such group for this person."""

    def __init__(self) -> None:
        from django.utils.translation import gettext as _

        super().__init__(_("There is no such group."))


@dataclass(frozen=True)
class Told:
    """A number as somebody may know it. about: an estimate. fewer: it is below `count`: an estimate that found nobody, or a
    number below FEWEST_TOLD, of which no more is told."""

    count: int
    fewer: bool = False
    about: bool = False


def must_see_groups(actor: Actor) -> None:
    """Raise NotAllowed unless the actor sees customers, or numbers."""
    if not actor.may(Right.SEE) and not actor.may(Right.COUNTS):
        raise NotAllowed(Right.COUNTS)


def sees_persons(actor: Actor) -> bool:
    """Whether there are customers whom the actor sees in a list."""
    return actor.may(Right.SEE) and actor.scope in (Scope.ALL, Scope.STAGE)


def in_view(actor: Actor) -> "QuerySet[Customer]":
    """The customers whom the actor's numbers are of."""
    return Customer.objects.visible_to(actor) if sees_persons(actor) else alive()


def told(actor: Actor, count: int, *, about: bool = False) -> Told:
    """A number as this actor may know it."""
    if not sees_persons(actor) and 0 < count < FEWEST_TOLD:
        return Told(FEWEST_TOLD, fewer=True)
    return Told(count, about=about)


def told_of_none(seen: int, of: int) -> Told:
    """What is known when nobody of `seen` customers, drawn from `of`, fitted.

    The rule of three: with 95% certainty fewer than 3 in `seen` do (J. A. Hanley, A. Lippman-Hand, "If Nothing Goes
    Wrong, Is Everything All Right?", JAMA 249, 1983). Rounded up to two figures.
    """
    most = max(FEWEST_TOLD, -(-3 * of // max(seen, 1)))
    step = 10 ** max(0, len(str(most)) - 2)
    return Told(-(-most // step) * step, fewer=True, about=True)


def may_ask(actor: Actor, trait: Trait) -> bool:
    """Whether the actor may make rules of this trait."""
    if trait.sensitive and not actor.may(Right.SEE_SENSITIVE):
        return False
    return not (trait.contact and actor.veiled)


def traits_for(actor: Actor, traits: Mapping[str, Trait]) -> dict[str, Trait]:
    """The traits that the actor may make rules of.

    What programs sent along may hold an address: those parts are not for who sees contact points veiled.
    """
    must_see_groups(actor)
    found = {key: each for key, each in traits.items() if may_ask(actor, each)}
    return {key: _closed(each) for key, each in found.items()} if actor.veiled else found


def _closed(trait: Trait) -> Trait:
    if not isinstance(trait, Called) or all(part.type != Type.OPEN for part in trait.parts):
        return trait
    return replace(trait, parts=tuple(part for part in trait.parts if part.type != Type.OPEN))


def may_see(actor: Actor, rule: Node, book: Book) -> bool:
    """Whether everything that the rule speaks of, also by other groups, is for this actor."""
    try:
        whole = expanded(rule, book.rules)
    except (LostTrait, BadRule):
        whole = rule
    asked = [each for each in conditions(whole) if each.trait in book.traits]
    if actor.veiled and any(
        narrow.key for each in asked for narrow in (*each.test.where, *each.test.by_where)
    ):
        return False
    keys = {key for each in asked for key in (each.trait, each.test.by) if key in book.traits}
    return all(may_ask(actor, book.traits[key]) for key in keys)


def group_of(actor: Actor, key: int, book: Book | None = None) -> tuple[Segment, Book]:
    """A group that the actor may see. Raises NoSuchGroup, NotAllowed."""
    must_see_groups(actor)
    book = book or the_book()
    if key not in book.segments or not may_see(actor, book.rules[key], book):
        raise NoSuchGroup
    return book.segments[key], book
