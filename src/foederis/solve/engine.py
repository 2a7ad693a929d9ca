"""Solves a game for all draws: blocks of draws, each backwards, checked, and forwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from foederis.game.compile import Game
from foederis.game.observed import Seen
from foederis.game.pools import Worlds
from foederis.solve.backward import Askings, Plan
from foederis.solve.beliefs import NODES, Axes
from foederis.solve.block import Watcher
from foederis.solve.device import make_room
from foederis.solve.exact import may_be_exact
from foederis.solve.groups import Ints
from foederis.solve.layout import Layout, lay_out
from foederis.solve.native.memory import DRAWS
from foederis.solve.numbers import Recall, Tables
from foederis.solve.planning import Demand, plan_memory
from foederis.solve.refine import COMPARED, Fineness
from foederis.solve.results import BlockResult, Solution, join
from foederis.solve.room import bytes_per_draw
from foederis.solve.runs import Run, solve_finely, solve_on
from foederis.solve.shelf import Shelf
from foederis.solve.workshop import Workshop, exact_grids

Progress = Callable[[int, int], None]


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
        block: draws solved at once; chosen by memory if None. Does not change answers beyond rounding. The engine in C
            always takes 8 at once, and is not used where blocks are to be smaller.
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
    fineness = Fineness(nodes) if nodes else _fineness(layout)
    few = min(draws, COMPARED)
    first = {name: values[:few] for name, values in worlds.items()}
    if fineness is None and watcher is not None:
        # What looks on may not see blocks that are thrown away.
        fineness = solve_game(game, first, few, layout=layout).fineness

    def begin(nodes: int) -> Run:
        shop = _open_shop(layout, worlds, draws, nodes, tuple(plans), tuple(retold), block, classes, watcher, recall)
        return Run(shop, draws)

    def try_out(nodes: int) -> Run:
        return Run(_open_shop(layout.without_ever(), first, few, nodes), few)

    parts: list[BlockResult] = []

    def note(part: BlockResult) -> None:
        parts.append(part)
        if progress:
            progress(sum(len(each.values) for each in parts), draws)

    if fineness is None:
        run, fineness = solve_finely(begin, try_out, note)
        layout.keep("fineness", dict)["found"] = fineness
    else:
        run = begin(fineness.nodes)
        solve_on(run, note)
    if recall is not None:
        recall.tables = replace(run.shop.tables, earlier=None)
    return replace(join(layout, parts, len(plans), run.shop.size), fineness=fineness)


def _fineness(layout: Layout) -> Fineness | None:
    """How fine the grid of beliefs has to be, where that is known: tried out once for a layout."""
    if not layout.game.roster.typed:
        return Fineness(NODES[0])
    kept: dict[str, Fineness] = layout.keep("fineness", dict)
    return kept.get("found")


def _open_shop(
    layout: Layout,
    worlds: Worlds,
    draws: int,
    nodes: int,
    plans: tuple[Plan, ...] = (),
    retold: tuple[Seen, ...] = (),
    block: int | None = None,
    classes: Ints | None = None,
    watcher: Watcher | None = None,
    recall: Recall | None = None,
) -> Workshop:
    """For arguments see solve_game."""
    askings = Askings(layout)
    axes = Axes(tuple(len(typed.names) for typed in layout.game.roster.typed), nodes)
    others = len(plans) + len(retold) + (layout.game.seen is not None)
    # Blocks are asked to be smaller than the engine's where what looks on takes much memory.
    native = layout.native and (block is None or block >= min(DRAWS, draws))
    native = native and not (layout.game.roster.typed and (watcher is not None or retold))
    per_draw = bytes_per_draw(layout, layout.game, layout.asking, others, axes.count, native)
    per_draw += axes.count * sum(table.bytes_per_draw for table in layout.tables)
    if native and (block is not None or watcher is not None or retold or layout.game.seen is not None):
        block = DRAWS
    searches = bool(layout.tables)
    exact = exact_grids(axes) if axes.types and may_be_exact(layout) else ()
    demand = Demand(per_draw, layout.bytes, layout.filed, layout.game.bytes, axes.count, native, searches, tuple(exact))
    size, workers, grids = plan_memory(demand, draws, block)
    tables = Tables(worlds, draws, layout.game.steps, recall.tables if recall else None)
    shelf = recall.shelf if recall else Shelf()
    return Workshop(layout, askings, tables, plans, retold, size, workers, classes, watcher, axes, native, shelf, grids)
