"""Where the fixed points of signals are in doubt: in which states and draws to which play comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve.backward import Pass
from foederis.solve.fixed_points import Doubts, Floats, Places, join_doubts
from foederis.solve.groups import Group
from foederis.solve.kernels import Array
from foederis.solve.native.typed import TypedPass
from foederis.solve.signal_loops import found_at, in_doubt
from foederis.solve.signals import MISSED
from foederis.solve.worths import filled, take


@dataclass(frozen=True)
class SignalPoints:
    """The fixed points of one phase that are in doubt; `phase` is its place in the game. There is one for each state,
    step and draw, and beliefs are taken together: it is in doubt if it is at some belief to which play comes."""

    phase: int
    doubts: Doubts


def join_signals(parts: Sequence[SignalPoints]) -> tuple[SignalPoints, ...]:
    """Those of several blocks, or steps, by phase."""
    phases = sorted({part.phase for part in parts})
    return tuple(
        SignalPoints(phase, join_doubts([part.doubts for part in parts if part.phase == phase])) for phase in phases
    )


class SignalLedger:
    """Notes, step by step on the way forth, where fixed points are in doubt in a block.

    Args:
        likely: float64[profiles, draws], how likely each profile of types is.
        chosen: the places, among all, of those draws that count, which are the first of the block.

    Attributes:
        points: what was noted.
    """

    def __init__(self, back: Pass, likely: Floats, chosen: Places):
        self.back, self.likely, self.chosen = back, likely, chosen
        self.points: list[SignalPoints] = []

    def forth(self, step: int, weights: Array, masses: Sequence[Sequence[Array]]) -> None:
        """Looks at a step; `masses` are where play is, by plan and by profile of types, float64[rows, courses, lanes],
        in course 0."""
        for place, group in enumerate(self.back.layout.groups):
            if int(self.back.doubtful.get((place, step), 0)):
                self.points.append(SignalPoints(group.phases[0], self._note(step, group, weights, masses)))

    def _note(self, step: int, group: Group, weights: Array, masses: Sequence[Sequence[Array]]) -> Doubts:
        count = int(np.searchsorted(group.since[0], step, side="right"))
        read = self.back.found_at if isinstance(self.back, TypedPass) else found_at
        error, reached = np.asarray(read(weights, group.at(step)))[:, :count]
        doubtful = in_doubt(error, reached)
        rows = np.flatnonzero(doubtful.any(axis=1))
        error, reached, doubtful = (self._by_draw(part[rows]) for part in (error, reached, doubtful))
        by_plan = [self._likely(group.rows[0] + rows, mass) for mass in masses]
        # What no play comes to is not told, as little as another state to which none comes.
        met = doubtful & (np.max(by_plan, axis=0) > 0)
        row, draw = np.nonzero(met.any(axis=1)[:, : len(self.chosen)])
        missed = met & ~(error <= MISSED)

        def at(table: NDArray[Any]) -> NDArray[Any]:
            return table[row, draw]

        return Doubts(
            np.full(len(row), step),
            group.states[0][rows[row]].astype(np.int64),
            self.chosen[draw],
            ~missed.any(axis=1)[row, draw],
            np.where(met, error, 0.0).max(axis=1)[row, draw],
            np.where(met, reached, 1.0).min(axis=1)[row, draw],
            np.minimum(np.max([np.where(met, part, 0.0).sum(axis=1) for part in by_plan], axis=0)[row, draw], 1.0),
        )

    def _likely(self, places: Places, masses: Sequence[Array]) -> Floats:
        """float64[rows, beliefs, draws]: how likely play comes there under a plan."""
        parts = [
            likely * self._by_draw(self._rows(mass, places)[:, 0])
            for likely, mass in zip(self.likely, masses, strict=True)
        ]
        return np.asarray(sum(parts))

    def _rows(self, mass: Any, places: Places) -> Floats:
        if isinstance(self.back, TypedPass):
            return self.back.take(mass, places)
        return np.asarray(take(mass, filled(places)))[: len(places)]

    def _by_draw(self, lanes: NDArray[Any]) -> NDArray[Any]:
        """[rows, beliefs, draws], from [rows, lanes]"""
        return lanes.reshape(len(lanes), -1, self.back.numbers.draws)
