"""Clustered standard errors: against a closed form, slopes taken by hand, and what must hold of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from foederis.history import FitError, fit

from .simulated import one_sided

FORMULA = "esc + war ~ x | 0 | y | z"


def in_clusters(cases: int, clusters: int) -> dict[str, Any]:
    made = one_sided(cases, 3)
    return {**made, "rivalry": np.arange(cases) % clusters}


def log_likelihoods(point: Any, data: dict[str, Any]) -> Any:
    """Of each case, by the formulas of Signorino (1999), with nothing of the package."""
    x0, x1, y0, y1, z0, z1 = point
    fights = norm.cdf((z0 + z1 * data["z"]) / np.sqrt(2))
    gain = fights * (y0 + y1 * data["y"]) - (x0 + x1 * data["x"])
    goes = norm.cdf(gain / np.sqrt(2))
    after = np.where(data["war"] > 0, fights, 1 - fights)
    return np.log(np.where(data["esc"] > 0, goes * after, 1 - goes))


def test_shares_in_closed_form() -> None:
    """With constants alone, a case's score is what came less the share, and the information is n p (1 - p)."""
    escalates = np.array([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0])
    fights = np.array([1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0])
    rivalry = np.array(list("aaabbcccdeabba"))
    data = {"esc": escalates, "war": fights, "rivalry": rivalry}
    found = fit("egame12", "esc + war ~ 1 | 0 | 0 | 1", data, link="logit", cluster="rivalry")
    first, second = escalates.mean(), fights[:10].mean()
    scores = first - escalates, escalates * (fights - second)
    expected = []
    for each, cases, share in zip(scores, (14, 10), (first, second), strict=True):
        sums = [each[rivalry == name].sum() for name in "abcde"]
        expected.append(np.sqrt(5 / 4 * np.sum(np.square(sums))) / (cases * share * (1 - share)))
    assert found.coefficients == pytest.approx([-np.log(first / (1 - first)), np.log(second / (1 - second))], abs=1e-9)
    assert found.standard_errors == pytest.approx(expected, rel=1e-9)
    assert found.facts()["standard_errors"] == "sandwich"
    assert (found.facts()["cluster"], found.facts()["clusters"]) == ("rivalry", 5)
    assert "errors by 5 clusters of rivalry" in str(found)
    assert any("5 clusters are few" in warning for warning in found.warnings)


def test_the_sandwich_by_slopes_taken_by_hand() -> None:
    data = in_clusters(600, 50)
    found = fit("egame12", FORMULA, data, cluster="rivalry", starts=0)
    alone = fit("egame12", FORMULA, data, starts=0)
    assert found.coefficients == pytest.approx(alone.coefficients, abs=1e-12)
    step = 1e-5
    slopes = np.array([
        (log_likelihoods(found.coefficients + step * e, data) - log_likelihoods(found.coefficients - step * e, data))
        for e in np.eye(6)
    ]).T / (2 * step)  # fmt: skip
    sums = np.array([slopes[data["rivalry"] == k].sum(axis=0) for k in range(50)])
    expected = 50 / 49 * alone.covariance @ sums.T @ sums @ alone.covariance
    assert found.covariance == pytest.approx(expected, rel=1e-5, abs=1e-9)
    assert not any("few" in warning for warning in found.warnings)


def test_cases_written_down_twice_tell_nothing_new() -> None:
    data = in_clusters(300, 300)
    twice = {name: np.concatenate([column, column]) for name, column in data.items()}
    once, doubled = (fit("egame12", FORMULA, one, cluster="rivalry", starts=0) for one in (data, twice))
    assert doubled.standard_errors == pytest.approx(once.standard_errors, rel=1e-6)
    naive = fit("egame12", FORMULA, twice, starts=0).standard_errors
    assert naive == pytest.approx(fit("egame12", FORMULA, data, starts=0).standard_errors / np.sqrt(2), rel=1e-6)


def test_the_bootstrap_draws_whole_clusters() -> None:
    data = in_clusters(150, 150)
    four = {name: np.concatenate([column] * 4) for name, column in data.items()}
    found = fit("egame12", FORMULA, four, cluster="rivalry", bootstrap=40, starts=0)
    alone = fit("egame12", FORMULA, four, bootstrap=40, starts=0)
    assert found.facts()["standard_errors"] == "bootstrap"
    # Four copies of each case, drawn together, are worth no more than one.
    assert found.standard_errors[1] == pytest.approx(2 * alone.standard_errors[1], rel=0.35)


def test_what_is_no_clusters_is_refused() -> None:
    data = in_clusters(60, 6)
    with pytest.raises(FitError, match=r"6 clusters among the cases used.* 6 coefficients"):
        fit("egame12", FORMULA, data, cluster="rivalry")
    with pytest.raises(FitError, match="no column `rivalri`; did you mean `rivalry`"):
        fit("egame12", FORMULA, data, cluster="rivalri")
    missing = {**in_clusters(60, 60), "rivalry": [None, None, *range(58)]}
    with pytest.raises(FitError, match="2 of the cases used have no value in `rivalry`"):
        fit("egame12", FORMULA, missing, cluster="rivalry")
