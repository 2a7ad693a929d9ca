"""How the engine in C has found the fixed points of simultaneous moves, and what its check says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve.groups import CHUNK, Group
from foederis.solve.layout import Layout
from foederis.solve.native.arrays import GROUP, groups_at
from foederis.solve.native.build import engine
from foederis.solve.native.memory import DRAWS, apart, place
from foederis.solve.native.moves import TOLD, places_of, record, unknowns
from foederis.solve.principal import BIFURCATION, CONVERGED
from foederis.solve.simultaneous import SEARCHED, STARTS, Settled, beyond_one, starts_for, wanted_lanes
from foederis.solve.together import Table
from foederis.solve.verify_together import Floats, Found

_STRETCH = 32  # draws of which some moves are solved from other starts, as many as JAX's kernels solve at once
Flags = NDArray[np.bool_]
STATUS, ALONE, REACHED, STEEP = range(TOLD)


class Settler:
    """Reads the notes of a step. Tables are in the engine's form: values, weights, rationality, notes. There is a lane
    for each belief and each of so many draws."""

    def __init__(self, layout: Layout, step: int, tables: Sequence[Any], draws: int):
        self.layout, self.step, self.draws = layout, step, draws
        inner = (3, 2, 2, 2)
        self.tables = [part if part.ndim > axes else part[None] for part, axes in zip(tables, inner, strict=True)]
        self.far = np.array([table[0].size // DRAWS for table in self.tables])

    def settled(self, at: int, group: Group, used: int) -> Settled:
        """How the fixed points of a move were found in the first `used` draws; `at` is the place of its group."""
        assert group.joint is not None
        table, step = self.layout.tables[group.joint], self.step
        bases, sound = table.reached(step), table.sound[table.pattern_of_step[step]]
        told = self._told(table, bases)
        wanted: Flags = sound[:bases, None] & wanted_lanes(told.shape[2], self.draws, used)
        status, alone = told[STATUS].astype(np.int64), told[ALONE] > 0
        look = np.argwhere(wanted & (told[STEEP] > 0))
        if len(look):
            crossed = look[self._crossed(at, table, look)]
            status[tuple(crossed.T)] = BIFURCATION
        lanes = _some(wanted & ~alone, self.draws)
        others = self._search(at, table, lanes) if len(lanes) else np.zeros(0)
        base, lane = np.nonzero(wanted & (status != CONVERGED))
        return Settled(
            table.joint,
            step,
            int(wanted.sum()),
            int((wanted & alone).sum()),
            len(lanes),
            int(others.sum()),
            base,
            lane,
            status[base, lane],
            told[REACHED][base, lane],
        )

    def _told(self, table: Table, bases: int) -> Floats:
        """float64[told, bases, lanes]"""
        begin, rows = places_of(self.layout).notes[table.joint], record(table)
        notes = self.tables[3][:, begin : begin + bases * rows]
        return _by_draw(notes.reshape(len(notes), bases, rows, DRAWS)[:, :, -TOLD:])

    def _given(self, at: int, lanes: NDArray[np.int64]) -> tuple[Any, ...]:
        """What the engine is told of lanes, int64[lanes, base and lane]."""
        group = groups_at(self.layout, self.step).place + at * GROUP.itemsize
        split = np.stack([lanes[:, 1] // DRAWS, lanes[:, 0], lanes[:, 1] % DRAWS], axis=1)
        self._used = split  # is read later
        return group, *map(place, self.tables), place(self.far), self.layout.actors, place(split), len(split)

    def _crossed(self, at: int, table: Table, lanes: NDArray[np.int64]) -> Flags:
        size = unknowns(table)
        found = np.zeros((len(lanes), size, size))
        engine().slopes(*self._given(at, lanes), size, place(found))
        return beyond_one(np.moveaxis(found, 0, 2))

    def _search(self, at: int, table: Table, lanes: NDArray[np.int64]) -> Floats:
        starts, found = _starts(self.layout, unknowns(table)), np.zeros(len(lanes))
        engine().search(*self._given(at, lanes), place(starts), STARTS // DRAWS, place(found))
        return found


def _by_draw(told: Floats) -> Floats:
    """float64[told, bases, lanes], of [tables, bases, told, 8]"""
    tables, bases = told.shape[:2]
    return told.transpose(2, 1, 0, 3).reshape(TOLD, bases, tables * DRAWS)


def _starts(layout: Layout, size: int) -> Floats:
    """float64[rounds, unknowns, 8]"""
    found: Floats = layout.keep(("engine starts", size), lambda: apart(starts_for(size)))
    return found


def _some(several: Flags, draws: int) -> NDArray[np.int64]:
    """int64[lanes, base and lane]: those that are solved from other starts, of bool[bases, lanes]."""
    stretches = -(-draws // _STRETCH)
    left, found = np.full(stretches, SEARCHED), [np.zeros((0, 2), dtype=np.int64)]
    for start in range(0, len(several), CHUNK):
        base, lane = np.nonzero(several[start : start + CHUNK])
        if not len(base):
            continue
        stretch = lane % draws // _STRETCH
        order = np.argsort(stretch, kind="stable")
        counts = np.bincount(stretch, minlength=stretches)
        some = np.minimum(left, counts)
        left = left - some
        # Spread evenly over those of a stretch, the first and the last among them.
        gap = (counts - 1) / np.maximum(some - 1, 1)
        rank = np.arange(some.sum()) - np.repeat(np.cumsum(some) - some, some)
        place = (rank * np.repeat(gap, some)).astype(np.int64)
        place[np.cumsum(some)[some > 1] - 1] = counts[some > 1] - 1
        chosen = order[np.repeat(np.cumsum(counts) - counts, some) + place]
        found.append(np.stack([base[chosen] + start, lane[chosen]], axis=1))
    return np.concatenate(found)


def judged(layout: Layout, joint: int, found: Floats) -> Found:
    """What the check has found of a move, for each state before it and each draw; it looks at all turns at once."""
    places = places_of(layout)
    part = found[None] if found.ndim == 2 else found
    part = part[:, places.found[joint] : places.found[joint + 1]]
    bases = part.shape[1] // TOLD
    return Found(*_by_draw(part.reshape(len(part), bases, TOLD, DRAWS))[:, :, None])
