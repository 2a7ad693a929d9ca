from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

import foederis as fd
from foederis.history import FitError, fit
from foederis.history.estimate import fitting, maximise
from foederis.history.estimate.separation import Separation
from foederis.history.estimate.stages import stages

from .simulated import one_sided, three_players

FORMULA = "esc + war ~ x | 0 | y | z"


def counted(quiet: int, gives_in: int, fights: int) -> dict[str, Any]:
    """Cases without regressors, so that estimates are known in closed form."""
    return {"outcome": [1] * quiet + [2] * gives_in + [3] * fights}


def test_shares_are_met_in_closed_form() -> None:
    found = fit("egame12", "outcome ~ 1 | 0 | 0 | 1", counted(50, 10, 40), link="logit")
    assert found.converged
    assert found.penalty == "none"
    assert found.coefficients == pytest.approx([0.0, np.log(4)], abs=1e-9)
    assert found.log_likelihood == pytest.approx(50 * np.log(0.5) + 10 * np.log(0.1) + 40 * np.log(0.4), abs=1e-9)
    assert found.standard_errors == pytest.approx([np.sqrt(1 / 25), np.sqrt(1 / 8)], abs=1e-9)
    assert found.gradient_norm < 1e-9


def test_log_f_adds_half_a_case_on_either_side() -> None:
    found = fit("egame12", "outcome ~ 1 | 0 | 0 | 1", counted(50, 10, 40), link="logit", penalty="log-F")
    assert found.coefficients == pytest.approx([np.log(50.5 / 50.5), np.log(40.5 / 10.5)], abs=1e-9)
    share = 40.5 / 51
    assert found.standard_errors[1] == pytest.approx(np.sqrt(1 / (50 * share * (1 - share))), abs=1e-9)


@pytest.mark.parametrize("errors", ["agent", "private"])
def test_known_coefficients_are_found_again(errors: str) -> None:
    found = fit("egame12", FORMULA, one_sided(4000, 3, errors=errors), errors=errors)
    assert found.converged
    away = (found.coefficients - [0.5, -1, 1, 0.5, -0.3, 1]) / found.standard_errors
    assert np.abs(away).max() < 3.5
    assert found.standard_errors.max() < 0.25
    assert [str(name) for name in found.names][2:4] == ["u1(esc,war): constant", "u1(esc,war): y"]


def test_estimates_move_by_move_lie_near_those_of_all_moves() -> None:
    found = fit("egame12", FORMULA, one_sided(4000, 3), starts=0)
    likelihood: Any = found.model.problem.likelihood
    moves, begun = stages(likelihood.form, likelihood.errors, likelihood.utilities, found.model.problem.data)
    assert [stage.move.name for stage in moves] == ["2", "1"]
    assert begun == pytest.approx(found.coefficients, abs=0.1)


def test_three_players_with_private_information() -> None:
    found = fit("egame123", "outcome ~ x | 1 | 0 | y - 1 | 1 | 0 | z - 1 | w", three_players(6000, 4), errors="private")
    assert found.converged
    truth = np.array([0, 1, 0.2, 0.8, 0.4, 1, 0.5, -1])
    assert np.abs((found.coefficients - truth) / found.standard_errors).max() < 3.5


def test_both_ways_to_say_what_was_observed_agree() -> None:
    data = one_sided(300, 5)
    words = np.where(data["esc"] == 0, "quiet", np.where(data["war"] == 0, "gives in", "fights"))
    first = fit("egame12", FORMULA, data)
    second = fit("egame12", "end ~ x | 0 | y | z", {**data, "end": words}, outcomes=["quiet", "gives in", "fights"])
    assert second.log_likelihood == pytest.approx(first.log_likelihood, abs=1e-9)
    assert second.outcomes == ("quiet", "gives in", "fights")
    assert first.outcomes == ("~esc", "esc,~war", "esc,war")


def test_moves_after_the_end_are_not_looked_at() -> None:
    data = one_sided(300, 5)
    gone = {**data, "war": np.where(data["esc"] == 0, np.nan, data["war"])}
    found = fit("egame12", FORMULA, gone)
    assert found.left_out == 0
    assert found.log_likelihood == pytest.approx(fit("egame12", FORMULA, data).log_likelihood, abs=1e-9)


def test_rows_that_lack_something_are_left_out_and_counted() -> None:
    data = one_sided(300, 5)
    data["x"][:7] = np.nan
    found = fit("egame12", FORMULA, data)
    assert (found.cases, found.left_out) == (293, 7)
    assert "293 cases, 7 left out" in str(found)


def test_scale_by_a_regressor_and_fixed_utilities() -> None:
    data = one_sided(800, 6)
    found = fit("egame12", FORMULA, data, scale="x - 1 | z - 1")
    assert [name.equation for name in found.names][-2:] == ["log(sigma1)", "log(sigma2)"]
    assert found.log_likelihood >= fit("egame12", FORMULA, data).log_likelihood
    known = fit("egame12", "esc + war ~ 1", data, fixed=[0.5, 0, 1, -0.3])
    assert [str(name) for name in known.names] == ["log(sigma): constant"]
    sigma = np.exp(known.coefficients[0])
    fights = norm.cdf(-0.3 / (np.sqrt(2) * sigma))
    escalates = norm.cdf((fights - 0.5) / (np.sqrt(2) * sigma))
    outcome = np.where(data["esc"] == 0, 1 - escalates, escalates * np.where(data["war"] == 0, 1 - fights, fights))
    assert known.log_likelihood == pytest.approx(np.log(outcome).sum(), abs=1e-9)


def separated() -> dict[str, Any]:
    data = one_sided(200, 7)
    return {**data, "war": (data["z"] > 0.1) * 1.0}


def test_separation_makes_the_penalty_the_default_and_says_so() -> None:
    found = fit("egame12", FORMULA, separated())
    assert found.penalty == "log-F"
    assert found.converged
    assert np.isfinite(found.standard_errors).all()
    assert np.abs(found.coefficients).max() < 12
    [warning] = found.warnings
    assert "move 2 without fail, completely" in warning
    assert "by the log-F penalty, which separation made the default" in warning
    assert found.facts()["separated_moves"] == ["2"]


def test_separation_without_a_penalty_is_flagged() -> None:
    found = fit("egame12", FORMULA, separated(), penalty="none")
    assert np.abs(found.coefficients).max() > 30
    assert not found.converged
    assert {start.failure for start in found.starts} == {"some coefficients still grow, so there is no finite maximum"}
    assert any("inflated, or have no estimate at all" in warning for warning in found.warnings)


def test_separation_of_the_first_move_is_found() -> None:
    """A regressor tells it, whatever the first mover expects of the second."""
    data = one_sided(300, 8)
    found = fit("egame12", FORMULA, {**data, "esc": (data["x"] > -0.2) * 1.0})
    assert found.facts()["separated_moves"] == ["1"]
    assert found.penalty == "log-F"
    assert fit("egame12", FORMULA, data, starts=0).facts()["separated_moves"] == []


def test_separation_that_shows_at_the_estimate_only_makes_the_penalty_the_default_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = []

    def look(model: Any, stage: Any) -> Separation:
        looks.append(stage.move.name)
        return Separation(stage.move.name, 10, 10 * (looks.count("1") == 2 and stage.move.name == "1"), {"x": 1.0})

    monkeypatch.setattr(fitting, "_look", look)
    found = fit("egame12", FORMULA, one_sided(200, 5), starts=0)
    assert looks == ["2", "1", "2", "1"]
    assert found.penalty == "log-F"
    assert found.facts()["separated_moves"] == ["1"]
    assert fit("egame12", FORMULA, one_sided(200, 5), starts=0, penalty="log-F").coefficients == pytest.approx(
        found.coefficients, abs=1e-8
    )


def test_a_flat_likelihood_is_no_maximum() -> None:
    """A binary regressor in two utilities and a constant in the third cannot be told apart (Kenkel & Signorino 2014)."""
    data = one_sided(400, 9)
    data["b"] = (data["x"] > 0) * 1.0
    found = fit("egame12", "esc + war ~ b | 0 | b | 1", data)
    assert not found.converged
    assert np.isnan(found.standard_errors).all()
    assert any("no start reached a maximum" in warning for warning in found.warnings)
    assert all(start.failure for start in found.starts)
    assert any("flat in some direction" in start.failure for start in found.starts)
    assert found.to_json()["rows"][0]["standard_error"] is None


def test_a_start_where_nothing_is_finite_is_a_failure() -> None:
    found = fit("egame12", FORMULA, one_sided(200, 5))
    start = maximise.climb(found.model.problem, "far", np.full(6, 1e200))
    assert start.failure == "the likelihood is not finite where it begins"
    best, judged = maximise.best_of([start, *found.starts])
    assert not best.failure
    assert judged[0].failure
    lower = maximise.Start("lower", best.coefficients, best.objective - 1, 0.0)
    assert maximise.best_of([best, lower])[1][1].failure == "another maximum, lower by 1"


def test_the_bootstrap_agrees_with_the_information() -> None:
    found = fit("egame12", FORMULA, one_sided(600, 10), bootstrap=60, starts=0)
    assert found.bootstrap is not None
    assert len(found.bootstrap.coefficients) == 60
    ratio = found.standard_errors / np.sqrt(np.diag(found.covariance))
    assert ratio.min() > 0.7
    assert ratio.max() < 1.4
    low, high = found.bootstrap.interval()
    assert (low < found.coefficients).all()
    assert (found.coefficients < high).all()
    again = fit("egame12", FORMULA, one_sided(600, 10), bootstrap=60, starts=0)
    assert (again.standard_errors == found.standard_errors).all()


def test_samples_without_a_maximum_are_counted() -> None:
    found = fit("egame12", "outcome ~ 1 | 0 | 0 | 1", counted(6, 1, 5), link="logit", bootstrap=40, starts=0)
    assert found.bootstrap is not None
    failed = sum(found.bootstrap.failed.values())
    assert failed > 0
    assert len(found.bootstrap.coefficients) + failed == 40
    assert any(f"{failed} of 40 bootstrap samples had no maximum" in warning for warning in found.warnings)


def test_a_fit_is_plain_data_too() -> None:
    found = fd.history.fit("egame12", FORMULA, one_sided(200, 5))
    plain = json.loads(json.dumps(found.to_json()))
    assert plain["form"] == "egame12"
    assert plain["rows"][1]["term"] == "x"
    assert plain["rows"][1]["estimate"] == found.coefficients[1]
    assert [start["name"] for start in plain["starts"]][:2] == ["zero", "move by move"]
    assert list(found.to_frame().columns) == ["equation", "term", "estimate", "standard_error", "z", "p"]
    assert "<pre>" in found._repr_html_()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"form": "egame13"}, "`egame13` is no form; there are egame12, egame122, egame123, ultimatum"),
        ({"link": "logit", "errors": "private"}, "its link is `probit`"),
        ({"formula": "esc + war ~ x | 0 | y"}, "has 3 parts behind `~` and egame12 wants 4"),
        ({"formula": "esc ~ x | 0 | y | z"}, "egame12 has 3 outcomes, and `esc` has 2 values: 0, 1"),
        ({"formula": "esc + war + x ~ x | 0 | y | z"}, "wants one column of outcomes before `~`, or 2"),
        ({"formula": "esc + x ~ x | 0 | y | z"}, "how player 2 moved: 0 for left, 1 for right; it has -"),
        ({"formula": "esc + war ~ x | 1 | y | z"}, "`constant` stands in every utility of player 1"),
        ({"formula": "esc + war ~ x + x2 | 0 | y | z"}, "`x2` of u1\\(~esc\\) says nothing that the terms before it"),
        ({"formula": "esc + war ~ 0 | 0 | 0 | 0"}, "leaves nothing to be estimated"),
        ({"formula": "esc + war ~ xx | 0 | y | z"}, "the data have no column `xx`"),
        ({"scale": "x"}, "a constant in the scale cannot be told from the size of all utilities"),
        ({"scale": "same - 1"}, "`same` of log\\(sigma\\) says nothing that the terms before it do not say"),
        ({"cluster": ["x"]}, "`cluster` is the name of one column"),
        ({"scale": "x - 1 | y - 1 | z - 1"}, "`scale` has 3 parts"),
        ({"fixed": [1, 2]}, "`fixed` is a list of 4 numbers, the utilities of egame12"),
        ({"fixed": ["a", 1, 2, 3]}, "`fixed` is a list of 4 numbers, the utilities of egame12"),
        ({"penalty": "ridge"}, "`ridge` is no `penalty`; there are auto, none, log-F"),
        ({"s1": 3.0}, "belong to the form `ultimatum`"),
        ({"bootstrap": -1}, "`bootstrap` is a whole number from 0, not -1"),
        ({"bootstrap": 1}, "one sample has no spread"),
        ({"formula": None}, "a formula is a text"),
        ({"outcomes": ["a", "b", "c"]}, "here each move has a column"),
    ],
)
def test_what_cannot_be_fitted_is_said(changed: dict[str, Any], says: str) -> None:
    data = one_sided(60, 5)
    given = {
        "form": "egame12",
        "formula": FORMULA,
        "data": {**data, "x2": 2 * data["x"], "same": np.ones(60)},
        **changed,
    }
    with pytest.raises(FitError, match=says):
        fit(**given)


def test_outcomes_that_no_case_has() -> None:
    data = one_sided(60, 5)
    with pytest.raises(FitError, match="no complete case has the outcome `esc,war`"):
        fit("egame12", FORMULA, {**data, "war": np.zeros(60)})
    with pytest.raises(FitError, match="say with `outcomes` which words in `word` are the outcomes L, RL, RR"):
        fit("egame12", "word ~ x | 0 | y | z", {**data, "word": ["a", "b", "c"] * 20})
    words = {**data, "word": ["quiet", "gives in", "war"] * 20}
    with pytest.raises(FitError, match="`word` has no value `wra`, which `outcomes` names; did you mean `war`"):
        fit("egame12", "word ~ x | 0 | y | z", words, outcomes=["quiet", "gives in", "wra"])
    with pytest.raises(FitError, match="of which `outcomes` names 2"):
        fit("egame12", "word ~ x | 0 | y | z", words, outcomes=["quiet", "gives in"])


@pytest.mark.parametrize("size", [1e-8, 1e12])
def test_units_of_a_regressor_change_its_coefficient_only(size: float) -> None:
    """Gross products in dollars are as good as in billions."""
    data = one_sided(200, 5)
    usual = fit("egame12", FORMULA, data)
    scaled = fit("egame12", FORMULA, {**data, "x": size * data["x"]})
    expected = np.array([1, 1 / size, 1, 1, 1, 1])
    assert all(not start.failure for start in scaled.starts)
    assert scaled.log_likelihood == pytest.approx(usual.log_likelihood, abs=1e-9)
    assert scaled.coefficients == pytest.approx(usual.coefficients * expected, rel=1e-6)
    assert scaled.standard_errors == pytest.approx(usual.standard_errors * expected, rel=1e-6)
    assert "0.0000" not in str(scaled)


def test_a_regressor_that_is_nearly_a_sum_of_others_is_refused() -> None:
    data = one_sided(200, 5)
    nearly = 2 * data["x"] + 1 + 1e-9 * data["y"]
    with pytest.raises(FitError, match="`nearly` of u1\\(~esc\\) says nothing that the terms before it"):
        fit("egame12", "esc + war ~ x + nearly | 0 | y | z", {**data, "nearly": nearly})


def test_numbers_that_are_words_are_pointed_out() -> None:
    data = one_sided(60, 5)
    words = [f"{value:.3f}" for value in data["x"]]
    with pytest.raises(FitError, match="the column `x` has 60 different words, each with a dummy: make it numbers"):
        fit("egame12", FORMULA, {**data, "x": words})


def test_without_a_maximum_there_are_no_errors_and_a_way_out() -> None:
    found = fit("egame12", FORMULA, separated(), penalty="none", starts=0)
    assert "nan" not in str(found)
    assert "unknown" in str(found)
    assert any('`penalty="log-F"` keeps estimates finite' in warning for warning in found.warnings)


def test_whole_numbers_of_numpy_are_whole_numbers() -> None:
    found = fit("egame12", FORMULA, one_sided(60, 5), starts=np.int64(0), bootstrap=np.int64(2))
    assert found.bootstrap is not None
    assert len(found.starts) == 2


def test_a_search_that_overflows_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflow(*_: Any, **__: Any) -> None:
        raise OverflowError

    problem = fit("egame12", FORMULA, one_sided(60, 5), starts=0).model.problem
    monkeypatch.setattr(maximise, "minimize", overflow)
    assert maximise.climb(problem, "zero", np.zeros(6)).failure == "the search left what numbers can hold"
