"""Answers on a grid, and between its points."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

import foederis as fd
from foederis.analysis import dials
from foederis.analysis.answers import Estimate

NAMES = ["p_fall", "stake"]


@pytest.fixture(scope="module")
def found() -> dials.Dials:
    return dials.work_out(fd.load("patron"), NAMES)


def test_the_grid_holds_what_a_solve_gives(found: dials.Dials) -> None:
    case = fd.load("patron")
    for i, j in ((0, 0), (2, 2), (4, 1)):
        values = {"quantities.p_fall": found.points["p_fall"][i], "quantities.stake": found.points["stake"][j]}
        answer = fd.solve(case.with_changes(values), at="median")
        for name, reply in answer.questions.items():
            assert isinstance(reply, Estimate)
            assert found.answers[name][i, j] == pytest.approx(reply.mean, rel=1e-9)


def test_points_are_the_ends_quartiles_and_median(found: dials.Dials) -> None:
    distribution = fd.load("patron").distribution("p_fall")
    np.testing.assert_allclose(found.points["p_fall"][[0, 4]], [0.05, 0.20])
    assert found.points["p_fall"][2] == pytest.approx(distribution.median)


def test_between_points_it_is_linear_as_another_program_has_it() -> None:
    random = np.random.default_rng(0)
    table = random.normal(size=(5, 5, 5))
    places = random.uniform(0, 4, (50, 3))
    peer = RegularGridInterpolator([np.arange(5.0)] * 3, table)
    ours = [dials.interpolate(table, place) for place in places]
    np.testing.assert_allclose(ours, peer(places), rtol=0, atol=1e-12)
    assert dials.interpolate(table, np.array([4.0, 0.0, 2.0])) == pytest.approx(table[4, 0, 2])


def test_the_error_is_that_of_worlds_off_the_grid(found: dials.Dials) -> None:
    case = fd.load("patron")
    worst = 0.0
    for place in ([0.5, 0.5], [3.5, 3.5], [1.5, 2.5]):
        values = {
            f"quantities.{name}": float(np.interp(where, range(5), found.points[name]))
            for name, where in zip(NAMES, place, strict=True)
        }
        reply = fd.solve(case.with_changes(values), at="median").questions["comes"]
        assert isinstance(reply, Estimate)
        worst = max(worst, abs(dials.interpolate(found.answers["comes"], np.array(place)) - reply.mean))
    assert 0 < worst <= 2 * found.error["comes"]
    assert found.trials == dials.TRIALS
    assert 0 < found.residual < 1e-9


def test_what_takes_single_values_cannot_be_turned() -> None:
    case = fd.load("patron").with_changes({"quantities.stake": "choice(2 = 50%, 40 = 50%)"})
    turned = [name for name in case.quantities if dials.can_turn(case, name)]
    assert turned == ["sharpness", "p_truce", "p_fall", "price_arms", "price_troops"]
    assert not dials.can_turn(case, "no_such")
