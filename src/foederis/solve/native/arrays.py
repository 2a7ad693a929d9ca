"""What the engine in C is given of a layout: the place of each array in memory, group by group."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from foederis.solve.groups import CHUNK, Group
from foederis.solve.layout import Layout
from foederis.solve.native.memory import Held, hold, view
from foederis.solve.native.moves import describe
from foederis.solve.signals import SignalArrays

# As Group in group.h.
_ARRAYS = ("successors", "chances", "own", "others", "branch", "actor", "mover")
_COUNTS = ("base", "branches", "states", "payments", "turns", "count")
_PLACES = (*_ARRAYS, "order", "hits", "signal", "joint", "seats")
GROUP = np.dtype([(name, np.uintp) for name in _PLACES] + [(name, np.int64) for name in _COUNTS])
# As Signal in group.h.
_SIGNAL_ARRAYS = ("successors", "chances", "own", "others", "branch", "actor", "entries", "entry", "kept")
_SIGNAL_COUNTS = (
    *("first", "base", "landing", "keeper", "branches", "states"),
    *("payments", "entered", "columns", "turns", "typed"),
)
SIGNAL = np.dtype(
    [(name, np.uintp) for name in (*_SIGNAL_ARRAYS, "open")] + [(name, np.int64) for name in _SIGNAL_COUNTS]
)


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

    def place_of(self, layout: Layout, group: Group) -> int:
        """The place of one of them."""
        return self.place + GROUP.itemsize * next(k for k, each in enumerate(layout.groups) if each is group)


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
    table, shapes = np.zeros(len(layout.groups), dtype=GROUP), []
    held: list[Any] = []
    for row, group, hit in zip(table, layout.groups, hits, strict=True):
        found, order = group.at(step), group.order(step)
        shared = view(order.chunks), view(hit)
        parts = hold(*shared)
        write(row, ("order", "hits"), parts)
        row["count"] = order.count
        held.append(parts)
        if group.typed >= 0:
            signal = _signal(found, group.typed)
            write(row, ("signal",), signal)
            held.append(signal)
            # By branch; by type, twice; by payment: see passing.c.
            shapes.append((1, found.branches + 2 * found.types + len(found.others)))
            continue
        parts = hold(*(getattr(found, name) for name in _ARRAYS))
        write(row, _ARRAYS, parts)
        row["base"], row["branches"], row["states"] = int(found.base), found.branches, found.successors.shape[1]
        row["payments"], row["turns"] = len(found.others), found.turns
        row["joint"], row["seats"], more = describe(layout, group, step)
        held.append((parts, more))
        shapes.append((len(found.mover), (found.branches + 2 if found.turns else 0) + len(found.others)))
    begins = np.cumsum([0, *(phases * sums for phases, sums in shapes)])
    whole = hold(table)
    return Groups(int(whole.places[0] or 0), len(table), begins, tuple(shapes), Held((), (whole, held)))


def write(row: Any, names: Sequence[str], held: Held) -> None:
    """Writes the places of arrays into a row that has a field for each."""
    for name, at in zip(names, held.places, strict=True):
        row[name] = at or 0


def _signal(found: SignalArrays, typed: int) -> Held:
    row = np.zeros(1, dtype=SIGNAL)
    parts = hold(*(getattr(found, name) for name in _SIGNAL_ARRAYS), np.asarray(found.is_open).view(np.uint8))
    write(row[0], (*_SIGNAL_ARRAYS, "open"), parts)
    for name in ("first", "base", "landing", "keeper"):
        row[name] = int(getattr(found, name))
    row["branches"], row["states"], row["turns"] = found.branches, found.successors.shape[1], found.turns
    row["payments"], row["entered"], row["columns"] = len(found.others), len(found.entries), len(found.kept)
    row["typed"] = typed
    whole = hold(row)
    return Held(whole.places, (whole, parts))
