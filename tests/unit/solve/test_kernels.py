"""The inner loops, one by one."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np
import pytest

from foederis.solve import kernels
from foederis.solve.kernels import Array, Branches

ONE = jnp.ones((1, 1), dtype=bool)
NO = jnp.zeros((1, 1), dtype=bool)


def choice(values: list[float], rationality: float, is_open: list[bool] | None = None) -> list[float]:
    branches = tuple(jnp.array([[value]]) for value in values)
    masks = tuple(jnp.array([[can]]) for can in (is_open or [True] * len(values)))
    shares = kernels.logit(branches, masks, jnp.array([rationality]))
    assert all(share.dtype == jnp.float64 for share in shares)
    return [float(share[0, 0]) for share in shares]


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


def test_a_turn_that_may_pass() -> None:
    pool = jnp.array([[0.0], [0.25], [0.75]])
    shares = tuple(jnp.array([[share], [0.0]]) for share in (0.4, 0.6))
    live = jnp.array([[True], [False]])
    where = jnp.array([2, 2]), jnp.array([1, 1])
    found = kernels.with_chance(shares, *where, live, pool)
    assert [part[0, 0] for part in found] == pytest.approx([0.3, 0.45, 0.25])
    assert [part[1, 0] for part in found] == [0, 0, 1]
    found = kernels.with_skipping(shares, live)
    assert [part[:, 0].tolist() for part in found] == [[0.4, 0], [0.6, 0], [0, 1]]


def test_outcomes_of_events() -> None:
    pool = jnp.array([[0.0], [0.25], [0.75]])
    live = jnp.array([[True], [False]])
    found = kernels.event_shares((jnp.array([1, 1]),), (live,), jnp.array([2, 2]), live, pool)
    assert [part[:, 0].tolist() for part in found] == [[0.25, 0], [0.75, 1]]


def test_an_imposed_branch_is_certain_where_it_is_open() -> None:
    shares = tuple(jnp.array([[share], [share]]) for share in (0.2, 0.3, 0.5))
    found = kernels.impose(shares, jnp.int32(1), jnp.array([[True], [False]]))
    assert [part[:, 0].tolist() for part in found] == [[0, 0.2], [1, 0.3], [0, 0.5]]


def test_values_are_means_of_what_is_paid_and_what_follows() -> None:
    values = jnp.array([[[1.0], [10.0]], [[2.0], [20.0]], [[3.0], [30.0]]])  # states, actors, draws
    pool = jnp.array([[0.0], [5.0]])
    shares: Branches = (jnp.array([[0.25]]), jnp.array([[0.75]]))
    successors: Branches = (jnp.array([1]), jnp.array([2]))
    paid: tuple[tuple[Branches, ...], ...] = (((jnp.array([1]), jnp.array([1])), ()), ((), (jnp.array([1]),)))
    found = kernels.mix_values(values, shares, successors, paid, pool)
    assert found[0, :, 0].tolist() == pytest.approx([2.75 + 0.25 * 10, 27.5 + 0.75 * 5])
    plain = kernels.mix_values(values, shares, successors, (((), ()), ((), ())), pool)
    assert plain[0, :, 0].tolist() == pytest.approx([2.75, 27.5])


def test_what_a_choice_loses_to_its_errors() -> None:
    values = (jnp.array([[4.0]]), jnp.array([[1.0]]), jnp.array([[9.0]]))
    shares = (jnp.array([[0.3]]), jnp.array([[0.2]]), jnp.array([[0.0]]), jnp.array([[0.5]]))
    assert float(kernels.shortfall(values, (ONE, ONE, NO), shares)[0, 0]) == pytest.approx(0.2 * 3)


def test_a_question_about_an_option() -> None:
    """Column 0 is what is given, column 1 waits for the first branch: a hit is worth what is given there."""
    questions = jnp.array([[[0.5], [0.1]], [[0.8], [0.4]]])
    shares: Branches = (jnp.array([[0.25]]), jnp.array([[0.75]]))
    successors: Branches = (jnp.array([0]), jnp.array([1]))
    hits: Branches = (jnp.array([[0.0], [1.0]]), jnp.array([[0.0], [0.0]]))
    free = kernels.mix_questions(questions, shares, successors, hits, None)
    assert free[0, :, 0].tolist() == pytest.approx([0.25 * 0.5 + 0.75 * 0.8, 0.25 + 0.75 * 0.4])
    given = kernels.mix_questions(questions, shares, successors, hits, jnp.array([-1, 0]))
    assert given[0, :, 0].tolist() == pytest.approx([0.725, 0.25 * 0.5 + 0.75 * 0.4])


def turned(now: float, opens: float, ends: float, lasts: float, gain_of: Array | None = None) -> float:
    """What column 1 is worth at a step's end where its condition is as strong as `now`; later it is 0.4."""
    later = jnp.array([[[0.8], [0.4]]])
    pool = jnp.array([[0.0], [now]])
    asked = (jnp.array([0]), jnp.array([1]))
    windows = [jnp.array([[0.0], [x]]) for x in (opens, ends)] + [jnp.array([[1.0], [lasts]])]
    return float(kernels.turn_over(later, None, pool, asked, gain_of, *windows)[0, 1, 0])


def test_the_end_of_a_step_in_a_question() -> None:
    assert turned(now=1, opens=1, ends=1, lasts=1) == 1  # eventually: it holds, and that is that
    assert turned(now=0, opens=1, ends=1, lasts=1) == pytest.approx(0.4)
    assert turned(now=1, opens=0, ends=1, lasts=1) == 0  # first in a later step: too early
    assert turned(now=1, opens=1, ends=1, lasts=1, gain_of=jnp.array([-1, 0])) == pytest.approx(0.8)
    assert turned(now=3, opens=1, ends=0, lasts=0) == 3  # a number in this step


def test_flows_and_discounts() -> None:
    values = jnp.array([[[10.0]], [[20.0]]])
    flow = jnp.array([[[1.0]], [[2.0]]])
    patience = jnp.array([[0.5]])
    plain = kernels.discount(values, None, flow, patience)
    assert plain[:, 0, 0].tolist() == [6, 12]
    moved = kernels.discount(values, jnp.array([1, 0]), flow, patience)
    assert moved[:, 0, 0].tolist() == [11, 7]


def test_probability_moves_and_none_is_lost() -> None:
    mass = jnp.array([[0.5], [0.25], [0.25], [0.0]])[:, None]  # states, courses, draws
    places = jnp.array([0, 1])
    shares: Branches = tuple(jnp.array(part)[:, None] for part in ([0.5, 0.1], [0.25, 0.2], [0.25, 0.7]))
    successors: Branches = (jnp.array([2, 2]), jnp.array([3, 0]))
    found = kernels.push(mass, mass[places], places, shares, successors)
    assert found.ravel().tolist() == pytest.approx([0.5 * 0.25 + 0.25 * 0.2, 0.25 * 0.7, 0.25 + 0.25 + 0.025, 0.125])
    onward = kernels.move_on(mass, jnp.array([3, 3, 3, 3]))
    assert onward.ravel().tolist() == [0, 0, 0, 1]


def test_those_who_have_met_a_condition_wait_no_longer() -> None:
    mass = jnp.array([[0.5, 0.5, 0.5], [0.25, 0.25, 0.25]])[..., None]  # where play is; two conditions not met yet
    pool = jnp.array([[0.0], [1.0]])
    conditions = (jnp.array([1, 0]), jnp.array([0, 1]))
    hit, left = kernels.absorb(mass, pool, conditions, jnp.array([1.0, 0.0]))
    assert hit.ravel().tolist() == [0.5, 0]  # the second is looked for no more
    assert left[..., 0].tolist() == [[0.5, 0, 0.5], [0.25, 0.25, 0.25]]


def test_random_choices_sum_to_one() -> None:
    random = np.random.default_rng(1)
    values = tuple(jnp.asarray(random.normal(0, 30, (40, 8))) for _ in range(5))
    masks = tuple(jnp.asarray(random.random((40, 1)) < 0.6) for _ in range(5))
    shares = kernels.logit(values, masks, jnp.asarray(random.exponential(1, 8)))
    total = np.sum(shares, axis=0)
    anything = np.any(np.stack(masks), axis=0)
    np.testing.assert_allclose(total, np.broadcast_to(anything, total.shape) * 1.0, rtol=0, atol=1e-15)
