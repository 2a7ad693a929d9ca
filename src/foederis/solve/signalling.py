"""How the types of an actor choose where all see the choice: shares and the beliefs that they lead to, as one fixed
point (Newton's method on the logarithms of shares, traced from rationality 0).

Let x[t, a] be the logarithm of how likely type t takes option a, and q[t, a] what that is worth to it, which depends
on the belief after a, and so on x[., a] alone. Sought is
x[t, a] = r[t] q[t, a] - log sum_b exp(r[t] q[t, b]). Its Jacobian
is one small block for each option plus one column for each type, so a step costs little more than a look at q.

Source: McKelvey & Palfrey (1998), Experimental Economics 1(1): 9-41; Turocy (2005), Games and Economic Behavior 51(2):
243-263 (tracing the principal branch).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from foederis.solve import kernels, two_types
from foederis.solve.beliefs import hats_of, posterior
from foederis.solve.kernels import Array
from foederis.solve.lazy import jnp, lax, pytree
from foederis.solve.two_types import CLOSED, NEAR, PRECISION, Signal

_ROUNDS = 60
_MOST_STEPS = 64
WRITTEN_OUT = 9  # nodes
_LONGEST = 4.0  # of a Newton step, in logarithms of how types' shares compare


@pytree
@dataclass(frozen=True)
class Spoken:
    """The choices of all types in some states.

    Attributes:
        logs: float64[types, options, states, lanes], logarithms of shares, CLOSED where not open; shares: these.
        off: float64[states, lanes], how far the fixed point is missed, in logarithms of shares, before the last step
            towards it; at most PRECISION where it is found.
        reached: float64[states, lanes], how much of all rationality the branch was followed to; below 1 where it has
            turned or split, since the determinant of the Jacobian was not positive on the way.
    """

    logs: Array
    shares: Array
    off: Array
    reached: Array


@dataclass(frozen=True)
class Board:
    """What a signal is about.

    Attributes:
        follow: float64[options, states, types, lanes], what each type's future is worth after an option, at the nodes.
        paid: float64[types, options, states, lanes], what is paid at once.
        is_open: bool[types, options, states, 1].
        logs: float64[types, lanes], the belief before; nodes: by coordinate float64[nodes, lanes].
        sizes: lanes before, along and after the coordinates of the actor; see beliefs.Axes.split.
    """

    follow: Array
    paid: Array
    is_open: Array
    logs: Array
    nodes: Sequence[Array]
    sizes: tuple[int, int, int]


def read_at(values: Array, hats: Array, sizes: tuple[int, int, int]) -> Array:
    """Values between nodes: float64[..., lanes], from values at all nodes, float64[..., lanes], and how much each node
    along the coordinates counts in a lane, float64[nodes, ..., lanes]."""
    before, along, _ = sizes
    draws = values.shape[-1] // (before * along)
    split = values.reshape(*values.shape[:-1], before, along, draws)
    counts = hats.reshape(*hats.shape[:-1], before, along, draws)

    def add(place: int | Array, total: Array) -> Array:
        node = lax.dynamic_slice_in_dim(split, place, 1, axis=split.ndim - 2)
        return total + lax.dynamic_index_in_dim(counts, place, keepdims=False) * node

    shape = jnp.broadcast_shapes(counts.shape[1:], split.shape)
    # Written out for few nodes, since the sums are then one loop; for many it would take long to compile.
    found = lax.fori_loop(0, along, add, jnp.zeros(shape), unroll=along if along <= WRITTEN_OUT else 4)
    return found.reshape(*shape[:-3], values.shape[-1])


def all_hats(values: Sequence[Array], nodes: Sequence[Array]) -> tuple[Array, list[Array]]:
    """For all nodes along the coordinates of an actor, float64[nodes, ..., lanes]: how much each counts, and by
    coordinate how that changes."""
    each = [hats_of(value, axis) for value, axis in zip(values, nodes, strict=True)]
    counts, changes = each[0][0], [each[0][1]]
    for hats, turns in each[1:]:
        changes = [_product(part, hats) for part in changes]
        changes.append(_product(counts, turns))
        counts = _product(counts, hats)
    return counts, changes


def _product(one: Array, other: Array) -> Array:
    """Every node of one with every node of the other."""
    return (one[:, None] * other[None]).reshape(-1, *one.shape[1:])


def speak(board: Board, rationality: Array) -> Spoken:
    """The fixed point; `rationality`, float64[types, lanes], is per point."""
    types = len(board.logs)
    steps = _how_many_steps(board, rationality)
    if types == 2:
        return _speak_of_two(board, rationality, steps)
    even = jnp.where(board.is_open, 0.0, CLOSED) + jnp.zeros_like(board.paid)
    start = jnp.where(board.is_open, even - _log_sum(even)[:, None], CLOSED)
    wide = rationality[:, None, None]

    def step(k: Array, found: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        scale = wide * ((k + 1.0) / steps)
        logs, off, least = _newton(board, scale, found[0], types)
        return logs, off, _go_on(found[2], least, k)

    none = jnp.zeros(start.shape[2:])
    logs, off, passed = lax.fori_loop(0, steps, step, (start, none, none))
    return Spoken(logs, jnp.where(board.is_open, jnp.exp(logs), 0.0), off, passed / steps)


def _go_on(passed: Array, least: Array, k: Array) -> Array:
    """In how many steps the branch was followed without a turn, after step k, from the least determinant in it."""
    return passed + jnp.where((least > 0) & (passed == k), 1.0, 0.0)


def _speak_of_two(board: Board, rationality: Array, steps: Array) -> Spoken:
    odds = board.logs[0] - board.logs[1]
    signal = Signal(board.follow, board.paid, board.is_open, odds, board.nodes[0], board.sizes, rationality)
    within = signal.within()

    def step(k: Array, found: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        here = replace(within, scale=within.scale * ((k + 1.0) / steps))
        ratio, off, least = two_types.find(here, found[0], jnp.where(k + 1 < steps, NEAR, PRECISION))
        return ratio, off, _go_on(found[2], least, k)

    shape = within.paid.shape[1:]
    none = jnp.zeros(shape[1:])
    ratio, off, passed = lax.fori_loop(0, steps, step, (jnp.zeros(shape), none, none))
    logs, shares, _ = signal.aim(signal.whole(ratio, 0.0))
    return Spoken(
        logs, jnp.where(board.is_open, shares, 0.0), signal.whole(off, 0.0), signal.whole(passed / steps, 1.0)
    )


def _how_many_steps(board: Board, rationality: Array) -> Array:
    """In how many steps rationality grows from 0: so many that in each the map contracts, by a bound on its slope in
    the logarithms of odds; with few options that matter this is one."""
    before, along, _ = board.sizes
    draws = board.follow.shape[-1] // (before * along)
    options, states, types = board.follow.shape[:3]
    lanes = [len(axis) for axis in board.nodes]
    split = board.follow.reshape(options, states, types, before, *lanes, draws)
    wide = rationality.reshape(types, before, *lanes, draws)
    steepest = jnp.zeros(())
    for place, axis in enumerate(board.nodes):
        at = 4 + place
        low, high = (lax.slice_in_dim(split, *ends, axis=at) for ends in ((0, lanes[place] - 1), (1, lanes[place])))
        nodes = axis.reshape(len(axis), -1, draws)[:, 0]
        # Where nodes coincide, so do values. A slope in probability times p (1 - p) is one in log-odds.
        gaps = nodes[1:] - nodes[:-1]
        inner = jnp.clip(0.5, nodes[:-1], nodes[1:])
        bend = jnp.where(gaps > 0, inner * (1 - inner) / jnp.where(gaps > 0, gaps, 1.0), 0.0)
        shape = [1] * split.ndim
        shape[at], shape[-1] = bend.shape
        per_type = lax.slice_in_dim(wide, 0, 1, axis=2 + place)
        steep = jnp.abs(high - low) * bend.reshape(shape) * per_type[None, None]
        steepest = jnp.maximum(steepest, jnp.max(steep))
    return jnp.clip(jnp.ceil(4.0 * steepest), 1, _MOST_STEPS).astype(jnp.int32)


def _newton(board: Board, scale: Array, logs: Array, types: int) -> tuple[Array, Array, Array]:
    """From a first guess to the fixed point at one rationality; how far it is missed, and the least determinant on the
    way."""

    def missed(logs: Array) -> tuple[Array, Array, list[list[Array]]]:
        worth, slopes = _worths(board, logs, types)
        ahead = jnp.where(board.is_open, scale * worth, CLOSED)
        aim = jnp.where(board.is_open, ahead - _log_sum(ahead)[:, None], CLOSED)
        blocks = [[jnp.where(board.is_open[t], scale[t] * part, 0.0) for part in row] for t, row in enumerate(slopes)]
        return aim - logs, jnp.where(board.is_open, jnp.exp(aim), 0.0), blocks

    def go_on(carried: tuple[Array, Array, Array, Array, Array]) -> Array:
        count, _, off, _, _ = carried
        return (count < _ROUNDS) & (jnp.max(off) > PRECISION)

    def turn(carried: tuple[Array, Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array, Array]:
        count, logs, before, bold, least = carried
        gap, shares, blocks = missed(logs)
        off = jnp.max(jnp.abs(gap), axis=(0, 1))
        # A step that did not help is followed by a shorter one.
        bold = jnp.where(off > before, jnp.maximum(bold * 0.5, 1 / 64), jnp.minimum(bold * 1.5, 1.0))
        change, determinant = _solve(gap, shares, blocks, types)
        # Beliefs move with what sets types apart, so only that is held back; the farther apart they are, the less.
        limit = _LONGEST + jnp.max(_apart(logs, board.is_open), axis=0)
        longest = jnp.max(_apart(change, board.is_open), axis=0)
        change = change * (bold * jnp.minimum(1.0, limit / jnp.maximum(longest, 1e-300)))
        done = off <= PRECISION
        moved = jnp.where(done, logs, jnp.where(board.is_open, logs + change, CLOSED))
        # The least on the way, since a step may lead past where the branch turns.
        return count + 1, moved, off, bold, jnp.minimum(least, determinant)

    shape = logs.shape[2:]
    begin = (jnp.int32(0), logs, jnp.full(shape, jnp.inf), jnp.ones(shape), jnp.ones(shape))
    _, logs, off, _, least = lax.while_loop(go_on, turn, begin)
    return logs, off, least


def _apart(logs: Array, is_open: Array) -> Array:
    """How far apart the types to which an option is open are, float64[options, states, lanes]."""
    highest = jnp.max(jnp.where(is_open, logs, -jnp.inf), axis=0)
    lowest = jnp.min(jnp.where(is_open, logs, jnp.inf), axis=0)
    return jnp.where(jnp.any(is_open, axis=0), highest - lowest, 0.0)


def _log_sum(logs: Array) -> Array:
    """The logarithm of the sum over options (the second axis)."""
    top = jnp.max(logs, axis=1)
    return top + jnp.log(jnp.sum(jnp.exp(logs - top[:, None]), axis=1))


def _worths(board: Board, logs: Array, types: int) -> tuple[Array, list[list[Array]]]:
    """What each option is worth to each type, float64[types, options, states, lanes], and its slopes: for each type, by
    the type whose logarithm of a share changes, float64[options, states, lanes]."""
    places = posterior(board.logs, logs)
    hats, changes = all_hats(places, board.nodes)
    moves = _moves(board.logs, logs, places)
    worth, slopes = [], []
    for t in range(types):
        follow = board.follow[:, :, t]
        worth.append(board.paid[t] + read_at(follow, hats, board.sizes))
        steep = [read_at(follow, change, board.sizes) for change in changes]
        row = [
            kernels.add_up(jnp.stack([s * move[other] for s, move in zip(steep, moves, strict=True)]))
            for other in range(types)
        ]
        slopes.append(row)
    return jnp.stack(worth), slopes


def _moves(logs: Array, words: Array, places: Sequence[Array]) -> list[list[Array]]:
    """By coordinate, and by type: how the coordinate moves with the logarithm of that type's share."""
    found = []
    wide = logs[:, None, None] + words
    for k, place in enumerate(places):
        rest = wide[k + 1 :]
        top = jnp.max(rest, axis=0)
        parts = jnp.exp(rest - top)
        parts = parts / jnp.sum(parts, axis=0)
        spread = place * (1 - place)
        found.append([jnp.zeros_like(place)] * k + [spread] + [-spread * part for part in parts])
    return found


def _solve(gap: Array, shares: Array, blocks: list[list[Array]], types: int) -> tuple[Array, Array]:
    """The Newton step, and the determinant of the Jacobian: blocks I - B for each option, and for each type a column
    of ones times the row shares B (Woodbury)."""
    one = jnp.ones_like(gap[0])
    mine = [[(one if t == s else 0.0) - blocks[t][s] for s in range(types)] for t in range(types)]
    right = [[gap[t], *(one if s == t else jnp.zeros_like(one) for s in range(types))] for t in range(types)]
    solved, determinants = _eliminate(mine, right)
    # What the columns add, summed over options.
    rows = [
        [jnp.sum(shares[t] * sum(blocks[t][s] * solved[s][c] for s in range(types)), axis=0) for c in range(types + 1)]
        for t in range(types)
    ]
    unit = jnp.ones_like(rows[0][0])
    small = [[(unit if t == s else 0.0) + rows[t][s + 1] for s in range(types)] for t in range(types)]
    joint, determinant = _eliminate(small, [[rows[t][0]] for t in range(types)])
    steps = [solved[t][0] - sum(solved[t][s + 1] * joint[s][0] for s in range(types)) for t in range(types)]
    return jnp.stack(steps), determinant * jnp.prod(determinants, axis=0)


def _eliminate(matrix: list[list[Array]], right: list[list[Array]]) -> tuple[list[list[Array]], Array]:
    """Solves small systems, one for each element of the arrays, by Gauss and Jordan, and gives the determinants."""
    rows = [[*left, *more] for left, more in zip(matrix, right, strict=True)]
    size, determinant = len(matrix), None
    for k in range(size):
        pivot = rows[k][k]
        determinant = pivot if determinant is None else determinant * pivot
        pivot = jnp.where(jnp.abs(pivot) > 1e-12, pivot, jnp.where(pivot < 0, -1e-12, 1e-12))
        rows[k] = [entry / pivot for entry in rows[k]]
        for other in range(size):
            if other != k:
                factor = rows[other][k]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[k], strict=True)]
    assert determinant is not None
    return [row[size:] for row in rows], determinant
