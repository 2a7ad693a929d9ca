"""How well beliefs about private types were followed, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from foederis.game.compile import Game

if TYPE_CHECKING:  # at run time these would import jax
    from foederis.solve.results import Solution


@dataclass(frozen=True)
class Beliefs:
    """How beliefs were followed.

    Attributes:
        exact: whether every belief that play leads to was worked out; else values stand on a grid of beliefs.
        nodes: of the grid, for each coordinate of a belief.
        compared: in how many worlds a finer grid was tried; errors: {question: how far the mean answer over these
            worlds lies from the one on a grid of nearly twice as many nodes}; coarse: whether one of these is large,
            although the grid is the finest that is tried.
        missed: how many states, in blocks of worlds, have missed the fixed point of choices and beliefs, at some belief
            in some world; worst: by how much at most, in logarithms of probabilities.
        split: in how many the way from even odds has turned or divided, so that there may be other equilibria.
    """

    exact: bool
    nodes: int
    compared: int
    errors: Mapping[str, float]
    coarse: bool
    missed: int
    worst: float
    split: int

    @property
    def error(self) -> float:
        """The largest of `errors` among probabilities and numbers alike; 0 where beliefs are exact."""
        return max(self.errors.values(), default=0.0)

    @property
    def in_doubt(self) -> bool:
        return bool(self.missed or self.split or self.coarse)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def tell_beliefs(game: Game, solution: Solution) -> Beliefs | None:
    """What a solution says of beliefs; None where nobody has types."""
    if not game.roster.typed:
        return None
    signals, grid = solution.signals, solution.fineness
    assert grid is not None
    return Beliefs(
        signals.exact,
        grid.nodes,
        grid.compared,
        grid.errors,
        grid.large,
        signals.missed,
        signals.worst,
        signals.split,
    )
