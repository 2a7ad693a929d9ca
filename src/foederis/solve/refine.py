"""How fine the grid of beliefs has to be: tried out in a few worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from foederis.solve.beliefs import NODES

if TYPE_CHECKING:  # which needs this module
    from foederis.solve.results import Answers, Solution

COMPARED = 8  # worlds
# What a grid is held against. The coarsest two have nearly the same nodes between the prior and certainty.
FINER = {3: 9, 5: 9, 9: 17, 17: 33}
ENOUGH = 0.002  # the change of an answer, a probability or a part of its range over worlds, that is small enough


@dataclass(frozen=True)
class Fineness:
    """A grid of beliefs.

    Attributes:
        nodes: for each coordinate.
        compared: in how many worlds a finer grid was tried, of `finer` nodes; 0 where beliefs are exact.
        errors: {question: how far its mean over these worlds moved}; large: whether one of them is above what is small
            enough, on the finest grid that is tried.
    """

    nodes: int
    compared: int = 0
    finer: int = 0
    errors: dict[str, float] = field(default_factory=dict)
    large: bool = False


def choose_fineness(solve: Callable[[int], Solution]) -> Fineness:
    """The coarsest of a few grids on which a finer one changes no answer by much; `solve` solves a few worlds on a
    grid."""
    solved = {NODES[0]: solve(NODES[0])}
    if solved[NODES[0]].signals.exact:
        return Fineness(NODES[0])
    for nodes in NODES:
        finer = FINER[nodes]
        for wanted in {nodes, finer} - solved.keys():
            solved[wanted] = solve(wanted)
        errors, parts = _changes(solved[nodes].baseline, solved[finer].baseline)
        large = max(parts.values(), default=0.0) > ENOUGH
        if not large or nodes == NODES[-1]:
            return Fineness(nodes, len(solved[nodes].values), finer, errors, large)
    raise AssertionError("the last grid is always returned")


def _changes(one: Answers, other: Answers) -> tuple[dict[str, float], dict[str, float]]:
    """How far the mean of each answer moves, and the same with numbers that are no probabilities as parts of their
    range over worlds."""
    errors, parts = {}, {}
    for table, finer in ((one.questions, other.questions), (one.firsts, other.firsts)):
        for name, values in table.items():
            known = np.isfinite(values) & np.isfinite(finer[name])
            if not known.any():
                continue
            count = np.maximum(known.sum(axis=0), 1)
            moved = np.where(known, finer[name] - values, 0.0).sum(axis=0) / count
            errors[name] = float(np.abs(moved).max())
            spread = float(np.ptp(values[known]))
            parts[name] = errors[name] / max(1.0, spread, float(np.abs(values[known]).mean()))
    return errors, parts
