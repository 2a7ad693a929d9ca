"""A game's index arrays on the device: a row for every decision and event, in the order of play.

Each phase has a row for every state in which it is ever live (one for several whose futures are the same, see
game.alike), and the end of a step has one for every state. A
branch leads straight to the row of the next phase that is live in the state it leads to, so that no row stands for
a state that only passes through, nor for an event that is certain and pays nothing. The rows of a phase lie
together, those reached earliest first, in whole chunks; row 0 is a sink that nothing is in. After the rows of a step
come, on the way forward, those of the end of the step before.

Phases of one kind that follow each other form a group, which one kernel walks through chunk by chunk. How many
chunks it walks is an argument, so games of like size share compiled kernels.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.game.alike import reach, stand_ins
from foederis.game.compile import Game
from foederis.game.expand import stays
from foederis.game.payoffs import Payment
from foederis.game.store import filed
from foederis.solve import room
from foederis.solve.apart import set_apart
from foederis.solve.columns import Column, Columns, choose_columns
from foederis.solve.groups import CHUNK, Group, Ints, Put, jax_put, kinds_of, make_group, whole
from foederis.solve.inflow import Inflow, turn_round
from foederis.solve.lazy import jax
from foederis.solve.native.build import serves
from foederis.solve.native.memory import DRAWS, Held, hold
from foederis.solve.numbers import ZERO, Stack, bucket, padded
from foederis.solve.signals import make_signal_group
from foederis.solve.together import Table, make_table

_INFLOW_BYTES = 200_000_000  # above this the edges of one step make room for those of another


@dataclass(frozen=True)
class Ends:
    """The states at the end of a step, those reached earliest first.

    Attributes:
        row: the first of their rows; width: how many there are, padded.
        states: int32[rows], the state that each of their rows stands for, a place in the game's `end_codes`.
        onward: int32[states], the row at which the next step begins there; before: the first of the rows of the
            end of the step before.
        flow_ids, final_ids: int32[payments, states], rows of `flows` and `finals`; *_actors: int32[payments], whom
            they go to; *_count: how many there are, the rest only fill up the arrays.
        asked_ids: int32[tables, states], rows of `asked`.
        levels: int32[variables, states], the level of every changing variable, numbered one variable after the other.
    """

    row: int
    width: int
    since: Ints
    states: Ints
    onward: jax.Array
    flows: Stack
    flow_ids: jax.Array
    flow_actors: jax.Array
    flow_count: int
    finals: Stack
    final_ids: jax.Array
    final_actors: jax.Array
    final_count: int
    asked: Stack
    asked_ids: Ints
    levels: jax.Array

    @property
    def count(self) -> int:
        """How many states there are."""
        return len(self.since)

    @property
    def before(self) -> int:
        return self.row + self.width

    def reached(self, step: int) -> int:
        return int(np.searchsorted(self.since, step, side="right"))


@dataclass(frozen=True)
class Stretch:
    """Chunks of rows in the order of play, up to a group that may show a type (None: the last, up to the step's end).

    Attributes:
        chunks: int32[...], of which `count` count.
    """

    chunks: jax.Array
    count: int
    group: Group | None

    @cached_property
    def held(self) -> Held:
        """For the engine in C."""
        return hold(self.chunks)


@dataclass(frozen=True)
class Layout:
    """Everything about a game that does not change between blocks of draws.

    The weights of a step are one table, float64[weights, draws]: the game's numbers, then the decisions of each group
    of turns; these have for each state a row for every branch (its share, that of staying put last) and one for what
    the mover loses to its errors.

    Attributes:
        height: the number of rows, padded; start: the row in which play begins.
        tall: the same with the rows in which play arrives out of phases that may show a type.
        weights: the number of weights.
        rowed: int32[rows] for each phase: its states that have rows, in the order of the rows; stand: int32[states],
            see game.alike.
        tables: the simultaneous moves.
    """

    game: Game
    height: int
    tall: int
    start: int
    groups: tuple[Group, ...]
    numbers: Stack
    ends: Ends
    asking: Columns
    level_names: tuple[str, ...]
    weights: int
    rowed: tuple[Ints, ...]
    stand: tuple[Ints, ...]
    tables: tuple[Table, ...] = ()
    put: Put = jax_put
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def keep(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was made under this key before, or is made now: small arrays that every block needs."""
        found = self._kept.get(key, self)
        if found is self:
            # Of several threads that make it, all use what the first has kept: others may only know where it lies.
            found = self._kept.setdefault(key, make())
        return found

    @property
    def bytes(self) -> int:
        """The memory that the arrays of groups take, and the edges turned round, of which few are kept."""
        return sum(self._arrays)

    @property
    def filed(self) -> float:
        """How much of that, and of the game, lies in files; see game.store."""
        links = [link for phase in self.game.structure.phases for link in phase.links]
        return filed(*self._arrays, *(size for link in links for size in link.filed))

    @property
    def _arrays(self) -> list[int]:
        patterns = [arrays for group in self.groups for arrays in (*group.arrays, group.arrays[0], group.arrays[0])]
        return _sizes([patterns, [table.arrays for table in self.tables]])

    def inflow(self, step: int) -> Inflow:
        """The edges of a step turned round."""
        pattern = tuple(group.pattern_of_step[step] for group in self.groups)
        return self.keep(("inflow", pattern), lambda: self._inflow(step))

    def _inflow(self, step: int) -> Inflow:
        kept = {key: found for key, found in list(self._kept.items()) if isinstance(found, Inflow)}
        if sum(found.sources.nbytes for found in kept.values()) > _INFLOW_BYTES:
            for key in kept:
                self._kept.pop(key, None)
        ends = self.ends
        onward = np.asarray(ends.onward)[: len(ends.since)]
        return turn_round(self.groups, step, self.start, onward, ends.before, self.tall, self.put)

    def stretches(self, step: int) -> list[Stretch]:
        """The rows that play can be in during a step, in the order of play."""
        return self.keep(("reached", step), lambda: _stretches(self, step))

    def asked_rows(self, tables: tuple[int, ...]) -> jax.Array:
        """int32[tables, states at the end of a step]"""
        return self.keep(("asked", tables), lambda: self.put(self.ends.asked_ids[list(tables)]))

    def without_ever(self) -> Layout:
        """The same where it is not asked whether each option is ever taken."""
        return self.keep("without ever", lambda: replace(self, asking=choose_columns(self.game, False), _kept={}))

    @property
    def width(self) -> int:
        """The number of rows of the end of a step, padded."""
        return self.ends.width

    @property
    def native(self) -> bool:
        """Whether its arrays are for the engine in C."""
        return self.put is not jax_put

    @property
    def actors(self) -> int:
        return len(self.game.actors)

    @cached_property
    def level_count(self) -> int:
        """The levels of all changing variables."""
        return sum(len(self.game.packing.variables[name].levels) for name in self.level_names)

    @property
    def profiles(self) -> int:
        """How many combinations of types there are; 1 where nobody has any."""
        return len(self.game.asked.profiles)

    def type_in(self, profile: int, typed: int) -> int:
        """The place of an actor's type in a profile, the actor given by its place among those that have types."""
        mine = self.game.roster.typed[typed]
        return mine.names.index(self.game.asked.profiles[profile][mine.actor])

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.asking.columns

    def place(self, phase: int) -> tuple[int, int]:
        """A phase's group, and its place in the group."""
        return next((g, group.phases.index(phase)) for g, group in enumerate(self.groups) if phase in group.phases)


def _sizes(value: Any) -> list[int]:
    """The bytes of all arrays in it."""
    if is_dataclass(value):
        return [size for part in fields(value) for size in _sizes(getattr(value, part.name))]
    if isinstance(value, tuple | list):
        return [size for part in value for size in _sizes(part)]
    return [int(value.nbytes)] if hasattr(value, "nbytes") else []


def _as_they_are(array: Any) -> Any:
    return np.asarray(array)


def lay_out(game: Game, *, ever: bool = True) -> Layout:
    """`ever`: whether each option's probability of ever being taken is asked for beside the questions.

    Raises:
        CaseError: F411 if there is too little memory.
    """
    structure, asking = game.structure, choose_columns(game, ever)
    room.must_fit(game, asking)
    put = _as_they_are if serves(game) and room.fits(game, asking, DRAWS) else jax_put
    stand = stand_ins(game)
    chosen = [np.flatnonzero(states == np.arange(len(states), dtype=np.int32)).astype(np.int32) for states in stand]
    order = np.arange(len(structure.end_codes), dtype=np.int32)
    # A first numbering tells how many edges lead into each row; the second puts rows of like number together.
    degrees = [np.zeros(len(part), dtype=np.int32) for part in (*chosen, order)]
    for numbering in (1, 2):
        chosen = [c[np.lexsort((d, s.since[c]))] for c, d, s in zip(chosen, degrees, structure.phases, strict=False)]
        order = order[np.lexsort((degrees[-1], structure.end_since[order]))]
        rows = np.cumsum([CHUNK, *(whole(len(part)) for part in chosen)])
        targets = _targets(game, stand, chosen, rows, order)
        if numbering == 1:
            degrees = _degrees(game, chosen, targets, rows, len(order))
    width = padded(len(order))
    numbers = Stack([phase.pool for phase in game.phases])
    height = bucket(int(rows[-1]) + 2 * width, CHUNK)
    weights, groups, tall = numbers.height, [], height
    for places in kinds_of(game):
        k = places[0]
        if game.phases[k].signal:
            group = make_signal_group(game, k, chosen[k], int(rows[k]), targets[k + 1], numbers, weights, tall)
            tall += group.length * (group.width + 1)
        else:
            group = make_group(game, places, chosen, rows, targets, numbers, weights, put)
        weights += group.length * group.arrays[0].size
        if game.seen:
            group, more = set_apart(group, weights)
            weights += more
        groups.append(group)
    names = tuple(name for name, stride in game.packing.strides.items() if stride is not None)
    start = int(targets[0][structure.start])
    ends = _ends(game, order, int(rows[-1]), width, targets[0], names, put)
    joint = sorted((g.joint, place) for place, g in enumerate(groups) if g.joint is not None)
    tables = tuple(make_table(game, number, groups[place], targets, numbers) for number, place in joint)
    high = bucket(tall, CHUNK)
    return Layout(
        game,
        height,
        high,
        start,
        tuple(groups),
        numbers,
        ends,
        asking,
        names,
        weights,
        tuple(chosen),
        tuple(stand),
        tables,
        put,
    )


def _degrees(
    game: Game, chosen: Sequence[Ints], targets: Sequence[Ints], rows: NDArray[np.int64], ends: int
) -> list[Ints]:
    """For each phase, and the end of a step, how many edges lead into each of its rows in the first step's links."""
    found = np.zeros(int(rows[-1]) + ends, dtype=np.int32)

    def count(into: Ints) -> None:
        if len(into):
            least = int(into.min())
            counts = np.bincount(into - np.int32(least))
            found[least : least + len(counts)] += counts.astype(np.int32)

    for states, places, following in zip(game.structure.phases, chosen, targets[1:], strict=True):
        link = states.links[0]
        opened = link.open[:, places]
        for successor, is_open in zip(link.successor, opened, strict=True):
            count(following[successor[places[is_open]]])
        count(following[link.stay[places[stays(states.rule, link.live[places], list(opened))]]])
    sizes = [*map(len, chosen), ends]
    return [found[row : row + size] for row, size in zip(rows, sizes, strict=True)]


def _stretches(layout: Layout, step: int) -> list[Stretch]:
    parts: list[tuple[list[NDArray[np.int64]], Group | None]] = [([], None)]
    for group in layout.groups:
        for row, since in zip(group.rows, group.since, strict=True):
            count = whole(int(np.searchsorted(since, step, side="right")))
            parts[-1][0].append(np.arange(row, row + count, CHUNK) // CHUNK)
        if group.typed >= 0:
            parts[-1] = (parts[-1][0], group)
            parts.append(([], None))
    ends = layout.ends
    parts[-1][0].append(np.arange(ends.row, ends.row + whole(ends.reached(step)), CHUNK) // CHUNK)
    found = []
    for part, last in parts:
        chunks = np.concatenate([np.arange(0), *part])
        filled = np.zeros(layout.height // CHUNK, dtype=np.int32)
        filled[: len(chunks)] = chunks
        found.append(Stretch(layout.put(filled), len(chunks), last))
    return found


def _targets(
    game: Game,
    stand: Sequence[Ints],
    chosen: Sequence[Ints],
    rows: NDArray[np.int64],
    order: Ints,
) -> list[Ints]:
    """For each phase, and the end of a step, by state: the row where play goes on that is there before the phase."""
    last = np.empty(len(order), dtype=np.int32)
    last[order] = rows[-1] + np.arange(len(order), dtype=np.int32)
    targets = [last]
    for phase, stands, rowed, row in zip(
        reversed(game.phases), reversed(stand), reversed(chosen), rows[-2::-1], strict=True
    ):
        mine = np.zeros(len(stands), dtype=np.int32)
        mine[rowed] = row + np.arange(len(rowed), dtype=np.int32)
        targets.append(reach(phase, stands >= 0, mine[stands], targets[-1]))
    return targets[::-1]


def _ends(game: Game, order: Ints, row: int, width: int, first: Ints, names: tuple[str, ...], put: Put) -> Ends:
    structure = game.structure

    def over(values: NDArray[Any], fill: int = ZERO) -> Ints:
        result = np.full(width, fill, dtype=np.int32)
        result[: len(order)] = values[order]
        return result

    def paid(stack: Stack, payments: Sequence[Payment]) -> tuple[jax.Array, jax.Array, int]:
        ids = np.zeros((bucket(len(payments), 4), width), dtype=np.int32)
        actors = np.zeros(len(ids), dtype=np.int32)
        for place, payment in enumerate(payments):
            ids[place], actors[place] = over(stack.ids(0, payment.table)), payment.actor
        return put(ids), put(actors), len(payments)

    flows, finals, asked = Stack([game.flow_pool]), Stack([game.final_pool]), Stack([game.asked.pool])
    tables = np.array([over(asked.ids(0, table)) for table in range(len(game.asked.pool.ids))], dtype=np.int32)
    sizes = [len(game.packing.variables[name].levels) for name in names]
    above = np.cumsum([0, *sizes])
    levels = [over(game.asked.levels[name]) + base for name, base in zip(names, above, strict=False)]
    return Ends(
        row,
        width,
        structure.end_since[order],
        order,
        put(over(first[structure.onward])),
        flows,
        *paid(flows, game.flows),
        finals,
        *paid(finals, game.finals),
        asked,
        tables.reshape(len(game.asked.pool.ids), width),
        put(np.array(levels, dtype=np.int32).reshape(len(names), width)),
    )
