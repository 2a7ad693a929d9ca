"""Histories where somebody has private types: each such actor is of one type, drawn by its share, and chooses as that
type does, while what the others believe goes along.

A belief between nodes of the grid goes on as one of the nodes beside it, drawn with the weights that leave its mean as
it is. This is how the solver carries play forward, so histories come about just as often as its answers say. Where all
beliefs that play leads to are nodes, nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np

from foederis.game.compile import Game
from foederis.solve.backward import Pass, Plan
from foederis.solve.beliefs import beliefs_at, hats_of, posterior
from foederis.solve.kernels import Array
from foederis.solve.paths import Floats, Places, no_paths
from foederis.solve.policy import Policy


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
        typed = len(self.roster.typed)
        grid = back.grid
        shares = [np.cumsum(np.asarray(part)[:, columns], axis=0) for part in grid.shares]
        self.types = np.stack([_drawn(part, more[:, k]) for k, part in enumerate(shares)])
        self.more = more[:, typed:].reshape(*random.shape, -1)
        self.nodes = [[np.asarray(axis) for axis in actor] for actor in grid.nodes]
        self.logs = [np.asarray(part) for part in grid.logs]
        start = np.asarray(grid.start).reshape(back.axes.count, -1)[:, columns]
        self.at = np.stack(np.unravel_index(start.argmax(axis=0), back.axes.shape))
        self.paths = no_paths(*random.shape)
        for history in range(len(columns)):
            profile = {t.actor: t.names[self.types[k, history]] for k, t in enumerate(self.roster.typed)}
            self.paths.profiles[history] = self.roster.profiles.index(profile)
        self.here = np.full(len(columns), self.structure.start)

    @property
    def lanes(self) -> Places:
        """int64[histories]: the lane that stands for a history's world and beliefs."""
        return np.ravel_multi_index(tuple(self.at), self.pass_.axes.shape) * self.pass_.numbers.draws + self.columns

    def back(self, step: int, weights: Array) -> None:
        """Nothing is looked at on the way back."""

    def forth(self, step: int, weights: Array, masses: Sequence[Array]) -> None:
        """On the way forth: every history goes through a step."""
        held = self.policy.weights(step, weights)
        for phase in range(self.phases):
            self.paths.states[:, step, phase] = self.here
            self._pass(step, phase, held)
        self.paths.states[:, step, self.phases] = self.here
        self.here = self.structure.onward[self.here].astype(np.int64)

    def _pass(self, step: int, phase: int, weights: Floats) -> None:
        """Every history goes through a phase."""
        link, here, lanes = self.policy.links(phase, step), self.here, self.lanes
        typed = self.policy.typed(phase)
        mine = self.types[typed] if typed >= 0 else None
        chances = self.policy.chances(weights, phase, step, here, lanes, mine)
        taken = _drawn(np.cumsum(chances, axis=0), self.random[:, step, phase])
        each, stays = np.arange(len(here)), len(chances) - 1
        self.here = np.stack([*link.successor, link.stay])[taken, here].astype(np.int64)
        chance, some = chances[taken, each], chances[:-1].sum(axis=0)
        moved = taken < stays
        self.paths.branches[:, step, phase] = np.where(moved, taken, -1)
        self.paths.chances[:, step, phase] = chance
        self.paths.shares[:, step, phase] = np.where(moved, chance / np.where(moved, some, 1.0), 1.0)
        if typed >= 0:
            words = self.policy.expected(weights, phase, step, here, lanes, taken)
            self._believe(typed, step, phase, words, lanes)

    def _believe(self, typed: int, step: int, phase: int, words: Floats, lanes: Places) -> None:
        """What is believed after an actor has been seen to do something: `words`, float64[types, histories], are the
        logarithms of how likely each type was to do it."""
        places = posterior(jnp.asarray(self.logs[typed][:, lanes]), jnp.asarray(words))
        first = sum(types - 1 for types in self.pass_.axes.types[:typed])
        for k, (place, axis) in enumerate(zip(places, self.nodes[typed], strict=True)):
            hats = np.asarray(hats_of(place, jnp.asarray(axis[:, self.columns]))[0])
            self.at[first + k] = _drawn(np.cumsum(hats, axis=0), self.more[:, step, phase, k])
        beliefs = beliefs_at([np.asarray(place) for place in places])
        self.paths.believed[:, step, phase] = beliefs[self.types[typed], np.arange(len(lanes))]


def how_many(game: Game) -> int:
    """How many random numbers a history takes for types and beliefs."""
    typed = game.roster.typed
    return len(typed) + game.steps * len(game.phases) * max(len(actor.names) - 1 for actor in typed)


def _drawn(reached: Floats, random: Floats) -> Places:
    """int64[histories]: the first place below whose end, float64[places, histories], the random number lies; those that
    are impossible have no length."""
    point = np.minimum(random * reached[-1], np.nextafter(reached[-1], 0.0))
    return (reached <= point).sum(axis=0)
