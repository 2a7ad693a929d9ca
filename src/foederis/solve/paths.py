"""Histories: single courses of play, drawn as the solved game makes them likely, or given that something comes true.

To draw histories given an outcome, each branch is taken with its probability times how likely the outcome is after it,
divided by how likely it is before (Doob's h-transform): what comes out is distributed as those histories are in which
the outcome comes true, and none has to be thrown away.

Source: Doob (1957), Bulletin de la Société Mathématique de France 85: 431-458.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.game.asks import Ask
from foederis.solve.backward import Pass, Plan
from foederis.solve.filter import Shown
from foederis.solve.kernels import Array
from foederis.solve.policy import Outcome, Policy

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Paths:
    """Courses of play, over the game's own states; the axes are histories, steps, phases.

    Attributes:
        states: int64[histories, steps, phases + 1], the state before each phase, and at the end of the step.
        branches: int64[histories, steps, phases], the branch that is taken; -1 where the phase passes, or is not live.
        chances: float64, how likely that was in this state and step.
        shares: float64, how likely that was among the branches, given that one is taken; 1 where none is.
        believed: float64, how likely all hold it, after a phase that may show an actor's type, that the actor has the
            type that it has; nan after other phases.
        profiles: int64[histories], the place of each history's profile of types; 0 where nobody has any.
    """

    states: Places
    branches: Places
    chances: Floats
    shares: Floats
    believed: Floats
    profiles: Places


def no_paths(histories: int, steps: int, phases: int) -> Paths:
    """Arrays to be filled."""
    shape = (histories, steps, phases)
    states = np.zeros((histories, steps, phases + 1), dtype=np.int64)
    none, profiles = np.full(shape, np.nan), np.zeros(histories, dtype=np.int64)
    return Paths(states, np.full(shape, -1, dtype=np.int64), np.ones(shape), np.ones(shape), none, profiles)


class Sampler:
    """Draws histories in a block of worlds: first back from the end, where an outcome is given, to find how likely it
    is from every state; then forth, a step at a time.

    Attributes:
        paths: what was drawn.
        hope: float64[draws], how likely the outcome is in each world; 1 if none is given.
    """

    def __init__(self, back: Pass, plan: Plan, draws: int, ask: Ask | None, columns: Places, random: Floats):
        """
        Args:
            draws: how many worlds of the block count.
            columns: for each history its world in the block.
            random: float64[histories, steps, phases] in [0, 1).
        """
        layout = back.layout
        worlds = {name: values[:draws] for name, values in back.numbers.worlds.items()}
        self.policy, self.columns, self.random = Policy(layout, plan, draws), columns, random
        self.structure, self.phases = layout.game.structure, len(layout.game.phases)
        self.outcome = Outcome(layout, ask, worlds, draws) if ask else None
        self.done = self.outcome.at_start()[columns] if self.outcome else np.ones(len(columns), dtype=bool)
        self.hope = np.ones(draws)
        self.paths = no_paths(len(columns), layout.game.steps, self.phases)
        self.here = np.full(len(columns), self.structure.start)
        self._ends: dict[int, Floats] = {}
        self._later: Floats | None = None

    def back(self, step: int, shown: Sequence[Shown]) -> None:
        """On the way back, after the choices of a step are made: how likely the outcome is, if not true before."""
        outcome = self.outcome
        if outcome is None or step > outcome.by:
            return
        hits = outcome.at_end(step).astype(np.float64)
        if self._later is not None:
            hits += (1.0 - hits) * self._later[self.structure.onward]
        self._ends[step] = hits
        self._later = self._hopes(step, self.policy.weights(step, shown[0].weights))[0]
        if step == 0:
            self.hope = np.where(outcome.at_start(), 1.0, self._later[self.structure.start])

    def _hopes(self, step: int, weights: Floats) -> list[Floats]:
        """For each phase, and the end of the step: float64[states, draws], how likely the outcome is from there on."""
        assert self.outcome is not None
        found = [self._ends[step]]
        for phase in reversed(range(self.phases)):
            link, states, after = self.policy.links(phase, step), self.policy.deciding(phase, step), found[-1]
            chances = self.policy.chances(weights, phase, step, states)
            hit = self.outcome.branch(phase, step)
            here = chances[-1] * after[link.stay[states]]
            for branch, successor in enumerate(link.successor):
                here += chances[branch] * (1.0 if branch == hit else after[successor[states]])
            before = after[link.stay]
            before[states] = here
            found.append(before)
        return found[::-1]

    def forth(self, step: int, shown: Sequence[Shown], masses: Sequence[Array], evidence: Floats) -> None:
        """On the way forth: every history goes through a step."""
        held = self.policy.weights(step, shown[0].weights)
        hopes = self._hopes(step, held) if step in self._ends and not self.done.all() else None
        for phase in range(self.phases):
            self.paths.states[:, step, phase] = self.here
            self._pass(step, phase, held, hopes[phase + 1] if hopes else None)
        self.paths.states[:, step, self.phases] = self.here
        if self.outcome:
            self.done |= self.outcome.at_end(step)[self.here, self.columns]
        self.here = self.structure.onward[self.here].astype(np.int64)

    def _pass(self, step: int, phase: int, weights: Floats, after: Floats | None) -> None:
        """Every history goes through a phase. `after` is how likely the outcome is then, if not true before."""
        link, here, columns = self.policy.links(phase, step), self.here, self.columns
        chances = self.policy.chances(weights, phase, step, here, columns)
        leads = np.stack([*link.successor, link.stay])[:, here].astype(np.int64)
        hit = self.outcome.branch(phase, step) if self.outcome else -1
        odds = chances
        if after is not None:
            hopes = np.where(self.done, 1.0, after[leads, columns])
            if hit >= 0:
                hopes[hit] = 1.0
            odds = chances * hopes
        reached = np.cumsum(odds, axis=0)
        # The first branch below whose end the random number lies; those that are impossible have no length.
        point = np.minimum(self.random[:, step, phase] * reached[-1], np.nextafter(reached[-1], 0.0))
        taken = (reached <= point).sum(axis=0)
        each = np.arange(len(here))
        moved = taken < len(leads) - 1
        self.here = leads[taken, each]
        if hit >= 0:
            self.done = self.done | (taken == hit)
        self.paths.branches[:, step, phase] = np.where(moved, taken, -1)
        chance = chances[taken, each]
        self.paths.chances[:, step, phase] = chance
        some = chances[:-1].sum(axis=0)
        self.paths.shares[:, step, phase] = np.where(moved, chance / np.where(moved, some, 1.0), 1.0)
