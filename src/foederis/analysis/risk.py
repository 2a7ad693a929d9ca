"""What is at risk at the end of a crisis: distributions of losses, as rows of figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from foederis.analysis.answers import Estimate, Floats
from foederis.analysis.distribution import LossDistribution
from foederis.analysis.positions import Position, Rate
from foederis.analysis.result import Result, Row
from foederis.language.case import Case


@dataclass(frozen=True)
class Ending:
    """What is lost given how the crisis ends.

    Attributes:
        what, value: a variable and its level, or, where `is_answer`, a question and yes or no.
        probability: of this ending.
        losses: {position: distribution}; empty if the crisis never ends so.
    """

    what: str
    value: str
    is_answer: bool
    probability: float
    losses: Mapping[str, LossDistribution]


@dataclass(frozen=True)
class Scenario:
    """Losses as the file stands (`name` is empty) or under a what-if, on the same draws.

    Attributes:
        positions: {name: what it consists of}, exposures and sums; losses: {position: distribution}.
        endings: what is lost given how the crisis ends, for each way that was asked for.
        imposed_open: for each imposed move (in words) the probability that it was open.
    """

    name: str
    positions: Mapping[str, Position]
    losses: Mapping[str, LossDistribution]
    endings: tuple[Ending, ...]
    imposed_open: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ExposureAtRisk(Result):
    """What is at risk.

    Attributes:
        level: of value at risk and expected shortfall.
        scenarios: the file as it stands, then the what-ifs.
        residual: the largest residual of all that was solved.
        weights: float64[draws], how much each world counts given what was observed; None if all count the same.
    """

    case: Case
    draws: int
    seed: int
    level: float
    rates: tuple[Rate, ...]
    scenarios: tuple[Scenario, ...]
    residual: float
    weights: Floats | None = None

    @property
    def baseline(self) -> Scenario:
        return self.scenarios[0]

    @property
    def losses(self) -> Mapping[str, LossDistribution]:
        """{position: distribution} as the file stands."""
        return self.baseline.losses

    def difference(self, scenario: Scenario, name: str) -> Estimate | None:
        """By how much the mean loss on a position changes under a what-if, world by world; None where the position is
        not the same in both."""
        before, after = self.baseline.positions.get(name), scenario.positions.get(name)
        if before is None or after is None or before.unit != after.unit:
            return None
        return Estimate(scenario.losses[name].by_world - self.losses[name].by_world, before.unit, self.weights)

    def rows(self) -> list[Row]:
        found = []
        for scenario in self.scenarios:
            given: list[tuple[str | None, str | None, Mapping[str, LossDistribution]]] = [(None, None, scenario.losses)]
            given += [(ending.what, ending.value, ending.losses) for ending in scenario.endings]
            for what, value, losses in given:
                for position in scenario.positions.values():
                    changed = self.difference(scenario, position.name) if scenario.name and what is None else None
                    head = {"what_if": scenario.name or None, "given": what, "value": value}
                    found.append({**head, **self._row(position, losses.get(position.name), changed)})
        return found

    def _row(self, position: Position, losses: LossDistribution | None, changed: Estimate | None) -> Row:
        named: Row = {
            "position": position.name,
            "exposure": None if position.is_sum else position.name,
            "holder": position.holder or None,
            "unit": position.unit,
            "probability": losses.probability if losses else 0.0,
        }
        names = ("mean", "median", "p05", "p95", "value_at_risk", "expected_shortfall", "any_loss")
        figures: Row = dict.fromkeys((*names, "standard_deviation", "between_worlds"))
        if losses:
            spread = losses.between + losses.within
            values = (
                losses.mean,
                *map(losses.quantile, (0.5, 0.05, 0.95, self.level)),
                losses.shortfall(self.level),
                float(losses.exceeds(0.0)),
                spread**0.5,
                losses.between / spread if spread > 0 else None,
            )
            figures = dict(zip(figures, values, strict=True))
        change = {f"change_{key}": getattr(changed, key) if changed else None for key in ("mean", "p05", "p95")}
        return {**named, **figures, **change}

    def facts(self) -> Row:
        return {
            "draws": self.draws,
            "seed": self.seed,
            "level": self.level,
            "rates": [{"unit": rate.unit, "quantity": rate.quantity, "into": rate.into} for rate in self.rates],
            "residual": self.residual,
            "exceedance": {name: curve(losses) for name, losses in self.losses.items()},
        }


def curve(losses: LossDistribution, most: int = 20) -> list[dict[str, float]]:
    """The exceedance curve at round amounts: how likely it is that more than each is lost."""
    amounts = round_amounts(losses.largest, most)
    return [{"loss": x, "probability": float(p)} for x, p in zip(amounts, losses.exceeds(amounts), strict=True)]


def round_amounts(largest: float, most: int) -> list[float]:
    """0 and at most this many further amounts, 1, 2 or 5 times a power of ten apart, up to the largest loss."""
    if largest <= 0:
        return [0.0]
    power = 10.0 ** np.floor(np.log10(largest / most))
    apart = next(factor for factor in (1, 2, 5, 10, 20) if factor * power * most >= largest)
    # A multiple of a power of ten, and not a sum, so that 0.3 is 0.3.
    return [float(f"{place * apart * power:.12g}") for place in range(int(largest / (apart * power)) + 1)]
