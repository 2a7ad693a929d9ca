"""Latin hypercubes: points that are spread evenly along each dimension, and at random otherwise.

For what is read off a plain sample they are better than Sobol points: in many dimensions some pairs of those lie on
patterns, and then an input that does nothing seems to do what the other one does.

Source: McKay, Beckman & Conover (1979), Technometrics 21(2): 239-245.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from foederis.language.case import Case
from foederis.language.sampling import dimensions, quantities_at


def latin_hypercube(points: int, dimensions: int, random: np.random.Generator) -> NDArray[np.float64]:
    """float64[points, dimensions] in (0, 1): in each dimension one point in each of as many equal parts."""
    strata = random.permuted(np.tile(np.arange(points), (dimensions, 1)), axis=1).T
    found = (strata + random.uniform(size=strata.shape)) / points
    return np.clip(found, 2.0**-34, 1 - 2.0**-34)


def latin_worlds(case: Case, draws: int, *, seed: int) -> dict[str, NDArray[np.float64]]:
    """{quantity: float64[draws]}: worlds for what is read off a plain sample. They are not those of `solve`."""
    return quantities_at(case, latin_shares(dimensions(case), draws, seed=seed), draws)


def latin_shares(names: Iterable[str], points: int, *, seed: int) -> dict[str, NDArray[np.float64]]:
    """{name: float64[points] in (0, 1)}: a Latin hypercube in which the points of a name do not depend on how many
    names come after it."""
    columns = (latin_hypercube(points, 1, np.random.default_rng([seed, points, place])) for place in range(2**31))
    return {name: column[:, 0] for name, column in zip(names, columns, strict=False)}
