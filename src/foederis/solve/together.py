"""A simultaneous move on the device: for every state before it, where each way in which it can go leads.

Its turns are phases of the game like others (see game.together), and their decisions stand among the weights like those
of others. What is added here are the states before the first of them, in which all is decided, by a fixed point.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game
from foederis.solve.groups import CHUNK, Group, Ints
from foederis.solve.lazy import jax, pytree
from foederis.solve.numbers import ONE, ZERO, Stack, bucket

Places = NDArray[np.int64]


@pytree
@dataclass(frozen=True)
class TableArrays:
    """What the kernels need of a simultaneous move; `bases` are the states before it in which somebody chooses.

    An actor's options are put in an order in which those that are open come first: their slots. The slot after the last
    stands for a turn that passes.

    Attributes:
        leads: int32[outcomes, bases], the row that each outcome leads to, 0 if it is impossible; an outcome is a slot
            for each turn, the last turn's counted fastest.
        own: int32[turns, slots, bases], rows of numbers: what an option pays the one who takes it.
        choose: int32[turns, bases], rows of numbers: the probability that it chooses, 0 where it is not live.
        counts: int32[turns, bases], how many options are open.
        mover: int32[turns], the actors.
        base, slots: over the states of the group's arrays: int32[states], the base that each belongs to; int32[options,
            states], the slot of each option, the number of slots where it is not open.
        sizes: how many options each turn has.
    """

    leads: jax.Array
    own: jax.Array
    choose: jax.Array
    counts: jax.Array
    mover: jax.Array
    base: jax.Array
    slots: jax.Array
    sizes: tuple[int, ...] = field(metadata={"static": True})

    @property
    def width(self) -> int:
        """The number of slots for options."""
        return self.own.shape[1]


@dataclass(frozen=True)
class Table:
    """A simultaneous move.

    Attributes:
        joint: its place among those of the game.
        states: int64[bases], the state that each base stands for, a place in the codes of the first turn's phase;
            since: the step in which each is first reached, ascending; rows: the row in which play comes to the move.
        arrays: by pattern of links, as in the group of its turns; sound: likewise, bool[bases], whether all that the
            links lead to is there. A base where it is not cannot be met while that pattern holds.
    """

    joint: int
    states: Places
    since: Ints
    rows: Ints
    arrays: tuple[TableArrays, ...]
    sound: tuple[NDArray[np.bool_], ...]
    pattern_of_step: tuple[int, ...]

    def at(self, step: int) -> TableArrays:
        return self.arrays[self.pattern_of_step[step]]

    def reached(self, step: int) -> int:
        """How many bases are reached by a step."""
        return int(np.searchsorted(self.since, step, side="right"))

    @property
    def length(self) -> int:
        return int(self.arrays[0].leads.shape[1])

    @property
    def bytes_per_draw(self) -> int:
        """About what it takes to solve and check the move."""
        return table_bytes(self.length, len(self.arrays[0].sizes), self.arrays[0].width)


def table_bytes(length: int, turns: int, width: int) -> int:
    """About what it takes, for each draw, to solve and check a simultaneous move."""
    return 8 * length * turns * (2 * (width + 2) + 6 * width)


def make_table(game: Game, number: int, group: Group, targets: Sequence[Ints], numbers: Stack) -> Table:
    """The simultaneous move of this number, whose turns are a group."""
    turns = game.joints[number].turns
    first = game.structure.phases[turns[0]]
    members = [_Member(game, k, first.codes) for k in turns]
    live = np.logical_or.reduce([member.live for member in members])
    states = np.flatnonzero(live)
    states = states[np.argsort(first.since[states], kind="stable")]
    patterns = range(len(group.arrays))
    steps = [group.pattern_of_step.index(pattern) for pattern in patterns]
    arrays = [_arrays(game, group, members, states, step, targets, numbers) for step in steps]
    rows = targets[turns[0]][states]
    tables, sound = zip(*arrays, strict=True)
    return Table(number, states, first.since[states], rows, tables, sound, group.pattern_of_step)


class _Member:
    """A turn of a simultaneous move, seen from the states before the move.

    Attributes:
        base: int64[states of the phase], the place of each in the states before the move.
        example: int64[states before the move], a state of the phase that belongs to each.
        live: bool[states before the move], whether it is ever live there.
    """

    def __init__(self, game: Game, k: int, first: Places):
        self.phase, self.k = game.phases[k], k
        codes = self.phase.states.codes
        self.base = np.searchsorted(first, codes % game.packing.states)
        self.example = np.zeros(len(first), dtype=np.int64)
        self.example[self.base[::-1]] = np.arange(len(codes))[::-1]
        self.live = np.logical_or.reduce([link.live[self.example] for link in self.phase.states.links])

    @property
    def options(self) -> int:
        return len(self.phase.branches)

    def order(self, step: int, states: Places) -> tuple[NDArray[np.bool_], Places]:
        """bool and int64[options, states before the move]: which options are open, and the options by slot."""
        is_open = self.phase.states.at(step).open[:, self.example[states]]
        return is_open, np.argsort(~is_open, axis=0, kind="stable")

    def leads(self, step: int, here: Places, states: Places, slot: int) -> Places:
        """The states after the turn, from states `here` of its phase. A slot that is not open counts as the first, or
        as passing where none is: nobody takes it, and so it makes no difference that there is none."""
        link, rule = self.phase.states.at(step), self.phase.states.rule
        is_open, options = self.order(step, states)
        chosen = options[slot] if slot < self.options else options[0]
        chosen = np.where(is_open[chosen, np.arange(len(states))], chosen, options[0])
        taken = link.successor[chosen, here]
        passes = ~is_open.any(axis=0) | (rule.waits & (slot == self.options))
        return np.where(passes, link.stay[here], taken).astype(np.int64)


def _arrays(
    game: Game,
    group: Group,
    members: Sequence[_Member],
    states: Places,
    step: int,
    targets: Sequence[Ints],
    numbers: Stack,
) -> tuple[TableArrays, NDArray[np.bool_]]:
    """The arrays of a step's pattern of links, and where they are sound; see Table."""
    sizes = tuple(member.options for member in members)
    length, width = bucket(len(states), CHUNK), max(sizes)
    leads, sound = _outcomes(game, members, states, step, targets[members[-1].k + 1], length)
    own = np.full((len(members), width, length), ZERO, dtype=np.int32)
    choose, counts = np.full((2, len(members), length), ZERO, dtype=np.int32)
    base = np.zeros(group.length, dtype=np.int32)
    slots = np.full((group.width, group.length), width, dtype=np.int32)
    base_of = np.zeros(len(game.structure.phases[members[0].k].codes), dtype=np.int64)
    base_of[states] = each = np.arange(len(states))
    for i, (member, start, rowed) in enumerate(zip(members, group.starts, group.states, strict=True)):
        is_open, options = member.order(step, states)
        places, example = np.argsort(options, axis=0), member.example[states]
        counts[i, : len(states)] = is_open.sum(axis=0)
        for branch, actor, table in member.phase.pays:
            if actor == member.phase.mover:
                ids = numbers.ids_at(member.k, table, example)
                own[i, places[branch], each] = np.where(is_open[branch], ids, ZERO)
        chance = numbers.ids_at(member.k, member.phase.chances[1], example) if member.phase.chances else ONE
        choose[i, : len(states)] = np.where(is_open.any(axis=0), chance, ZERO)
        columns, mine = start + np.arange(len(rowed)), base_of[member.base[rowed]]
        base[columns] = mine
        slots[: member.options, columns] = np.where(is_open, places, width)[:, mine]
    movers = np.array([member.phase.mover for member in members], dtype=np.int32)
    put = group.put
    return TableArrays(put(leads), put(own), put(choose), put(counts), put(movers), put(base), put(slots), sizes), sound


def _outcomes(
    game: Game, members: Sequence[_Member], states: Places, step: int, after: Ints, length: int
) -> tuple[Ints, NDArray[np.bool_]]:
    """int32[outcomes, length]: the row that each outcome leads to, by state before the move; where that is sound."""
    sizes = [member.options + 1 for member in members]
    leads = np.zeros((math.prod(sizes), length), dtype=np.int32)
    before = game.structure.phases[members[0].k].codes[states]
    sound = np.ones(len(states), dtype=bool)
    for place, slots in enumerate(product(*map(range, sizes))):
        here = states
        for member, slot in zip(members, slots, strict=True):
            here = member.leads(step, here, states, slot)
            codes = game.structure.phases[member.k + 1].codes
            sound &= codes[here] % game.packing.states == before
        leads[place, : len(states)] = after[here]
    return leads, sound
