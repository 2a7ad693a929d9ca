"""What a weighted sample of worlds says: how it differs from the plain one, and what an answer in it follows.

Sources: Plischke, Borgonovo & Smith (2013), European Journal of
Operational Research 226(3): 536-550 (indices from given samples); the correction for chance is the one of omega
squared, Hays (1963).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.chance import effective_size
from foederis.analysis.pawn import Ranked, dummies, limit, slices_of

Floats = NDArray[np.float64]
_MOST_SLICES, _LEAST_SLICES, _IN_A_SLICE = 16, 4, 16
RESAMPLES = 400


def weighted_quantiles(values: Floats, weights: Floats, shares: Floats) -> Floats:
    """float64[shares]: between neighbouring draws linear, each draw standing at the middle of its weight."""
    order = np.argsort(values, kind="stable")
    middle = (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum()
    counted = weights[order] > 0
    return np.interp(shares, middle[counted], values[order][counted])


def shifts(inputs: Floats, weights: Floats) -> Floats:
    """float64[inputs], 0 to 1: Kolmogorov-Smirnov distance between each input's plain and weighted distribution."""
    even = np.ones_like(weights)
    return np.array([Ranked(values, even).distances(weights[None])[0] for values in inputs])


def shift_noise(weights: Floats, many: int, *, seed: int) -> float:
    """What the largest shift of so many inputs that do nothing stays below 95 times in 100 with these weights."""
    return limit(shifts(dummies(len(weights), many, seed=seed), weights), many)


def first_order(answers: Floats, values: Floats, weights: Floats, *, seed: int) -> Floats:
    """float64[1 + resamples]: the share of the answer's weighted variance that lies between slices of an input, and
    the same under resampling of the draws.

    What lies between slices by chance is taken off, so that an input that does nothing has 0 on average; hence single
    values may be below 0.

    Args:
        answers, values, weights: float64[draws]; the weights are not negative.
    """
    draws = len(answers)
    # With a handful of draws in a slice, what lies between slices by chance is as hard to estimate as the share itself.
    slices = int(np.clip(effective_size(weights) / _IN_A_SLICE, _LEAST_SLICES, _MOST_SLICES))
    centred = answers - np.average(answers, weights=weights)
    counts = np.random.default_rng([seed, draws]).multinomial(draws, np.full(draws, 1 / draws), RESAMPLES)
    copies = np.concatenate([np.ones((1, draws)), counts])
    member = (slices_of(values, weights, slices)[:, None] == np.arange(slices)) * 1.0
    weight, square, first, second = (
        copies @ (member * column[:, None]) for column in (weights, weights**2, weights * centred, weights * centred**2)
    )
    found = _between(weight, square, first, second)
    # A resample holds the chance of the sample and its own; only the latter has been taken off.
    found[1:] += found[0] - found[1:].mean()
    return found


def _between(weight: Floats, square: Floats, first: Floats, second: Floats) -> Floats:
    """float64[samples], from sums over the draws of each slice, float64[samples, slices]: of w, w², w·y and w·y²."""
    whole, mean, variance, chance = _moments(*(part.sum(axis=1) for part in (weight, square, first, second)))
    with np.errstate(invalid="ignore", divide="ignore"):
        _, means, _, chances = _moments(weight, square, first, second)
    share = weight / whole[:, None]
    known = share > 0
    spread = np.where(known, share * ((means - mean[:, None]) ** 2 - chances), 0.0).sum(axis=1)
    return (spread + chance) / variance


def _moments(weight: Floats, square: Floats, first: Floats, second: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The weight, the mean, the variance without bias, and how much the mean itself varies by chance."""
    mean = first / weight
    lumped = square / weight**2
    spread = np.maximum(second / weight - mean**2, 0.0)
    # A single draw says nothing about the spread around it.
    variance = np.where(lumped < 1 - 1e-12, spread / np.maximum(1 - lumped, 1e-12), 0.0)
    return weight, mean, variance, variance * lumped
