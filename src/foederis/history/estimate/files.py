"""Fits a crisis file to many observed cases: its unknown numbers, under which what was observed is likeliest.

Every case is the file with the case's own covariates in its quantities. How likely its observed path then is, the
package's own engine works out, for all cases at once, each as one world.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.gallery import load
from foederis.analysis.lab import Laboratory
from foederis.diagnostics import nearest
from foederis.history.estimate.errors import FitError
from foederis.history.estimate.file_results import FileFit
from foederis.history.estimate.maximise import best_of, climb
from foederis.history.estimate.table import Table
from foederis.language import check
from foederis.language.case import Case
from foederis.language.normal import normal_share
from foederis.language.sampling import quantities_with

Floats = NDArray[np.float64]
_STEP = 1e-4  # in standard deviations of the file's range: between two worlds from which a slope is taken
_WIDER = 10  # times that step between two slopes, which are rounded more
_END = 5.0  # beyond so many of them a range is as good as at its end, and rounding spoils slopes

_SMALL, _BLOCK = 200, 1024  # states at the end of a step; worlds


@dataclass(frozen=True)
class _Path:
    """The cases with one path.

    Attributes:
        rows: int64[cases of this path]: their places among all cases.
        covariates: {quantity: float64[cases of this path]}.
    """

    name: str
    laboratory: Laboratory
    rows: NDArray[np.int64]
    covariates: Mapping[str, Floats]


def _block(laboratory: Laboratory, draws: int) -> int | None:
    """Thousands of worlds of a small game cost less in large blocks; None leaves it to the solver."""
    small = len(laboratory.game.structure.end_codes) <= _SMALL and not laboratory.game.roster.typed
    return _BLOCK if small and draws > _BLOCK // 4 else None


class FileProblem:
    """A file's unknowns as standard normal scores: 0 is the median of the file's range, ±1.645 are the ends of its
    90 %. So a number that the file keeps positive stays positive."""

    def __init__(self, case: Case, parameters: Sequence[str], paths: Sequence[_Path], cases: int):
        self.case, self.parameters, self.paths, self.cases = case, tuple(parameters), paths, cases
        self.size = len(parameters)
        self._last: tuple[bytes, Floats, Floats] | None = None
        self._hessians: dict[bytes, Floats] = {}

    def values(self, scores: Floats) -> Floats:
        """The parameters themselves, of float64[…, parameters]."""
        found = np.empty_like(scores)
        for place, name in enumerate(self.parameters):
            distribution = self.case.quantities[name].distribution
            assert distribution is not None
            found[..., place] = distribution.quantile(normal_share(scores[..., place]))
        return found

    def log_likelihoods(self, scores: Floats) -> Floats:
        """float64[sets, cases], for sets of scores, float64[sets, parameters]: all in one go."""
        found = np.empty((len(scores), self.cases))
        values = self.values(scores)
        for path in self.paths:
            count = len(path.rows)
            known = {name: np.tile(column, len(scores)) for name, column in path.covariates.items()}
            for place, name in enumerate(self.parameters):
                known[name] = np.repeat(values[:, place], count)
            draws = count * len(scores)
            worlds = quantities_with(path.laboratory.case, known, draws)
            what = f"cases with the path `{path.name}`"
            told = path.laboratory.solve(worlds, draws, what, block=_block(path.laboratory, draws))
            found[:, path.rows] = told.baseline.evidence.reshape(len(scores), count)
        return found

    def _scores(self, point: Floats) -> tuple[Floats, Floats]:
        """The log-likelihood of each case, and its slopes, float64[cases, parameters], by central differences."""
        key = point.tobytes()
        if self._last is None or self._last[0] != key:
            steps = _STEP * np.eye(self.size)
            logs = self.log_likelihoods(np.concatenate([point[None], point + steps, point - steps]))
            slopes = (logs[1 : 1 + self.size] - logs[1 + self.size :]).T / (2 * _STEP)
            self._last = key, logs[0], slopes
        return self._last[1:]

    def value_and_gradient(
        self, point: Floats, penalty: str = "none", weights: Floats | None = None
    ) -> tuple[float, Floats]:
        """As of Problem."""
        if np.max(np.abs(point)) > _END:
            return np.inf, np.full(self.size, np.nan)
        logs, slopes = self._scores(point)
        return -float(logs.sum()), -slopes.sum(axis=0)

    def curvature(self, point: Floats, penalty: str = "none", weights: Floats | None = None) -> Floats:
        """The sum of squared slopes, which costs nothing more and leads to the same place (Berndt, Hall, Hall & Hausman
        1974, Annals of Economic and Social Measurement 3(4): 653-665)."""
        if np.max(np.abs(point)) > _END:
            return np.eye(self.size)
        slopes = self._scores(point)[1]
        return np.asarray(slopes.T @ slopes)

    def hessian(self, point: Floats, penalty: str = "none", weights: Floats | None = None) -> Floats:
        """By central differences of the gradient; kept, since each takes many solves."""
        key = point.tobytes()
        if key not in self._hessians:
            rows = []
            for step in _WIDER * _STEP * np.eye(self.size):
                ahead, behind = (self.value_and_gradient(place)[1] for place in (point + step, point - step))
                rows.append((ahead - behind) / (2 * _WIDER * _STEP))
            self._hessians[key] = (np.array(rows) + np.array(rows).T) / 2
        return self._hessians[key]


def fit_file(
    case: Case | str | Path,
    data: Any,
    *,
    parameters: Sequence[str],
    path: str,
    paths: Mapping[Any, str],
    starts: int = 1,
    seed: int = 0,
) -> FileFit:
    """Fits a crisis file to observed cases by maximum likelihood.

    Columns of the data that have the name of an uncertain quantity of the file are covariates: in each case the
    quantity has the value of its row. Uncertain quantities that are neither covariates nor parameters stand at their
    medians. What is observed in the file itself is not looked at.

    Args:
        case: a case, or the name or file of one.
        data: a table with a row for each observed case, as of `fit`. Rows with a missing value are left out and
            counted.
        parameters: the uncertain quantities to be estimated. Their ranges in the file say where to look: the search
            begins at the medians and goes far beyond the ends.
        path: the column that says which path a case took.
        paths: for each value of that column what was observed, as under `observed` in a file:
            `"[{step: 0, rival: hold}]"`.
        starts: how many random starts there are, beside the medians.
        seed: 0 or more, of random starts.
    Raises:
        CaseError: a path or a number that means nothing in the file.
        FitError: names that do not fit, or a case whose path cannot happen.
    """
    case = case if isinstance(case, Case) else load(case)
    table = Table(data)
    covariates = [name for name in case.uncertain if name in table.names and name not in parameters]
    _check(case, parameters, table)
    rows = table.complete([*covariates, path])
    column = table.column(path)
    texts = {_text(key): text for key, text in paths.items()}
    seen = [_text(value) for value in (column.words if column.levels else column.numbers)[rows]]
    unknown = sorted(set(seen) - set(texts))
    if unknown:
        raise FitError(f"`paths` does not say what was observed where `{path}` is `{unknown[0]}`")
    if len(seen) < len(parameters):
        raise FitError(f"{len(seen)} complete cases are too few for {len(parameters)} parameters")
    made = []
    for name in sorted(set(seen)):
        changed = check.change(case, check.parse_settings([f"observed={texts[name]}"]), context=f"the path `{name}`")
        places = np.flatnonzero([one == name for one in seen])
        own = {quantity: table.column(quantity).numbers[rows][places] for quantity in covariates}
        made.append(_Path(name, Laboratory(changed, []), places, own))
    problem = FileProblem(case, parameters, made, len(seen))
    first = problem.log_likelihoods(np.zeros((1, problem.size)))[0]
    if not np.isfinite(first).all():
        row = int(np.flatnonzero(rows)[np.flatnonzero(~np.isfinite(first))[0]])
        raise FitError(
            f"the file gives the path of row {row} (counted from 0) no chance, with every parameter at its median"
        )
    random = np.random.default_rng([seed, 4])
    begun = [("medians", np.zeros(problem.size))]
    begun += [(f"random {k + 1}", random.normal(0, 0.5, problem.size)) for k in range(starts)]
    best, judged = best_of([climb(problem, name, start) for name, start in begun])
    still = tuple(name for name in case.uncertain if name not in covariates and name not in parameters)
    residual = max(part.laboratory.residual for part in made)
    return FileFit(
        case,
        tuple(parameters),
        tuple(covariates),
        still,
        problem.values(best.coefficients),
        _covariance(problem, best.coefficients, best.failure),
        best,
        judged,
        {part.name: len(part.rows) for part in made},
        table.rows - len(seen),
        residual,
    )


def _check(case: Case, parameters: Sequence[str], table: Table) -> None:
    if not parameters:
        raise FitError("`parameters` names the quantities to be estimated, at least one")
    for name in parameters:
        if name not in case.quantities:
            cure = nearest(name, case.uncertain)
            raise FitError(f"the file has no quantity `{name}`{f'; {cure}' if cure else ''}")
        if name not in case.uncertain:
            raise FitError(
                f"the quantity `{name}` is no range, so it cannot be estimated; give it one, as in `-2 to 2`"
            )
    for name in table.names:
        if name in case.quantities and name not in case.uncertain:
            raise FitError(
                f"the quantity `{name}` is no range, so it cannot be a covariate; give it one, as in `-2 to 2`"
            )
        if name in case.uncertain and name not in parameters and table.column(name).levels:
            raise FitError(f"the column `{name}` has words where the file wants a number")


def _text(value: Any) -> str:
    """1 and 1.0 are the same path."""
    try:
        return f"{float(value):g}"
    except (TypeError, ValueError):
        return str(value)


def _covariance(problem: FileProblem, scores: Floats, failure: str) -> Floats:
    """Of the parameters themselves; nan where there is no maximum."""
    if failure:
        return np.full((problem.size, problem.size), np.nan)
    steps = _STEP * np.eye(problem.size)
    slopes = np.diag(problem.values(scores + steps) - problem.values(scores - steps)) / (2 * _STEP)
    return np.asarray(np.linalg.inv(problem.hessian(scores)) * np.outer(slopes, slopes))
