"""What worth-knowing prints."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.worth_knowing import Learning, WorthKnowing, worth_knowing
from foederis.report.worth_knowing import decision_unit, learnt_choices, print_worth_knowing
from tests.helpers import ONE_WEEK, printed

CASE = fd.loads(
    ONE_WEEK
    + """
quantities:
  a: {value: "normal(1, 2)", unit: points}
  b: normal(0, 1)
  tied: normal(0, 1)
  chance: uniform(10%, 50%)
  inert: 1 to 3
  other: 1 to 3
correlated: [[b, tied, 0.6]]
events: {loss: {chance: chance, sets: {lost: yes}}}
exposures: {plant: {holder: firm, value: 2, unit: bn USD, lost: {lost: 100%}}}
questions:
  loses: {at_end: lost, says: Is the plant lost?}
  sum: {expected: a + b, unit: points}
  damage: {expected: losses(firm)}
  steady: {at_end: lost == yes or lost == no}
  still: {expected: 3, unit: points}
  rare: {expected: a, given: lost}
decisions:
  bet: {says: Should we play?, options: {play: a + b - 2, pass: 0}}
  sell: {options: {keep: -losses(firm), sell: -0.5, burn: -3}}
  clear: {options: {good: 1, better: 2}, unit: points}
"""
)


def text_of(found: WorthKnowing) -> str:
    return printed(found, print_worth_knowing)


def folded(found: WorthKnowing) -> str:
    return " ".join(text_of(found).split())


@pytest.fixture(scope="module")
def bet() -> WorthKnowing:
    return worth_knowing(CASE, decision="bet", accuracy="70%")


def test_a_decision_is_told_first_then_what_to_find_out(bet: WorthKnowing) -> None:
    text = folded(bet)
    assert "Should we play? 2,048 possible worlds (seed 0)." in text
    assert re.search(
        r"As things are known, pass is best: worth 0 on average, against −(0\.9\d\d|1\.0\d) for play\. But play would be better in "
        r"3\d % of the worlds\. To know the world beforehand would be worth 0\.[345]\d\d on average, which is the regret of "
        r"choosing now; in the worst twentieth of the worlds that regret is above 2\.\d\d\.",
        text,
    )
    lines = text_of(bet).splitlines()
    row = next(line for line in lines if line.startswith("  a "))
    assert re.search(r"play where it is above \d\.\d\d points \(3\d %\)$", row)
    tied = next(line for line in lines if line.startswith("  b and tied"))
    assert re.search(r"play in \d+ % of the worlds$", tied)
    assert lines.index(row) < lines.index(tied)
    assert "a report of 70 %" in text
    assert "of two values it says rightly in 75 % of cases which is the larger" in text
    assert re.search(r"Not to be told from nothing by 2,048 draws: (\w+, )*\w+ and \w+\.", text)
    assert "learnt together" in text


def test_three_options_and_the_unit_of_losses() -> None:
    text = folded(worth_knowing(CASE, decision="sell"))
    assert "The decision sell" in text
    assert re.search(
        r"sell is best: worth −0\.500 bn USD on average, against −0\.60\d for keep and −3\.00 for burn", text
    )
    assert re.search(r"But keep would be better in 3\d % of the worlds", text)
    assert re.search(r"chance > 99\.9 % \(.*\) 0\.05\d+ keep where it is below 25 % \(3\d %\)", text)
    assert "a report" not in text


def test_a_probability() -> None:
    text = folded(worth_knowing(CASE, question="loses"))
    assert "Is the plant lost?" in text
    assert "30 %, as things are known. The Brier score to be expected of this forecast is 0.210 (0 is best)." in text
    assert "Of that, 0.197 is chance and would remain if we knew the world; 0.0133 could be learnt." in text
    assert re.search(r"chance 100 % \(9\d(\.\d)? % to 100 %\) 0\.0133 12 % to 48 %", text)
    assert "Brier score the forecast would run from" in text


def test_an_expected_number() -> None:
    text = folded(worth_knowing(CASE, question="sum"))
    assert re.search(
        r"(1\.0\d|0\.99\d) points, as things are known\. The mean of a world is 2\.2\d away from this", text
    )
    assert re.search(r" a (79|80|81) % \(.*?\) (0\.9|1\.0)\d+ −2\.\d+ to 4\.\d+", text)
    assert "Still unknown: the root of the mean square that would be left." in text
    assert "0.600 bn USD, as things are known" in folded(worth_knowing(CASE, question="damage"))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"decision": "clear"}, "better is best: worth 2.00 points on average, against 1.00 for good. It is best in every "
         "world, so nothing is worth knowing for this decision."),
        ({"question": "steady"}, "100 % in every world: no uncertain quantity moves it, so nothing is worth knowing for it."),
        ({"question": "still"}, "3.00 points in every world: no uncertain quantity moves it"),
    ],
)  # fmt: skip
def test_nothing_is_worth_knowing(asked: dict[str, str], says: str) -> None:
    text = folded(worth_knowing(CASE, draws=128, **asked))  # type: ignore[arg-type]
    assert says in text
    assert "What to find out first" not in text


def test_options_that_can_hardly_be_told_apart(bet: WorthKnowing) -> None:
    hardly = "it can hardly be told from play"
    assert hardly not in folded(bet)
    values = np.where(np.arange(2048) % 2, 1.0, -1.001)
    assert hardly in folded(replace(bet, outcomes={"play": values, "pass": np.zeros(2048)}))


def test_worlds_without_an_answer_and_a_plan_without_anything(bet: WorthKnowing) -> None:
    text = folded(
        worth_knowing(CASE.with_changes({"quantities.chance": "choice(0 = 50%, 0.5 = 50%)"}), question="rare")
    )
    assert "1,024 worlds in which what is given never holds are left out." in text
    nothing = replace(bet, plan=tuple(replace(item, noticed=False, value=0.0) for item in bet.plan), accuracy=None)
    text = folded(nothing)
    assert "Not to be told from nothing by 2,048 draws: a, b and tied, " in text
    assert "Of all" not in text


@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        (((-np.inf, "play"), (3.0, "pass")), "play where it is below 3.00 points (30 %)"),
        (
            ((-np.inf, "pass"), (1.0, "play"), (3.0, "pass")),
            "play where it is between 1.00 points and 3.00 points (30 %)",
        ),
        (((-np.inf, "play"), (1.0, "pass"), (3.0, "play")), "play in 30 % of the worlds"),
        ((), "play in 30 % of the worlds"),
    ],
)
def test_where_another_option_would_be_chosen(bet: WorthKnowing, switches: tuple, expected: str) -> None:
    item = Learning(("a",), 1.0, 0.5, 1.5, True, choices={"play": 0.3, "pass": 0.7}, switches=switches)
    assert learnt_choices(bet, item) == expected


def test_the_unit_of_a_decision() -> None:
    assert [decision_unit(CASE, CASE.decisions[name]) for name in ("bet", "sell", "clear")] == ["", "bn USD", "points"]
