"""Tipping points against closed forms and against brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.lines import crossing_band
from foederis.analysis.scan import NONE, Bracket, brackets, refine
from foederis.analysis.tipping import read_pair, read_vary

# In the first week the actor builds with odds exp(0.5 * (gain - price)); a truce comes with chance p, the better for
# aid, but only the more the nearer `odd` is to 3.
TEXT = """
foederis: 1
title: A week
clock: {step: 1 week, steps: 1}
actors: {a: {rationality: 0.5}}
state: {war: [on, over], built: flag, odd_way: flag}
quantities: {p: 10% to 60%, gain: 1 to 9, price: 2 to 6, odd: 1 to 5, idle: 1 to 2, twice: p * 2}
moves:
  - actor: a
    options: {build: {sets: {built: yes}, pays: {a: gain - price}}, wait: {pays: {a: 0}}}
events:
  truce: {chance: p, sets: {war: over}}
  odd: {chance: "max(0.05, 1 - max(odd - 3, 3 - odd) / 3)", sets: {odd_way: yes}}
questions:
  peace: {at_end: war == over}
  built: {takes: a.build}
  odd_one: {at_end: odd_way}
  worth: {expected: 2 * gain}
  when: {first: war == over}
"""


@pytest.fixture(scope="module")
def case() -> fd.Case:
    return fd.loads(TEXT)


def line(found: fd.analysis.tipping.Tipping, name: str):  # type: ignore[name-defined,no-untyped-def]
    return next(line for line in found.lines if line.quantity == name)


def test_where_an_answer_crosses(case: fd.Case) -> None:
    found = fd.tipping(case, when="peace > 30%", draws=16)
    [crossing] = line(found, "p").crossings
    assert crossing.value == pytest.approx(0.3, abs=1e-4)
    assert (crossing.before, crossing.after) == ("below", "above")
    below = np.mean(fd.solve(case, draws=4096).quantities["p"] < 0.3)
    assert crossing.share == pytest.approx(below, abs=0.01)
    assert found.lines[0].quantity == "p"
    assert all(other.crossings == () and other.spread < 1e-12 for other in found.lines[1:])
    averaged = line(found, "p").averaged
    assert averaged.crossings[0].value == pytest.approx(0.3, abs=1e-3)
    assert averaged.bands[0] == pytest.approx((0.3, 0.3), abs=1e-3)
    assert line(found, "idle").averaged is None


def test_two_things_at_once(case: fd.Case) -> None:
    """Odds of building are even where gain equals price: at the medians, and on average where their means are equal."""
    found = fd.tipping(case, when="built > 50%", draws=64)
    medians = {name: case.distribution(name).median for name in ("gain", "price")}
    assert line(found, "gain").crossings[0].value == pytest.approx(medians["price"], rel=1e-3)
    assert line(found, "price").crossings[0].value == pytest.approx(medians["gain"], rel=1e-3)
    worlds = fd.solve(case, draws=64).quantities
    grid = np.linspace(1, 9, 8001)
    means = (1 / (1 + np.exp(-0.5 * (grid[:, None] - worlds["price"])))).mean(axis=1)
    brute = grid[np.argmax(means > 0.5)]
    averaged = line(found, "gain").averaged
    assert averaged.crossings[0].value == pytest.approx(brute, abs=0.05)
    low, high = averaged.bands[0]
    assert low < brute < high


def test_all_crossings_of_a_line_that_goes_up_and_down(case: fd.Case) -> None:
    found = line(fd.tipping(case, when="odd_one > 60%", draws=16), "odd")
    values = [crossing.value for crossing in found.crossings]
    assert values == pytest.approx([3 - 1.2, 3 + 1.2], abs=1e-3)
    assert [crossing.after for crossing in found.crossings] == ["above", "below"]
    assert [crossing.after for crossing in found.averaged.crossings] == ["above", "below"]


def test_brute_force_on_a_shipped_case() -> None:
    case = fd.load("patron")
    found = fd.tipping(case, when="comes > 45%", draws=16)
    for moved in found.lines:
        grid = case.distribution(moved.quantity).quantile(np.linspace(0.05, 0.95, 7))
        fixed = [
            fd.solve(case.with_changes({f"quantities.{moved.quantity}": repr(float(v))}), at="median") for v in grid
        ]
        answers = np.array([answer.questions["comes"].mean for answer in fixed])
        expected = int(np.count_nonzero(np.diff(answers > 0.45)))
        assert len(moved.crossings) == expected, moved.quantity
        for crossing in moved.crossings:
            at = case.with_changes({f"quantities.{moved.quantity}": repr(crossing.value)})
            assert fd.solve(at, at="median").questions["comes"].mean == pytest.approx(0.45, abs=1e-4)


def test_another_move_becomes_the_likeliest(case: fd.Case) -> None:
    found = fd.tipping(case, move="a", draws=64)
    assert found.threshold is None
    assert found.options == ("build", "wait")
    price = case.distribution("price").median
    [crossing] = line(found, "gain").crossings
    assert (crossing.before, crossing.after) == ("wait", "build")
    assert crossing.value == pytest.approx(price, rel=1e-3)
    [averaged] = line(found, "gain").averaged.crossings
    assert (averaged.before, averaged.after) == ("wait", "build")
    assert fd.tipping(case, move="a", quantities=["idle"], draws=4).lines[0].crossings == ()


def test_numbers_that_are_not_uncertain_can_be_varied(case: fd.Case) -> None:
    found = fd.tipping(case, when="built > 50%", vary={"moves.a.options.wait.pays.a": "-3 to 3"}, draws=8)
    [varied] = found.lines
    medians = {name: case.distribution(name).median for name in ("gain", "price")}
    assert varied.quantity == "moves.a.options.wait.pays.a"
    assert varied.values[[0, -1]] == pytest.approx([-3, 3])
    assert varied.crossings[0].value == pytest.approx(medians["gain"] - medians["price"], abs=2e-3)


def test_the_map(case: fd.Case) -> None:
    found = fd.tipping(case, when="built > 50%", quantities=["gain"], two_way=("gain", "price"), draws=4).two_way
    odds = 1 / (1 + np.exp(-0.5 * (found.first_values[:, None] - found.second_values)))
    np.testing.assert_allclose(found.answers, odds, atol=1e-12)
    np.testing.assert_array_equal(found.labels, odds > 0.5)


def test_an_amount_needs_a_threshold_and_gets_it(case: fd.Case) -> None:
    found = fd.tipping(case, when="worth > 8", draws=8)
    assert line(found, "gain").crossings[0].value == pytest.approx(4, abs=1e-3)
    assert found.at_median == pytest.approx(2 * case.distribution("gain").median)


def test_the_default_is_the_first_probability_at_one_half(case: fd.Case) -> None:
    found = fd.tipping(case, draws=4)
    assert found.threshold.text == "peace > 50%"
    assert line(found, "p").crossings[0].value == pytest.approx(0.5, abs=1e-3)


def test_what_never_holds_has_no_crossing() -> None:
    odd = fd.loads(
        TEXT.replace("peace: {at_end: war == over}", "peace: {at_end: war == over, given: built and not built}")
    )
    found = fd.tipping(odd, when="peace > 50%", draws=4)
    assert all(moved.crossings == () for moved in found.lines)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"when": "pease > 50%"}, ["F108"]),
        ({"when": "peace > 150%"}, ["F703"]),
        ({"when": "peace"}, ["F703"]),
        ({"when": "peace > 50%", "move": "a"}, ["F703"]),
        ({"move": "b"}, ["F106"]),
        ({"quantities": ["q"]}, ["F102"]),
        ({"quantities": ["twice"]}, ["F702"]),
        ({"two_way": ("p", "q")}, ["F102"]),
        ({"vary": {"quantities.idl": "1 to 2"}}, ["F114"]),
        ({"vary": {"quantities.idle": "3"}}, ["F702"]),
        ({"draws": 0}, ["F213"]),
    ],
)
def test_mistakes(case: fd.Case, asked: dict[str, object], codes: list[str]) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.tipping(case, **{"draws": 4, **asked})  # type: ignore[arg-type]
    assert [item.code for item in caught.value.diagnostics] == codes
    assert all(item.help for item in caught.value.diagnostics)


def test_cases_without_a_probability_or_without_ranges() -> None:
    amounts = fd.loads(TEXT[: TEXT.index("questions:")] + "questions: {worth: {expected: 2 * gain}}\n")
    with pytest.raises(fd.CaseError, match="threshold"):
        fd.tipping(amounts, draws=4)
    certain = fd.loads(
        TEXT.replace("10% to 60%", "0.3")
        .replace("1 to 9", "3")
        .replace("2 to 6", "3")
        .replace("1 to 5", "3")
        .replace("1 to 2", "1")
    )
    with pytest.raises(fd.CaseError, match="nothing"):
        fd.tipping(certain, draws=4)


@pytest.mark.parametrize("text", ["p", "p,p", "p,", ",p", "p,q,r"])
def test_what_is_no_pair(text: str) -> None:
    with pytest.raises(fd.CaseError):
        read_pair(text)


def test_arguments_are_read() -> None:
    assert read_pair(" p , q") == ("p", "q")
    assert read_vary(["a.b = 1 to 2", "c=3 to 4"]) == {"a.b": "1 to 2", "c": "3 to 4"}
    for text in ("a", "a=", "=1 to 2"):
        with pytest.raises(fd.CaseError):
            read_vary([text])


def test_as_data(case: fd.Case) -> None:
    data = fd.tipping(
        case, when="built > 50%", quantities=["gain", "idle"], two_way=("gain", "price"), draws=8
    ).to_json()
    rows = {(row["quantity"], row["others"]): row for row in data["rows"]}
    assert rows["gain", "medians"]["after"] == "above"
    assert rows["gain", "mean"]["p05"] < rows["gain", "mean"]["value"] < rows["gain", "mean"]["p95"]
    assert rows["idle", "medians"]["value"] is None
    assert len(data["map"]["answers"]) == len(data["map"]["gain"])
    assert math.isfinite(data["mean"])


def test_brackets_leave_out_points_without_an_answer() -> None:
    values = np.arange(6.0)
    assert brackets(0, values, np.array([0, 0, 1, NONE, 0, 0])) == [Bracket(0, 1.0, 2.0, 0, 1)]


def test_a_crossing_that_most_resamples_lack_has_no_band() -> None:
    here, elsewhere = (1.0, 0, 1), (5.0, 1, 0)
    assert all(math.isnan(end) for end in crossing_band(here, [[here]] * 4 + [[elsewhere]] * 6))
    assert crossing_band(here, [[here, (9.0, 0, 1)]] * 6 + [[]] * 4) == (1.0, 1.0)


def test_refining_finds_two_changes_within_one_bracket() -> None:
    def label(parts):  # type: ignore[no-untyped-def]
        return [((values > 0.2).astype(int) - (values > 0.5) + (values > 0.6)) for _, values in parts]

    found = refine([Bracket(3, 0.0, 1.0, 0, 1)], label)
    assert [(bracket.before, bracket.after) for bracket in found] == [(0, 1), (1, 0), (0, 1)]
    assert [(b.low + b.high) / 2 for b in found] == pytest.approx([0.2, 0.5, 0.6], abs=2e-3)
    assert all(bracket.line == 3 and bracket.high - bracket.low < 2e-3 for bracket in found)


def test_a_value_that_is_met_counts_where_the_sign_says_so() -> None:
    steps = fd.loads(TEXT.replace("p: 10% to 60%", "p: 'choice(0.1 = 50%, 0.9 = 50%)'").replace("2 * gain", "p"))
    for sign, found in ((">=", 1), ("<", 1), (">", 0), ("<=", 0)):
        assert len(line(fd.tipping(steps, when=f"worth {sign} 0.9", draws=4), "p").crossings) == found
    averaged = line(fd.tipping(steps, when="worth > 0.3", draws=8), "p").averaged
    assert averaged.crossings[0].value == pytest.approx(0.3)


def test_a_move_is_followed_once_the_actor_decides() -> None:
    seldom = fd.loads(TEXT.replace("  - actor: a\n", "  - actor: a\n    chance: p\n"))
    found = fd.tipping(seldom, move="a", draws=8)
    assert found.at_median.sum() == pytest.approx(1)
    assert line(found, "p").spread == 0
    never = fd.loads(TEXT.replace("  - actor: a\n", "  - actor: a\n    when: step > 5\n"))
    with pytest.raises(fd.CaseError) as caught:
        fd.tipping(never, move="a", draws=4)
    assert [item.code for item in caught.value.diagnostics] == ["F704"]
