"""Slopes against derivatives that are known, and what spoils them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from foederis.analysis.slopes import derivative, step_width
from tests.unit.analysis.functions import Floats


def slope_of(function: Callable[[Floats], Floats], at: float, width: float) -> tuple[float, float]:
    middle, step = np.array([at]), np.array([width])
    whole = np.array([function(middle - step), function(middle + step)])
    half = np.array([function(middle - step / 2), function(middle + step / 2)])
    found, error = derivative(function(middle), whole, half, step)
    return float(found[0]), float(error[0])


def test_exact_up_to_the_fourth_power() -> None:
    found, error = slope_of(lambda x: 2 + x - 3 * x**2 + 5 * x**3 - x**4, 0.7, 0.2)
    assert found == pytest.approx(1 - 6 * 0.7 + 15 * 0.7**2 - 4 * 0.7**3, abs=1e-12)
    assert error < 0.2


@pytest.mark.parametrize("at", [0.0, 0.4, 2.0])
def test_the_error_is_not_more_than_estimated(at: float) -> None:
    found, error = slope_of(lambda x: np.exp(np.sin(3 * x)), at, 0.05)
    truth = 3 * np.cos(3 * at) * np.exp(np.sin(3 * at))
    assert abs(found - truth) <= error < 0.03 * abs(truth)


@pytest.mark.parametrize("at", [0.0, 0.01, -0.03])
def test_a_bend_shows_in_the_error(at: float) -> None:
    found, error = slope_of(np.abs, at, 0.05)
    assert error > 0.2 * max(1.0, abs(found))


@pytest.mark.parametrize("at", [0.0, 0.01, -0.03])
def test_a_jump_shows_in_the_error(at: float) -> None:
    found, error = slope_of(lambda x: (x > 0) * 1.0, at, 0.05)
    assert error > 0.2 * max(1.0, abs(found))


def test_no_step_no_slope() -> None:
    width = step_width(np.array([1.0, 0.0, 2.0]), np.array([2.0, 0.0, 2.0]), np.array([6.0, 3.0, 2.0]))
    np.testing.assert_allclose(width, [0.05, 0.0, 0.0])
    found, error = derivative(np.zeros(3), np.zeros((2, 3)), np.zeros((2, 3)), width)
    assert found[0] == error[0] == 0
    assert np.all(np.isnan([found[1:], error[1:]]))
