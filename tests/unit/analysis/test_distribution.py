"""Distributions of losses, held against samples in which every case is written out as often as it weighs."""

from __future__ import annotations

import numpy as np
import pytest

from foederis.analysis.distribution import LossDistribution

DRAWS, CASES = 5, 200  # worlds; cases in each, all of them equally likely


@pytest.fixture(scope="module", params=range(4))
def sample(request: pytest.FixtureRequest) -> tuple[LossDistribution, np.ndarray]:
    """A distribution, and float64[worlds, cases]: the same written out. Losses come in lumps."""
    random = np.random.default_rng(request.param)
    classes = 7
    loss = random.choice([0.0, 0.0, 1.0, 2.5, 7.0], size=(classes, DRAWS)) + random.integers(0, 2, (classes, 1))
    counts = np.stack([random.multinomial(CASES, random.dirichlet(np.ones(classes))) for _ in range(DRAWS)], axis=1)
    written = np.stack([np.repeat(loss[:, draw], counts[:, draw]) for draw in range(DRAWS)])
    return LossDistribution(loss, counts / (CASES * DRAWS)), written


def test_mean_and_quantiles(sample: tuple[LossDistribution, np.ndarray]) -> None:
    losses, written = sample
    assert losses.probability == pytest.approx(1, abs=1e-12)
    assert losses.mean == pytest.approx(written.mean(), abs=1e-12)
    for share in (0.001, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999):
        assert losses.quantile(share) == np.quantile(written, share, method="inverted_cdf")
    assert losses.largest == written.max()
    np.testing.assert_allclose(losses.by_world, written.mean(axis=1), atol=1e-12)


def test_shortfall_is_the_mean_of_the_worst_cases(sample: tuple[LossDistribution, np.ndarray]) -> None:
    losses, written = sample
    worst = np.sort(written.ravel())[::-1]
    for level in (0.5, 0.9, 0.95, 0.99):
        count = round((1 - level) * worst.size)
        assert losses.shortfall(level) == pytest.approx(worst[:count].mean(), abs=1e-9)
    # 1.5 cases: the worst, and half of the next
    assert losses.shortfall(1 - 1.5 / worst.size) == pytest.approx((worst[0] + worst[1] / 2) / 1.5, abs=1e-9)


def test_exceedance(sample: tuple[LossDistribution, np.ndarray]) -> None:
    losses, written = sample
    amounts = np.array([-1.0, 0.0, 0.5, 1.0, 2.5, 3.5, 100.0])
    expected = [(written > amount).mean() for amount in amounts]
    np.testing.assert_allclose(losses.exceeds(amounts), expected, atol=1e-12)


def test_the_variances_add_up(sample: tuple[LossDistribution, np.ndarray]) -> None:
    losses, written = sample
    assert losses.between == pytest.approx(written.mean(axis=1).var(), abs=1e-12)
    assert losses.within == pytest.approx(written.var(axis=1).mean(), abs=1e-12)
    assert losses.between + losses.within == pytest.approx(written.var(), abs=1e-12)


def test_given_a_condition(sample: tuple[LossDistribution, np.ndarray]) -> None:
    losses, written = sample
    heavy = losses.given(losses.loss >= 2)
    assert heavy is not None
    kept = written[written >= 2]
    assert heavy.probability == pytest.approx(kept.size / written.size, abs=1e-12)
    assert heavy.mean == pytest.approx(kept.mean(), abs=1e-12)
    assert heavy.quantile(0.5) == np.quantile(kept, 0.5, method="inverted_cdf")
    assert heavy.between + heavy.within == pytest.approx(kept.var(), abs=1e-12)
    assert losses.given(losses.loss > 100) is None


def test_how_many_worlds_a_tail_rests_on() -> None:
    loss = np.array([[0.0] * 8, [5.0] * 8])
    alike = LossDistribution(loss, np.array([[0.9] * 8, [0.1] * 8]) / 8)
    assert alike.worlds_in_tail(0.95) == pytest.approx(8)  # though half of the lump would do
    one = np.array([[1.0] * 7 + [0.0], [0.0] * 7 + [1.0]]) / 8
    assert LossDistribution(loss, one).worlds_in_tail(0.95) == pytest.approx(1)
    uneven = np.array([[0.5] * 8, [0.5] * 8]) / 8
    uneven[:, 0] = 0.4 / 8, 0.6 / 8
    parts = uneven[1]
    expected = parts.sum() ** 2 / (parts**2).sum()
    assert LossDistribution(loss, uneven).worlds_in_tail(0.9) == pytest.approx(expected)


def test_a_loss_that_is_certain() -> None:
    losses = LossDistribution(np.full((1, 4), 3.0), np.full((1, 4), 0.25))
    assert (losses.mean, losses.quantile(0.05), losses.quantile(0.99), losses.shortfall(0.99)) == (3, 3, 3, 3)
    assert (losses.between, losses.within) == (0, 0)
    assert list(losses.exceeds([2, 3, 4])) == [1, 0, 0]


def test_a_quantile_on_the_border_is_the_smaller_loss() -> None:
    losses = LossDistribution(np.array([[0.0] * 3, [5.0] * 3]), np.array([[0.95] * 3, [0.05] * 3]) / 3)
    assert losses.quantile(0.95) == 0
    assert losses.quantile(0.9501) == 5
    assert losses.shortfall(0.95) == pytest.approx(5)
