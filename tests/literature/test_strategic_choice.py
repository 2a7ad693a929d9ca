"""Published strategic choice models, fitted again to the same data.

Printed figures stand in Kenkel & Signorino (2014), Journal of Statistical Software 56(8), and Crisman-Cox, Gasparyan &
Signorino (2023), Political Analysis 31(3), Tables 4 and D2; the others were computed with the R packages games 1.1.2 and
games2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from foederis.history import fit, fit_file
from tests.literature.data import table

WAR = "esc + war ~ s_wt_re1 + revis1 | 0 | regime1 | balanc + regime2"
LEBLANG = (
    "outcome ~ capcont + lreserves + overval + creditgrow + USinterest + service + contagion + prioratt - 1 | 1 | 1 | "
    "unifgov + lexports + preelec + postelec + rightgov + realinterest + capcont + lreserves"
)
ATTACKS = ["no attack", "devaluation", "defense"]
HUTH = (
    "outcome ~ tft + firmflex + dem_att + syear | 1 | nuclear + ibf + sbf + lbf + milallia + milarm - 1 | "
    "nuclear + ibf + sbf + milallia + milarm + fortrade + stalemat + dem_def"
)


@pytest.mark.parametrize(
    ("kinds", "logarithm"),
    [
        ({}, -286.123755),
        ({"link": "logit"}, -286.182794),
        ({"errors": "private"}, -286.118174),
    ],
    ids=str,
)
def test_war1800(kinds: dict[str, str], logarithm: float) -> None:
    found = fit("egame12", WAR, table("strategic/war1800.csv"), **kinds)
    assert (found.cases, found.left_out) == (282, 31)
    assert found.log_likelihood == pytest.approx(logarithm, abs=1e-4)
    assert found.gradient_norm < 1e-4
    assert found.penalty == "none"
    assert not found.warnings
    if not kinds:
        known = [-0.4954, -0.7400, 0.4272, 0.2219, -1.9022, -0.5841, 0.4991, -0.0420, -1.5436, -0.6168]
        assert found.coefficients == pytest.approx(known, abs=1e-4)
        terms = [name.term for name in found.names]
        assert terms[4:6] == ["regime1[dem]", "regime1[mixed]"]


def test_war1800_from_1850() -> None:
    data = table("strategic/war1800.csv")
    found = fit("egame12", WAR, data[data.year >= 1850])
    assert found.cases == 214
    assert found.log_likelihood == pytest.approx(-214.547358, abs=1e-4)


def test_data_122() -> None:
    formula = "y ~ x1 + x2 | x3 + f1 | 0 | x4 + x5 | z1 + z2 | z3 + f2"
    found = fit("egame122", formula, table("strategic/data_122.csv"), outcomes=["LL", "LR", "RL", "RR"])
    assert len(found.coefficients) == 17
    assert found.converged
    assert found.log_likelihood == pytest.approx(-1239.234001, abs=1e-4)


def test_leblang() -> None:
    """No move is separated here, as the authors found too, so there is no penalty."""
    found = fit("egame12", LEBLANG, table("strategic/leblang2003.csv"), outcomes=ATTACKS, errors="private")
    assert found.cases == 7240
    assert found.log_likelihood == pytest.approx(-482.015488, abs=1e-4)
    assert found.penalty == "none"
    estimates, errors = published("published_TableD2.md", 1)
    assert found.coefficients == pytest.approx(estimates, abs=0.005001)
    assert found.standard_errors == pytest.approx(errors, abs=0.005001)


def test_leblang_with_a_penalty() -> None:
    data = table("strategic/leblang2003.csv")
    found = fit("egame12", LEBLANG, data, outcomes=ATTACKS, errors="private", penalty="log-F", starts=0)
    estimates, errors = published("published_TableD2.md", 3)
    assert found.coefficients == pytest.approx(estimates, abs=0.005001)
    assert found.standard_errors == pytest.approx(errors, abs=0.005001)


def test_leblang_with_a_scale() -> None:
    formula = "outcome ~ lreserves + overval - 1 | 1 | 1 | preelec + realinterest"
    data = table("strategic/leblang2003.csv")
    found = fit("egame12", formula, data, outcomes=ATTACKS, errors="private", scale="prioratt - 1")
    assert round(found.log_likelihood, 2) == -495.37


def test_leblang_with_known_utilities() -> None:
    data = table("strategic/leblang2003.csv")
    found = fit("egame12", "outcome ~ 1", data, outcomes=ATTACKS, errors="private", fixed=[1, -1, 0, 1])
    assert round(found.log_likelihood, 2) == -646.54
    assert found.coefficients == pytest.approx([-1.0513], abs=1e-4)


def test_ultimatum() -> None:
    """Printed coefficients are those of a search that ended a thousandth of a standard error before the maximum."""
    data = table("strategic/ultimatum2010.csv")
    found = fit("ultimatum", "offer + accept ~ gender1 | gender2", data, largest_offer=100, s2=3)
    assert round(found.log_likelihood, 2) == -292.14
    assert found.converged
    printed = np.array([62.198, -25.409, 37.684, -0.897, 3.934])
    assert found.coefficients == pytest.approx(printed, abs=0.04)
    assert found.coefficients[2:] == pytest.approx(printed[2:], abs=1e-3)
    assert np.abs((found.coefficients - printed) / found.standard_errors).max() < 1e-3


def published(name: str, column: int) -> tuple[list[float], list[float]]:
    """Estimates and standard errors of a column of a published table."""
    table("strategic/huth.csv")  # skips where there are no data
    from tests.literature.data import FOLDER

    rows = [line.split("|")[1:-1] for line in (FOLDER / "strategic" / name).read_text().splitlines() if "|" in line]
    cells = [row[column].strip() for row in rows[2:-1]]
    return [float(cell) for cell in cells[0::2]], [float(cell.strip("()")) for cell in cells[1::2]]


def test_signorino_and_tarar_with_the_penalty_that_separation_makes_the_default() -> None:
    found = fit("egame12", HUTH, table("strategic/huth.csv"), errors="private")
    assert found.penalty == "log-F"
    assert found.facts()["separated_moves"] == ["2"]
    assert found.separation[0].complete
    assert all(not start.failure for start in found.starts)
    estimates, errors = published("published_Table4.md", 3)
    assert len(estimates) == 21
    assert found.coefficients == pytest.approx(estimates, abs=0.005001)
    assert found.standard_errors == pytest.approx(errors, abs=0.005001)


def test_signorino_and_tarar_without_a_penalty() -> None:
    """R stops 0.0001 below the maximum, where the coefficients are still a hundredth away; some starts fail."""
    found = fit("egame12", HUTH, table("strategic/huth.csv"), errors="private", penalty="none", starts=8)
    assert found.log_likelihood >= -12.415148
    assert found.log_likelihood == pytest.approx(-12.415148, abs=1.5e-4)
    estimates, _ = published("published_Table4.md", 1)
    assert found.coefficients == pytest.approx(estimates, abs=0.1)
    assert not found.starts[0].failure
    failed = [start for start in found.starts if start.failure]
    assert failed
    assert all(start.objective < found.log_likelihood - 0.1 for start in failed)
    assert any("inflated" in warning for warning in found.warnings)


FILE = """
foederis: 1
title: Does it escalate, and does the other side fight?
clock: {step: 1 month, steps: 1}
actors:
  first: {rationality: 1}
  second: {rationality: 1}
state:
  play: [quiet, escalated, given_in, war]
quantities:
COVARIATES
PARAMETERS
  worth_of_quiet: q + q_similar * s_wt_re1
  second_of_war: v + v_dem * dem2 + v_mixed * mixed2
moves:
  - actor: first
    options:
      hold: {}
      escalate: {sets: {play: escalated}}
  - actor: second
    when: play == escalated
    options:
      give_in: {sets: {play: given_in}}
      fight: {sets: {play: war}}
interests:
  first:
    quiet: {worth: worth_of_quiet, when: play == quiet, paid: at_end}
    war: {worth: w, when: play == war, paid: at_end}
  second:
    war: {worth: second_of_war, when: play == war, paid: at_end}
questions:
  fights: {at_end: play == war}
"""
COVARIATES = ["s_wt_re1", "dem2", "mixed2"]
PARAMETERS = ["q", "q_similar", "w", "v", "v_dem", "v_mixed"]
PATHS = {
    "quiet": "[{step: 0, first: hold}]",
    "given_in": "[{step: 0, first: escalate, second: give_in}]",
    "war": "[{step: 0, first: escalate, second: fight}]",
}


def test_war1800_as_a_crisis_file() -> None:
    """The logit model with agent error is the agent logit equilibrium at rationality 1, so the engine has to give the
    same likelihood, estimates and errors."""
    import foederis as fd

    columns = ["esc", "war", "s_wt_re1", "regime2"]
    # The engine solves a game for each case, again and again: so fewer of them, and fewer terms, than in test_war1800.
    data = table("strategic/war1800.csv").dropna(subset=columns)[::2]
    known = fit("egame12", "esc + war ~ s_wt_re1 | 0 | 1 | regime2", data, link="logit", starts=0)
    cases: dict[str, Any] = {"s_wt_re1": data["s_wt_re1"]}
    for regime in ("dem", "mixed"):
        cases[f"{regime}2"] = (data["regime2"] == regime) * 1.0
    cases["path"] = np.where(data.esc == 0, "quiet", np.where(data.war == 0, "given_in", "war"))
    # A search begins in the middle of the ranges: near the maximum, and not at it.
    near = zip(PARAMETERS, known.coefficients, strict=True)
    ranges = (
        [f"  {name}: -1 to 1" for name in COVARIATES],
        [f"  {name}: {b - 1:.4f} to {b + 1.4:.4f}" for name, b in near],
    )
    text = FILE.replace("COVARIATES", "\n".join(ranges[0])).replace("PARAMETERS", "\n".join(ranges[1]))
    found = fit_file(fd.loads(text), cases, parameters=PARAMETERS, path="path", paths=PATHS, starts=0)
    assert found.converged
    assert found.log_likelihood == pytest.approx(known.log_likelihood, abs=1e-7)
    assert found.values == pytest.approx(known.coefficients, abs=1e-5)
    assert found.standard_errors == pytest.approx(known.standard_errors, rel=1e-3)
