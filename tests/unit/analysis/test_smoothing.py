"""Smoothing meets functions that are known, leaves noise alone, and leaves out as it says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from foederis.analysis.smoothing import FEW, Floats, Smoother, normal_scores


def normal(seed: int, count: int, inputs: int = 1) -> Floats:
    return np.random.default_rng(seed).standard_normal((count, inputs))


def test_normal_scores_are_quantiles_of_mean_ranks() -> None:
    values = np.array([3.0, -1.0, 3.0, 10.0])
    expected = stats.norm.ppf((stats.rankdata(values) - 0.5) / 4)
    np.testing.assert_allclose(normal_scores(values), expected, atol=1e-12)
    np.testing.assert_allclose(normal_scores(np.exp(values)), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("curve", "within"),
    [
        (lambda z: 2 * z, 0.1),
        (lambda z: z**2, 0.25),
        (lambda z: np.sin(2 * z), 0.25),
        (lambda z: np.where(z > 0.5, 1.0, 0.0), 0.35),
    ],
)
def test_it_meets_curves_in_noise(curve: Callable[[Floats], Floats], within: float) -> None:
    z = normal(1, 2000)
    truth = curve(z[:, 0])
    outcome = truth + truth.std() * normal(2, 2000)[:, 0]
    fit = Smoother(np.exp(z)).fit(outcome)
    assert np.sqrt(np.mean((fit.fitted - truth) ** 2)) < within * truth.std()
    assert fit.noise == pytest.approx(truth.std() ** 2, rel=0.15)


def test_a_straight_line_is_not_bent() -> None:
    z = np.sort(normal(3, 500), axis=0)
    fit = Smoother(z).fit(normal_scores(z[:, 0]) + 1e-9 * normal(4, 500)[:, 0])
    np.testing.assert_allclose(fit.fitted, normal_scores(z[:, 0]), atol=1e-6)


def test_no_more_freedom_is_taken_than_helps() -> None:
    free = [Smoother(normal(seed, 200)).fit(normal(seed + 500, 200)[:, 0]).freedom for seed in range(40)]
    assert np.median(free) < 3
    z = normal(5, 2000)
    assert Smoother(z).fit(np.sin(3 * z[:, 0]) + 0.1 * normal(6, 2000)[:, 0]).freedom > 8


def test_leaving_one_out_is_fitting_without_it() -> None:
    """At no smoothing, where the basis does not depend on what is left out if the scores are kept."""
    random = np.random.default_rng(5)
    inputs = random.choice([1.0, 2.0, 5.0], (60, 1))
    outcome = random.standard_normal(60) + inputs[:, 0]
    fit = Smoother(inputs).fit(outcome)
    for place in range(60):
        others = (inputs[:, 0] == inputs[place, 0]) & (np.arange(60) != place)
        assert fit.left_out[place] == pytest.approx(outcome[others].mean(), abs=1e-9)
    assert fit.freedom == pytest.approx(3)


def test_a_penalised_fit_leaves_out_as_it_says() -> None:
    z = normal(6, 120)
    outcome = np.sin(2 * z[:, 0]) + 0.5 * normal(7, 120)[:, 0]
    smoother = Smoother(z)
    fit = smoother.fit(outcome)
    # The penalty that was chosen, from the freedom that it leaves.
    grid = np.logspace(-8, 4, 4001)
    freedom = (1 / (1 + grid[:, None] * smoother.roughness)).sum(axis=1)
    penalty = grid[np.argmin(np.abs(freedom - fit.freedom))]
    for place in (0, 17, 80):
        kept = np.arange(120) != place
        basis = smoother.basis[kept]
        solved = np.linalg.solve(basis.T @ basis + penalty * np.diag(smoother.roughness), basis.T @ outcome[kept])
        assert fit.left_out[place] == pytest.approx(float(smoother.basis[place] @ solved), abs=2e-3)


def test_few_values_are_classes() -> None:
    random = np.random.default_rng(8)
    inputs = random.choice(np.arange(float(FEW)), (3000, 1))
    means = random.standard_normal(FEW)
    outcome = means[inputs[:, 0].astype(int)]
    np.testing.assert_allclose(Smoother(inputs).fit(outcome).fitted, outcome, atol=1e-9)


def test_several_inputs_with_what_they_do_together() -> None:
    z = normal(9, 2000, 2)
    together = z[:, 0] * z[:, 1]
    outcome = together + normal(10, 2000)[:, 0]
    assert Smoother(z).fit(outcome).noise == pytest.approx(1, abs=0.1)
    for place in (0, 1):
        assert Smoother(z[:, [place]]).fit(outcome).noise == pytest.approx(2, abs=0.2)
    many = normal(11, 600, 15)
    assert Smoother(many).fit(many.sum(axis=1)).noise < 0.05


def test_inputs_that_say_the_same_count_once() -> None:
    z = normal(12, 400)
    outcome = z[:, 0] + normal(13, 400)[:, 0]
    twice = Smoother(np.column_stack([z, np.exp(z)])).fit(outcome)
    once = Smoother(z).fit(outcome)
    assert twice.noise == pytest.approx(once.noise, rel=0.02)
    assert np.isfinite(Smoother(np.ones((50, 1))).fit(outcome[:50]).fitted).all()


def test_a_draw_that_is_alone_says_nothing_of_itself() -> None:
    inputs = np.array([[0.0]] * 99 + [[1.0]])
    outcome = np.append(np.zeros(99), 50.0)
    fit = Smoother(inputs).fit(outcome)
    assert fit.left_out[-1] == pytest.approx(0.5)
    assert np.isfinite(fit.left_out).all()


def test_chance_is_uniform_where_there_is_nothing_and_small_where_there_is_something() -> None:
    found = []
    for seed in range(200):
        z = normal(seed, 200)
        found.append(Smoother(z).chance(normal(10_000 + seed, 200)[:, 0]))
    # Twice the smaller of two that go together is rather too large than too small.
    assert 0.01 < np.mean(np.array(found) < 0.05) < 0.07
    z = normal(1, 300)
    for signal in (z[:, 0], z[:, 0] ** 2, np.sin(3 * z[:, 0])):
        assert Smoother(z).chance(signal + normal(2, 300)[:, 0]) < 1e-4
    both = normal(3, 300, 2)
    assert Smoother(both).chance(both[:, 0] * both[:, 1] + normal(4, 300)[:, 0]) < 1e-4
    classes = np.random.default_rng(5).integers(0, 3, 300)
    outcome = classes * 0.1 + z[:, 0]
    expected = stats.f_oneway(*(outcome[classes == place] for place in range(3))).pvalue  # both tests are this one
    assert Smoother(classes[:, None].astype(float)).chance(outcome) == pytest.approx(2 * expected, rel=1e-9)
    assert Smoother(z).chance(np.ones(300)) == 1.0
    assert Smoother(np.ones((300, 1))).chance(z[:, 0]) == 1.0
    classes = np.repeat([1.0, 2.0], 150)
    assert Smoother(classes[:, None]).chance(classes) < 1e-9
