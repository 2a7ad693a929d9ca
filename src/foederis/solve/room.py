"""How much memory a solve takes, by an estimate made before anything large is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from foederis.game import room, store
from foederis.game.alike import deciding
from foederis.game.compile import Game
from foederis.solve.beliefs import NODES, Axes
from foederis.solve.columns import Columns
from foederis.solve.groups import CHUNK, few_sizes, heights, kinds_of, whole, width_of
from foederis.solve.numbers import bucket, padded
from foederis.solve.signals import FOUND
from foederis.solve.together import table_bytes

_GAPS = 1.2  # of the slots for edges to the edges themselves: a chunk has as many as the row that most lead into
_TELLS = 16  # bytes for each row, of what says which state it stands for and since when


class Measures(Protocol):
    """What of a layout decides how much memory a block of draws takes; see layout.Layout."""

    @property
    def height(self) -> int: ...
    @property
    def tall(self) -> int: ...
    @property
    def weights(self) -> int: ...
    @property
    def width(self) -> int: ...


@dataclass(frozen=True)
class Sizes:
    """The measures of a layout that is not made yet, if no two states have the same future.

    Attributes:
        width: states at the end of a step, padded; the others as in layout.Layout.
        arrays: bytes of the arrays of groups and of the end of a step; edges: of the edges of a step turned round.
        game: bytes of the game itself; joints: bytes that simultaneous moves take for each draw.
        filed: of all these bytes those in files; see game.store.
        longest: rows of the phases that may show a type, at most.
    """

    height: int
    tall: int
    weights: int
    width: int
    arrays: int
    edges: float
    game: int
    joints: int
    filed: float
    longest: int

    @property
    def fixed(self) -> float:
        """Bytes of memory that do not depend on how many draws are solved at once, without what lies in files."""
        return room.BASE + self.game + self.arrays + self.edges - self.filed


def bytes_per_draw(sizes: Measures, game: Game, asking: Columns, others: int, nodes: int, native: bool = False) -> int:
    """What a block takes for each of its draws.

    Args:
        others: courses of play that are followed beside the one that everybody chooses; nodes: of the grid of beliefs.
        native: whether the engine in C does it, which works in place where kernels fill new arrays.
    """
    columns, profiles, steps = few_sizes(len(asking.columns)), len(game.asked.profiles), game.steps
    shared = few_sizes(len(asking.shared)) if asking.shared else 0
    asked, actors = profiles * columns + shared, len(game.actors)
    firsts = sum(ask.form == "first" for ask in game.asked.questions)
    per_lane = sizes.height * (actors + asked + columns * others * profiles)
    per_lane += sizes.tall * (1 + firsts) * (profiles * (1 + others) + (profiles > 1))
    per_lane += sizes.weights * ((1 if native else 2) + others)
    # Where choices are not kept, the values at the end of every step are.
    per_lane += sizes.width * (actors * (steps + 3) + (0 if native else 2 * asked))
    if game.seen:  # how likely what was seen is, from every row on, and from the end of each step
        per_lane += others * profiles * (sizes.height + sizes.width * (game.seen.last + 1))
        per_lane += sizes.weights * 2 * (profiles > 1)
    return 8 * per_lane * nodes


def sizes_of(game: Game) -> Sizes:
    """What a layout of this game measures, at most."""
    structure, seen = game.structure, game.seen.phases if game.seen else frozenset()
    here = [deciding(phase, place in seen).astype(np.int32) for place, phase in enumerate(game.phases)]
    rows = sum(whole(len(part)) for part in here)
    width = padded(len(structure.end_codes))
    numbers = bucket(2 + sum(phase.pool.size for phase in game.phases))
    height = bucket(CHUNK + rows + 2 * width, CHUNK)
    weights, tall, arrays, filed, longest = numbers, height, 0, [0.0], 0
    for places in kinds_of(game):
        group = _group(game, places, [len(here[k]) for k in places])
        weights, tall, arrays = weights + group.weights, tall + group.landing, arrays + sum(group.arrays)
        filed += group.arrays
        longest = max(longest, group.length if game.phases[places[0]].signal else 0)
    ends = 3 + len(game.packing.strides) + len(game.asked.pool.ids)
    ends += bucket(len(game.flows), 4) + bucket(len(game.finals), 4)
    arrays += 4 * width * ends + _TELLS * (rows + width) + 4 * sum(structure.states_per_phase)
    edges = width + sum(_edges(game, k, part) for k, part in enumerate(here))
    joints = 0
    for joint in game.joints:
        options = [len(game.phases[k].branches) for k in joint.turns]
        length, most = bucket(len(here[joint.turns[0]]), CHUNK), max(options)
        joints += table_bytes(length, len(options), most)
        arrays += 4 * length * (math.prod(count + 1 for count in options) + len(options) * (most + 2))
    turned = 4 * _GAPS * edges
    filed += [turned, turned, *(size for phase in structure.phases for link in phase.links for size in link.filed)]
    tall = bucket(tall, CHUNK)
    return Sizes(height, tall, weights, width, arrays, 2 * turned, game.bytes, joints, store.filed(*filed), longest)


@dataclass(frozen=True)
class _Group:
    length: int
    weights: int
    landing: int
    arrays: list[int]


def _group(game: Game, places: tuple[int, ...], states: Sequence[int]) -> _Group:
    """See groups.make_group and signals.make_signal_group."""
    length = bucket(sum(map(whole, states)), CHUNK)
    phases = [game.phases[k] for k in places]
    width, signal, turns = width_of(game, places), phases[0].signal, phases[0].mover >= 0
    patterns = len({tuple(phase.states.link_of_step[step] for phase in phases) for step in range(game.steps)})
    if signal is None:
        paid = few_sizes(max(sum(pay[1] != phase.mover for pay in phase.pays) for phase in phases))
        tables = [*heights(turns, width, paid)]
        size, landing, apart = width + 2 if turns else 0, 0, width + 1
    else:
        types = len(game.roster.typed[signal.typed].names)
        chances = 2 if turns else types * (width + 1)
        tables = [width + 1, chances, types * width, types * width, types * few_sizes(len(signal.others))]
        size, landing = types * (2 * width + 2) + FOUND if turns else 0, length * (width + 1)
        apart = chances
    if game.seen and not turns:  # see solve.apart
        size, tables = apart, [*tables, apart, apart]
    return _Group(length, length * size, landing, [4 * length * height for height in tables] * patterns)


def _edges(game: Game, place: int, here: np.ndarray) -> int:
    """How many edges lead out of the rows of a phase, in the first step's links."""
    states = game.structure.phases[place]
    link = states.links[0]
    found = sum(int(np.count_nonzero(is_open[here])) for is_open in link.open)
    if states.rule.waits:
        return found + len(here)
    return found + int(np.count_nonzero(~link.live[here]))


def fits(game: Game, asking: Columns, draws: int) -> bool:
    """Whether a block of so many draws would find room, by an estimate; on the coarsest grid of beliefs."""
    nodes = Axes(tuple(len(typed.names) for typed in game.roster.typed), NODES[0]).count
    if nodes * sum(game.structure.states_per_phase) < room.FEW:
        return True
    sizes = sizes_of(game)
    return sizes.fixed + draws * bytes_per_draw(sizes, game, asking, 0, nodes) < room.limit()


def must_fit(game: Game, asking: Columns) -> None:
    """Looks before a game is laid out whether it can be solved at all.

    Raises:
        CaseError: F411 if not even one world could be solved in the memory that there is.
    """
    if sum(game.structure.states_per_phase) < room.FEW:
        return
    sizes = sizes_of(game)
    needed = sizes.fixed + bytes_per_draw(sizes, game, asking, 0, 1)
    largest = max([*(phase.states.codes for phase in game.phases), game.structure.end_codes], key=len)
    room.must_fit(needed, "solving it, even one world after the other,", [(game.packing, largest)])
