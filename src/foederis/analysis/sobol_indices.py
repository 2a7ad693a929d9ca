"""How much of an answer's variance hangs on each input: first-order and total Sobol indices from two samples.

The design: answers in a sample A, in an independent sample B, and for each input in A with that input taken from B. An
input may be a group of quantities. The first-order index is the share of the variance that knowing the input alone
would take away; the total index the share that would be left if all but it were known.

Sources: Jansen (1999), Computer Physics Communications 117(1-2): 35-43 (total); Saltelli et al. (2010), 181(2): 259-270
(first order, design). Intervals: the rows are drawn anew, Archer, Saltelli & Sobol (1997), Journal of Statistical
Computation and Simulation 58(2): 99-120.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RESAMPLES = 1000


def indices(base: Floats, other: Floats, mixed: Floats, *, seed: int) -> tuple[Floats, Floats]:
    """First-order and total indices, and the same under resampling of the rows.

    Args:
        base, other: float64[rows], answers in A and in B, not all the same; no nan.
        mixed: float64[inputs, rows], answers in A with one input taken from B.
    Returns:
        float64[1 + resamples, inputs] twice, first order and total; the first row is the estimate itself. First-order
        indices near 0 may come out below it.
    """
    rows = len(base)
    counts = np.random.default_rng([seed, rows]).multinomial(rows, np.full(rows, 1 / rows), RESAMPLES)
    shares = np.concatenate([np.ones((1, rows)), counts]) / rows
    # Saltelli's estimator is much better on answers around 0; a shift changes no index.
    middle = np.concatenate([base, other]).mean()
    base, other, mixed = base - middle, other - middle, mixed - middle
    variance = shares @ (base**2 + other**2) / 2 - (shares @ (base + other) / 2) ** 2
    variance = np.maximum(variance, np.finfo(float).tiny)[:, None]
    first = shares @ (other * (mixed - base)).T / variance
    total = shares @ ((mixed - base) ** 2 / 2).T / variance
    return first, total


def interval(resampled: Floats) -> tuple[float, float]:
    """The middle 90 % of an index under resampling."""
    low, high = np.quantile(resampled, [0.05, 0.95])
    return float(low), float(high)
