"""What moves an answer, in files whose answer is a formula."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from math import asin, pi

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.driver_results import Budget, Driver, Drivers, Share, manner
from foederis.analysis.drivers import drivers
from tests.helpers import EVERYTHING

IDLE = {f"idle_{number}": "uniform(0, 1)" for number in range(20)}


def formula(text: str, quantities: Mapping[str, str], more: str = "") -> fd.Case:
    listed = ", ".join(f'{name}: "{value}"' for name, value in quantities.items())
    return fd.loads(f"""
foederis: 1
title: A formula
clock: {{step: 1 week, steps: 1}}
state: {{war: [on, over]}}
quantities: {{{listed}}}
questions: {{y: {{expected: "{text}"}}}}
{more}
""")


# An actor that acts with the probability 1 / (1 + exp(r * price)), for a case with a real decision in it.
DECISION = fd.loads("""
foederis: 1
title: A decision
clock: {step: 1 week, steps: 1}
actors: {a: {rationality: r}}
state: {done: flag}
quantities: {r: 0.5 to 2, price: {value: 1 to 3, unit: points}, other: 1 to 2, p: 20% to 40%}
moves: [{actor: a, options: {wait: , act: {pays: {a: -price}, sets: {done: yes}}}}]
events: {luck: {when: done, chance: p, sets: {done: no}}}
questions:
  acts: {takes: a.act}
  lasts: {at_end: done}
whatifs:
  cheap: {set: {quantities.price: 0.1 to 0.2}}
  sure: {set: {quantities.price: 2}}
  must: {imposed: [{step: 0, a: act}]}
""")


def by_name(found: Drivers) -> dict[str, Driver]:
    return {driver.label: driver for driver in found.drivers}


@pytest.fixture(scope="module")
def decision() -> Drivers:
    return drivers(DECISION, "acts")


def test_a_function_whose_shares_are_known() -> None:
    """Sobol's g function: the product of (|4x - 2| + a) / (1 + a)."""
    strength = {"first": 0.0, "second": 1.0, "third": 4.5}
    text = " * ".join(f"(abs(4 * {name} - 2) + {a}) / {1 + a}" for name, a in strength.items())
    found = drivers(formula(text, dict.fromkeys(strength, "uniform(0, 1)")), draws=2048)
    parts = {name: 1 / (3 * (1 + a) ** 2) for name, a in strength.items()}
    whole = np.prod([1 + part for part in parts.values()]) - 1
    for name, part in parts.items():
        driver = by_name(found)[name]
        others = (whole + 1) / (1 + part)
        assert driver.first.estimate == pytest.approx(part / whole, abs=0.01)
        assert driver.total.estimate == pytest.approx(part * others / whole, abs=0.01)
        assert driver.jointly.estimate == pytest.approx(part * (others - 1) / whole, abs=0.01)
        assert driver.total.low < driver.total.estimate < driver.total.high
    assert [driver.label for driver in found.drivers] == list(strength)
    assert found.by_themselves.estimate == pytest.approx(sum(parts.values()) / whole, abs=0.02)
    assert found.scale == "amount"
    assert found.rest is None


def test_two_among_many_that_do_nothing() -> None:
    found = drivers(formula("3 * a + b", {"a": "uniform(0, 1)", "b": "uniform(0, 1)", **IDLE}), keep=4)
    assert [driver.label for driver in found.drivers[:2]] == ["a", "b"]
    assert found.drivers[0].first.estimate == pytest.approx(0.9, abs=0.03)
    assert found.drivers[1].first.estimate == pytest.approx(0.1, abs=0.03)
    assert [driver.manner for driver in found.drivers] == ["by itself", "by itself", "hardly at all", "hardly at all"]
    assert found.rest is not None
    assert found.rest.label == "18 others together"
    assert found.rest.total.high == 0
    assert found.drivers[0].shift > found.drivers[1].shift > found.shift_noise > found.drivers[2].shift


def test_what_acts_only_together_is_kept_and_told_apart() -> None:
    found = drivers(formula("(a - 0.5) * (b - 0.5)", {"a": "uniform(0, 1)", "b": "uniform(0, 1)", **IDLE}), keep=2)
    assert {driver.label for driver in found.drivers} == {"a", "b"}
    for driver in found.drivers:
        assert driver.total.estimate == pytest.approx(1, abs=0.1)
        assert driver.first.estimate < 0.05
        assert driver.jointly.low > 0.8
        assert driver.manner == "together with others"
    assert found.rest is not None
    assert found.rest.total.estimate == 0


def test_the_rest_shows_what_screening_has_left_out() -> None:
    """Six equal parts, of which two are kept: four sixths hang on the rest."""
    names = [f"part_{number}" for number in range(6)]
    found = drivers(formula(" + ".join(names), dict.fromkeys(names, "uniform(0, 1)")), keep=2)
    assert found.rest is not None
    assert found.rest.total.estimate == pytest.approx(4 / 6, abs=0.05)
    assert found.rest.first.estimate == pytest.approx(4 / 6, abs=0.05)
    assert sum(driver.first.estimate for driver in found.drivers) == pytest.approx(2 / 6, abs=0.05)
    assert found.by_themselves.estimate == pytest.approx(1, abs=0.05)


def test_what_is_correlated_is_one_group() -> None:
    """a + b with correlation 1/2 has the variance 3, c has 1."""
    case = formula("a + b + c", dict.fromkeys(("a", "b", "c"), "normal(0, 1)"), "correlated: [[a, b, 0.5]]")
    found = by_name(drivers(case))
    assert set(found) == {"a + b (tied)", "c"}
    assert found["a + b (tied)"].first.estimate == pytest.approx(0.75, abs=0.03)
    assert found["c"].total.estimate == pytest.approx(0.25, abs=0.03)


def test_a_partner_that_a_what_if_fixes_moves_nothing() -> None:
    more = "correlated: [[a, b, 0.9]]\nwhatifs: {fixed: {set: {quantities.b: 3}}}"
    case = formula("a + b + c", dict.fromkeys(("a", "b", "c"), "normal(0, 1)"), more)
    found = by_name(drivers(case, what_if="fixed"))
    assert set(found) == {"a", "c"}
    assert [found[name].total.estimate for name in "ac"] == pytest.approx([0.5, 0.5], abs=0.03)


def test_an_uneven_answer_is_measured_by_rank() -> None:
    """The product of two alike lognormals. Its rank is Φ((x + y) / √2), of whose variance each by itself has
    12 asin(1/4) / 2π."""
    found = drivers(formula("a * b", {"a": "lognormal(0, 3)", "b": "lognormal(0, 3)"}), draws=2048)
    assert found.scale == "rank"
    assert found.outer_share > 0.9
    for driver in found.drivers:
        assert driver.first.estimate == pytest.approx(12 * asin(0.25) / (2 * pi), abs=0.02)


def test_slopes_are_derivatives_at_the_medians(decision: Drivers) -> None:
    slopes = {slope.quantity: slope for slope in decision.slopes}
    r, price = 1.0, np.sqrt(3)
    act = 1 / (1 + np.exp(r * price))
    assert slopes["price"].per_unit == pytest.approx(-r * act * (1 - act), rel=1e-5)
    assert slopes["r"].per_unit == pytest.approx(-price * act * (1 - act), rel=1e-5)
    assert slopes["other"].per_unit == slopes["p"].per_unit == 0
    assert (slopes["price"].low, slopes["price"].high) == pytest.approx((1, 3))
    assert slopes["price"].at_low == pytest.approx(1 / (1 + np.exp(1)))
    assert slopes["price"].at_high == pytest.approx(1 / (1 + np.exp(3)))
    assert slopes["price"].unit == "points"
    assert not any(slope.is_rough for slope in decision.slopes)


def test_a_bend_and_separate_values_are_flagged() -> None:
    case = formula("max(a, 5) + b", {"a": "normal(5, 1)", "b": "choice(1 = 50%, 4 = 50%)", "c": "1 to 2"})
    slopes = {slope.quantity: slope for slope in drivers(case).slopes}
    assert slopes["a"].is_rough
    assert np.isnan(slopes["b"].per_unit)
    assert not slopes["b"].is_rough
    assert slopes["b"].at_high - slopes["b"].at_low == pytest.approx(3)
    assert not slopes["c"].is_rough


def test_a_what_if(decision: Drivers) -> None:
    cheap = drivers(DECISION, "acts", what_if="cheap")
    assert cheap.mean > decision.mean
    assert cheap.what_if == "cheap"
    assert {slope.quantity for slope in drivers(DECISION, "acts", what_if="sure").slopes} == {"r", "other", "p"}
    must = by_name(drivers(DECISION, "lasts", what_if="must"))
    assert must["p"].first.estimate == pytest.approx(1, abs=0.02)
    assert must["price"].total.estimate == 0


def test_the_budget_is_said_before_and_kept() -> None:
    told: list[Budget] = []
    solved: dict[str, int] = {}
    case = formula("3 * a + b", {"a": "uniform(0, 1)", "b": "uniform(0, 1)", **IDLE})

    def note(what: str, done: int, total: int) -> None:
        assert told
        solved[what] = total

    found = drivers(case, keep=4, draws=64, progress=note, announce=told.append)
    assert told == [found.budget] == [Budget(22, 4, 230, 64, 7, 133)]
    assert list(solved.values()) == [found.budget.screening, found.budget.design, found.budget.slopes]
    assert found.budget.solves == 230 + 448 + 133


@pytest.mark.parametrize(("groups", "keep", "screening", "columns"), [(5, 4, 0, 7), (6, 4, 70, 7), (5, 16, 0, 7)])
def test_screening_only_where_it_saves_something(groups: int, keep: int, screening: int, columns: int) -> None:
    names = [f"part_{number}" for number in range(groups)]
    case = formula(" + ".join(names), dict.fromkeys(names, "uniform(0, 1)"))
    budget = drivers(case, keep=keep, draws=32).budget
    assert (budget.screening, budget.columns) == (screening, columns)


def test_worlds_without_an_answer_are_counted() -> None:
    case = fd.loads("""
foederis: 1
title: Half of the worlds
clock: {step: 1 week, steps: 1}
state: {fallen: flag, help: flag}
quantities: {p: "choice(0 = 50%, 0.4 = 50%)", q: 20% to 60%}
events: {help: {chance: q, sets: {help: yes}}, fall: {chance: p, sets: {fallen: yes}}}
questions:
  helped: {at_end: help, given: fallen}
  saved: {at_end: not fallen, given: fallen}
""")
    found = drivers(case, "helped", draws=128)
    # A row of the design has an answer if p is above 0 in both of its samples.
    assert 128 * 0.6 < found.left_out < 128 * 0.9
    assert by_name(found)["q"].total.estimate == pytest.approx(1, abs=0.2)
    with pytest.raises(fd.CaseError) as caught:
        drivers(case, "helped", draws=32)
    assert "of 64 possible worlds: what is given hardly ever holds" in str(caught.value)
    with pytest.raises(fd.CaseError) as caught:
        drivers(case, "saved")
    assert [item.code for item in caught.value.diagnostics] == ["F711"]


def test_a_constant_answer_is_refused_before_much_is_solved() -> None:
    case = formula("7", {"a": "uniform(0, 1)", **IDLE})
    solved = []
    with pytest.raises(fd.CaseError) as caught:
        drivers(case, keep=2, progress=lambda what, done, total: solved.append(what))
    [item] = caught.value.diagnostics
    assert (item.code, item.message) == (
        "F711",
        "nothing moves the answer to `y`: it is 7 in all of 220 possible worlds",
    )
    assert item.help
    assert set(solved) == {"screening"}


def test_a_case_without_doubt() -> None:
    with pytest.raises(fd.CaseError) as caught:
        drivers(formula("a", {"a": "3"}))
    [item] = caught.value.diagnostics
    assert item.code == "F711"
    assert "no number of the case is uncertain" in item.message


def test_all_mistakes_at_once() -> None:
    with pytest.raises(fd.CaseError) as caught:
        drivers(DECISION, "atcs", what_if="cheep", draws=31, keep=0, seed=-1)
    assert [item.code for item in caught.value.diagnostics] == ["F108", "F109", "F213", "F213", "F213"]


def test_more_solves_than_a_machine_should_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("foederis.analysis.drivers")
    monkeypatch.setattr(module, "MAX_DRAWS", 217)
    assert drivers(DECISION, draws=32).budget.solves == 217
    monkeypatch.setattr(module, "MAX_DRAWS", 216)
    with pytest.raises(fd.CaseError) as caught:
        drivers(DECISION, draws=32)
    [item] = caught.value.diagnostics
    assert item.code == "F213"
    assert "this would take 217 solves" in item.message


def test_the_same_seed_gives_the_same_result(decision: Drivers) -> None:
    assert drivers(DECISION, "acts").rows() == decision.rows()
    assert drivers(DECISION, "acts", seed=1).rows() != decision.rows()


def test_plain_data() -> None:
    found = drivers(fd.loads(EVERYTHING), "loss", draws=32, keep=2)
    text = json.dumps(found.to_json(), allow_nan=False)
    assert json.loads(text)["question"] == "loss"
    assert len(found.rows()) == len(found.to_frame()) == 3
    assert "others together" in found._repr_html_()
    assert found.residual < 1e-9


def sampled(estimate: float, error: float) -> np.ndarray:
    return np.concatenate([[estimate], estimate + error * np.linspace(-1, 1, 101)])


@pytest.mark.parametrize(
    ("total", "first", "error", "words"),
    [
        (0.004, 0.002, 0.003, "hardly at all"),
        (0.5, 0.49, 0.02, "by itself"),
        (0.5, 0.4, 0.02, "mostly by itself"),
        (0.5, 0.01, 0.02, "together with others"),
        (0.5, 0.1, 0.02, "mostly together with others"),
        (0.5, 0.25, 0.05, "by itself and with others"),
        (0.1, 0.08, 0.06, "partly by itself"),
        (0.1, 0.02, 0.06, "partly with others"),
        (0.1, 0.05, 0.2, "too little to say how"),
    ],
)
def test_words_say_no_more_than_the_intervals_bear_out(total: float, first: float, error: float, words: str) -> None:
    assert manner(np.full(102, total), sampled(first, error)) == words


def test_an_estimate_below_nothing_is_shown_as_nothing_and_its_interval_as_it_is() -> None:
    found = Share.of(sampled(-0.03, 0.02))
    assert found.estimate == 0
    assert -0.05 <= found.low < found.high < 0
