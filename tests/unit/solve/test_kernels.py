"""The arithmetic of a chunk, piece by piece."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np
import pytest

from foederis.solve import kernels
from foederis.solve.kernels import Array


def choice(values: list[float], rationality: float, is_open: list[bool] | None = None) -> list[float]:
    masks = jnp.array(is_open or [True] * len(values))[:, None, None]
    shares = kernels.logit(jnp.array(values)[:, None, None], masks, jnp.array([rationality]))
    assert shares.dtype == jnp.float64
    return [float(share) for share in shares[:, 0, 0]]


def test_two_points_better_at_one_half_is_e_times_as_likely() -> None:
    worse, better = choice([3.0, 5.0], 0.5)
    assert better / worse == pytest.approx(math.e, rel=1e-14)
    assert worse + better == pytest.approx(1, abs=1e-15)


def test_without_rationality_odds_are_even() -> None:
    assert choice([-1e9, 0.0, 1e9], 0.0) == pytest.approx([1 / 3] * 3, abs=1e-15)


def test_only_differences_count() -> None:
    assert choice([1.0, 2.0, 4.0], 0.7) == pytest.approx(choice([1001.0, 1002.0, 1004.0], 0.7), rel=1e-12)


@pytest.mark.parametrize("scale", [1e3, 1e8, 1e300])
def test_large_stakes_do_not_overflow(scale: float) -> None:
    assert choice([-scale, scale], 5.0) == [0.0, 1.0]


def test_a_very_bad_option_keeps_a_very_small_probability() -> None:
    assert choice([0.0, -600.0], 1.0)[1] == pytest.approx(math.exp(-600), rel=1e-12)


def test_closed_options_are_not_chosen() -> None:
    assert choice([1e9, 1.0, 2.0], 1.0, [False, True, True]) == pytest.approx([0, *choice([1.0, 2.0], 1.0)])
    assert choice([1.0, 2.0], 1.0, [False, False]) == [0.0, 0.0]
    assert choice([math.inf, 2.0], 1.0, [False, True]) == [0.0, 1.0]  # what lies behind a closed door is not read


def test_values_are_means_of_what_follows() -> None:
    follows = jnp.array([[[[1.0], [10.0]]], [[[3.0], [30.0]]]])  # branches, states, actors, draws
    found = kernels.mix(follows, jnp.array([[[0.25]], [[0.75]]]))
    assert found[0, :, 0].tolist() == pytest.approx([2.5, 25])


def test_an_amount_goes_to_its_actor() -> None:
    found = kernels.to_actor(jnp.array([[2.0, 3.0]]), jnp.int32(1), 3)
    assert found[0].tolist() == [[0, 0], [2, 3], [0, 0]]


def test_what_a_choice_loses_to_its_errors() -> None:
    values, shares = jnp.array([4.0, 1.0, 9.0])[:, None, None], jnp.array([0.3, 0.2, 0.0])[:, None, None]
    is_open = jnp.array([True, True, False])[:, None, None]
    assert float(kernels.shortfall(values, is_open, shares)[0, 0]) == pytest.approx(0.2 * 3)


def test_a_question_about_an_option() -> None:
    """Column 0 is what is given, column 1 waits for the first branch: a hit is worth what is given there."""
    follows = jnp.array([[[[0.5], [0.1]]], [[[0.8], [0.4]]]])  # branches, states, columns, draws
    hits = jnp.array([[0.0, 1.0], [0.0, 0.0]])
    free = kernels.answered(follows, hits, None)
    assert free[:, 0, :, 0].tolist() == pytest.approx(np.array([[0.5, 1], [0.8, 0.4]]))
    given = kernels.answered(follows, hits, jnp.array([-1, 0]))
    assert given[:, 0, :, 0].tolist() == pytest.approx(np.array([[0.5, 0.5], [0.8, 0.4]]))


def turned(now: float, opens: float, ends: float, lasts: float, gain_of: Array | None = None) -> float:
    """What column 1 is worth at a step's end where its condition is as strong as `now`; later it is 0.4."""
    later, holds = jnp.array([[[0.8], [0.4]]]), jnp.array([[[0.0], [now]]])
    windows = [jnp.array([[0.0], [x]]) for x in (opens, ends)] + [jnp.array([[1.0], [lasts]])]
    return float(kernels.turn_over(later, holds, gain_of, *windows)[0, 1, 0])


def test_the_end_of_a_step_in_a_question() -> None:
    assert turned(now=1, opens=1, ends=1, lasts=1) == 1  # eventually: it holds, and that is that
    assert turned(now=0, opens=1, ends=1, lasts=1) == pytest.approx(0.4)
    assert turned(now=1, opens=0, ends=1, lasts=1) == 0  # first in a later step: too early
    assert turned(now=1, opens=1, ends=1, lasts=1, gain_of=jnp.array([-1, 0])) == pytest.approx(0.8)
    assert turned(now=3, opens=1, ends=0, lasts=0) == 3  # a number in this step


def test_random_choices_sum_to_one() -> None:
    random = np.random.default_rng(1)
    values = jnp.asarray(random.normal(0, 30, (5, 40, 8)))
    masks = jnp.asarray(random.random((5, 40, 1)) < 0.6)
    total = np.sum(kernels.logit(values, masks, jnp.asarray(random.exponential(1, 8))), axis=0)
    anything = np.any(masks, axis=0)
    np.testing.assert_allclose(total, np.broadcast_to(anything, total.shape) * 1.0, rtol=0, atol=1e-15)
