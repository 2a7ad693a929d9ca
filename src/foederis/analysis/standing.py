"""How much each possible world counts, given what was observed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.chance import effective_size
from foederis.analysis.smc import Stage

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moved:
    """That worlds were drawn anew and moved (see `smc`): what was done, and how many different ones there are."""

    stages: tuple[Stage, ...]
    distinct: int


@dataclass(frozen=True)
class Standing:
    """Attributes:
    evidence: float64[draws], the logarithm of how likely what was observed is in each world; minus infinity where it
        cannot be.
    drawn: the effective number of the worlds that were drawn first, before any was moved.
    moved: what was done where these were too few; all worlds then count the same. None if nothing was.
    """

    evidence: Floats
    drawn: float
    moved: Moved | None = None

    @property
    def weights(self) -> Floats | None:
        """float64[draws] with mean 1; None if all worlds count the same."""
        return weights_of(self.evidence) if self.moved is None else None

    @property
    def effective(self) -> float:
        """How many equally weighted worlds would say as much; of moved ones, how many are different."""
        return self.drawn if self.moved is None else float(self.moved.distinct)

    @property
    def dropped(self) -> int:
        """Worlds in which what was observed cannot be."""
        return int(np.sum(np.isneginf(self.evidence)))

    def to_json(self) -> dict[str, Any]:
        return {
            "log_evidence": log_mean(self.evidence) if self.moved is None else None,
            "effective_draws": self.effective,
            "effective_before": self.drawn,
            "dropped": self.dropped,
            "moved": [asdict(stage) for stage in self.moved.stages] if self.moved else None,
        }


def weights_of(logs: Floats) -> Floats:
    """Weights with mean 1, from logarithms of which at least one is finite."""
    found = np.exp(logs - logs.max())
    return np.asarray(found / found.mean())


def weights_if(weights: Floats | None, likelier: Floats) -> Floats:
    """float64[draws] with mean 1: how much each world counts if something is so, from how much it counts otherwise and
    the logarithm of how much likelier what was observed is then. 0 throughout if it cannot be then."""
    ones = np.ones(len(likelier)) if weights is None else weights
    with np.errstate(divide="ignore"):
        logs = np.where(ones > 0, np.log(ones) + likelier, -np.inf)
    return weights_of(logs) if np.isfinite(logs).any() else np.zeros(len(logs))


def log_mean(logs: Floats) -> float:
    """The logarithm of the mean of what the logarithms stand for."""
    top = float(logs.max())
    return top + float(np.log(np.mean(np.exp(logs - top)))) if np.isfinite(top) else top


def standing_of(logs: Floats) -> Standing:
    """That of worlds as they were drawn."""
    return Standing(logs, effective_size(weights_of(logs)))
