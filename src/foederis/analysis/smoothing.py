"""The mean of an outcome given an input, from draws: penalised regression splines in normal scores.

Each input is replaced by the normal scores of its ranks, so that its distribution does not matter; one that has few
values counts as so many classes. A natural cubic spline is fitted with a penalty on its mean squared curvature, and for
several inputs together the sum of their splines and the products of their scores. How much is smoothed is chosen by the
error that each draw has when it is left out, which a linear smoother gives without fitting anew.

Sources: Strong, Oakley & Brennan (2014), Medical Decision Making 34(3): 311-326 (the value of information from given
draws by regression); Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, 5.2.1 (the basis) and
5.4 (the penalty); Wahba (1990), Spline Models for Observational Data, 4.2 (leaving one out).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.language.normal import normal_quantile

Floats = NDArray[np.float64]

KNOTS = 10
FEW = 12  # an input with so many values or fewer counts as so many classes
_ALONE = 1e-9
_MOST_CROSSED = 12
_PENALTIES = np.concatenate([[0.0], np.logspace(-7, 3, 31)])


@dataclass(frozen=True, eq=False)
class Fit:
    """The mean of an outcome given the inputs of a smoother.

    Attributes:
        fitted: float64[draws]; left_out: the same where each draw has been left out of its own fit.
        freedom: how many parameters the fit is worth, the constant included (the trace of the smoother).
        noise: the variance around the mean, with the freedom that the fit took allowed for.
    """

    fitted: Floats
    left_out: Floats
    freedom: float
    noise: float


class Smoother:
    """Smooths any outcome over given inputs, float64[draws, inputs]."""

    def __init__(self, inputs: Floats):
        free, curved, penalty = _basis(inputs)
        basis, sizes, turned = np.linalg.svd(np.column_stack([free, curved]), full_matrices=False)
        kept = sizes > 1e-9 * sizes.max()  # functions that say the same at these draws count once
        inverse = turned[kept].T / sizes[kept]
        curvature = inverse[free.shape[1] :]
        roughness, turned = np.linalg.eigh(curvature.T @ penalty @ curvature)
        self.roughness = np.maximum(roughness, 0.0) * len(inputs)
        self.basis = basis[:, kept] @ turned
        self.simple = _simple(inputs)

    def fit(self, outcome: Floats) -> Fit:
        """The fit whose draws, each left out of its own, are met best."""
        weights = self.basis.T @ outcome
        best: Fit | None = None
        error = np.inf
        for penalty in _PENALTIES:
            shrunk = 1 / (1 + penalty * self.roughness)
            fitted = self.basis @ (shrunk * weights)
            leverage = (self.basis**2) @ shrunk
            residual = outcome - fitted
            # A draw that alone decides its fit says nothing of how others would be met.
            alone = leverage > 1 - _ALONE
            missed = np.where(alone, outcome - outcome.mean(), residual / np.where(alone, 1.0, 1 - leverage))
            if float(missed @ missed) < error:
                error = float(missed @ missed)
                left = len(outcome) - float(np.sum(2 * shrunk - shrunk**2))
                noise = float(residual @ residual) / left
                best = Fit(fitted, outcome - missed, float(shrunk.sum()), noise)
        assert best is not None
        return best

    def chance(self, outcome: Floats) -> float:
        """How likely the outcome would seem to depend as much on the inputs if it did not.

        The smaller of two F-tests, times two: of straight lines, parabolas and products, which find what is simple, and
        of the whole basis, which finds the rest.
        """
        from scipy.special import fdtrc

        centred = outcome - outcome.mean()
        whole = float(centred @ centred)
        if not whole:
            return 1.0
        found = []
        for basis in (self.simple, self.basis):
            explained = float(np.sum((basis.T @ centred) ** 2))
            freedom, left = basis.shape[1] - 1, len(outcome) - basis.shape[1]
            unexplained = max(whole - explained, _ALONE * whole)
            found.append(float(fdtrc(freedom, left, explained / freedom / (unexplained / left))) if freedom else 1.0)
        return min(1.0, 2 * min(found))


def _simple(inputs: Floats) -> Floats:
    """An orthonormal basis of constants, classes, straight lines, parabolas and products."""
    functions, lines = [np.ones(len(inputs))], []
    for column in inputs.T:
        scores, values = normal_scores(column), np.unique(column)
        lines.append(scores)
        functions += (
            [scores, scores**2] if len(values) > FEW else [(column == value).astype(np.float64) for value in values[1:]]
        )
    basis, sizes, _ = np.linalg.svd(np.stack([*functions, *_products(lines)], axis=1), full_matrices=False)
    return np.asarray(basis[:, sizes > 1e-9 * sizes.max()])


def _products(lines: list[Floats]) -> list[Floats]:
    """The products of any two; none if they would be too many to tell apart."""
    return [one * other for one, other in itertools.combinations(lines, 2)] if len(lines) <= _MOST_CROSSED else []


def _basis(inputs: Floats) -> tuple[Floats, Floats, Floats]:
    """Functions that are not penalised, float64[draws, functions], those that are, and the penalty between these."""
    free, curved, penalties, lines = [np.ones(len(inputs))], [], [], []
    for column in inputs.T:
        values = np.unique(column)
        scores = normal_scores(column)
        if len(values) > 1:
            lines.append(scores)
        if len(values) <= FEW:
            free += [(column == value).astype(np.float64) for value in values[1:]]
            continue
        free.append(scores)
        bends, penalty = _natural(scores)
        curved += list(bends.T)
        penalties.append(penalty)
    for product in _products(lines):
        # The mixed derivative of a product of scores is 1; in the energy of a thin plate it counts twice.
        curved.append(product)
        penalties.append(np.full((1, 1), 2.0))
    size = len(curved)
    whole, place = np.zeros((size, size)), 0
    for penalty in penalties:
        end = place + len(penalty)
        whole[place:end, place:end] = penalty
        place = end
    return np.stack(free, axis=1), np.stack(curved, axis=1) if curved else np.empty((len(inputs), 0)), whole


def _natural(scores: Floats) -> tuple[Floats, Floats]:
    """The curved part of a natural cubic spline, float64[draws, knots - 2], and its mean squared curvature."""
    shares = np.linspace(0.02, 0.98, KNOTS)
    knots = normal_quantile(shares)

    def truncated(power: int) -> Floats:
        above = np.maximum(scores[:, None] - knots, 0.0)
        steep = above**power - (above[:, -1:] ** power)
        return steep[:, :-1] / (knots[-1] - knots[:-1])

    bends, curvature = truncated(3), 6 * truncated(1)
    bends, curvature = bends[:, :-1] - bends[:, -1:], curvature[:, :-1] - curvature[:, -1:]
    return bends, curvature.T @ curvature / len(scores)


def normal_scores(values: Floats) -> Floats:
    """The standard normal quantiles of the ranks; equal values share their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return normal_quantile(((ends - counts / 2) / len(values))[place])
