"""Answers worked out beforehand over a small grid of worlds, so that a page without a solver can turn a few numbers."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foederis.analysis.answers import Floats
from foederis.analysis.lab import Laboratory
from foederis.analysis.solving import Progress
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case
from foederis.language.sampling import quantities_with

# At the ends of the middle 90 % of a quantity's range, at its quartiles and at its median.
SHARES = (0.05, 0.25, 0.50, 0.75, 0.95)
# Worlds between the points of the grid, in which the interpolation is held against the solution.
TRIALS = 64


@dataclass(frozen=True)
class Dials:
    """Answers at all points of a grid; the quantities that are not on it stand at their medians.

    Attributes:
        points: {quantity: float64[points]}, rising.
        answers: {question: float64[points of the first quantity, of the second, …]}.
        error: {question: the largest difference between interpolation and solution in worlds off the grid}.
        trials: how many worlds off the grid were tried.
        residual: the largest of all that was solved.
    """

    points: Mapping[str, Floats]
    answers: Mapping[str, Floats]
    error: Mapping[str, float]
    trials: int
    residual: float


def work_out(
    case: Case,
    quantities: Sequence[str],
    *,
    seed: int = 0,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Dials:
    """Solves the grid of these uncertain quantities, and some worlds off it, for all questions with one number.

    Raises:
        CaseError, ResidualError: as in `solve`.
    """
    points = {name: case.distribution(name).quantile(np.array(SHARES)) for name in quantities}
    grid = np.array(list(itertools.product(*points.values())))
    places = np.random.default_rng([seed, 77]).uniform(0, len(SHARES) - 1, (TRIALS, len(points)))
    between = np.stack([np.interp(places[:, k], range(len(SHARES)), p) for k, p in enumerate(points.values())], 1)
    worlds = np.concatenate([grid, between])
    values = {name: worlds[:, k] for k, name in enumerate(points)}
    asked = [name for name, question in case.questions.items() if question.form != "first"]
    laboratory = Laboratory(case, asked, max_states=max_states, progress=progress)
    found = laboratory.ask(quantities_with(case, values, len(worlds)), len(worlds), "dials")
    shape = (len(SHARES),) * len(points)
    answers = {name: replies[: len(grid)].reshape(shape) for name, replies in found.items()}
    error = {}
    for name, replies in found.items():
        guessed = np.array([interpolate(answers[name], place) for place in places])
        known = np.abs(guessed - replies[len(grid) :])
        error[name] = float(np.nanmax(known)) if np.isfinite(known).any() else float("nan")
    return Dials(points, answers, error, TRIALS, laboratory.residual)


def can_turn(case: Case, name: str) -> bool:
    """Whether a quantity has values in between: one that takes a few single values only has none."""
    quantity = case.quantities.get(name)
    return quantity is not None and quantity.distribution is not None and quantity.distribution.family != "choice"


def interpolate(answers: Floats, places: Floats) -> float:
    """Linear in each direction between the neighbouring points of a grid.

    Args:
        places: float64[dimensions], counted in points of the grid from 0.
    """
    while answers.ndim:
        place = places[len(places) - answers.ndim]
        below = min(int(place), answers.shape[0] - 2)
        answers = answers[below] + (place - below) * (answers[below + 1] - answers[below])
    return float(answers)
