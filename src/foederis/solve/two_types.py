"""The fixed point of a signal where an actor has two types, which are by far the most: see signalling.

What all believe after an option depends on one number: the logarithm z[a] of how much likelier one type is to take it
than the other. So there is one unknown for each option, the Jacobian of z is a diagonal and a single column of ones
times a row, and a Newton step is elementary arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

from foederis.solve import kernels
from foederis.solve.kernels import Array
from foederis.solve.lazy import jnp, lax

CLOSED = -1.0e9  # the logarithm of the share of an option that is not open to a type
NEAR = 1e-4  # precise enough to go on from
_ROUNDS, PRECISION = 60, 1e-13
_LONGEST = 4.0  # of a Newton step
_WRITTEN_OUT = 24  # nodes
_STEPS, _ATTEMPTS = 200, 4  # where Newton's method fails
Carried = tuple[Array, Array, Array, Array, Array]


@dataclass(frozen=True)
class Signal:
    """What an actor of two types chooses from; see signalling.Board.

    Attributes:
        follow: float64[options, states, 2, lanes]; paid: float64[2, options, states, lanes]; is_open: bool[2, options,
            states, 1].
        odds: float64[lanes], the logarithm of those of the first type before; nodes: float64[nodes, lanes].
        scale: float64[2, lanes], rationality.
        sizes: lanes of one draw before, along and after the coordinate of the actor.

    Lanes are those in which is chosen; `follow` and `nodes` have all that there are.
    """

    follow: Array
    paid: Array
    is_open: Array
    odds: Array
    nodes: Array
    sizes: tuple[int, int, int]
    scale: Array

    @property
    def both(self) -> Array:
        """bool[options, states, 1]: whether an option is open to both types."""
        return self.is_open[0] & self.is_open[1]

    def within(self) -> Signal:
        """The same without the lanes in which the type is known, which are the first and the last along the coordinate.
        There beliefs stay what they are."""
        return replace(self, paid=self.inner(self.paid), odds=self.inner(self.odds), scale=self.inner(self.scale))

    def inner(self, lanes: Array) -> Array:
        """float64[..., lanes without those in which the type is known], from all lanes."""
        before, along, _ = self.sizes
        split = lanes.reshape(*lanes.shape[:-1], before, along, -1)
        return split[..., 1:-1, :].reshape(*lanes.shape[:-1], -1)

    def whole(self, inner: Array, ends: float) -> Array:
        """float64[..., lanes], from those without the lanes in which the type is known, where `ends` is put."""
        before, along, _ = self.sizes
        split = inner.reshape(*inner.shape[:-1], before, along - 2, -1)
        around = [(0, 0)] * (split.ndim - 2) + [(1, 1), (0, 0)]
        return jnp.pad(split, around, constant_values=ends).reshape(*inner.shape[:-1], -1)

    def aim(self, ratio: Array) -> tuple[Array, Array, Array]:
        """What each type would choose at the beliefs that the ratios lead to: logarithms of shares, shares, and how far
        each type's worth in logarithms of odds moves with a ratio; float64[2, options, states, lanes] each."""
        far = jnp.where(self.is_open[0], -CLOSED, CLOSED)
        known = jnp.where(self.both, ratio, jnp.where(self.is_open[0] | self.is_open[1], far, 0.0))
        # Left alone, XLA would work these out anew wherever they are read.
        worth, slope = lax.optimization_barrier(_worths(self, known))
        ahead = jnp.where(self.is_open, self.scale[:, None, None] * worth, CLOSED)
        top = jnp.max(ahead, axis=1, keepdims=True)
        parts = jnp.exp(ahead - top)
        total = kernels.add_up(parts.swapaxes(0, 1))[:, None]
        logs = jnp.where(self.is_open, ahead - top - jnp.log(total), CLOSED)
        slopes = jnp.where(self.both, self.scale[:, None, None] * slope, 0.0)
        return lax.optimization_barrier((logs, parts / total, slopes))


def find(signal: Signal, ratio: Array, precision: Array) -> tuple[Array, Array, Array]:
    """The fixed point at one rationality, from a first guess, float64[options, states, lanes].

    Args:
        precision: how far it may be missed, in logarithms of shares.
    Returns:
        the ratios; how far each state's are missed, float64[states, lanes]; the least determinant of the Jacobian on
        the way, likewise, and -1 where Newton's method had to leave the branch, so that what it found may be on
        another.
    """

    def attempt(carried: Carried) -> Carried:
        count, ratio, before, kept, failed = carried
        # Newton's method alone at first.
        eased = _relax(signal, ratio, before > precision, 0.5 ** (2.0 * count - 1.0), jnp.where(count > 0, _STEPS, 0))
        found, off, least = _newton(signal, eased, precision)
        tried = before > precision
        return count + 1, found, off, jnp.where(tried, least, kept), failed | ((count > 0) & tried)

    shape = ratio.shape[1:]
    begin = (jnp.int32(0), ratio, jnp.full(shape, jnp.inf), jnp.ones(shape), jnp.zeros(shape, dtype=bool))
    _, ratio, off, least, failed = lax.while_loop(
        lambda carried: (carried[0] < _ATTEMPTS) & (jnp.max(carried[2]) > precision), attempt, begin
    )
    return ratio, off, jnp.where(failed, -1.0, least)


def _newton(signal: Signal, ratio: Array, precision: Array) -> tuple[Array, Array, Array]:
    """The ratios, how far they are missed, and the least determinant on the way."""

    def go_on(carried: Carried) -> Array:
        return (carried[0] < _ROUNDS) & (jnp.max(carried[2]) > precision)

    def turn(carried: Carried) -> Carried:
        count, ratio, before, bold, least = carried
        logs, shares, slopes = signal.aim(ratio)
        gap = jnp.where(signal.both, logs[0] - logs[1] - ratio, 0.0)
        off = _largest(jnp.abs(gap))
        # A step that did not help is followed by a shorter one.
        bold = jnp.where(off > before, jnp.maximum(bold * 0.5, 1 / 64), jnp.minimum(bold * 1.5, 1.0))
        change, determinant = _step(gap, shares, slopes)
        # Where the types are far apart already, a step may be long.
        limit = _LONGEST + _largest(jnp.where(signal.both, jnp.abs(ratio), 0.0))
        longest = _largest(jnp.abs(change))
        change = change * (bold * jnp.minimum(1.0, limit / jnp.maximum(longest, 1e-300)))
        moved = jnp.where(off > precision, ratio + change, ratio)
        # The least on the way, since a step may lead past where the branch turns.
        return count + 1, moved, off, bold, jnp.minimum(least, determinant)

    shape = ratio.shape[1:]
    begin = (jnp.int32(0), ratio, jnp.full(shape, jnp.inf), jnp.ones(shape), jnp.ones(shape))
    _, ratio, off, _, least = lax.while_loop(go_on, turn, begin)
    return ratio, off, least


def _largest(parts: Array) -> Array:
    """Over options, written out as kernels.add_up is."""
    return reduce(jnp.maximum, list(parts))


def _step(gap: Array, shares: Array, slopes: Array) -> tuple[Array, Array]:
    """The Newton step for all options, and the determinant of the Jacobian (Sherman and Morrison)."""
    diagonal = 1.0 - (slopes[0] - slopes[1])
    safe = jnp.where(jnp.abs(diagonal) > 1e-12, diagonal, 1e-12)
    row = shares[0] * slopes[0] - shares[1] * slopes[1]
    alone = gap / safe
    last = 1.0 + kernels.add_up(row / safe)
    last_safe = jnp.where(jnp.abs(last) > 1e-12, last, 1e-12)
    return alone - kernels.add_up(row * alone) / last_safe / safe, last * reduce(jnp.multiply, list(diagonal))


def _relax(signal: Signal, ratio: Array, failed: Array, boldness: Array, steps: Array) -> Array:
    """Small steps towards what would be chosen, where Newton's method has failed: since the branch ends there, or since
    it steps to and fro across a node."""

    def step(_: Array, ratio: Array) -> Array:
        logs, _, _ = signal.aim(ratio)
        return ratio + jnp.where(signal.both & failed, boldness * (logs[0] - logs[1] - ratio), 0.0)

    return lax.fori_loop(0, steps, step, ratio)


def _worths(signal: Signal, ratio: Array) -> tuple[Array, Array]:
    """What each option is worth to each type, and how that changes with the ratio: float64[2, options, states, lanes]
    each."""
    follow, (before, along, _) = signal.follow, signal.sizes
    draws = follow.shape[-1] // (before * along)
    place = 1.0 / (1.0 + jnp.exp(-jnp.clip(signal.odds + ratio, -700.0, 700.0)))
    here = place.reshape(*place.shape[:-1], before, -1, draws)
    split = follow.reshape(*follow.shape[:-1], before, along, 1, draws)
    axis = signal.nodes[:, :draws].reshape(along, 1, 1, draws)
    gaps = axis[1:] - axis[:-1]
    steep = jnp.where(gaps > 0, 1.0 / jnp.where(gaps > 0, gaps, 1.0), 1.0e300)
    found = []
    for mine in range(2):
        values = split[:, :, mine]
        rises = values[..., 1:, :, :] - values[..., :-1, :, :]

        def add(node: int | Array, sums: tuple[Array, Array], rises: Array = rises) -> tuple[Array, Array]:
            slope = lax.dynamic_index_in_dim(steep, node, keepdims=False)
            at = (here - lax.dynamic_index_in_dim(axis, node, keepdims=False)) * slope
            rise = lax.dynamic_index_in_dim(rises, node, axis=rises.ndim - 3, keepdims=False)
            # At a node the slope of the side above is taken; where nodes coincide there is none.
            inside = jnp.where((at >= 0) & (at < 1) & (slope < 1.0e300), slope, 0.0)
            return sums[0] + rise * jnp.clip(at, 0.0, 1.0), sums[1] + rise * inside

        start = jnp.broadcast_to(values[..., 0, :, :], here.shape)
        unroll = along - 1 if along <= _WRITTEN_OUT else 4
        worth, slope = lax.fori_loop(0, along - 1, add, (start, jnp.zeros_like(start)), unroll=unroll)
        found.append(
            (signal.paid[mine] + worth.reshape(place.shape), slope.reshape(place.shape) * (place * (1 - place)))
        )
    return jnp.stack([worth for worth, _ in found]), jnp.stack([slope for _, slope in found])
