"""What the structure alone tells of a question, so that it can be read off where play is, step by step.

An option that can never be taken twice is taken with the sum of its probabilities over steps; a condition that
never ends once it holds has held at some time exactly if it holds at the end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foederis.game.expand import PhaseStates, Structure, stays

Mask = NDArray[np.bool_]


def taken_once(structure: Structure, phase: int, branch: int) -> bool:
    """Whether no course of play takes this branch twice."""
    states = structure.phases[phase]
    begun = np.zeros(_sizes(structure)[phase + 1], dtype=bool)
    for link in states.links:
        begun[link.successor[branch][link.open[branch]]] = True
    reached = _closure(structure, phase + 1, begun)
    return not any((link.open[branch] & reached[phase]).any() for link in states.links)


def lasting(structure: Structure, holds: Mask) -> bool:
    """Whether a condition over the states at a step's end, once it holds, holds at the end of every later step."""
    mask = _next_step(structure, holds)
    for place, states in enumerate(structure.phases):
        mask = _push(states, mask, _sizes(structure)[place + 1])
    return not (mask & ~holds).any()


def _sizes(structure: Structure) -> list[int]:
    return structure.states_per_phase


def _next_step(structure: Structure, ends: Mask) -> Mask:
    """The states at a step's start that can follow those at the end of the step before."""
    goes_on = ends & (structure.end_since < structure.steps - 1)  # the others are met in the last step only
    starts = np.zeros(_sizes(structure)[0], dtype=bool)
    starts[structure.onward[goes_on]] = True
    return starts


def _push(states: PhaseStates, mask: Mask, width: int) -> Mask:
    """The states that can follow a phase, from those in the mask."""
    after = np.zeros(width, dtype=bool)
    for link in states.links:
        for successor, is_open in zip(link.successor, link.open, strict=True):
            after[successor[is_open & mask]] = True
        after[link.stay[stays(states.rule, link.live, list(link.open)) & mask]] = True
    return after


def _closure(structure: Structure, place: int, begun: Mask) -> list[Mask]:
    """For each phase (and the end of a step) the states that can follow, at any later time."""
    sizes = _sizes(structure)
    reached = [np.zeros(size, dtype=bool) for size in sizes]
    frontier = begun
    while True:
        new = frontier & ~reached[place]
        if not new.any():
            return reached
        reached[place] |= new
        if place == len(structure.phases):
            frontier = _next_step(structure, new)
            place = 0
        else:
            frontier = _push(structure.phases[place], new, sizes[place + 1])
            place += 1
