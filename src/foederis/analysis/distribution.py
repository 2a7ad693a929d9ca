"""A loss as a distribution over worlds and over chance within each world, and what one says about it.

Sources: Rockafellar & Uryasev (2002), J. Banking & Finance 26(7): 1443-1471, and Acerbi & Tasche (2002), J. Banking &
Finance 26(7): 1487-1503 (expected shortfall where losses come in lumps); Kish (1965), Survey Sampling, section 11.7
(how many equal weights some unequal ones are worth).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_ROUNDING = 1e-12


@dataclass(frozen=True)
class LossDistribution:
    """What is lost, and how likely: worlds count alike, and within each world chance is summed and not simulated.

    Attributes:
        loss: float64[classes, draws], what is lost in each class of final states.
        mass: float64[classes, draws], the probability of each; sums to `probability`, which is below 1 if this is
            what is lost given a condition.
    """

    loss: Floats
    mass: Floats

    @cached_property
    def probability(self) -> float:
        """That the condition holds; 1 if there is none."""
        return float(self.mass.sum())

    @cached_property
    def _sorted(self) -> tuple[Floats, Floats, NDArray[np.int64]]:
        """Every loss that can be, ascending; its probability, given the condition; the draw that it belongs to."""
        here = np.flatnonzero(self.mass.ravel())
        here = here[np.argsort(self.loss.ravel()[here], kind="stable")]
        weights = self.mass.ravel()[here] / self.probability
        return self.loss.ravel()[here], weights, here % self.mass.shape[1]

    @cached_property
    def _reached(self) -> Floats:
        """For each of the sorted losses, the probability that no more is lost."""
        reached = np.cumsum(self._sorted[1])
        reached[-1:] = 1.0
        return reached

    @cached_property
    def mean(self) -> float:
        return float((self.mass * self.loss).sum() / self.probability)

    def quantile(self, share: float) -> float:
        """The smallest loss that is not exceeded with at least this probability."""
        place = np.searchsorted(self._reached, share - _ROUNDING)
        return float(self._sorted[0][min(int(place), len(self._reached) - 1)])

    def _tail(self, level: float) -> Floats:
        """For each of the sorted losses, the part of its probability that belongs to the worst 1 - level."""
        before = np.concatenate([[0.0], self._reached[:-1]])
        return np.clip(self._reached - np.maximum(before, level), 0.0, None)

    def shortfall(self, level: float) -> float:
        """The mean loss in the worst 1 - level of all cases. Where the case at the border is part of a lump of equal
        losses, only as much of the lump counts as is needed."""
        tail = self._tail(level)
        return float((tail * self._sorted[0]).sum() / tail.sum())

    def worlds_in_tail(self, level: float) -> float:
        """How many worlds of equal weight the worst 1 - level of all cases rest on."""
        losses, weights, draws = self._sorted
        _, lump = np.unique(losses, return_inverse=True)
        # Of a lump of equal losses that is cut at the level, each world gives the same part.
        part = np.bincount(lump, weights=self._tail(level)) / np.bincount(lump, weights=weights)
        by_draw = np.bincount(draws, weights=part[lump] * weights)
        return float(by_draw.sum() ** 2 / (by_draw**2).sum())

    def exceeds(self, losses: ArrayLike) -> Floats:
        """The probability that more is lost than each of these amounts; same shape."""
        places = np.searchsorted(self._sorted[0], np.asarray(losses, dtype=np.float64), side="right")
        return 1.0 - np.concatenate([[0.0], self._reached])[places]

    @property
    def largest(self) -> float:
        return float(self._sorted[0][-1])

    @cached_property
    def by_world(self) -> Floats:
        """float64[draws]: the mean loss in each world; nan where the condition cannot hold."""
        whole = self.mass.sum(axis=0)
        part = (self.mass * self.loss).sum(axis=0)
        return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)

    @cached_property
    def between(self) -> float:
        """The variance of the worlds' means: what not knowing the numbers adds to the spread."""
        weights = self.mass.sum(axis=0) / self.probability
        return float((weights * np.nan_to_num(self.by_world - self.mean) ** 2).sum())

    @cached_property
    def within(self) -> float:
        """The mean of the variances within worlds: what chance adds. With `between` it makes the whole variance."""
        away = np.nan_to_num(self.loss - self.by_world)
        return float((self.mass / self.probability * away**2).sum())

    def given(self, holds: Floats) -> LossDistribution | None:
        """The loss given a condition, float64 or bool[classes, draws]; None if it never holds. Worlds in which the
        condition is likelier count more."""
        mass = self.mass * holds
        return LossDistribution(self.loss, mass) if mass.any() else None
