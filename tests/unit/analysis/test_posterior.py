"""Worlds given observations: weights worked out by hand, moved worlds against weighted ones, what cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import foederis as fd
from foederis.analysis import posterior
from foederis.analysis.posterior import sample
from foederis.analysis.standing import log_mean, weights_of
from foederis.language.news import add_observed, read_news

COINS = """
foederis: 1
title: Coins
clock: {step: 1 week, steps: 6}
state: {tossed: 0..6, heads: 0..6}
quantities:
  p: beta(2, 3)
  idle: 1 to 9
events:
  toss: {chance: p, sets: {heads: heads + 1}}
  count: {chance: 1, sets: {tossed: tossed + 1}}
questions: {many: {at_end: heads >= 5}, mean: {expected: p}}
"""
TOSSES = [True, True, False, True, True]
SEEN = [{"step": step, "toss": head} for step, head in enumerate(TOSSES)]


def test_weights_are_likelihoods() -> None:
    case = add_observed(fd.loads(COINS), SEEN)
    found = sample(case, 256, seed=0)
    p = found.worlds(case)["p"]
    assert found.standing is not None
    np.testing.assert_allclose(found.standing.evidence, 4 * np.log(p) + np.log(1 - p), atol=1e-12)
    weights = p**4 * (1 - p)
    np.testing.assert_allclose(found.weights, weights / weights.mean())
    assert found.standing.effective == pytest.approx(weights.sum() ** 2 / (weights**2).sum())


def test_the_posterior_of_a_coin() -> None:
    """A beta distribution with two numbers more for every toss."""
    answer = fd.solve(add_observed(fd.loads(COINS), SEEN), draws=4096)
    mean = answer.questions["mean"]
    assert isinstance(mean, fd.Estimate)
    assert mean.mean == pytest.approx(6 / 10, abs=2e-3)  # beta(2 + 4, 3 + 1)
    assert (mean.p05, mean.p95) == pytest.approx((0.34494, 0.83125), abs=5e-3)
    many = answer.questions["many"]
    assert isinstance(many, fd.Estimate)
    assert many.mean == pytest.approx(0.6, abs=2e-3)  # four heads of five, and one toss to come


def test_moved_worlds_tell_the_same() -> None:
    case = add_observed(fd.loads(COINS), SEEN)
    found = sample(case, 1024, seed=1, plain=True)
    assert found.weights is None
    assert found.standing is not None
    assert found.standing.moved is not None
    assert found.standing.moved.distinct > 900
    worlds = found.worlds(case)
    assert worlds["p"].mean() == pytest.approx(0.6, abs=0.012)
    assert worlds["p"].std() == pytest.approx(np.sqrt(0.6 * 0.4 / 11), rel=0.08)
    assert np.log(worlds["idle"]).mean() == pytest.approx(np.log(3), abs=0.06)  # nothing was learnt of it
    assert np.log(worlds["idle"]).std() == pytest.approx(0.668, rel=0.08)


def test_worlds_are_moved_where_few_count(monkeypatch: pytest.MonkeyPatch) -> None:
    case = add_observed(fd.loads(COINS), SEEN)
    standing = sample(case, 256, seed=0).standing
    assert standing is not None
    assert standing.moved is None
    monkeypatch.setattr(posterior, "FEWEST", standing.effective / 256 + 0.01)
    moved = sample(case, 256, seed=0).standing
    assert moved is not None
    assert moved.moved is not None
    assert moved.drawn == standing.effective


def test_what_is_certain_changes_nothing() -> None:
    case = fd.loads(COINS)
    seen = add_observed(case, [{"step": 0, "count": True}, {"step": 1, "state": {"tossed": "2"}}])
    plain, given = fd.solve(case, draws=64), fd.solve(seen, draws=64)
    for name, reply in plain.questions.items():
        other = given.questions[name]
        assert isinstance(reply, fd.Estimate)
        assert isinstance(other, fd.Estimate)
        np.testing.assert_allclose(other.draws, reply.draws, atol=1e-12)
        assert other.mean == pytest.approx(reply.mean, abs=1e-12)
    np.testing.assert_allclose(given.weights, 1)


def test_the_order_of_observations_does_not_matter() -> None:
    case = fd.loads(COINS)
    one, other = (fd.solve(add_observed(case, seen), draws=64) for seen in (SEEN, SEEN[::-1]))
    np.testing.assert_allclose(one.weights, other.weights, rtol=1e-12)


def test_dropped_draws_are_counted() -> None:
    text = COINS.replace("p: beta(2, 3)", "p: choice(0 = 25%, 0.5 = 75%)").replace("{expected: p}", "{expected: heads}")
    case = add_observed(fd.loads(text), [{"step": 0, "toss": True}])
    answer = fd.solve(case, draws=64)
    assert answer.standing is not None
    assert answer.standing.dropped == 16
    many = answer.questions["many"]
    assert isinstance(many, fd.Estimate)
    assert many.left_out == 0
    assert np.isnan(many.draws).sum() == 16
    assert many.mean == pytest.approx(6 / 32)  # four or five more heads of five


def test_the_first_that_cannot_be_is_named(tmp_path: Path) -> None:
    seen = [
        {"step": 0, "count": True},
        {"step": 1, "toss": "yes | no"},
        {"step": 1, "count": False},
        {"step": 2, "toss": True},
    ]
    with pytest.raises(fd.CaseError) as caught:
        fd.solve(add_observed(fd.loads(COINS), seen), draws=8)
    [item] = caught.value.diagnostics
    assert (item.code, item.span.line if item.span else 0) == ("F335", 4)
    news = tmp_path / "news.yaml"
    news.write_text("observed:\n  - {step: 0, toss: yes}\n  - {step: 0, count: no}\n", encoding="utf-8")
    with pytest.raises(fd.CaseError) as caught:
        fd.solve(read_news(fd.loads(COINS, filename="coins.yaml"), news), draws=8)
    assert caught.value.filename == "news.yaml"
    assert "step 0 (`count: no`)" in str(caught.value)


def test_many_observations_do_not_underflow() -> None:
    text = COINS.replace("steps: 6", "steps: 1200").replace("0..6", "0..1").replace("beta(2, 3)", "uniform(0.4, 0.6)")
    case = add_observed(fd.loads(text), [{"step": step, "toss": step % 2 == 0} for step in range(1200)])
    found = sample(case, 16, seed=0)
    assert found.standing is not None
    p = found.worlds(case)["p"]
    assert found.standing.evidence.max() < -800  # exp(-800) is 0 in floating point
    np.testing.assert_allclose(found.standing.evidence, 600 * np.log(p * (1 - p)), rtol=1e-9)


def test_means_of_logarithms() -> None:
    logs = np.array([-2000.0, -2001.0, -np.inf])
    assert log_mean(logs) == pytest.approx(-2000 + np.log((1 + np.exp(-1)) / 3))
    assert weights_of(logs).mean() == pytest.approx(1)
    assert weights_of(logs)[2] == 0
