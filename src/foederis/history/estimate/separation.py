"""Separation, found by linear programming: whether some sum of regressors tells without fail which way a move went.

The coefficients then have no finite estimate of largest likelihood, or, where other moves depend on them too, a much
inflated one.

Sources: Albert & Anderson (1984), Biometrika 71(1): 1-10; Konis (2007), Linear programming algorithms for detecting
separated data in binary logistic regression models, thesis, Oxford.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from foederis.history.estimate.errors import FitError

Floats = NDArray[np.float64]
_CLEAR = 1e-7  # the least weight that is told, of the largest


@dataclass(frozen=True)
class Separation:
    """What was found at one move.

    Attributes:
        move: its name.
        cases: how many cases came to it.
        separated: how many of them lie clearly on the right side of the sum; the others lie on its border. 0 if the
            move is not separated.
        weights: {regressor: its weight in the sum}, those that are not 0, the regressors being scaled to at most 1.
    """

    move: str
    cases: int
    separated: int
    weights: dict[str, float]

    @property
    def found(self) -> bool:
        return self.separated > 0

    @property
    def complete(self) -> bool:
        return self.separated == self.cases > 0


def separation(design: Floats, right: NDArray[np.bool_], names: list[str], move: str) -> Separation:
    """Looks for weights under which every case that went right has a sum of at least 0 and every other one of at most
    0, and as many as can be not 0.

    Args:
        design: float64[cases, regressors].
        right: bool[cases].
    """
    cases = len(design)
    scale = np.max(np.abs(design), axis=0, initial=0.0)
    used = np.flatnonzero(scale > 0)
    if not cases or not len(used):
        return Separation(move, cases, 0, {})
    signed = np.where(right, 1.0, -1.0)[:, None] * design[:, used] / scale[used]
    # How far each case lies on its right side, up to 1: in the best sum all that can lie there do.
    matrix = sparse.hstack([sparse.csr_array(-signed), sparse.eye_array(cases)])
    costs = np.concatenate([np.zeros(len(used)), -np.ones(cases)])
    bounds = [(None, None)] * len(used) + [(0.0, 1.0)] * cases
    found = linprog(costs, A_ub=matrix.tocsr(), b_ub=np.zeros(cases), bounds=bounds, method="highs")
    if not found.success:
        raise FitError(
            f"whether the move {move} is separated could not be found out; leave out regressors that are nearly "
            f"sums of others ({found.message})"
        )
    weights = found.x[: len(used)]
    apart = int(np.sum(signed @ weights > 0.5))
    if not apart:
        return Separation(move, cases, 0, {})
    told = np.abs(weights) > _CLEAR * np.max(np.abs(weights))
    return Separation(move, cases, apart, {names[used[k]]: float(weights[k]) for k in np.flatnonzero(told)})
