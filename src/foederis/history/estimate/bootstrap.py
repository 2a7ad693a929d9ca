"""The bootstrap over cases: each time they are drawn with replacement and the model is fitted again.

Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.history.estimate.kernels import Floats, Problem
from foederis.history.estimate.maximise import climb


@dataclass(frozen=True)
class Bootstrap:
    """Attributes:
    coefficients: float64[samples that were fitted, coefficients].
    failed: {why: how many samples had no maximum}; they are left out.
    """

    coefficients: Floats
    failed: dict[str, int]

    @property
    def standard_errors(self) -> Floats:
        """float64[coefficients]; nan with less than two samples."""
        if len(self.coefficients) < 2:
            return np.full(self.coefficients.shape[1], np.nan)
        return np.std(self.coefficients, axis=0, ddof=1)

    def interval(self, level: float = 0.95) -> Floats:
        """float64[2, coefficients]: the ends of the middle part of the samples."""
        ends = [(1 - level) / 2, (1 + level) / 2]
        return (
            np.asarray(np.quantile(self.coefficients, ends, axis=0))
            if len(self.coefficients)
            else np.full((2, self.coefficients.shape[1]), np.nan)
        )


def resample(
    problem: Problem, begun: Floats, penalty: str, samples: int, cluster: NDArray[np.int64] | None = None, *, seed: int
) -> Bootstrap:
    """Fits the model to `samples` samples, each begun at the estimate, with the same penalty.

    A case counts in a sample as often as it was drawn, so that the compiled likelihood serves for all.

    Args:
        cluster: int64[cases], from 0: which are drawn together; each by itself if None.
    """
    random = np.random.default_rng([seed, 2])
    group = np.arange(problem.cases) if cluster is None else cluster
    drawn = int(group.max()) + 1
    even = np.full(drawn, 1 / drawn)
    kept, failed = [], dict[str, int]()
    for _ in range(samples):
        counts = random.multinomial(drawn, even).astype(np.float64)[group]
        found = climb(problem, "bootstrap", begun, penalty, counts)
        if found.failure:
            # A gradient's size differs every time, and what it means does not.
            why = found.failure.split(" (")[0]
            failed[why] = failed.get(why, 0) + 1
        else:
            kept.append(found.coefficients)
    return Bootstrap(np.array(kept).reshape(len(kept), problem.size), failed)
