"""Latin hypercubes."""

from __future__ import annotations

import numpy as np

from foederis.analysis.given_data import first_order
from foederis.analysis.latin import latin_hypercube


def test_every_part_of_every_dimension_has_one_point() -> None:
    found = latin_hypercube(50, 7, np.random.default_rng(0))
    assert np.array_equal(np.sort((found * 50).astype(int), axis=0), np.tile(np.arange(50)[:, None], 7))
    assert np.all((found > 0) & (found < 1))


def test_an_input_that_does_nothing_seems_to_do_nothing() -> None:
    """Among many dimensions, too; Sobol points fail here."""
    points = latin_hypercube(1024, 84, np.random.default_rng(1))
    answers = points[:, 1] + points[:, 20] ** 2 + 3 * points[:, 40] * points[:, 60]
    idle = [first_order(answers, points[:, column], np.ones(1024), seed=0)[0] for column in range(61, 84)]
    assert max(idle) < 0.025
