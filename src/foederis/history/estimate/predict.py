"""Predicted probabilities: of cases, and along one column with what is not known about the coefficients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foederis.diagnostics import nearest
from foederis.history.estimate.errors import FitError
from foederis.history.estimate.kernels import Floats
from foederis.history.estimate.table import Table

if TYPE_CHECKING:
    from foederis.history.estimate.results import Fit

_POINTS, _DRAWS, _ENDS = 41, 1000, (0.025, 0.975)


@dataclass(frozen=True)
class Predicted:
    """Attributes:
    names: of the columns: the outcomes; or the mean offer, and how likely it is accepted.
    values: float64[cases, columns]; the probabilities of outcomes sum to 1.
    """

    names: tuple[str, ...]
    values: Floats

    def __getitem__(self, name: str) -> Floats:
        """float64[cases]

        Raises:
            FitError: nothing of that name is predicted.
        """
        if name not in self.names:
            cure = nearest(name, self.names)
            raise FitError(f"nothing called `{name}` is predicted{f'; {cure}' if cure else ''}")
        return self.values[:, self.names.index(name)]


@dataclass(frozen=True)
class Profile:
    """Predictions along one column.

    Attributes:
        column, at: the column and its values.
        names: what is predicted.
        mean: float64[values, names], at the estimated coefficients.
        low, high: the middle 95 % over coefficients as uncertain as they are; nan where that is not known.
        others: where the other columns stand.
    """

    column: str
    at: tuple[Any, ...]
    names: tuple[str, ...]
    mean: Floats
    low: Floats
    high: Floats
    others: Mapping[str, Any]


def predict(fit: Fit, data: Any) -> Predicted:
    """
    Raises:
        FitError: data that lack a column, or in which a value is missing.
    """
    return Predicted(fit.outcomes, _values(fit, fit.coefficients[None], data)[0])


def profile(fit: Fit, column: str, at: Sequence[Any] | None, others: Mapping[str, Any], *, seed: int) -> Profile:
    """
    Raises:
        FitError: no such column in the formula.
    """
    model = fit.model
    for name in (column, *others):
        if name not in model.columns:
            cure = nearest(name, model.columns)
            raise FitError(f"the formula has no column `{name}`{f'; {cure}' if cure else ''}")
    if np.ndim(at if at is not None else []) != 1:
        raise FitError(f"`at` is a list of values of `{column}`, as in `at=[0, 1]`")
    values = tuple(_range(fit, column) if at is None else at)
    if not values:
        raise FitError(f"`at` has no value of `{column}`")
    still = {name: others.get(name, _middle(fit, name)) for name in model.columns if name != column}
    data = {column: list(values), **{name: [value] * len(values) for name, value in still.items()}}
    mean = _values(fit, fit.coefficients[None], data)[0]
    drawn = _coefficients(fit, seed)
    if drawn is None:
        low = high = np.full_like(mean, np.nan)
    else:
        low, high = np.quantile(_values(fit, drawn, data), _ENDS, axis=0)
    return Profile(column, values, fit.outcomes, mean, low, high, still)


def _values(fit: Fit, coefficients: Floats, data: Any) -> Floats:
    """float64[sets, cases, names]"""
    model = fit.model
    if data is None:
        return np.exp(model.problem.outcomes(coefficients))
    table = Table(data)
    missing = ~table.complete(model.columns)
    if missing.any():
        raise FitError(f"a value is missing in row {int(np.flatnonzero(missing)[0])} of the data (counted from 0)")
    return np.exp(model.problem.outcomes(coefficients, model.data_of(table)))


def _coefficients(fit: Fit, seed: int) -> Floats | None:
    """float64[sets, coefficients]: as uncertain as they are, from the bootstrap or else normal; None if not known."""
    if fit.bootstrap is not None:
        return fit.bootstrap.coefficients if len(fit.bootstrap.coefficients) > 1 else None
    if not np.isfinite(fit.covariance).all():
        return None
    random = np.random.default_rng([seed, 3])
    root = np.linalg.cholesky(fit.covariance)
    normal = random.standard_normal((_DRAWS, len(root)))
    return np.asarray(fit.coefficients + normal @ root.T)


def _range(fit: Fit, name: str) -> Sequence[Any]:
    model = fit.model
    if name in model.coding.levels:
        return model.coding.levels[name]
    numbers = model.table.column(name).numbers[model.rows]
    there = np.unique(numbers)
    # What has few values, such as yes and no, is shown at these.
    return [float(v) for v in (there if len(there) <= 10 else np.linspace(there[0], there[-1], _POINTS))]


def _middle(fit: Fit, name: str) -> Any:
    """The median, or the most frequent word or value where there are few."""
    model = fit.model
    column = model.table.column(name)
    if name in model.coding.levels:
        words, counts = np.unique(column.words[model.rows].astype(str), return_counts=True)
        return str(words[np.argmax(counts)])
    there, counts = np.unique(column.numbers[model.rows], return_counts=True)
    return float(there[np.argmax(counts)] if len(there) <= 2 else np.median(column.numbers[model.rows]))
