"""The check finds what is wrong, and only that."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

import foederis as fd
from foederis.solve import device, kept, kernels, loops
from foederis.solve.native import build
from foederis.solve.verify import Findings, Judgement, judge_choice, judge_values, verdict
from tests.helpers import replace_everywhere

# One state with three options, worth 3, 5 and 100, the third closed, to one actor in one draw; it cannot stay put.
WORTH = jnp.array([3.0, 5.0, 100.0])[:, None, None]
OPEN = jnp.array([True, True, False])[:, None, None]
PRECISION = jnp.array([0.5])
BETTER = math.exp(0.5 * 2) / (1 + math.exp(0.5 * 2))
SHARES = (1 - BETTER, BETTER, 0.0)


def of_choice(*shares: float) -> list[float]:
    found = judge_choice(WORTH, jnp.array(shares)[:, None, None], OPEN, PRECISION)
    return [float(number[0, 0]) for number in found]


def of_values(before: float, *shares: float) -> list[float]:
    """The first option pays 1 of its 3 points at once."""
    follows = jnp.array([2.0, 5.0, 100.0])[:, None, None, None]
    received = jnp.array([[[1.0 * shares[0]]]])
    found = judge_values(follows, received, jnp.array([[[before]]]), jnp.array(shares)[:, None, None], OPEN)
    return [float(np.max(number)) for number in found]


VALUE = 3 * SHARES[0] + 5 * SHARES[1]


def test_the_right_choice_passes() -> None:
    wrong, regret, bound, strain = of_choice(*SHARES)
    assert wrong < 1e-15
    assert regret == pytest.approx(5 - VALUE)
    assert bound == pytest.approx(math.log(2) / 0.5)
    assert strain == pytest.approx((5 - VALUE) / bound)
    assert strain < 1


@pytest.mark.parametrize("error", [1e-9, 1e-6, 1e-2, -1e-2, 0.3])
def test_a_wrong_choice_shows_by_how_much_it_is_wrong(error: float) -> None:
    wrong, *_ = of_choice(SHARES[0] + error, SHARES[1] - error, 0.0)
    assert 0.5 * abs(error) < wrong < 5 * abs(error)


def test_choosing_what_is_closed_is_wrong() -> None:
    assert of_choice(SHARES[0], SHARES[1], 1e-6)[0] == pytest.approx(1e-6, rel=1e-6)


def test_odds_are_judged_apart_from_the_chance_of_choosing_at_all() -> None:
    """In a turn that passes nine times out of ten, the shares among the options count, not their tenth."""
    wrong, regret, *_ = of_choice(*(0.1 * share for share in SHARES))
    assert wrong < 1e-15
    assert regret == pytest.approx(5 - VALUE)
    assert of_choice(0.1 * SHARES[0] + 1e-4, 0.1 * SHARES[1] - 1e-4, 0.0)[0] == pytest.approx(1e-3, rel=0.5)


def test_a_careless_choice_is_beyond_its_bound() -> None:
    """Whoever takes the worse option knowingly loses more than errors at this rationality can explain."""
    assert of_choice(1.0, 0.0, 0.0)[3] > 1


def test_a_single_option_is_bounded_by_nothing_even_without_rationality() -> None:
    found = judge_choice(WORTH[:1], jnp.ones((1, 1, 1)), OPEN[:1], jnp.array([0.0]))
    assert [float(number[0, 0]) for number in found] == [0, 0, 0, 0]


def test_right_values_pass() -> None:
    assert of_values(VALUE, *SHARES) == pytest.approx([0, 0], abs=1e-15)


@pytest.mark.parametrize("error", [1e-9, -1e-3, 2.0])
def test_wrong_values_show_by_how_much(error: float) -> None:
    assert of_values(VALUE + error, *SHARES)[0] == pytest.approx(abs(error), rel=1e-5)


@pytest.mark.parametrize("shares", [(0.5, 0.6, 0.0), (0.5, 0.4, 0.0), (-0.1, 1.1, 0.0), (1.2, -0.2, 0.0)])
def test_broken_laws_of_probability(shares: tuple[float, ...]) -> None:
    assert of_values(3 * shares[0] + 5 * shares[1], *shares)[1] == pytest.approx(max(0.1, shares[0] - 1), abs=1e-12)


@pytest.mark.parametrize("where", [0, 1])
def test_what_is_no_number_is_not_hidden(where: int) -> None:
    shares = [*SHARES]
    shares[where] = math.nan
    assert math.isnan(of_choice(*shares)[0])
    assert math.isnan(of_values(VALUE, *shares)[1])
    assert math.isnan(of_values(math.nan, *SHARES)[0])


def findings(
    error: float = 0.0, laws: float = 0.0, odds: float = 0.0, regret: float = 0.0, high: float = 0.0
) -> Findings:
    """Of two actors in three places of a chunk and two draws, the worst in one of them."""

    def wide(number: float) -> Any:
        array = np.zeros((3, 2, 2))
        array[1, 0, 1] = number
        return array

    choice = np.stack([wide(number)[:, 0] for number in (odds, regret, regret, 1.0)])
    return Findings(wide(error), wide(0.0), wide(high), wide(laws)[:, 0], choice)


NOTHING = np.zeros((2, 3))
ENDS = np.array([[-10.0, 0.0], [30.0, 0.0]])


def test_the_verdict_is_the_worst_of_all() -> None:
    seen = verdict(findings(error=4e-8, odds=1e-12, regret=0.5), ENDS, NOTHING, NOTHING)
    assert seen.residual == pytest.approx(1e-9)  # relative to the range of that actor's payoffs, 40
    assert (seen.regret, seen.bound, seen.strain) == (0.5, 1.0, 0.5)
    assert verdict(findings(laws=0.25), ENDS, NOTHING, NOTHING).residual == 0.25
    assert verdict(findings(odds=0.125), ENDS, NOTHING, NOTHING).residual == 0.125


def test_the_range_of_payoffs_is_that_of_all_values() -> None:
    wide = np.array([[-10.0, 0.0], [70.0, 0.0]])
    assert verdict(findings(error=4e-8), wide, NOTHING, NOTHING).residual == pytest.approx(0.5e-9)
    assert verdict(findings(error=4e-8), ENDS, NOTHING + 70, NOTHING + 70).residual == pytest.approx(0.5e-9)
    assert verdict(findings(error=4e-8, high=70.0), ENDS, NOTHING, NOTHING).residual == pytest.approx(0.5e-9)


def test_forwards_must_meet_backwards() -> None:
    met = NOTHING.copy()
    met[0, 2] = 4e-3
    assert verdict(findings(), ENDS, NOTHING, met).residual == pytest.approx(1e-4)


@pytest.mark.parametrize("kind", ["error", "laws", "odds"])
def test_a_verdict_over_no_numbers_is_none(kind: str) -> None:
    assert math.isnan(verdict(findings(**{kind: math.nan}), ENDS, NOTHING, NOTHING).residual)
    assert math.isnan(verdict(findings(), ENDS, np.full((2, 3), math.nan), NOTHING).residual)


def test_the_worse_of_two_verdicts() -> None:
    one, other = Judgement(1e-12, 3.0, 4.0, 0.5), Judgement(1e-10, 2.0, 9.0, 0.7)
    assert one.worse(other) == other.worse(one) == Judgement(1e-10, 3.0, 4.0, 0.7)
    assert math.isnan(one.worse(Judgement(math.nan, 0.0, 0.0, 0.0)).residual)


@pytest.mark.parametrize(
    ("kernel", "spoil"),
    [
        (
            kernels.logit,
            lambda kernel: lambda values, is_open, rationality: kernel(values, is_open, rationality * 1.001),
        ),
        (kernels.mix, lambda kernel: lambda *arguments: kernel(*arguments) * (1 + 1e-6)),
        (loops.shares_at, lambda kernel: lambda *arguments: kernel(*arguments) * (1 - 1e-6)),
        (loops.end_values, lambda kernel: lambda values, *rest: kernel(values, *rest) + 1e-3),
    ],
    ids=["logit", "mix", "shares_at", "end_values"],
)
def test_a_solver_with_an_error_is_found_out(
    monkeypatch: pytest.MonkeyPatch, kernel: Callable[..., Any], spoil: Callable[[Any], Any]
) -> None:
    monkeypatch.setattr(build, "library", lambda: None)
    replace_everywhere(monkeypatch, kernel, spoil(kernel))
    monkeypatch.setattr(kept, "place_of", lambda name: None)
    device.forget()
    try:
        with pytest.raises(fd.ResidualError, match="not to be trusted"):
            fd.solve(fd.load("patron"), at="median")
    finally:
        device.forget()


@pytest.mark.parametrize("case", ["deterrence", "patron"])
def test_regret_stays_within_its_bound(case: str) -> None:
    check = fd.solve(fd.load(case), draws=32).check
    assert check.residual < 1e-12
    assert 0 < check.regret <= check.regret_bound
    assert check.strain <= 1
