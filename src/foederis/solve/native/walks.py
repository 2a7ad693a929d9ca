"""The way forth of a block of draws by the engine in C."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve.forward import Walk
from foederis.solve.groups import Group
from foederis.solve.inflow import BEGINNING
from foederis.solve.layout import Stretch
from foederis.solve.native.arrays import groups_at, kept, rows_of_chunks
from foederis.solve.native.build import engine
from foederis.solve.native.memory import DRAWS, apart, begins, blank, place, together, view

Floats = NDArray[np.float64]


class NativeWalk(Walk):
    """See Walk; `mass` is NumPy's, and overwritten where it lies."""

    @cached_property
    def _sums(self) -> Floats:
        """What play meets in the groups, for each step [sums, draws]."""
        sums = blank(int(groups_at(self.layout, 0).begins[-1]), self.numbers.lanes)
        return np.zeros((self.layout.game.steps, *sums.shape))

    @property
    def _tables(self) -> int:
        """How many times 8 draws the block has."""
        return self.numbers.lanes // DRAWS

    @property
    def _courses(self) -> int:
        return int(self.mass.shape[-2])

    def _begin(self, lanes: Floats) -> Floats:
        mass: Floats = blank(self.layout.tall, *lanes.shape)
        mass[..., BEGINNING, :, :] = apart(lanes)
        return mass

    def _pull(self, step: int, weights: Any, stretch: Stretch) -> Floats:
        inflow, weights = self.layout.inflow(step), view(weights)  # the edges may be forgotten by others meanwhile
        edges = *inflow.held.places, *kept(self.layout, "rows", rows_of_chunks(self.layout)), *stretch.held.places
        engine().pull(self._tables, *self._tables_of(self.mass, weights), *edges, stretch.count, self._courses)
        return self.mass

    def _tables_of(self, *arrays: Any) -> list[int | None]:
        return begins(self._tables, *arrays)

    def _meet(self, step: int, weights: Any) -> None:
        groups, weights = groups_at(self.layout, step), view(weights)
        tables, begins = self._tables_of(self.mass, weights, self._sums[step]), place(groups.begins)
        engine().meet(self._tables, *tables, groups.place, groups.count, self._courses, begins)
        if step == self.layout.game.steps - 1:
            self._read_sums()

    def _read_sums(self) -> None:
        """As _read_groups, for all steps together."""
        layout, steps = self.layout, self.layout.game.steps
        sums = np.stack([self.back.fold(together(found, 1)) for found in self._sums])
        taken: list[dict[int, Floats]] = [{} for _ in range(steps)]
        patience = np.asarray(self.numbers.patience)[:, : self.numbers.draws]
        discount = patience ** np.arange(steps)[:, None, None]
        begins = groups_at(layout, 0)
        for group, begin, (_, height) in zip(layout.groups, begins.begins, begins.shapes, strict=False):
            if group.typed >= 0:
                self._read_signals(group, sums[:, begin : begin + height], taken, discount)
                continue
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

    def _read_signals(self, group: Group, sums: Floats, taken: list[dict[int, Floats]], discount: Any) -> None:
        """As _read_signal, for all steps together."""
        [phase], width = group.phases, group.width
        signal = self.layout.game.phases[phase].signal
        assert signal is not None
        if group.turns:
            for options, found in zip(taken, sums, strict=True):
                options[phase] = found[: len(self.layout.game.phases[phase].branches)]
        if not self.accounts:
            return
        for mine in range(2):
            seat = signal.first + mine
            self.points[seat] += np.sum(discount[:, seat] * sums[:, width + mine], axis=0)
            self.errors[seat] += np.sum(discount[:, seat] * sums[:, width + 2 + mine], axis=0)
        for slot, (_, seat, _) in enumerate(signal.others):
            self.points[seat] += np.sum(discount[:, seat] * sums[:, width + 4 + slot], axis=0)

    def _arrive(self) -> Floats:
        ends = self.layout.ends
        return self.mass[..., ends.row : ends.row + ends.width, :, :]

    def _leave(self, ending: Floats) -> Floats:
        ends = self.layout.ends
        self.mass[..., ends.before : ends.before + ends.width, :, :] = ending
        self.mass[..., BEGINNING, :, :] = 0.0
        return self.mass

    @property
    def _far(self) -> int:
        return self.layout.tall * self._courses

    @property
    def _states(self) -> tuple[int, int]:
        return self.layout.ends.width, self.layout.ends.count

    def _sums_of(self, count: int) -> Floats:
        found: Floats = blank(count, self.numbers.lanes)
        return found

    def _mean_flow(self, ending: Floats, flow: Floats) -> Floats:
        found, sizes = self._sums_of(flow.shape[-2]), (*self._states, self._courses, flow.shape[-2])
        engine().mean_flow(self._tables, place(ending), self._far, place(flow), *sizes, place(found))
        return together(found, 1)

    def _level_masses(self, ending: Floats, levels: Any, count: int) -> Floats:
        levels, found = view(levels), self._sums_of(count)
        sizes = len(levels), *self._states, self._courses, count
        engine().level_masses(self._tables, place(ending), self._far, place(levels), *sizes, place(found))
        return together(found, 1)

    def _products(self, ending: Floats, numbers: Any, ids: Any) -> Floats:
        """The mean of each table, and that of the product of all of them last."""
        [rows], found = kept(self.layout, ("ids", id(ids)), ids), self._sums_of(len(ids) + 1)
        parts = place(ending), self._far, place(numbers), numbers.shape[-2], rows
        sizes = len(ids), *self._states, self._courses
        engine().means(self._tables, *parts, *sizes, place(found))
        return together(found, 1)

    def _means(self, ending: Floats, numbers: Any, ids: Any) -> Floats:
        return self._products(ending, numbers, ids)[:-1]

    def _joint_mean(self, ending: Floats, numbers: Any, ids: Any) -> Sequence[Floats]:
        _, second, both = self._products(ending, numbers, ids)
        return both, second

    def _absorb(self, ending: Floats, numbers: Any, ids: Any, counts: Floats) -> tuple[Floats, Floats]:
        [rows], met = kept(self.layout, ("ids", id(ids)), ids), self._sums_of(len(ids))
        parts = place(ending), self._far, place(numbers), numbers.shape[-2], rows, place(counts)
        engine().absorb(self._tables, *parts, len(ids), self.layout.ends.width, place(met))
        return together(met, 1), ending
