"""How well beliefs about private types were followed, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foederis.analysis.together import Doubt, by_state
from foederis.game.compile import Game
from foederis.language.case import Clock

if TYPE_CHECKING:  # at run time these would import jax
    from foederis.solve.results import Solution
    from foederis.solve.signal_points import SignalPoints


@dataclass(frozen=True)
class Signalling:
    """The fixed points of one turn that may show a type, as far as they are in doubt; see Beliefs.

    Attributes:
        crossed: at how many the way from even odds has turned or divided; fell_short: how many were not reached;
            doubtful_worlds: in how many worlds there is one of either kind.
        doubts: where these are, those likeliest to come about first; at most 20.
    """

    turn: str
    crossed: int
    fell_short: int
    doubtful_worlds: int
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class Beliefs:
    """How beliefs were followed.

    Attributes:
        exact: whether every belief that play leads to was worked out; else values stand on a grid of beliefs.
        nodes: of the grid, for each coordinate of a belief.
        compared: in how many worlds a finer grid was tried, of `finer` nodes; errors: {question: how far the mean
            answer over these worlds lies from the one on it}; coarse: whether one of these is large, although the grid
            is the finest that is tried.
        missed: how many fixed points of choices and beliefs were not reached, in states and at beliefs that play comes
            to; there is one for each such state, step and world. worst: how far choices are at most from the odds that
            they should have, in probability.
        split: at how many others the way from even odds has turned or divided, so that there may be other equilibria.
        doubtful_worlds: in how many worlds there is one of either kind; points: where they are, turn by turn.
    """

    exact: bool
    nodes: int
    compared: int
    finer: int
    errors: Mapping[str, float]
    coarse: bool
    missed: int
    worst: float
    split: int
    doubtful_worlds: int = 0
    points: tuple[Signalling, ...] = ()

    @property
    def error(self) -> float:
        """The largest of `errors` among probabilities and numbers alike; 0 where beliefs are exact."""
        return max(self.errors.values(), default=0.0)

    @property
    def moved(self) -> str:
        """The question to which `error` belongs; empty where there is none."""
        return max(self.errors, key=lambda name: self.errors[name], default="")

    @property
    def in_doubt(self) -> bool:
        return bool(self.missed or self.split or self.coarse)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def tell_beliefs(game: Game, clock: Clock, solution: Solution) -> Beliefs | None:
    """What a solution says of beliefs; None where nobody has types."""
    if not game.roster.typed:
        return None
    signals, grid = solution.signals, solution.fineness
    assert grid is not None
    return Beliefs(
        signals.exact,
        grid.nodes,
        grid.compared,
        grid.finer,
        grid.errors,
        grid.large,
        signals.missed,
        max((float(part.doubts.error[~part.doubts.crossed].max(initial=0.0)) for part in signals.points), default=0.0),
        signals.split,
        len({draw for part in signals.points for draw in part.doubts.draw.tolist()}),
        tuple(_signalling(game, clock, part) for part in signals.points),
    )


def _signalling(game: Game, clock: Clock, part: SignalPoints) -> Signalling:
    crossed = part.doubts.crossed
    return Signalling(
        game.phases[part.phase].name,
        int(crossed.sum()),
        int((~crossed).sum()),
        len(np.unique(part.doubts.draw)),
        by_state(game, clock, part.phase, part.doubts),
    )
