from __future__ import annotations

import numpy as np
import pytest

from foederis.history.estimate.separation import separation


def look(x: list[float], right: list[int], scale: float = 1.0):  # type: ignore[no-untyped-def]
    design = np.column_stack([np.ones(len(x)), scale * np.array(x)])
    return separation(design, np.array(right, dtype=bool), ["constant", "x"], "2")


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_complete(scale: float) -> None:
    found = look([1, 2, 3, 4], [0, 0, 1, 1], scale)
    assert found.found
    assert found.complete
    assert set(found.weights) == {"constant", "x"}
    assert found.weights["x"] > 0 > found.weights["constant"]


def test_quasi_complete_counts_those_off_the_border() -> None:
    found = look([1, 2, 3, 3, 4], [0, 0, 0, 1, 1])
    assert (found.separated, found.cases, found.complete) == (3, 5, False)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_overlap_however_small_is_none(scale: float) -> None:
    assert not look([1, 2, 3.001, 3, 4], [0, 0, 0, 1, 1], scale).found


def test_all_one_way_is_separated_by_the_constant() -> None:
    assert look([1, 2, 3], [1, 1, 1]).complete


def test_a_dummy_that_is_never_otherwise() -> None:
    """Whenever the dummy is 1 the move went right; among the others both ways occur."""
    design = np.array([[1.0, 1], [1, 1], [1, 0], [1, 0], [1, 0]])
    found = separation(design, np.array([1, 1, 1, 0, 1], dtype=bool), ["constant", "dummy"], "2")
    assert found.separated == 2
    assert set(found.weights) == {"dummy"}


def test_no_cases_and_no_regressors() -> None:
    assert not separation(np.zeros((0, 2)), np.zeros(0, dtype=bool), ["a", "b"], "2").found
    assert not separation(np.zeros((3, 0)), np.ones(3, dtype=bool), [], "2").found
