"""Solves a game for all draws: blocks of draws, each backwards, checked, and forwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from foederis.game.compile import Game
from foederis.game.observed import Seen
from foederis.game.pools import Worlds
from foederis.solve.backward import Asking, Plan
from foederis.solve.beliefs import NODES, Axes
from foederis.solve.block import MEMORY, Watcher
from foederis.solve.device import make_room
from foederis.solve.exact import may_be_exact
from foederis.solve.groups import Ints
from foederis.solve.layout import Layout, lay_out
from foederis.solve.numbers import Recall, Tables
from foederis.solve.refine import COMPARED, Fineness, choose_fineness
from foederis.solve.results import BlockResult, Solution, join
from foederis.solve.workshop import Workshop

Progress = Callable[[int, int], None]


BLOCK = 32
_LANES = 128  # in a block, above which fewer draws are solved at once
_SMALL = 5.0e8  # bytes; a block that takes less is not cut down to the few draws that are asked for


def solve_game(
    game: Game,
    worlds: Worlds,
    draws: int,
    *,
    plans: Sequence[Plan] = (),
    block: int | None = None,
    progress: Progress | None = None,
    layout: Layout | None = None,
    classes: Ints | None = None,
    watcher: Watcher | None = None,
    nodes: int | None = None,
    retold: Sequence[Seen] = (),
    recall: Recall | None = None,
) -> Solution:
    """Solves every draw; given what was seen, if anything was.

    Args:
        worlds: {quantity: float64[draws]}.
        plans: imposed moves; strategies stay those of the game without them.
        retold: other accounts of what was seen, of the same phases at most: what play is given each of them.
        block: draws solved at once; chosen by memory if None. Does not change answers beyond rounding.
        progress: called with (draws done, draws in all).
        layout: of this game, if it was laid out before.
        classes: int32[states at the end of a step], sorts the final states: how likely each class is will be told.
        watcher: makes what looks on while a block is solved.
        nodes: of the grid of beliefs, for each coordinate of the belief about an actor that has types; tried out if
            None.
        recall: from one solve of this layout to the next.
    Raises:
        CaseError: an impossible number in some draw.
    """
    make_room()
    layout = layout or lay_out(game)
    fineness = Fineness(nodes) if nodes else _fineness(game, worlds, draws, layout)
    askings = [Asking(layout, profile) for profile in range(layout.profiles)]
    axes = Axes(tuple(len(typed.names) for typed in game.roster.typed), fineness.nodes)
    others = len(plans) + len(retold) + (game.seen is not None)
    size, workers = _plan_memory(layout, askings[0], axes, others, draws, block)
    firsts = range(0, draws, size)
    tables = Tables(worlds, draws, game.steps, recall.tables if recall else None)
    shop = Workshop(layout, askings, tables, tuple(plans), tuple(retold), size, workers, classes, watcher, axes)

    def solve_block(first: int) -> BlockResult:
        return shop.solve(np.minimum(np.arange(first, first + size), draws - 1), draws - first)

    parts: list[BlockResult] = []

    def note(part: BlockResult) -> None:
        parts.append(part)
        if progress:
            progress(min(len(parts) * size, draws), draws)

    shop.decide()
    _solve_together(solve_block, firsts, workers, note)
    if recall is not None:
        recall.tables = replace(tables, earlier=None)
    return replace(join(layout, parts, len(plans), size), fineness=fineness)


def _fineness(game: Game, worlds: Worlds, draws: int, layout: Layout) -> Fineness:
    """How fine the grid of beliefs has to be: tried out in the first few worlds, once for a layout."""
    if not game.roster.typed:
        return Fineness(NODES[0])
    few = min(draws, COMPARED)
    first = {name: values[:few] for name, values in worlds.items()}

    def try_out() -> Fineness:
        short = may_be_exact(layout)
        return choose_fineness(lambda nodes: solve_game(game, first, few, layout=layout, nodes=nodes), short)

    found: Fineness = layout.keep("fineness", try_out)
    return found


def _solve_together(
    solve_block: Callable[[int], BlockResult], firsts: Sequence[int], workers: int, note: Callable[[BlockResult], None]
) -> None:
    """Solves the blocks that begin at these draws, several at one time, and notes each in its turn."""
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for part in pool.map(solve_block, firsts):
                note(part)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _plan_memory(
    layout: Layout, asking: Asking, axes: Axes, plans: int, draws: int, block: int | None
) -> tuple[int, int]:
    """(draws per block, blocks at one time): blocks of at most 32 draws (more leaves the caches), smaller ones
    where states or beliefs are so many that memory or caches demand it, and then fewer at one time."""
    firsts, profiles = sum(ask.form == "first" for ask in layout.game.asked.questions), layout.profiles
    rows = layout.actors + asking.width * (1 + plans) * profiles
    per_lane = layout.height * rows + layout.tall * (1 + firsts) * (profiles * (1 + plans) + (profiles > 1))
    per_lane += layout.weights * (2 + plans)
    per_lane += layout.ends.width * (layout.actors * (layout.game.steps + 3) + 2 * asking.width)
    if layout.game.seen:  # how likely what was seen is, from every row on, and from the end of each step
        per_lane += plans * profiles * (layout.height + layout.ends.width * (layout.game.seen.last + 1))
        per_lane += layout.weights * 2 * (profiles > 1)
    per_draw = 8 * per_lane * axes.count
    per_draw += sum(table.bytes_per_draw for table in layout.tables)
    memory = max(MEMORY / 4, MEMORY - layout.bytes)
    size = block or BLOCK
    while block is None and size > 1 and size * axes.count > _LANES:
        size //= 2
    while block is None and size > 1 and size * per_draw > memory:
        size //= 2
    # Small cases are solved in full blocks even for one draw, since kernels for that size are there already.
    while block is None and size // 2 >= draws and size * per_draw > _SMALL:
        size //= 2
    return size, max(1, min(os.cpu_count() or 1, int(memory / max(1, size * per_draw))))
