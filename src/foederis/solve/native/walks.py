"""The way forth of a block of draws by the engine in C."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve.forward import Walk
from foederis.solve.inflow import BEGINNING
from foederis.solve.layout import Stretch
from foederis.solve.native.arrays import groups_at, kept
from foederis.solve.native.build import engine
from foederis.solve.native.memory import place, view

Floats = NDArray[np.float64]


class NativeWalk(Walk):
    """See Walk; `mass` is NumPy's, and overwritten where it lies.

    Attributes:
        _sums: float64[steps, sums, draws], what play meets in the groups.
    """

    _sums: Floats = np.zeros(0)

    def _begin(self, lanes: Floats) -> Floats:
        mass = np.zeros((self.layout.tall, *lanes.shape))
        mass[BEGINNING] = lanes
        return mass

    def _pull(self, step: int, weights: Any, stretch: Stretch) -> Floats:
        inflow, mass, weights = self.layout.inflow(step), self.mass, view(weights)
        edges = *inflow.held.places, *stretch.held.places
        engine().pull(place(mass), place(weights), *edges, stretch.count, mass.shape[1])
        return mass

    def _meet(self, step: int, weights: Any) -> None:
        groups, weights = groups_at(self.layout, step), view(weights)
        if not len(self._sums):
            self._sums = np.zeros((self.layout.game.steps, groups.begins[-1], weights.shape[1]))
        tables, courses = (place(self.mass), place(weights)), self.mass.shape[1]
        parts = place(self._sums[step]), place(groups.begins)
        engine().meet(groups.place, groups.count, *tables, courses, *parts)
        if step == self.layout.game.steps - 1:
            self._read_sums()

    def _read_sums(self) -> None:
        """As _read_groups, for all steps together."""
        layout, sums, steps = self.layout, self._sums, self.layout.game.steps
        taken: list[dict[int, Floats]] = [{} for _ in range(steps)]
        discount = np.asarray(self.numbers.patience) ** np.arange(steps)[:, None, None]
        begins = groups_at(layout, 0)
        for group, begin, (_, height) in zip(layout.groups, begins.begins, begins.shapes, strict=False):
            for within, phase in enumerate(group.phases):
                here, game_phase = sums[:, begin + within * height :], layout.game.phases[phase]
                above, mover = group.width + 2 if group.turns else 0, game_phase.mover
                if group.turns:
                    for options, found in zip(taken, here, strict=True):
                        options[phase] = found[: len(game_phase.branches)]
                if not self.accounts:
                    continue
                if group.turns:
                    self.points[mover] += np.sum(discount[:, mover] * here[:, group.width], axis=0)
                    lost = discount[self.since :, mover] * here[self.since :, group.width + 1]
                    self.errors[mover] += np.sum(lost, axis=0)
                others = [actor for _, actor, _ in game_phase.pays if actor != mover]
                for slot, actor in enumerate(others):
                    self.points[actor] += np.sum(discount[:, actor] * here[:, above + slot], axis=0)
        self.course.taken = taken

    def _arrive(self) -> Floats:
        ends = self.layout.ends
        return self.mass[ends.row : ends.row + ends.width]

    def _leave(self, ending: Floats) -> Floats:
        ends = self.layout.ends
        self.mass[ends.before : ends.before + ends.width] = ending
        self.mass[BEGINNING] = 0.0
        return self.mass

    def _mean_flow(self, ending: Floats, flow: Floats) -> Floats:
        found = np.empty(flow.shape[1:])
        engine().mean_flow(place(ending), place(flow), *ending.shape[:2], len(found), place(found))
        return found

    def _level_masses(self, ending: Floats, levels: Any, count: int) -> Floats:
        levels, found = view(levels), np.empty((count, ending.shape[-1]))
        engine().level_masses(place(ending), place(levels), len(levels), *ending.shape[:2], count, place(found))
        return found

    def _products(self, ending: Floats, numbers: Any, ids: Any) -> Floats:
        """The mean of each table, and that of the product of all of them last."""
        [places] = kept(self.layout, ("ids", id(ids)), ids)
        found = np.empty((len(ids) + 1, ending.shape[-1]))
        engine().means(place(ending), place(numbers), places, len(ids), *ending.shape[:2], place(found))
        return found

    def _means(self, ending: Floats, numbers: Any, ids: Any) -> Floats:
        return self._products(ending, numbers, ids)[:-1]

    def _joint_mean(self, ending: Floats, numbers: Any, ids: Any) -> Sequence[Floats]:
        _, second, both = self._products(ending, numbers, ids)
        return both, second

    def _absorb(self, ending: Floats, numbers: Any, ids: Any, counts: Floats) -> tuple[Floats, Floats]:
        met, [places] = np.empty((len(ids), ending.shape[-1])), kept(self.layout, ("ids", id(ids)), ids)
        sizes = len(ids), len(ending)
        engine().absorb(place(ending), place(numbers), places, place(counts), *sizes, place(met))
        return met, ending
