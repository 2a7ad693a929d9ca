"""Intervals of shares."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import beta

from foederis.history.intervals import by_cluster, jeffreys


@pytest.mark.parametrize(("kept", "cases"), [(73, 146), (1, 10), (9, 10)])
def test_jeffreys_is_the_beta_interval(kept: int, cases: int) -> None:
    found = jeffreys(kept, cases)
    expected = beta(kept + 0.5, cases - kept + 0.5).ppf([0.025, 0.975])
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-12)


def test_jeffreys_at_its_ends() -> None:
    assert jeffreys(0, 7).low == 0
    assert jeffreys(0, 7).high == pytest.approx(beta(0.5, 7.5).ppf(0.975))
    assert jeffreys(7, 7).high == 1
    assert math.isnan(jeffreys(0, 0).low)


def test_clusters_of_one_are_an_ordinary_bootstrap() -> None:
    kept = np.array([1] * 30 + [0] * 70)
    found = by_cluster(kept, np.ones(100, np.int64))
    assert (found.low, found.high) == pytest.approx((0.21, 0.39), abs=0.011)  # binomial quantiles of 100 draws


def test_cases_that_share_their_fate_count_less() -> None:
    alone = by_cluster(np.array([1] * 50 + [0] * 50), np.ones(100, np.int64))
    together = by_cluster(np.array([10] * 5 + [0] * 5), np.full(10, 10))
    assert together.high - together.low > 2.5 * (alone.high - alone.low)


def test_a_seed_gives_the_same_interval() -> None:
    kept, cases = np.array([3, 0, 1, 5, 2]), np.array([4, 3, 2, 7, 9])
    assert by_cluster(kept, cases, seed=4) == by_cluster(kept, cases, seed=4)
    assert by_cluster(kept, cases, seed=4, resamples=50) != by_cluster(kept, cases, seed=5, resamples=50)


@pytest.mark.parametrize("kept", [[0, 0, 0], [4, 2, 1]])
def test_wars_that_all_went_one_way_say_nothing_of_how_wars_differ(kept: list[int]) -> None:
    """Every sample of them has the same share, so that the interval would be a point."""
    assert math.isnan(by_cluster(np.array(kept), np.array([4, 2, 1])).low)


def test_one_war_says_nothing_of_others() -> None:
    assert math.isnan(by_cluster(np.array([2]), np.array([3])).low)
