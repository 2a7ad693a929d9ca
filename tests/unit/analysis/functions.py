"""Functions whose sensitivity indices are known, on points of the unit cube."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def ishigami(points: Floats) -> Floats:
    """Ishigami & Homma (1990) with a = 7, b = 0.1, on [-pi, pi]^3."""
    x = np.pi * (2 * points - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def ishigami_indices() -> tuple[Floats, Floats]:
    """First-order and total indices, from the integrals (Saltelli, Chan & Scott 2000, section 2.9.3)."""
    a, b, pi = 7.0, 0.1, np.pi
    one, two = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8
    together = b**2 * pi**8 * (1 / 18 - 1 / 50)
    variance = one + two + together
    return np.array([one, two, 0.0]) / variance, np.array([one + together, two, together]) / variance


def centred_product(points: Floats) -> Floats:
    """The first two act only together; all others do nothing."""
    return np.asarray((points[:, 0] - 0.5) * (points[:, 1] - 0.5))
