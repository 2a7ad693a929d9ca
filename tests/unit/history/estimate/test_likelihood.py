"""Probabilities of outcomes against the games played with the shocks themselves, and slopes against differences."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from foederis.history.estimate.forms import EGAME12, EGAME122, EGAME123, FORMS, Form
from foederis.history.estimate.kernels import LOG_F, Problem
from foederis.history.estimate.likelihood import Errors, FormLikelihood, log_probabilities

DRAWS = 400_000
WORTH = {(1, 0): 0.3, (1, 1): -0.6, (1, 2): 0.9, (1, 3): 1.2, (2, 1): 0.5, (2, 2): -0.4, (2, 3): 0.7, (3, 3): 0.2}


def shares(form: Form, errors: Errors, sigmas: list[float]) -> NDArray[np.float64]:
    worth = [WORTH[key] for key in form.utilities]
    return np.exp(np.asarray(log_probabilities(form, errors, worth, sigmas)))


def played(form: Form, errors: Errors, sigmas: list[float]) -> NDArray[np.float64]:
    """How often each outcome comes about, moves taken from the last to the first; each shock is drawn."""
    random = np.random.default_rng(1)
    worth = {key: WORTH[key] for key in form.utilities}
    shocks = {
        (player, outcome): sigmas[player - 1] * random.normal(size=DRAWS)
        for player in range(1, form.players + 1)
        for outcome in range(len(form.outcomes))
    }
    ahead: dict[int | str, dict[int, float]] = {k: {k: 1.0} for k in range(len(form.outcomes))}
    went = {}
    for move in reversed(form.moves):
        sides = []
        for target in (move.left, move.right):
            value = np.zeros(DRAWS)
            for outcome, share in ahead[target].items():
                own = worth.get((move.player, outcome), 0.0)
                private = shocks[move.player, outcome] if errors.kind == "private" else 0.0
                value = value + share * (own + private)
            if errors.kind == "agent":
                scale = sigmas[move.player - 1]
                draw = random.gumbel if errors.link == "logit" else random.normal
                value = value + scale * draw(size=DRAWS)
            sides.append(value)
        went[move.name] = sides[1] > sides[0]
        right = float(went[move.name].mean())
        ahead[move.name] = {
            **{k: share * (1 - right) for k, share in ahead[move.left].items()},
            **{k: share * right for k, share in ahead[move.right].items()},
        }
    return np.array([ahead[form.moves[0].name][k] for k in range(len(form.outcomes))])


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
@pytest.mark.parametrize(
    "errors", [Errors("agent", "probit"), Errors("agent", "logit"), Errors("private", "probit")], ids=str
)
def test_outcomes_are_as_likely_as_when_played(form: Form, errors: Errors) -> None:
    sigmas = [0.7, 1.3, 1.1][: form.players]
    found = shares(form, errors, sigmas)
    assert found.sum() == pytest.approx(1, abs=1e-12)
    # Four standard errors of a share of so many draws, twice, since later shares enter earlier choices.
    assert found == pytest.approx(played(form, errors, sigmas), abs=8 * 0.5 / np.sqrt(DRAWS))


def test_far_out_logarithms_stay_finite() -> None:
    logs = np.asarray(log_probabilities(EGAME12, Errors("agent", "probit"), [50.0, 0.0, 0.0, 60.0], [1.0, 1.0]))
    assert np.isfinite(logs).all()
    assert logs[1] < -500


def test_slopes_are_exact() -> None:
    random = np.random.default_rng(2)
    sizes = [2, 1, 0, 2, 2, 1]
    ends = np.cumsum([0, *sizes, 1, 1])
    blocks = tuple((int(a), int(b)) for a, b in pairwise(ends))
    likelihood = FormLikelihood(EGAME122, Errors("private", "probit"), blocks[:6], blocks[6:])
    data = {
        "designs": [random.normal(size=(40, size)) for size in sizes],
        "offsets": [np.zeros(40)] * 6,
        "scale_designs": [random.normal(size=(40, 1))] * 2,
        "outcome": random.integers(0, 4, 40).astype(np.int32),
    }
    problem = Problem(likelihood, data, 40)
    assert problem.likelihood.penalised() == (True,) * 8 + (False,) * 2
    point, weights = random.normal(size=10) / 3, random.random(40)
    value, slope = problem.value_and_gradient(point, LOG_F, weights)
    rising = np.array([problem.value_and_gradient(point + s, LOG_F, weights)[0] for s in 1e-6 * np.eye(10)])
    falling = np.array([problem.value_and_gradient(point - s, LOG_F, weights)[0] for s in 1e-6 * np.eye(10)])
    assert slope == pytest.approx((rising - falling) / 2e-6, abs=1e-7)
    rising = np.array([problem.value_and_gradient(point + s, LOG_F, weights)[1] for s in 1e-6 * np.eye(10)])
    falling = np.array([problem.value_and_gradient(point - s, LOG_F, weights)[1] for s in 1e-6 * np.eye(10)])
    assert problem.hessian(point, LOG_F, weights) == pytest.approx((rising - falling) / 2e-6, abs=1e-6)
    plain = -np.sum(weights * np.asarray(problem.likelihood.cases(point, problem.data)))
    held = point[:8]
    assert value == pytest.approx(plain - np.sum(held / 2 - np.log1p(np.exp(held))), abs=1e-12)


def test_the_third_player_is_reached_by_way_of_the_second() -> None:
    assert EGAME123.reached("2") == (1, 2, 3)
    assert EGAME123.utility_names(EGAME123.outcomes)[-1] == "u3(RRR)"
