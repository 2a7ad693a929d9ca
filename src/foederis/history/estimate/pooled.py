"""A logit of one choice, partly pooled: coefficients are held near 0, and cases of one cluster share an unknown.

In cluster g, case i comes out as 1 with probability Λ(x_i b + τ z_g), z_g standard normal. The likelihood of a cluster
is the mean over z, by Gauss-Hermite quadrature. Coefficients have normal priors, τ a gamma prior of shape 2, which
keeps its mode off 0.

Sources: Gelman & Hill (2007), Data Analysis Using Regression and Multilevel/Hierarchical Models, ch. 14; Chung,
Rabe-Hesketh, Dorie, Gelman & Liu (2013), Psychometrika 78(4): 685-709 (the prior of τ).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from foederis.history.estimate.errors import FitError
from foederis.history.estimate.kernels import NORMAL, Floats, Problem
from foederis.history.estimate.maximise import climb

Array = Any
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_LOG_WEIGHTS = np.log(_WEIGHTS / _WEIGHTS.sum())
_USUAL_SPREAD = 1.0  # 1 / rate of the gamma prior of τ, whose mode it is
_BEGUN = -1.0  # log τ where the search begins


@dataclass(frozen=True)
class PooledLikelihood:
    """Attributes:
    regressors, clusters: how many there are.

    `data` has `design` float64[cases, regressors], `came` float64[cases] (0 or 1), `cluster` int[cases], and `held`
    float64[regressors], the standard deviations of the priors. Coefficients are those of the regressors, then log τ.
    What counts as a case to the package's other parts is a cluster here.
    """

    regressors: int
    clusters: int

    def _sums(self, coefficients: Array, data: Any) -> Array:
        """float64[cases, nodes]"""
        middle = data["design"] @ coefficients[:-1]
        return middle[:, None] + jnp.exp(coefficients[-1]) * jnp.asarray(_NODES)

    def cases(self, coefficients: Array, data: Any) -> Array:
        """float64[clusters]: the log-likelihood of each."""
        sums = self._sums(coefficients, data)
        logs = jax.nn.log_sigmoid(jnp.where(data["came"][:, None] > 0, sums, -sums))
        together = jax.ops.segment_sum(logs, data["cluster"], num_segments=self.clusters)
        return jax.scipy.special.logsumexp(together + jnp.asarray(_LOG_WEIGHTS), axis=1)

    def outcomes(self, coefficients: Array, data: Any) -> Array:
        """float64[cases, 2]: the logarithms of how likely 0 and 1 are, in a cluster of which nothing is known."""
        sums = self._sums(coefficients, data)
        sides = jnp.stack([jax.nn.log_sigmoid(-sums), jax.nn.log_sigmoid(sums)], axis=-1)
        return jax.scipy.special.logsumexp(sides + jnp.asarray(_LOG_WEIGHTS)[:, None], axis=1)

    def penalised(self) -> tuple[bool, ...]:
        return (True,) * self.regressors + (False,)

    def log_prior(self, coefficients: Array, data: Any) -> Array:
        spread = coefficients[-1]
        held = -0.5 * jnp.sum((coefficients[:-1] / data["held"]) ** 2)
        return held + spread - jnp.exp(spread) / _USUAL_SPREAD


@dataclass(frozen=True)
class PooledFit:
    """A fitted logit: coefficients float64[regressors], and τ, how much clusters differ."""

    problem: Problem
    coefficients: Floats
    spread: float

    def predict(self, design: Floats) -> Floats:
        """float64[cases]: how likely 1 is, each case in a new cluster."""
        point = np.append(self.coefficients, np.log(self.spread))
        data = {"design": np.asarray(design, dtype=np.float64)}
        return np.asarray(np.exp(self.problem.outcomes(point[None], data)[0, :, 1]))


class PooledProblem:
    """Data of a partly pooled logit, to be fitted under several weights of its clusters.

    Args:
        design: float64[cases, regressors]; came: bool[cases].
        cluster: int[cases], 0 to clusters - 1.
        held: float64[regressors], above 0: how far from 0 each coefficient may be expected.
    """

    def __init__(self, design: Floats, came: NDArray[np.bool_], cluster: NDArray[np.int64], held: Floats):
        clusters = int(cluster.max()) + 1
        data = {"design": design, "came": came.astype(np.float64), "cluster": cluster, "held": held}
        self._problem = Problem(PooledLikelihood(design.shape[1], clusters), data, clusters)
        self._begun = np.append(np.zeros(design.shape[1]), _BEGUN)

    def fit(self, weights: Floats | None = None) -> PooledFit:
        """The mode of the posterior.

        Args:
            weights: float64[clusters], how much each counts; 0 leaves it out. Once if None.
        Raises:
            FitError: no maximum was reached.
        """
        found = climb(self._problem, "pooled", self._begun, NORMAL, weights)
        if found.failure:
            raise FitError(f"the partly pooled logit has no maximum: {found.failure}")
        self._begun = found.coefficients  # the next weights differ by little
        return PooledFit(self._problem, found.coefficients[:-1], float(np.exp(found.coefficients[-1])))
