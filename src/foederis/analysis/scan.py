"""Where something changes along a line: a coarse grid first, then finer ones between neighbours that differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.answers import Floats

Labels = NDArray[np.int64]
ROUNDS, INSIDE = 3, 8  # how often a bracket is refined, and by how many points
NONE = -1  # the label of a point that has no answer


@dataclass(frozen=True)
class Bracket:
    """Two neighbouring values between which the label changes, on the line with this number."""

    line: int
    low: float
    high: float
    before: int
    after: int


def brackets(line: int, values: Floats, labels: Labels) -> list[Bracket]:
    """Where neighbours differ; points without an answer bound nothing."""
    found = []
    for place in np.flatnonzero(np.diff(labels)):
        before, after = int(labels[place]), int(labels[place + 1])
        if NONE not in (before, after):
            found.append(Bracket(line, float(values[place]), float(values[place + 1]), before, after))
    return found


def refine(
    found: Sequence[Bracket], label: Callable[[Sequence[tuple[int, Floats]]], Sequence[Labels]]
) -> list[Bracket]:
    """Narrower brackets, each (INSIDE + 1) ** ROUNDS times; one that holds several changes becomes several.

    A point inside that has no answer is passed over: the change lies between its neighbours that have one.

    Args:
        label: the labels of some values on some lines; called once a round, for all brackets together.
    """
    current = list(found)
    for _ in range(ROUNDS):
        if not current:
            break
        grids = [np.linspace(bracket.low, bracket.high, INSIDE + 2) for bracket in current]
        inner = label([(bracket.line, grid[1:-1]) for bracket, grid in zip(current, grids, strict=True)])
        refined = []
        for bracket, grid, labels in zip(current, grids, inner, strict=True):
            whole = np.array([bracket.before, *labels, bracket.after])
            known = whole != NONE
            refined += brackets(bracket.line, grid[known], whole[known])
        current = refined
    return current
