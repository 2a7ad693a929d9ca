"""The way back of a block of draws, and the check of it, by the engine in C."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve.backward import Asking, Pass
from foederis.solve.native.arrays import Groups, groups_at, kept, with_hits
from foederis.solve.native.build import engine
from foederis.solve.native.memory import place, view
from foederis.solve.numbers import Stack
from foederis.solve.verify import Findings

Floats = NDArray[np.float64]
DRAWS = 8  # as in group.h


class NativePass(Pass):
    """See Pass; arrays are NumPy's, and overwritten where they lie."""

    def _paid(self, stack: Stack, ids: Any, actors: Any, count: int, step: int, profile: int | None) -> Floats:
        ends = self.layout.ends
        found = np.zeros((ends.width, self.layout.actors, DRAWS))
        if count:
            rows, tables = self.numbers.rows(stack, step, profile), kept(self.layout, ("pay", id(ids)), ids, actors)
            engine().pay(place(rows), *tables, count, ends.width, self.layout.actors, place(found))
        return found

    def _stale(self, table: Floats) -> Floats | None:
        """What stands at the end of a step, where the next one may begin in the same rows; None if it does not."""
        ends = self.layout.ends
        clash = self.layout.keep("engine clash", lambda: bool((np.asarray(ends.onward) >= ends.row).any()))
        return table[ends.row : ends.row + ends.width].copy() if clash else None

    def end(self, step: int) -> None:
        ends, values = self.layout.ends, self.space.values
        stale, last = self._stale(values), step == self.layout.game.steps - 1
        [onward] = kept(self.layout, "onward", ends.onward)
        flow, final, patience = self.flow(step), self.final() if last else None, self.numbers.patience
        parts = place(final), onward, place(stale), place(flow), place(patience)
        engine().end_values(place(values), ends.row, *parts, ends.width, self.layout.actors)

    def resume(self, ending: Floats) -> None:
        ends = self.layout.ends
        self.space.values[ends.row : ends.row + ends.width] = ending

    def ending(self) -> Floats:
        ends = self.layout.ends
        return self.space.values[ends.row : ends.row + ends.width].copy()

    def play(self, step: int) -> Floats:
        numbers = self.numbers.rows(self.layout.numbers, step)
        weights: Floats = self.space.blank()
        weights[: len(numbers)] = numbers
        for group in self.layout.groups:
            if group.shared:  # see apart.fill
                rows = view(group.shared[group.pattern_of_step[step]])
                base = int(group.at(step).base)
                weights[base : base + len(rows)] = weights[rows]
        groups, tables = groups_at(self.layout, step), (self.space.values, weights, self.numbers.rationality)
        engine().play(groups.place, groups.count, *map(place, tables), self.layout.actors)
        return weights

    def end_questions(self, questions: Floats, step: int, asking: Asking) -> Floats:
        layout, ends, stale = self.layout, self.layout.ends, self._stale(questions)
        onward, asked, final, gains = kept(
            layout, ("asking", asking.profiles), ends.onward, asking.asked, asking.final, asking.gain_of
        )
        windows = kept(layout, ("windows", asking.profiles, step), *asking.windows(step))
        last = step == layout.game.steps - 1
        numbers = self.numbers.rows(ends.asked, step)
        finals = self.numbers.rows(ends.asked, step + 1) if last else None
        parts = final if last else None, place(finals), onward, place(stale), place(numbers), asked, gains, *windows
        engine().end_questions(place(questions), ends.row, *parts, ends.width, asking.width)
        return questions

    def answer(self, questions: Floats, weights: Any, step: int, asking: Asking, hopes: Any = None) -> Floats:
        groups, weights = self._asked(asking, step), view(weights)
        [gains] = kept(self.layout, ("gains", asking.profiles), asking.gain_of)
        engine().carry(groups.place, groups.count, place(questions), place(weights), gains, asking.width)
        return questions

    def _asked(self, asking: Asking, step: int) -> Groups:
        def hits() -> list[Any]:
            return [asking.hits(at, step) for at in range(len(self.layout.groups))]

        return with_hits(self.layout, step, asking.profiles, hits)

    def row(self, table: Any, at: int) -> Floats:
        return np.array(table[at])

    def part(self, columns: Any) -> Floats:
        return np.array(columns, order="C")

    def fold(self, values: Any) -> Any:
        return np.asarray(values)

    def nothing_found(self, actors: int) -> Floats:
        """Where the check begins."""
        return np.zeros((3 * actors + 6, DRAWS))

    def judge(self, found: Floats, weights: Floats, step: int, actors: int) -> None:
        """Judges a step, of which the values of so many actors, and notes in `found` the worst."""
        groups, ends = groups_at(self.layout, step), self.layout.ends
        tables = self.space.values, weights, self.numbers.rationality
        sizes = self.layout.actors, actors, ends.row, ends.reached(step)
        engine().judge(groups.place, groups.count, *map(place, tables), *sizes, place(found))


def findings(found: Floats, actors: int) -> Findings:
    """What the check has found, in the form in which the verdict reads it."""
    spoilt = found[-1] * 0.0  # not a number where anything was none
    error, low, high = (found[k * actors : (k + 1) * actors][None] for k in range(3))
    laws, odds, strain, regret, bound = found[3 * actors : 3 * actors + 5]
    choice = np.stack([odds + spoilt, strain, regret, bound])[:, None]
    parts: list[Any] = [error + spoilt, low, high, laws + spoilt, choice]
    return Findings(*parts)
