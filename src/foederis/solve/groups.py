"""Groups of phases on the device: where each branch leads, how likely it is, what it pays; see layout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game
from foederis.game.expand import stays
from foederis.game.packing import stretches
from foederis.game.store import blank
from foederis.solve.lazy import jax, pytree
from foederis.solve.numbers import ONE, ZERO, Stack, bucket

CHUNK = 64
# The first axis, in the arrays of a turn's chances.
CHOOSE, WAIT = 0, 1
Ints = NDArray[np.int32]
# Where a layout's arrays are kept: with JAX, or as they are for the engine in C.
Put = Callable[[Any], Any]


def jax_put(array: Any) -> Any:
    return jax.device_put(array)


def whole(count: int) -> int:
    """Rounded up to whole chunks."""
    return -(-count // CHUNK) * CHUNK


def few_sizes(count: int) -> int:
    """A size with room for this many: 0, 1, 2, 3, 4, 6, 8, 12, 16, 24, …; few, so that few kernels are made."""
    size = 1
    while size < count:
        size *= 2
    return min(least for least in (size * 3 // 4, size) if least >= count) if count else 0


@pytree
@dataclass(frozen=True)
class GroupArrays:
    """What the kernels need of a group; `states` is over the rows of its phases, one phase after the other.

    Attributes:
        successors: int32[branches + 1, states], the row that each branch leads to, staying put last; 0 where the
            branch is not open.
        chances: rows of numbers: for turns int32[2, states], of the probability to choose and to pass; for events
            int32[branches + 1, states], of each outcome and of nothing.
        own: int32[branches, states], rows of what each branch pays the mover; none for events.
        others: int32[payments, states], rows of what is paid to others; `branch` and `actor`, int32[phases,
            payments], say for which branch and to whom.
        mover: int32[phases].
        base: int32, where the decisions of turns begin among the weights; see Layout.
    """

    successors: jax.Array
    chances: jax.Array
    own: jax.Array
    others: jax.Array
    branch: jax.Array
    actor: jax.Array
    mover: jax.Array
    base: jax.Array

    @property
    def branches(self) -> int:
        return self.successors.shape[0] - 1

    @property
    def turns(self) -> bool:
        return self.own.shape[0] > 0

    @property
    def size(self) -> int:
        """How many weights the decisions of a state take."""
        return self.branches + 2 if self.turns else 0


@dataclass(frozen=True)
class Order:
    """The chunks of a group that are reached by a step, in the order of the way back.

    Attributes:
        chunks: int32[chunks, 4]: where a chunk begins in the group's arrays, its first row, its phase in the group,
            how many of its rows are reached.
        count: how many of them count; the rest only fill up the array.
    """

    chunks: jax.Array
    count: int


@dataclass(frozen=True)
class Group:
    """Phases that follow each other, all turns or all events, with about as many branches.

    Attributes:
        phases: their places in the game; starts: where each begins in the arrays; rows: its first row.
        since: per phase the step in which each of its rows is first reached, ascending; states: the state that each of
            them stands for, a place in the phase's codes.
        arrays: by pattern of links; pattern_of_step: which of them holds in a step.
        typed: for a phase that may show a type, the place of its actor among those that have types; see signals.
        joint: the place, among the game's, of the simultaneous move whose turns these are; None for other phases.
        shared: see solve.apart.
    """

    turns: bool
    phases: tuple[int, ...]
    starts: tuple[int, ...]
    rows: tuple[int, ...]
    since: tuple[Ints, ...]
    states: tuple[Ints, ...]
    arrays: tuple[Any, ...]
    pattern_of_step: tuple[int, ...]
    length: int
    typed: int = -1
    joint: int | None = None
    shared: tuple[jax.Array, ...] = ()
    put: Put = jax_put
    _orders: dict[int, Order] = field(default_factory=dict)
    _alike: dict[tuple[int, ...], Order] = field(default_factory=dict)

    @property
    def width(self) -> int:
        return self.arrays[0].branches

    def at(self, step: int) -> Any:
        """Its GroupArrays in a step, or SignalArrays where `typed` is set."""
        return self.arrays[self.pattern_of_step[step]]

    def order(self, step: int) -> Order:
        if step not in self._orders:
            reached = tuple(int(np.searchsorted(since, step, side="right")) for since in self.since)
            if reached not in self._alike:
                self._alike[reached] = self._order(reached)
            self._orders[step] = self._alike[reached]
        return self._orders[step]

    def _order(self, reached: tuple[int, ...]) -> Order:
        found = np.zeros((self.length // CHUNK, 4), dtype=np.int32)
        count = 0
        for place in reversed(range(len(self.phases))):
            for chunk in range(0, reached[place], CHUNK):
                left = min(CHUNK, reached[place] - chunk)
                found[count] = self.starts[place] + chunk, self.rows[place] + chunk, place, left
                count += 1
        return Order(self.put(found), count)


def kinds_of(game: Game) -> list[tuple[int, ...]]:
    """The phases of each group. The turns of a simultaneous move are a group of their own."""
    found: list[list[int]] = []
    kinds: list[tuple[object, ...]] = [
        (phase.mover >= 0, _width(len(phase.branches)), place if phase.signal else -1)
        for place, phase in enumerate(game.phases)
    ]
    for number, joint in enumerate(game.joints):
        for place in joint.turns:
            kinds[place] = ("together", number)
    for place, kind in enumerate(kinds):
        if found and kinds[found[-1][-1]] == kind:
            found[-1].append(place)
        else:
            found.append([place])
    return [tuple(places) for places in found]


def _width(branches: int) -> int:
    """How many branches a kernel is made for that serves this many."""
    return max(1, few_sizes(branches))


def width_of(game: Game, places: Sequence[int]) -> int:
    """How many branches the arrays of a group have room for."""
    return _width(max(len(game.phases[k].branches) for k in places))


def make_group(
    game: Game,
    places: tuple[int, ...],
    chosen: Sequence[Ints],
    rows: NDArray[np.int64],
    targets: Sequence[Ints],
    numbers: Stack,
    base: int,
    put: Put,
) -> Group:
    sizes = [whole(len(chosen[k])) for k in places]
    starts = np.cumsum([0, *sizes])
    length = bucket(int(starts[-1]), CHUNK)
    turns = game.phases[places[0]].mover >= 0
    width = width_of(game, places)
    joint = next((number for number, joint in enumerate(game.joints) if joint.turns == places), None)
    paid = [[pay for pay in game.phases[k].pays if pay[1] != game.phases[k].mover] for k in places]
    most = max(map(len, paid))
    payments = few_sizes(most)
    patterns: dict[tuple[int, ...], int] = {}
    of_step = [
        patterns.setdefault(tuple(game.phases[k].states.link_of_step[step] for k in places), len(patterns))
        for step in range(game.steps)
    ]
    arrays = []
    for pattern in patterns:
        columns = [blank((height, length)) for height in heights(turns, width, payments)]
        for k, start, link in zip(places, starts, pattern, strict=False):
            stop = start + len(chosen[k])
            _fill_phase(game, k, chosen[k], link, targets[k + 1], numbers, [part[:, start:stop] for part in columns])
        slots = np.zeros((2, bucket(len(places), 1), payments), dtype=np.int32)
        for place, pays in enumerate(paid):
            for slot, (branch, actor, _) in enumerate(pays):
                slots[:, place, slot] = branch, actor
        movers = np.zeros(slots.shape[1], dtype=np.int32)
        movers[: len(places)] = [game.phases[k].mover for k in places]
        made = (*columns, slots[0], slots[1], movers, np.int32(base))
        arrays.append(GroupArrays(*map(put, made)))
    since = tuple(game.structure.phases[k].since[chosen[k]] for k in places)
    first = tuple(int(rows[k]) for k in places)
    states = tuple(chosen[k] for k in places)
    begins = tuple(map(int, starts[:-1]))
    rows_of = begins, first, since, states
    return Group(turns, places, *rows_of, tuple(arrays), tuple(of_step), length, joint=joint, put=put)


def heights(turns: bool, width: int, payments: int) -> tuple[int, int, int, int]:
    """How many rows the arrays of a group have that are over its states."""
    return (width + 1, 2, width, payments) if turns else (width + 1, width + 1, 0, payments)


def _fill_phase(
    game: Game, k: int, chosen: Ints, pattern: int, following: Ints, numbers: Stack, parts: Sequence[Ints]
) -> None:
    """Fills what is there of a phase in the arrays of its group, over its live states; a stretch at a time."""
    phase = game.phases[k]
    link, turn = phase.states.links[pattern], phase.mover >= 0
    for here in stretches(len(chosen)):
        states = chosen[here]
        opened, live = link.open[:, states], link.live[states]
        passes = stays(phase.states.rule, live, list(opened))
        successors, chances, own, others = (part[:, here] for part in parts)
        successors[: len(opened)] = np.where(opened, following[link.successor[:, states]], 0)
        successors[-1] = np.where(passes, following[link.stay[states]], 0)
        slot = 0
        for branch, actor, table in phase.pays:
            ids = np.where(opened[branch], numbers.ids_at(k, table, states), ZERO)
            if actor == phase.mover:
                own[branch] = ids
            else:
                others[slot] = ids
                slot += 1
        tables = [numbers.ids_at(k, table, states) for table in phase.chances]
        if turn:
            wait, choose = tables or (ZERO, ONE)
            chances[CHOOSE], chances[WAIT] = np.where(live, choose, ZERO), np.where(live, wait, ONE)
            continue
        for row, (ids, is_open) in enumerate(zip(tables, opened, strict=False)):
            chances[row] = np.where(is_open, ids, ZERO)
        chances[-1] = np.where(live, np.where(passes, tables[-1], ZERO), ONE)
