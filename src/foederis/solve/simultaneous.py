"""Solves simultaneous moves on the way back: for every state before the move the fixed point of everybody's choices.

Where everybody's replies are a contraction there is one equilibrium, and Newton's method finds it. Elsewhere the
principal branch is followed (see principal). Of the moves that may have several equilibria, some are solved once more
from other starts, to say whether others were found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.solve import kernels
from foederis.solve.device import kernel
from foederis.solve.groups import CHOOSE, CHUNK, WAIT, GroupArrays
from foederis.solve.kernels import Array
from foederis.solve.lazy import jax, jnp, lax
from foederis.solve.loops import columns_at, paid_by_actor
from foederis.solve.matrices import Lanes, certainly_one, decided, open_lanes
from foederis.solve.principal import (
    BIFURCATION,
    CONVERGED,
    FELL_SHORT,
    NEAR,
    Solved,
    follow,
    newton,
    tolerance,
)
from foederis.solve.together import Table, TableArrays

Floats = NDArray[np.float64]
STARTS = 16  # from which a move is solved once more
SEARCHED = 32  # moves of a block and step that are
_APART = 1e-4  # in probability: what counts as another equilibrium
_FEW = 128  # lanes that are followed on their own
_SEED = 20261126


@dataclass(frozen=True)
class Settled:
    """How the fixed points of one simultaneous move in one step of a block were found, in bases that can be met (see
    together.Table) and the draws that are wanted.

    Attributes:
        joint: the move's place among those of the game.
        solved: how many there are; alone: for how many there is certainly no other equilibrium.
        searched: how many were solved from other starts; others: for how many of these another equilibrium was found.
        base, lane: int64[doubts], where the fixed point was not found, or another branch crosses; status:
            int64[doubts], see principal; reached: float64[doubts], how much of all rationality the branch was
            followed to.
    """

    joint: int
    step: int
    solved: int
    alone: int
    searched: int
    others: int
    base: NDArray[np.int64]
    lane: NDArray[np.int64]
    status: NDArray[np.int64]
    reached: Floats


def _open(
    values: Array, weights: Array, rationality: Array, table: TableArrays, start: Array
) -> tuple[Lanes, Array, Solved, Array]:
    """A chunk of moves; where one equilibrium is certain it is found."""
    lanes = open_lanes(values, weights, rationality, table, start)
    alone = certainly_one(lanes)
    solved = newton(lanes.answer, jnp.zeros((lanes.unknowns, lanes.lanes)), ~alone)
    return lanes, alone, solved, decided(lanes, solved)


def _follow(lanes: Lanes, places: Array) -> tuple[Solved, Array, Array, Array]:
    """Some lanes of a chunk, followed; with the slopes of their replies at the end, and whether these may have an
    eigenvalue of 1 or more."""
    few = _some(lanes, places)
    solved = follow(few.answer, few.unknowns, few.lanes)
    slope = few.answer(solved.x)[1]
    power, size = slope, jnp.zeros(few.lanes)
    for _ in range(6):
        norm = jnp.sqrt((power**2).sum(axis=(0, 1)))
        power = power / jnp.maximum(norm, 1e-300)
        size = 2 * (size + jnp.log(jnp.maximum(norm, 1e-300)))
        power = (power[:, :, None] * power[None]).sum(axis=1)
    size = size + jnp.log(jnp.maximum(jnp.sqrt((power**2).sum(axis=(0, 1))), 1e-300))
    return solved, decided(few, solved), slope, size > 64 * np.log(0.99)


def _some(lanes: Lanes, places: Array) -> Lanes:
    return jax.tree.map(lambda part: part[..., places], lanes)


def _search(lanes: Lanes, places: Array, starts: Array) -> tuple[Array, Array]:
    """Some lanes solved from some starts, float64[unknowns, lanes]; whether that succeeded."""
    few = _some(lanes, places)
    starts = lax.fori_loop(0, 8, lambda _, x: 0.5 * (x + few.reply(x)), starts)
    found = newton(few.answer, starts)
    good = found.miss <= tolerance(few.reply(found.x), 1e3 * NEAR)
    return jnp.concatenate(few.shares(found.x)), good


def _rescue(lanes: Lanes, places: Array, x: Array) -> Array:
    """Some lanes in which the branch was lost at x, float64[unknowns, lanes]: what is decided where Newton's method
    goes on from there."""
    few = _some(lanes, places)
    return decided(few, newton(few.answer, x))


def _spread(
    values: Array, weights: Array, made: Array, arrays: GroupArrays, table: TableArrays, order: Array, count: Array
) -> tuple[Array, Array]:
    """The choices of the turns of a simultaneous move, written into `weights`, and the values before them, written into
    `values`; as loops.decide_group does it for turns that are taken alone.

    Args:
        made: float64[bases, turns, slots + 2, draws], see matrices.decided.
    """
    branches, actors = arrays.branches, values.shape[1]

    def chunk(i: Array, carried: tuple[Array, Array]) -> tuple[Array, Array]:
        values, weights = carried
        start, row, place, _ = order[i]
        mover = arrays.mover[place]
        base = lax.dynamic_slice_in_dim(table.base, start, CHUNK)
        chance = kernels.rows(weights, columns_at(arrays.chances, start))
        choices = made[base, place]
        shares = choices[jnp.arange(CHUNK), columns_at(table.slots, start)] * chance[CHOOSE]
        short = choices[:, -1] * chance[CHOOSE]
        paid = kernels.rows(weights, columns_at(arrays.own, start))
        own = kernels.to_actor(kernels.add_up(shares * paid), mover, actors)
        shares = jnp.concatenate([shares, chance[WAIT][None]])
        follows = kernels.rows(values, columns_at(arrays.successors, start))
        new = kernels.mix(follows, shares) + own
        new = new + paid_by_actor(shares, weights, arrays, start, place, actors)
        written = jnp.concatenate([shares, short[None]]).swapaxes(0, 1).reshape(-1, values.shape[2])
        values = lax.dynamic_update_slice_in_dim(values, new, row, axis=0)
        return values, lax.dynamic_update_slice_in_dim(weights, written, arrays.base + start * (branches + 2), axis=0)

    return lax.fori_loop(0, count, chunk, (values, weights))


open_chunk = kernel(_open)
follow_lanes = kernel(_follow)
search_lanes = kernel(_search)
rescue_lanes = kernel(_rescue)
spread_group = kernel(_spread, donate=[0, 1])


def wanted_lanes(lanes: int, draws: int, used: int) -> NDArray[np.bool_]:
    """bool[lanes]: those of the first `used` draws, at whatever belief."""
    return np.tile(np.arange(draws) < used, lanes // draws)


def settle(
    table: Table, step: int, values: Array, weights: Array, rationality: Array, used: NDArray[np.bool_]
) -> tuple[Floats, Settled]:
    """The choices in a simultaneous move, float64[bases, turns, slots + 2, lanes] (see matrices.decided), and how they
    were found.

    Args:
        values: float64[rows, actors, lanes], those after the move.
        used: bool[lanes], which are wanted; if none, nothing is solved from other starts.
    """
    arrays, width, bases = table.at(step), values.shape[2], table.reached(step)
    made = np.zeros((table.length, len(arrays.sizes), arrays.width + 2, width))
    sound = table.sound[table.pattern_of_step[step]]
    counts = np.zeros(4, dtype=np.int64)
    none = np.zeros(0, dtype=np.int64)
    doubts = [(none, none, none, none.astype(np.float64))]
    for start in range(0, bases, CHUNK):
        lanes, one, solved, choices = open_chunk(values, weights, rationality, arrays, np.int32(start))
        wanted = np.zeros((CHUNK, width), dtype=bool)
        wanted[: min(CHUNK, bases - start)] = sound[start : min(start + CHUNK, bases), None] & used
        chunk = _Chunk(lanes, wanted.ravel(), np.asarray(one), solved, np.asarray(choices))
        chunk.follow_rest(min(CHUNK, bases - start) * width)
        found = chunk.search(SEARCHED - int(counts[2])) if counts[2] < SEARCHED else (0, 0)
        counts += wanted.sum(), (wanted.ravel() & chunk.alone).sum(), *found
        here = slice(start, start + CHUNK)
        made[here] = np.moveaxis(chunk.choices.reshape(*chunk.choices.shape[:2], CHUNK, width), 2, 0)
        lane = np.flatnonzero(wanted.ravel() & (chunk.status != CONVERGED))
        doubts.append((start + lane // width, lane % width, chunk.status[lane], chunk.reached[lane]))
    base, place, status, reached = (np.concatenate(part) for part in zip(*doubts, strict=True))
    solved_in_all, alone, searched, others = map(int, counts)
    how = Settled(table.joint, step, solved_in_all, alone, searched, others, base, place, status, reached)
    return made, how


class _Chunk:
    """The lanes of a chunk of moves; those that are wanted count, bool[lanes]."""

    def __init__(
        self, lanes: Lanes, wanted: NDArray[np.bool_], alone: NDArray[np.bool_], solved: Solved, choices: Floats
    ):
        self.lanes, self.wanted, self.alone = lanes, wanted, alone
        self.choices, self.status = choices.copy(), np.array(solved.status, dtype=np.int64)
        self.reached = np.ones(len(wanted))

    def follow_rest(self, count: int) -> None:
        """Follows the principal branch in the first lanes where more than one equilibrium is possible, or Newton's
        method has failed."""
        rest = np.flatnonzero((~self.alone | (self.status != CONVERGED))[:count])
        size = _FEW if len(rest) <= _FEW else self.lanes.lanes
        if not len(rest):
            return
        filled = np.full(size, rest[0], dtype=np.int32)
        filled[: len(rest)] = rest
        solved, choices, slope, steep = follow_lanes(self.lanes, filled)
        part = slice(0, len(rest))
        status, choices = np.array(solved.status), np.array(choices)
        if (lost := status == FELL_SHORT).any():
            choices[:, :, lost] = np.asarray(rescue_lanes(self.lanes, filled, solved.x))[:, :, lost]
        status = status[part]
        look = np.flatnonzero(np.asarray(steep)[part] & (status == CONVERGED) & ~np.asarray(solved.folded)[part])
        if len(look):
            status[look[beyond_one(np.asarray(slope)[:, :, look])]] = BIFURCATION
        self.status[rest], self.reached[rest] = status, np.asarray(solved.reached)[part]
        self.choices[:, :, rest] = choices[:, :, part]

    def search(self, most: int) -> tuple[int, int]:
        """Solves some of the lanes that may have several equilibria from other starts: how many, and for how many of
        them another equilibrium was found."""
        several = np.flatnonzero(self.wanted & ~self.alone)
        chosen = several[np.linspace(0, len(several) - 1, min(most, len(several))).astype(np.int64)]
        if not len(chosen):
            return 0, 0
        filled = np.full(SEARCHED, chosen[0], dtype=np.int32)
        filled[: len(chosen)] = chosen
        starts = np.tile(starts_for(self.lanes.unknowns), (1, SEARCHED))
        shares, good = search_lanes(self.lanes, np.repeat(filled, STARTS), starts)
        mine = np.concatenate([self.choices[turn, :size] for turn, size in enumerate(self.lanes.sizes)])[:, filled]
        apart = np.abs(np.asarray(shares).reshape(-1, SEARCHED, STARTS) - mine[:, :, None]).max(axis=0) > _APART
        different = (apart & np.asarray(good).reshape(SEARCHED, STARTS)).any(axis=1)[: len(chosen)]
        return len(chosen), int(different.sum())


def beyond_one(slope: Floats) -> NDArray[np.bool_]:
    """bool[lanes]: where the slopes of the replies, float64[unknowns, unknowns, lanes], have a real eigenvalue above 1.

    Along a smooth branch that never turns back there is none: all are 0 at even odds, and where one comes to be 1 the
    branch turns or is crossed. Two that do so at once leave the determinant its sign."""
    values = np.linalg.eigvals(np.moveaxis(slope, 2, 0))
    return ((np.abs(values.imag) < 1e-9) & (values.real > 1.0)).any(axis=1)


def starts_for(unknowns: int) -> Floats:
    """float64[unknowns, starts]: near pure choices, and random odds; the same for every move."""
    random = np.random.default_rng(_SEED)
    pure = np.where(random.random((unknowns, STARTS // 2)) < 0.5, -8.0, 8.0)
    mixed = 2.0 * random.standard_normal((unknowns, STARTS - STARTS // 2))
    return np.concatenate([pure, mixed], axis=1)
