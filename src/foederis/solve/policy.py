"""What the solver has decided, as NumPy arrays over the game's own states: how likely each branch is in each phase of a
step, read from the weights of the step (see Layout); and what must come true in histories that are given an outcome."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foederis.game.alike import is_certain
from foederis.game.asks import Ask
from foederis.game.expand import Links
from foederis.game.pools import Worlds
from foederis.solve.backward import Plan, imposed
from foederis.solve.kernels import Array
from foederis.solve.layout import Layout
from foederis.solve.two_types import CLOSED

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Outcome:
    """What must come true, in each world of a block: the condition or the option of a question."""

    def __init__(self, layout: Layout, ask: Ask, worlds: Worlds, draws: int, profile: int = 0):
        """
        Args:
            profile: the place of the profile of types under which it is asked.
        """
        self.asked, self.steps, self.ask, self.worlds, self.draws, self.profile = (
            layout.game.asked,
            layout.game.steps,
            ask,
            worlds,
            draws,
            profile,
        )

    @property
    def by(self) -> int:
        """The last step in which it can come true."""
        return self.ask.by

    def at_start(self) -> Mask:
        """bool[draws]: whether it is true before anything happens."""
        if self.ask.form != "eventually":
            return np.zeros(self.draws, dtype=bool)
        assert self.ask.expression is not None
        return self.asked.at_start(self.ask.expression, self.worlds, self.draws, self.profile) != 0

    def at_end(self, step: int) -> Mask:
        """bool[states, draws]: whether it comes true at the end of a step."""
        looks = step <= self.by if self.ask.form == "eventually" else self.ask.form == "at_end" and step == self.by
        if not looks:
            return np.zeros((len(self.asked.pool.codes), self.draws), dtype=bool)
        final = self.ask.form == "at_end" and self.ask.to_final
        rows = self.asked.pool.evaluate(self.worlds, self.draws, self.steps if final else step)
        return rows[self.asked.pool.ids[self.ask.table]] != 0

    def branch(self, phase: int, step: int) -> int:
        """The branch of a phase with which it comes true; -1 if there is none."""
        return self.ask.branch if phase == self.ask.phase and step <= self.by else -1


class Policy:
    """How likely each branch is in each phase of a step, as the solver has decided."""

    def __init__(self, layout: Layout, plan: Plan, draws: int):
        self.layout, self.plan, self.draws = layout, plan, draws
        self.structure = layout.game.structure
        self._rows: dict[int, Places] = {}

    def weights(self, step: int, weights: Array) -> Floats:
        """float64[weights, draws]: those of a step, with imposed moves."""
        return np.asarray(imposed(self.layout, weights, self.plan, step))[:, : self.draws]

    def links(self, phase: int, step: int) -> Links:
        return self.structure.phases[phase].at(step)

    def deciding(self, phase: int, step: int) -> Places:
        """The states in which one of several things may happen."""
        if is_certain(self.layout.game.phases[phase]):
            return np.flatnonzero(self.links(phase, step).live)
        return np.flatnonzero(self.layout.stand[phase] >= 0)

    def typed(self, phase: int) -> int:
        """The place, among those that have types, of the actor whose type a phase may show; -1 if it shows none."""
        signal = self.layout.game.phases[phase].signal
        return signal.typed if signal else -1

    def chances(
        self,
        weights: Floats,
        phase: int,
        step: int,
        states: Places,
        columns: Places | None = None,
        types: Places | None = None,
    ) -> Floats:
        """How likely each branch is in some states, and staying put, last.

        Args:
            columns: a draw, or a lane, for each state; all of them if None.
            types: in a phase that may show an actor's type, the place of that type for each state.
        Returns:
            float64[branches + 1, states, draws], or without the last axis if columns are given.
        """
        game_phase, link = self.layout.game.phases[phase], self.links(phase, step)
        count = len(game_phase.branches)
        shape = (count + 1, len(states)) if columns is not None else (count + 1, len(states), weights.shape[1])
        found = np.zeros(shape)
        if is_certain(game_phase):
            found[0, link.live[states]] = 1.0
            found[1, ~link.live[states]] = 1.0
            return found
        rows = self._row_of(phase)[states]
        there = rows >= 0
        found[count, ~there] = 1.0  # where nothing is decided, play passes through
        places = self._places(phase, step, rows[there], None if types is None else types[there])
        found[:, there] = weights[places] if columns is None else weights[places, columns[there]]
        return found

    def _row_of(self, phase: int) -> Places:
        """int64[states]: the row of each state among those of the phase; -1 if it has none."""
        if phase not in self._rows:
            stand, states = self.layout.stand[phase], self.layout.rowed[phase]
            rows = np.full(len(stand), -1, dtype=np.int64)
            rows[states] = np.arange(len(states))
            self._rows[phase] = np.where(stand >= 0, rows[stand], -1)
        return self._rows[phase]

    def expected(self, weights: Floats, phase: int, step: int, states: Places, lanes: Places, taken: Places) -> Floats:
        """float64[types, states]: in a phase that may show a type, the logarithms of how likely all expect each type to
        do what is done in each state: `taken`, a branch, or staying put, last."""
        place, _ = self.layout.place(phase)
        group = self.layout.groups[place]
        arrays = group.at(step)
        rows, stays = self._row_of(phase)[states], len(self.layout.game.phases[phase].branches)
        found = np.zeros((arrays.types, len(states)))
        here = np.flatnonzero((rows >= 0) & ((taken < stays) | (not group.turns)))
        at, types = rows[here], np.arange(arrays.types)[:, None]
        if group.turns:
            said = arrays.types * (group.width + 1) + types * group.width + taken[here]
            found[:, here] = weights[int(arrays.base) + at * arrays.size + said, lanes[here]]
        else:
            branch = np.where(taken[here] < stays, taken[here], group.width)
            expected = np.asarray(arrays.chances if arrays.expected is None else arrays.expected)
            likely = weights[expected[types, branch, at], lanes[here]]
            found[:, here] = np.where(likely > 0, np.log(np.where(likely > 0, likely, 1.0)), CLOSED)
        return found

    def rows_after(self, phase: int, step: int, states: Places, taken: Places) -> Places:
        """int64[states]: in a phase that may show a type, the row where play goes on after a branch, or staying put,
        last; -1 where the state has no row."""
        group = self.layout.groups[self.layout.place(phase)[0]]
        rows, stays = self._row_of(phase)[states], len(self.layout.game.phases[phase].branches)
        leads = np.asarray(group.at(step).successors)[np.where(taken < stays, taken, group.width), np.maximum(rows, 0)]
        return np.where(rows >= 0, leads, -1)

    def _places(self, phase: int, step: int, rows: Places, types: Places | None = None) -> Places:
        """int64[branches + 1, rows]: where among the weights the probabilities stand."""
        place, within = self.layout.place(phase)
        group = self.layout.groups[place]
        arrays = group.at(step)
        wanted = [*range(len(self.layout.game.phases[phase].branches)), group.width]
        at = group.starts[within] + rows
        if types is not None:
            branch = np.array(wanted)[:, None]
            if group.turns:
                return int(arrays.base) + at * arrays.size + types * (group.width + 1) + branch
            return np.asarray(arrays.chances)[types, branch, at].astype(np.int64)
        if group.turns:
            return int(arrays.base) + at * (group.width + 2) + np.array(wanted)[:, None]
        return np.asarray(arrays.chances)[wanted][:, at].astype(np.int64)
