"""How far the fixed points of simultaneous moves are to be relied on: what the solver found out about them, told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foederis.analysis.dates import date_of
from foederis.game.compile import Game
from foederis.language.case import Clock

if TYPE_CHECKING:  # at run time this would import jax
    from foederis.solve.fixed_points import Doubts, FixedPoints

_TOLD = 20  # states in which fixed points are in doubt, named one by one


@dataclass(frozen=True)
class Doubt:
    """A state and step in which the fixed point of a simultaneous move, or of choices and beliefs about private types,
    is in doubt.

    Attributes:
        date: of the beginning of the step; None if the clock has no start.
        state: {variable: level}, before the move.
        likely: the largest probability with which play comes there in any of the worlds; for choices and beliefs, to a
            belief at which the fixed point is in doubt.
        crossed: in how many worlds another branch crosses the one that was followed, or this turns (a bifurcation is
            suspected), so that other choices follow from even odds as well; fell_short: in how many the fixed point was
            not reached.
        error: the largest distance of a choice from the odds that it should have, in probability.
        followed_to: the least share of all rationality that the branch was followed to.
    """

    step: int
    date: str | None
    state: Mapping[str, str]
    likely: float
    crossed: int
    fell_short: int
    error: float
    followed_to: float


@dataclass(frozen=True)
class Simultaneous:
    """The fixed points of one simultaneous move, one for each state before it, step and world; and
    for each public belief, where somebody has private types.

    Attributes:
        turns: those taken together; worlds: how many were solved; at_beliefs: whether there are beliefs.
        solved: how many fixed points; alone: of these, those that certainly have no other equilibrium beside them.
        searched: how many of the rest were solved again from 16 other starts; others: of these, those for which another
            equilibrium was found.
        crossed: how many are crossed by another branch, in states that play comes to; fell_short: how many were not
            reached there; doubtful_worlds: in how many worlds there is one of either kind.
        doubts: where these are, those likeliest to come about first; at most 20.
    """

    turns: tuple[str, ...]
    worlds: int
    at_beliefs: bool
    solved: int
    alone: int
    searched: int
    others: int
    crossed: int
    fell_short: int
    doubtful_worlds: int
    doubts: tuple[Doubt, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def tell_points(game: Game, clock: Clock, points: Sequence[FixedPoints], worlds: int) -> tuple[Simultaneous, ...]:
    """What the solver says of each simultaneous move, in words of the case."""
    found = []
    for move in points:
        turns = tuple(game.phases[k].name for k in game.joints[move.joint].turns)
        doubts = move.doubts
        found.append(
            Simultaneous(
                turns,
                worlds,
                bool(game.roster.typed),
                move.solved,
                move.alone,
                move.searched,
                move.others,
                int(doubts.crossed.sum()),
                int((~doubts.crossed).sum()),
                len(np.unique(doubts.draw)),
                by_state(game, clock, game.joints[move.joint].turns[0], doubts),
            )
        )
    return tuple(found)


def by_state(game: Game, clock: Clock, first: int, doubts: Doubts) -> tuple[Doubt, ...]:
    """Doubts of a phase, the `first` of its move, by step and state: those likeliest to come about, at most 20."""
    keys, place = np.unique(np.stack([doubts.step, doubts.state], axis=1), axis=0, return_inverse=True)
    found = []
    codes, packing = game.structure.phases[first].codes, game.packing
    for number, (step, state) in enumerate(keys.tolist()):
        here = place.reshape(-1) == number
        levels = {
            name: variable.levels[int(packing.digits(codes[state : state + 1], name)[0])]
            for name, variable in packing.variables.items()
        }
        crossed = int(doubts.crossed[here].sum())
        found.append(
            Doubt(
                step,
                date_of(clock, step),
                levels,
                float(doubts.likely[here].max()),
                crossed,
                int(here.sum()) - crossed,
                float(doubts.error[here].max()),
                float(doubts.reached[here].min()),
            )
        )
    return tuple(sorted(found, key=lambda doubt: -doubt.likely)[:_TOLD])
