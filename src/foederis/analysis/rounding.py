"""What is rounding in a number that was worked out, and so counts as nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NOTHING = 1e-12  # what is below this, or below this part of the numbers that it was worked out from, is rounding


def is_rounding(small: Floats | float, *numbers: Floats | float) -> NDArray[np.bool_]:
    """bool[...]: where `small`, which was worked out from these numbers, is not more than their rounding."""
    size: Floats | float = 1.0
    for number in numbers:
        size = np.maximum(size, np.abs(number))
    return np.asarray(np.abs(small) <= NOTHING * size)


def difference(one: Floats, other: Floats) -> Floats:
    """One less the other, 0 where that is only rounding; nan where either is."""
    found = one - other
    return np.where(is_rounding(found, one, other), 0.0, found)
