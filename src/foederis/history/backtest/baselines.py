"""What a model has to beat: constants, shares of the past, and a logit of the treaty's kind alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from foederis.history.backtest.questions import Question
from foederis.history.backtest.splits import Fold

Floats = NDArray[np.float64]
KNOWN_RATE = 0.745  # of Leeds, Long & Mitchell (2000), 1816 to 1944
_CELL = ("defense", "offense", "neutrality", "multilateral")
_LOGIT = ("defense", "offense", "neutrality", "nonaggression", "multilateral")
_SHRUNK = 4.0  # cases that the base rate counts in a cell
_RIDGE = 2.0  # of regressors scaled to a spread of 1


def _came(asked: Sequence[Question]) -> Floats:
    return np.array([float(bool(question.kept)) for question in asked])


def _terms(asked: Sequence[Question], names: Sequence[str]) -> Floats:
    return np.array([[float(question.terms[name]) for name in names] for question in asked])


@dataclass(frozen=True)
class Baseline:
    """A way to foretell without a model of ours; see Specification."""

    name: str
    rule: Callable[[Sequence[Question], Fold], Floats]

    def prepare(self, asked: Sequence[Question]) -> PreparedBaseline:
        return PreparedBaseline(self, asked)


@dataclass(frozen=True)
class PreparedBaseline:
    baseline: Baseline
    asked: Sequence[Question]

    def foretell(self, fold: Fold) -> Floats:
        return self.baseline.rule(self.asked, fold)


def _constant(value: float) -> Callable[[Sequence[Question], Fold], Floats]:
    return lambda asked, fold: np.full(int(fold.foretold.sum()), value)


def _rate(came: Floats) -> float:
    """Laplace's rule, so that it is never 0 or 1."""
    return float((came.sum() + 1) / (len(came) + 2))


def _running(asked: Sequence[Question], fold: Fold) -> Floats:
    return np.full(int(fold.foretold.sum()), _rate(_came(asked)[fold.learned]))


def _by_cell(asked: Sequence[Question], fold: Fold) -> Floats:
    """Shares by kind of obligation and number of members, drawn towards the base rate."""
    came, cells = _came(asked), _terms(asked, _CELL)
    whole = _rate(came[fold.learned])
    found = []
    for cell in cells[fold.foretold]:
        there = fold.learned & (cells == cell).all(axis=1)
        found.append((came[there].sum() + _SHRUNK * whole) / (there.sum() + _SHRUNK))
    return np.array(found)


def _logit(asked: Sequence[Question], fold: Fold) -> Floats:
    came, values = _came(asked)[fold.learned], _terms(asked, _LOGIT)
    mean, spread = values[fold.learned].mean(axis=0), values[fold.learned].std(axis=0)
    design = np.column_stack([np.ones(len(values)), (values - mean) / np.where(spread > 0, spread, 1.0)])
    found = logit(design[fold.learned], came, _RIDGE)
    return np.asarray(expit(design[fold.foretold] @ found))


def logit(design: Floats, came: Floats, ridge: float) -> Floats:
    """The coefficients of a logit, float64[regressors], of which the first is the constant.

    Args:
        design: float64[cases, regressors]; came: float64[cases], 0 or 1.
        ridge: half of it times the squared coefficients but the constant's is the penalty.
    """
    held = np.append(0.0, np.full(design.shape[1] - 1, ridge))

    def objective(point: Floats) -> tuple[float, Floats]:
        sums = design @ point
        value = np.sum(np.logaddexp(0.0, sums) - came * sums) + np.sum(held * point**2) / 2
        return float(value), design.T @ (expit(sums) - came) + held * point

    return np.asarray(minimize(objective, np.zeros(design.shape[1]), jac=True, method="BFGS").x)


BASELINES = (
    Baseline("0.5", _constant(0.5)),
    Baseline("0.745", _constant(KNOWN_RATE)),
    Baseline("running base rate", _running),
    Baseline("obligation x multilateral", _by_cell),
    Baseline("logit of the terms", _logit),
)
