"""Shares of the variance against functions whose shares are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from foederis.analysis.sobol_indices import RESAMPLES, indices, interval
from foederis.language.sampling import sobol
from tests.unit.analysis.functions import Floats, centred_product, ishigami, ishigami_indices


def design(
    function: Callable[[Floats], Floats], base: Floats, other: Floats, groups: list[list[int]]
) -> tuple[Floats, Floats, Floats]:
    mixed = []
    for group in groups:
        points = base.copy()
        points[:, group] = other[:, group]
        mixed.append(function(points))
    return function(base), function(other), np.array(mixed)


def spread(rows: int, inputs: int, seed: int = 0) -> tuple[Floats, Floats]:
    points = sobol(rows, 2 * inputs, seed=seed)
    return points[:, ::2], points[:, 1::2]


def test_ishigami() -> None:
    first, total = indices(*design(ishigami, *spread(4096, 3), [[0], [1], [2]]), seed=0)
    expected_first, expected_total = ishigami_indices()
    np.testing.assert_allclose(first[0], expected_first, rtol=0, atol=0.01)
    np.testing.assert_allclose(total[0], expected_total, rtol=0, atol=0.01)
    assert first.shape == total.shape == (1 + RESAMPLES, 3)


def test_a_group_has_what_its_members_do_alone_and_with_each_other() -> None:
    first, total = indices(*design(ishigami, *spread(4096, 3), [[0, 2], [1]]), seed=0)
    _, alone = ishigami_indices()
    # Nothing of the second acts with others, so the two groups share the variance between them.
    np.testing.assert_allclose(first[0], [1 - alone[1], alone[1]], rtol=0, atol=0.01)
    np.testing.assert_allclose(total[0], [1 - alone[1], alone[1]], rtol=0, atol=0.01)


def test_what_acts_only_together_has_a_total_share_and_none_by_itself() -> None:
    first, total = indices(*design(centred_product, *spread(1024, 4), [[k] for k in range(4)]), seed=0)
    np.testing.assert_allclose(first[0], 0, rtol=0, atol=0.02)
    np.testing.assert_allclose(total[0], [1, 1, 0, 0], rtol=0, atol=0.03)
    assert np.all(total[:, 2:] == 0)


def test_a_shift_and_a_scale_of_the_answer_change_nothing() -> None:
    base, other, mixed = design(ishigami, *spread(256, 3), [[0], [1], [2]])
    plain = indices(base, other, mixed, seed=0)
    moved = indices(1e3 - 5 * base, 1e3 - 5 * other, 1e3 - 5 * mixed, seed=0)
    np.testing.assert_allclose(plain, moved, rtol=0, atol=1e-8)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """On plain random points, where rows are independent; spread points only make the estimates better."""
    truths = np.array(ishigami_indices())
    held = np.zeros((2, 3))
    tries = 200
    for seed in range(tries):
        points = np.random.default_rng([7, seed]).uniform(size=(256, 6))
        found = indices(*design(ishigami, points[:, :3], points[:, 3:], [[0], [1], [2]]), seed=seed)
        for row, sampled in enumerate(found):
            for column in range(3):
                low, high = interval(sampled[1:, column])
                held[row, column] += low <= truths[row, column] <= high
    share = held / tries
    assert share.mean() == pytest.approx(0.9, abs=0.03)
    assert np.all((share > 0.82) & (share < 0.97)), share


def test_the_same_seed_gives_the_same_intervals() -> None:
    answers = design(ishigami, *spread(64, 3), [[0], [1], [2]])
    assert np.array_equal(indices(*answers, seed=0), indices(*answers, seed=0))
    assert not np.array_equal(indices(*answers, seed=0), indices(*answers, seed=1))
