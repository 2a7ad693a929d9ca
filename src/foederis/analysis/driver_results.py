"""What moves an answer, as results: shares of variance with their intervals, shifts, slopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from foederis.analysis.answers import Floats
from foederis.analysis.result import Result, Row
from foederis.analysis.sobol_indices import interval
from foederis.language.case import Case, Question

# Below this share of the variance nothing is worth a word.
_LITTLE = 0.01
HARDLY = "hardly at all"


@dataclass(frozen=True)
class Share:
    """A share of the answer's variance, 1 being all of it, and its 90 % interval.

    The estimate is not below 0. The interval is as it was found: it may reach below 0, where the share cannot be told
    from 0.
    """

    estimate: float
    low: float
    high: float

    @classmethod
    def of(cls, sampled: Floats) -> Share:
        """From the estimate, which stands first, and the same under resampling."""
        return cls(max(0.0, float(sampled[0])), *interval(sampled[1:]))


@dataclass(frozen=True)
class Budget:
    """How many worlds are solved, and what for.

    Attributes:
        groups: independent groups of uncertain quantities; kept: how many are looked at one by one.
        screening, slopes: solves; base: draws of each of the two samples; columns: samples solved, mixed ones included.
    """

    groups: int
    kept: int
    screening: int
    base: int
    columns: int
    slopes: int

    @property
    def design(self) -> int:
        return self.base * self.columns

    @property
    def solves(self) -> int:
        return self.screening + self.design + self.slopes


@dataclass(frozen=True)
class Driver:
    """A group of quantities (mostly of one) and what hangs on it.

    Attributes:
        quantities: those of the group. Several are tied by correlations, or are what screening left over (`is_rest`).
        total: with all that it does together with others; first: by itself; jointly: total less first.
        shift: PAWN, the typical distance between the answer's distribution with and without knowing it, 0 to 1; of
            several quantities, the largest.
        manner: how it acts, in words.
    """

    quantities: tuple[str, ...]
    total: Share
    first: Share
    jointly: Share
    shift: float
    manner: str
    is_rest: bool = False

    @property
    def label(self) -> str:
        if self.is_rest:
            return f"{len(self.quantities)} others together"
        return " + ".join(self.quantities) + (" (tied)" if len(self.quantities) > 1 else "")


@dataclass(frozen=True)
class Slope:
    """What one quantity does to the answer while all others stand at their medians.

    Attributes:
        low, high: its 5 % and 95 % quantiles, in its unit; at_low, at_high: the answers there.
        per_unit: change of the answer for one more unit at the median; nan where there is none (a quantity that takes
            few separate values). error: an estimate of its error; is_rough: whether that is too large to trust it.
    """

    quantity: str
    unit: str
    low: float
    high: float
    at_low: float
    at_high: float
    per_unit: float
    error: float
    is_rough: bool


def manner(total: Floats, first: Floats) -> str:
    """How a group acts, in words that its intervals bear out.

    Args:
        total, first: float64[1 + resamples], as from `sobol_indices.indices`.
    """
    whole, alone, jointly = Share.of(total), Share.of(first), Share.of(total - first)
    leaning = interval((first - total / 2)[1:])  # above 0: more by itself than with others
    if whole.high < _LITTLE:
        return HARDLY
    if leaning[0] > 0:
        return "by itself" if jointly.low <= 0 else "mostly by itself"
    if leaning[1] < 0:
        return "together with others" if alone.low <= 0 else "mostly together with others"
    if jointly.low <= 0:
        return "too little to say how" if alone.low <= 0 else "partly by itself"
    return "partly with others" if alone.low <= 0 else "by itself and with others"


@dataclass(frozen=True)
class Drivers(Result):
    """What moves the answer to a question.

    Attributes:
        case: as it was solved; what_if: the name of the what-if that it was changed by.
        drivers: those looked at one by one, the largest total share first; rest: all others together, if any.
        by_themselves: the sum of first-order shares.
        scale: what the shares are of: "amount", or "rank" where a few worlds make nearly all of the variance.
        outer_share: how much of the variance is made by the 5 % of worlds farthest from the mean.
        shift_noise: what the largest shift would stay below 95 times in 100, if none of those looked at did anything.
        slopes: of every uncertain quantity. screening: {first quantity of a group: its standing, 1 for the largest}.
        mean, p05, p95: of the answer in the 2 × base draws; left_out: rows of the design without an answer.
    """

    case: Case
    question: Question
    what_if: str
    seed: int
    budget: Budget
    drivers: tuple[Driver, ...]
    rest: Driver | None
    by_themselves: Share
    scale: str
    outer_share: float
    shift_noise: float
    slopes: tuple[Slope, ...]
    screening: Mapping[str, float]
    mean: float
    p05: float
    p95: float
    left_out: int
    residual: float

    def rows(self) -> list[Row]:
        found = []
        for driver in (*self.drivers, *([self.rest] if self.rest else [])):
            row: Row = {"group": driver.label}
            for name in ("total", "first", "jointly"):
                share: Share = getattr(driver, name)
                row |= {name: share.estimate, f"{name}_low": share.low, f"{name}_high": share.high}
            found.append(row | {"shift": driver.shift, "manner": driver.manner})
        return found

    def facts(self) -> Row:
        budget: dict[str, Any] = {**asdict(self.budget), "solves": self.budget.solves}
        return {
            "question": self.question.name,
            "what_if": self.what_if or None,
            "seed": self.seed,
            "budget": budget,
            "mean": self.mean,
            "p05": self.p05,
            "p95": self.p95,
            "left_out": self.left_out,
            "scale": self.scale,
            "outer_share": self.outer_share,
            "by_themselves": asdict(self.by_themselves),
            "shift_noise": self.shift_noise,
            "residual": self.residual,
            "rest": list(self.rest.quantities) if self.rest else [],
            "screening": dict(self.screening),
            "slopes": [asdict(slope) for slope in self.slopes],
        }
