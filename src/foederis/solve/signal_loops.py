"""The compiled loops of the way back through phases that may show a type; see loops.

Whoever has no type to hide values a branch by the public belief after it. Each type of the actor knows what it is, and
values a branch by what others then believe.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from foederis.solve import kernels
from foederis.solve.beliefs import Grid, posterior
from foederis.solve.device import kernel
from foederis.solve.groups import CHUNK
from foederis.solve.kernels import Array
from foederis.solve.lazy import jnp, lax
from foederis.solve.signalling import WRITTEN_OUT, Board, Spoken, all_hats, read_at, speak
from foederis.solve.signals import FOUND, MISSED, TINY, SignalArrays
from foederis.solve.tilt import tilted
from foederis.solve.two_types import CLOSED, PRECISION

Sizes = tuple[int, int, int]
PART = 4  # states


def in_parts(
    part: Callable[[Array], Sequence[Array]], start: Array, reached: Array, shapes: Sequence[tuple[int, ...]]
) -> list[Array]:
    """What is worked out for the states of a chunk that are reached, a few at a time, since what is in between is then
    small enough for the nearest caches; for the others it is 0.

    Worked out in a loop of its own, it is not worked out anew while it is written into an array that it is read from,
    for which XLA would copy that array.

    Args:
        part: from the place of the first state: arrays float64[states, ...]; shapes: of each, without states.
    """

    def add(k: Array, found: list[Array]) -> list[Array]:
        new = part(start + k * PART)
        return [lax.dynamic_update_slice_in_dim(f, n, k * PART, axis=0) for f, n in zip(found, new, strict=True)]

    empty = [jnp.zeros((CHUNK, *shape)) for shape in shapes]
    return lax.fori_loop(0, parts(reached), add, empty)


def parts(states: Array) -> Array:
    return (states + PART - 1) // PART


def _cut(table: Array, start: Array) -> Array:
    """A part of an array whose last axis is a phase's states."""
    return lax.dynamic_slice_in_dim(table, start, PART, axis=table.ndim - 1)


def _numbers(weights: Array, ids: Array, start: Array) -> Array:
    """float64[..., part, lanes]"""
    return kernels.rows(weights, _cut(ids, start))


def _nodes(grid: Grid, typed: int, lanes: int) -> list[Array]:
    """By coordinate float64[nodes, lanes]"""
    return [jnp.tile(axis, (1, lanes // axis.shape[1])) for axis in grid.nodes[typed]]


def done_and_said(weights: Array, arrays: SignalArrays, start: Array) -> tuple[Array, Array]:
    """What each type does, float64[types, branches + 1, chunk, lanes], and the logarithms of how likely all expect it
    to: but for imposed moves, those of the same."""
    types, branches = arrays.types, arrays.branches
    if not arrays.turns:
        chances = _numbers(weights, arrays.chances, start)
        expected = chances if arrays.expected is None else _numbers(weights, arrays.expected, start)
        return chances, jnp.where(expected > 0, jnp.log(jnp.where(expected > 0, expected, 1.0)), CLOSED)
    found = lax.dynamic_slice_in_dim(weights, arrays.base + start * arrays.size, PART * arrays.size)
    by_row = found.reshape(PART, arrays.size, weights.shape[1]).swapaxes(0, 1)
    done, rest = by_row[: types * (branches + 1)], by_row[types * (branches + 1) :]
    done = done.reshape(types, branches + 1, *done.shape[1:])
    said = rest[: types * branches].reshape(types, branches, *done.shape[2:])
    # That a turn passed says nothing of types.
    return done, jnp.concatenate([said, jnp.zeros_like(said[:, :1])], axis=1)


def lost_at(weights: Array, arrays: SignalArrays, start: Array) -> Array:
    """float64[types, chunk, lanes]: what each type loses to its errors."""
    found = lax.dynamic_slice_in_dim(weights, arrays.base + start * arrays.size, PART * arrays.size)
    by_row = found.reshape(PART, arrays.size, weights.shape[1])[:, -arrays.types - FOUND : -FOUND]
    return by_row.swapaxes(0, 1)


def _found_at(weights: Array, arrays: SignalArrays) -> Array:
    """float64[2, states, lanes]: how far the fixed points of a turn are missed, in probability, 0 where they are found;
    and how much of all rationality their branches were followed to."""
    states = arrays.successors.shape[1]
    found = lax.dynamic_slice_in_dim(weights, arrays.base, states * arrays.size)
    return found.reshape(states, arrays.size, weights.shape[1])[:, -FOUND:].swapaxes(0, 1)


def hats_after(said: Array, grid: Grid, typed: int) -> Array:
    """How much each node counts for the belief after a branch: float64[nodes, branches + 1, chunk, lanes]."""
    places = posterior(grid.logs[typed], said)
    return all_hats(places, _nodes(grid, typed, said.shape[-1]))[0]


def landing_hats(
    hopes: Array | None, arrays: SignalArrays, said: Array, grid: Grid, start: Array, typed: int, sizes: Sizes
) -> Array:
    """How much each node counts for where play lands after a branch, given what was seen: as hats_after."""
    hats = hats_after(said, grid, typed)
    return hats if hopes is None else tilted(hats, kernels.rows(hopes, _cut(arrays.successors, start)), sizes)[1]


def _follow(
    table: Array, arrays: SignalArrays, said: Array, grid: Grid, start: Array, typed: int, sizes: Sizes
) -> Array:
    """float64[branches + 1, chunk, columns, lanes]: what follows each branch, at the belief after it."""
    follows = kernels.rows(table, _cut(arrays.successors, start))
    return read_at(follows, hats_after(said, grid, typed)[:, :, :, None], sizes)


def _received(
    follows: Array, weights: Array, arrays: SignalArrays, done: Array, grid: Grid, start: Array, typed: int
) -> Array:
    """float64[chunk, seats, lanes]: the values before the phase, from what follows, see _follow."""
    seats, belief = follows.shape[2], grid.chances[typed]
    public = jnp.sum(belief[:, None, None] * done, axis=0)
    new = kernels.mix(follows, public)
    for mine in range(arrays.types):
        seat = arrays.first + mine
        own = lax.dynamic_index_in_dim(follows, seat, axis=2, keepdims=False)
        paid = kernels.add_up(done[mine, :-1] * _numbers(weights, arrays.own[mine], start))
        apart = kernels.add_up((done[mine] - public) * own)
        new = new + kernels.to_actor(apart + paid, seat, seats)
    for slot, amounts in enumerate(_numbers(weights, arrays.others, start)):
        likely = done[:, arrays.branch[slot]]
        paid = jnp.sum(belief[:, None] * likely * amounts, axis=0)
        new = new + kernels.to_actor(paid, arrays.actor[slot], seats)
    return _enter(new, follows, weights, arrays, done, start) if len(arrays.kept) else new


def _enter(new: Array, follows: Array, weights: Array, arrays: SignalArrays, done: Array, start: Array) -> Array:
    """The values before the phase with those of the ledgers of a type of the actor, which expects its own moves."""
    seats = new.shape[1]
    mine = lax.dynamic_index_in_dim(done, arrays.keeper, keepdims=False)
    is_kept = jnp.any(jnp.arange(seats)[:, None] == arrays.kept, axis=1)
    new = jnp.where(is_kept[None, :, None], kernels.mix(follows, mine), new)
    for slot, amounts in enumerate(_numbers(weights, arrays.entries, start)):
        new = new + kernels.to_actor(mine[arrays.entry[0, slot]] * amounts, arrays.entry[1, slot], seats)
    return new


def _decide_signal(
    values: Array,
    weights: Array,
    rationality: Array,
    arrays: SignalArrays,
    grid: Grid,
    order: Array,
    count: Array,
    typed: int,
    sizes: Sizes,
) -> tuple[Array, Array, Array]:
    """The choices of a turn of an actor that has types, and the values before it, see loops._decide; and in how many
    states a fixed point is in doubt, in some lane."""
    branches = arrays.branches
    own = lax.dynamic_slice_in_dim(rationality, arrays.first, arrays.types)
    lanes = values.shape[2]
    nodes = _nodes(grid, typed, lanes)

    def chunk(i: Array, carried: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        values, weights, doubtful = carried
        start, row, _, reached = order[i]

        def part(at: Array) -> Sequence[Array]:
            follow = kernels.rows(values, _cut(arrays.successors, at)[:branches])
            mine = lax.dynamic_slice_in_dim(follow, arrays.first, arrays.types, axis=2)
            paid = _numbers(weights, arrays.own, at)
            is_open = _cut(arrays.is_open, at)[..., None]
            spoken = speak(Board(mine, paid, is_open, grid.logs[typed], nodes, sizes), own)
            done, said = _chosen(spoken, _numbers(weights, arrays.chances[0], at))
            # Left alone, XLA would work this out anew wherever it is read.
            follows = lax.optimization_barrier(_follow(values, arrays, said, grid, at, typed, sizes))
            new = _received(follows, weights, arrays, done, grid, at, typed)
            worths = [paid[t] + follows[:-1, :, arrays.first + t] for t in range(arrays.types)]
            short = jnp.stack([kernels.shortfall(worths[t], is_open[t], done[t, :-1]) for t in range(arrays.types)])
            # What is said to be found, and that alone has an error of 0 here, is left to the check to judge.
            missed = ~(spoken.off <= PRECISION)  # what is not a number is missed
            error = lax.cond(
                jnp.any(missed),
                lambda: jnp.where(missed, jnp.maximum(_error(worths, is_open, own, spoken.shares), TINY), 0.0),
                lambda: jnp.zeros_like(spoken.off),
            )
            found = jnp.stack([error, spoken.reached])
            decided = [table.reshape(-1, PART, table.shape[-1]) for table in (done, spoken.logs, short, found)]
            return new, jnp.concatenate(decided).swapaxes(0, 1)

        new, decided = in_parts(part, start, reached, [values.shape[1:], (arrays.size, lanes)])
        error, followed = decided[:, -FOUND], decided[:, -FOUND + 1]
        counts = (jnp.arange(CHUNK) < reached)[:, None]
        doubtful = doubtful + jnp.sum(jnp.any(counts & in_doubt(error, followed), axis=1))
        values = lax.dynamic_update_slice_in_dim(values, new, row, axis=0)
        decided = decided.reshape(-1, lanes)
        weights = lax.dynamic_update_slice_in_dim(weights, decided, arrays.base + start * arrays.size, axis=0)
        return values, weights, doubtful

    return lax.fori_loop(0, count, chunk, (values, weights, jnp.int64(0)))


def in_doubt(error: Any, reached: Any) -> Any:
    """Where a fixed point is missed, or its branch has turned or split; of arrays as in _found_at."""
    # What is not a number is missed.
    return ~(error <= MISSED) | (reached < 1)


def _chosen(spoken: Spoken, chances: Array) -> tuple[Array, Array]:
    """What done_and_said says, from what is chosen and from the probabilities to choose and to pass."""
    choose, wait = chances
    logs = spoken.logs
    done = jnp.concatenate([spoken.shares * choose, jnp.broadcast_to(wait, (len(logs), 1, *wait.shape))], axis=1)
    return done, jnp.concatenate([logs, jnp.zeros_like(logs[:, :1])], axis=1)


def _error(worths: Sequence[Array], is_open: Array, rationality: Array, shares: Array) -> Array:
    """float64[chunk, lanes]: how far shares lie at most, in probability, from what is chosen at the beliefs that they
    lead to."""
    gaps = [
        jnp.abs(kernels.logit(worth, can, pace) - share)
        for worth, can, pace, share in zip(worths, is_open, rationality, shares, strict=True)
    ]
    return jnp.max(jnp.stack(gaps), axis=(0, 1))


def _happen_signal(
    values: Array,
    weights: Array,
    arrays: SignalArrays,
    grid: Grid,
    order: Array,
    count: Array,
    typed: int,
    sizes: Sizes,
) -> Array:
    """The values before an event whose chance reads a type, written into `values`."""

    def chunk(i: Array, values: Array) -> Array:
        start, row, _, reached = order[i]

        def part(at: Array) -> Sequence[Array]:
            done, said = done_and_said(weights, arrays, at)
            follows = _follow(values, arrays, said, grid, at, typed, sizes)
            return (_received(follows, weights, arrays, done, grid, at, typed),)

        (new,) = in_parts(part, start, reached, [values.shape[1:]])
        return lax.dynamic_update_slice_in_dim(values, new, row, axis=0)

    return lax.fori_loop(0, count, chunk, values)


def _carry_signal(
    questions: Array,
    weights: Array,
    arrays: SignalArrays,
    grid: Grid,
    likely: Array,
    hits: Array | None,
    gain_of: Array | None,
    hopes: Array | None,
    order: Array,
    count: Array,
    typed: int,
    sizes: Sizes,
    widths: tuple[int, ...],
) -> Array:
    """Question columns before the phase, see loops._carry: so many (`widths`) under each profile of types, with how
    likely each type of its actor is there (`likely`, float64[profiles, types, lanes]); for `hopes` see filter.Shown."""
    starts = [sum(widths[:place]) for place in range(len(widths))]

    def chunk(i: Array, questions: Array) -> Array:
        start, row, place, reached = order[i]

        def part(at: Array) -> Sequence[Array]:
            done, said = done_and_said(weights, arrays, at)
            hats = landing_hats(hopes, arrays, said, grid, at, typed, sizes)
            follows = read_at(kernels.rows(questions, _cut(arrays.successors, at)), hats[:, :, :, None], sizes)
            if hits is not None:
                follows = kernels.answered(follows, hits[place], gain_of)
            shares = [jnp.sum(chances[:, None, None] * done, axis=0) for chances in likely]
            each = [
                kernels.mix(follows[:, :, start : start + width], share)
                for start, width, share in zip(starts, widths, shares, strict=True)
            ]
            return (jnp.concatenate(each, axis=1),)

        (new,) = in_parts(part, start, reached, [questions.shape[1:]])
        return lax.dynamic_update_slice_in_dim(questions, new, row, axis=0)

    return lax.fori_loop(0, count, chunk, questions)


def _land(
    mass: Array,
    weights: Array,
    arrays: SignalArrays,
    grid: Grid,
    likely: Array,
    hopes: Array | None,
    order: Array,
    count: Array,
    typed: int,
    sizes: Sizes,
) -> Array:
    """Play out of the branches of a phase, to the beliefs after them, written into the landing rows of `mass`.

    Args:
        mass: float64[rows, courses, lanes]; likely: float64[types, lanes], how likely each type is that plays; hopes:
            see filter.Shown.
    """
    before, along, _ = sizes
    length = arrays.successors.shape[1]

    def chunk(i: Array, mass: Array) -> Array:
        start, row, _, reached = order[i]

        def part(at: Array) -> Sequence[Array]:
            done, said = done_and_said(weights, arrays, at)
            shares = jnp.sum(likely[:, None, None] * done, axis=0)
            hats = landing_hats(hopes, arrays, said, grid, at, typed, sizes)
            here = lax.dynamic_slice_in_dim(mass, row + at - start, PART)
            draws = here.shape[-1] // (before * along)
            return [
                _spread(here * share[:, None], hats[:, branch, :, None], (before, along, draws))
                for branch, share in enumerate(shares)
            ]

        shapes = [mass.shape[1:]] * (arrays.branches + 1)
        for branch, arrived in enumerate(in_parts(part, start, reached, shapes)):
            mass = lax.dynamic_update_slice_in_dim(mass, arrived, arrays.landing + branch * length + start, axis=0)
        return mass

    return lax.fori_loop(0, count, chunk, mass)


def _spread(gone: Array, hats: Array, shape: Sizes) -> Array:
    """What arrives at each node along the coordinates of an actor, float64[chunk, courses, lanes], of what goes out of
    all lanes, likewise; `shape` is that of the lanes: before, along, and after with the draws."""
    split = gone.reshape(*gone.shape[:-1], *shape)
    nodes = hats.reshape(*hats.shape[:-1], *shape)
    if shape[1] > WRITTEN_OUT:
        parts = jnp.moveaxis(jnp.sum(split * nodes, axis=-2), 0, -2)
    else:
        # Sums over few nodes are written out: plain reductions were measured several times slower.
        each = [kernels.add_up(jnp.moveaxis(split * node, -2, 0)) for node in nodes]
        parts = jnp.stack(each, axis=-2)
    return parts.reshape(gone.shape)


def _meet_signal(
    mass: Array,
    weights: Array,
    arrays: SignalArrays,
    likely: Array,
    order: Array,
    count: Array,
) -> tuple[Array, Array, Array, Array]:
    """What play meets in a phase, by lane: how likely each branch is taken, float64[branches, lanes]; by type the mean
    of what it is paid and of what it loses to errors, float64[types, lanes] each; and each payment to others,
    float64[payments, lanes]; see _land for `likely`."""
    types, lanes = arrays.types, mass.shape[2]

    def chunk(i: Array, sums: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
        start, row, _, reached = order[i]

        def part(k: Array, sums: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
            at = start + k * PART
            done, _ = done_and_said(weights, arrays, at)
            play = lax.dynamic_slice_in_dim(mass, row + k * PART, PART)[:, 0]
            here = likely[:, None] * play
            met = here[:, None] * done
            taken = jnp.sum(met[:, :-1], axis=(0, 2))
            paid = jnp.sum(met[:, :-1] * _numbers(weights, arrays.own, at), axis=(1, 2))
            lost = jnp.sum(here * lost_at(weights, arrays, at), axis=1) if arrays.turns else jnp.zeros_like(paid)
            amounts = _numbers(weights, arrays.others, at)
            given = [jnp.sum(met[:, arrays.branch[slot]] * part, axis=(0, 1)) for slot, part in enumerate(amounts)]
            others = jnp.stack(given) if given else jnp.zeros((0, lanes))
            return sums[0] + taken, sums[1] + paid, sums[2] + lost, sums[3] + others

        return lax.fori_loop(0, parts(reached), part, sums)

    shapes = (arrays.branches, types, types, arrays.others.shape[0])
    begin = tuple(jnp.zeros((size, lanes)) for size in shapes)
    return lax.fori_loop(0, count, chunk, begin)


def _impose_signal(weights: Array, arrays: SignalArrays, branch: Array) -> Array:
    """The weights with a branch certain for every type to which it is open; what all expect stays as it was."""
    types, branches, states = arrays.types, arrays.branches, arrays.successors.shape[1]
    if not arrays.size:
        return weights
    found = lax.dynamic_slice_in_dim(weights, arrays.base, states * arrays.size)
    found = found.reshape(states, arrays.size, weights.shape[1])
    done = found[:, : types * (branches + 1)].reshape(states, types, branches + 1, weights.shape[1])
    is_open = arrays.is_open[:, branch].T[:, :, None, None]
    sure = (jnp.arange(branches + 1) == branch)[None, None, :, None] * 1.0
    done = jnp.where(is_open, sure, done).reshape(states, types * (branches + 1), weights.shape[1])
    found = jnp.concatenate([done, found[:, types * (branches + 1) :]], axis=1)
    return lax.dynamic_update_slice_in_dim(weights, found.reshape(-1, weights.shape[1]), arrays.base, axis=0)


decide_signal = kernel(_decide_signal, donate=[0, 1], static=["typed", "sizes"])
happen_signal = kernel(_happen_signal, donate=[0], static=["typed", "sizes"])
carry_signal = kernel(_carry_signal, donate=[0], static=["typed", "sizes", "widths"], in_one=True)
land = kernel(_land, donate=[0], static=["typed", "sizes"], in_one=True)
meet_signal = kernel(_meet_signal, in_one=True)
impose_signal = kernel(_impose_signal)
found_at = kernel(_found_at)
