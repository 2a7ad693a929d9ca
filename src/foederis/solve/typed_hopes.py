"""How likely an outcome is from every state and public belief on, where somebody has private types: found for each
profile of types on the way back, as the solver carries the answers of questions.

After a phase that may show a type, a belief lies between nodes of the grid, and play goes on as one of the nodes beside
it; so the outcome is as likely as the mean over these says, or, where something is still to be seen, as their mean
counted as play given that counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from foederis.game.asks import Ask
from foederis.game.compile import Game
from foederis.solve.backward import Pass, Plan
from foederis.solve.beliefs import NODES, Axes, hats_of, posterior
from foederis.solve.exact import ROOMS
from foederis.solve.filter import Shown
from foederis.solve.policy import Outcome, Policy

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
_CELLS = 1_000_000  # of beliefs and nodes beside them that are worked on at one time


def most_beliefs(game: Game) -> int:
    """How many beliefs there are for each draw, on the largest grid."""
    return Axes(tuple(len(typed.names) for typed in game.roster.typed), max(NODES[-1], NODES[0] + ROOMS[-1])).count


class Landing:
    """Where play goes on among the lanes of a block, after a phase in which an actor may have shown its type."""

    def __init__(self, back: Pass):
        self.axes, self.draws = back.axes, back.numbers.draws
        self.nodes = [[np.asarray(axis) for axis in actor] for actor in back.grid.nodes]
        self.logs = [np.asarray(part) for part in back.grid.logs]

    def beside(self, typed: int, lanes: Places, words: Floats) -> tuple[list[Floats], Floats, Places]:
        """What is believed of an actor after it has done something, and the nodes beside that.

        Args:
            lanes: int64[places], before that; words: float64[types, places], the logarithms of how likely each type was
                to do it.
        Returns:
            the belief, float64[places] for each coordinate; how much each node counts, float64[nodes of each
            coordinate ..., places]; and its lane, int64 likewise.
        """
        beliefs = posterior(self.logs[typed][:, lanes], words, np)
        hats = [
            hats_of(belief, axis[:, lanes % self.draws], np)[0]
            for belief, axis in zip(beliefs, self.nodes[typed], strict=True)
        ]
        counts = reduce(lambda one, other: one[..., None, :] * other, hats)
        first, shape = sum(types - 1 for types in self.axes.types[:typed]), self.axes.shape
        nodes = np.indices(counts.shape[:-1])
        before = np.unravel_index(lanes // self.draws, shape)
        at = [
            nodes[place - first][..., None] if first <= place < first + len(hats) else before[place]
            for place in range(len(shape))
        ]
        found = np.ravel_multi_index(tuple(np.broadcast_arrays(*at)), shape) * self.draws + lanes % self.draws
        return beliefs, counts, found


def tilt(counts: Floats, logs: Floats) -> Floats:
    """How much each node counts if what is still to come is so likely from there, in logarithms; as before where it
    cannot come. Both float64[nodes ..., places]."""
    top = logs.max(axis=tuple(range(logs.ndim - 1)))
    odds = counts * np.exp(logs - np.where(top > -np.inf, top, 0.0))
    total = odds.sum(axis=tuple(range(odds.ndim - 1)))
    return np.where(total > 0, odds / np.where(total > 0, total, 1.0), counts)


class TypedHopes:
    """Goes back through a block, step by step, after the choices of each are made.

    Attributes:
        start: float64[profiles, draws], how likely the outcome is under each profile of types; 1 where it is true
            before anything happens.
    """

    def __init__(self, back: Pass, plan: Plan, asks: Sequence[Ask], worlds: int):
        """
        Args:
            asks: the question, by profile of types.
            worlds: how many draws of the block count, the first; nothing is said of others.
        """
        layout, numbers = back.layout, back.numbers
        self.pass_, self.landing, self.policy = back, Landing(back), Policy(layout, plan, numbers.lanes)
        self.structure, self.phases = layout.game.structure, len(layout.game.phases)
        self.outcomes = [Outcome(layout, ask, numbers.worlds, numbers.draws, k) for k, ask in enumerate(asks)]
        self.start = np.array([outcome.at_start() * 1.0 for outcome in self.outcomes])
        self._lanes = np.flatnonzero(np.arange(numbers.lanes) % numbers.draws < worlds)
        self._ends: dict[tuple[int, int], Floats] = {}
        self._later: dict[int, Floats] = {}

    def back(self, step: int, shown: Sequence[Shown]) -> None:
        """See Sampler.back."""
        for profile, (outcome, how) in enumerate(zip(self.outcomes, shown, strict=True)):
            if step > outcome.by:
                continue
            hits = np.tile(outcome.at_end(step) * 1.0, self.pass_.axes.count)
            if profile in self._later:
                hits += (1.0 - hits) * self._later[profile][self.structure.onward]
            self._ends[step, profile] = hits
            self._later[profile] = self.through(step, profile, self.policy.weights(step, how.weights), how)[0]
            if step == 0:
                begins = self.pass_.where_play_begins(self._later[profile][self.structure.start])
                self.start[profile] = np.where(self.start[profile] > 0, 1.0, begins)

    def looks(self, step: int, profile: int) -> bool:
        """Whether the outcome may come true in a step, or later."""
        return (step, profile) in self._ends

    def through(self, step: int, profile: int, weights: Floats, shown: Shown) -> list[Floats]:
        """For each phase, and the end of the step: float64[states, lanes], how likely the outcome is from there on."""
        found = [self._ends[step, profile]]
        for phase in reversed(range(self.phases)):
            states, after = self.policy.deciding(phase, step), found[-1]
            before = after[self.policy.links(phase, step).stay]
            size = max(1, _CELLS // (len(self._lanes) * self.pass_.axes.count))
            for start in range(0, len(states), size):
                part = states[start : start + size]
                before[part[:, None], self._lanes] = self._before(phase, step, profile, part, weights, shown, after)
            found.append(before)
        return found[::-1]

    def _before(
        self, phase: int, step: int, profile: int, states: Places, weights: Floats, shown: Shown, after: Floats
    ) -> Floats:
        """float64[states, lanes that count]: how likely the outcome is before a phase in some states."""
        lanes, typed, link = self._lanes, self.policy.typed(phase), self.policy.links(phase, step)
        where, which = np.repeat(states, len(lanes)), np.tile(lanes, len(states))
        types = np.full(len(where), self.pass_.layout.type_in(profile, typed)) if typed >= 0 else None
        chances = self.policy.chances(weights, phase, step, where, which, types)
        here = np.zeros(len(where))
        for branch, leads in enumerate([*link.successor, link.stay]):
            places = where, leads[where], which
            here += chances[branch] * self.after(phase, step, profile, branch, places, weights, shown, after)
        return here.reshape(len(states), len(lanes))

    def after(
        self,
        phase: int,
        step: int,
        profile: int,
        branch: int,
        places: tuple[Places, Places, Places],
        weights: Floats,
        shown: Shown,
        after: Floats,
    ) -> Floats:
        """float64[places]: how likely the outcome is once a branch is taken, if it was not true before.

        Args:
            places: the states in which that is done, those to which it leads, and the lanes; int64[places] each.
            after: float64[states, lanes], how likely the outcome is after the phase.
        """
        states, leads, lanes = places
        if branch == self.outcomes[profile].branch(phase, step):
            return np.ones(len(states))
        typed = self.policy.typed(phase)
        if typed < 0:
            return after[leads, lanes]
        _, counts, beside = self.lands(
            phase, step, typed, np.full(len(states), branch), (states, lanes), weights, shown
        )
        return np.asarray((counts * after[leads, beside]).reshape(-1, len(states)).sum(axis=0))

    def lands(
        self,
        phase: int,
        step: int,
        typed: int,
        taken: Places,
        places: tuple[Places, Places],
        weights: Floats,
        shown: Shown,
    ) -> tuple[list[Floats], Floats, Places]:
        """See Landing.beside; counted given what is still to be seen."""
        states, lanes = places
        words = self.policy.expected(weights, phase, step, states, lanes, taken)
        beliefs, counts, beside = self.landing.beside(typed, lanes, words)
        if shown.hopes is not None:
            rows = self.policy.rows_after(phase, step, states, taken)
            counts = tilt(counts, np.where(rows >= 0, np.asarray(shown.hopes)[rows, beside], 0.0))
        return beliefs, counts, beside
