"""A crisis file as a likelihood of its unknown numbers: how likely the observed path of each case is.

Every case is the file with the case's own covariates in its quantities. How likely its observed path then is, the
package's own engine works out, for all cases at once, each as one world.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.lab import Laboratory
from foederis.language.case import Case
from foederis.language.normal import normal_share
from foederis.language.sampling import quantities_with

Floats = NDArray[np.float64]
END = 5.0  # standard deviations: beyond, a range is as good as at its end, and rounding spoils slopes
_STEP = 1e-4  # in standard deviations of the file's range: between two worlds from which a slope is taken
_WIDER = 10  # times that step between two slopes, which are rounded more

_SMALL, _BLOCK = 200, 1024  # states at the end of a step; worlds


@dataclass(frozen=True)
class SeenPath:
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

    flat = 1e-6  # second differences do not tell less

    def __init__(self, case: Case, parameters: Sequence[str], paths: Sequence[SeenPath], cases: int):
        self.case, self.parameters, self.paths, self.cases = case, tuple(parameters), paths, cases
        self.size = len(parameters)
        self.units = np.ones(self.size)
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

    def slopes(self, point: Floats) -> tuple[Floats, Floats]:
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
        if np.max(np.abs(point)) > END:
            return np.inf, np.full(self.size, np.nan)
        logs, slopes = self.slopes(point)
        return -float(logs.sum()), -slopes.sum(axis=0)

    def curvature(self, point: Floats, penalty: str = "none", weights: Floats | None = None) -> Floats:
        """The sum of squared slopes, which costs nothing more and leads to the same place (Berndt, Hall, Hall & Hausman
        1974, Annals of Economic and Social Measurement 3(4): 653-665)."""
        if np.max(np.abs(point)) > END:
            return np.eye(self.size)
        slopes = self.slopes(point)[1]
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

    def covariance(self, scores: Floats) -> Floats:
        """float64[parameters, parameters]: of the parameters themselves, where there is a maximum."""
        steps = _STEP * np.eye(self.size)
        slopes = np.diag(self.values(scores + steps) - self.values(scores - steps)) / (2 * _STEP)
        return np.asarray(np.linalg.inv(self.hessian(scores)) * np.outer(slopes, slopes))
