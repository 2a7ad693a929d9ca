"""Tipping points against closed forms and against brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.lines import crossing_band
from foederis.analysis.scan import NONE, Bracket, brackets, refine
from foederis.analysis.tipping_request import read_pair, read_vary

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
        ({"two_way": ("p", "p")}, ["F702"]),
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
    assert (data["map"]["first"], data["map"]["second"]) == ("gain", "price")
    assert len(data["map"]["answers"]) == len(data["map"]["labels"]) == len(data["map"]["first_values"]) == 13
    assert math.isfinite(data["mean"])


def test_brackets_leave_out_points_without_an_answer() -> None:
    values = np.arange(6.0)
    assert brackets(0, values, np.array([0, 0, 1, NONE, 0, 0])) == [Bracket(0, 1.0, 2.0, 0, 1)]


def test_a_crossing_that_most_resamples_lack_has_no_band() -> None:
    here, elsewhere = (1.0, 0, 1), (5.0, 1, 0)
    assert all(math.isnan(end) for end in crossing_band(here, [[here]] * 4 + [[elsewhere]] * 6))
    assert crossing_band(here, [[here, (9.0, 0, 1)]] * 6 + [[]] * 4) == (1.0, 1.0)
    mixed = [[here]] + [[(4.0, 0, 1)]] * 9
    assert crossing_band(here, mixed)[0] == pytest.approx(2.35)
    assert crossing_band(here, mixed, separate=True) == (1.0, 4.0)


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


def test_a_move_is_followed_once_the_actor_decides() -> None:
    seldom = fd.loads(TEXT.replace("  - actor: a\n", "  - actor: a\n    chance: p\n"))
    found = fd.tipping(seldom, move="a", draws=8)
    assert found.at_median.sum() == pytest.approx(1)
    assert line(found, "p").spread == 0
    never = fd.loads(TEXT.replace("  - actor: a\n", "  - actor: a\n    when: step > 5\n"))
    with pytest.raises(fd.CaseError) as caught:
        fd.tipping(never, move="a", draws=4)
    assert [item.code for item in caught.value.diagnostics] == ["F704"]


# What is given comes about where the gate is open (its lowest value shuts it), by a chance that grows with it.
GAPS = """
foederis: 1
title: Gaps
clock: {step: 1 week, steps: 1}
state: {war: [on, over], rare: flag}
quantities: {p: 10% to 60%, gate: "choice(4 = 30%, 0 = 30%, 1 = 40%)", idle: 1 to 2, big: 1 to 2}
events:
  rare: {chance: "min(1, gate * p)", sets: {rare: yes}}
  truce: {chance: p, sets: {war: over}}
questions:
  peace: {at_end: war == over, given: rare}
  rare: {at_end: rare}
  large: {expected: big * 1e9 * 1e9}
"""


def test_worlds_without_an_answer_are_counted() -> None:
    case = fd.loads(GAPS)
    found = fd.tipping(case, when="peace > 30%", draws=32)
    worlds = fd.solve(case, draws=32).quantities
    shut = worlds["gate"] == 0
    assert found.left_out == shut.sum() > 0
    assert found.mean == pytest.approx(worlds["p"][~shut].mean())
    moved, gate = line(found, "p"), line(found, "gate")
    assert moved.averaged.left_out.tolist() == [shut.sum()] * 9
    assert (moved.unanswered, gate.unanswered) == (0, 1)
    data = found.to_json()
    assert data["left_out"] == shut.sum()
    rows = {(row["quantity"], row["others"]): row for row in data["rows"]}
    assert (rows["p", "mean"]["worlds_left_out"], rows["gate", "medians"]["values_unanswered"]) == (shut.sum(), 1)
    closed = fd.tipping(case.with_changes({"quantities.gate": 0}), when="peace > 30%", draws=4)
    assert {moved.unanswered for moved in closed.lines} == {17}


def test_a_choice_stands_only_at_its_values() -> None:
    found = fd.tipping(fd.loads(GAPS), when="rare > 40%", quantities=["gate", "p"], two_way=("gate", "p"), draws=64)
    gate, p = line(found, "gate"), fd.loads(GAPS).distribution("p").median
    assert gate.values.tolist() == gate.averaged.values.tolist() == found.two_way.first_values.tolist() == [0, 1, 4]
    np.testing.assert_allclose(gate.answers, [0, p, 1])
    [crossing], [averaged] = gate.crossings, gate.averaged.crossings
    assert (crossing.last, crossing.value, crossing.share) == (1, 4, pytest.approx(0.7))
    assert (averaged.last, averaged.value, averaged.share) == (1, 4, pytest.approx(0.7))
    assert gate.averaged.bands == ((4, 4),)
    assert line(found, "p").crossings[0].last is None
    assert found.two_way.answers.shape == (3, 13)
    assert found.to_json()["rows"][0].keys() == found.to_json()["rows"][-1].keys()


def test_rounding_moves_nothing_and_crosses_nothing() -> None:
    case = fd.loads(GAPS)
    found = fd.tipping(case, when="large > 1.5e18", draws=4)
    assert [moved.quantity for moved in found.lines if moved.spread] == ["big"]
    there = case.distribution("big").median * 1e9 * 1e9
    noisy = fd.loads(GAPS.replace("{expected: big", "{expected: big * (1 + 1e-15 * (idle - 1.4))"))
    for sign in (">", ">=", "<", "<="):
        assert (
            line(fd.tipping(noisy, when=f"large {sign} {there!r}", quantities=["idle"], draws=4), "idle").crossings
            == ()
        )


def test_options_that_are_equally_likely_do_not_take_turns() -> None:
    even = TEXT.replace("a: gain - price", "a: idle * 0.1 * 3 - idle * 0.3").replace("idle: 1 to 2", "idle: 1 to 1e3")
    found = fd.tipping(fd.loads(even), move="a", quantities=["idle"], draws=4)
    assert found.lines[0].crossings == ()


def test_a_range_that_stands_there_already_is_one(case: fd.Case) -> None:
    for path in ("quantities.p", "quantities.p.value"):
        found = fd.tipping(case, when="peace > 30%", vary={path: "10% to 60%"}, draws=4)
        assert [moved.quantity for moved in found.lines] == ["p"]
        assert found.lines[0].averaged is not None


def test_all_mistakes_at_once(case: fd.Case) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.tipping(
            case,
            when="pease > 50%",
            move="b",
            quantities=["q"],
            vary=["nothing", "quantities.idl=1 to 2", "quantities.idle=3"],
            two_way=("p", "p"),
            draws=0,
        )
    assert [item.code for item in caught.value.diagnostics] == ["F213", "F114", "F703", "F106", "F108", "F102", "F702"]
    with pytest.raises(fd.CaseError) as caught:
        fd.tipping(case, vary=["quantities.idl=1 to 2", "quantities.idle=3"], two_way="p,zz", draws=4)
    assert [item.code for item in caught.value.diagnostics] == ["F114", "F702", "F102"]


def test_a_quantity_of_any_name_can_be_mapped() -> None:
    named = fd.loads(TEXT.replace("idle", "answers"))
    data = fd.tipping(named, when="peace > 30%", quantities=["p"], two_way=("answers", "p"), draws=4).to_json()["map"]
    assert data["first"] == "answers"
    assert len(data["first_values"]) == len(data["answers"]) == 13


def test_refining_passes_over_points_without_an_answer() -> None:
    def label(parts):  # type: ignore[no-untyped-def]
        return [np.where((values > 0.3) & (values < 0.4), NONE, (values > 0.35).astype(int)) for _, values in parts]

    [bracket] = refine([Bracket(0, 0.0, 1.0, 0, 1)], label)
    assert (bracket.before, bracket.after) == (0, 1)
    assert bracket.low == pytest.approx(0.3, abs=0.01)
    assert bracket.high == pytest.approx(0.4, abs=0.01)
