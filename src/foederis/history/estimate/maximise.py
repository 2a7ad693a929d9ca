"""The largest likelihood, looked for from several starts, each judged by its gradient and its curvature.

Source: trust regions with exact derivatives, Conn, Gould & Toint (2000), Trust Region Methods, ch. 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from foederis.history.estimate.kernels import NONE, Climbed, Floats

_STEPS = 500
_SLOPE = 1e-9  # the gradient's norm at which a search ends
_POLISH, _ROUNDING = 10, 1e-12
_STILL = 1e-6  # in standard errors: how far Newton's next step may lead at a maximum
_SETTLED = 1e-5  # and how far in the coefficients themselves, of 1 and their size
_NOWHERE = 1e300  # in place of a likelihood that is not finite
_SAME = 1e-4  # two maxima whose log-likelihoods differ by no more are one


@dataclass(frozen=True)
class Start:
    """What became of one start.

    Attributes:
        name: where it began.
        coefficients: float64[coefficients], where it stopped.
        objective: the log-likelihood there, with the penalty if there is one.
        gradient_norm: of the objective, summed over cases.
        failure: why this is no maximum; empty if it is one.
    """

    name: str
    coefficients: Floats
    objective: float
    gradient_norm: float
    failure: str = ""


def climb(problem: Climbed, name: str, start: Floats, penalty: str = NONE, weights: Floats | None = None) -> Start:
    """Goes up from one start, in the problem's own units, so that it does not matter in which ones data are given."""
    units = problem.units
    scaled, begun = _Scaled(problem, penalty, weights), start / units
    with np.errstate(all="ignore"):
        first, slope = scaled.value_and_gradient(begun)
        if not (np.isfinite(first) and np.isfinite(slope).all()):
            return Start(name, start, -np.inf, float("nan"), "the likelihood is not finite where it begins")
        options = {"gtol": _SLOPE, "maxiter": _STEPS, "initial_trust_radius": 1.0}
        try:
            found = minimize(
                scaled.bounded, begun, jac=True, hess=scaled.curvature, method="trust-exact", options=options
            ).x
        except (OverflowError, np.linalg.LinAlgError):  # of the trust region's own arithmetic
            why = "the search left what numbers can hold"
            return Start(name, start, -first, float(np.linalg.norm(slope / units)), why)
        found = _polish(scaled, found)
        value, gradient = scaled.value_and_gradient(found)
        failure = _judge(found, gradient, scaled.hessian(found), problem.flat)
    return Start(name, found * units, -value, float(np.linalg.norm(gradient / units)), failure)


@dataclass(frozen=True)
class _Scaled:
    """A problem in its own units, with a penalty and weights."""

    problem: Climbed
    penalty: str
    weights: Floats | None

    def value_and_gradient(self, point: Floats) -> tuple[float, Floats]:
        units = self.problem.units
        value, gradient = self.problem.value_and_gradient(point * units, self.penalty, self.weights)
        return value, gradient * units

    def bounded(self, point: Floats) -> tuple[float, Floats]:
        """A search turns back where the likelihood is not finite."""
        value, gradient = self.value_and_gradient(point)
        if np.isfinite(value) and np.isfinite(gradient).all():
            return value, gradient
        return _NOWHERE, np.zeros_like(point)

    def curvature(self, point: Floats) -> Floats:
        units = self.problem.units
        return np.nan_to_num(self.problem.curvature(point * units, self.penalty, self.weights) * np.outer(units, units))

    def hessian(self, point: Floats) -> Floats:
        units = self.problem.units
        return self.problem.hessian(point * units, self.penalty, self.weights) * np.outer(units, units)


def _polish(scaled: _Scaled, point: Floats) -> Floats:
    """A few steps by the curvature, as long as each makes the gradient smaller and the objective no worse: trust
    regions end where the objective's own rounding hides what is still to be gained."""
    value, gradient = scaled.value_and_gradient(point)
    for _ in range(_POLISH):
        try:
            step = np.linalg.solve(scaled.curvature(point), gradient)
        except np.linalg.LinAlgError:
            break
        next_value, next_gradient = scaled.value_and_gradient(point - step)
        better = np.linalg.norm(next_gradient) < np.linalg.norm(gradient)
        if not (better and next_value <= value + _ROUNDING * max(1.0, abs(value))):
            break
        point, value, gradient = point - step, next_value, next_gradient
    return point


def _judge(point: Floats, gradient: Floats, hessian: Floats, flat: float) -> str:
    """Why a point is no maximum; empty if it is one."""
    if not (np.isfinite(hessian).all() and np.isfinite(gradient).all()):
        return "the likelihood is not finite where it stopped"
    diagonal = np.diag(hessian)
    if (diagonal <= 0).any():
        return "the likelihood does not fall on all sides"
    scale = 1 / np.sqrt(diagonal)
    curvatures = np.linalg.eigvalsh(hessian * np.outer(scale, scale))
    if curvatures[0] <= flat * curvatures[-1]:
        return "the likelihood is flat in some direction, so the variance matrix is singular"
    step = np.linalg.solve(hessian, gradient)
    if not float(gradient @ step) <= _STILL**2:
        return f"the gradient is not zero (its norm is {np.linalg.norm(gradient):.2g})"
    # Where coefficients grow without end the likelihood flattens out, and so do its errors: only steps show it.
    if not np.max(np.abs(step) / (1 + np.abs(point))) <= _SETTLED:
        return "some coefficients still grow, so there is no finite maximum"
    return ""


def best_of(starts: list[Start]) -> tuple[Start, tuple[Start, ...]]:
    """The best maximum, or where there is none the best point; and all starts, those that stopped at a lower maximum
    marked as failures too."""
    reached = [start for start in starts if not start.failure] or starts
    best = max(reached, key=lambda start: start.objective)
    marked = []
    for start in starts:
        below = best.objective - start.objective
        if not start.failure and below > _SAME:
            failure = f"another maximum, lower by {below:.4g}"
            start = Start(start.name, start.coefficients, start.objective, start.gradient_norm, failure)
        marked.append(start)
    return best, tuple(marked)
