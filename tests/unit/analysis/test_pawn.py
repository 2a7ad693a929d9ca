"""Distances between distributions against SciPy and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp

from foederis.analysis.pawn import Ranked, noise, pawn, slices_of

RANDOM = np.random.default_rng(5)


def test_distances_are_those_of_scipy() -> None:
    values = RANDOM.normal(size=200).round(1)  # with ties
    inside = RANDOM.uniform(size=200) < 0.3
    ones = np.ones(200)
    found = Ranked(values, ones).distances(np.array([inside, ~inside], dtype=float))
    expected = [ks_2samp(values[part], values).statistic for part in (inside, ~inside)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_a_weight_counts_as_so_many_copies() -> None:
    values, inputs = RANDOM.normal(size=60), RANDOM.normal(size=(3, 60))
    copies = RANDOM.integers(1, 4, 60)
    weighted = Ranked(values, copies.astype(float)).distances((inputs[:1] > 0).astype(float))
    repeated = np.repeat(values, copies)
    plain = Ranked(repeated, np.ones(len(repeated))).distances(np.repeat(inputs[:1] > 0, copies, axis=1).astype(float))
    np.testing.assert_allclose(weighted, plain, rtol=0, atol=1e-12)


def test_slices_have_the_same_weight() -> None:
    values = RANDOM.normal(size=1000)
    assert np.array_equal(np.bincount(slices_of(values, np.ones(1000))), np.full(10, 100))
    found = slices_of(values, np.where(values < 0, 3.0, 1.0), 4)
    assert np.all(np.diff(found[np.argsort(values)]) >= 0)
    below = 3 * np.sum(values < 0) / (3 * np.sum(values < 0) + np.sum(values >= 0))
    assert found[values < 0].max() == int(4 * below)


def test_an_answer_that_is_its_input() -> None:
    """In the slice from a to b of [0, 1], the distance is the larger of a and 1 - b: 0.9, 0.8, … and back."""
    values = (np.arange(1000) + 0.5) / 1000
    assert pawn(values, values[None], np.ones(1000))[0] == pytest.approx(0.7, abs=0.002)


def test_an_input_that_does_nothing_stays_below_the_noise_about_95_times_in_100() -> None:
    answers = RANDOM.exponential(size=400)
    weights = RANDOM.uniform(size=400)
    idle = pawn(answers, RANDOM.uniform(size=(2000, 400)), weights)
    alone = noise(answers, weights, 1, seed=0)
    assert np.mean(idle < alone) == pytest.approx(0.95, abs=0.03)
    together = noise(answers, weights, 20, seed=0)
    assert np.mean(idle.reshape(100, 20).max(axis=1) < together) == pytest.approx(0.95, abs=0.05)
    assert pawn(answers, answers[None], weights)[0] > 2 * together


def test_only_the_order_of_answers_counts() -> None:
    answers, inputs = RANDOM.normal(size=300), RANDOM.normal(size=(2, 300))
    ones = np.ones(300)
    np.testing.assert_allclose(pawn(answers, inputs, ones), pawn(np.exp(9 * answers), inputs, ones), atol=1e-12)
