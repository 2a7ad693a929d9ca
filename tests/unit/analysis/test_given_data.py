"""Weighted samples against copies of their draws, and against distributions that are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from foederis.analysis.given_data import (
    effective_size,
    first_order,
    shift_noise,
    shifts,
    weighted_quantiles,
)
from foederis.language.sampling import sobol

SHARES = np.array([0.05, 0.5, 0.95])


def test_effective_size() -> None:
    assert effective_size(np.full(40, 0.3)) == pytest.approx(40)
    assert effective_size(np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(2)
    assert effective_size(np.array([1e-9, 1.0])) == pytest.approx(1)


def test_weighted_quantiles() -> None:
    """With weights proportional to its value, what was uniform has the distribution function x²."""
    values = sobol(4096, 1, seed=0)[:, 0]
    np.testing.assert_allclose(weighted_quantiles(values, values, SHARES), np.sqrt(SHARES), rtol=0, atol=0.002)
    np.testing.assert_allclose(weighted_quantiles(values, np.ones(4096), SHARES), SHARES, rtol=0, atol=0.001)
    assert weighted_quantiles(np.array([1.0, 2.0, 9.0]), np.array([1.0, 0.0, 0.0]), SHARES).tolist() == [1.0, 1.0, 1.0]


def test_shifts() -> None:
    """The largest distance between x and x² is 1/4."""
    points = sobol(4096, 2, seed=0).T
    found = shifts(points, points[0])
    assert found[0] == pytest.approx(0.25, abs=0.002)
    assert found[1] < shift_noise(points[0], 2, seed=0) < 0.05


def test_first_order_of_a_sum() -> None:
    """y = 2 a + b, all normal: a makes 4/5 of the variance, b 1/5, c nothing."""
    a, b, c = norm.ppf(sobol(4096, 3, seed=1).T)
    ones = np.ones(4096)
    found = [first_order(2 * a + b, values, ones, seed=0)[0] for values in (a, b, c)]
    assert found == pytest.approx([0.8, 0.2, 0.0], abs=0.02)


def test_first_order_under_weights() -> None:
    """Weights that tilt a from normal (0, 1) to normal (0, 1/2): then 2 a makes half of the variance of 2 a + b + b'."""
    a, b, more = norm.ppf(sobol(8192, 3, seed=1).T)
    weights = np.exp(-(a**2) / 2)
    found = [first_order(2 * a + b + more, values, weights, seed=0)[0] for values in (a, b, more)]
    assert found == pytest.approx([0.5, 0.25, 0.25], abs=0.03)


def test_chance_is_taken_off() -> None:
    """An input that does nothing has 0 on average, and intervals hold it about as often as they say."""
    random = np.random.default_rng(4)
    sampled = []
    for seed in range(300):
        weights, answers, values = random.exponential(size=(3, 60))
        sampled.append(first_order(answers, values, weights, seed=seed))
    estimates = np.array([found[0] for found in sampled])
    assert abs(estimates.mean()) < 0.02
    assert estimates.std() < 0.2
    low, high = np.quantile([found[1:] for found in sampled], [0.05, 0.95], axis=1)
    assert 0.82 < np.mean((low <= 0) & (high >= 0)) <= 1.0


def test_a_slice_without_weight_and_one_with_a_single_draw() -> None:
    answers, values = np.arange(20.0), np.arange(20.0)
    weights = np.where(values == 0, 50.0, np.where(values < 10, 0.0, 1.0))
    assert np.isfinite(first_order(answers, values, weights, seed=0)[0])
