"""The most likely history: the one course of the crisis that has the largest probability in a world.

A history says which moves and events have changed something, and in which step. All that leaves the state as it is
(a turn that passes, an option that changes nothing, an event that does not happen) counts as one and the same quiet,
with the sum of its probabilities. An option that makes an outcome true which is asked for counts as a happening too.

The largest product of probabilities is found backwards from the end, as values are, with the larger of two
continuations where values take the mean.

Source: Viterbi (1967), IEEE Transactions on Information Theory 13(2): 260-269.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foederis.game.asks import Ask
from foederis.game.expand import Links
from foederis.solve.backward import Pass, Plan
from foederis.solve.filter import Shown
from foederis.solve.kernels import Array
from foederis.solve.paths import no_paths
from foederis.solve.policy import Floats, Mask, Outcome, Places, Policy

_OPEN, _DONE = 0, 1  # whether the outcome has come true


class Likeliest:
    """Finds the most likely history in the first world of a block, or the most likely of those with an outcome.

    Attributes:
        paths: the one history; `chances` are those of what happened, of quiet where nothing did.
        log_chance: the logarithm of its probability; minus infinity if the outcome cannot come true.
    """

    def __init__(self, back: Pass, plan: Plan, ask: Ask | None):
        layout = back.layout
        worlds = {name: values[:1] for name, values in back.numbers.worlds.items()}
        self.policy, self.game = Policy(layout, plan, 1), layout.game
        self.structure, self.phases = layout.game.structure, len(layout.game.phases)
        self.outcome = Outcome(layout, ask, worlds, 1) if ask else None
        self.flag = _DONE if self.outcome is None or self.outcome.at_start()[0] else _OPEN
        self.here = self.structure.start
        self.paths = no_paths(1, layout.game.steps, self.phases)
        self.log_chance = -np.inf
        self._ends: dict[int, Floats] = {}
        self._later: Floats | None = None

    def back(self, step: int, shown: Sequence[Shown]) -> None:
        """The best that can follow every state, as a logarithm, before the outcome has come true and after."""
        ends = np.zeros((2, len(self.structure.end_codes)))
        ends[_OPEN] = -np.inf
        if self._later is not None:
            ends = self._later[:, self.structure.onward]
        if self.outcome:
            hits = self.outcome.at_end(step)[:, 0]
            ends[_OPEN] = np.where(hits, ends[_DONE], ends[_OPEN])
        self._ends[step] = ends
        self._later = self._best(step, self.policy.weights(step, shown[0].weights))[0]
        if step == 0:
            self.log_chance = float(self._later[self.flag, self.structure.start])

    def _best(self, step: int, weights: Floats) -> list[Floats]:
        """For each phase, and the end of the step: float64[2, states], as in `back`."""
        found = [self._ends[step]]
        for phase in reversed(range(self.phases)):
            states = self.policy.deciding(phase, step)
            before = found[-1][:, self.policy.links(phase, step).stay]
            before[:, states] = self._ways(phase, step, weights, states, found[-1])[0].max(axis=0)
            found.append(before)
        return found[::-1]

    def _ways(self, phase: int, step: int, weights: Floats, states: Places, after: Floats) -> tuple[Floats, Floats]:
        """The ways on from some states: each branch that makes a difference, then quiet.

        Returns:
            float64[branches + 1, 2, states], the logarithm of the best history with that way on; float64[branches + 1,
            states], how likely the way is.
        """
        link = self.policy.links(phase, step)
        chances = self.policy.chances(weights, phase, step, states)[..., 0]
        differs = self._differs(phase, link, states)
        hit = self.outcome.branch(phase, step) if self.outcome else -1
        if hit >= 0:
            differs[hit] = True
        chances[-1] += np.where(differs, 0.0, chances[:-1]).sum(axis=0)
        chances[:-1] = np.where(differs, chances[:-1], 0.0)
        follows = np.stack([after[:, successor[states]] for successor in (*link.successor, link.stay)])
        if hit >= 0:
            follows[hit, _OPEN] = follows[hit, _DONE]
        with np.errstate(divide="ignore"):
            # What is impossible may lead to a state that stands for nothing.
            return np.where(chances[:, None] > 0, np.log(chances)[:, None] + follows, -np.inf), chances

    def _differs(self, phase: int, link: Links, states: Places) -> Mask:
        """bool[branches, states]: whether a branch leads to another state than staying put."""
        codes = self.structure.phases[phase].codes
        last = phase == self.phases - 1
        following = self.structure.end_codes if last else self.structure.phases[phase + 1].codes
        return following[link.successor[:, states]] != codes[states]

    def forth(self, step: int, shown: Sequence[Shown], masses: Sequence[Array], evidence: Floats) -> None:
        """The history goes through a step."""
        if self.log_chance == -np.inf:
            return
        held = self.policy.weights(step, shown[0].weights)
        best, branches = self._best(step, held), self.paths.branches[0, step]
        for phase in range(self.phases):
            self.paths.states[0, step, phase] = self.here
            link, here = self.policy.links(phase, step), np.array([self.here])
            ways, chances = self._ways(phase, step, held, here, best[phase + 1])
            taken = int(ways[:, self.flag, 0].argmax())
            moved = taken < len(ways) - 1
            if moved and self.outcome and taken == self.outcome.branch(phase, step):
                self.flag = _DONE
            branches[phase] = taken if moved else -1
            self.here = int((link.successor[taken] if moved else link.stay)[self.here])
            self._note(step, phase, here, held, taken, float(chances[taken, 0]))
        self.paths.states[0, step, self.phases] = self.here
        if self.outcome and self.outcome.at_end(step)[self.here, 0]:
            self.flag = _DONE
        self.here = int(self.structure.onward[self.here])

    def _note(self, step: int, phase: int, here: Places, weights: Floats, taken: int, chance: float) -> None:
        """How likely it was that this happened; and among the branches, given that one is taken."""
        self.paths.chances[0, step, phase] = chance
        some = float(self.policy.chances(weights, phase, step, here)[:-1].sum())
        if self.paths.branches[0, step, phase] >= 0:
            self.paths.shares[0, step, phase] = chance / some
