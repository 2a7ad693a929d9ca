"""What options are worth in simultaneous moves, lane by lane, and what follows from it for the fixed point."""

from __future__ import annotations

from dataclasses import dataclass, field

from foederis.solve.kernels import Array, rows
from foederis.solve.lazy import jnp, pytree
from foederis.solve.loops import columns_at
from foederis.solve.principal import Solved
from foederis.solve.together import TableArrays


@pytree
@dataclass(frozen=True)
class Lanes:
    """Simultaneous moves with all that follows them given, one a lane.

    Attributes:
        worth: for each turn float64[outcomes, lanes], what follows is worth to its actor.
        own: float64[turns, slots, lanes], what an option pays at once; choose: float64[turns, lanes], the probability
            of choosing; counts: int32[turns, lanes], how many options are open; rationality: float64[turns, lanes].
        sizes: how many options each turn has.
    """

    worth: Array
    own: Array
    choose: Array
    counts: Array
    rationality: Array
    sizes: tuple[int, ...] = field(metadata={"static": True})

    @property
    def lanes(self) -> int:
        return self.own.shape[2]

    @property
    def unknowns(self) -> int:
        """How many log-odds there are, of each option against the first; one that means nothing if nobody has two."""
        return max(1, sum(self.sizes) - len(self.sizes))

    def is_open(self, turn: int) -> Array:
        """bool[options, lanes]"""
        return jnp.arange(self.sizes[turn])[:, None] < self.counts[turn]

    def shares(self, x: Array) -> list[Array]:
        """For each turn float64[options, lanes], how likely each option is once the actor chooses."""
        found, start = [], 0
        for turn, size in enumerate(self.sizes):
            odds = jnp.concatenate([jnp.zeros((1, self.lanes)), x[start : start + size - 1]])
            is_open = self.is_open(turn)
            odds = jnp.where(is_open, odds, -jnp.inf)
            best = jnp.maximum(odds.max(axis=0), -1e300)
            weights = jnp.where(is_open, jnp.exp(jnp.where(is_open, odds - best, 0.0)), 0.0)
            found.append(weights / jnp.maximum(weights.sum(axis=0), 1e-300))
            start += size - 1
        return found

    def worths(self, shares: list[Array]) -> list[Array]:
        """For each turn float64[options, lanes], what each option is worth while the others choose so."""
        return [
            self._mean(turn, (turn,), shares).reshape(size + 1, self.lanes)[:size] + self.own[turn, :size]
            for turn, size in enumerate(self.sizes)
        ]

    def reply(self, x: Array) -> Array:
        """float64[unknowns, lanes]: the log-odds with which everybody answers to choices at these log-odds."""
        worths = self.worths(self.shares(x))
        parts = [
            jnp.where(self.is_open(turn)[1:], self.rationality[turn] * (worth[1:] - worth[0]), 0.0)
            for turn, worth in enumerate(worths)
        ]
        return jnp.concatenate(parts) if sum(map(len, parts)) else jnp.zeros_like(x)

    def answer(self, x: Array) -> tuple[Array, Array]:
        """reply(x), and its slopes, float64[unknowns, unknowns, lanes]: row i, column j is that of i by x_j."""
        shares = self.shares(x)
        if self.sizes == (1,) * len(self.sizes):
            return jnp.zeros_like(x), jnp.zeros((1, 1, self.lanes))
        rows_of = [
            jnp.concatenate([self._slope(turn, other, shares) for other in range(len(self.sizes))], axis=1)
            for turn in range(len(self.sizes))
        ]
        return self.reply(x), jnp.concatenate(rows_of)

    def _slope(self, turn: int, other: int, shares: list[Array]) -> Array:
        """float64[options - 1, other's options - 1, lanes]: by how much the log-odds with which one turn answers change
        with those of another."""
        size, width = self.sizes[turn], self.sizes[other]
        if turn == other:
            return jnp.zeros((size - 1, size - 1, self.lanes))
        table = self._between(turn, other, shares)
        gaps = jnp.where(self.is_open(turn)[1:, None], table[1:, :width] - table[0, :width], 0.0)
        mean = (gaps * shares[other]).sum(axis=1, keepdims=True)
        return self.rationality[turn] * self.choose[other] * shares[other][1:] * (gaps[:, 1:] - mean)

    def _between(self, turn: int, other: int, shares: list[Array]) -> Array:
        """float64[options, other's slots, lanes]: what a turn's options are worth by what another does, on the mean
        over what the rest do."""
        table = jnp.moveaxis(self._mean(turn, (turn, other), shares), (turn, other), (0, 1))
        return table.reshape(self.sizes[turn] + 1, self.sizes[other] + 1, self.lanes)[: self.sizes[turn]]

    def _mean(self, turn: int, kept: tuple[int, ...], shares: list[Array]) -> Array:
        """What follows is worth to a turn's actor, on the mean over what those do that are not kept."""
        table = self.worth[turn].reshape(*(n + 1 for n in self.sizes), self.lanes)
        for other in reversed(range(len(self.sizes))):
            if other not in kept:
                mix = jnp.concatenate([shares[other] * self.choose[other], (1.0 - self.choose[other])[None]])
                axes = [len(mix) if axis == other else 1 for axis in range(table.ndim - 1)]
                table = (table * mix.reshape(*axes, self.lanes)).sum(axis=other, keepdims=True)
        return table


def open_lanes(values: Array, weights: Array, rationality: Array, table: TableArrays, start: Array) -> Lanes:
    """The simultaneous moves of a chunk of bases, in all draws; the lanes are the bases, in each the draws.

    Args:
        values: float64[rows, actors, draws]; weights: float64[weights, draws]; rationality: float64[actors, draws].
    """
    leads = columns_at(table.leads, start)
    worth = jnp.stack([values.at[leads, mover].get(mode="promise_in_bounds") for mover in table.mover])
    own = jnp.stack([rows(weights, columns_at(part, start)) for part in table.own])
    choose = rows(weights, columns_at(table.choose, start))
    counts = jnp.broadcast_to(columns_at(table.counts, start)[:, :, None], choose.shape)
    precision = jnp.broadcast_to(rationality[table.mover][:, None], choose.shape)
    worth, own, choose, counts, precision = (
        part.reshape(*part.shape[:-2], -1) for part in (worth, own, choose, counts, precision)
    )
    return Lanes(worth, own, choose, counts, precision, table.sizes)


def certainly_one(lanes: Lanes) -> Array:
    """bool[lanes]: where everybody's replies to each other are a contraction, so that there is one equilibrium only.

    Where the log-odds of one turn spread by d, its choices shift what another's options are worth by at most d / 4 of
    the most that they can, since no covariance is larger than a quarter of the product of the ranges (Popoviciu, Cauchy
    and Schwarz). If the largest factor by which spreads can grow in all is below 1, iterating the replies comes to one
    point from anywhere.
    """
    count = len(lanes.sizes)
    growth = jnp.zeros((count, count, lanes.lanes))
    for turn in range(count):
        table = lanes.worth[turn].reshape(*(n + 1 for n in lanes.sizes), lanes.lanes)
        table = jnp.moveaxis(table, turn, 0)[: lanes.sizes[turn]]
        gaps = table[:, None] - table[None]
        both = lanes.is_open(turn)[:, None] & lanes.is_open(turn)[None]
        for other in range(count):
            if other == turn or lanes.sizes[turn] < 2 or lanes.sizes[other] < 2:
                continue
            axis = other + (2 if other < turn else 1)
            across = jnp.moveaxis(gaps, axis, 0)[: lanes.sizes[other]]
            can = lanes.is_open(other).reshape(lanes.sizes[other], *([1] * (across.ndim - 2)), lanes.lanes)
            spread = jnp.where(can, across, -jnp.inf).max(axis=0) - jnp.where(can, across, jnp.inf).min(axis=0)
            pairs = both.reshape(*both.shape[:2], *([1] * (spread.ndim - 3)), lanes.lanes)
            spread = jnp.where(pairs & jnp.isfinite(spread), spread, 0.0)
            most = spread.reshape(-1, lanes.lanes).max(axis=0)
            growth = growth.at[turn, other].set(lanes.rationality[turn] * lanes.choose[other] * most / 4)
    power = growth
    for _ in range(5):
        power = (power[:, :, None] * power[None]).sum(axis=1)
    return power.sum(axis=1).max(axis=0) < 0.5


def decided(lanes: Lanes, solved: Solved) -> Array:
    """float64[turns, slots + 2, lanes]: the share of each slot, 0 for that of options that are not open, and what the
    actor loses by not always taking the best, all given that it chooses."""
    shares = lanes.shares(solved.x)
    worths = lanes.worths(shares)
    found = []
    width = max(lanes.sizes)
    for turn, (share, worth) in enumerate(zip(shares, worths, strict=True)):
        best = jnp.where(lanes.is_open(turn), worth, -jnp.inf).max(axis=0)
        best = jnp.where(jnp.isfinite(best), best, 0.0)
        lost = (share * jnp.where(lanes.is_open(turn), best - worth, 0.0)).sum(axis=0)
        none = jnp.zeros((width + 1 - len(share), lanes.lanes))
        found.append(jnp.concatenate([share, none, lost[None]]))
    return jnp.stack(found)
