"""What is more than chance: how far two kinds of worlds differ, and which of many findings stand out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RATE = 0.05  # of what is taken for more than chance, this part is expected to be nothing else


def told_apart(chances: Floats) -> NDArray[np.bool_]:
    """bool[findings]: those that stand out, at a false discovery rate of `RATE`.

    Args:
        chances: float64[findings], how likely each would look so by chance.
    Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57(1): 289-300.
    """
    order = np.argsort(chances, kind="stable")
    passes = np.flatnonzero(chances[order] <= RATE * np.arange(1, len(order) + 1) / len(order))
    found = np.zeros(len(chances), dtype=bool)
    found[order[: passes[-1] + 1 if len(passes) else 0]] = True
    return found


def effective_size(weights: Floats) -> float:
    """How many equally weighted draws would give means as precise, (sum of w)² / sum of w²; 0 if none has weight.

    Source: Kish (1965), Survey Sampling.
    """
    squares = float(np.sum(weights**2))
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def distance(values: Floats, one: Floats, other: Floats) -> tuple[float, float]:
    """How far the distributions of two kinds of draws lie apart, and how likely that were if they were the same.

    Args:
        values: float64[draws]; one, other: float64[draws], how much each counts as one kind and as the other; some of
            each count.
    Returns:
        The distance of Kolmogorov and Smirnov, 0 to 1, and its probability: asymptotic, with the correction of Stephens
        (1970), Journal of the Royal Statistical Society B 32(1): 115-122, for samples that are not large.
    """
    from scipy.special import kolmogorov

    order = np.argsort(values, kind="stable")
    ranked = values[order]
    below = [np.cumsum(side[order]) / side.sum() for side in (one, other)]
    last = np.append(ranked[1:] != ranked[:-1], True)  # equal values are passed together
    farthest = float(np.abs(below[0] - below[1])[last].max())
    counts = [effective_size(side) for side in (one, other)]
    size = np.sqrt(counts[0] * counts[1] / (counts[0] + counts[1]))
    return farthest, float(kolmogorov((size + 0.12 + 0.11 / size) * farthest))
