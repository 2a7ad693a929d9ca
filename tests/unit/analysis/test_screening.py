"""Screening keeps what matters, also what matters only together with something else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from foederis.analysis.screening import radial_points, standing
from tests.unit.analysis.functions import Floats, centred_product, ishigami


def screened(function: Callable[[Floats], Floats], inputs: int, *, bases: int = 10, seed: int = 0) -> Floats:
    base, moved = radial_points(bases, inputs, seed=seed)
    answers = [function(base)]
    for column in range(inputs):
        points = base.copy()
        points[:, column] = moved[:, column]
        answers.append(function(points))
    return standing(np.array(answers))


def test_points_are_spread_and_move_by_a_quarter_at_least() -> None:
    base, moved = radial_points(8, 5, seed=3)
    assert np.array_equal(np.sort((base * 8).astype(int), axis=0), np.tile(np.arange(8)[:, None], 5))
    way = np.abs(base - moved)
    assert np.all(np.minimum(way, 1 - way) >= 0.25 - 1e-9)
    assert np.all((moved > 0) & (moved < 1))


@pytest.mark.parametrize("seed", range(20))
def test_what_acts_only_together_stands_above_what_does_nothing(seed: int) -> None:
    found = screened(centred_product, 40, seed=seed)
    assert np.all(found[:2] > 0.2)
    assert np.all(found[2:] == 0)


@pytest.mark.parametrize("seed", range(20))
def test_ishigami(seed: int) -> None:
    """The third acts only together with the first; the second has the period of half its range."""
    found = screened(lambda points: ishigami(points[:, :3]), 30, seed=seed)
    assert np.all(found[:3] > 0.05)
    assert np.all(found[3:] == 0)


def test_a_few_extreme_answers_do_not_hide_a_group() -> None:
    """Nearly all of the amount is in the few points where the first is high; the second decides the order elsewhere,
    and the third hardly anything."""

    def uneven(points: Floats) -> Floats:
        return np.asarray(np.exp(9 * (points[:, 0] > 0.85)) + points[:, 1] + 1e-9 * points[:, 2])

    found = screened(uneven, 6)
    assert found[1] > 0.5
    assert 0 < found[2] < 1e-6
    assert np.all(found[3:] == 0)


def test_pairs_without_an_answer_are_left_out() -> None:
    answers = np.array([[1.0, 2.0, np.nan], [1.0, np.nan, 3.0], [5.0, 2.0, 3.0], [np.nan, np.nan, 3.0]])
    found = standing(answers)
    assert found[0] == 0
    assert found[1] == 1
    assert found[2] == 1  # nothing is known of it, so it is kept


def test_nothing_moves_at_all() -> None:
    assert np.array_equal(standing(np.ones((4, 5))), np.zeros(3))
