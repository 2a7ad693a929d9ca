"""Findings are told from chance as Benjamini & Hochberg do it."""

from __future__ import annotations

import numpy as np
from scipy import stats

from foederis.analysis.chance import RATE, told_apart


def test_against_the_adjusted_values_of_scipy() -> None:
    for seed in range(20):
        random = np.random.default_rng(seed)
        chances = np.concatenate([random.random(30), random.random(6) ** 6])
        np.testing.assert_array_equal(told_apart(chances), stats.false_discovery_control(chances) <= RATE)


def test_the_ends() -> None:
    assert told_apart(np.array([])).tolist() == []
    assert told_apart(np.array([0.2, 1.0])).tolist() == [False, False]
    # The second alone would not pass; with the third it does.
    assert told_apart(np.array([0.03, 0.9, 0.02])).tolist() == [True, False, True]
