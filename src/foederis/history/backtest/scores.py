"""How good probabilities were: Brier score, log loss, calibration; how sure that is, with whole wars drawn anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from foederis.history.intervals import LEVEL, Interval

Floats = NDArray[np.float64]
RESAMPLES = 5_000


def brier(foretold: Floats, came: Floats) -> Floats:
    """float64[cases]: squared errors; 0 is perfect, a coin has 0.25.

    Source: Brier (1950), Monthly Weather Review 78(1): 1-3.
    """
    return np.asarray((foretold - came) ** 2)


def log_loss(foretold: Floats, came: Floats) -> Floats:
    """float64[cases]: minus the logarithm of how likely what came was held; infinite if it was held impossible.

    Source: Good (1952), Journal of the Royal Statistical Society B 14(1): 107-114.
    """
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(np.where(came > 0, foretold, 1 - foretold)))


@lru_cache(maxsize=64)
def _drawn(wars: int, seed: int, resamples: int) -> NDArray[np.int64]:
    """int64[resamples, wars]: how often each war is drawn; one for all scores of as many wars."""
    return np.random.default_rng(seed).multinomial(wars, np.full(wars, 1 / wars), size=resamples)


def mean_by_war(
    losses: Floats, wars: Sequence[int], *, seed: int = 0, resamples: int = RESAMPLES, level: float = LEVEL
) -> Interval:
    """A bootstrap interval of the mean over cases, drawing whole wars with replacement; nan with less than two wars.

    Source: Field & Welsh (2007), Journal of the Royal Statistical Society B 69(3): 369-390.
    """
    names, group = np.unique(np.asarray(wars), return_inverse=True)
    if len(names) < 2:
        return Interval(float("nan"), float("nan"))
    sums = np.bincount(group, weights=losses)
    counts = np.bincount(group)
    times = _drawn(len(names), seed, resamples)
    low, high = np.quantile((times @ sums) / (times @ counts), [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


@dataclass(frozen=True)
class Bin:
    """Cases whose probabilities were alike.

    Attributes:
        low, high: between which they lay; foretold: their mean; kept: the share that came true.
        by_war: its interval, drawing whole wars; nan where all or none came true, since every sample says the same.
    """

    low: float
    high: float
    cases: int
    foretold: float
    kept: float
    by_war: Interval


EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def calibration(foretold: Floats, came: Floats, wars: Sequence[int], *, seed: int = 0) -> tuple[Bin, ...]:
    """Foretold and true shares in five bins of the same width; bins without cases are left out."""
    place = np.clip(np.digitize(foretold, EDGES) - 1, 0, len(EDGES) - 2)
    every = np.asarray(wars)
    found = []
    for k in range(len(EDGES) - 1):
        there = place == k
        if there.any():
            shares = float(foretold[there].mean()), float(came[there].mean())
            interval = mean_by_war(came[there], every[there].tolist(), seed=seed)
            if shares[1] in (0.0, 1.0):
                interval = Interval(float("nan"), float("nan"))
            found.append(Bin(EDGES[k], EDGES[k + 1], int(there.sum()), *shares, interval))
    return tuple(found)
