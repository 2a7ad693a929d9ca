"""Histories where somebody has private types: each such actor is of one type, drawn by its share, and chooses as that
type does, while what the others believe goes along.

A belief between nodes of the grid goes on as one of the nodes beside it, drawn with the weights that leave its mean as
it is. This is how the solver carries play forward, so histories come about just as often as its answers say. Where all
beliefs that play leads to are nodes, nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foederis.game.asks import Ask
from foederis.game.compile import Game
from foederis.solve.backward import Pass, Plan
from foederis.solve.beliefs import beliefs_at
from foederis.solve.filter import Shown
from foederis.solve.kernels import Array
from foederis.solve.paths import Floats, Places, no_paths
from foederis.solve.policy import Policy
from foederis.solve.prior import given_seen, likely_of
from foederis.solve.typed_hopes import TypedHopes, tilt


class TypedSampler:
    """Draws histories in a block of worlds: first back from the end, where an outcome is given, to find how likely it
    is from every state and belief; then forth, a step at a time.

    Attributes:
        paths: what was drawn.
        hope: float64[draws], how likely the outcome is in each world; 1 if none is given.
    """

    def __init__(
        self, back: Pass, plan: Plan, asks: Sequence[Ask] | None, columns: Places, random: Floats, more: Floats
    ):
        """
        Args:
            asks: the outcome, by profile of types.
            columns: for each history its world in the block.
            random: float64[histories, steps, phases] in [0, 1), for what happens.
            more: float64[histories, numbers] in [0, 1), for types and beliefs; see `how_many`.
        """
        layout = back.layout
        self.pass_, self.columns, self.random = back, columns, random
        self.roster, self.structure = layout.game.roster, layout.game.structure
        self.phases, typed = len(layout.game.phases), len(layout.game.roster.typed)
        self.hopes, self.given = TypedHopes(back, plan, asks or (), int(columns.max()) + 1), asks is not None
        self.policy: Policy = self.hopes.policy
        self.types = np.zeros((typed, len(columns)), dtype=np.int64)
        self.more_types, self.more = more[:, :typed], more[:, typed:].reshape(random.shape)
        start = np.asarray(back.grid.start).reshape(back.axes.count, -1)[:, columns]
        self.lanes = start.argmax(axis=0) * back.numbers.draws + columns
        self.hope = np.ones(back.numbers.draws)
        self.paths = no_paths(*random.shape)
        self.here = np.full(len(columns), self.structure.start)
        self.done = np.full(len(columns), not self.given)

    def _begin(self, evidence: Floats) -> None:
        """Who is of which type, given how likely what was seen is under each profile of types, and the outcome."""
        shares = [np.asarray(part) for part in self.pass_.grid.shares]
        likely = given_seen(likely_of(self.roster, shares), evidence)[0]
        if self.given:
            likely = likely * self.hopes.start
            self.hope = likely.sum(axis=0)
        likely = likely[:, self.columns]
        for k, actor in enumerate(self.roster.typed):
            places = np.array([actor.names.index(profile[actor.actor]) for profile in self.roster.profiles])
            mine = np.stack([likely[places == t].sum(axis=0) for t in range(len(actor.names))])
            self.types[k] = _drawn(np.cumsum(mine, axis=0), self.more_types[:, k])
            likely = np.where(places[:, None] == self.types[k], likely, 0.0)
        self.paths.profiles[:] = likely.argmax(axis=0)
        for profile, outcome in enumerate(self.hopes.outcomes):
            mine = self.paths.profiles == profile
            self.done[mine] = outcome.at_start()[self.columns[mine]]

    def back(self, step: int, shown: Sequence[Shown]) -> None:
        """On the way back, after the choices of a step are made: how likely the outcome is, if not true before."""
        if self.given:
            self.hopes.back(step, shown)

    def forth(self, step: int, shown: Sequence[Shown], masses: Sequence[Array], evidence: Floats) -> None:
        """On the way forth: every history goes through a step."""
        if step == 0:
            self._begin(evidence)
        for profile in np.unique(self.paths.profiles):
            mine, how = np.flatnonzero(self.paths.profiles == profile), shown[profile]
            held = self.policy.weights(step, how.weights)
            ahead: list[Floats] | None = None
            if self.given and self.hopes.looks(step, profile) and not self.done[mine].all():
                ahead = self.hopes.through(step, profile, held, how)
            for phase in range(self.phases):
                self.paths.states[mine, step, phase] = self.here[mine]
                self._pass(step, phase, profile, mine, held, how, ahead[phase + 1] if ahead else None)
            self.paths.states[mine, step, self.phases] = self.here[mine]
            if self.given:
                hits = self.hopes.outcomes[profile].at_end(step)
                self.done[mine] |= hits[self.here[mine], self.columns[mine]]
        self.here = self.structure.onward[self.here].astype(np.int64)

    def _pass(
        self, step: int, phase: int, profile: int, mine: Places, weights: Floats, shown: Shown, after: Floats | None
    ) -> None:
        """Some histories, of one profile of types, go through a phase. `after`, float64[states, lanes], is how likely
        the outcome is then, if not true before."""
        link, here, lanes = self.policy.links(phase, step), self.here[mine], self.lanes[mine]
        typed = self.policy.typed(phase)
        types = self.types[typed, mine] if typed >= 0 else None
        chances = self.policy.chances(weights, phase, step, here, lanes, types)
        leads = np.stack([*link.successor, link.stay])[:, here].astype(np.int64)
        odds = chances
        if after is not None:
            ahead = np.stack(
                [
                    self.hopes.after(phase, step, profile, branch, (here, to, lanes), weights, shown, after)
                    for branch, to in enumerate(leads)
                ]
            )
            odds = chances * np.where(self.done[mine], 1.0, ahead)
        taken = _drawn(np.cumsum(odds, axis=0), self.random[mine, step, phase])
        each, stays = np.arange(len(here)), len(chances) - 1
        self.here[mine] = leads[taken, each]
        chance, some = chances[taken, each], chances[:-1].sum(axis=0)
        moved = taken < stays
        self.paths.branches[mine, step, phase] = np.where(moved, taken, -1)
        self.paths.chances[mine, step, phase] = chance
        self.paths.shares[mine, step, phase] = np.where(moved, chance / np.where(moved, some, 1.0), 1.0)
        if self.given:
            self.done[mine] |= moved & (taken == self.hopes.outcomes[profile].branch(phase, step))
        if typed >= 0:
            self._believe(typed, step, phase, mine, (here, lanes, taken), weights, shown, after)

    def _believe(
        self,
        typed: int,
        step: int,
        phase: int,
        mine: Places,
        seen: tuple[Places, Places, Places],
        weights: Floats,
        shown: Shown,
        after: Floats | None,
    ) -> None:
        """What is believed after an actor has been seen to do something, and the node that play goes on as; `seen` are
        the states and lanes in which it was, and the branch that it took."""
        here, lanes, taken = seen
        places, counts, beside = self.hopes.lands(phase, step, typed, taken, (here, lanes), weights, shown)
        if after is not None:
            ahead = np.where(self.done[mine], 1.0, after[self.here[mine], beside])
            with np.errstate(divide="ignore"):
                counts = tilt(counts, np.log(ahead))
        each = np.arange(len(mine))
        reached = np.cumsum(counts.reshape(-1, len(mine)), axis=0)
        self.lanes[mine] = beside.reshape(-1, len(mine))[_drawn(reached, self.more[mine, step, phase]), each]
        beliefs = beliefs_at(places)
        self.paths.believed[mine, step, phase] = beliefs[self.types[typed, mine], each]


def how_many(game: Game) -> int:
    """How many random numbers a history takes for types and beliefs."""
    return len(game.roster.typed) + game.steps * len(game.phases)


def _drawn(reached: Floats, random: Floats) -> Places:
    """int64[histories]: the first place below whose end, float64[places, histories], the random number lies; those that
    are impossible have no length."""
    point = np.minimum(random * reached[-1], np.nextafter(reached[-1], 0.0))
    return (reached <= point).sum(axis=0)
