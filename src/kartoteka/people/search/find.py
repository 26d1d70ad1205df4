"""Finding customers by what somebody typed."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor

from . import lookup, vocabulary
from .asking import cards_in, terms_in
from .guessing import Word, widen
from .lookup import Either, Every, Found, Test
from .terms import BEGUN, INSIDE, LIKELY, TYPED, WIDEST, Term
from .veiled import words_shown

# So many are looked at before they are ranked; of more, the newest, and those who have the words in their names.
LOOKED_AT = 200
# With so many found there is no wider search: for a word alone, and for several, which are hardly anybody else's.
ENOUGH, ENOUGH_OF_SEVERAL = 5, 3
LONGEST_TEXT = 200
# What is added when all words stand together, and what is taken off for being the next with the same words.
_TOGETHER, _GIVES_WAY = 0.05, 0.05


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
    hits = _by_card(text, actor)
    if not hits:
        search = _Search(actor=actor, text=text)
        search.ask(terms_in(text))
        hits = list(_in_turn(sorted(search.hits.values(), key=_best_first), search.as_typed))
    return sorted(hits, key=_best_first)[:limit]


def _best_first(hit: Hit) -> tuple[float, int]:
    return -hit.score, -hit.customer


def _in_turn(hits: Iterable[Hit], as_typed: Set[int]) -> Iterator[Hit]:
    """The hits, best first, with what can have been meant otherwise among the first ones.

    Where nobody has what was typed, the second and third to answer with the same words of the record give way a little to
    who answers nearly as well with other words.
    """
    before = Counter[tuple[str, ...]]()
    for hit in hits:
        way = 0 if hit.customer in as_typed else min(before[hit.matched], 3)
        yield replace(hit, score=round(hit.score - _GIVES_WAY * way, 6))
        before[hit.matched] += 1


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

    def __init__(self, *, actor: Actor, text: str) -> None:
        self.actor = actor
        self.text = text
        self.hits: dict[int, Hit] = {}
        self.as_typed: set[int] = set()
        self._seen: dict[int, Found] = {}
        self._visible = Customer.objects.visible_to(actor)

    def ask(self, terms: Sequence[Term]) -> None:
        if not terms:
            return
        widen(terms, [TYPED] * len(terms))
        terms = [term for term in terms if not (isinstance(term, Word) and term.scrap)] or terms
        asked: set[Test] = set()
        for widths, enough in _steps(terms):
            widen(terms, widths)
            if (test := _every(terms, widths)) is not None and test not in asked:
                asked.add(test)
                ways = [_counts(terms, widths)]
                self._gather(test, best=_every(terms, widths, best=True), ways=ways, asked=[terms])
            if len(self._seen) >= enough:
                break
        if self._seen:
            self._rank(terms)
        else:
            self._ask_otherwise(terms)

    def _ask_otherwise(self, terms: Sequence[Term]) -> None:
        """Nobody has all of it: words run together or torn apart, one word too many, or one that cannot be read."""
        doubted = {term for term in terms if term.unknown}
        tests: dict[Test, list[Term]] = {}
        ways = []
        others = _variants(terms)
        every = [term for each in others for term in each]
        widen(every, [LIKELY] * len(every))
        for each in others:
            widths = [WIDEST if term in doubted else LIKELY for term in each]
            if (test := _every(each, widths)) is not None:
                tests[test] = each
                ways.append(_counts(each, widths))
        if tests:
            self._gather(Either(tuple(tests)), best=None, ways=ways, asked=list(tests.values()))
        for each in tests.values():
            self._rank(each, lacking=[term for term in terms if term not in each])

    def _gather(
        self,
        test: Test,
        *,
        best: Test | None,
        ways: Sequence[Sequence[int]],
        asked: Sequence[Sequence[Term]],
    ) -> None:
        among = lookup.ANYBODY
        if self.actor.walled and any(min(counts, default=0) >= LOOKED_AT for counts in ways):
            among = self._in_view
        found = lookup.customers(test, most=LOOKED_AT, ways=ways, among=among)
        if len(found) == LOOKED_AT:  # so many that those who were most likely meant may not be among them
            if self.actor.walled and among is lookup.ANYBODY:
                among = self._in_view
                found = lookup.customers(test, most=LOOKED_AT, ways=ways, among=among)
            found += lookup.customers(best or test, most=LOOKED_AT, ways=ways, among=among, names_only=True)
        if self.actor.veiled:
            found = self._lift(found, asked)
        fresh = {row[0]: row for row in found if row[0] not in self._seen}
        if fresh and among is lookup.ANYBODY:
            visible = self._visible.filter(pk__in=list(fresh))
            fresh = {key: fresh[key] for key in visible.values_list("pk", flat=True)}
        self._seen.update(fresh)

    @cached_property
    def _in_view(self) -> lookup.Among:
        """Behind walls the newest of many are others' customers, and who sees few would find none of theirs: of so many
        only theirs are read."""
        return lookup.Among.of(self._visible)

    def _lift(self, found: Iterable[Found], asked: Sequence[Sequence[Term]]) -> list[Found]:
        """Those who are found by what the veil leaves of them: by their names, or by words that are looked over first."""

        def answers(names: Sequence[str], others: Sequence[str]) -> bool:
            return any(all(term.quality(names, others)[0] for term in terms) for terms in asked)

        sure: list[Found] = []
        unsure: dict[int, Found] = {}
        for row in found:
            if answers(row[1], ()):
                sure.append((row[0], row[1], []))
            elif row[0] not in self._seen:
                unsure[row[0]] = row
        shown = words_shown(list(unsure), self.text)
        return sure + [(key, *words) for key, words in shown.items() if answers(*words)]

    def _rank(self, terms: Sequence[Term], *, lacking: Sequence[Term] = ()) -> None:
        """Score all that were seen by these terms; what was asked for and is lacking counts against."""
        weights = [_weight(term) for term in terms]
        whole = sum(weights) + sum(map(_weight, lacking))
        for key, names, others in self._seen.values():
            total = 0.0
            matched: list[str] = []
            for term, weight in zip(terms, weights, strict=True):
                quality, how = term.quality(names, others)
                total += quality * weight
                matched += how
            if not total:
                continue
            if not lacking and all(term.typed in matched for term in terms if isinstance(term, Word)):
                self.as_typed.add(key)
            for term in lacking:
                if isinstance(term, Word):
                    quality, how = term.resemblance(names, others)
                    total += quality * _weight(term)
                    matched += how
            covered = len(set(matched) & set(names)) / len(names) if names else 0.0
            score = round(total / whole + 0.1 * covered + _TOGETHER * _together(matched, names, others), 6)
            if key not in self.hits or self.hits[key].score < score:
                self.hits[key] = Hit(key, score, tuple(dict.fromkeys(matched)))


def _together(matched: Sequence[str], names: Sequence[str], others: Sequence[str]) -> float:
    """Which part of the words stand in the record one after the other as typed: a street and its number."""
    if len(matched) < 2:
        return 0.0
    following = {*pairwise(names), *pairwise(others)}
    return sum(pair in following for pair in pairwise(matched)) / (len(matched) - 1)


def _steps(terms: Sequence[Term]) -> Iterator[tuple[list[int], int]]:
    """How wide each term is taken, wider and wider, and with how many found that is enough.

    A word that nobody has is doubted before the others.
    """
    enough = ENOUGH if len(terms) == 1 else ENOUGH_OF_SEVERAL
    yield [TYPED] * len(terms), enough
    yield [BEGUN] * len(terms), enough
    several = len(terms) > 1
    yield [INSIDE if term.unknown else LIKELY for term in terms], 1 if several else enough
    yield [WIDEST if term.unknown else INSIDE for term in terms], 1 if several else enough
    yield [WIDEST] * len(terms), enough


def _every(terms: Sequence[Term], widths: Sequence[int], *, best: bool = False) -> Test | None:
    """What a customer must have to answer all the terms; None when nobody can."""
    tests = [term.test(width, best=best) for term, width in zip(terms, widths, strict=True)]
    whole = tuple(test for test in tests if test is not None)
    return Every(whole) if whole and len(whole) == len(tests) else None


def _counts(terms: Sequence[Term], widths: Sequence[int]) -> list[int]:
    return [term.at_most(width) for term, width in zip(terms, widths, strict=True)]


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
    halves = _halves([term for term in terms if isinstance(term, Word)])
    for place, term in enumerate(terms):
        if isinstance(term, Word) and term.typed in halves:
            one, other = (Word(half, last=False) for half in halves[term.typed])
            found.append([*terms[:place], one, other, *terms[place + 1 :]])
    # One word too many, or two next to each other such as "Sdn Bhd", or all that nobody has.
    for many in (1, 2):
        if len(terms) > 2 * many - 1:
            found += ([*terms[:place], *terms[place + many :]] for place in range(len(terms) - many + 1))
    if known := [term for term in terms if not term.unknown]:
        found.append(known)
    return found


def _halves(words: Sequence[Word]) -> dict[str, tuple[str, str]]:
    """Each word as two words of the index that were typed without a space, where there are such: the commonest two."""
    cuts = {
        word.typed: [(word.typed[:place], word.typed[place:]) for place in range(2, len(word.typed) - 1)]
        for word in words
    }
    known = (
        vocabulary.counted({half for some in cuts.values() for cut in some for half in cut}) if cuts else {}
    )
    found = {}
    for typed, some in cuts.items():
        whole = [cut for cut in some if cut[0] in known and cut[1] in known]
        whole.sort(key=lambda cut: (-min(known[cut[0]], known[cut[1]]), cut))
        if whole:
            found[typed] = whole[0]
    return found
