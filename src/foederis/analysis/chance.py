"""Which of many findings are more than chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 0.05  # of what is taken for more than chance, this part is expected to be nothing else


def told_apart(chances: NDArray[np.float64]) -> NDArray[np.bool_]:
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
