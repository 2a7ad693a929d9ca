"""Histories where somebody has private types: each such actor is of one type, drawn by its share, and chooses as that
type does, while what the others believe goes along.

A belief between nodes of the grid goes on as one of the nodes beside it, drawn with the weights that leave its mean as
it is. This is how the solver carries play forward, so histories come about just as often as its answers say. Where all
beliefs that play leads to are nodes, nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from foederis.game.compile import Game
from foederis.solve.backward import Pass, Plan
from foederis.solve.beliefs import beliefs_at, hats_of, posterior
from foederis.solve.filter import Shown
from foederis.solve.kernels import Array
from foederis.solve.lazy import jnp
from foederis.solve.paths import Floats, Places, no_paths
from foederis.solve.policy import Policy
from foederis.solve.prior import given_seen, likely_of


class TypedSampler:
    """Draws histories in a block of worlds, on the way forth, a step at a time.

    Attributes:
        paths: what was drawn.
    """

    def __init__(self, back: Pass, plan: Plan, columns: Places, random: Floats, more: Floats):
        """
        Args:
            columns: for each history its world in the block.
            random: float64[histories, steps, phases] in [0, 1), for what happens.
            more: float64[histories, numbers] in [0, 1), for types and beliefs; see `how_many`.
        """
        layout = back.layout
        self.pass_, self.columns, self.random = back, columns, random
        self.policy, self.roster = Policy(layout, plan, back.numbers.lanes), layout.game.roster
        self.structure, self.phases = layout.game.structure, len(layout.game.phases)
        typed, grid = len(self.roster.typed), back.grid
        self.types = np.zeros((typed, len(columns)), dtype=np.int64)
        self.more_types, self.more = more[:, :typed], more[:, typed:].reshape(*random.shape, -1)
        self.nodes = [[np.asarray(axis) for axis in actor] for actor in grid.nodes]
        self.logs = [np.asarray(part) for part in grid.logs]
        start = np.asarray(grid.start).reshape(back.axes.count, -1)[:, columns]
        self.at = np.stack(np.unravel_index(start.argmax(axis=0), back.axes.shape))
        self.paths = no_paths(*random.shape)
        self.here = np.full(len(columns), self.structure.start)

    def _draw_types(self, evidence: Floats) -> None:
        """Who is of which type, given how likely what was seen is under each profile of types."""
        shares = [np.asarray(part) for part in self.pass_.grid.shares]
        likely = given_seen(likely_of(self.roster, shares), evidence)[0][:, self.columns]
        for k, actor in enumerate(self.roster.typed):
            places = np.array([actor.names.index(profile[actor.actor]) for profile in self.roster.profiles])
            mine = np.stack([likely[places == t].sum(axis=0) for t in range(len(actor.names))])
            self.types[k] = _drawn(np.cumsum(mine, axis=0), self.more_types[:, k])
            likely = np.where(places[:, None] == self.types[k], likely, 0.0)
        self.paths.profiles[:] = likely.argmax(axis=0)

    def lanes(self, mine: Places) -> Places:
        """int64[mine]: the lanes that stand for the worlds and beliefs of some histories."""
        at = np.ravel_multi_index(tuple(self.at[:, mine]), self.pass_.axes.shape)
        return at * self.pass_.numbers.draws + self.columns[mine]

    def back(self, step: int, shown: Sequence[Shown]) -> None:
        """Nothing is looked at on the way back."""

    def forth(self, step: int, shown: Sequence[Shown], masses: Sequence[Array], evidence: Floats) -> None:
        """On the way forth: every history goes through a step."""
        if step == 0:
            self._draw_types(evidence)
        for profile in np.unique(self.paths.profiles):
            mine, how = np.flatnonzero(self.paths.profiles == profile), shown[profile]
            held = self.policy.weights(step, how.weights)
            hopes = None if how.hopes is None else np.asarray(how.hopes)
            for phase in range(self.phases):
                self.paths.states[mine, step, phase] = self.here[mine]
                self._pass(step, phase, mine, held, hopes)
            self.paths.states[mine, step, self.phases] = self.here[mine]
        self.here = self.structure.onward[self.here].astype(np.int64)

    def _pass(self, step: int, phase: int, mine: Places, weights: Floats, hopes: Floats | None) -> None:
        """Some histories, of one profile of types, go through a phase; see filter.Shown for `hopes`."""
        link, here, lanes = self.policy.links(phase, step), self.here[mine], self.lanes(mine)
        typed = self.policy.typed(phase)
        types = self.types[typed, mine] if typed >= 0 else None
        chances = self.policy.chances(weights, phase, step, here, lanes, types)
        taken = _drawn(np.cumsum(chances, axis=0), self.random[mine, step, phase])
        each, stays = np.arange(len(here)), len(chances) - 1
        self.here[mine] = np.stack([*link.successor, link.stay])[taken, here]
        chance, some = chances[taken, each], chances[:-1].sum(axis=0)
        moved = taken < stays
        self.paths.branches[mine, step, phase] = np.where(moved, taken, -1)
        self.paths.chances[mine, step, phase] = chance
        self.paths.shares[mine, step, phase] = np.where(moved, chance / np.where(moved, some, 1.0), 1.0)
        if typed >= 0:
            words = self.policy.expected(weights, phase, step, here, lanes, taken)
            ahead = None
            if hopes is not None:
                rows = self.policy.rows_after(phase, step, here, taken)
                ahead = np.where(rows[:, None] >= 0, hopes[rows], 0.0)
            self._believe(typed, step, phase, mine, words, ahead)

    def _believe(self, typed: int, step: int, phase: int, mine: Places, words: Floats, ahead: Floats | None) -> None:
        """What is believed after an actor has been seen to do something: `words`, float64[types, histories], are the
        logarithms of how likely each type was to do it; `ahead`, float64[histories, lanes], those of how likely what
        was seen is from there on."""
        lanes = self.lanes(mine)
        places = posterior(jnp.asarray(self.logs[typed][:, lanes]), jnp.asarray(words))
        first = sum(types - 1 for types in self.pass_.axes.types[:typed])
        hats = [
            np.asarray(hats_of(place, jnp.asarray(axis[:, self.columns[mine]]))[0])
            for place, axis in zip(places, self.nodes[typed], strict=True)
        ]
        weight = 1.0 if ahead is None else self._tilt(first, len(hats), mine, ahead)
        joint = reduce(lambda one, other: one[..., None, :] * other, hats) * weight
        for k in range(len(hats)):
            # The next coordinate, given those that are drawn.
            reached = np.cumsum(joint.sum(axis=tuple(range(1, joint.ndim - 1))), axis=0)
            self.at[first + k, mine] = _drawn(reached, self.more[mine, step, phase, k])
            joint = joint[self.at[first + k, mine], ..., np.arange(len(mine))]
            joint = np.moveaxis(joint, 0, -1)
        beliefs = beliefs_at([np.asarray(place) for place in places])
        self.paths.believed[mine, step, phase] = beliefs[self.types[typed, mine], np.arange(len(lanes))]

    def _tilt(self, first: int, coordinates: int, mine: Places, ahead: Floats) -> Floats:
        """float64[nodes of each coordinate ..., histories]: how much likelier what was seen is from each node of an
        actor's coordinates, the first of which is given."""
        shape = self.pass_.axes.shape
        nodes = np.indices(shape[first : first + coordinates])
        at = [
            nodes[place - first][..., None] if first <= place < first + coordinates else self.at[place, mine]
            for place in range(len(shape))
        ]
        lanes = np.ravel_multi_index(tuple(np.broadcast_arrays(*at)), shape) * self.pass_.numbers.draws
        logs = ahead[np.arange(len(mine)), lanes + self.columns[mine]]
        top = logs.max(axis=tuple(range(coordinates)))
        return np.exp(logs - np.where(top > -np.inf, top, 0.0))


def how_many(game: Game) -> int:
    """How many random numbers a history takes for types and beliefs."""
    typed = game.roster.typed
    return len(typed) + game.steps * len(game.phases) * max(len(actor.names) - 1 for actor in typed)


def _drawn(reached: Floats, random: Floats) -> Places:
    """int64[histories]: the first place below whose end, float64[places, histories], the random number lies; those that
    are impossible have no length."""
    point = np.minimum(random * reached[-1], np.nextafter(reached[-1], 0.0))
    return (reached <= point).sum(axis=0)
