"""The partly pooled logit: its likelihood, its mode and its predictions, by plain numerical integration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad, trapezoid
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import norm

from foederis.history.estimate.pooled import PooledProblem

POINTS = np.linspace(-9, 9, 1801)


def made() -> tuple[Any, Any, Any, Any]:
    random = np.random.default_rng(4)
    cluster = np.repeat(np.arange(12), [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6])
    design = np.column_stack([np.ones(len(cluster)), random.normal(size=len(cluster))])
    shared = random.normal(size=12)[cluster]
    came = random.random(len(cluster)) < expit(0.4 + design[:, 1] + shared)
    return design, came, cluster, np.array([2.0, 0.7])


def objective(point: Any, design: Any, came: Any, cluster: Any, held: Any, weights: Any) -> float:
    """Minus the log-posterior but for a constant, each cluster integrated on a fine grid."""
    *coefficients, log_spread = point
    middle, spread = design @ np.array(coefficients), np.exp(log_spread)
    total = -0.5 * np.sum((np.array(coefficients) / held) ** 2) + log_spread - spread
    sums = middle[:, None] + spread * POINTS
    logs = np.log(expit(np.where(came[:, None], sums, -sums)))
    for k in range(cluster.max() + 1):
        inside = norm.pdf(POINTS) * np.exp(logs[cluster == k].sum(axis=0))
        total += weights[k] * np.log(trapezoid(inside, POINTS))
    return float(-total)


def test_the_mode_is_that_of_plain_integration() -> None:
    data = made()
    weights = np.ones(12)
    weights[2], weights[5] = 0.0, 0.5
    found = PooledProblem(*data).fit(weights)
    expected = minimize(
        objective, [0, 0, -1], args=(*data, weights), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9}
    ).x
    assert [*found.coefficients, np.log(found.spread)] == pytest.approx(expected, abs=2e-4)


def test_a_new_cluster_is_foretold_on_average() -> None:
    found = PooledProblem(*made()).fit()
    [share] = found.predict(np.array([[1.0, 0.3]]))
    middle = found.coefficients @ [1.0, 0.3]
    expected = quad(lambda z: norm.pdf(z) * expit(middle + found.spread * z), -8, 8)[0]
    assert share == pytest.approx(expected, abs=1e-6)
    assert found.spread > 0.1


def test_what_weighs_nothing_teaches_nothing() -> None:
    design, came, cluster, held = made()
    weights = (np.arange(12) != 5).astype(float)
    other = came ^ (cluster == 5)
    one, two = (PooledProblem(design, seen, cluster, held).fit(weights) for seen in (came, other))
    assert one.coefficients == pytest.approx(two.coefficients, abs=1e-9)
    assert PooledProblem(design, other, cluster, held).fit().coefficients != pytest.approx(one.coefficients, abs=1e-3)


def test_a_narrow_prior_holds_a_coefficient_at_zero() -> None:
    design, came, cluster, _ = made()
    found = PooledProblem(design, came, cluster, np.array([2.0, 1e-4])).fit()
    assert abs(found.coefficients[1]) < 1e-6
