"""How many draws are solved at once, and how many blocks side by side: by what runs the solver, caches, and memory."""

from __future__ import annotations

from dataclasses import dataclass

from foederis.game.compile import Game
from foederis.game.room import BASE, limit
from foederis.solve.beliefs import NODES, Axes
from foederis.solve.block import room_for_blocks
from foederis.solve.columns import choose_columns
from foederis.solve.cores import cores
from foederis.solve.native.build import has_card, serves
from foederis.solve.native.memory import DRAWS
from foederis.solve.room import bytes_per_draw, fits, sizes_of

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
    """

    per_draw: float
    arrays: float
    filed: float
    game: float
    nodes: int
    native: bool
    searches: bool = False


def plan_memory(demand: Demand, draws: int, block: int | None) -> tuple[int, int]:
    """(draws per block, blocks at one time): smaller blocks where states or beliefs are so many that memory or caches
    demand it, and then fewer at one time; `block` draws if it is given."""
    memory = max(room_for_blocks() / 4, room_for_blocks() - demand.arrays)
    memory = min(memory, max(0.0, limit() - BASE - demand.game - demand.arrays + demand.filed))
    workers = 1 if has_card() else cores()
    if block is not None:
        size = block
    elif demand.native:
        size = DRAWS
        light = min(memory, max(_LIGHT, _MANY * demand.per_draw / demand.nodes))
        while demand.searches and size < min(BLOCK, draws) and 2 * size * demand.per_draw <= memory:
            size *= 2
        while 2 * size * workers <= draws and 2 * size * demand.per_draw <= light:
            size *= 2
    else:
        size = _for_kernels(demand, draws, memory)
    return size, max(1, min(workers, int(memory / max(1, size * demand.per_draw))))


def _for_kernels(demand: Demand, draws: int, memory: float) -> int:
    size, most = BLOCK, _LANES
    if has_card():
        most = _CARD_LANES
        while size < draws and 2 * size * demand.nodes <= most:
            size *= 2
    while size > 1 and (size * demand.nodes > most or size * demand.per_draw > memory):
        size //= 2
    # Small cases are solved in full blocks even for one draw, since kernels for that size are there already.
    while size // 2 >= draws and size * demand.per_draw > _SMALL:
        size //= 2
    return size


def memory_for(game: Game, draws: int, plans: int = 0) -> tuple[float, float]:
    """Bytes that it takes to solve a game, at most and by an estimate, and how many of them may lie in files.

    Args:
        plans: how many courses of play with imposed moves are followed.
    """
    sizes, asking = sizes_of(game), choose_columns(game)
    nodes = Axes(tuple(len(typed.names) for typed in game.roster.typed), NODES[0]).count
    native = serves(game) and fits(game, asking, DRAWS)
    per_draw = bytes_per_draw(sizes, game, asking, plans + (game.seen is not None), nodes, native) + sizes.joints
    demand = Demand(per_draw, sizes.arrays + sizes.edges, sizes.filed, game.bytes, nodes, native, bool(game.joints))
    size, workers = plan_memory(demand, draws, DRAWS if native and game.seen is not None else None)
    workers = min(workers, -(-draws // size))
    kept = 8 * size * nodes * sizes.weights * game.steps
    # Where choices are kept, the values at the ends of steps are not, which are counted per draw.
    kept_less = kept - 8 * size * sizes.width * len(game.actors) * (game.steps + 1 if native else 0)
    blocks = workers * (size * per_draw + (kept_less if kept < room_for_blocks() / (3 * workers) else 0))
    return sizes.fixed - (_JAX if native else 0) + sizes.filed + blocks, sizes.filed
