"""On which scale an answer's spread is worth measuring: its own, or, where a few worlds make it all, its rank."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Of a normal answer, the outer 5 % make 28 % of the variance. Where they make 58 %, resampled intervals of shares from
# 256 rows still hold the truth nine times out of ten; where they make 76 %, only six times.
UNEVEN = 2 / 3
_OUTER = 0.05


def outer_share(answers: Floats, weights: Floats) -> float:
    """How much of the variance is made by the 5 % of all weight that lie farthest from the mean.

    Args:
        answers, weights: float64[draws], no nan; not all answers the same.
    """
    deviations = (answers - np.average(answers, weights=weights)) ** 2
    order = np.argsort(-deviations, kind="stable")
    before = np.cumsum(weights[order]) - weights[order]
    counted = np.clip(_OUTER * weights.sum() - before, 0.0, weights[order])
    return float(np.sum(counted * deviations[order]) / np.sum(weights * deviations))


def ranks(answers: Floats, sample: Floats, weights: Floats) -> Floats:
    """Where answers stand among a weighted sample: the share of its weight below, and half of that at the same value.

    Args:
        answers: float64 of any shape; nan stays nan. sample, weights: float64[draws]; nan is left out.
    """
    known = np.isfinite(sample)
    order = np.argsort(sample[known], kind="stable")
    ranked = sample[known][order]
    running = np.concatenate([[0.0], np.cumsum(weights[known][order])])
    below = running[np.searchsorted(ranked, answers, side="left")]
    to_here = running[np.searchsorted(ranked, answers, side="right")]
    found = (below + to_here) / 2 / max(running[-1], np.finfo(float).tiny)
    return np.where(np.isfinite(answers), found, np.nan)
