"""The edges of a game turned round: where play comes from, for the way forward."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foederis.game.packing import stretches
from foederis.game.store import blank
from foederis.solve.groups import CHUNK, Group, Ints, Put
from foederis.solve.lazy import jax, pytree
from foederis.solve.native.memory import Held, hold
from foederis.solve.numbers import ONE, bucket

# The row from which play comes when it begins, in the first chunk like the sink.
BEGINNING = 1


@pytree
@dataclass(frozen=True)
class Inflow:
    """The edges of a step turned round: what leads into every row, chunk by chunk of rows. A chunk has as many slots
    as the row of it that most edges lead into.

    Attributes:
        sources, weights: int32[slots, chunk], the row that an edge comes from, and the row of its probability among
            the weights (see Layout); 0 and 0 where there is no edge.
        first, slots: int32[chunks], a chunk's first slot and how many it has.
    """

    sources: jax.Array
    weights: jax.Array
    first: jax.Array
    slots: jax.Array

    @cached_property
    def held(self) -> Held:
        """For the engine in C."""
        return hold(self.sources, self.weights, self.first, self.slots)


# The rows into which edges lead and out of which, and the weights of their probabilities.
Edges = tuple[Ints, Ints, Ints]


def turn_round(
    groups: Sequence[Group], step: int, start: int, onward: Ints, before: int, height: int, put: Put
) -> Inflow:
    """The edges of a step.

    Args:
        start: the row in which play begins; onward: by state at the end of a step the row in which the next begins;
        before: the first of the rows of the end of the step before; height: the number of rows.
    """

    def edges() -> Iterator[Edges]:
        # Play begins out of its own row, and goes on where the step before has ended.
        one = np.array([start], dtype=np.int32), np.array([BEGINNING], dtype=np.int32)
        yield *one, np.array([ONE], dtype=np.int32)
        for here in stretches(len(onward)):
            out_of = before + np.arange(here.start, here.stop, dtype=np.int32)
            yield onward[here], out_of, np.full(len(out_of), ONE, dtype=np.int32)
        for group in groups:
            yield from _landing(group, step) if group.typed >= 0 else _edges_of(group, step)

    return _by_target(edges, height, put)


def _landing(group: Group, step: int) -> Iterator[Edges]:
    """Play has left a phase that may show a type for its landing rows, whose beliefs are those after its branches."""
    arrays = group.at(step)
    successors = np.asarray(arrays.successors)
    branches, states = successors.shape
    open_ = (successors != 0) & (np.arange(states) < len(group.since[0]))
    landing = int(arrays.landing) + np.arange(branches * states, dtype=np.int32).reshape(branches, states)
    yield successors[open_], landing[open_], np.full(int(open_.sum()), ONE, dtype=np.int32)


def _edges_of(group: Group, step: int) -> Iterator[Edges]:
    arrays = group.at(step)
    successors, chances = np.asarray(arrays.successors), np.asarray(arrays.chances)
    branches = len(successors)
    for begin, row, since in zip(group.starts, group.rows, group.since, strict=True):
        for branch in range(branches):
            for part in stretches(len(since)):
                places = np.arange(part.start, part.stop, dtype=np.int32)
                into = successors[branch, begin + part.start : begin + part.stop]
                open_ = np.flatnonzero(into)
                places = places[open_]
                if group.turns:
                    likely = int(arrays.base) + (begin + places) * (branches + 1) + branch
                else:
                    likely = chances[branch, begin + places]
                yield into[open_], row + places, likely


def _by_target(edges: Callable[[], Iterable[Edges]], height: int, put: Put) -> Inflow:
    """Edges by the rows that they lead into. They are many, so they are made twice, a stretch at a time, and never
    kept: once to be counted, once to be put in their places."""
    degrees = np.zeros(height, dtype=np.int32)
    for into, _, _ in edges():
        if len(into):
            least = int(into.min())
            counts = np.bincount(into - np.int32(least))
            degrees[least : least + len(counts)] += counts.astype(np.int32)
    slots = degrees.reshape(-1, CHUNK).max(axis=1)
    first = np.cumsum(slots, dtype=np.int64) - slots
    size = bucket(int(slots.sum(dtype=np.int64)))
    sources, weights = blank((size, CHUNK)), blank((size, CHUNK))
    taken = degrees
    taken[:] = 0
    for into, out_of, likely in edges():
        order = np.argsort(into, kind="stable")
        into = into[order]
        begins = np.flatnonzero(np.diff(into, prepend=-1))
        counts = np.diff(begins, append=len(into))
        rank = np.arange(len(into)) - np.repeat(begins, counts)
        place = (first[into // CHUNK] + taken[into] + rank) * CHUNK + into % CHUNK
        sources.reshape(-1)[place], weights.reshape(-1)[place] = out_of[order], likely[order]
        taken[into[begins]] += counts.astype(np.int32)
    return Inflow(*map(put, (sources, weights, first.astype(np.int32), slots.astype(np.int32))))
