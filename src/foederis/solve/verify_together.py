"""The independent check of simultaneous moves, beside that of single phases in verify.

Nothing of what the solver has made of a move is used, only what it says: how likely each option is in each turn, and
what everything is worth afterwards. Play is followed through the turns of the move, from one to the next, to see how
likely each turn's actor is in each place of it. What an option is worth to it is the mean over these places, which it
cannot tell apart; its odds must be those of these means, and its choice must be the same in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game
from foederis.solve.device import kernel
from foederis.solve.groups import CHUNK, Group, GroupArrays
from foederis.solve.lazy import jax, jnp, lax
from foederis.solve.verify import Judgement, judge_choice

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Seats:
    """Where the states of a move's turns belong.

    Attributes:
        base: int32[states], over the states of the group's arrays: the state before the move, a place in the codes of
            its first turn's phase; bases: how many of those there are.
        entry: float64[states], 1 where play comes to the move.
        row: the first row of the group.
    """

    base: jax.Array
    bases: int
    entry: jax.Array
    row: int


def seats_of(game: Game, group: Group) -> Seats:
    first = game.structure.phases[group.phases[0]].codes
    base, entry = np.zeros(group.length, dtype=np.int32), np.zeros(group.length)
    entered = np.zeros(len(first), dtype=bool)
    for phase, start, states in zip(group.phases, group.starts, group.states, strict=True):
        codes = game.structure.phases[phase].codes[states]
        mine = np.searchsorted(first, codes % game.packing.states)
        here = slice(start, start + len(states))
        base[here] = mine
        entry[here] = (codes < game.packing.states) & ~entered[mine]
        entered[mine] = True
    return Seats(group.put(base), len(first), group.put(entry), group.rows[0])


def _through(
    values: jax.Array,
    weights: jax.Array,
    group: GroupArrays,
    base: jax.Array,
    entry: jax.Array,
    chunks: jax.Array,
    count: jax.Array,
    row: jax.Array,
    bases: int,
) -> tuple[jax.Array, ...]:
    """Play through a move.

    Returns:
        float64[bases, turns, options, draws]: the sums over a turn's places of what an option is worth and of how
        likely it is, each with the probability of being there; its least and largest share, and whether it is open (1
        or 0).
    """
    width, turns, length, draws = group.branches, group.mover.shape[0], base.shape[0], values.shape[2]
    size = width + 2

    def chunk(i: jax.Array, carried: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
        there, worth, share, least, most, can = carried
        start, place, reached = chunks[count - 1 - i, 0], chunks[count - 1 - i, 2], chunks[count - 1 - i, 3]
        counts = (jnp.arange(CHUNK) < reached)[:, None]
        links = lax.dynamic_slice_in_dim(group.successors, start, CHUNK, axis=1)
        written = lax.dynamic_slice_in_dim(weights, group.base + size * start, CHUNK * size)
        chances = jnp.moveaxis(written.reshape(CHUNK, size, draws)[:, :-1], 1, 0)
        here = jnp.where(counts, lax.dynamic_slice_in_dim(there, start, CHUNK), 0.0)
        mine = lax.dynamic_slice_in_dim(base, start, CHUNK)
        paid = weights[lax.dynamic_slice_in_dim(group.own, start, CHUNK, axis=1)]
        follows = values[links[:width], group.mover[place]] + paid
        at = (jnp.where(counts[:, 0], mine, bases), place)
        seen = jnp.moveaxis(chances[:width], 0, 1)
        into = jnp.where((links >= row) & (links < row + length), links - row, length)
        # Where play cannot be while the step's links hold, these may lead astray, into another state's move.
        into = jnp.where(jnp.append(base, -1)[into] == mine, into, length)
        return (
            there.at[into.reshape(-1)].add((here * chances).reshape(-1, draws)),
            worth.at[at].add(jnp.moveaxis(here * follows, 0, 1), mode="drop"),
            share.at[at].add(jnp.moveaxis(here * chances[:width], 0, 1), mode="drop"),
            least.at[at].min(seen, mode="drop"),
            most.at[at].max(seen, mode="drop"),
            can.at[at].max((links[:width] != 0).T[:, :, None] * jnp.ones(draws), mode="drop"),
        )

    shape = (bases, turns, width, draws)
    none = jnp.zeros(shape)
    begins = jnp.broadcast_to(jnp.append(entry, 0.0)[:, None], (length + 1, draws))
    begin = (begins, none, none, jnp.full(shape, jnp.inf), jnp.full(shape, -jnp.inf), none)
    return lax.fori_loop(0, count, chunk, begin)[1:]


def _judge_turns(
    worth: jax.Array, share: jax.Array, least: jax.Array, most: jax.Array, can: jax.Array, precisions: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """Judges every turn of a move, see _through; precisions: float64[turns, draws].

    Returns:
        float64[bases, turns, draws] each: the break of the odds and of what cannot be told apart, the shortfall, its
        bound, their ratio.
    """
    found = []
    for turn, precision in enumerate(precisions):
        options = [jnp.moveaxis(part[:, turn], 1, 0) for part in (worth, share, can)]
        odds, *rest = judge_choice(options[0], options[1], options[2] > 0, precision)
        uneven = jnp.where(can[:, turn] > 0, most[:, turn] - least[:, turn], 0.0).max(axis=1)
        found.append((jnp.maximum(odds, uneven), *rest))
    return tuple(jnp.stack(part, axis=1) for part in zip(*found, strict=True))  # type: ignore[return-value]


through = kernel(_through, static=["bases"])
judge_turns = kernel(_judge_turns)


@dataclass(frozen=True)
class Found:
    """What the check has found of the turns of a move, float64[bases, turns, draws] each: the break of the odds and of
    what cannot be told apart, the shortfall, its bound, their ratio."""

    odds: Floats
    regret: Floats
    bound: Floats
    strain: Floats


@dataclass(frozen=True)
class TurnsJudged:
    """What the check says of a simultaneous move in a step.

    Attributes:
        judgement: the worst where the fixed point is said to be found.
        miss: float64[bases, draws], the largest error in probability, over all states before the move.
    """

    judgement: Judgement
    miss: Floats


def judge_together(
    seats: Seats, group: Group, step: int, values: jax.Array, weights: jax.Array, precisions: jax.Array
) -> Found:
    """Judges a simultaneous move.

    Args:
        values: float64[rows, actors, draws]; weights: float64[weights, draws], see layout.Layout.
        precisions: float64[actors, draws], rationality.
    """
    arrays, order = group.at(step), group.order(step)
    means = through(
        values, weights, arrays, seats.base, seats.entry, order.chunks, order.count, seats.row, bases=seats.bases
    )
    return Found(*(np.asarray(part) for part in judge_turns(*means, precisions[arrays.mover])))


def sum_up(found: Found, claimed: NDArray[np.bool_]) -> TurnsJudged:
    """Over all states before a move; `claimed`, bool[bases, draws], is where the solver says that it has found the
    fixed point."""
    counts = claimed[:, None]
    regret = np.where(counts, found.regret, 0.0)
    worst = np.unravel_index(int(np.argmax(regret)), regret.shape)
    judgement = Judgement(
        float(np.max(np.where(counts, found.odds, 0.0), initial=0.0)),
        float(regret[worst]),
        float(found.bound[worst]),
        float(np.max(np.where(counts, found.strain, 0.0), initial=0.0)),
    )
    return TurnsJudged(judgement, found.odds.max(axis=1))
