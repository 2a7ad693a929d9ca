"""How sure a share of past cases is: Jeffreys intervals, and a bootstrap that draws whole wars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
RESAMPLES = 20_000


@dataclass(frozen=True)
class Interval:
    """Ends of an interval, 0 to 1; nan where there are no cases."""

    low: float
    high: float


def jeffreys(kept: int, cases: int, level: float = LEVEL) -> Interval:
    """The Jeffreys interval of a share: cases as if they were independent of each other.

    Args:
        kept: of the cases, 0 to cases; level: how often such an interval holds the true share.
    Returns:
        Quantiles of Beta(kept + 1/2, cases - kept + 1/2); 0 is the low end if none was kept, 1 the high
        end if all were.
    Source: Brown, Cai & DasGupta (2001), Statistical Science 16(2): 101-133.
    """
    from scipy.special import betaincinv

    if cases == 0:
        return Interval(float("nan"), float("nan"))
    ends = betaincinv(kept + 0.5, cases - kept + 0.5, [(1 - level) / 2, (1 + level) / 2])
    return Interval(0.0 if kept == 0 else float(ends[0]), 1.0 if kept == cases else float(ends[1]))


def by_cluster(
    kept: NDArray[np.int64],
    cases: NDArray[np.int64],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Interval:
    """A bootstrap interval of a share whose cases come in clusters that share their fate, such as wars.

    Args:
        kept, cases: int64[clusters], of each cluster; every cluster has at least one case.
        seed: 0 or more; the same seed gives the same interval.
    Returns:
        Percentiles over samples of whole clusters with replacement. nan if there are fewer than two clusters, or if all
        cases or none were kept: then every sample has the same share, which says nothing of how clusters differ.
    Source: Field & Welsh (2007), Journal of the Royal Statistical Society B 69(3): 369-390.
    """
    if len(cases) < 2 or kept.sum() in (0, cases.sum()):
        return Interval(float("nan"), float("nan"))
    generator = np.random.default_rng(seed)
    times = generator.multinomial(len(cases), np.full(len(cases), 1 / len(cases)), size=resamples)
    shares = (times @ kept) / (times @ cases)
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))
