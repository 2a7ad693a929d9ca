"""The derivative of an answer from differences with two steps, and how far it can be trusted.

Source: Richardson (1911), Philosophical Transactions of the Royal Society A 210: 307-357 (extrapolation).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# A step as a part of the way from the median to the nearer end of the middle 90 %.
_STEP = 0.05


def step_width(low: Floats, middle: Floats, high: Floats) -> Floats:
    """float64[quantities]: how far to go to either side of the median; 0 where it is an end of its own range.

    Args:
        low, middle, high: float64[quantities], the 5, 50 and 95 % quantiles.
    """
    return _STEP * np.maximum(np.minimum(middle - low, high - middle), 0.0)


def derivative(middle: Floats, whole: Floats, half: Floats, width: Floats) -> tuple[Floats, Floats]:
    """The derivative at the median, and an estimate of its error.

    Args:
        middle: float64[quantities], the answer at the median.
        whole, half: float64[2, quantities], a step below and a step above it; half a step.
        width: float64[quantities], the length of a step; where it is 0 there is no derivative.
    Returns:
        float64[quantities] twice; nan where there is no derivative. The error is large where the answer has a bend or
        a jump near the median: what a smooth answer's one-sided slopes differ by halves with the step.
    """
    width = np.where(width > 0, width, np.nan)
    coarse = (whole[1] - whole[0]) / (2 * width)
    fine = (half[1] - half[0]) / width
    found = fine + (fine - coarse) / 3
    bend = (whole[1] - 2 * middle + whole[0]) / width
    fine_bend = (half[1] - 2 * middle + half[0]) / (width / 2)
    return found, np.maximum(np.abs(found - fine), np.abs(fine_bend - bend / 2))
