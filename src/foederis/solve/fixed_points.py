"""How the fixed points of simultaneous moves were found in all draws, and where they were not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve.device import kernel
from foederis.solve.kernels import Array, rows
from foederis.solve.lazy import jax
from foederis.solve.native.memory import together
from foederis.solve.numbers import bucket
from foederis.solve.principal import BIFURCATION, FELL_SHORT
from foederis.solve.simultaneous import Settled, wanted_lanes
from foederis.solve.together import Table

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
_take = kernel(rows)


def _rows(mass: Any, chosen: NDArray[Any]) -> Floats:
    """float64[rows, lanes, draws]: some rows of where play is, as JAX's kernels or the engine in C say it."""
    if isinstance(mass, np.ndarray):
        return np.asarray(together(mass[..., chosen, :, :], 2))
    filled = np.zeros(bucket(len(chosen)), dtype=np.int32)
    filled[: len(chosen)] = chosen
    return np.asarray(_take(mass, jax.device_put(filled)))


@dataclass(frozen=True)
class Doubts:
    """The fixed points of one simultaneous move, or of one phase that may show a type, which are in doubt, in states in
    which play can be, one a place.

    Attributes:
        step, state, draw: int64[places]; the state is a place in the codes of the phase, of a move that of its first
            turn.
        crossed: bool[places], whether another branch crosses the one that was followed, or this turns; elsewhere the
            fixed point was not reached.
        error: float64[places], how far the choices are from the odds that they should have, in probability; reached:
            how much of all rationality the branch was followed to; likely: how likely play is to come there.
    """

    step: Places
    state: Places
    draw: Places
    crossed: NDArray[np.bool_]
    error: Floats
    reached: Floats
    likely: Floats


@dataclass(frozen=True)
class FixedPoints:
    """How the fixed points of one simultaneous move were found.

    Attributes:
        joint: its place among those of the game.
        solved: how many there are, over states, steps, beliefs and draws; alone: for how many there is certainly no
            other equilibrium; searched: how many of the rest were solved from other starts; others: for how many of
            these another equilibrium was found.
    """

    joint: int
    solved: int
    alone: int
    searched: int
    others: int
    doubts: Doubts


def join_doubts(parts: Sequence[Doubts]) -> Doubts:
    fields = Doubts.__dataclass_fields__
    return Doubts(*(np.concatenate([getattr(part, name) for part in parts]) for name in fields))


def join_points(parts: Sequence[FixedPoints]) -> FixedPoints:
    """Those of several blocks, or steps, of one move."""
    return FixedPoints(
        parts[0].joint,
        sum(part.solved for part in parts),
        sum(part.alone for part in parts),
        sum(part.searched for part in parts),
        sum(part.others for part in parts),
        join_doubts([part.doubts for part in parts]),
    )


class Ledger:
    """Notes, step by step, how the moves of a block were settled.

    Args:
        likely: float64[profiles, draws], how likely each profile of types is.
        chosen: the places, among all, of those draws that count, which are the first of the block.
        lanes: of the block, one for each belief and draw.

    Attributes:
        points: what was noted.
    """

    def __init__(
        self,
        tables: Sequence[Table],
        settled: dict[tuple[int, int], Settled],
        likely: Floats,
        chosen: Places,
        lanes: int,
    ):
        self.tables, self.settled, self.likely, self.chosen, self.lanes = tables, settled, likely, chosen, lanes
        self.errors: dict[tuple[int, int], Floats] = {}
        self.points: list[FixedPoints] = []

    def claimed(self, joint: int, step: int, states: int) -> NDArray[np.bool_]:
        """bool[states, lanes]: where a fixed point is said to be found, by place in the codes of the first turn."""
        table, how = self.tables[joint], self.settled[joint, step]
        reached, wanted = table.reached(step), wanted_lanes(self.lanes, self.likely.shape[1], len(self.chosen))
        found = np.zeros((states, self.lanes), dtype=bool)
        found[table.states[:reached]] = table.sound[table.pattern_of_step[step]][:reached, None] & wanted
        lost = how.status == FELL_SHORT
        found[table.states[how.base[lost]], how.lane[lost]] = False
        return found

    def note_errors(self, joint: int, step: int, errors: Floats) -> None:
        """Keeps the errors that the check has found, float64[states, lanes], where fixed points are in doubt."""
        table, how = self.tables[joint], self.settled[joint, step]
        self.errors[joint, step] = errors[table.states[how.base], how.lane]

    def forth(self, step: int, masses: Sequence[Sequence[Array]]) -> None:
        """On the way forth; where play is, by plan and by profile of types, float64[rows, courses, lanes], in course
        0."""
        for joint, table in enumerate(self.tables):
            how = self.settled[joint, step]
            counts = how.solved, how.alone, how.searched, how.others
            self.points.append(FixedPoints(joint, *counts, self._doubts(table, how, masses)))

    def _doubts(self, table: Table, how: Settled, masses: Sequence[Sequence[Array]]) -> Doubts:
        """Beliefs are taken together: a move is in doubt if it is at some belief to which play comes."""
        draws = self.likely.shape[1]
        by_plan = np.array([self._likely(table, how, mass) for mass in masses if len(how.base)])
        met = np.flatnonzero(by_plan.max(axis=0, initial=0.0) > 0)
        base, draw = how.base[met], how.lane[met] % draws
        places, mine = np.unique(base * draws + draw, return_inverse=True)
        missed, error, likely = np.zeros(len(places), dtype=bool), np.zeros(len(places)), np.zeros(len(places))
        reached = np.ones(len(places))
        np.logical_or.at(missed, mine, how.status[met] != BIFURCATION)
        np.maximum.at(error, mine, self.errors[how.joint, how.step][met])
        np.minimum.at(reached, mine, how.reached[met])
        for part in by_plan:
            likely = np.maximum(likely, np.bincount(mine, part[met], len(places)))
        states, chosen = table.states[places // draws], self.chosen[places % draws]
        steps = np.full(len(places), how.step)
        return Doubts(steps, states, chosen, ~missed, error, reached, np.minimum(likely, 1.0))

    def _likely(self, table: Table, how: Settled, masses: Sequence[Array]) -> Floats:
        """float64[doubts]: how likely play comes there under a plan."""
        found = np.zeros(len(how.base))
        for likely, mass in zip(self.likely, masses, strict=True):
            here = _rows(mass, table.rows[how.base])[np.arange(len(how.base)), 0, how.lane]
            found += likely[how.lane % len(likely)] * here
        return found

    def summary(self) -> tuple[FixedPoints, ...]:
        """All steps together, by simultaneous move."""
        return tuple(
            join_points([points for points in self.points if points.joint == joint])
            for joint in range(len(self.tables))
        )
