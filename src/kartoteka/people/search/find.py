"""Finding customers by what somebody typed."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor

from . import lookup
from .asking import BEGUN, LIKELY, TYPED, WIDEST, Term, Word, cards_in, terms_in
from .lookup import Every, Found
from .veiled import words_shown

# So many are looked at before they are ranked; of more, the newest, and those who have the words in their names.
LOOKED_AT = 300
_RARE = 50_000
# With so many found there is no wider search.
ENOUGH = 5
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer who was found.

    score: how well, 1 and more for all that was asked, as typed; a card number gives 2. matched: the words of the record
    (folded) that answered, to be marked on screen.
    """

    customer: int
    score: float
    matched: tuple[str, ...]


def find(text: str, *, actor: Actor, limit: int = 20) -> list[Hit]:
    """The customers meant by `text`, best first, among those `actor` may see.

    Any words of the record in any order: misspelt, without accents, begun, or a part of a word; ends and beginnings of
    phone numbers; dates; a card number, also one of a customer who was joined with another since.
    """
    text = text[:LONGEST_TEXT].replace("\x00", " ")
    hits = {hit.customer: hit for hit in _by_card(text, actor)}
    if not hits:
        search = _Search(actor=actor, limit=limit, text=text)
        search.ask(terms_in(text))
        hits = search.hits
    return sorted(hits.values(), key=lambda hit: (-hit.score, -hit.customer))[:limit]


def _by_card(text: str, actor: Actor) -> list[Hit]:
    cards = cards_in(text)
    keys: set[int] = set()
    rows = list(Customer.objects.filter(card__in=cards).values_list("pk", "merged_into")) if cards else []
    while rows:
        keys.update(key for key, into in rows if into is None)
        rows = list(
            Customer.objects.filter(pk__in=[into for _key, into in rows if into]).values_list(
                "pk", "merged_into"
            )
        )
    seen = Customer.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True) if keys else []
    return [Hit(key, 2.0, tuple(cards)) for key in seen]


class _Search:
    """One search on its way: wider and wider, until there are enough."""

    def __init__(self, *, actor: Actor, limit: int, text: str) -> None:
        self.actor = actor
        self.text = text
        self.limit = limit
        self.hits: dict[int, Hit] = {}
        self._seen: dict[int, Found] = {}

    def ask(self, terms: Sequence[Term]) -> None:
        if not terms:
            return
        asked: set[object] = set()
        for widths in _steps(terms):
            self._gather(terms, widths, asked)
            # Several words as typed are hardly anybody else's.
            if len(self._seen) >= (1 if len(terms) > 1 and set(widths) == {TYPED} else ENOUGH):
                break
        if not self._seen:
            for fewer in _variants(terms):
                self._gather(fewer, [LIKELY] * len(fewer), asked)
                self._rank(fewer, out_of=terms)
        self._rank(terms, out_of=terms)

    def _gather(self, terms: Sequence[Term], widths: Sequence[int], asked: set[object]) -> None:
        tests = [
            test for term, width in zip(terms, widths, strict=True) if (test := term.test(width)) is not None
        ]
        whole = Every(tuple(tests))
        if len(tests) < len(terms) or whole in asked:
            return
        asked.add(whole)
        rare = min(term.at_most(width) for term, width in zip(terms, widths, strict=True)) < _RARE
        found = lookup.customers(whole, names_only=False, most=LOOKED_AT, rare=rare)
        if len(found) == LOOKED_AT:
            found += lookup.customers(whole, names_only=True, most=LOOKED_AT, rare=rare)
        self._take(self._lift(found, terms) if self.actor.veiled else found)

    def _take(self, found: Iterable[Found]) -> None:
        fresh = {row[0]: row for row in found if row[0] not in self._seen}
        if fresh:
            visible = (
                Customer.objects.visible_to(self.actor)
                .filter(pk__in=list(fresh))
                .values_list("pk", flat=True)
            )
            self._seen.update((key, fresh[key]) for key in visible)

    def _lift(self, found: Iterable[Found], terms: Sequence[Term]) -> list[Found]:
        """Those who are found by what the veil leaves of them: by their names, or by words that are looked over first."""
        sure: list[Found] = []
        unsure: dict[int, Found] = {}
        for row in found:
            if all(term.quality(row[1], ())[0] for term in terms):
                sure.append((row[0], row[1], []))
            elif row[0] not in self._seen:
                unsure[row[0]] = row
        shown = words_shown(list(unsure), self.text)
        lifted = [(key, names, others) for key, (names, others) in shown.items()]
        return sure + [row for row in lifted if all(term.quality(row[1], row[2])[0] for term in terms)]

    def _rank(self, terms: Sequence[Term], *, out_of: Sequence[Term]) -> None:
        """Score all that were seen by these terms; what is lacking of the terms asked for counts against."""
        weights = [_weight(term) for term in terms]
        whole = max(sum(weights), sum(map(_weight, out_of)))
        for key, names, others in self._seen.values():
            total = 0.0
            matched: list[str] = []
            for term, weight in zip(terms, weights, strict=True):
                quality, how = term.quality(names, others)
                total += quality * weight
                matched += how
            if not total:
                continue
            covered = len(set(matched) & set(names)) / len(names) if names else 0.0
            score = round(total / whole + 0.1 * covered, 6)
            if key not in self.hits or self.hits[key].score < score:
                self.hits[key] = Hit(key, score, tuple(dict.fromkeys(matched)))


def _steps(terms: Sequence[Term]) -> Iterator[list[int]]:
    """How wide each term is taken, wider and wider; a word that nobody has is doubted before the others."""
    for width in (TYPED, BEGUN, LIKELY):
        yield [width] * len(terms)
    yield [WIDEST if term.unknown else LIKELY for term in terms]
    yield [WIDEST] * len(terms)


def _weight(term: Term) -> float:
    """What a term counts: the rarer what it means, the more."""
    return 1 / (1 + 0.1 * math.log2(1 + term.count))


def _variants(terms: Sequence[Term]) -> list[list[Term]]:
    """What else can have been meant when nobody has all of it: words run together or torn apart, one word too many."""
    found: list[list[Term]] = []
    for place, (one, other) in enumerate(pairwise(terms)):
        if isinstance(one, Word) and isinstance(other, Word):
            joined = Word(one.typed + other.typed, last=other.last)
            found.append([*terms[:place], joined, *terms[place + 2 :]])
    for place, term in enumerate(terms):
        if isinstance(term, Word):
            found += ([*terms[:place], *halves, *terms[place + 1 :]] for halves in _halves(term))
    if len(terms) > 1:
        found += ([*terms[:place], *terms[place + 1 :]] for place in range(len(terms)))
    return found


def _halves(term: Word) -> list[list[Term]]:
    """The word as two words of the index that were typed without a space; the commonest two."""
    typed = term.typed
    cuts = [(typed[:place], typed[place:]) for place in range(2, len(typed) - 1)]
    known = lookup.counted({half for cut in cuts for half in cut}) if cuts else {}
    whole = [cut for cut in cuts if cut[0] in known and cut[1] in known]
    whole.sort(key=lambda cut: (-min(known[cut[0]], known[cut[1]]), cut))
    return [[Word(one, last=False), Word(other, last=term.last)] for one, other in whole[:1]]
