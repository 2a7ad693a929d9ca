"""How many draws are solved at once, and how many blocks side by side: by what runs the solver, caches, and memory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from foederis.game.compile import Game
from foederis.game.room import BASE, limit
from foederis.solve.beliefs import NODES, Axes
from foederis.solve.block import room_for_blocks
from foederis.solve.columns import choose_columns
from foederis.solve.cores import cores
from foederis.solve.exact import MOST_LANES, is_short
from foederis.solve.native.build import has_card, serves
from foederis.solve.native.memory import DRAWS
from foederis.solve.room import bytes_per_draw, fits, sizes_of
from foederis.solve.workshop import exact_grids

BLOCK = 32
_JAX = 0.3e9  # bytes that JAX and its kernels take, of game.room.BASE
_LANES = 128  # in a block, above which fewer draws are solved at once
# On a graphics card one large block is faster than many small ones, and several at a time would wait for each other.
_CARD_LANES = 4096
_SMALL = 5.0e8  # bytes; a block that takes less is not cut down to the few draws that are asked for
_MANY = 32  # lanes per block of the engine in C, so that Python's share is small; a power of two, as all sizes are
_LIGHT = 32e6  # bytes; blocks of small games have as many draws as take so much


@dataclass(frozen=True)
class Demand:
    """What a solve takes.

    Attributes:
        per_draw: bytes that a block takes for each draw; arrays: that those of the layout take, and game: the game;
            filed: how many of these lie in files.
        nodes: of the grid of beliefs, for each draw.
        native: whether the engine in C does it, which takes 8 draws at once; searches: whether some simultaneous moves
            are solved from other starts, so many in every block: how many must not depend on the number of cores.
        exact: nodes of the grids on which it is tried to follow all beliefs exactly, ascending. What a block works in
            on one of them is kept for the next block while others are tried.
    """

    per_draw: float
    arrays: float
    filed: float
    game: float
    nodes: int
    native: bool
    searches: bool = False
    exact: tuple[int, ...] = ()

    def grids(self, size: int, memory: float = math.inf) -> int:
        """How many of the exact grids a block of so many draws tries. Where it is the engine in C's, that may depend on
        its size only by memory: blocks have other sizes on other machines, and answers should be the same."""
        lanes = [nodes * (DRAWS if self.native else size) for nodes in self.exact]
        most = sum(count <= MOST_LANES for count in lanes)
        return max(found for found in range(most + 1) if not found or self.bytes_of(size, found) <= memory)

    def bytes_of(self, size: int, grids: int | None = None) -> float:
        """What a block of so many draws takes, with so many exact grids; with all that it tries if None."""
        tried = self.exact[: self.grids(size) if grids is None else grids]
        return size * self.per_draw * (self.nodes + sum(tried)) / self.nodes


class Sharing(NamedTuple):
    """How a solve is shared out.

    Attributes:
        size: draws per block; workers: blocks at one time; grids: exact grids that are tried, see Demand.
    """

    size: int
    workers: int
    grids: int


def plan_memory(demand: Demand, draws: int, block: int | None) -> Sharing:
    """Smaller blocks where states or beliefs are so many that memory or caches demand it, then fewer at one time, and
    then fewer exact grids; `block` draws if it is given."""
    memory = max(room_for_blocks() / 4, room_for_blocks() - demand.arrays)
    memory = min(memory, max(0.0, limit() - BASE - demand.game - demand.arrays + demand.filed))
    workers = 1 if has_card() else cores()
    if block is not None:
        size = block
    elif demand.native:
        size = DRAWS
        light = max(_LIGHT, _MANY * demand.per_draw / demand.nodes)
        while demand.searches and size < min(BLOCK, draws) and demand.bytes_of(2 * size) <= memory:
            size *= 2
        while (
            2 * size * workers <= draws and 2 * size * demand.per_draw <= light and demand.bytes_of(2 * size) <= memory
        ):
            size *= 2
    else:
        size = _for_kernels(demand, draws, memory)
    grids = demand.grids(size, memory)
    return Sharing(size, max(1, min(workers, int(memory / max(1, demand.bytes_of(size, grids))))), grids)


def _for_kernels(demand: Demand, draws: int, memory: float) -> int:
    size, most = BLOCK, _LANES
    if has_card():
        most = _CARD_LANES
        while size < draws and 2 * size * demand.nodes <= most:
            size *= 2
    while size > 1 and size * demand.nodes > most:
        size //= 2
    size = _fitting(demand, size, memory)
    # Small cases are solved in full blocks even for one draw, since kernels for that size are there already.
    while size // 2 >= draws and size * demand.per_draw > _SMALL:
        size //= 2
    return size


def _fitting(demand: Demand, size: int, memory: float) -> int:
    """The largest block, of so many draws at most, that fits with as many exact grids as any does. One of fewer draws
    may try finer grids, and then take as much."""
    sizes = [size >> places for places in range(size.bit_length())]
    for grids in range(len(demand.exact), -1, -1):
        for part in sizes:
            if demand.bytes_of(part, min(grids, demand.grids(part))) <= memory:
                return part
    return 1


def memory_for(game: Game, draws: int, plans: int = 0) -> tuple[float, float]:
    """Bytes that it takes to solve a game, at most and by an estimate, and how many of them may lie in files.

    Args:
        plans: how many courses of play with imposed moves are followed.
    """
    sizes, asking = sizes_of(game), choose_columns(game)
    axes = Axes(tuple(len(typed.names) for typed in game.roster.typed), NODES[0])
    nodes = axes.count
    native = serves(game) and fits(game, asking, DRAWS)
    per_draw = bytes_per_draw(sizes, game, asking, plans + (game.seen is not None), nodes, native)
    per_draw += nodes * sizes.joints
    exact = tuple(exact_grids(axes)) if axes.types and is_short(sizes.longest) else ()
    arrays = sizes.arrays + sizes.edges
    demand = Demand(per_draw, arrays, sizes.filed, game.bytes, nodes, native, bool(game.joints), exact)
    size, workers, grids = plan_memory(demand, draws, DRAWS if native and game.seen is not None else None)
    workers = min(workers, -(-draws // size))
    blocks = workers * demand.bytes_of(size, grids)
    for lanes in (size * count for count in (nodes, *exact[:grids])):
        kept = 8 * lanes * sizes.weights * game.steps
        if kept < room_for_blocks() / (3 * workers * (1 + grids)):
            # Where choices are kept, the values at the ends of steps are not, which are counted per draw.
            ends = 8 * lanes * sizes.width * len(game.actors) * (game.steps + 1 if native else 0)
            blocks += workers * (kept - ends)
    return sizes.fixed - (_JAX if native else 0) + sizes.filed + blocks, sizes.filed
