"""Short cases exactly: the beliefs that play can lead to become nodes of the grid.

Where few different beliefs can be reached, there is no need to read between nodes. A block of draws is solved on a
coarse grid first; the beliefs that are reached become nodes, and it is solved anew, until they stay where they are.
Between nodes then only lies what no course of play leads to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from foederis.solve.backward import Pass
from foederis.solve.beliefs import Axes, Floats, Grid, posterior
from foederis.solve.device import kernel
from foederis.solve.groups import CHUNK
from foederis.solve.kernels import Array
from foederis.solve.layout import Layout
from foederis.solve.lazy import jax, jnp
from foederis.solve.native.typed import TypedPass
from foederis.solve.signal_loops import PART, done_and_said
from foederis.solve.signals import SignalArrays

ROOMS = (8, 24)  # how many beliefs may be reached, for each coordinate
MOST_CHUNKS = 4  # of a phase that may show a type, above which it is not tried
MOST_LANES = 1024  # of a block, likewise
CROWD = 4  # so many times as many beliefs as there is room for cannot come from the coarse grid alone
ROUNDS = 40
SETTLED = 1e-12
_SAME = 1e-9  # in log-odds: beliefs nearer than this are one
_NOWHERE = 1e-16  # a probability
_HARDLY = 1e-11  # beliefs less likely than this, most of them left by rounding, do not crowd a grid


def may_be_exact(layout: Layout) -> bool:
    """Whether the case is so short that it is worth trying."""
    return is_short(max((group.length for group in layout.groups if group.typed >= 0), default=0))


def is_short(longest: int) -> bool:
    """The same, by how many rows the phases have that may show a type, at most."""
    return longest <= MOST_CHUNKS * CHUNK


@dataclass(frozen=True)
class Met:
    """Beliefs that play leads to, in one coordinate.

    Attributes:
        nodes: float64[room, draws], the likeliest of them, filled up with 1; likely: the same without those that are
            hardly ever reached.
        most: how many a draw has at most, these left out.
    """

    nodes: Floats
    likely: Floats
    most: int


@dataclass
class Reached:
    """The beliefs that play leads to in a block: by actor with types and coordinate, for each draw, how likely each
    belief is."""

    axes: Axes
    draws: int
    found: list[list[list[dict[float, float]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.found = [[[{} for _ in range(self.draws)] for _ in range(types - 1)] for types in self.axes.types]

    def look(self, back: Pass, step: int, weights: Array, mass: Array) -> None:
        """Notes the beliefs after the phases of a step, which play has gone through."""
        for group in back.layout.groups:
            if group.typed < 0:
                continue
            order, arrays = group.order(step), group.at(step)
            for start, row, _, count in np.asarray(order.chunks)[: order.count].tolist():
                if isinstance(back, TypedPass):
                    for at in range(count):
                        self._note(group.typed, 0, *back.after(mass, weights, group, step, start + at, row + at))
                    continue
                for at in range(0, count, PART):
                    places, likely = _after(mass, weights, arrays, back.grid, start + at, row + at, typed=group.typed)
                    left = min(PART, count - at)
                    for coordinate, values in enumerate(places):
                        self._note(group.typed, coordinate, np.asarray(values)[:, :left], np.asarray(likely)[:, :left])

    def _note(self, typed: int, coordinate: int, values: Floats, likely: Floats) -> None:
        for place in zip(*np.nonzero(likely > _NOWHERE), strict=True):
            kept = self.found[typed][coordinate][place[-1] % self.draws]
            value = float(values[place])
            kept[value] = kept.get(value, 0.0) + float(likely[place])

    def nodes(self, typed: int, coordinate: int, grid: Grid, room: int) -> Met:
        """The beliefs about an actor in one coordinate."""
        prior = np.asarray(grid.shares[typed])
        tails = prior[coordinate:].sum(axis=0)
        found, likely, most = np.ones((room, self.draws)), np.ones((room, self.draws)), 0
        for draw, kept in enumerate(self.found[typed][coordinate]):
            start = prior[coordinate, draw] / tails[draw] if tails[draw] > 0 else 0.0
            merged = _merge(kept, start)
            chosen = sorted(merged, key=lambda value: -merged[value])
            often = [value for value in chosen if merged[value] > _HARDLY]
            most = max(most, len(often))
            found[: len(chosen[:room]), draw] = chosen[:room]
            likely[: len(often[:room]), draw] = often[:room]
        return Met(found, likely, most)


def _merge(kept: dict[float, float], prior: float) -> dict[float, float]:
    """Beliefs that are nodes anyway left out, and those that rounding alone tells apart taken for one."""
    found: dict[float, float] = {}
    last = None
    for value in sorted(kept):
        if value in (0.0, 1.0) or _near(value, prior):
            continue
        if last is not None and _near(value, last):
            found[last] += kept[value]
        else:
            found[value] = kept[value]
            last = value
    return found


def _near(one: float, other: float) -> bool:
    if not (0 < one < 1 and 0 < other < 1):
        return one == other
    return bool(abs(np.log(one / other) - np.log((1 - one) / (1 - other))) < _SAME)


def farthest(before: Sequence[Sequence[Floats]], now: Sequence[Sequence[Floats]]) -> float:
    """How far the beliefs that are reached lie from nodes at most."""
    worst = 0.0
    for one, other in zip((n for part in before for n in part), (n for part in now for n in part), strict=True):
        apart = np.abs(other[:, None] - one[None]).min(axis=1)
        worst = max(worst, float(apart.max(initial=0.0)))
    return worst


def _after_branches(
    mass: Array, weights: Array, arrays: SignalArrays, grid: Grid, start: Array, row: Array, typed: int
) -> tuple[list[Array], Array]:
    """The coordinates of the belief after each branch, and how likely it is gone there; float64[branches + 1, part,
    lanes] each."""
    done, said = done_and_said(weights, arrays, start)
    play = jax.lax.dynamic_slice_in_dim(mass, row, PART)[:, 0]
    public = jnp.sum(grid.chances[typed][:, None, None] * done, axis=0)
    return posterior(grid.logs[typed], said), public * play


_after = kernel(_after_branches, static=["typed"])
