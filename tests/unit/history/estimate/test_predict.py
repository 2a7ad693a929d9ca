from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from foederis.history import Fit, FitError, fit

from .simulated import one_sided


@pytest.fixture(scope="module")
def found() -> Fit:
    data = one_sided(500, 11)
    data["w"] = np.where(data["z"] > 0.4, "high", "low")
    return fit("egame12", "esc + war ~ x | 0 | y | z + w", data, starts=0)


def by_hand(fit: Fit, x: float, y: float, z: float, low: float) -> list[float]:
    a, ax, b, by, c, cz, cw = fit.coefficients
    fights = norm.cdf((c + cz * z + cw * low) / np.sqrt(2))
    escalates = norm.cdf((fights * (b + by * y) - (a + ax * x)) / np.sqrt(2))
    return [1 - escalates, escalates * (1 - fights), escalates * fights]


def test_predictions_for_the_cases_and_for_others(found: Fit) -> None:
    predicted = found.predict()
    assert predicted.values.shape == (500, 3)
    assert predicted.values.sum(axis=1) == pytest.approx(1, abs=1e-12)
    # At a maximum with constants in both equations, predictions are right on average.
    assert predicted["~esc"].mean() == pytest.approx(1 - found.model.table.column("esc").numbers.mean(), abs=0.02)
    other = found.predict({"x": [0.1, 1.0], "y": [0.2, 2.0], "z": [0.3, -1.0], "w": ["low", "high"]})
    assert other.values[0] == pytest.approx(by_hand(found, 0.1, 0.2, 0.3, 1), abs=1e-12)
    assert other.values[1] == pytest.approx(by_hand(found, 1, 2, -1, 0), abs=1e-12)


def test_a_profile_stands_at_medians_and_has_a_band(found: Fit) -> None:
    profile = found.profile("z", at=[-1.0, 0.0, 1.0])
    data = one_sided(500, 11)
    assert profile.others == {"x": np.median(data["x"]), "y": np.median(data["y"]), "w": "low"}
    expected = by_hand(found, profile.others["x"], profile.others["y"], 1.0, 1)
    assert profile.mean[2] == pytest.approx(expected, abs=1e-12)
    assert (profile.low <= profile.mean).all()
    assert (profile.mean <= profile.high).all()
    spread = profile.high - profile.low
    assert spread.min() > 0.02
    assert spread.max() < 0.6
    assert found.profile("w").at == ("high", "low")
    assert found.profile("z", others={"w": "high"}).others["w"] == "high"
    assert len(found.profile("x").at) == 41


def test_the_band_is_that_of_the_bootstrap_if_there_was_one() -> None:
    data = one_sided(300, 12)
    found = fit("egame12", "esc + war ~ x | 0 | y | z", data, starts=0, bootstrap=30)
    assert found.bootstrap is not None
    profile = found.profile("x", at=[0.0])
    logs = found.model.problem.outcomes(
        found.bootstrap.coefficients,
        found.model.data_of(_table({"x": [0.0], **{k: [v] for k, v in profile.others.items()}})),
    )
    assert profile.low[0] == pytest.approx(np.quantile(np.exp(logs)[:, 0], 0.025, axis=0), abs=1e-12)


def _table(data):  # type: ignore[no-untyped-def]
    from foederis.history.estimate.table import Table

    return Table(data)


def test_what_cannot_be_predicted_is_said(found: Fit) -> None:
    with pytest.raises(FitError, match="no column `zz`"):
        found.profile("zz")
    with pytest.raises(FitError, match="`at` has no value"):
        found.profile("z", at=[])
    with pytest.raises(FitError, match="missing in row 1"):
        found.predict({"x": [0.1, np.nan], "y": [0.2, 2.0], "z": [0.3, -1.0], "w": ["low", "high"]})
    with pytest.raises(FitError, match="no column `w`"):
        found.predict({"x": [0.1], "y": [0.2], "z": [0.3]})
    with pytest.raises(FitError, match="nothing called `wra` is predicted"):
        found.predict()["wra"]
    with pytest.raises(FitError, match="`at` is a list of values of `z`"):
        found.profile("z", at=1.0)
