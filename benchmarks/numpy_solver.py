"""The same backward induction in plain NumPy, as well as one would write it by hand: values only, draws in blocks.

It works from the same tables as the solver (states, links, drawn numbers), so that the two are compared on the
arithmetic and not on the reading of the file. Branches are taken one after the other, which was faster than one array
over all; what a step leaves unchanged is worked out once a block, and what no draw changes once a game.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game, Phase

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def edges(game: Game) -> int:
    """Branches and passings in the states where a phase is live, over all steps and phases."""
    count = 0
    for phase in game.phases:
        for step in range(game.steps):
            link = phase.states.at(step)
            count += int(link.open.sum()) + (int(link.live.sum()) if phase.states.rule.waits else 0)
    return count


@dataclass(frozen=True)
class Ways:
    """Of a phase under one of its links: the live states, where each branch leads from those in which it is open
    (None where it is open in all), and for every state where staying leads."""

    live: Ints
    stay: Ints
    targets: list[Ints]
    open: list[NDArray[np.bool_] | None]


class Solver:
    """Backward induction for one game, in blocks of draws that `threads` threads take in turn."""

    def __init__(self, game: Game):
        self.game = game
        self.ways = [[_ways(link) for link in phase.states.links] for phase in game.phases]

    def solve(self, worlds: Mapping[str, Floats], draws: int, block: int = 32, threads: int = 1) -> Floats:
        """float64[draws, actors]: what the crisis is worth to each actor at its start."""
        work = partial(self._block, worlds, draws, block)
        starts = range(0, draws, block)
        if threads == 1:
            return np.concatenate(list(map(work, starts)))
        with ThreadPoolExecutor(threads) as pool:
            return np.concatenate(list(pool.map(work, starts)))

    def _block(self, worlds: Mapping[str, Floats], draws: int, block: int, first: int) -> Floats:
        game, size = self.game, min(block, draws - first)
        some = {name: values[first : first + size] for name, values in worlds.items()}
        rationality, patience = game.actor_numbers(some, size)
        tables = Tables(some, size)
        values = self._payments(game.final_pool, game.finals, tables, game.steps)
        for step in range(game.steps - 1, -1, -1):
            if step < game.steps - 1:
                values = values[game.structure.onward]
            values = values * patience + self._payments(game.flow_pool, game.flows, tables, step)
            for place in reversed(range(len(game.phases))):
                phase = game.phases[place]
                ways = self.ways[place][phase.states.link_of_step[step]]
                values = _before(phase, ways, values, tables.rows(phase.pool, step), rationality)
        return values[game.structure.start].T

    def _payments(self, pool: Any, payments: Any, tables: Tables, step: int) -> Floats:
        def work() -> Floats:
            rows = tables.rows(pool, step)
            total = np.zeros((len(self.game.structure.end_codes), len(self.game.actors), tables.draws))
            for payment in payments:
                total[:, payment.actor] += rows[pool.ids[payment.table]]
            return total

        return tables.once(("paid", id(pool)), pool.reads_step, step, work)


class Tables:
    """The drawn numbers of a block, each worked out once where no step is read."""

    def __init__(self, worlds: Mapping[str, Floats], draws: int):
        self.worlds, self.draws = worlds, draws
        self._kept: dict[Any, Floats] = {}

    def once(self, name: Any, reads_step: bool, step: int, work: Any) -> Floats:
        if reads_step:
            return work()  # type: ignore[no-any-return]
        if name not in self._kept:
            self._kept[name] = work()
        return self._kept[name]

    def rows(self, pool: Any, step: int) -> Floats:
        return self.once(id(pool), pool.reads_step, step, lambda: pool.evaluate(self.worlds, self.draws, step))


def _ways(link: Any) -> Ways:
    live = np.flatnonzero(link.live)
    masks = link.open[:, live]
    return Ways(
        live,
        link.stay.astype(np.int64),
        [
            np.where(mask, targets, 0).astype(np.int64)
            for mask, targets in zip(masks, link.successor[:, live], strict=True)
        ],
        [None if mask.all() else mask[:, None] for mask in masks],
    )


def _before(phase: Phase, ways: Ways, values: Floats, rows: Floats, rationality: Floats) -> Floats:
    """Values [states, actors, draws] before a phase; only live states are worked on."""
    before, live, ids = values[ways.stay], ways.live, phase.pool.ids
    paid: dict[int, list[tuple[int, Floats]]] = {}
    for branch, actor, table in phase.pays:
        paid.setdefault(branch, []).append((actor, rows[ids[table][live]]))
    chances = [rows[ids[table][live]] for table in phase.chances]
    if phase.mover >= 0:
        shares = _choose(phase.mover, ways, values, paid, rationality)
        wait = chances[0] if chances else None
        for share in shares if chances else ():
            share *= chances[1]
    else:
        shares, wait = chances[:-1], chances[-1]
        shares = [s if o is None else np.where(o, s, 0.0) for s, o in zip(shares, ways.open, strict=True)]
    new = np.zeros((len(live), *values.shape[1:])) if wait is None else before[live] * wait[:, None]
    for branch, share in enumerate(shares):
        part = values[ways.targets[branch]]
        for actor, amount in paid.get(branch, ()):
            part[:, actor] += amount
        part *= share[:, None]
        new += part
    before[live] = new
    return before


def _choose(
    mover: int, ways: Ways, values: Floats, paid: dict[int, list[tuple[int, Floats]]], rationality: Floats
) -> list[Floats]:
    """For each branch float64[live states, draws], the probability that it is chosen."""
    worths = []
    mine = np.ascontiguousarray(values[:, mover])
    for branch, (targets, mask) in enumerate(zip(ways.targets, ways.open, strict=True)):
        worth = mine[targets]
        for actor, amount in paid.get(branch, ()):
            if actor == mover:
                worth += amount
        worths.append(worth if mask is None else np.where(mask, worth, -np.inf))
    best = worths[0].copy()
    for worth in worths[1:]:
        np.maximum(best, worth, out=best)
    total = np.zeros_like(best)
    for worth in worths:
        worth -= best
        worth *= rationality[mover]
        np.exp(worth, out=worth)
        total += worth
    for worth in worths:
        worth /= total
    return worths
