"""A crisis file fitted to cases made up with known numbers, and against the same likelihood written out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

import foederis as fd
from foederis.diagnostics import CaseError
from foederis.history import FitError, fit_file

FILE = """
foederis: 1
title: Does the patron come?
clock: {step: 1 month, steps: 2}
actors:
  rival: {rationality: 1}
  patron: {rationality: 1}
state:
  war: [on, over]
  help: [words, troops]
quantities:
  trade: -2 to 2
  base: -2 to 2
  slope: -1 to 3
  risk: 10% to 50%
  gain: 0.5
events:
  truce: {when: war == on and help == troops, chance: risk, sets: {war: over}}
moves:
  - actor: rival
    when: war == on
    options:
      press_on: {}
      stop: {sets: {war: over}}
  - actor: patron
    when: war == on and help == words
    options:
      stand_aside: {}
      intervene: {sets: {help: troops}}
interests:
  patron:
    client: {worth: base + slope * trade, when: help == troops, paid: at_end}
  rival:
    gains: {worth: gain, when: war == on}
    price: {worth: -2, when: help == troops, paid: at_end}
questions:
  comes: {at_end: help == troops}
"""
# The rival may stop at once; the patron may come, and then there may be a truce, or not come. What follows is not told.
PATHS = {
    "stops": "[{step: 0, rival: stop}]",
    "truce": "[{step: 0, rival: press_on, patron: intervene}, {step: 0, truce: yes}]",
    "troops": "[{step: 0, rival: press_on, patron: intervene}, {step: 0, truce: no}]",
    "aside": "[{step: 0, rival: press_on, patron: stand_aside}]",
}
TRUTH = np.array([0.4, 1.0, 0.25])  # base, slope, risk
NAMES = ["base", "slope", "risk"]
COUNT = 100
PRECISE = {"ftol": 1e-15, "gtol": 1e-8}


def likely(values: np.ndarray, trade: np.ndarray) -> np.ndarray:
    """float64[cases, paths]: backward induction written out for this file."""
    base, slope, risk = values
    client, gain = base + slope * trade, 0.5
    # Step 1. With troops in, the patron no longer moves; pressing on gains unless a truce comes.
    press_with_troops = expit(gain * (1 - risk))
    rival_with_troops = press_with_troops * gain * (1 - risk) - 2
    # Without: the rival expects the patron to come or not.
    comes_1 = expit(client)
    press_on = comes_1 * (gain * (1 - risk) - 2) + (1 - comes_1) * gain
    press_1 = expit(press_on)
    rival_without, patron_without = press_1 * press_on, press_1 * comes_1 * client
    # Step 0. Troops earn the client in the end, with a truce or without.
    comes_0 = expit(client - patron_without)
    come = (1 - risk) * (gain + rival_with_troops) + risk * -2
    press_0 = expit(comes_0 * come + (1 - comes_0) * (gain + rival_without))
    return np.stack(
        [1 - press_0, press_0 * comes_0 * risk, press_0 * comes_0 * (1 - risk), press_0 * (1 - comes_0)], axis=1
    )


def cases(count: int, seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    trade = random.normal(size=count)
    shares = likely(TRUTH, trade)
    pick = (shares.cumsum(axis=1) < random.random(count)[:, None]).sum(axis=1)
    return {"trade": trade, "path": [list(PATHS)[k] for k in pick]}


@pytest.fixture(scope="module")
def found() -> Any:
    return fit_file(fd.loads(FILE), cases(COUNT, 1), parameters=NAMES, path="path", paths=PATHS, starts=0)


def test_known_numbers_are_found_again(found: Any) -> None:
    assert found.converged
    assert np.abs((found.values - TRUTH) / found.standard_errors).max() < 3
    assert found.covariates == ("trade",)
    assert found.still == ()
    assert sum(found.paths.values()) == COUNT
    assert found.residual < 1e-9
    assert found.warnings == ()


def test_the_maximum_is_that_of_the_likelihood_by_hand(found: Any) -> None:
    data = cases(COUNT, 1)
    place = np.array([list(PATHS).index(name) for name in data["path"]])

    def objective(values: np.ndarray) -> float:
        return -float(np.log(likely(values, data["trade"])[np.arange(COUNT), place]).sum())

    assert found.log_likelihood == pytest.approx(-objective(found.values), abs=1e-8)
    best = minimize(objective, TRUTH, method="L-BFGS-B", bounds=[(-5, 5), (-5, 5), (0.01, 0.99)], options=PRECISE)
    assert found.values == pytest.approx(best.x, abs=1e-4)
    steps = 1e-4 * np.eye(3)
    curvature = [
        [objective(best.x + a + b) - objective(best.x + a) - objective(best.x + b) + objective(best.x) for b in steps]
        for a in steps
    ]
    errors = np.sqrt(np.diag(np.linalg.inv(np.array(curvature) / 1e-8)))
    assert found.standard_errors == pytest.approx(errors, rel=0.01)


def test_a_result_is_plain_data_too(found: Any) -> None:
    plain = found.to_json()
    assert [row["parameter"] for row in plain["rows"]] == NAMES
    assert plain["cases"] == COUNT
    assert "log-likelihood" in str(found)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"parameters": []}, "`parameters` is a list of the quantities"),
        ({"parameters": ["bass"]}, "no quantity `bass`; did you mean `base`"),
        ({"parameters": ["gain"]}, "the quantity `gain` is no range, so it cannot be estimated"),
        ({"data": {"gain": [1.0] * 3, "path": ["stops"] * 3}}, "`gain` is no range, so it cannot be a covariate"),
        ({"data": {"trade": ["a"] * 3, "path": ["stops"] * 3}}, "`trade` has words where the file wants a number"),
        ({"data": {"trade": [1.0] * 3, "path": ["other"] * 3}}, "where `path` is `other`"),
        ({"data": {"trade": [1.0], "path": ["stops"]}}, "1 complete cases are too few for 3 parameters"),
        ({"path": "paths"}, "no column `paths`"),
        ({"parameters": "base"}, "`parameters` is a list of the quantities"),
        ({"parameters": ["base", "base"]}, "`parameters` names `base` twice"),
        ({"parameters": ["trade"]}, "`trade` is a column of the data, and so known"),
        ({"paths": None}, "`paths` says for each of its values what was observed"),
        ({"seed": -1}, "`seed` is a whole number from 0"),
        ({"starts": -1}, "`starts` is a whole number from 0"),
    ],
)
def test_what_cannot_be_fitted_is_said(changed: dict[str, Any], says: str) -> None:
    given = {"data": cases(5, 1), "parameters": NAMES, "path": "path", "paths": PATHS, **changed}
    with pytest.raises(FitError, match=says):
        fit_file(fd.loads(FILE), **given)


def test_a_path_that_cannot_happen_is_said() -> None:
    data = {"risk": [0.3, 0.3, np.nan, 0.0, 0.2], "path": ["truce"] * 5}
    with pytest.raises(FitError, match="the path of row 3 \\(counted from 0\\) no chance"):
        fit_file(fd.loads(FILE), data, parameters=["base"], path="path", paths=PATHS, starts=0)
    with pytest.raises(CaseError) as told:
        fit_file(fd.loads(FILE), data, parameters=["base"], path="path", paths={"truce": "[{step: 0, truck: yes}]"})
    assert "the path `truce`" in str(told.value.diagnostics[0])
    with pytest.raises(CaseError) as told:
        fit_file(fd.loads(FILE), data, parameters=["base"], path="path", paths={"truce": "[{step: 0"})
    assert "the path `truce`" in str(told.value.diagnostics[0])


def test_parameters_that_cannot_be_told_apart_are_named() -> None:
    """Second differences alone made a maximum with errors of thousands out of them."""
    text, given = FILE.replace("slope: -1 to 3", "slope: -2 to 2"), {"path": "path", "paths": PATHS, "starts": 0}
    data = cases(6, 1)
    with pytest.raises(FitError, match=r"cannot tell `base` and `slope` apart; .* a covariate that differs"):
        fit_file(fd.loads(text), {**data, "trade": [1.0] * 6}, parameters=["base", "slope"], **given)
    misspelt = {"traed": data["trade"], "path": data["path"]}
    with pytest.raises(FitError, match=r"no observed path depends on `slope`.* gives `risk`, `trade`.* is it `traed`"):
        fit_file(fd.loads(text), misspelt, parameters=["base", "slope"], **given)
    found = fit_file(fd.loads(text), misspelt, parameters=["base"], **given)
    assert set(found.still) == {"trade", "slope", "risk"}
    assert "at their medians in every case: " in str(found)
    assert any("`trade` stands at its median" in warning and "`traed`" in warning for warning in found.warnings)


def test_a_number_that_runs_away_is_flagged() -> None:
    """Where the rival always presses on and the patron never comes, the likelihood rises as long as its interest falls."""
    data = {"trade": [0.0] * 30, "path": ["aside"] * 30}
    ran = fit_file(fd.loads(FILE), data, parameters=["base"], path="path", paths=PATHS, starts=0)
    assert not ran.converged
    assert np.isnan(ran.standard_errors).all()
    assert any("`base` went far out of its range" in warning for warning in ran.warnings)
    assert all("`base` came to the end of what is searched" in start.failure for start in ran.starts)
    assert "nan" not in str(ran)


TYPED = """
foederis: 1
title: Firm or weak?
clock: {step: 1 month, steps: 1}
actors:
  rival: {rationality: 1, types: {firm: share, weak: 1 - share}}
state:
  stood: flag
quantities:
  share: 10% to 90%
moves:
  - actor: rival
    options:
      yield_: {}
      stand: {sets: {stood: yes}}
interests:
  rival:
    pride: {worth: "2 if type == firm else -1", when: stood, paid: at_end}
questions:
  stands: {at_end: stood}
"""


def test_the_share_of_a_private_type() -> None:
    """Of 50 rivals 30 stood: then share · Λ(2) + (1 − share) · Λ(−1) is 0.6."""
    paths = {"1": "[{step: 0, rival: stand}]", "0": "[{step: 0, rival: yield_}]"}
    data = {"stood": [1] * 30 + [0] * 20}
    found = fit_file(fd.loads(TYPED), data, parameters=["share"], path="stood", paths=paths, starts=0)
    slope = expit(2) - expit(-1)
    assert found.values == pytest.approx([(0.6 - expit(-1)) / slope], abs=1e-6)
    assert found.standard_errors == pytest.approx([np.sqrt(0.6 * 0.4 / 50) / slope], rel=1e-3)
    assert found.paths == {"0": 20, "1": 30}
