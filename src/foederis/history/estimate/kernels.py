"""Log-likelihoods with their exact derivatives, compiled by JAX, and the penalty that keeps estimates finite.

Sources: Greenland & Mansournia (2015), Statistics in Medicine 34(23): 3133-3143 (log-F); Crisman-Cox, Gasparyan &
Signorino (2023), Political Analysis 31(3) (in strategic models).
"""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from foederis.solve import device  # noqa: F401  double precision, and a cache of compiled kernels on disk
from foederis.solve.lazy import jax, jnp

Floats = NDArray[np.float64]
NONE, LOG_F, NORMAL = "none", "log-F", "normal"


class Likelihood(Protocol):
    """A model's likelihood; hashable, since a compiled kernel belongs to it."""

    def cases(self, coefficients: Any, data: Any) -> Any:
        """float64[cases]: the log-likelihood of each."""

    def outcomes(self, coefficients: Any, data: Any) -> Any:
        """float64[cases, outcomes]: the logarithm of how likely each outcome is."""

    def penalised(self) -> tuple[bool, ...]:
        """For each coefficient, whether a penalty holds it near 0: those of utilities, not those of scales."""


class WithPrior(Likelihood, Protocol):
    """A likelihood with a prior of its own, which the penalty `normal` adds."""

    def log_prior(self, coefficients: Any, data: Any) -> Any:
        """The logarithm of its density but for a constant."""


def _objective(likelihood: Likelihood, prior: bool, coefficients: Any, data: Any, weights: Any, held: Any) -> Any:
    """What is made small: minus the log-likelihood of the weighted cases, and the penalty.

    Args:
        prior: whether the likelihood's own prior is added.
        held: float64[coefficients]: 1 where the log-F penalty holds a coefficient, 0 elsewhere; data and no choice of
            kernels, since compiling one takes longer than a fit.
    """
    value = jnp.sum(weights * likelihood.cases(coefficients, data))
    # The logarithm of a log-F(1, 1) density but for a constant, as if half a success and half a failure were added.
    value += jnp.sum(held * (coefficients / 2 - jnp.logaddexp(0.0, coefficients)))
    if prior:
        value += cast(WithPrior, likelihood).log_prior(coefficients, data)
    return -value


@partial(jax.jit, static_argnums=(0, 1))
def _value_and_gradient(
    likelihood: Likelihood, prior: bool, coefficients: Any, data: Any, weights: Any, held: Any
) -> Any:
    return jax.value_and_grad(_objective, argnums=2)(likelihood, prior, coefficients, data, weights, held)


@partial(jax.jit, static_argnums=(0, 1))
def _hessian(likelihood: Likelihood, prior: bool, coefficients: Any, data: Any, weights: Any, held: Any) -> Any:
    return jax.hessian(_objective, argnums=2)(likelihood, prior, coefficients, data, weights, held)


@partial(jax.jit, static_argnums=0)
def _scores(likelihood: Likelihood, coefficients: Any, data: Any) -> Any:
    return jax.jacfwd(likelihood.cases)(coefficients, data)


@partial(jax.jit, static_argnums=0)
def _outcomes(likelihood: Likelihood, coefficients: Any, data: Any) -> Any:
    return jax.vmap(likelihood.outcomes, (0, None))(coefficients, data)


class Climbed(Protocol):
    """What can be made as likely as can be; see Problem for what each means. `curvature` may be an approximation of the
    hessian that costs less."""

    size: int
    flat: float

    @property
    def units(self) -> Floats: ...

    def value_and_gradient(
        self, coefficients: Floats, penalty: str = NONE, weights: Floats | None = None
    ) -> tuple[float, Floats]: ...

    def hessian(self, coefficients: Floats, penalty: str = NONE, weights: Floats | None = None) -> Floats: ...

    def curvature(self, coefficients: Floats, penalty: str = NONE, weights: Floats | None = None) -> Floats: ...


class Problem:
    """A model with its data, to be made as likely as can be.

    Attributes:
        likelihood: what is made large.
        data: arrays as the likelihood wants them.
        size: how many coefficients there are.
        cases: how many cases.
        units: float64[coefficients], above 0: what is a usual change of each coefficient.
        flat: the least curvature that is told from none, of the most, with each coefficient in units of its own
            curvature.
    """

    flat = 1e-13

    def __init__(self, likelihood: Likelihood, data: Any, cases: int, units: Floats | None = None):
        self.likelihood, self.data, self.cases = likelihood, data, cases
        self.size = len(likelihood.penalised())
        self.units = np.ones(self.size) if units is None else units
        self._even = np.ones(cases)
        nothing = np.zeros(self.size)
        self._held = {NONE: nothing, LOG_F: np.array(likelihood.penalised(), dtype=np.float64), NORMAL: nothing}

    def value_and_gradient(
        self, coefficients: Floats, penalty: str = NONE, weights: Floats | None = None
    ) -> tuple[float, Floats]:
        """Minus the log-likelihood, with the penalty, and its gradient.

        Args:
            weights: float64[cases]: how often each case counts; once if None.
        """
        counted, held = self._even if weights is None else weights, self._held[penalty]
        value, gradient = _value_and_gradient(
            self.likelihood, penalty == NORMAL, coefficients, self.data, counted, held
        )
        return float(value), np.asarray(gradient)

    def hessian(self, coefficients: Floats, penalty: str = NONE, weights: Floats | None = None) -> Floats:
        counted, held = self._even if weights is None else weights, self._held[penalty]
        return np.asarray(_hessian(self.likelihood, penalty == NORMAL, coefficients, self.data, counted, held))

    curvature = hessian

    def scores(self, coefficients: Floats) -> Floats:
        """float64[cases, coefficients]: the gradient of each case's log-likelihood, without the penalty."""
        return np.asarray(_scores(self.likelihood, coefficients, self.data))

    def outcomes(self, coefficients: Floats, data: Any = None) -> Floats:
        """float64[sets, cases, outcomes]: log-probabilities under each set of coefficients, float64[sets, size]."""
        return np.asarray(_outcomes(self.likelihood, coefficients, self.data if data is None else data))
