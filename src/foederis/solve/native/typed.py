"""The engine in C where actors have private types, two each: a table for every public belief, and every 8 draws.

Beliefs come first in the order of the tables, as they do among the lanes of solve.beliefs. So a phase that shows no
type is worked on table by table as if there were but one, and only those that may show one read across tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve.backward import Asking, Pass
from foederis.solve.groups import Group
from foederis.solve.native.arrays import Groups, groups_at, kept, with_hits, write
from foederis.solve.native.build import engine
from foederis.solve.native.memory import DRAWS, Held, apart, begins, hold, place, together, view
from foederis.solve.native.passes import NativePass, hits_of
from foederis.solve.native.walks import NativeWalk
from foederis.solve.numbers import Numbers, Stack
from foederis.solve.signals import FOUND, SignalArrays

Floats = NDArray[np.float64]

# As Axis in group.h.
AXIS = np.dtype(
    [(name, np.uintp) for name in ("nodes", "beliefs", "logs")]
    + [(name, np.int64) for name in ("before", "along", "after", "parts")]
)


def pointers(*arrays: Any) -> Held:
    """The place of a table of places."""
    parts = hold(*arrays)
    whole = hold(np.array(parts.places, dtype=np.uintp))
    return Held(whole.places, (whole, parts))


class TypedNumbers(Numbers):
    """See Numbers; rows are in the engine's form."""

    def _in_lanes(self, stack: Stack, rows: Floats, profile: int | None) -> Floats:
        mine = apart(rows)
        table: Floats = np.tile(mine if mine.ndim == 3 else mine[None], (self.lanes // self.draws, 1, 1))
        for places, sources, likely in self._means_of(stack, profile):
            table[:, places] = sum(table[:, part] * chance for part, chance in zip(sources, likely, strict=True))
        return table

    def _means_of(self, stack: Stack, profile: int | None) -> Sequence[tuple[Any, Any, Any]]:
        key = id(stack), profile
        if key not in self._means:
            each = [self._mean(start, mix, profile) for start, mix in stack.mixes]
            self._means[key] = [
                (rows, sources, [apart(np.asarray(part))[:, None] for part in chances])
                for rows, sources, chances in each
            ]
        return self._means[key]


class TypedPass(NativePass):
    """See NativePass."""

    def __init__(self, *parts: Any):
        super().__init__(*parts)
        self._likely_asked: dict[tuple[int | None, ...], Held] = {}

    @cached_property
    def beliefs(self) -> Held:
        """The place of what the engine is told of the beliefs about each actor with types."""
        rows, parts, grid = np.zeros(len(self.axes.types), dtype=AXIS), [], self.grid
        for typed, row in enumerate(rows):
            [nodes] = grid.nodes[typed]
            held = hold(*(apart(np.asarray(part)) for part in (nodes, grid.chances[typed], grid.logs[typed])))
            write(row, ("nodes", "beliefs", "logs"), held)
            row["before"], row["along"], row["after"] = self.axes.split(typed)
            row["parts"] = self.numbers.draws // DRAWS
            parts.append(held)
        whole = hold(rows)
        return Held(whole.places, (whole, parts))

    def fold(self, values: Any) -> Any:
        return Pass.fold(self, values)

    def likely(self, typed: int, profile: int | None) -> Any:
        chances = np.asarray(self.grid.chances[typed])
        if profile is None:
            return chances
        mine = np.arange(len(chances)) == self.layout.type_in(profile, typed)
        return np.broadcast_to(mine[:, None] * 1.0, chances.shape)

    def _decide(self, groups: Groups, step: int, weights: Floats) -> None:
        rationality, doubts = apart(np.asarray(self.numbers.rationality)), np.zeros(groups.count, dtype=np.int64)
        tables = *begins(self.tables, self.space.values, weights), place(rationality), self.layout.actors
        notes = *begins(self.tables, self._notes[0]), place(doubts)
        engine().play_all(groups.place, groups.count, self.beliefs.places[0], self.tables, *tables, *notes)
        for at, group in enumerate(self.layout.groups):
            if group.typed >= 0 and group.turns:
                self.doubtful[at, step] = doubts[at]

    def back(self, step: int, found: Floats | None, asking: Asking | None) -> Floats:
        space, layout, ends, last = self.space, self.layout, self.layout.ends, step == self.layout.game.steps - 1
        weights = self._begin(step)
        stale, flow, final = self._stale(space.values), self.flow(step), self.final() if last else None
        [onward], patience = kept(layout, "onward", ends.onward), apart(np.asarray(self.numbers.patience))
        for values, after, before, paid, patient in self._each(space.values, final, stale, flow, patience).tolist():
            engine().end_values(values, ends.row, after, onward, before, paid, patient, ends.count, layout.actors)
        groups = groups_at(layout, step)
        self._decide(groups, step, weights)
        self._settle_all(step, weights, apart(np.asarray(self.numbers.rationality)))
        if found is not None:
            rationality = apart(np.asarray(self.numbers.rationality))
            seats, judged = layout.actors, (found.shape[-2] - 6) // 3
            sizes = seats, judged, ends.row, ends.reached(step)
            of_each = self._each(space.values, weights, rationality, found, self._notes[1])
            for values, mine, pace, worst, moves in of_each.tolist():
                engine().judge(groups.place, groups.count, values, mine, pace, *sizes, worst, moves)
            tables = *begins(self.tables, space.values, weights), place(rationality), seats, judged, place(found)
            engine().judge_signals(groups.place, groups.count, self.beliefs.places[0], self.tables, *tables)
        if asking:
            self.end_questions(space.questions, step, asking)
            self.answer(space.questions, weights, step, asking)
        return weights

    def play(self, step: int) -> Floats:
        weights = self._begin(step)
        self._decide(groups_at(self.layout, step), step, weights)
        return weights

    def answer(self, questions: Floats, weights: Any, step: int, asking: Asking, hopes: Any = None) -> Floats:
        layout = self.layout
        groups = with_hits(layout, step, asking.profiles, lambda: hits_of(asking, step))
        gains, starts = view(asking.gain_of), asking.starts.astype(np.int64)
        places = self._under(asking).places
        tables = *begins(self.tables, questions, weights), place(gains), places[0], place(starts), len(asking.profiles)
        engine().carry_all(groups.place, groups.count, self.beliefs.places[0], self.tables, *tables)
        return questions

    def _under(self, asking: Asking) -> Held:
        """By actor with types, the places of float64[tables, profiles, types, 8]: how likely each type is under the
        profiles that are asked."""
        if asking.profiles not in self._likely_asked:
            typed = range(len(self.axes.types))
            each = [apart(np.stack([self.likely(k, profile) for profile in asking.profiles])) for k in typed]
            self._likely_asked[asking.profiles] = pointers(*each)
        return self._likely_asked[asking.profiles]

    def found_at(self, weights: Any, arrays: SignalArrays) -> Floats:
        states, size, base = arrays.successors.shape[1], arrays.size, int(arrays.base)
        rows = weights[:, base : base + states * size].reshape(len(weights), states, size, DRAWS)
        return np.asarray(together(np.moveaxis(rows[:, :, -FOUND:], 2, 1), 2))

    def take(self, mass: Any, places: NDArray[np.int64]) -> Floats:
        return np.asarray(together(mass[:, places], 2))

    def after(self, mass: Any, weights: Any, group: Group, step: int, state: int, row: int) -> tuple[Floats, Floats]:
        """After each branch of a phase in a state: the belief that the actor is of the first type, and how likely play
        goes there; float64[branches + 1, lanes] each."""
        mine = groups_at(self.layout, step).place_of(self.layout, group)
        found: Floats = np.zeros((2, group.width + 1, self.tables, DRAWS))
        tables = *begins(self.tables, mass, weights), mass.shape[-2], row, place(found[0]), place(found[1])
        engine().reach(mine, self.beliefs.places[0], self.tables, state, *tables)
        return found[0].reshape(group.width + 1, -1), found[1].reshape(group.width + 1, -1)


class TypedWalk(NativeWalk):
    """See NativeWalk."""

    @cached_property
    def _chances(self) -> list[Floats]:
        """By actor with types, float64[tables, types, 8]: how likely each type is that plays."""
        return [view(apart(part)) for part in self.likely]

    def _land(self, step: int, weights: Any, group: Group, hopes: Any) -> None:
        back, mine = self.back, groups_at(self.layout, step).place_of(self.layout, group)
        assert isinstance(back, TypedPass)
        tables = *self._tables_of(self.mass, weights), place(self._chances[group.typed]), self._courses
        engine().land(mine, back.beliefs.places[0], *tables)

    def _meet(self, step: int, weights: Any) -> None:
        groups, likely = groups_at(self.layout, step), pointers(*self._chances)
        tables = *self._tables_of(self.mass, weights), self._courses, likely.places[0]
        sums = self._tables_of(self._sums[step])
        engine().meet_signals(groups.place, groups.count, self._tables, *tables, *sums, place(groups.begins))
        super()._meet(step, weights)
