"""How far an answer's whole distribution shifts when one input is known: PAWN on a given sample, weighted or not.

For each slice of an input's range, the Kolmogorov-Smirnov distance between the answer's distribution inside the slice
and over the whole sample; the index is the median over slices. It counts ranks and not sizes, so that a few extreme
answers do not rule it.

Sources: Pianosi & Wagener (2015), Environmental Modelling & Software 67: 1-11; (2018), 108: 197-207 (given samples);
Khorashadi Zadeh et al. (2017), 91: 210-222 (a dummy input as the measure of noise).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SLICES = 10


def slices_of(values: Floats, weights: Floats, count: int = SLICES) -> NDArray[np.int64]:
    """int64[draws]: the slice that each value is in, 0 to count - 1, all slices of about the same weight."""
    order = np.argsort(values, kind="stable")
    share = (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum()
    found = np.empty(len(values), dtype=np.int64)
    found[order] = np.minimum((share * count).astype(np.int64), count - 1)
    return found


class Ranked:
    """A weighted sample, put in order once for many comparisons.

    Attributes:
        order: int64[draws]; weights and whole: float64[draws] in that order, weights and their running share.
        ends: bool[draws]: the last of each run of equal values, where distribution functions may be compared.
    """

    def __init__(self, values: Floats, weights: Floats):
        self.order = np.argsort(values, kind="stable")
        ranked = values[self.order]
        self.ends = np.append(ranked[1:] != ranked[:-1], True)
        self.weights = weights[self.order]
        self.whole = np.cumsum(self.weights) / self.weights.sum()

    def distances(self, parts: Floats) -> Floats:
        """float64[parts]: the Kolmogorov-Smirnov distance of each part from the whole; nan for one without weight.

        Args:
            parts: float64[parts, draws], how much of each draw's weight counts in a part.
        """
        running = np.cumsum(parts[:, self.order] * self.weights, axis=1)
        total = running[:, -1:]
        with np.errstate(invalid="ignore"):
            gaps = np.abs(running / np.where(total > 0, total, np.nan) - self.whole)
        return np.asarray(gaps[:, self.ends].max(axis=1), dtype=np.float64)


def pawn(answers: Floats, inputs: Floats, weights: Floats, slices: int = SLICES) -> Floats:
    """float64[inputs], 0 to 1.

    Args:
        answers: float64[draws]; inputs: float64[inputs, draws]; weights: float64[draws], not negative.
    """
    ranked = Ranked(answers, weights)
    places = np.arange(slices)[:, None]
    found = np.empty(len(inputs))
    for place, values in enumerate(inputs):
        parts = slices_of(values, weights, slices) == places
        found[place] = np.nanmedian(ranked.distances(parts.astype(np.float64)))
    return found


def noise(answers: Floats, weights: Floats, many: int, *, seed: int, slices: int = SLICES) -> float:
    """What the largest index of so many inputs that do nothing stays below 95 times in 100 on this sample."""
    idle = dummies(len(answers), many, seed=seed)
    return limit(pawn(answers, idle, weights, slices), many)


def dummies(draws: int, many: int, *, seed: int) -> Floats:
    """float64[dummies, draws]: inputs that do nothing, enough of them to tell what the largest of so many comes to."""
    return np.random.default_rng([seed, draws]).uniform(size=(max(200, 25 * many), draws))


def limit(idle: Floats, many: int) -> float:
    """What the largest of so many stays below 95 times in 100, from values of inputs that do nothing."""
    return float(np.quantile(idle, 0.95 ** (1 / many)))
