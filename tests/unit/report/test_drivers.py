"""What moves an answer, as text: that it says what the result holds."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

import foederis as fd
from foederis.analysis.driver_results import Drivers
from foederis.analysis.drivers import drivers
from foederis.report.bars import part, span
from foederis.report.drivers import (
    budget_words,
    conclusion,
    print_drivers,
    range_end,
    rest_line,
    slope_words,
)

QUANTITIES = (
    "share: 5% to 25%, price: {value: 1 to 3, unit: points}, worth: {value: 2 to 90, unit: points}, small: 0.1 to 0.3"
)
IDLE = ", ".join(f"a_number_that_is_idle_0{number}: 1 to 2" for number in range(6))
CASE = fd.loads(f"""
foederis: 1
title: A formula
clock: {{step: 1 week, steps: 1}}
state: {{lost: flag, kept: flag}}
quantities: {{{QUANTITIES}, one_of: "choice(1 = 50%, 2 = 50%)", {IDLE}}}
events:
  lose: {{chance: share / price, sets: {{lost: yes}}}}
  keep: {{chance: share * share / 10, sets: {{kept: yes}}}}
questions:
  lost: {{at_end: lost, says: Is it lost?}}
  kept: {{at_end: kept}}
  bill: {{expected: 3 * worth + 10 * small - 2 * one_of, unit: bn USD}}
""")


def shown(result: Drivers, width: int = 110) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_drivers(result, console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture(scope="module")
def lost() -> Drivers:
    return drivers(CASE, "lost", draws=256, keep=3)


@pytest.fixture(scope="module")
def bill() -> Drivers:
    return drivers(CASE, "bill", draws=64)


def test_the_conclusion_comes_first(lost: Drivers) -> None:
    text = shown(lost)
    lines = text.splitlines()
    assert lines[:2] == ["A formula", "What moves the answer: Is it lost?"]
    first, second = lost.drivers[:2]
    said = " ".join(text.split())
    assert f"Most hangs on {first.label}: {part(first.total.estimate)} of the variance of the answer" in said
    assert f"{second.label} with {part(second.total.estimate)}" in said
    assert text.index("Most hangs on") < text.index("by itself  jointly") < text.index("Solved:")


def test_every_number_of_a_driver_stands_beside_its_bar(lost: Drivers) -> None:
    for driver in lost.drivers[:2]:
        [line] = [line for line in shown(lost).splitlines() if line.startswith(f"  {driver.label}  ") and "█" in line]
        for share in (driver.total, driver.first, driver.jointly):
            assert part(share.estimate) in line
        assert f"({part(driver.total.low, '')} to {part(driver.total.high)})" in line
        assert line.endswith(driver.manner)


def test_what_was_screened_out_is_said(lost: Drivers) -> None:
    text = " ".join(shown(lost).split())
    assert lost.rest is not None
    assert "8 others together" in text
    assert "Screening left out 8 quantities. What it may have missed: 0 % of the variance" in text
    assert "--keep" not in text
    large = replace(lost.rest, total=replace(lost.rest.total, estimate=0.4, low=0.3, high=0.5))
    assert rest_line(lost, large).endswith("A larger --keep than 3 looks into them.")


@pytest.mark.parametrize("name", ["a_number_that_is_idle_00", "a_much_longer_name_that_no_line_has_room_for"])
@pytest.mark.parametrize("width", [60, 80, 110])
def test_numbers_are_never_folded(lost: Drivers, width: int, name: str) -> None:
    slope = replace(lost.slopes[0], quantity=name)
    quantities = {**lost.case.quantities, name: lost.case.quantities[lost.slopes[0].quantity]}
    named = replace(lost.drivers[0], quantities=(name,), manner="mostly together with others")
    drivers = (named, *lost.drivers[1:])
    case = replace(lost.case, quantities=quantities)
    text = shown(replace(lost, case=case, drivers=drivers, slopes=(slope, *lost.slopes)), width)
    assert max(len(line) for line in text.splitlines()) <= width
    for driver in drivers[:2]:
        total = f"{part(driver.total.estimate)}  {span(driver.total.low, driver.total.high)}"
        assert total in re.sub(r"%  +", "%  ", text)
        assert f"{part(driver.first.estimate)} " in text


def test_what_matters_hardly_at_all_is_only_named(lost: Drivers) -> None:
    minor = [driver.label for driver in lost.drivers if driver.manner == "hardly at all"]
    assert len(minor) == 1
    [line] = [line for line in shown(lost).splitlines() if minor[0] in line]
    assert line == f"  Hardly at all (1 other): {minor[0]}."


def test_the_budget_in_words(lost: Drivers, bill: Drivers) -> None:
    assert budget_words(lost.budget) == (
        "11 groups of quantities screened with 120 solves, 3 kept; 256 × 6 = 1,536 solves for shares of the variance; "
        "67 for slopes; 1,723 in all"
    )
    assert budget_words(bill.budget).startswith("11 groups of quantities; 64 × 13 = 832 solves")
    assert " ".join(shown(lost).split()).endswith(
        "(seed 0). Checked: largest residual 0 of the range of payoffs (limit 1e-9)."
    )


def test_slopes_in_steps_that_are_small_beside_the_range(lost: Drivers, bill: Drivers) -> None:
    slopes = {slope.quantity: slope for slope in lost.slopes}
    price = 3**0.5
    # The median of a range of percentages lies between their log-odds.
    odds = (0.05 / 0.95 * 0.25 / 0.75) ** 0.5
    share = odds / (1 + odds)
    assert slope_words(lost, slopes["share"]) == f"{100 * 0.01 / price:+.1f} per percentage point"
    assert slope_words(lost, slopes["price"]) == f"{100 * -share / price**2 * 0.1:+.1f} per 0.1 points".replace(
        "-", "−"
    )
    assert slope_words(lost, slopes["worth"]) == "0 per 10 points"
    assert slope_words(lost, slopes["one_of"]) == "takes separate values"
    costs = {slope.quantity: slope for slope in bill.slopes}
    assert slope_words(bill, costs["worth"]) == "+30 per 10 points"
    assert slope_words(bill, costs["small"]) == "+0.1 per 0.01"
    assert slope_words(bill, replace(costs["worth"], high=5.5)) == "+3 per point"
    assert slope_words(bill, replace(costs["worth"], is_rough=True)).endswith("(rough)")
    assert [range_end(lost, slopes["share"], 0.05), range_end(lost, slopes["price"], 0.99999)] == ["5.0 %", "1"]


def test_amounts_have_their_unit(bill: Drivers) -> None:
    text = " ".join(shown(bill).split())
    assert "bn USD in the middle 90 % of worlds" in text
    assert "percentage" not in text


def test_an_uneven_answer_says_so(lost: Drivers) -> None:
    assert "very uneven" not in shown(lost)
    uneven = replace(lost, scale="rank", outer_share=0.93)
    text = " ".join(shown(uneven).split())
    assert "one world in twenty makes 93 % of its variance" in text
    assert "of the variance of that rank" in text


def test_small_probabilities_keep_their_digits() -> None:
    result = drivers(CASE, "kept", draws=64)
    low = next(slope for slope in result.slopes if slope.quantity == "share").at_low
    assert low == pytest.approx(0.00025)
    assert "0.025 % to" in shown(result)


def test_rows_without_an_answer_are_said(lost: Drivers) -> None:
    assert "left out" not in shown(lost).replace("Screening left out", "")
    text = " ".join(shown(replace(lost, left_out=7)).split())
    assert "7 of 256 rows of the design left out: the question has no answer there" in text


def test_a_single_driver() -> None:
    case = fd.loads("""
foederis: 1
title: One
clock: {step: 1 week, steps: 1}
state: {lost: flag}
quantities: {p: 10% to 20%}
events: {lose: {chance: p, sets: {lost: yes}}}
questions: {lost: {at_end: lost}}
""")
    result = drivers(case, draws=64)
    assert conclusion(result).startswith("Most hangs on p: 10")
    assert "one at a time" not in conclusion(result)
    assert np.isfinite(result.shift_noise)
