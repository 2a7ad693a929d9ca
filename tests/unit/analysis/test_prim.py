"""Boxes are found where they were planted; weights are repeated observations; only the order of values counts."""

from __future__ import annotations

import numpy as np
import pytest

from foederis.analysis.prim import LOWER, UPPER, Box, Floats, Truths, everything, trajectory


def observations(seed: int, count: int = 400, inputs: int = 4, noise: float = 0.1) -> tuple[Floats, Truths]:
    """Cases where the first input is above 0.7 and the second below 0.4, but for some noise."""
    random = np.random.default_rng(seed)
    drawn = random.random((count, inputs))
    return drawn, ((drawn[:, 0] > 0.7) & (drawn[:, 1] < 0.4)) ^ (random.random(count) < noise)


def boxes_of(inputs: Floats, cases: Truths, weights: Floats | None = None) -> list[Box]:
    weights = np.ones(len(cases)) if weights is None else weights
    return trajectory(inputs, cases, weights, np.ones(len(cases), dtype=bool))


def assert_same(found: list[Box], expected: list[Box]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.lower, other.lower)
        np.testing.assert_array_equal(one.upper, other.upper)


def test_a_planted_box_is_found() -> None:
    inputs, cases = observations(seed=1, count=2000, noise=0.0)
    box = boxes_of(inputs, cases)[-1]
    assert box.limits == [(0, LOWER), (1, UPPER)]
    # What is peeled last is a twentieth of the box, and a box without any other world cannot become better.
    assert box.lower[0] == pytest.approx(0.7, abs=0.02)
    assert box.upper[1] == pytest.approx(0.4, abs=0.02)


def test_it_begins_with_everything() -> None:
    inputs, cases = observations(seed=2)
    first = boxes_of(inputs, cases)[0]
    assert first.dimensions == 0
    assert first.holds(inputs).all()


def peeled_by_hand(inputs: Floats, cases: Truths, weights: Floats) -> list[Truths]:
    """Peeling as Friedman & Fisher tell it, one candidate after the other; bool[draws] for each box."""
    inside, met = np.ones(len(cases), dtype=bool), []
    while True:
        met.append(inside)
        best, following = 1e-14, None
        mean = np.average(cases[inside], weights=weights[inside])
        for place in range(inputs.shape[1]):
            column = inputs[:, place]
            for values in (np.unique(column[inside])[::-1], np.unique(column[inside])):
                lost = 0.0
                stays = inside.copy()
                for value in values[:-1]:
                    stays &= column != value
                    lost = weights[inside & ~stays].sum()
                    if lost >= 0.05 * weights[inside].sum() - 1e-9:
                        break
                if not lost:
                    continue
                gain = (np.average(cases[stays], weights=weights[stays]) - mean) / lost
                if gain > best * (1 + 1e-9):
                    best, following = gain, stays
        if following is None or weights[following].sum() < 0.05 * weights.sum() - 1e-9:
            return met
        inside = following


@pytest.mark.parametrize("seed", range(6))
def test_peeling_with_weights_as_it_is_told(seed: int) -> None:
    inputs, cases = observations(seed, count=150)
    weights = np.random.default_rng(seed).gamma(2.0, size=150)
    expected = peeled_by_hand(inputs, cases, weights)
    found = [box.holds(inputs) for box in boxes_of(inputs, cases, weights)][: len(expected)]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_pasting_gives_back_the_nearest_where_that_is_better() -> None:
    pastes = 0
    for seed in range(12):
        inputs, cases = observations(seed, inputs=3, noise=0.2)
        weights = np.random.default_rng(seed).gamma(2.0, size=400)
        met = boxes_of(inputs, cases, weights)
        inside = [box.holds(inputs) for box in met]
        held = np.array([weights[part].sum() for part in inside])
        grown = np.flatnonzero(np.diff(held) > 0) + 1
        assert grown.tolist() == list(range(len(met) - len(grown), len(met)))  # pasting comes last
        pastes += len(grown)
        for place in grown:
            before, after = inside[place - 1], inside[place]
            assert np.average(cases[after], weights=weights[after]) > np.average(cases[before], weights=weights[before])
            [(column, side)] = limits_that_differ(met[place - 1], met[place])
            # As few of the nearest values as weigh a twentieth of all that lie beside the box.
            beside = met[place - 1].without(column, side).holds(inputs) & ~before
            beside &= (inputs[:, column] > met[place - 1].upper[column]) == (side == UPPER)
            order = np.argsort(inputs[beside, column])[:: 1 if side == UPPER else -1]
            share = np.cumsum(weights[beside][order]) / weights[beside].sum()
            given = np.flatnonzero(beside)[order][: int(np.argmax(share >= 0.05)) + 1]
            assert set(np.flatnonzero(after & ~before)) == set(given)
    assert pastes > 5


def limits_that_differ(one: Box, other: Box) -> list[tuple[int, int]]:
    found = [(int(place), UPPER) for place in np.flatnonzero(one.upper != other.upper)]
    return found + [(int(place), LOWER) for place in np.flatnonzero(one.lower != other.lower)]


@pytest.mark.parametrize("seed", range(6))
def test_weights_are_repeated_observations(seed: int) -> None:
    inputs, cases = observations(seed, noise=0.15)
    times = np.random.default_rng(seed).integers(0, 4, len(cases))
    repeated = boxes_of(np.repeat(inputs, times, axis=0), np.repeat(cases, times))
    assert_same(boxes_of(inputs, cases, times.astype(float)), repeated)


def test_only_proportions_of_weights_count() -> None:
    inputs, cases = observations(seed=3, noise=0.15)
    weights = np.random.default_rng(0).gamma(2.0, size=len(cases))
    assert_same(boxes_of(inputs, cases, 1e6 * weights), boxes_of(inputs, cases, weights))


@pytest.mark.parametrize("seed", range(6))
def test_only_the_order_of_values_counts(seed: int) -> None:
    inputs, cases = observations(seed, noise=0.15)
    other = np.stack([np.exp(9 * inputs[:, 0]), inputs[:, 1] ** 5, -1 / inputs[:, 2], inputs[:, 3]], axis=1)
    found, expected = boxes_of(other, cases), boxes_of(inputs, cases)
    assert len(found) == len(expected)
    for one, box in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.holds(other), box.holds(inputs))


def test_what_is_covered_already_is_not_looked_at() -> None:
    inputs, cases = observations(seed=4, noise=0.3)
    left = inputs[:, 3] < 0.5
    found = trajectory(inputs, cases, np.ones(len(cases)), left)
    assert_same(found[:9], boxes_of(inputs[left], cases[left])[:9])
    assert len(found) > 9
    assert all((box.holds(inputs) & left).sum() >= 0.05 * len(cases) for box in found)


def test_a_box_holds_at_least_a_part_of_all_weight_covered_or_not() -> None:
    inputs = np.arange(200.0)[:, None]
    cases, left = inputs[:, 0] > 190, inputs[:, 0] >= 100
    held = [(box.holds(inputs) & left).sum() for box in trajectory(inputs, cases, np.ones(200), left)]
    assert held[0] == 100
    assert min(held) == 10


def test_an_input_of_few_values_is_cut_between_them() -> None:
    random = np.random.default_rng(5)
    inputs = random.choice([2.0, 5.0, 9.0], (300, 1))
    box = boxes_of(inputs, inputs[:, 0] == 5)[-1]
    assert (box.lower[0], box.upper[0]) == (3.5, 7.0)
    rare = np.array([[1.0]] * 290 + [[2.0]] * 10)
    assert [box.upper[0] for box in boxes_of(rare, rare[:, 0] == 1)] == [np.inf, 1.5]


def test_nothing_is_found_where_all_are_cases() -> None:
    inputs, cases = observations(seed=6)
    assert len(boxes_of(inputs, np.ones_like(cases))) == 1
    assert len(boxes_of(inputs, np.zeros_like(cases))) == 1


def test_limits() -> None:
    box = everything(3).moved(2, UPPER, 4.0).moved(2, LOWER, 1.0).moved(0, UPPER, 0.0)
    assert box.limits == [(0, UPPER), (2, LOWER), (2, UPPER)]
    assert box.dimensions == 2
    inputs = np.array([[-1.0, 9.0, 1.0], [-1.0, 9.0, 5.0], [1.0, 9.0, 2.0]])
    assert box.holds(inputs).tolist() == [True, False, False]
    assert box.without(0, UPPER).holds(inputs).tolist() == [True, False, True]
