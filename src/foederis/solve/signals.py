"""Phases on the device that may show an actor's type, each a group of its own; see groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game, Phase
from foederis.game.expand import Links, stays
from foederis.game.payoffs import Signal
from foederis.solve.groups import CHUNK, Group, Ints, few_sizes, whole
from foederis.solve.lazy import jax, pytree
from foederis.solve.numbers import ONE, ZERO, Stack, bucket

FOUND = 2  # rows that say of a state how its fixed point was found
MISSED = 1e-10  # in probability, by how much it may be missed; the check allows an error of 1e-9
TINY = 1e-290  # a probability that floating point still holds with all its digits


@pytree
@dataclass(frozen=True)
class SignalArrays:
    """What the kernels need of a phase that may show a type; see GroupArrays.

    Attributes:
        successors: int32[branches + 1, states].
        is_open: bool[types, branches, states], for turns; none for events.
        chances: for turns int32[1, 2, states], of the probability to choose and to pass; for events int32[types,
            branches + 1, states].
        own: int32[types, branches, states], rows of what each branch pays a type of the actor.
        others: int32[payments, types, states], rows of what is paid to other seats; `branch` and `actor`,
            int32[payments], say for which branch and to whom.
        first: int32, the actor's first seat; base: int32, where the decisions begin among the weights.
        kept: int32[columns], those of the ledgers of a type of the actor, `keeper`, int32; filled up with -1.
        entries: int32[payments, states], rows of what is entered in them; `entry`, int32[2, payments], says for which
            branch and in which column.
        landing: int32, the first of the rows, on the way forward, in which play arrives out of the branches: for each
            branch one for every state, see forward.
        expected: of an event that is set apart (see solve.apart), `chances` as all expect them; None if they are these.
    """

    successors: jax.Array
    is_open: jax.Array
    chances: jax.Array
    own: jax.Array
    others: jax.Array
    entries: jax.Array
    branch: jax.Array
    actor: jax.Array
    first: jax.Array
    base: jax.Array
    landing: jax.Array
    kept: jax.Array
    keeper: jax.Array
    entry: jax.Array
    expected: jax.Array | None = None

    @property
    def branches(self) -> int:
        return self.successors.shape[0] - 1

    @property
    def types(self) -> int:
        return self.own.shape[0]

    @property
    def turns(self) -> bool:
        return self.is_open.shape[0] > 0

    @property
    def size(self) -> int:
        """How many weights a state has: by type what is done, by branch and staying put; by type the logarithms of
        the shares that all expect, by branch; by type what is lost to errors; and how its fixed point was found, see
        signal_loops.found_at."""
        return self.types * (2 * self.branches + 2) + FOUND if self.turns else 0


def make_signal_group(
    game: Game,
    place: int,
    chosen: Ints,
    row: int,
    following: Ints,
    numbers: Stack,
    base: int,
    landing: int,
) -> Group:
    phase = game.phases[place]
    signal = phase.signal
    assert signal is not None
    length = bucket(whole(len(chosen)), CHUNK)
    width = max(1, few_sizes(len(phase.branches)))
    patterns: dict[int, int] = {}
    of_step = [patterns.setdefault(phase.states.link_of_step[step], len(patterns)) for step in range(game.steps)]
    types = len(game.roster.typed[signal.typed].names)
    arrays = []
    for pattern in patterns:
        link = phase.states.links[pattern]
        found = _arrays(phase, signal, place, chosen, link, following, numbers, width, types)
        parts = [jax.device_put(_filled(part, length)) for part in found]
        slots = np.zeros((2, few_sizes(len(signal.others))), dtype=np.int32)
        for slot, (branch, seat, _) in enumerate(signal.others):
            slots[:, slot] = branch, seat
        ends = (slots[0], slots[1], np.int32(signal.first), np.int32(base), np.int32(landing), *_kept(signal))
        arrays.append(SignalArrays(*parts, *map(jax.device_put, ends)))
    since = game.structure.phases[place].since[chosen]
    turns = phase.mover >= 0
    return Group(
        turns, (place,), (0,), (row,), (since,), (chosen,), tuple(arrays), tuple(of_step), length, signal.typed
    )


def _filled(part: NDArray[np.generic], length: int) -> NDArray[np.generic]:
    """To a length in states, the last axis."""
    result = np.zeros((*part.shape[:-1], length), dtype=part.dtype)
    result[..., : part.shape[-1]] = part
    return result


def _arrays(
    phase: Phase,
    signal: Signal,
    place: int,
    chosen: Ints,
    link: Links,
    following: Ints,
    numbers: Stack,
    width: int,
    types: int,
) -> Sequence[NDArray[np.generic]]:
    """(successors, is_open, chances, own, others, entries) over the live states of a phase."""
    opened, live = link.open[:, chosen], link.live[chosen]
    passes = stays(phase.states.rule, live, list(opened))
    turn, states = phase.mover >= 0, len(chosen)
    successors = np.zeros((width + 1, states), dtype=np.int32)
    successors[: len(opened)] = np.where(opened, following[link.successor[:, chosen]], 0)
    successors[width] = np.where(passes, following[link.stay[chosen]], 0)
    is_open = np.zeros((types if turn else 0, width, states), dtype=bool)
    is_open[:, : len(opened)] = opened if link.by_type is None else link.by_type[:, :, chosen]
    own = np.full((types, width, states), ZERO, dtype=np.int32)
    for branch, mine, table in signal.own:
        own[mine, branch] = np.where(opened[branch], numbers.ids_at(place, table, chosen), ZERO)
    others = np.full((few_sizes(len(signal.others)), types, states), ZERO, dtype=np.int32)
    for slot, (branch, _, tables) in enumerate(signal.others):
        for mine, table in enumerate(tables):
            others[slot, mine] = np.where(opened[branch], numbers.ids_at(place, table, chosen), ZERO)
    entered = signal.kept.pays if signal.kept else ()
    entries = np.full((few_sizes(len(entered)), states), ZERO, dtype=np.int32)
    for slot, (branch, _, table) in enumerate(entered):
        entries[slot] = np.where(opened[branch], numbers.ids_at(place, table, chosen), ZERO)
    chances = _chances(phase, signal, place, chosen, link, passes, numbers, width)
    return successors, is_open, chances, own, others, entries


def _kept(signal: Signal) -> tuple[Ints, np.int32, Ints]:
    """(kept, keeper, entry): see SignalArrays."""
    kept = signal.kept
    columns = np.full(few_sizes(len(kept.columns)) if kept else 0, -1, dtype=np.int32)
    entry = np.full((2, few_sizes(len(kept.pays)) if kept else 0), -1, dtype=np.int32)
    if kept:
        columns[: len(kept.columns)] = kept.columns
        entry[0] = 0
        for slot, (branch, column, _) in enumerate(kept.pays):
            entry[:, slot] = branch, column
    return columns, np.int32(kept.mine if kept else 0), entry


def _chances(
    phase: Phase,
    signal: Signal,
    place: int,
    chosen: Ints,
    link: Links,
    passes: NDArray[np.bool_],
    numbers: Stack,
    width: int,
) -> Ints:
    live = link.live[chosen]
    if phase.mover >= 0:
        wait, choose = [numbers.ids_at(place, table, chosen) for table in phase.chances] or (ZERO, ONE)
        return np.stack([np.where(live, choose, ZERO), np.where(live, wait, ONE)])[None].astype(np.int32)
    found = np.full((len(signal.chances), width + 1, len(chosen)), ZERO, dtype=np.int32)
    for mine, tables in enumerate(signal.chances):
        ids = [numbers.ids_at(place, table, chosen) for table in tables]
        found[mine, : len(ids) - 1] = np.where(link.open[:, chosen], np.stack(ids)[:-1], ZERO)
        found[mine, width] = np.where(live, np.where(passes, ids[-1], ZERO), ONE)
    return found
