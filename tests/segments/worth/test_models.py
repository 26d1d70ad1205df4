"""The models of buying: the published fits come out, and the formulas are what happens when it is played through."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from kartoteka.cli.main import main
from kartoteka.segments.worth import bgnbd, gammagamma
from kartoteka.segments.worth.bgnbd import Buying
from kartoteka.segments.worth.fitted import CannotFit, highest
from kartoteka.segments.worth.gammagamma import Spending
from kartoteka.segments.worth.history import history
from kartoteka.segments.worth.ledger import ledger
from kartoteka.segments.worth.lifetime import lifetime
from kartoteka.segments.worth.published import BG_NBD, GAMMA_GAMMA, beside, cdnow

pytestmark = pytest.mark.any_base

CDNOW = Buying(0.243, 4.414, 0.793, 2.426)


def test_the_published_fits_come_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(cdnow()) == 2357
    assert np.count_nonzero(cdnow().repeats) == 946
    assert main(["selftest", "models", "--json"]) == 0
    told = {(each["model"], each["name"]): each["ours"] for each in json.loads(capsys.readouterr().out)}
    for name, published in BG_NBD.items():
        assert told["BG/NBD", name] == pytest.approx(float(published), abs=0.0006)
    for name, published in GAMMA_GAMMA.items():
        assert told["Gamma-Gamma", name] == pytest.approx(float(published), abs=0.01)
    assert main(["selftest", "models"]) == 0
    assert "0.243" in capsys.readouterr().out


def test_ours_is_no_less_likely_than_the_published() -> None:
    theirs = bgnbd.log_likelihood(cdnow(), CDNOW)
    assert bgnbd.fit(cdnow()).log_likelihood >= theirs
    spending = Spending(*(float(each) for each in GAMMA_GAMMA.values()))
    assert gammagamma.fit(cdnow()).log_likelihood >= gammagamma.log_likelihood(cdnow(), spending)


def test_a_number_that_differs_is_seen() -> None:
    one = beside()[0]
    assert one.agrees
    assert not type(one)(one.model, one.name, one.published, one.ours + 0.01).agrees


def played(buying: Buying, *, people: int, weeks: float, ahead: float, seed: int):
    """Customers who live by the story of the model: what is known at `weeks`, and what each does in the time ahead."""
    random = np.random.default_rng(seed)
    rates = random.gamma(buying.r, 1 / buying.alpha, people)
    leaves = random.beta(buying.a, buying.b, people)
    x, last, later, lives = (np.zeros(people) for _ in range(4))
    for who in range(people):
        at, gone_at = 0.0, np.inf
        while gone_at == np.inf and at <= weeks + ahead:
            at += random.exponential(1 / max(rates[who], 1e-12))
            if at <= weeks:
                x[who], last[who] = x[who] + 1, at
            elif at <= weeks + ahead:
                later[who] += 1
            if random.random() < leaves[who]:
                gone_at = at
        lives[who] = gone_at > weeks
    return history(x, last, np.full(people, weeks)), later, lives


def test_what_is_expected_is_what_happens_and_the_fit_finds_the_story() -> None:
    story = Buying(0.8, 6.0, 0.9, 2.5)
    known, later, lives = played(story, people=12_000, weeks=40, ahead=30, seed=7)
    expected = bgnbd.expected(known, story, 30)
    chance = bgnbd.alive(known, story)
    for group in (known.repeats == 0, known.repeats == 1, (known.repeats > 1) & (known.repeats < 5)):
        error = later[group].std() / np.sqrt(group.sum())
        assert expected[group].mean() == pytest.approx(later[group].mean(), abs=4 * error)
        assert chance[group].mean() == pytest.approx(lives[group].mean(), abs=0.03)
    found = bgnbd.fit(known)
    for true, ends in zip((0.8, 6.0, 0.9, 2.5), found.intervals, strict=True):
        assert ends is not None
        low, high = ends
        assert low * 0.85 < true < high * 1.15
    one = known.some(np.array([int(np.argmax(known.repeats))]))
    drawn = bgnbd.possible_counts(one, story, 30, lots=40_000)
    assert drawn.mean() == pytest.approx(float(bgnbd.expected(one, story, 30)[0]), rel=0.05)


def test_spending_is_found_again() -> None:
    random = np.random.default_rng(3)
    rate = random.gamma(4.0, 1 / 20.0, 4000)
    x = random.integers(1, 9, 4000)
    mean = random.gamma(3.0 * x, 1 / (rate * x))
    who = history(x, np.zeros(4000), np.ones(4000), mean)
    found = gammagamma.fit(who)
    assert found.parameters == pytest.approx([3.0, 4.0, 20.0], rel=0.15)
    assert gammagamma.independence(who).holds
    spends = history(x, np.zeros(4000), np.ones(4000), x * 10.0 + random.random(4000))
    assert not gammagamma.independence(spends).holds


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 3000),
    st.floats(0, 1),
    st.floats(1, 4000),
    *(
        st.floats(low, high).map(lambda power: 10**power)
        for low, high in ((-2, 2.5), (-2, 4), (-6, 3), (-6, 5))
    ),
)
@example(100, 0.5, 400, 0.243, 4.414, 1000, 2.426)
@example(0, 0, 30, 0.05, 0.01, 1, 1e5)
@example(305, 1, 1, 1, 1, 100, 1)
def test_long_and_short_histories_stay_finite(
    x: int, part: float, age: float, r: float, alpha: float, a: float, b: float
) -> None:
    one = history([x], [part * age if x else 0], [age])
    buying = Buying(r, alpha, a, b)
    assert np.isfinite(bgnbd.log_likelihood(one, buying))
    chance = float(bgnbd.alive(one, buying)[0])
    assert 0 <= chance <= 1
    near, far = (float(bgnbd.expected(one, buying, ahead)[0]) for ahead in (30.0, 365.0))
    # As exact as the integral is told.
    assert 0 <= near <= far * (1 + 1e-6) + 1e-9
    # Nobody buys more often than they would if they never left.
    assert far <= 365 * (r + x) / (alpha + age) * (1 + 1e-6) + 1e-9


@pytest.mark.parametrize("x", [3, 100])
@pytest.mark.parametrize(("a", "b"), [(0.4, 2), (1.0, 2), (1.0 + 1e-9, 2), (2.3, 2), (900, 3), (0.9, 3e4)])
def test_expected_is_the_integral_over_all_chances_to_leave(x: int, a: float, b: float) -> None:
    """Another way: integrate over the unknown chance by adaptive quadrature instead of the closed form."""
    buying, age, ahead = Buying(0.7, 8.0, a, b), 40.0, 25.0
    one = history([x], [35.0], [age])
    from scipy.stats import beta

    shape, scale = buying.r + x, buying.alpha + age

    def given_chance(chance: float) -> float:
        # E[(1 - exp(-rate * chance * ahead)) / chance] over the gamma law of the rate
        return (1 - (scale / (scale + chance * ahead)) ** shape) / chance * beta.pdf(chance, a, b + x)

    middle = a / (a + b + x)
    ends = [each for each in (0, middle / 50, middle / 5, middle, 5 * middle, 50 * middle) if each < 1] + [1]
    parts = [quad(given_chance, low, high, limit=200)[0] for low, high in pairwise(ends)]
    whole = sum(parts) * float(bgnbd.alive(one, buying)[0])
    assert float(bgnbd.expected(one, buying, ahead)[0]) == pytest.approx(whole, rel=1e-4)


def test_lifetime_worth_is_less_the_dearer_money_is() -> None:
    who = cdnow().sample(50)
    value = gammagamma.value_of_purchase(who, Spending(6.25, 3.74, 15.44))
    plain, cheap, dear = (
        lifetime(who, CDNOW, value, months=12, yearly_discount=rate, month=52.18 / 12)
        for rate in (0.0, 0.1, 0.5)
    )
    assert plain == pytest.approx(bgnbd.expected(who, CDNOW, 52.18) * value, rel=1e-9)
    assert np.all(plain > cheap)
    assert np.all(cheap > dear)


def test_too_little_is_said() -> None:
    with pytest.raises(CannotFit, match="come back"):
        bgnbd.fit(history([0, 0], [0, 0], [3, 4]))
    with pytest.raises(CannotFit, match="the same"):
        gammagamma.fit(history([2] * 20, [1] * 20, [3] * 20, [10] * 20))
    with pytest.raises(ValueError, match="after now"):
        history([1], [5], [4])


def test_sums_for_nobody_are_none() -> None:
    books = ledger([1, 2], [10, 20], [5.0, 6.0])
    assert books.sums(books.net, np.zeros(0, dtype=np.int64)).tolist() == []
    assert books.sums(books.net, np.array([2, 3], dtype=np.int64)).tolist() == [6.0, 0.0]


@pytest.mark.parametrize("bend", [1.0, 1e-4, 1e-9])
def test_a_summit_that_is_next_to_flat_has_no_interval_rather_than_an_endless_one(bend: float) -> None:
    """The second parameter's error is one by the square root of `bend`."""

    def hill(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        logs, steep = np.log(parameters), np.array([1.0, bend])
        return float(-(steep * logs**2).sum() / 2), -steep * logs

    found = highest(hill, start=[2.0, 2.0], customers=1)
    assert [ends is not None for ends in found.intervals] == [bend == 1.0] * 2
    assert np.isfinite(found.draws(10)).all()
