"""The independent check of phases that may show a type; see verify.

What is demanded of them beside the laws that hold for all phases: beliefs follow Bayes' rule from what all expect of
each type, and each type's odds are those of its values at the beliefs that its options lead to. Beliefs are worked out
here from probabilities and not from their logarithms, but for those too small for floating point, and values between
nodes are read off the two nearest. Where the solver says that it has missed a fixed point, odds may be off by as much
as it says, and errors are not held against their bound.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from foederis.solve.device import kernel
from foederis.solve.lazy import jax, jnp, lax
from foederis.solve.signals import FOUND, MISSED, TINY, SignalArrays
from foederis.solve.verify import Findings, judge_choice, worse_choice

Sizes = tuple[int, int, int]
PART = 4  # states, looked at together


def _judge_signal(
    found: Findings,
    values: jax.Array,
    weights: jax.Array,
    precisions: jax.Array,
    group: SignalArrays,
    beliefs: jax.Array,
    nodes: Sequence[jax.Array],
    chunks: jax.Array,
    count: jax.Array,
    sizes: Sizes,
) -> Findings:
    """Judges a phase in the states that are reached, at every belief.

    Args:
        found: what was found before.
        values: float64[rows, seats, lanes]; weights: float64[weights, lanes].
        precisions: float64[seats, lanes], rationality.
        beliefs: float64[types, lanes], about the actor; nodes: by coordinate float64[nodes, draws].
        sizes: lanes before, along and after the coordinates of the actor.
    """

    def look(place: jax.Array, row: jax.Array, left: jax.Array, worst: Findings) -> Findings:
        counts = (jnp.arange(PART) < left)[:, None]
        links = _cut(group.successors, place)
        before = lax.dynamic_slice_in_dim(values, row, PART)
        done, said, error = _done(weights, group, place)
        after = _bayes(beliefs, done, said)
        follows = _between(values.at[links].get(mode="promise_in_bounds"), after, nodes, sizes)
        expected, worths = _expected(weights, group, place, beliefs, done, follows)
        apart = jnp.where(counts[:, None], jnp.abs(expected - before), 0.0)
        held = jnp.where(counts[:, None], before, 0.0)
        seen = replace(
            worst,
            error=jnp.maximum(worst.error, apart),
            low=jnp.minimum(worst.low, held),
            high=jnp.maximum(worst.high, held),
            laws=jnp.maximum(worst.laws, jnp.where(counts, _laws(done, links != 0), 0.0)),
        )
        for t in range(group.types if group.turns else 0):
            allowed = _cut(group.is_open, place)[t][..., None]
            judged = _judge_type(worths[t], done[t, :-1], said[t, :-1], allowed, precisions[group.first + t], error)
            seen = replace(seen, choice=worse_choice(seen.choice, judged, counts))
        return seen

    def chunk(i: jax.Array, worst: Findings) -> Findings:
        start, row, _, reached = chunks[i]

        def part(k: jax.Array, worst: Findings) -> Findings:
            return look(start + k * PART, row + k * PART, reached - k * PART, worst)

        return lax.fori_loop(0, (reached + PART - 1) // PART, part, worst)

    # A few states are looked at together, so that a few rows of what is found are enough.
    few = replace(jax.tree.map(lambda rows: rows[:PART], found), choice=found.choice[:, :PART])
    worst = lax.fori_loop(0, count, chunk, few)
    choice = found.choice.at[:, :PART].set(worst.choice)
    rows = replace(found, choice=worst.choice), worst
    return replace(jax.tree.map(lambda rows, new: rows.at[:PART].set(new), *rows), choice=choice)


def _laws(done: jax.Array, allowed: jax.Array) -> jax.Array:
    """float64[part, lanes]: the break of the laws of probability; `allowed`, bool[branches + 1, part]."""
    somewhere = jnp.any(allowed, axis=0)[:, None]
    off = jnp.max(jnp.abs(jnp.sum(done, axis=1) - jnp.where(somewhere, 1.0, 0.0)), axis=0)
    return jnp.maximum(off, jnp.max(jnp.where(allowed[None, :, :, None], -done, done), axis=(0, 1)))


def _expected(
    weights: jax.Array,
    group: SignalArrays,
    start: jax.Array,
    beliefs: jax.Array,
    done: jax.Array,
    follows: jax.Array,
) -> tuple[jax.Array, list[jax.Array]]:
    """What the values before the phase have to be, float64[part, seats, lanes]; and by type what each option is worth
    to it, float64[branches, part, lanes]."""
    seats = jnp.arange(follows.shape[2])[:, None]
    public = jnp.einsum("tl,tbsl->bsl", beliefs, done)
    expected = jnp.einsum("bsl,bscl->scl", public, follows)
    own = weights.at[_cut(group.own, start)].get(mode="promise_in_bounds")
    worths = []
    for t in range(group.types):
        seat = group.first + t
        mine = lax.dynamic_index_in_dim(follows, seat, axis=2, keepdims=False)
        worths.append(mine[:-1] + own[t])
        expects = jnp.sum(done[t, :-1] * worths[t], axis=0) + done[t, -1] * mine[-1]
        expected = jnp.where(seats == seat, expects[:, None], expected)
    for slot, amounts in enumerate(weights.at[_cut(group.others, start)].get(mode="promise_in_bounds")):
        paid = jnp.einsum("tl,tsl,tsl->sl", beliefs, done[:, group.branch[slot]], amounts)
        expected = expected + jnp.where(seats == group.actor[slot], paid[:, None], 0.0)
    return expected, worths


def _judge_type(
    worth: jax.Array,
    chances: jax.Array,
    said: jax.Array,
    allowed: jax.Array,
    precision: jax.Array,
    error: jax.Array,
) -> tuple[jax.Array, ...]:
    """What judge_choice says of a type, where `error`, float64[part, lanes], is by how much the solver says that the
    fixed point is missed, and 0 where it says that it is found."""
    odds, *rest = judge_choice(worth, chances, allowed, precision)
    far = _far(worth, chances, said, allowed, precision)
    odds = jnp.where(error == 0, jnp.maximum(odds, far), jnp.maximum(odds - error, 0.0))
    return odds, *(jnp.where(error <= MISSED, part, 0.0) for part in rest)


def _far(worth: jax.Array, chances: jax.Array, said: jax.Array, allowed: jax.Array, precision: jax.Array) -> jax.Array:
    """float64[part, lanes]: the break of the odds of options that are too unlikely for floating point, in parts of the
    logarithms of their shares; arguments as in judge_choice, float64[options, part, lanes]."""
    ahead = jnp.where(allowed, precision * worth, -jnp.inf)
    due = ahead - jax.nn.logsumexp(ahead, axis=0)
    off = jnp.abs(said - due) / jnp.maximum(1.0, jnp.abs(due))
    return jnp.max(jnp.where(allowed & (chances < TINY), off, 0.0), axis=0)


def _cut(array: jax.Array, start: jax.Array) -> jax.Array:
    return lax.dynamic_slice_in_dim(array, start, PART, axis=array.ndim - 1)


def _done(weights: jax.Array, group: SignalArrays, start: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """float64[types, branches + 1, part, lanes]: how likely each type does what, staying put last, and the logarithms
    of what all expect it to choose; float64[part, lanes]: by how much the fixed point is missed, as the solver says."""
    if not group.turns:
        done = weights.at[_cut(group.chances, start)].get(mode="promise_in_bounds")
        return done, jnp.zeros_like(done), jnp.zeros(done.shape[2:])
    decided = lax.dynamic_slice_in_dim(weights, group.base + group.size * start, PART * group.size)
    types, branches = group.types, group.branches
    rows = types * (branches + 1)
    decided = decided.reshape(PART, group.size, weights.shape[1])
    done = decided[:, :rows].reshape(PART, types, branches + 1, weights.shape[1])
    said = decided[:, rows : rows + types * branches].reshape(PART, types, branches, weights.shape[1])
    said = jnp.pad(said, [(0, 0), (0, 0), (0, 1), (0, 0)])
    return done.transpose(1, 2, 0, 3), said.transpose(1, 2, 0, 3), decided[:, -FOUND]


def _bayes(beliefs: jax.Array, done: jax.Array, said: jax.Array) -> jax.Array:
    """float64[types, branches + 1, part, lanes]: the belief after each branch. What no type does leaves it as it was;
    what has no probability that floating point could hold is judged by the logarithms of shares."""
    prior = beliefs[:, None, None]
    joint = prior * done
    total = jnp.sum(joint, axis=0)
    logs = jnp.where(prior > 0, said, -jnp.inf)
    rare = prior * jnp.exp(logs - jnp.max(logs, axis=0))
    held = total > TINY
    return jnp.where(held, joint / jnp.where(held, total, 1.0), rare / jnp.sum(rare, axis=0))


def _between(follows: jax.Array, after: jax.Array, nodes: Sequence[jax.Array], sizes: Sizes) -> jax.Array:
    """What follows each branch at the belief after it, from the nearest nodes.

    Args:
        follows: float64[branches, part, seats, lanes].
        after: float64[types, branches, part, lanes].
    """
    _, along, rest = sizes
    draws = nodes[0].shape[1]
    lane = jnp.arange(follows.shape[-1])
    inner = rest * draws
    outer, place = lane // (along * inner), lane % inner
    ends, weights, left = [], [], jnp.ones_like(after[0])
    for coordinate, axis in zip(after[:-1], nodes, strict=True):
        at = jnp.clip(jnp.where(left > 0, coordinate / jnp.where(left > 0, left, 1.0), 0.0), 0.0, 1.0)
        mine = axis[:, lane % draws]
        low = jnp.clip(jnp.sum(mine[:, None, None] <= at, axis=0) - 1, 0, len(axis) - 2)
        below, above = (jnp.take_along_axis(mine, (low + k).reshape(-1, len(lane)), axis=0) for k in (0, 1))
        below, above = below.reshape(at.shape), above.reshape(at.shape)
        share = jnp.where(above > below, (at - below) / jnp.where(above > below, above - below, 1.0), 0.0)
        ends.append(low)
        weights.append(share)
        left = left - coordinate
    found: jax.Array | float = 0.0
    for corner in itertools.product((0, 1), repeat=len(nodes)):
        node, weight = jnp.zeros_like(ends[0]), jnp.ones_like(weights[0])
        for bit, low, share, axis in zip(corner, ends, weights, nodes, strict=True):
            node = node * len(axis) + low + bit
            weight = weight * (share if bit else 1 - share)
        source = outer * along * inner + node * inner + place
        found = found + weight[:, :, None] * jnp.take_along_axis(follows, source[:, :, None], axis=3)
    return jnp.asarray(found)


judge_signal = kernel(_judge_signal, donate=[0], static=["sizes"], in_one=True)
