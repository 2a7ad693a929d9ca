"""Phases that may show a type, given what was seen from there on; see filter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from foederis.solve import kernels
from foederis.solve.beliefs import Grid, posterior
from foederis.solve.device import kernel
from foederis.solve.groups import CHUNK
from foederis.solve.kernels import Array
from foederis.solve.lazy import jnp, lax
from foederis.solve.signal_loops import PART, Sizes, done_and_said, hats_after, in_parts, parts
from foederis.solve.signals import SignalArrays
from foederis.solve.tilt import conditioned, tilted


def _condition_signal(
    logs: Array,
    weights: Array,
    likes: Array,
    arrays: SignalArrays,
    grid: Grid,
    mine: Array,
    order: Array,
    count: Array,
    typed: int,
    sizes: Sizes,
) -> tuple[Array, Array]:
    """What the actor does if it has one of its types (`mine`, its place) given what was seen from there on; what all
    expect, and so what they believe, stays as it is. See filter._condition."""
    branches = arrays.branches
    size = arrays.size if arrays.turns else arrays.types * (branches + 1)

    def chunk(i: Array, carried: tuple[Array, Array]) -> tuple[Array, Array]:
        logs, weights = carried
        start, row, place, reached = order[i]

        def part(at: Array) -> Sequence[Array]:
            done, said = done_and_said(weights, arrays, at)
            successors = lax.dynamic_slice_in_dim(arrays.successors, at, PART, axis=1)
            ahead, _ = tilted(hats_after(said, grid, typed), kernels.rows(logs, successors), sizes)
            given, before = conditioned(done[mine], ahead + likes[place][:, None, None])
            return given.swapaxes(0, 1), before

        lanes = logs.shape[-1]
        given, before = in_parts(part, start, reached, [(branches + 1, lanes), (lanes,)])
        base = arrays.base + start * size
        kept = lax.dynamic_slice_in_dim(weights, base, CHUNK * size).reshape(CHUNK, size, -1)
        new = lax.dynamic_update_slice_in_dim(kept, given, mine * (branches + 1), axis=1)
        logs = lax.dynamic_update_slice_in_dim(logs, before, row, axis=0)
        return logs, lax.dynamic_update_slice_in_dim(weights, new.reshape(CHUNK * size, -1), base, axis=0)

    return lax.fori_loop(0, count, chunk, (logs, weights))


def _off_nodes(
    mass: Array,
    weights: Array,
    arrays: SignalArrays,
    grid: Grid,
    mine: Array,
    order: Array,
    count: Array,
    typed: int,
) -> Array:
    """float64[lanes]: how far from nodes of the grid the beliefs lie to which a phase leads, on average over play, if
    the actor has one of its types (`mine`, its place); `mass` is where play is, see forward."""

    def chunk(i: Array, total: Array) -> Array:
        start, row, _, reached = order[i]

        def part(k: Array, total: Array) -> Array:
            done, said = done_and_said(weights, arrays, start + k * PART)
            play = lax.dynamic_slice_in_dim(mass, row + k * PART, PART)[:, 0]
            counts = (jnp.arange(PART) < reached - k * PART)[:, None]
            for place, axis in zip(posterior(grid.logs[typed], said), grid.nodes[typed], strict=True):
                nodes = jnp.tile(axis, (1, mass.shape[2] // axis.shape[1]))
                off = reduce(jnp.minimum, [jnp.abs(place - node) for node in nodes])
                total = total + jnp.sum(jnp.where(counts, play * jnp.sum(done[mine] * off, axis=0), 0.0), axis=0)
            return total

        return lax.fori_loop(0, parts(reached), part, total)

    return lax.fori_loop(0, count, chunk, jnp.zeros(mass.shape[2]))


off_nodes = kernel(_off_nodes, static=["typed"])
condition_signal = kernel(_condition_signal, donate=[0, 1], static=["typed", "sizes"])
