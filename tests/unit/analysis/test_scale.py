"""Ranks, and how uneven an answer is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from foederis.analysis.scale import UNEVEN, outer_share, ranks


def test_the_outer_share_of_known_distributions() -> None:
    middle = (np.arange(100_000) + 0.5) / 100_000
    ones = np.ones(100_000)
    # Uniform: the outer 5 % of |x - 1/2| are those beyond 0.95 of the way, with 1 - 0.95³ of the variance.
    assert outer_share(middle, ones) == pytest.approx(1 - 0.95**3, abs=1e-3)
    # Normal: two tails beyond z, with 2 (z φ(z) + 1 - Φ(z)).
    z = norm.ppf(0.975)
    assert outer_share(norm.ppf(middle), ones) == pytest.approx(2 * (z * norm.pdf(z) + 0.025), abs=1e-3)
    assert outer_share(np.exp(3 * norm.ppf(middle)), ones) > 0.95 > UNEVEN


def test_a_weight_counts_as_so_many_copies() -> None:
    random = np.random.default_rng(1)
    answers, copies = random.normal(size=50), random.integers(0, 4, 50)
    repeated = np.repeat(answers, copies)
    weights = copies.astype(float)
    assert outer_share(answers, weights) == pytest.approx(outer_share(repeated, np.ones(len(repeated))))
    np.testing.assert_allclose(
        ranks(answers, answers, weights), ranks(answers, repeated, np.ones(len(repeated))), atol=1e-12
    )


def test_ranks_are_those_of_scipy() -> None:
    answers = np.random.default_rng(2).integers(0, 9, 40).astype(float)
    expected = (rankdata(answers) - 0.5) / 40
    np.testing.assert_allclose(ranks(answers, answers, np.ones(40)), expected, atol=1e-12)


def test_what_has_no_answer_has_no_rank_and_counts_for_nothing() -> None:
    sample = np.array([1.0, np.nan, 3.0])
    found = ranks(np.array([[np.nan, 2.0]]), sample, np.ones(3))
    assert np.isnan(found[0, 0])
    assert found[0, 1] == 0.5
