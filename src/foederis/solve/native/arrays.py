"""What the engine in C is given of a layout: the place of each array in memory, group by group."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

from foederis.solve.groups import CHUNK
from foederis.solve.layout import Layout
from foederis.solve.native.memory import Held, hold, place, view
from foederis.solve.native.moves import describe

# As Group in group.h.
_ARRAYS = ("successors", "chances", "own", "others", "branch", "actor", "mover")
_COUNTS = ("base", "branches", "states", "payments", "turns", "count")
_PLACES = (*_ARRAYS, "order", "hits", "joint", "seats")
GROUP = np.dtype([(name, np.uintp) for name in _PLACES] + [(name, np.int64) for name in _COUNTS])


@dataclass(frozen=True)
class Groups:
    """The groups of a step: the place of their table, and how many they are.

    Attributes:
        begins: int64[groups + 1], the first of the sums that play meets in each; see Walk.
        shapes: by group, phases and sums of each.
    """

    place: int
    count: int
    begins: Any
    shapes: tuple[tuple[int, int], ...]
    held: Held


def kept(layout: Layout, key: Hashable, *arrays: Any) -> tuple[int | None, ...]:
    """The places of arrays that stay the same for a layout, by a name for them."""
    found: Held = layout.keep(("engine", key), lambda: hold(*arrays))
    return found.places


def rows_of_chunks(layout: Layout) -> Any:
    """int32[chunks]: how many rows of each chunk stand for something."""
    found: Any = layout.keep("rows of chunks", lambda: _rows_of_chunks(layout))
    return found


def _rows_of_chunks(layout: Layout) -> Any:
    found, ends = np.zeros(layout.height // CHUNK, dtype=np.int32), layout.ends
    parts = [part for group in layout.groups for part in zip(group.rows, map(len, group.since), strict=True)]
    for row, count in [*parts, (ends.row, ends.count)]:
        chunks = np.arange(row // CHUNK, (row + count + CHUNK - 1) // CHUNK)
        found[chunks] = np.minimum(CHUNK, row + count - CHUNK * chunks)
    return found


def groups_at(layout: Layout, step: int) -> Groups:
    return layout.keep(("engine groups", step), lambda: _groups(layout, step, [None] * len(layout.groups)))


def with_hits(layout: Layout, step: int, key: Hashable, hits: Callable[[], list[Any]]) -> Groups:
    """The same with what answers questions, for each group or None; `key` names it."""
    return layout.keep(("engine groups", step, key), lambda: _groups(layout, step, hits()))


def _groups(layout: Layout, step: int, hits: list[Any]) -> Groups:
    table, arrays, shapes = np.zeros(len(layout.groups), dtype=GROUP), [], []
    for row, group, hit in zip(table, layout.groups, hits, strict=True):
        found, order = group.at(step), group.order(step)
        parts = {name: view(getattr(found, name)) for name in _ARRAYS}
        parts |= {"order": view(order.chunks), "hits": view(hit)}
        for name, part in parts.items():
            row[name] = place(part) or 0
        row["base"], row["branches"], row["states"] = int(found.base), found.branches, found.successors.shape[1]
        row["payments"], row["turns"], row["count"] = len(found.others), found.turns, order.count
        row["joint"], row["seats"], more = describe(layout, group, step)
        arrays.append((parts, more))
        shapes.append((len(found.mover), (found.branches + 2 if found.turns else 0) + len(found.others)))
    begins = np.cumsum([0, *(phases * sums for phases, sums in shapes)])
    held = hold(table)
    return Groups(int(held.places[0] or 0), len(table), begins, tuple(shapes), Held((), (held, arrays)))
