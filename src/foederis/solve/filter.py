"""Play given what was seen: every branch is taken with its probability times how likely what was seen is with it,
divided by how likely that is before (Doob's h-transform). What comes out is play as it is distributed given the
observations, so that every question is answered by the same passes as without them, also one that looks at the past.

How likely what was seen is from each state on is found backwards from the last observation, in logarithms: many or
unlikely observations lose no digits. With private types it is found for each profile of types, and for each public
belief: what is hidden is the profile, the state and the belief.

Sources: Doob (1957), Bulletin de la Société Mathématique de France 85: 431-458; Rabiner (1989), Proceedings of the IEEE
77(2): 257-286 (the backward pass of a hidden Markov model).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.game.observed import Seen
from foederis.solve import kernels
from foederis.solve.backward import Pass, Plan, imposed
from foederis.solve.device import kernel
from foederis.solve.groups import CHUNK, Group, GroupArrays
from foederis.solve.kernels import Array
from foederis.solve.lazy import jax, jnp, lax
from foederis.solve.loops import columns_at, decisions_at, put_ends, row_of, shares_at, take_ends
from foederis.solve.signal_filter import condition_signal, off_nodes
from foederis.solve.tilt import conditioned

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shown:
    """How play goes through a step under a profile of types.

    Attributes:
        weights: see Layout.
        hopes: float64[rows, lanes], logarithms of how likely what was seen is from every row on, by which play lands
            among beliefs; None where nothing more is seen from here on.
    """

    weights: Array
    hopes: Array | None = None


class Lens:
    """One course of play: with the moves of a plan imposed, and given what was seen; either may be nothing.

    Attributes:
        evidence: float64[profiles, draws], the logarithm of how likely what was seen is under each profile of types;
            known after the way back.
    """

    def __init__(self, back: Pass, plan: Plan, seen: Seen | None):
        self.pass_, self.layout, self.plan, self.seen = back, back.layout, plan, seen
        self.profiles = range(back.layout.profiles)
        self.evidence: Floats = np.zeros((len(self.profiles), back.numbers.draws))
        self._logs: dict[int, Array] = {}
        self._ends: dict[tuple[int, int], Array] = {}

    @property
    def last(self) -> int:
        """The last step of which anything was seen; -1 if nothing was."""
        return self.seen.last if self.seen else -1

    def changes(self, step: int) -> bool:
        """Whether play in this step differs from what the solver has decided."""
        return step <= self.last or any(move.step == step for move in self.plan)

    def back(self, step: int, weights: Array) -> Iterator[Shown]:
        """How play goes through a step, on the way back, last step first; for each profile of types. All are to be
        taken, one after the other: what a profile is shown is overwritten in the next step."""
        weights = imposed(self.layout, weights, self.plan, step)
        for profile in self.profiles:
            yield Shown(weights) if step > self.last else self._look_back(step, weights, profile)

    def forth(self, step: int, weights: Array) -> Iterator[Shown]:
        """The same once more, on the way forth."""
        weights = imposed(self.layout, weights, self.plan, step)
        for profile in self.profiles:
            if step > self.last:
                yield Shown(weights)
                continue
            self._logs[profile] = put_ends(self._logs[profile], self._ends[step, profile], self.layout.ends.row)
            yield self._through(step, weights, profile)

    def astray(self, step: int, shown: Shown, mass: Array, profile: int) -> Floats:
        """float64[draws]: how far from nodes of the grid the beliefs lie to which a step leads, on average over play;
        `mass` is where that is, see forward. 0 where nothing more is seen."""
        found = np.zeros(self.pass_.numbers.draws)
        for group in self.layout.groups if shown.hopes is not None else ():
            if group.typed >= 0:
                order, arrays = group.order(step), group.at(step)
                mine, grid = self.layout.type_in(profile, group.typed), self.pass_.grid
                lanes = off_nodes(mass, shown.weights, arrays, grid, mine, order.chunks, order.count, typed=group.typed)
                found = found + self.pass_.fold(lanes)
        return found

    def _look_back(self, step: int, weights: Array, profile: int) -> Shown:
        logs, ends = self._logs.get(profile), self.layout.ends
        if logs is None:
            logs = jnp.zeros((self.layout.height, self.pass_.numbers.lanes))
        logs = end_logs(logs, self._of_ends(step), ends.onward, ends.row, follows=step < self.last)
        self._ends[step, profile] = take_ends(logs, ends.row, width=ends.width)
        self._logs[profile] = logs
        shown = self._through(step, weights, profile)
        if step == 0:
            begin = np.asarray(row_of(self._logs[profile], self.layout.start))
            self.evidence[profile] = self.pass_.where_play_begins(begin)
        return shown

    def _through(self, step: int, weights: Array, profile: int) -> Shown:
        """From the end of a step to its start: play given what was seen from there on."""
        weights = jnp.array(weights, copy=True)  # others need them as they are
        logs = self._logs[profile]
        for place in reversed(range(len(self.layout.groups))):
            group = self.layout.groups[place]
            order, likes = group.order(step), self._of_branches(group, step)
            arrays = group.at(step)
            if group.typed < 0:
                logs, weights = condition_group(logs, weights, likes, arrays, order.chunks, order.count)
                continue
            logs, weights = condition_signal(
                logs,
                weights,
                likes,
                arrays,
                self.pass_.grid,
                self.layout.type_in(profile, group.typed),
                order.chunks,
                order.count,
                typed=group.typed,
                sizes=self.pass_.axes.split(group.typed),
            )
        self._logs[profile] = logs
        return Shown(weights, logs)

    def _of_branches(self, group: Group, step: int) -> Array:
        """float64[phases, branches + 1]: the likelihoods of a group of phases."""
        assert self.seen is not None
        arrays = group.at(step)
        found = np.zeros((1 if group.typed >= 0 else arrays.mover.shape[0], group.width + 1))
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
        given, before = conditioned(shares, follows)
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
