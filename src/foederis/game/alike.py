"""Which states need to be worked out: not those that play only passes through, and of those that an event leads out of
in the same way only one.

Two states in which an event happens with the same probabilities, pays the same and leads to the same places have the
same future, whatever was drawn. So one stands for both, on the way back and on the way forth: nothing that comes later
could tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game
from foederis.game.expand import stays
from foederis.game.payoffs import Phase

Places = NDArray[np.int64]
_Number = TypeVar("_Number", np.int32, np.int64)
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd, and its bits are evenly spread


def is_certain(phase: Phase) -> bool:
    """Whether a phase is an event that happens for certain, leads to the same states in every step and pays nothing."""
    states = phase.states
    alone = phase.mover < 0 and len(phase.branches) == 1 and len(states.links) == 1 and not phase.signal
    return alone and not states.rule.waits and not phase.pays


def stand_ins(game: Game) -> list[NDArray[np.int32]]:
    """For each phase, by state, the state that stands for it there: itself, unless another has the same future. States
    that a phase only passes through, -1."""
    seen = game.seen.phases if game.seen else frozenset()
    after = np.arange(len(game.structure.end_codes))
    labels, found = len(after), []
    for place in reversed(range(len(game.phases))):
        phase = game.phases[place]
        here = deciding(phase, place in seen)
        stand = np.full(len(phase.states.codes), -1, dtype=np.int64)
        stand[here] = here
        if phase.mover < 0 and not phase.signal and place not in seen and len(here):
            stand[here] = _first_of_alike(here, phase.states.since[here], list(_ways(phase, here, after)))
        found.append(stand.astype(np.int32))
        after = reach(phase, stand >= 0, labels + stand, after)
        labels += len(stand)
    return found[::-1]


def deciding(phase: Phase, seen: bool) -> Places:
    """The states of a phase in which something is decided or may happen. If it was seen how it went, all: that must be
    told also in those in which it is not live."""
    if seen:
        return np.arange(len(phase.states.codes))
    if is_certain(phase):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.logical_or.reduce([link.live for link in phase.states.links]))


def reach(phase: Phase, there: NDArray[np.bool_], mine: NDArray[_Number], after: NDArray[_Number]) -> NDArray[_Number]:
    """Where play goes on that is before a phase, by state: `mine` in the states that are `there`, else where it passes
    through to; `after` says the same of play that is past the phase."""
    link = phase.states.links[0]
    found = after[link.stay]
    if is_certain(phase):
        found[link.live] = after[link.successor[0, link.live]]
    return np.where(there, mine, found)


def _ways(phase: Phase, here: Places, after: Places) -> Iterator[Places]:
    """int64[states], many: where an event leads out of some states, how likely, and what it pays."""
    tables = phase.pool.ids
    for link in phase.states.links:
        live, opened = link.live[here], link.open[:, here]
        passes = stays(phase.states.rule, live, list(opened))
        yield np.where(passes, after[link.stay[here]], -1)
        yield np.where(live, np.where(passes, tables[phase.chances[-1]][here], -1), -2)
        for branch, is_open in enumerate(opened):
            yield np.where(is_open, after[link.successor[branch, here]], -1)
            yield np.where(is_open, tables[phase.chances[branch]][here], -1)
        for branch, _, table in phase.pays:
            yield np.where(opened[branch], tables[table][here], -1)


def _first_of_alike(states: Places, since: Places, ways: Iterable[Places]) -> Places:
    """For each state the first reached of those that agree with it in all ways."""
    mixed = np.zeros(len(states), dtype=np.uint64)
    columns = [np.asarray(column, dtype=np.int64) for column in ways]
    for column in columns:  # multiplied and folded; overflow is meant
        mixed = (mixed ^ column.astype(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(29)
    order = np.lexsort((since, mixed))
    # States with one hash lie side by side. They are compared in full: what only looks alike stays apart.
    new = np.ones(len(order), dtype=bool)
    new[1:] = np.logical_or.reduce([column[order[1:]] != column[order[:-1]] for column in columns])
    found = np.empty_like(states)
    found[order] = states[order[new]][np.cumsum(new) - 1]
    return found
