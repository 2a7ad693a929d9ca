"""The ultimatum form from a formula and a table: `offer + accept ~ R1 | R2`, or `offer ~ R1 | R2` without answers."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np

from foederis.history.estimate.errors import FitError
from foederis.history.estimate.formula import parse
from foederis.history.estimate.kernels import Floats, Problem
from foederis.history.estimate.model import (
    Model,
    blocks_of,
    columns_of,
    designs,
    enough,
    independent,
    names_of,
    units_of,
)
from foederis.history.estimate.table import Coding, Table
from foederis.history.estimate.ultimatum import UltimatumLikelihood

_EQUATIONS = ("R1", "R2")
_BORDER = 1e-8  # an offer so close to 0 or to the largest, of the largest, stands there


def model_of(formula: str, data: Any, largest: float | None, s1: float | None, s2: float | None) -> Model:
    """
    Raises:
        FitError: a formula, offers or scales that do not fit.
    """
    if largest is None or not _positive(largest):
        raise FitError("the form `ultimatum` wants `largest_offer`, the prize that is divided, above 0")
    for name, given in (("s1", s1), ("s2", s2)):
        if given is not None and not _positive(given):
            raise FitError(f"`{name}` is a scale that is known, above 0; leave it out to have it estimated")
    table, read = Table(data), parse(formula)
    if len(read.parts) != 2 or len(read.observed) not in (1, 2):
        raise FitError("write `offer + accept ~ R1 | R2`, or `offer ~ R1 | R2` where answers are not known")
    rows = table.complete((*columns_of(read.parts), *read.observed))
    for name in read.observed:
        if table.column(name).levels:
            raise FitError(f"the column `{name}` has words; offers are numbers, and answers 0 or 1")
    numbers = [table.column(name).numbers[rows] for name in read.observed]
    offer = numbers[0]
    if not len(offer):
        raise FitError("no row has a value in every column of the formula")
    if offer.min() < 0 or offer.max() > largest:
        raise FitError(f"`{read.observed[0]}` lies outside of 0 to {largest:g}, the largest offer")
    if offer.min() == offer.max():
        raise FitError(f"`{read.observed[0]}` is {offer[0]:g} in every case, so nothing can be said of what moves it")
    answers = len(numbers) == 2
    if answers and not set(np.unique(numbers[1])) <= {0.0, 1.0}:
        raise FitError(f"`{read.observed[1]}` says whether the offer was accepted: 0 or 1")
    coding = Coding.of(table, columns_of(read.parts), rows)
    made = designs(read.parts, (), None, table, rows, coding)
    for name, part, design in zip(_EQUATIONS, read.parts, made["designs"], strict=True):
        independent(design, f"of {name}", coding.labels(part))
    blocks, _ = blocks_of([design.shape[1] for design in made["designs"]], 0)
    likelihood = UltimatumLikelihood(float(largest), (blocks[0], blocks[1]), s1, s2, answers)
    border = _BORDER * largest
    seen = {
        "offer": offer,
        "accepted": numbers[1] if answers else np.zeros(len(offer)),
        "lowest": offer < border,
        "highest": offer > largest - border,
    }
    enough(len(offer), likelihood.size, coding)
    units = np.append(units_of(made["designs"]), np.ones(likelihood.size - blocks[1][1]))
    problem = Problem(likelihood, {"designs": made["designs"], **seen}, len(offer), units)
    scales = [f"log({name})" for name, given in (("s1", s1), ("s2", s2)) if given is None]
    names = names_of([*_EQUATIONS, *scales], read.parts, coding)
    return Model(problem, tuple(names), ("offer", "accepted"), read.parts, (), rows, table, coding)


def _positive(number: Any) -> bool:
    return isinstance(number, Real) and 0 < float(number) < np.inf


def first_guess(model: Model) -> Floats:
    """Offers as if they left player 1 its reservation value, and half of them were accepted; errors as they spread."""
    likelihood, data = model.problem.likelihood, model.problem.data
    assert isinstance(likelihood, UltimatumLikelihood)
    offer = data["offer"]
    begun = np.zeros(model.problem.size)
    for (first, _), part, level in zip(
        likelihood.reservations, model.parts, (likelihood.largest - offer.mean(), offer.mean() / 2), strict=True
    ):
        if part.constant:
            begun[first] = level
    begun[likelihood.reservations[1][1] :] = np.log(max(float(offer.std()), likelihood.largest / 100))
    return begun
