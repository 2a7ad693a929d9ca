"""The same backward induction in plain NumPy, as well as one would write it by hand: values only, draws in blocks.

It works from the same tables as the solver (states, links, drawn numbers), so that the two are compared on the
arithmetic and not on the reading of the file.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game, Phase

Floats = NDArray[np.float64]


def solve_values(game: Game, worlds: Mapping[str, Floats], draws: int, block: int = 32) -> Floats:
    """float64[draws, actors]: what the crisis is worth to each actor at its start."""
    parts = []
    for first in range(0, draws, block):
        some = {name: values[first : first + block] for name, values in worlds.items()}
        parts.append(_solve_block(game, some, min(block, draws - first)))
    return np.concatenate(parts)


def edges(game: Game) -> int:
    """Branches and passings in the states where a phase is live, over all steps and phases."""
    count = 0
    for phase in game.phases:
        for step in range(game.steps):
            link = phase.states.at(step)
            count += int(link.open.sum()) + (int(link.live.sum()) if phase.states.rule.waits else 0)
    return count


def _solve_block(game: Game, worlds: Mapping[str, Floats], draws: int) -> Floats:
    rationality, patience = game.actor_numbers(worlds, draws)
    values = _payments(game, game.final_pool, game.finals, worlds, draws, game.steps)
    for step in range(game.steps - 1, -1, -1):
        if step < game.steps - 1:
            values = values[game.structure.onward]
        values = (
            _payments(game, game.flow_pool, game.flows, worlds, draws, step) + patience.T[None].swapaxes(1, 2) * values
        )
        for phase in reversed(game.phases):
            values = _phase(phase, values, worlds, draws, step, rationality)
    return values[game.structure.start].T


def _payments(game: Game, pool, payments, worlds, draws: int, step: int) -> Floats:  # type: ignore[no-untyped-def]
    rows = pool.evaluate(worlds, draws, step)
    total = np.zeros((len(game.structure.end_codes), len(game.actors), draws))
    for payment in payments:
        total[:, payment.actor] += rows[pool.ids[payment.table]]
    return total


def _phase(
    phase: Phase, values: Floats, worlds: Mapping[str, Floats], draws: int, step: int, rationality: Floats
) -> Floats:
    """Values [states, actors, draws] before a phase; only live states are worked on."""
    link, rows, ids = phase.states.at(step), phase.pool.evaluate(worlds, draws, step), phase.pool.ids
    before = values[link.stay]
    live = np.flatnonzero(link.live)
    follows = values[link.successor[:, live]]
    for branch, actor, table in phase.pays:
        follows[branch, :, actor] += rows[ids[table][live]]
    if phase.mover >= 0:
        worth = np.where(link.open[:, live, None], follows[:, :, phase.mover], -np.inf)
        weight = np.exp(rationality[phase.mover] * (worth - worth.max(axis=0)))
        shares = weight / weight.sum(axis=0)
        wait = None
        if phase.chances:
            wait, choose = (rows[ids[table][live]] for table in phase.chances)
            shares *= choose
    else:
        shares = np.stack([rows[ids[table][live]] for table in phase.chances[:-1]])
        wait = rows[ids[phase.chances[-1]][live]]
    new = np.zeros((len(live), *values.shape[1:]))
    for share, part, is_open in zip(shares, follows, link.open[:, live], strict=True):
        new += np.where(is_open[:, None], share, 0.0)[:, None] * part
    if wait is not None:
        new += wait[:, None] * values[link.stay[live]]
    before[live] = new
    return before
