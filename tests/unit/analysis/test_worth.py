"""The worth of learning something, where it is known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from foederis.analysis.smoothing import Floats, Smoother, normal_scores
from foederis.analysis.worth import choice_value, forecast_value, reported


def normal_loss(mean: float, deviation: float) -> float:
    """E max(0, N(mean, deviation)) - max(0, mean): Raiffa & Schlaifer's unit normal loss integral."""
    u = abs(mean) / deviation
    return float(deviation * (stats.norm.pdf(u) - u * stats.norm.sf(u)))


def pair(seed: int, correlation: float, count: int = 4096) -> tuple[Floats, Floats]:
    """An input and an outcome, standard normal, with this correlation."""
    drawn = np.random.default_rng(seed).standard_normal((count, 2))
    return drawn[:, [0]], correlation * drawn[:, 0] + math.sqrt(1 - correlation**2) * drawn[:, 1]


@pytest.mark.parametrize("correlation", [0.1, 0.3, 0.7, 1.0])
def test_a_forecast_gains_the_variance_that_is_explained(correlation: float) -> None:
    inputs, outcome = pair(1, correlation)
    found = forecast_value(outcome, np.exp(inputs))
    assert found.value == pytest.approx(correlation**2, abs=0.03)
    assert found.low <= correlation**2 <= found.high
    assert found.chance < 1e-6


@pytest.mark.parametrize("mean", [-1.0, -0.4, 0.3])
@pytest.mark.parametrize("correlation", [0.3, 0.7, 1.0])
def test_a_choice_gains_the_normal_loss_integral(mean: float, correlation: float) -> None:
    inputs, outcome = pair(2, correlation)
    worths = np.stack([np.full(len(outcome), 5.0), 5 + mean + outcome], axis=1)
    found = choice_value(worths, inputs)
    expected = normal_loss(mean, correlation)
    assert found.value == pytest.approx(expected, abs=0.02)
    assert found.low - 0.003 <= expected <= found.high + 0.003
    assert float(np.mean(found.after == 1)) == pytest.approx(stats.norm.cdf(mean / correlation), abs=0.05)


def test_intervals_hold_nine_times_in_ten() -> None:
    held = {"forecast": 0, "choice": 0}
    for seed in range(200):
        inputs, outcome = pair(seed, 0.6, count=400)
        one = forecast_value(outcome, inputs)
        held["forecast"] += one.low <= 0.36 <= one.high
        two = choice_value(np.stack([np.zeros(400), outcome - 0.3], axis=1), inputs)
        held["choice"] += two.low <= normal_loss(-0.3, 0.6) <= two.high
    assert all(160 <= count <= 196 for count in held.values()), held


def test_an_interval_allows_for_what_a_fit_finds_in_noise() -> None:
    """Where inputs say nothing, a fit of f parameters explains noise with a deviation of sqrt(2 f) times its variance
    over the number of draws; no interval is narrower."""
    for seed in range(20):
        inputs, outcome = pair(seed, 0.0, count=400)
        fit, found = Smoother(inputs).fit(outcome), forecast_value(outcome, inputs)
        estimate = np.var(outcome, ddof=1) - fit.noise
        assert found.high >= max(0, estimate + 1.64 * math.sqrt(2 * (fit.freedom - 1)) * fit.noise / 400)


def test_what_says_nothing_is_worth_nothing() -> None:
    values, chances = [], []
    for seed in range(100):
        inputs, outcome = pair(seed, 0.0, count=500)
        one = forecast_value(outcome, inputs)
        two = choice_value(np.stack([np.zeros(500), outcome - 0.2], axis=1), inputs)
        values.append((one.value, two.value))
        chances.append((one.chance, two.chance))
    assert np.mean(values, axis=0) == pytest.approx([0, 0], abs=0.005)
    assert (np.mean(np.array(chances) < 0.05, axis=0) < 0.1).all()


def test_even_where_two_options_are_equal_on_average() -> None:
    values = []
    for seed in range(100):
        inputs, outcome = pair(seed, 0.0, count=500)
        values.append(choice_value(np.stack([np.zeros(500), outcome], axis=1), inputs).value)
    assert np.mean(values) < 0.01


@pytest.mark.parametrize("accuracy", [0.3, 0.7])
def test_a_report_is_worth_the_square_of_its_accuracy(accuracy: float) -> None:
    inputs, outcome = pair(3, 0.8)
    report = reported(np.exp(inputs), accuracy, seed=0)
    assert np.corrcoef(report[:, 0], inputs[:, 0])[0, 1] == pytest.approx(accuracy, abs=0.03)
    assert forecast_value(outcome, report).value == pytest.approx((0.8 * accuracy) ** 2, abs=0.03)
    worths = np.stack([np.zeros(len(outcome)), outcome - 0.3], axis=1)
    assert choice_value(worths, report).value == pytest.approx(normal_loss(-0.3, 0.8 * accuracy), abs=0.02)


def test_reports_are_the_same_for_the_same_seed() -> None:
    inputs = np.random.default_rng(0).choice([1.0, 2.0], (500, 2))
    one, other = (reported(inputs, 0.9, seed=seed) for seed in (4, 5))
    np.testing.assert_array_equal(one, reported(inputs, 0.9, seed=4))
    assert (one != other).any()
    assert abs(np.corrcoef(one.T)[0, 1]) < 0.15
    # What is equal is reported in no order of the draws.
    first = inputs[:, 0] == 1
    assert abs(np.corrcoef(one[first, 0], np.arange(500)[first])[0, 1]) < 0.15
    exact = reported(inputs, 1.0, seed=4)
    assert abs(np.corrcoef(exact[first, 0], np.arange(500)[first])[0, 1]) < 0.15
    assert exact[inputs[:, 0] == 1, 0].max() < exact[inputs[:, 0] == 2, 0].min()
    np.testing.assert_allclose(np.sort(exact[:, 0]), np.sort(normal_scores(np.arange(500.0))))


def test_three_options() -> None:
    """Of three, two of which pay in opposite tails."""
    inputs, outcome = pair(6, 1.0)
    worths = np.stack([outcome - 1, np.zeros(len(outcome)), -outcome - 1], axis=1)
    found = choice_value(worths, inputs)
    assert found.value == pytest.approx(2 * normal_loss(-1, 1), abs=0.02)
    shares = [float(np.mean(found.after == place)) for place in range(3)]
    assert shares == pytest.approx([stats.norm.sf(1), 1 - 2 * stats.norm.sf(1), stats.norm.sf(1)], abs=0.03)


def test_options_that_are_the_same_leave_nothing_to_choose() -> None:
    inputs, outcome = pair(7, 0.5)
    found = choice_value(np.stack([outcome, outcome, outcome - 9], axis=1), inputs)
    assert (found.value, found.high, found.chance) == (0.0, 0.0, 1.0)
    assert set(found.after) == {0}


@pytest.mark.parametrize(("changed", "told"), [(12, False), (25, True)])
def test_too_few_changes_say_nothing(changed: int, told: bool) -> None:
    rare = np.arange(2000) < changed
    found = choice_value(np.stack([np.zeros(2000), np.where(rare, 5.0, -1.0)], axis=1), rare[:, None].astype(float))
    assert found.value == pytest.approx(5 * changed / 2000)
    gained = np.where(rare, 5.0, 0.0)
    expected = stats.norm.sf(gained.mean() / gained.std() * math.sqrt(2000)) if told else 1.0
    assert found.chance == pytest.approx(expected, rel=1e-6)
