"""Simultaneous moves for the engine in C: what it is given of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from foederis.solve.groups import Group
from foederis.solve.layout import Layout
from foederis.solve.native.memory import place, view
from foederis.solve.together import Table
from foederis.solve.verify_together import Seats, seats_of

# As Joint in together.h and Seats in check_together.c.
_TABLES = ("leads", "own", "choose", "counts", "mover", "base", "slots")
_MOVE = ("turns", "width", "length", "bases", "notes", "scratch")
_SEATS = ("bases", "turns", "row", "found", "scratch")
JOINT = np.dtype([(name, np.uintp) for name in (*_TABLES, "sizes")] + [(name, np.int64) for name in _MOVE])
SEATS = np.dtype([(name, np.uintp) for name in ("base", "entry")] + [(name, np.int64) for name in _SEATS])
TOLD = 4  # rows that are told of each state before a move, by the solver and by the check


@dataclass(frozen=True)
class Places:
    """Where things are among the notes of a pass and among what the check finds, in rows of 8 draws.

    Attributes:
        notes, found: by simultaneous move, where its part begins; last where the room to work in does.
        notes_height, found_height: all rows.
    """

    notes: tuple[int, ...]
    found: tuple[int, ...]
    notes_height: int
    found_height: int


def places_of(layout: Layout) -> Places:
    found: Places = layout.keep("engine joints", lambda: _places(layout))
    return found


def record(table: Table) -> int:
    """How many rows are noted of a state before a move: the choices, see matrices.decided, and what is told of them."""
    return len(table.arrays[0].sizes) * (table.arrays[0].width + 2) + TOLD


def unknowns(table: Table) -> int:
    return sum(size - 1 for size in table.arrays[0].sizes)


def seats_at(layout: Layout, group: Group) -> Seats:
    found: Seats = layout.keep(("seats", group.joint), lambda: seats_of(layout.game, group))
    return found


def joint_groups(layout: Layout) -> Iterator[tuple[int, Group]]:
    """The groups that are simultaneous moves, in the order of the tables, and their places."""
    found = [(at, group) for at, group in enumerate(layout.groups) if group.joint is not None]
    return iter(sorted(found, key=lambda pair: pair[1].joint or 0))


def _places(layout: Layout) -> Places:
    notes, found, room, judged = [0], [0], 0, 0
    for _, group in joint_groups(layout):
        table, bases = layout.tables[group.joint or 0], seats_at(layout, group).bases
        sizes, width, odds = table.arrays[0].sizes, table.arrays[0].width, unknowns(table)
        notes.append(notes[-1] + len(table.states) * record(table))
        found.append(found[-1] + bases * TOLD)
        move = len(sizes) * (math.prod(size + 1 for size in sizes) + 4 * width + 3) + (width + 1) ** 2
        # Newton's method, and following a branch, each take less than three matrices.
        room = max(room, move + 2 * len(sizes) ** 2 + 3 * (odds + 4) ** 2)
        judged = max(judged, group.length + 5 * bases * len(sizes) * group.width)
    return Places(tuple(notes), tuple(found), notes[-1] + room, found[-1] + judged)


def describe(layout: Layout, group: Group, step: int) -> tuple[int, int, list[Any]]:
    """The places of a group's Joint and Seats, 0 and 0 where it is no simultaneous move, and what has to be kept."""
    if group.joint is None:
        return 0, 0, []
    table, seats, places = layout.tables[group.joint], seats_at(layout, group), places_of(layout)
    arrays, move, seated = table.at(step), np.zeros(1, dtype=JOINT), np.zeros(1, dtype=SEATS)
    parts = {name: view(getattr(arrays, name)) for name in _TABLES} | {"sizes": np.array(arrays.sizes, dtype=np.int32)}
    for name, part in parts.items():
        move[name] = place(part)
    move["turns"], move["width"], move["length"] = len(arrays.sizes), arrays.width, table.length
    move["bases"], move["notes"], move["scratch"] = table.reached(step), places.notes[group.joint], places.notes[-1]
    base, entry = view(seats.base), view(seats.entry)
    seated["base"], seated["entry"] = place(base), place(entry)
    seated["bases"], seated["turns"], seated["row"] = seats.bases, len(arrays.sizes), seats.row
    seated["found"], seated["scratch"] = places.found[group.joint], places.found[-1]
    return int(place(move) or 0), int(place(seated) or 0), [parts, move, base, entry, seated]
