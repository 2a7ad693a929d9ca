"""Standard errors where cases come in clusters that share what the model does not see, as cases of one war do.

Sources: Liang & Zeger (1986), Biometrika 73(1): 13-22; Cameron & Miller (2015), Journal of Human Resources 50(2):
317-372, for the factor clusters / (clusters - 1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foederis.history.estimate.errors import FitError
from foederis.history.estimate.kernels import Floats
from foederis.history.estimate.model import Model


def clusters_of(model: Model, column: str) -> NDArray[np.int64]:
    """int64[cases]: the cluster of each case that is used, from 0.

    Raises:
        FitError: no such column, a case without a cluster, or too few clusters for errors of so many coefficients.
    """
    if not isinstance(column, str):
        raise FitError(f"`cluster` is the name of one column, not {column!r}")
    found = model.table.column(column)
    if (found.missing & model.rows).any():
        count = int((found.missing & model.rows).sum())
        raise FitError(f"{count} of the cases used have no value in `{column}`, the column of clusters; leave them out")
    values = (found.words.astype(str) if found.levels else found.numbers)[model.rows]
    names, place = np.unique(values, return_inverse=True)
    if len(names) <= model.problem.size:
        raise FitError(
            f"`{column}` has {len(names)} clusters among the cases used, which say nothing of the errors of "
            f"{model.problem.size} coefficients; there must be more clusters than coefficients"
        )
    return place.astype(np.int64)


def sandwich(bread: Floats, scores: Floats, cluster: NDArray[np.int64]) -> Floats:
    """The variance of estimates that are right on average though cases of a cluster are not independent.

    Args:
        bread: float64[coefficients, coefficients], the inverse of the observed information.
        scores: float64[cases, coefficients], each case's gradient; cluster: int64[cases], from 0.
    """
    count = int(cluster.max()) + 1
    sums = np.zeros((count, scores.shape[1]))
    np.add.at(sums, cluster, scores)
    return np.asarray(count / (count - 1) * bread @ (sums.T @ sums) @ bread)
