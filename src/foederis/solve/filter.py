"""Play given what was seen: every branch is taken with its probability times how likely what was seen is with it,
divided by how likely that is before (Doob's h-transform). What comes out is play as it is distributed given the
observations, so that every question is answered by the same passes as without them, also one that looks at the past.

How likely what was seen is from each state on is found backwards from the last observation, in logarithms: many or
unlikely observations lose no digits.

Sources: Doob (1957), Bulletin de la Société Mathématique de France 85: 431-458; Rabiner (1989), Proceedings of the IEEE
77(2): 257-286 (the backward pass of a hidden Markov model).
"""

from __future__ import annotations

from functools import reduce

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from foederis.game.observed import Seen
from foederis.solve import kernels
from foederis.solve.backward import Pass, Plan, imposed
from foederis.solve.device import kernel
from foederis.solve.groups import CHUNK, GroupArrays
from foederis.solve.kernels import Array
from foederis.solve.loops import columns_at, decisions_at, put_ends, row_of, shares_at, take_ends

Floats = NDArray[np.float64]


class Lens:
    """One course of play: with the moves of a plan imposed, and given what was seen; either may be nothing.

    Attributes:
        evidence: float64[draws], the logarithm of how likely what was seen is; known after the way back.
    """

    def __init__(self, back: Pass, plan: Plan, seen: Seen | None):
        self.layout, self.plan, self.seen = back.layout, plan, seen
        self.draws = back.numbers.draws  # nobody has types where something was seen
        self.evidence: Floats = np.zeros(self.draws)
        self._logs: Array | None = None
        self._ends: dict[int, Array] = {}

    @property
    def last(self) -> int:
        """The last step of which anything was seen; -1 if nothing was."""
        return self.seen.last if self.seen else -1

    def changes(self, step: int) -> bool:
        """Whether play in this step differs from what the solver has decided."""
        return step <= self.last or any(move.step == step for move in self.plan)

    def back(self, step: int, weights: Array) -> Array:
        """The weights of a step, on the way back; last step first."""
        weights = imposed(self.layout, weights, self.plan, step)
        if self.seen is None or step > self.last:
            return weights
        if self._logs is None:
            self._logs = jnp.zeros((self.layout.height, self.draws))
        ends, follows = self.layout.ends, step < self.last
        self._logs = end_logs(self._logs, self._of_ends(step), ends.onward, ends.row, follows=follows)
        self._ends[step] = take_ends(self._logs, ends.row, width=ends.width)
        weights = self._through(step, weights)
        if step == 0:
            self.evidence = np.asarray(row_of(self._logs, self.layout.start))
        return weights

    def forth(self, step: int, weights: Array) -> Array:
        """The same weights once more, on the way forth."""
        weights = imposed(self.layout, weights, self.plan, step)
        if self.seen is None or step > self.last:
            return weights
        assert self._logs is not None
        self._logs = put_ends(self._logs, self._ends[step], self.layout.ends.row)
        return self._through(step, weights)

    def _through(self, step: int, weights: Array) -> Array:
        """From the end of a step to its start: the weights given what was seen from there on."""
        weights = jnp.array(weights, copy=True)  # others need them as they are
        assert self._logs is not None
        for place in reversed(range(len(self.layout.groups))):
            group = self.layout.groups[place]
            order, likes = group.order(step), self._of_branches(place, step)
            self._logs, weights = condition_group(self._logs, weights, likes, group.at(step), order.chunks, order.count)
        return weights

    def _of_branches(self, place: int, step: int) -> Array:
        """float64[phases, branches + 1]: the likelihoods of a group of phases."""
        assert self.seen is not None
        group = self.layout.groups[place]
        found = np.zeros((group.at(step).mover.shape[0], group.width + 1))
        for within, phase in enumerate(group.phases):
            known = self.seen.branches.get((step, phase))
            if known is not None:
                found[within, : len(known) - 1] = known[:-1]
                found[within, -1] = known[-1]
        return jax.device_put(found)

    def _of_ends(self, step: int) -> Array:
        """float64[states]: the likelihoods of the states at the end of a step, in the order of their rows."""
        assert self.seen is not None
        found = np.zeros(self.layout.ends.width)
        known = self.seen.ends.get(step)
        if known is not None:
            states = self.layout.ends.states
            found[: len(states)] = known[states]
        return jax.device_put(found)


def _end_logs(logs: Array, likes: Array, onward: Array, row: Array, follows: bool) -> Array:
    """Likelihoods of what was seen from the end of a step on, written into `logs`; `follows` is whether anything was
    seen later."""
    after = kernels.rows(logs, onward) if follows else jnp.zeros((len(likes), logs.shape[1]))
    return lax.dynamic_update_slice_in_dim(logs, likes[:, None] + after, row, axis=0)


def _condition(
    logs: Array, weights: Array, likes: Array, arrays: GroupArrays, order: Array, count: Array
) -> tuple[Array, Array]:
    """A group of phases given what was seen from there on.

    Args:
        logs: float64[rows, draws], logarithms of how likely that is after the group; those before it are written in.
        weights: float64[weights, draws], rewritten for this group.
        likes: float64[phases, branches + 1], logarithms of the likelihoods of what was seen of the group itself.
    """
    size = arrays.branches + (2 if arrays.turns else 1)

    def chunk(i: Array, carried: tuple[Array, Array]) -> tuple[Array, Array]:
        logs, weights = carried
        start, row, place, _ = order[i]
        shares = shares_at(weights, arrays, start)
        follows = kernels.rows(logs, columns_at(arrays.successors, start)) + likes[place][:, None, None]
        can = shares > 0
        ways = jnp.where(can, jnp.log(jnp.where(can, shares, 1.0)) + follows, -jnp.inf)
        best = reduce(jnp.maximum, list(ways))
        top = jnp.where(best > -jnp.inf, best, 0.0)
        odds = jnp.exp(ways - top)
        total = kernels.add_up(odds)
        known = total > 0
        before = jnp.where(known, top + jnp.log(jnp.where(known, total, 1.0)), -jnp.inf)
        given = jnp.where(known, odds / jnp.where(known, total, 1.0), 0.0)
        if arrays.turns:
            short = decisions_at(weights, arrays, start)[:, -1]
            given = jnp.concatenate([given, short[None]])
        new = given.swapaxes(0, 1).reshape(CHUNK * size, -1)
        logs = lax.dynamic_update_slice_in_dim(logs, before, row, axis=0)
        return logs, lax.dynamic_update_slice_in_dim(weights, new, arrays.base + start * size, axis=0)

    return lax.fori_loop(0, count, chunk, (logs, weights))


condition_group = kernel(_condition, donate=[0, 1])
end_logs = kernel(_end_logs, donate=[0], static=["follows"])


def _before(plan: Plan, seen: Seen | None) -> Seen | None:
    """What was seen before the first move of a plan: after a move that was not made, all might have come otherwise."""
    first = min(((move.step, move.phase) for move in plan), default=None)
    return seen if seen is None or first is None else seen.until(*first)


def courses(back: Pass, plans: tuple[Plan, ...], seen: Seen | None, retold: tuple[Seen, ...]) -> list[Lens]:
    """Play as it is decided; given what was seen, if anything was; with each plan's moves, given what was seen before
    them; and given each of the other accounts of what was seen."""
    given = [Lens(back, (), seen)] if seen is not None else []
    moved = [Lens(back, plan, _before(plan, seen)) for plan in plans]
    return [Lens(back, (), None), *given, *moved, *(Lens(back, (), other) for other in retold)]
