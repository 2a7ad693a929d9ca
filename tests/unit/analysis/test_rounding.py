"""What is rounding: measured against the numbers that something was worked out from, and against 1 for small ones."""

from __future__ import annotations

import numpy as np

from foederis.analysis.rounding import difference, is_rounding


def test_rounding_grows_with_the_numbers() -> None:
    small = np.array([1e-13, 1e-11, 1e-4, 1e-2, 1e-13])
    numbers = np.array([0.0, 0.5, 1e9, -1e9, np.nan])
    assert is_rounding(small, numbers).tolist() == [True, False, True, False, False]
    assert is_rounding(1e-4, 1.0, 1e9)
    assert not is_rounding(1e-4, 1.0)


def test_differences_without_rounding() -> None:
    found = difference(np.array([1.0, 1e9 + 1e-5, 2.0, np.nan]), np.array([1.0 - 1e-14, 1e9, 1.5, 1.0]))
    np.testing.assert_array_equal(found, [0.0, 0.0, 0.5, np.nan])
