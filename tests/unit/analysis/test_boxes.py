"""How boxes are measured, which inputs pass the sieve, and which limits are dropped."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foederis.analysis import boxes
from foederis.analysis.boxes import Offer, Worlds, enough, find_boxes, measured, pruned, sieve
from foederis.analysis.chance import distance, effective_size
from foederis.analysis.prim import LOWER, UPPER, Box, everything


def drawn(seed: int, count: int = 1024, inputs: int = 6, noise: float = 0.05) -> Worlds:
    """Worlds of interest: the first input above 0.7 and the second below 0.4, but for some noise."""
    random = np.random.default_rng(seed)
    values = random.random((count, inputs))
    cases = ((values[:, 0] > 0.7) & (values[:, 1] < 0.4)) ^ (random.random(count) < noise)
    return Worlds(values, cases, np.ones(count))


def repeated(worlds: Worlds, times: np.ndarray) -> Worlds:
    cases = np.repeat(worlds.cases, times)
    return Worlds(np.repeat(worlds.inputs, times, axis=0), cases, np.ones(len(cases)))


def weighted(worlds: Worlds, weights: np.ndarray) -> Worlds:
    return Worlds(worlds.inputs, worlds.cases, weights.astype(float))


def chance_of(column: np.ndarray, worlds: Worlds) -> float:
    return distance(column, worlds.weights * worlds.cases, worlds.weights * ~worlds.cases)[1]


PLANTED = everything(6).moved(0, LOWER, 0.7).moved(1, UPPER, 0.4)


def test_coverage_density_and_mass() -> None:
    inputs = np.array([[0.8, 0.1], [0.9, 0.2], [0.8, 0.9], [0.1, 0.1]])
    worlds = Worlds(inputs, np.array([True, False, True, False]), np.array([1.0, 2.0, 3.0, 4.0]))
    box = everything(2).moved(0, LOWER, 0.7).moved(1, UPPER, 0.4)
    found = measured(box, worlds, worlds)
    assert (found.coverage, found.density, found.mass) == (1 / 4, 1 / 3, 3 / 10)
    assert found.quality == pytest.approx(2 / 7)
    left = worlds.outside(np.array([False, True, False, False]))
    assert measured(box, left, worlds).density == 1.0
    nothing = measured(box.moved(0, LOWER, 2.0), worlds, worlds)
    assert np.isnan(nothing.density)
    assert nothing.quality == 0.0


def test_the_effective_number() -> None:
    assert effective_size(np.full(7, 0.3)) == pytest.approx(7)
    assert effective_size(np.array([1.0, 1.0, 0.0])) == 2
    assert effective_size(np.array([3.0, 1.0])) == 16 / 10
    assert effective_size(np.zeros(3)) == 0


def test_the_sieve_is_a_test_of_kolmogorov_and_smirnov() -> None:
    worlds = drawn(seed=1)
    for column in worlds.inputs.T:
        mine = chance_of(column, worlds)
        theirs = stats.ks_2samp(column[worlds.cases], column[~worlds.cases]).pvalue
        assert mine == pytest.approx(theirs, rel=0.1, abs=1e-12)
    assert sieve(worlds) == [0, 1]


def test_the_sieve_lets_hardly_any_noise_pass() -> None:
    passed = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        passed.append(len(sieve(Worlds(random.random((400, 50)), random.random(400) < 0.2, np.ones(400)))))
    assert np.mean(np.array(passed) > 0) <= 0.1


def test_an_input_that_never_changes_does_not_pass() -> None:
    worlds = drawn(seed=2)
    still = Worlds(np.column_stack([worlds.inputs, np.ones(1024)]), worlds.cases, worlds.weights)
    assert sieve(still) == [0, 1]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_quasi_p_values_are_those_of_the_binomial_test(place: int) -> None:
    worlds = drawn(seed=3)
    box = PLANTED.moved(2, UPPER, 0.9)
    inside, around = box.holds(worlds.inputs), box.without(place, LOWER).without(place, UPPER).holds(worlds.inputs)
    base = worlds.cases[around].mean()
    expected = stats.binomtest(int(worlds.cases[inside].sum()), int(inside.sum()), base, alternative="greater").pvalue
    assert boxes._by_chance(box, place, worlds) == pytest.approx(expected, rel=1e-9)


def test_weights_are_counted_with_their_effective_number() -> None:
    worlds = drawn(seed=4)
    twice = weighted(worlds, np.full(1024, 2.0))
    assert boxes._by_chance(PLANTED, 0, twice) == pytest.approx(boxes._by_chance(PLANTED, 0, worlds), rel=1e-9)
    # Half of the worlds with hardly any weight say what the other half says.
    random = np.random.default_rng(0)
    half = random.random(1024) < 0.5
    small = weighted(worlds, np.where(half, 1.0, 1e-9))
    alone = Worlds(worlds.inputs[half], worlds.cases[half], np.ones(half.sum()))
    for place in (0, 1):
        mine, theirs = (boxes._by_chance(PLANTED, place, w) for w in (small, alone))
        assert mine == pytest.approx(theirs, rel=1e-5)
        column = worlds.inputs[:, place]
        assert chance_of(column, small) == pytest.approx(chance_of(column[half], alone), rel=1e-5)
    assert enough(small)
    assert not enough(weighted(worlds, np.where(np.arange(1024) < 20, 1.0, 1e-9)))


def test_measures_of_weights_are_those_of_repeated_worlds() -> None:
    worlds = drawn(seed=5)
    times = np.random.default_rng(1).integers(0, 4, 1024)
    one = measured(PLANTED, *[weighted(worlds, times)] * 2)
    assert one == measured(PLANTED, *[repeated(worlds, times)] * 2)


def test_limits_that_chance_explains_are_dropped() -> None:
    worlds = drawn(seed=6)
    loose = PLANTED.moved(4, LOWER, 0.05).moved(5, UPPER, 0.97)
    assert pruned(loose, worlds).limits == PLANTED.limits
    assert pruned(PLANTED, worlds) is PLANTED
    assert pruned(everything(6), worlds).dimensions == 0


def test_the_planted_box_is_suggested_and_holds_elsewhere() -> None:
    found = find_boxes(drawn(seed=7), drawn(seed=8), None)
    first = found[0]
    assert {item.place for item in first.restrictions} == {0, 1}
    box = first.offer.box
    assert box.lower[0] == pytest.approx(0.7, abs=0.03)
    assert box.upper[1] == pytest.approx(0.4, abs=0.03)
    for measure in (first.offer.found, first.offer.elsewhere):
        assert measure.density == pytest.approx(0.95, abs=0.08)
    for item in first.restrictions:
        assert max(item.quasi_p, item.p) < 1e-6
        assert item.share == pytest.approx(0.3 if item.place == 0 else 0.4, abs=0.05)
    assert first.menu[0].found.coverage == first.menu[0].elsewhere.coverage == 1.0
    assert [offer.number for offer in first.menu] == list(range(len(first.menu)))


def test_noise_is_seen_elsewhere() -> None:
    """A box that fits noise: much denser where it was found."""
    random = np.random.default_rng(9)
    first, second = (Worlds(random.random((600, 30)), random.random(600) < 0.2, np.ones(600)) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boxes, "sieve", lambda worlds: list(range(30)))
        patch.setattr(boxes, "CHANCE", 1.0)
        [found, *_] = find_boxes(first, second, None)
    assert found.menu[-1].found.density > 0.35
    assert found.menu[-1].elsewhere.density == pytest.approx(0.2, abs=0.1)
    assert find_boxes(first, second, None) == []


def test_a_second_box_is_found_in_what_the_first_leaves() -> None:
    def two(seed: int) -> Worlds:
        values = np.random.default_rng(seed).random((2000, 4))
        one = (values[:, 0] > 0.8) & (values[:, 1] < 0.5)
        other = (values[:, 2] < 0.25) & (values[:, 3] > 0.7)
        return Worlds(values, one | other, np.ones(2000))

    found = find_boxes(two(1), two(2), None)
    assert len(found) >= 2
    limited = [{item.place for item in box.restrictions} for box in found[:2]]
    assert sorted(map(sorted, limited)) == [[0, 1], [2, 3]]
    assert sum(box.offer.found.coverage for box in found) <= 1
    others = two(2)
    within = [box.offer.box.holds(others.inputs) for box in found]
    only = within[1] & ~within[0]
    assert 0 < only.sum() < within[1].sum()
    assert found[1].offer.elsewhere.coverage == pytest.approx((only & others.cases).sum() / others.cases.sum())
    assert found[1].offer.elsewhere.density == pytest.approx(others.cases[only].mean())


@pytest.mark.parametrize(("count", "elsewhere", "told"), [(20, 0.3, False), (400, 0.3, True), (400, 0.2, False)])
def test_a_further_box_is_shown_only_if_it_stands_out_elsewhere(count: int, elsewhere: float, told: bool) -> None:
    inputs = np.where(np.arange(5 * count) < count, 1.0, 0.0)[:, None]

    def worlds(density: float) -> Worlds:
        inside = np.arange(5 * count) < density * count
        outside = (np.arange(5 * count) >= count) & (np.arange(5 * count) % 5 == 0)
        return Worlds(inputs, inside | outside, np.ones(5 * count))

    box = everything(1).moved(0, LOWER, 0.5)
    first, second = worlds(0.5), worlds(elsewhere)
    offer = Offer(1, box, measured(box, first, first), measured(box, second, second))
    assert boxes._stands_out(offer, first, second) == told
    rare = Offer(1, box, measured(box, worlds(0.1), first), offer.elsewhere)
    assert not boxes._stands_out(rare, first, second)


def test_another_box_can_be_taken() -> None:
    first, second = drawn(seed=7), drawn(seed=8)
    [found, *_] = find_boxes(first, second, 0)
    assert found.chosen == 0
    assert found.restrictions == ()
    [found, *_] = find_boxes(first, second, 5)
    assert found.offer.number == 5
    with pytest.raises(IndexError):
        find_boxes(first, second, 10_000)


def test_an_empty_box_elsewhere_is_unknown() -> None:
    box = Box(np.array([0.9]), np.array([np.inf]))
    worlds = Worlds(np.full((50, 1), 0.5), np.arange(50) < 25, np.ones(50))
    assert np.isnan(measured(box, worlds, worlds).density)
    assert boxes._by_chance(box, 0, worlds) == 1.0
