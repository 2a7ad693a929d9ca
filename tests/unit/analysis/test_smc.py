"""Worlds moved to a posterior that is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from foederis.analysis import smc
from foederis.analysis.smc import Beyond, NoWorlds, move_to, systematic

Floats = NDArray[np.float64]
WORLDS = 1024


def linear(size: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Directions, what is measured along them, and with what error."""
    random = np.random.default_rng(seed)
    return random.standard_normal((3, size)), np.array([2.5, -2.0, 3.0]), np.array([0.4, 0.3, 0.4])


@pytest.mark.parametrize(("size", "seed"), [(1, 0), (5, 1), (20, 2)])
def test_normal_scores_measured_with_normal_error(size: int, seed: int) -> None:
    directions, measured, error = linear(size, seed)

    def likelihood(scores: Floats) -> Floats:
        return np.cumsum(-0.5 * ((scores @ directions.T - measured) / error) ** 2, axis=1)

    covariance = np.linalg.inv(np.eye(size) + (directions.T / error**2) @ directions)
    mean = covariance @ (directions.T @ (measured / error**2))
    scores = np.random.default_rng(seed).standard_normal((WORLDS, size))
    found = move_to(likelihood, scores, likelihood(scores), seed=seed)
    spread = np.sqrt(np.diag(covariance))
    assert np.sqrt(np.mean(((found.scores.mean(axis=0) - mean) / spread) ** 2)) < 0.12
    np.testing.assert_allclose(found.scores.std(axis=0) / spread, 1, atol=0.17)
    assert found.distinct > 0.95 * WORLDS
    np.testing.assert_allclose(found.logs, likelihood(found.scores))
    assert any(stage.power < 1 for stage in found.stages) or size == 1


def test_drawing_anew_alone_gives_the_posterior(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moves would mend wrong weights in time; without any, the weights must be right by themselves."""
    monkeypatch.setattr(smc._Mover, "_sweep", lambda *_: 1.0)

    def likelihood(scores: Floats) -> Floats:
        return np.cumsum(-2 * (scores[:, :1] - np.array([[1.0, 0.5, 1.5]])) ** 2, axis=1)

    scores = np.random.default_rng(5).standard_normal((2**15, 1))
    found = move_to(likelihood, scores, likelihood(scores), seed=0)
    assert len(found.stages) > 1
    assert found.scores.mean() == pytest.approx(12 / 13, abs=0.015)  # precision 1 + 3 · 4, of which 4 · (1 + 0.5 + 1.5)
    assert found.scores.std() == pytest.approx(np.sqrt(1 / 13), abs=0.015)


def test_what_says_nothing_moves_nothing() -> None:
    scores = np.random.default_rng(0).standard_normal((64, 2))
    found = move_to(lambda points: np.zeros((len(points), 3)), scores, np.zeros((64, 3)), seed=0)
    np.testing.assert_array_equal(found.scores, scores)
    assert found.stages == ()


def test_worlds_in_which_it_cannot_be_are_left() -> None:
    def likelihood(scores: Floats) -> Floats:
        return np.where(scores[:, :1] > 1, 0.0, -np.inf)

    scores = np.random.default_rng(0).standard_normal((WORLDS, 1))
    found = move_to(likelihood, scores, likelihood(scores), seed=1)
    assert found.scores.min() > 1
    assert found.scores.mean() == pytest.approx(1.5251, abs=0.05)  # of a standard normal score above 1


def test_worlds_stay_where_the_likelihood_can_be_told() -> None:
    def likelihood(scores: Floats) -> Floats:
        if np.abs(scores).max() > limit:
            raise Beyond
        return -8 * (scores[:, :1] - 5) ** 2

    scores = np.random.default_rng(0).standard_normal((WORLDS, 1))
    limit = np.inf
    assert move_to(likelihood, scores, likelihood(scores), seed=1).scores.max() > scores.max() + 0.5
    limit = float(np.abs(scores).max())
    assert move_to(likelihood, scores, likelihood(scores), seed=1).scores.max() <= limit


def test_nothing_is_left() -> None:
    scores = np.random.default_rng(0).standard_normal((16, 1))
    logs = np.stack([np.zeros(16), np.full(16, -np.inf)], axis=1)
    with pytest.raises(NoWorlds) as caught:
        move_to(lambda points: logs, scores, logs, seed=0)
    assert caught.value.args == (1,)


def test_the_same_seed_gives_the_same_worlds() -> None:
    def likelihood(scores: Floats) -> Floats:
        return -4 * (scores[:, :1] - 1) ** 2

    scores = np.random.default_rng(0).standard_normal((64, 2))
    one, two, other = (move_to(likelihood, scores, likelihood(scores), seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.scores, two.scores)
    assert (one.scores != other.scores).any()


def test_draws_in_proportion_to_weights() -> None:
    weights = np.array([0.0, 1.0, 2.0, 5.0])
    counts = sum(np.bincount(systematic(weights, np.random.default_rng(seed)), minlength=4) for seed in range(400))
    np.testing.assert_allclose(counts / 1600, weights / 8, atol=0.02)
    assert (np.bincount(systematic(np.ones(8), np.random.default_rng(0))) == 1).all()
