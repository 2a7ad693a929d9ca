"""What would be worth knowing, in cases whose answers can be written down."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy import stats

import foederis as fd
from foederis.analysis.worth_knowing import Learning, WorthKnowing, _switches, worth_knowing
from tests.helpers import ONE_WEEK, only_mistake

CASE = fd.loads(
    ONE_WEEK
    + """
quantities:
  a: normal(1, 2)
  b: normal(0, 1)
  inert: 1 to 3
  tied: normal(0, 1)
  chance: uniform(10%, 50%)
  mood: choice(0 = 50%, 1 = 50%)
correlated: [[b, tied, 0.6]]
events: {loss: {chance: chance, sets: {lost: yes}}}
exposures: {plant: {holder: firm, value: 2, unit: bn USD, lost: {lost: 100%}}}
questions:
  loses: {at_end: lost}
  sum: {expected: a + b}
  joint: {expected: (2 * mood - 1) * a}
  steady: {at_end: lost == yes or lost == no}
  rare: {expected: a, given: lost and chance > 45%}
  when: {first: lost}
decisions:
  bet: {options: {play: a + b - 2, pass: 0}}
  sell: {options: {keep: -losses(firm), sell: -0.5, burn: -3}}
  clear: {options: {good: a, better: a + 1}, unit: points}
  unsure: {options: {one: -1 to 1, other: 0}}
"""
)


def by_name(found: WorthKnowing) -> dict[str, Learning]:
    return {", ".join(item.quantities): item for item in found.plan}


def normal_loss(mean: float, deviation: float) -> float:
    u = abs(mean) / deviation
    return float(deviation * (stats.norm.pdf(u) - u * stats.norm.sf(u)))


def the_mistake(**asked: object) -> fd.Diagnostic:
    return only_mistake(lambda: worth_knowing(CASE, **{"draws": 128, **asked}))  # type: ignore[arg-type]


def test_a_probability_is_judged_by_the_brier_score() -> None:
    found = worth_knowing(CASE, question="loses")
    variance = 0.4**2 / 12
    assert found.means["loses"] == pytest.approx(0.3, abs=0.001)
    assert found.everything == pytest.approx(variance, rel=0.01)
    assert found.irreducible == pytest.approx(0.3 - 0.09 - variance, abs=0.001)
    first, *rest = found.plan
    assert first.quantities == ("chance",)
    assert first.noticed
    assert first.value == pytest.approx(variance, rel=0.01)
    assert first.forecast == (pytest.approx(0.12, abs=0.01), pytest.approx(0.48, abs=0.01))
    assert not any(item.noticed for item in rest)
    assert all(item.value < 0.01 * variance for item in rest)
    assert found.left_out == 0
    assert 0 <= found.residual < 1e-9


def test_an_expected_number_is_judged_by_the_square() -> None:
    found = worth_knowing(CASE, question="sum")
    mine = by_name(found)
    assert set(mine) == {"a", "b, tied", "chance", "decisions.unsure.options.one", "inert", "mood"}
    assert found.everything == pytest.approx(5, rel=0.02)
    assert found.irreducible is None
    assert mine["a"].value == pytest.approx(4, rel=0.05)
    assert mine["b, tied"].value == pytest.approx(1, rel=0.1)
    assert [item.quantities[0] for item in found.plan[:2]] == ["a", "b"]
    assert mine["inert"].value == pytest.approx(0, abs=0.01)


def test_what_matters_only_together_is_worth_nothing_alone() -> None:
    mine = by_name(worth_knowing(CASE, question="joint"))
    assert mine["mood"].value == pytest.approx(1, rel=0.2)  # the mean of a is 1
    assert mine["a"].value == pytest.approx(0, abs=0.05)


def test_a_decision_is_worth_what_better_choices_bring() -> None:
    found = worth_knowing(CASE, decision="bet", draws=4096)
    assert found.best == "pass"
    assert found.everything == pytest.approx(normal_loss(-1, math.sqrt(5)), rel=0.02)
    assert found.regret.mean() == pytest.approx(found.everything)
    assert found.best_in["play"] == pytest.approx(stats.norm.sf(1 / math.sqrt(5)), abs=0.01)
    mine = by_name(found)
    assert mine["a"].value == pytest.approx(normal_loss(-1, 2), abs=0.03)
    assert mine["b, tied"].value == pytest.approx(normal_loss(-1, 1), abs=0.03)
    assert mine["a"].noticed
    assert mine["a"].choices["play"] == pytest.approx(stats.norm.sf(0.5), abs=0.03)
    (start, first), (turn, then) = mine["a"].switches
    assert (start, first, then) == (-np.inf, "pass", "play")
    assert turn == pytest.approx(2, abs=0.3)
    assert mine["b, tied"].switches == ()
    for name in ("inert", "chance", "mood"):
        assert not mine[name].noticed
        assert mine[name].value == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([0, 0, 0, 0, 0], ((-np.inf, "stay"),)),
        ([0, 0, 0, 1, 1], ((-np.inf, "stay"), (3.5, "leave"))),
        ([0, 1, 1, 1, 0], ((-np.inf, "stay"), (1.5, "leave"), (4.5, "stay"))),
        ([0, 1, 0, 1, 1], ()),
    ],
)
def test_where_the_choice_changes(taken: list[int], expected: tuple[tuple[float, str], ...]) -> None:
    order = np.array([3, 0, 4, 1, 2])
    column = np.array([1.0, 2.0, 3.0, 4.0, 5.0])[order]
    assert _switches(column, np.array(taken)[order], ["stay", "leave"]) == expected


def test_options_read_the_final_state_and_what_happens_in_it() -> None:
    found = worth_knowing(CASE, decision="sell")
    assert found.means == {"keep": pytest.approx(-0.6, abs=0.01), "sell": -0.5, "burn": -3}
    chance = by_name(found)["chance"]
    # Selling for 0.5 is better where the chance of losing 2 is above a quarter; that is worth a triangle.
    assert found.best == "sell"
    assert found.everything == pytest.approx(2 * 0.15**2 / 2 / 0.4, rel=0.03)
    assert chance.value == pytest.approx(found.everything, rel=0.03)
    assert [option for _, option in chance.switches] == ["keep", "sell"]
    assert chance.switches[1][0] == pytest.approx(0.25, abs=0.01)
    assert chance.choices == {"keep": pytest.approx(0.375, abs=0.01), "sell": pytest.approx(0.625, abs=0.01), "burn": 0}
    assert found.ahead


def test_a_report_is_worth_less_the_less_accurate_it_is() -> None:
    worths = []
    for accuracy in ("100%", "70%", 0.3):
        found = worth_knowing(CASE, question="sum", draws=4096, accuracy=accuracy)
        worths.append(by_name(found)["a"].report)
    assert worths == [pytest.approx(4 * rho**2, abs=0.25) for rho in (1, 0.7, 0.3)]
    for seed in range(4):
        plan = worth_knowing(CASE, question="sum", draws=256, accuracy=0.9, seed=seed).plan
        assert all(item.report is not None and item.report <= item.value for item in plan)
    exact = worth_knowing(CASE, decision="bet", accuracy=1)
    assert all(item.report == item.value for item in exact.plan)
    bet = by_name(worth_knowing(CASE, decision="bet", draws=4096, accuracy=0.7))
    assert bet["a"].report == pytest.approx(normal_loss(-1, 1.4), abs=0.03)
    assert all(item.report is not None and item.report <= item.value for item in bet.values())


def test_nothing_is_worth_knowing_where_nothing_varies_or_one_option_is_always_best() -> None:
    for asked in ({"question": "steady"}, {"decision": "clear"}):
        found = worth_knowing(CASE, draws=128, accuracy=0.5, **asked)  # type: ignore[arg-type]
        assert found.everything == 0.0
        assert all((item.value, item.report, item.noticed) == (0.0, 0.0, False) for item in found.plan)
        assert all(row["share"] == 0 for row in found.rows())
    assert found.best == "better"


def test_an_uncertain_option_is_something_to_learn_too() -> None:
    found = worth_knowing(CASE, decision="unsure")
    assert found.plan[0].quantities == ("decisions.unsure.options.one",)
    deviation = 1 / stats.norm.ppf(0.95)
    assert found.plan[0].value == pytest.approx(normal_loss(0, deviation), rel=0.03)
    assert not found.ahead


def test_what_is_asked_about_if_nothing_is_named() -> None:
    found = worth_knowing(CASE, draws=128)
    assert found.decision is not None
    assert found.decision.name == "bet"
    assert found.question is None
    found = worth_knowing(CASE.with_changes({"decisions": {}}), draws=128)
    assert found.question is not None
    assert found.question.name == "loses"


def test_what_cannot_be_asked() -> None:
    item = the_mistake(decision="bett")
    assert (item.code, item.help) == ("F731", "did you mean `bet`?")
    assert the_mistake(decision="bet", question="sum").code == "F732"
    assert the_mistake(question="summ").code == "F108"
    assert the_mistake(question="when").code == "F701"
    assert the_mistake(draws=64).code == "F733"
    assert the_mistake(draws=256, question="rare").code == "F733"
    assert the_mistake(draws=0).code == "F213"
    for accuracy in ("0%", "101%", "-3%", 70, "good", "", 0.0, float("nan")):
        item = the_mistake(accuracy=accuracy)
        assert item.code == "F213"
        assert "as in `--accuracy 70%`" in item.help
    none = CASE.with_changes({"decisions": {}})
    with pytest.raises(fd.CaseError) as caught:
        worth_knowing(none, decision="bet")
    assert caught.value.diagnostics[0].code == "F731"
    assert "add one, as in" in caught.value.diagnostics[0].help


def test_worlds_without_an_answer_are_left_out() -> None:
    found = worth_knowing(CASE, question="rare")
    assert found.left_out > 1500
    assert found.plan[0].quantities == ("a",)
    assert found.everything == pytest.approx(4, rel=0.3)


def test_the_same_seed_gives_the_same_plan() -> None:
    one, again, other = (worth_knowing(CASE, draws=256, seed=seed, accuracy=0.6) for seed in (0, 0, 1))
    assert one.to_json() == again.to_json()
    assert one.rows() != other.rows()


def test_as_plain_data() -> None:
    data = json.loads(json.dumps(worth_knowing(CASE, draws=256, decision="sell").to_json(), allow_nan=False))
    assert (data["decision"], data["best"], data["accuracy"]) == ("sell", "sell", None)
    assert set(data["options"]) == {"keep", "sell", "burn"}
    assert set(data["options"]["keep"]) == {"worth", "best_in"}
    top = data["rows"][0]
    assert top["quantities"] == "chance"
    assert top["share"] == pytest.approx(top["value"] / data["everything"])
    assert {key for key in top if key.startswith("takes_")} == {"takes_keep", "takes_sell", "takes_burn"}
    data = json.loads(json.dumps(worth_knowing(CASE, draws=256, question="sum").to_json(), allow_nan=False))
    assert (data["question"], data["irreducible"]) == ("sum", None)
    assert {"forecast_p05", "forecast_p95"} <= set(data["rows"][0])
