"""Which states need to be worked out: not those that play only passes through, and of those that an event leads out of
in the same way only one.

Two states in which an event happens with the same probabilities, pays the same and leads to the same places have the
same future, whatever was drawn. So one stands for both, on the way back and on the way forth: nothing that comes later
could tell them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game
from foederis.game.expand import stays
from foederis.game.payoffs import Phase

Places = NDArray[np.int64]
Ints = NDArray[np.int32]
_NO = np.int32(-1)
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
    after = np.arange(len(game.structure.end_codes), dtype=np.int32)
    labels, found = len(after), []
    for place in reversed(range(len(game.phases))):
        phase = game.phases[place]
        here = deciding(phase, place in seen)
        stand = np.full(len(phase.states.codes), -1, dtype=np.int32)
        stand[here] = here
        if phase.mover < 0 and not phase.signal and place not in seen and len(here):
            stand[here] = _first_of_alike(here, phase.states.since[here], lambda: _ways(phase, here, after))  # noqa: B023
        found.append(stand)
        after = reach(phase, stand >= 0, np.int32(labels) + stand, after)
        labels += len(stand)
    return found[::-1]


def deciding(phase: Phase, seen: bool) -> Places:
    """The states of a phase in which something is decided or may happen: those in which a branch is open. If it was
    seen how it went, all: that must be told also in those in which it is not live."""
    if seen:
        return np.arange(len(phase.states.codes))
    if is_certain(phase):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.logical_or.reduce([link.open.any(axis=0) for link in phase.states.links]))


def idle(game: Game) -> int:
    """In how many states an event is due whose chance is written as 0: play passes through them."""
    count = 0
    for phase in game.phases:
        links = phase.states.links
        due = np.logical_or.reduce([link.live for link in links])
        count += int(np.count_nonzero(due & ~np.logical_or.reduce([link.open.any(axis=0) for link in links])))
    return count


def reach(phase: Phase, there: NDArray[np.bool_], mine: Ints, after: Ints) -> Ints:
    """Where play goes on that is before a phase, by state: `mine` in the states that are `there`, else where it passes
    through to; `after` says the same of play that is past the phase."""
    link = phase.states.links[0]
    found = after[link.stay]
    if is_certain(phase):
        found[link.live] = after[link.successor[0, link.live]]
    return np.where(there, mine, found)


def _ways(phase: Phase, here: Places, after: Ints) -> Iterator[Ints]:
    """int32[states], many: where an event leads out of some states, how likely, and what it pays."""
    ids = phase.pool.ids
    for link in phase.states.links:
        live, opened = link.live[here], link.open[:, here]
        passes = stays(phase.states.rule, live, list(opened))
        yield np.where(passes, after[link.stay[here]], _NO)
        yield np.where(live, np.where(passes, ids.at(phase.chances[-1], here), _NO), np.int32(-2))
        for branch, is_open in enumerate(opened):
            yield np.where(is_open, after[link.successor[branch, here]], _NO)
            yield np.where(is_open, ids.at(phase.chances[branch], here), _NO)
        for branch, _, table in phase.pays:
            yield np.where(opened[branch], ids.at(table, here), _NO)


def _first_of_alike(states: Places, since: NDArray[np.int32], ways: Callable[[], Iterable[Ints]]) -> Places:
    """For each state the first reached of those that agree with it in all ways; these are many, so they are made
    twice, one after the other, and never kept."""
    mixed = np.zeros(len(states), dtype=np.uint64)
    for column in ways():  # multiplied and folded; overflow is meant
        mixed = (mixed ^ column.astype(np.int64).view(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(29)
    order = np.lexsort((since, mixed))
    # States with one hash lie side by side. They are compared in full: what only looks alike stays apart.
    alike = np.flatnonzero(mixed[order[1:]] == mixed[order[:-1]])
    del mixed
    if not len(alike):
        return states
    mine, other = order[alike + 1], order[alike]
    differs = np.zeros(len(alike), dtype=bool)
    for column in ways():
        differs |= column[mine] != column[other]
    new = np.ones(len(order), dtype=bool)
    new[1 + alike[~differs]] = False
    found = np.empty_like(states)
    found[order] = states[order[new]][np.cumsum(new) - 1]
    return found
