"""Scores by hand, and intervals against the one for shares."""

from __future__ import annotations

import numpy as np
import pytest

from foederis.history.backtest.joining import area
from foederis.history.backtest.scores import brier, calibration, log_loss, mean_by_war
from foederis.history.intervals import by_cluster

FORETOLD = np.array([0.9, 0.8, 0.25, 0.0, 0.2])
CAME = np.array([1.0, 0.0, 1.0, 0.0, 0.0])


def test_losses() -> None:
    assert brier(FORETOLD, CAME) == pytest.approx([0.01, 0.64, 0.5625, 0.0, 0.04])
    assert log_loss(FORETOLD, CAME) == pytest.approx(-np.log([0.9, 0.2, 0.25, 1.0, 0.8]))
    assert np.isinf(log_loss(np.array([0.0]), np.array([1.0]))[0])


def test_intervals_are_those_of_shares_where_losses_are_0_and_1() -> None:
    wars = [7, 7, 7, 2, 2, 9, 4, 4, 4, 4, 1, 1]
    lost = np.array([1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0], dtype=float)
    names = sorted(set(wars))
    kept = np.array([int(lost[np.array(wars) == war].sum()) for war in names])
    cases = np.array([wars.count(war) for war in names])
    assert mean_by_war(lost, wars, seed=3, resamples=800) == by_cluster(kept, cases, seed=3, resamples=800)
    # Cases that share a war's fate say less than as many by themselves.
    alone = mean_by_war(lost, list(range(12)), seed=3)
    together = mean_by_war(lost, wars, seed=3)
    assert together.high - together.low > alone.high - alone.low


def test_one_war_says_nothing_of_how_wars_differ() -> None:
    interval = mean_by_war(np.array([0.1, 0.4]), [5, 5])
    assert np.isnan([interval.low, interval.high]).all()


def test_calibration() -> None:
    foretold = np.array([0.05, 0.15, 0.2, 0.95, 1.0, 0.9])
    came = np.array([0.0, 0.0, 1.0, 1.0, 1.0, 0.0])
    first, second, last = calibration(foretold, came, [1, 2, 3, 4, 5, 6])
    assert (first.low, first.high, first.cases, first.kept) == (0.0, 0.2, 2, 0.0)
    assert first.foretold == pytest.approx(0.1)
    assert np.isnan(first.by_war.low)  # all samples of none are none, which is no certainty
    assert (second.low, second.cases, second.kept) == (0.2, 1, 1.0)
    assert (last.high, last.cases, last.kept) == (1.0, 3, pytest.approx(2 / 3))
    assert last.by_war.low < last.kept < last.by_war.high


def test_the_area_counts_pairs() -> None:
    foretold = np.array([0.1, 0.4, 0.35, 0.8, 0.4])
    came = np.array([0.0, 0.0, 1.0, 1.0, 1.0])
    pairs = [(hit > miss) + (hit == miss) / 2 for hit in foretold[came > 0] for miss in foretold[came == 0]]
    assert area(foretold, came) == pytest.approx(np.mean(pairs))
    assert np.isnan(area(foretold, np.zeros(5)))
