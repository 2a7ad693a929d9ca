"""How fine the grid of beliefs has to be: tried out in a few worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve.beliefs import Floats

if TYPE_CHECKING:  # which needs this module
    from foederis.solve.results import Answers

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


def hold_against(nodes: int, coarse: Sequence[Answers], fine: Sequence[Answers], worlds: int, given: bool) -> Fineness:
    """How far a finer grid moves the answers in the first few worlds.

    Args:
        coarse, fine: the answers before anything was seen and, if `given`, those given what was seen.
    """
    errors, parts = _changes(_told(coarse, worlds, given), _told(fine, worlds, given))
    return Fineness(nodes, worlds, FINER[nodes], errors, max(parts.values(), default=0.0) > ENOUGH)


def _told(answers: Sequence[Answers], worlds: int, given: bool) -> Answers:
    """The answers in the first worlds, given what was seen if that can be in some of them."""
    baseline = answers[int(given)]
    can_be = np.isfinite(baseline.evidence[:worlds]).any()
    told = baseline if can_be else answers[0]
    questions, firsts, shares = (_first(table, worlds) for table in (told.questions, told.firsts, told.shares))
    return replace(told, questions=questions, firsts=firsts, shares=shares, evidence=told.evidence[:worlds])


def _first(table: Mapping[Any, Floats], worlds: int) -> dict[Any, Floats]:
    return {name: values[:worlds] for name, values in table.items()}


def _changes(one: Answers, other: Answers) -> tuple[dict[str, float], dict[str, float]]:
    """How far the mean of each answer moves, and the same with numbers that are no probabilities as parts of their
    range over worlds. If anything was seen, worlds count by how likely it is in them, and types are among the
    answers."""
    errors, parts = {}, {}
    for table, finer in zip(_tables(one), _tables(other), strict=True):
        for name, values in table.items():
            known = np.isfinite(values) & np.isfinite(finer[name])
            if not known.any():
                continue
            moved = _mean(finer[name], known, other) - _mean(values, known, one)
            errors[name] = float(np.abs(moved).max())
            spread = float(np.ptp(values[known]))
            parts[name] = errors[name] / max(1.0, spread, float(np.abs(values[known]).mean()))
    return errors, parts


def _tables(told: Answers) -> list[Mapping[str, Floats]]:
    types = {f"{actor} is {name}": share for (actor, name), share in told.shares.items()}
    return [told.questions, told.firsts, types if told.evidence.any() else {}]


def _mean(values: Floats, known: NDArray[np.bool_], told: Answers) -> Floats:
    """The mean over the worlds that are known."""
    counts = np.exp(told.evidence - told.evidence.max())
    weights = np.where(known, counts.reshape(-1, *[1] * (values.ndim - 1)), 0.0)
    whole = weights.sum(axis=0)
    return np.asarray((np.where(known, values, 0.0) * weights).sum(axis=0) / np.where(whole > 0, whole, 1.0))
