"""Public beliefs about private types: the grid on which values are kept, and how one reads between its nodes.

A belief about an actor of T types has T - 1 coordinates: the probability of the first type, that of the second if it
is not the first, and so on. What is linear in the belief is linear in each coordinate, so reading linearly between
nodes keeps it exact. Values are kept at every combination of nodes and for every draw, as lanes: the last axis of
arrays, `nodes x draws` in the end, of which draws are the innermost.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve import kernels
from foederis.solve.kernels import Array
from foederis.solve.lazy import jnp, pytree

Floats = NDArray[np.float64]
NEVER = -1.0e12  # the logarithm of a belief of 0
NODES = (3, 5, 9, 17)  # for each coordinate; which of them is tried out, see refine
REACH = 6.0  # in log-odds, of the nodes on either side of the prior
_FARTHEST = 8.0  # in log-odds, of the middle of the nodes: in nodes nearer to 0 or 1 beliefs would be mostly rounding
_STEEP = 1.0e300  # between nodes that coincide
_CLOSE = 2.3e-308  # nodes no farther apart coincide: one over that is still a number


@dataclass(frozen=True)
class Axes:
    """How lanes are laid out, which does not depend on numbers.

    Attributes:
        types: how many types each actor has that has any.
        nodes: how many nodes each coordinate has.
    """

    types: tuple[int, ...]
    nodes: int

    @property
    def shape(self) -> tuple[int, ...]:
        """The nodes of all coordinates, actor by actor."""
        return (self.nodes,) * sum(types - 1 for types in self.types)

    @property
    def count(self) -> int:
        return math.prod(self.shape)

    def split(self, typed: int) -> tuple[int, int, int]:
        """How many lanes of one draw lie before the coordinates of an actor, along them, and after them."""
        before = sum(types - 1 for types in self.types[:typed])
        along = self.types[typed] - 1
        sizes = self.shape
        return math.prod(sizes[:before]), math.prod(sizes[before : before + along]), math.prod(sizes[before + along :])


@pytree
@dataclass(frozen=True)
class Grid:
    """The grid of a block of draws.

    Attributes:
        nodes: by actor and coordinate, float64[nodes, draws], ascending from 0 to 1.
        chances: by actor, float64[types, lanes]: the beliefs of every lane; logs: their logarithms.
        start: float64[lanes], 1 in the lanes where play begins, with the shares as beliefs.
        shares: by actor, float64[types, draws].
    """

    nodes: tuple[tuple[Array, ...], ...]
    chances: tuple[Array, ...]
    logs: tuple[Array, ...]
    start: Array
    shares: tuple[Array, ...]


def coordinates(chances: Floats) -> Floats:
    """float64[types - 1, ...]: a belief, float64[types, ...], in coordinates; 0 where a coordinate says nothing."""
    tails = np.cumsum(chances[::-1], axis=0)[::-1][:-1]
    return np.where(tails > 0, chances[:-1] / np.where(tails > 0, tails, 1.0), 0.0)


def beliefs_at(coordinates: Sequence[Floats]) -> Floats:
    """float64[types, ...]: the belief with these coordinates."""
    left, found = np.ones_like(coordinates[0]), []
    for coordinate in coordinates:
        found.append(left * coordinate)
        left = left * (1 - coordinate)
    return np.stack([*found, left])


def spread_nodes(prior: Floats, count: int, reach: float, more: Floats | None = None) -> Floats:
    """float64[count + more, draws]: nodes for one coordinate: 0, 1 and the prior (float64[draws]), the others even in
    log-odds, as far as `reach` from the prior; and `more`, float64[more, draws]."""
    inner = count - 2
    with np.errstate(divide="ignore"):
        middle = np.clip(np.log(prior) - np.log1p(-prior), -_FARTHEST, _FARTHEST)
    steps = (np.arange(inner) - inner // 2) * (reach / max(1, inner // 2))
    nodes = 1 / (1 + np.exp(-(middle + steps[:, None])))
    nodes[inner // 2] = np.where((prior > 0) & (prior < 1), prior, nodes[inner // 2])
    ends = [np.zeros((1, len(prior))), np.ones((1, len(prior)))]
    return np.sort(np.concatenate([*ends, nodes, *([] if more is None else [more])]), axis=0)


def make_grid(
    axes: Axes, shares: Sequence[Floats], nodes: Sequence[Sequence[Floats]], put: Callable[[Any], Any]
) -> Grid:
    """The grid with the given nodes, by actor and coordinate; `shares` are the priors, float64[types, draws] each;
    `put` brings arrays to where they are worked on."""
    draws = shares[0].shape[1] if shares else 1
    flat = [part for actor in nodes for part in actor]
    whole = np.broadcast_arrays(*(_along(part, place, len(flat)) for place, part in enumerate(flat)))
    lanes = [np.ascontiguousarray(part).reshape(-1) for part in whole]
    chances, start, above = [], np.ones(axes.count * draws), 0
    for types, share in zip(axes.types, shares, strict=True):
        mine = lanes[above : above + types - 1]
        chances.append(beliefs_at(mine))
        for place, prior in enumerate(coordinates(share)):
            hats = hats_of(prior, flat[above + place], np)[0]
            start = start * np.ravel(
                np.broadcast_to(_along(np.asarray(hats), above + place, len(flat)), whole[0].shape)
            )
        above += types - 1
    logs = [np.where(part > 0, np.log(np.where(part > 0, part, 1.0)), NEVER) for part in chances]
    return Grid(
        tuple(tuple(map(put, actor)) for actor in nodes),
        tuple(map(put, chances)),
        tuple(map(put, logs)),
        put(start),
        tuple(map(put, shares)),
    )


def _along(part: Floats, place: int, dimensions: int) -> Floats:
    """float64[1, …, nodes, …, 1, draws]: a coordinate's nodes along its own dimension."""
    shape = [1] * dimensions + [part.shape[1]]
    shape[place] = part.shape[0]
    return part.reshape(shape)


def hats_of(value: Any, nodes: Any, numpy: Any = jnp) -> tuple[Any, Any]:
    """How much each node counts for a coordinate, and how that changes with it.

    Args:
        value: float64[..., lanes], between 0 and 1; nodes: float64[nodes, lanes]; numpy: whose arrays they are.
    Returns:
        float64[nodes, ..., lanes] each: they sum to 1 over nodes, and their changes to 0.
    """
    shape = (-1, *(1,) * (value.ndim - 1), nodes.shape[1])
    gaps = nodes[1:] - nodes[:-1]
    slopes = numpy.where(gaps > _CLOSE, 1.0 / numpy.where(gaps > _CLOSE, gaps, 1.0), _STEEP).reshape(shape)
    at = (value - nodes[:-1].reshape(shape)) * slopes
    one, zero = numpy.ones_like(value)[None], numpy.zeros_like(value)[None]
    ramps = numpy.concatenate([one, numpy.clip(at, 0.0, 1.0), zero])
    # At a node the slope of the side above is taken; where nodes coincide there is none.
    rises = numpy.where((at >= 0) & (at < 1) & (slopes < _STEEP), slopes, 0.0)
    rises = numpy.concatenate([zero, rises, zero])
    return ramps[:-1] - ramps[1:], rises[:-1] - rises[1:]


def posterior(logs: Any, words: Any, numpy: Any = jnp) -> list[Any]:
    """The coordinates of the belief after something was seen.

    Args:
        logs: float64[types, lanes], the belief before; words: float64[types, ..., lanes], the logarithm of how likely
            each type does it; numpy: whose arrays they are.
    """
    wide = logs.reshape(logs.shape[0], *(1,) * (words.ndim - 2), logs.shape[-1]) + words
    found = []
    for place in range(len(words) - 1):
        odds = numpy.exp(numpy.clip(wide[place + 1 :] - wide[place], -700.0, 700.0))
        found.append(1.0 / (1.0 + kernels.add_up(odds)))
    return found
