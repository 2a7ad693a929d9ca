"""The way back of a block of draws, and the check of it, by the engine in C."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve.backward import Asking, Pass
from foederis.solve.native.arrays import groups_at, kept, with_hits
from foederis.solve.native.build import engine
from foederis.solve.native.memory import DRAWS, apart, blank, each, place, together, view
from foederis.solve.native.moves import joint_groups, places_of
from foederis.solve.native.settled import Settler, judged
from foederis.solve.numbers import Stack
from foederis.solve.verify import Findings
from foederis.solve.verify_together import Found

Floats = NDArray[np.float64]


class NativePass(Pass):
    """See Pass; arrays are in the engine's form, see memory, and overwritten where they lie."""

    @cached_property
    def _notes(self) -> tuple[Floats | None, Floats | None]:
        """What is noted of the simultaneous moves of a step, and what the check finds of them; see moves.Places."""
        if not self.layout.tables:
            return None, None
        places, draws = places_of(self.layout), self.numbers.lanes
        return blank(places.notes_height, draws), blank(places.found_height, draws)

    def judged(self, joint: int) -> Found:
        """What the check has found of a simultaneous move, in the step that was gone back last."""
        found = self._notes[1]
        assert found is not None
        return judged(self.layout, joint, found)

    def _settle_all(self, step: int, weights: Floats, rationality: Floats) -> None:
        notes = self._notes[0]
        if notes is None:
            return
        settler = Settler(self.layout, step, (self.space.values, weights, rationality, notes), self.numbers.draws)
        used = len(np.unique(self.numbers.chosen))  # a block is filled up with its last draw
        for at, group in joint_groups(self.layout):
            assert group.joint is not None
            self.settled[group.joint, step] = settler.settled(at, group, used)

    @property
    def tables(self) -> int:
        """How many times 8 draws the block has."""
        return self.numbers.lanes // DRAWS

    def _each(self, *arrays: Any) -> NDArray[np.int64]:
        return each(self.tables, *arrays)

    def _paid(self, stack: Stack, ids: Any, actors: Any, count: int, step: int, profile: int | None) -> Floats:
        ends, seats = self.layout.ends, self.layout.actors
        found: Floats = blank(ends.width, seats, self.numbers.lanes)
        if count:
            rows, parts = self.numbers.rows(stack, step, profile), kept(self.layout, ("pay", id(ids)), ids, actors)
            sizes = count, ends.width, seats
            engine().pay(self.tables, place(rows), stack.height, *parts, *sizes, place(found))
        return found

    def _stale(self, table: Floats) -> Floats | None:
        """What stands at the end of a step, where the next one may begin in the same rows; None if it does not."""
        ends = self.layout.ends
        clash = self.layout.keep("engine clash", lambda: bool((np.asarray(ends.onward) >= ends.row).any()))
        return table[..., ends.row : ends.row + ends.width, :, :].copy() if clash else None

    def resume(self, ending: Floats) -> None:
        ends = self.layout.ends
        self.space.values[..., ends.row : ends.row + ends.width, :, :] = ending

    def ending(self) -> Floats:
        ends = self.layout.ends
        return np.array(self.space.values[..., ends.row : ends.row + ends.width, :, :])

    def back(self, step: int, found: Floats | None, asking: Asking | None) -> Floats:
        """From the start of the next step to the start of this one, all for 8 draws before it is done for the next 8.

        Args:
            found: takes the worst that the check finds, for each 8 draws; nothing is checked without.
            asking: the question columns that are carried, if any are.
        Returns:
            the weights of the step, see Layout.
        """
        space, layout, ends, last = self.space, self.layout, self.layout.ends, step == self.layout.game.steps - 1
        weights = self._begin(step)
        stale, flow, final = self._stale(space.values), self.flow(step), self.final() if last else None
        patience, rationality = apart(np.asarray(self.numbers.patience)), apart(np.asarray(self.numbers.rationality))
        groups, [onward], actors = groups_at(layout, step), kept(layout, "onward", ends.onward), layout.actors
        judged, answering, ids, rows, columns = 0, groups, (None,) * 6, (None,) * 4, 0
        if found is not None:
            judged = (found.shape[-2] - 6) // 3
        if asking:
            answering = with_hits(layout, step, asking.profiles, lambda: hits_of(asking, step))
            ids, more = self._asked(space.questions, step, asking)
            rows, columns = (space.questions, *more), asking.width
        tables = space.values, weights, rationality, final, stale, flow, patience, found, *self._notes, *rows
        parts = self._each(*tables)
        sizes = groups.count, actors, judged, ends.row, ends.reached(step), onward, ends.width, ends.count
        engine().back(place(parts), len(parts), groups.place, answering.place, *sizes, *ids, columns)
        self._settle_all(step, weights, rationality)
        return weights

    def play(self, step: int) -> Floats:
        weights = self._begin(step)
        groups, rationality = groups_at(self.layout, step), apart(np.asarray(self.numbers.rationality))
        for *parts, notes in self._each(self.space.values, weights, rationality, self._notes[0]).tolist():
            engine().play(groups.place, groups.count, *parts, self.layout.actors, notes)
        return weights

    def _begin(self, step: int) -> Floats:
        """The weights of a step before anybody has decided, see loops.begin_step."""
        numbers = self.numbers.rows(self.layout.numbers, step)
        weights: Floats = self.space.blank()
        weights[..., : numbers.shape[-2], :] = numbers
        for group in self.layout.groups:
            if group.shared:  # see apart.fill
                rows = view(group.shared[group.pattern_of_step[step]])
                base = int(group.at(step).base)
                weights[..., base : base + len(rows), :] = weights[..., rows, :]
        return weights

    def _asked(self, questions: Floats, step: int, asking: Asking) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """What is told of questions at the end of a step: for all draws, and the tables that are of each 8."""
        layout, ends, last = self.layout, self.layout.ends, step == self.layout.game.steps - 1
        names = asking.asked, asking.final, asking.gain_of
        asked, final, gains = kept(layout, ("asking", asking.profiles), *names)
        windows = kept(layout, ("windows", asking.profiles, step), *asking.windows(step))
        finals = self.numbers.rows(ends.asked, step + 1) if last else None
        rows = finals, self._stale(questions), self.numbers.rows(ends.asked, step)
        return (final if last else None, asked, gains, *windows), rows

    def end_questions(self, questions: Floats, step: int, asking: Asking) -> Floats:
        (final, *ids), rows = self._asked(questions, step, asking)
        ends, [onward] = self.layout.ends, kept(self.layout, "onward", self.layout.ends.onward)
        sizes = ends.width, ends.count, asking.width
        for table, finals, stale, numbers in self._each(questions, *rows).tolist():
            engine().end_questions(table, ends.row, final, finals, onward, stale, numbers, *ids, *sizes)
        return questions

    def answer(self, questions: Floats, weights: Any, step: int, asking: Asking, hopes: Any = None) -> Floats:
        groups = with_hits(self.layout, step, asking.profiles, lambda: hits_of(asking, step))
        [gains] = kept(self.layout, ("gains", asking.profiles), asking.gain_of)
        weights = view(weights)
        for parts in self._each(questions, weights).tolist():
            engine().carry(groups.place, groups.count, *parts, gains, asking.width)
        return questions

    def asked_under(self, profile: int) -> Floats:
        return np.array(self.space.questions[..., self.askings.all.part(profile), :], order="C")

    def row(self, table: Any, at: int) -> Floats:
        return np.array(together(table[..., at, :, :], 1))

    def fold(self, values: Any) -> Any:
        return np.asarray(values)

    def nothing_found(self, actors: int) -> Floats:
        """Where the check begins."""
        found: Floats = blank(3 * actors + 6, self.numbers.lanes)
        return found


def hits_of(asking: Asking, step: int) -> list[Any]:
    return [asking.hits(at, step) for at in range(len(asking.layout.groups))]


def findings(found: Floats) -> Findings:
    """What the check has found, in the form in which the verdict reads it."""
    found = together(found, 1)
    actors = (len(found) - 6) // 3
    spoilt = found[-1] * 0.0  # not a number where anything was none
    error, low, high = (found[k * actors : (k + 1) * actors][None] for k in range(3))
    laws, odds, strain, regret, bound = found[3 * actors : 3 * actors + 5]
    choice = np.stack([odds + spoilt, strain, regret, bound])[:, None]
    parts: list[Any] = [error + spoilt, low, high, laws + spoilt, choice]
    return Findings(*parts)
