"""Words as they were typed, and what can have been meant by them: looked up for all the words of a search at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from rapidfuzz.distance import OSA

from kartoteka.standard.lore import called

from . import spelling, vocabulary
from .lookup import Either, Has, Test
from .terms import BEGUN, Term
from .words import MADE

_LEAST = 3  # letters of a word that is corrected or looked for inside of others
_MADE_LEAST = 5  # letters of the beginning of an e-mail address made of names
_BEGUN_MOST, _MEANT_MOST = 30, 24
# Words that lead further, as good as this much less than the best, are the best as well.
_BEST = 0.1

Guesses = dict[str, float]  # words of the index, each with how well it answers what was typed, 0 to 1


class Word(Term):
    """A word, maybe begun, misspelt or a part of one.

    Full marks are for the word as typed; then come what begins with it and a name's other forms, then what it was corrected
    to, then what has it in its middle, then what is more than one slip away.
    """

    OTHERS = 0.8  # what a word outside the name counts

    def __init__(self, typed: str, *, last: bool) -> None:
        self.typed = typed
        self.last = last
        self.guesses: Guesses = {}
        self.counts: dict[str, int] = {}
        self._learnt: list[Sequence[str]] = []  # what each width added

    def learn(self, found: Mapping[str, float], counts: Mapping[str, int]) -> None:
        """Take what the next width has found: words, how well they answer, about how many customers have them."""
        fresh = {word: quality for word, quality in found.items() if word not in self.guesses}
        self.counts |= {word: counts[word] for word in fresh if word in counts}
        self.guesses |= fresh
        self._learnt.append(tuple(fresh))

    @property
    def widths_learnt(self) -> int:
        return len(self._learnt)

    @property
    def unknown(self) -> bool:  # type: ignore[override]
        return self.typed not in self.counts and not (len(self._learnt) > BEGUN and self._learnt[BEGUN])

    @property
    def scrap(self) -> bool:
        """Whether nobody has it and it is too short to be corrected, such as the "ul" of a street."""
        return len(self.typed) < _LEAST and not self.last and self.typed not in self.counts

    def _words(self, width: int) -> list[str]:
        return [word for found in self._learnt[: width + 1] for word in found]

    def test(self, width: int, *, best: bool = False) -> Test | None:
        words = self._words(width)
        if best:
            most = max((self.guesses[word] for word in words if word in self.counts), default=0.0)
            words = [word for word in words if self.guesses[word] >= most - _BEST]
        tests = [Has(word) for word in words]
        if width >= BEGUN and not best and len(self.typed) >= _MADE_LEAST:
            tests.append(Has(MADE + self.typed, begins=True))
        return Either(tuple(tests)) if tests else None

    def quality(self, names: Sequence[str], others: Sequence[str]) -> tuple[float, list[str]]:
        best, how = 0.0, []
        guesses = self.guesses
        for word in names:
            if (quality := guesses.get(word, 0.0)) > best:
                best, how = quality, [word]
        if best >= self.OTHERS:
            return best, how
        made = MADE + self.typed
        for word in others:
            quality = guesses.get(word) or (0.85 if word.startswith(made) else 0.0)
            if quality * self.OTHERS > best:
                best, how = quality * self.OTHERS, [word]
        return best, how

    def resemblance(self, names: Sequence[str], others: Sequence[str]) -> tuple[float, list[str]]:
        """How alike the most alike of a customer's words is, though nothing leads to it: to tell apart who has the rest."""
        alike = [
            (OSA.normalized_similarity(self.typed, word, score_cutoff=0.5), word)
            for word in (*names, *others)
            if len(word) >= _LEAST
        ]
        most, word = max(alike, key=lambda each: each[0], default=(0.0, ""))
        return (0.4 * most, [word]) if most else (0.0, [])

    @property
    def count(self) -> int:
        best = max(self.counts, key=lambda word: (self.guesses[word], self.counts[word]), default="")
        return self.counts.get(best, 0)

    def at_most(self, width: int) -> int:
        return sum(self.counts.get(word, 0) for word in self._words(width))


def widen(terms: Iterable[Term], widths: Iterable[int]) -> None:
    """Look up what the words among the terms can mean, each up to its width: one look for all of them at each width."""
    wanted = {word: width for word, width in zip(terms, widths, strict=True) if isinstance(word, Word)}
    for place, look in enumerate(_LOOKS):
        if some := [word for word, width in wanted.items() if word.widths_learnt == place <= width]:
            look(some)


def _typed(words: Sequence[Word]) -> None:
    """The word itself, and a given name's other forms: Kasia is Katarzyna."""
    also = {word.typed: called(word.typed) for word in words}
    counts = vocabulary.counted({*also, *(name for names in also.values() for name in names)})
    for word in words:
        forms = {name: 0.85 for name in sorted(also[word.typed]) if name in counts}
        word.learn({word.typed: 1.0, MADE + word.typed: 0.95, **forms}, counts)


def _begun(words: Sequence[Word]) -> None:
    """What begins with it and goes on."""
    starts = [word.typed for word in words if len(word.typed) >= (2 if word.last else 3)]
    found = vocabulary.beginning(starts, most=_BEGUN_MOST)
    for word in words:
        counts = found.get(word.typed, {})
        sure = 0.95 if word.last else 0.85
        share = {longer: 0.8 + 0.2 * len(word.typed) / len(longer) for longer in counts}
        word.learn({longer: sure * part for longer, part in share.items()}, counts)


def _likely(words: Sequence[Word]) -> None:
    """What sounds like it, or is one slip away."""
    found = vocabulary.led_to(
        {
            word.typed: (spelling.likely_clues(word.typed), spelling.shorter(word.typed))
            for word in words
            if len(word.typed) >= _LEAST
        }
    )
    _corrected(words, found)


def _inside(words: Sequence[Word]) -> None:
    """What has it in its middle."""
    parts = [word.typed for word in words if len(word.typed) >= _LEAST]
    found = vocabulary.holding(parts, most=_MEANT_MOST)
    for word in words:
        counts = found.get(word.typed, {})
        word.learn({longer: 0.4 + 0.1 * len(word.typed) / len(longer) for longer in counts}, counts)


def _alike(words: Sequence[Word]) -> None:
    """What looks like it, with more than one slip."""
    wanted = {}
    for word in words:
        forgiven = spelling.tolerance(word.typed)
        if forgiven > 1:
            around = sorted(spelling.edges(word.typed))
            wanted[word.typed] = vocabulary.Alike(around, max(2, len(around) - 3 * forgiven), forgiven)
    _corrected(words, vocabulary.sharing(wanted))


_LOOKS: Sequence[Callable[[Sequence[Word]], None]] = (_typed, _begun, _likely, _inside, _alike)


def _corrected(words: Sequence[Word], found: Mapping[str, Mapping[str, int]]) -> None:
    """Of the words found for each, those near enough: the best and commonest."""
    for word in words:
        counts = found.get(word.typed, {})
        near = {
            other: 0.8 - 0.2 * cost
            for other in counts
            if other not in word.guesses and (cost := spelling.slips(word.typed, other)) is not None
        }
        best = sorted(near, key=lambda other: (-round(near[other], 3), -counts[other], other))[:_MEANT_MOST]
        word.learn({other: near[other] for other in best}, counts)
