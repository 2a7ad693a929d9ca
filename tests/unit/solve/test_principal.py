"""The principal branch: where it leads, and that what goes wrong is told."""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
import pytest

from foederis.solve import principal
from foederis.solve.elimination import eliminate
from foederis.solve.principal import BIFURCATION, CONVERGED, FELL_SHORT, differentiated, follow, newton


def one(reply: Callable[[jnp.ndarray], jnp.ndarray]) -> principal.Solved:
    return follow(differentiated(reply), 1, 1)


def test_systems_in_every_lane() -> None:
    random = np.random.default_rng(1)
    matrix, sides = random.standard_normal((5, 5, 40)), random.standard_normal((5, 2, 40))
    matrix[0, 0] = 0.0  # so that rows must be exchanged
    found, sign = eliminate(jnp.asarray(matrix), jnp.asarray(sides))
    for lane in range(40):
        np.testing.assert_allclose(matrix[:, :, lane] @ found[:, :, lane], sides[:, :, lane], atol=1e-9)
        assert sign[lane] == np.sign(np.linalg.det(matrix[:, :, lane]))


def test_a_straight_branch() -> None:
    found = one(lambda x: 3.0 - 0.5 * x)
    assert found.x[0, 0] == pytest.approx(2.0, abs=1e-12)
    assert found.status[0] == CONVERGED
    assert not found.folded[0]


def test_a_branch_that_turns_back_twice() -> None:
    """Where the reply is steep the branch folds, and is followed to where it first comes to t = 1."""

    def reply(x: jnp.ndarray) -> jnp.ndarray:
        return 1.2 + 8.0 / (1 + jnp.exp(-4 * (x - 2.0)))

    found = one(reply)
    assert found.folded[0]
    assert found.status[0] == CONVERGED
    assert float(found.x[0, 0]) == pytest.approx(float(reply(found.x)[0, 0]), abs=1e-10)
    # Before the fold there is no crossing of t = 1: the small solutions end below it.
    small = np.linspace(0.01, 1.5, 2000)
    assert (small / np.asarray(reply(jnp.asarray(small))) < 1.0).all()
    assert found.x[0, 0] > 5


def test_a_pitchfork_is_told() -> None:
    found = one(lambda x: 3.0 * jnp.tanh(x))
    assert found.status[0] == BIFURCATION
    assert found.x[0, 0] == pytest.approx(0.0, abs=1e-12)


def test_close_to_a_pitchfork_the_branch_is_followed() -> None:
    for push in (1e-2, 1e-4, -1e-4):
        found = one(lambda x, push=push: push + 3.0 * jnp.tanh(x))  # type: ignore[misc]
        assert found.status[0] == CONVERGED, push
        assert float(found.x[0, 0]) * push > 0
        assert abs(float(found.x[0, 0])) > 2


def test_a_branch_that_is_lost_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(principal, "_MOST", 5)
    found = one(lambda x: 30.0 - 0.5 * x)
    assert found.status[0] == FELL_SHORT
    assert 0 < found.reached[0] < 1
    assert found.miss[0] > 1e-3


def test_lanes_do_not_touch_each_other() -> None:
    pushes = jnp.asarray(np.linspace(-3, 3, 9))
    together = follow(differentiated(lambda x: pushes + 2.0 * jnp.tanh(x)), 1, 9)
    for lane, push in enumerate(np.asarray(pushes)):
        alone = one(lambda x, push=push: push + 2.0 * jnp.tanh(x))  # type: ignore[misc]
        assert together.x[0, lane] == pytest.approx(float(alone.x[0, 0]), abs=1e-10)
        assert together.status[lane] == alone.status[0]


def test_newton_finds_what_is_near() -> None:
    answer = differentiated(lambda x: 3.0 * jnp.tanh(x))
    found = newton(answer, jnp.array([[2.0, -2.0, 0.1]]))
    assert (found.status == CONVERGED).all()
    assert found.x[0, 0] == pytest.approx(-float(found.x[0, 1]))
    assert found.x[0, 0] > 2.9
