"""The edges of a game turned round: where play comes from, for the way forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

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


def turn_round(
    groups: Sequence[Group], step: int, start: int, onward: Ints, before: int, height: int, put: Put
) -> Inflow:
    """The edges of a step.

    Args:
        start: the row in which play begins; onward: by state at the end of a step the row in which the next begins;
        before: the first of the rows of the end of the step before; height: the number of rows.
    """
    # Play begins out of its own row, and goes on where the step before has ended.
    targets = [np.array([start], dtype=np.int32), onward]
    sources = [np.array([BEGINNING], dtype=np.int32), before + np.arange(len(onward), dtype=np.int32)]
    weights = [np.full(len(onward) + 1, ONE, dtype=np.int32)]
    for group in groups:
        arrays = group.at(step)
        successors = np.asarray(arrays.successors)
        branches, states = successors.shape
        if group.typed >= 0:
            # Play has left such a phase for its landing rows, whose beliefs are those after its branches.
            open_ = (successors != 0) & (np.arange(states) < len(group.since[0]))
            landing = int(arrays.landing) + np.arange(branches * states, dtype=np.int32).reshape(branches, states)
            targets.append(successors[open_])
            sources.append(landing[open_])
            weights.append(np.full(int(open_.sum()), ONE, dtype=np.int32))
            continue
        likely = np.asarray(arrays.chances)
        if group.turns:
            likely = int(arrays.base) + np.arange(states, dtype=np.int32) * (branches + 1)
            likely = likely + np.arange(branches, dtype=np.int32)[:, None]
        for begin, row, since in zip(group.starts, group.rows, group.since, strict=True):
            here = slice(begin, begin + len(since))
            open_ = successors[:, here] != 0
            targets.append(successors[:, here][open_])
            rows = np.broadcast_to(row + np.arange(len(since), dtype=np.int32), open_.shape)
            sources.append(rows[open_])
            weights.append(likely[:, here][open_])
    return _by_target(np.concatenate(targets), np.concatenate(sources), np.concatenate(weights), height, put)


def _by_target(into: Ints, out_of: Ints, likely: Ints, height: int, put: Put) -> Inflow:
    """Edges by the rows that they lead into."""
    degrees = np.bincount(into, minlength=height)
    slots = degrees.reshape(-1, CHUNK).max(axis=1)
    first = np.cumsum(slots) - slots
    order = np.argsort(into, kind="stable")
    into = into[order]
    slot = np.arange(len(into)) - (np.cumsum(degrees) - degrees)[into] + first[into // CHUNK]
    place = slot * CHUNK + into % CHUNK
    del slot, into
    size = bucket(int(slots.sum()))
    found = []
    for values in (out_of, likely):
        filled = np.zeros(size * CHUNK, dtype=np.int32)
        filled[place] = values[order]
        found.append(put(filled.reshape(size, CHUNK)))
    return Inflow(found[0], found[1], put(first.astype(np.int32)), put(slots.astype(np.int32)))
