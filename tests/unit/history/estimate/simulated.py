"""Cases made up with known coefficients, by playing the games; nothing here is of the package."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]


def one_sided(cases: int, seed: int, *, errors: str = "agent") -> dict[str, Any]:
    """The form egame12 with u1(L) = 0.5 - x, u1(RR) = 1 + 0.5 y, u2(RR) = -0.3 + z; others 0."""
    random = np.random.default_rng(seed)
    x, y, z = random.normal(size=(3, cases))
    first, war, second = 0.5 - x, 1 + 0.5 * y, -0.3 + z
    fights = norm.cdf(second / np.sqrt(2))
    spread = np.sqrt(2) if errors == "agent" else np.sqrt(1 + fights**2 + (1 - fights) ** 2)
    escalates = norm.cdf((fights * war - first) / spread)
    return {
        "x": x,
        "y": y,
        "z": z,
        "esc": (random.random(cases) < escalates) * 1.0,
        "war": (random.random(cases) < fights) * 1.0,
    }


def three_players(cases: int, seed: int) -> dict[str, Any]:
    """The form egame123, private information, played with the shocks themselves: u1(L) = x, u1(RL) = 0.2,
    u1(RRR) = 0.8 y, u2(RL) = 0.4, u2(RRR) = z, u3(RRR) = 0.5 - w; others 0."""
    random = np.random.default_rng(seed)
    x, y, z, w = random.normal(size=(4, cases))
    third = norm.cdf((0.5 - w) / np.sqrt(2))
    second = norm.cdf((third * z - 0.4) / np.sqrt(1 + third**2 + (1 - third) ** 2))
    shocks = random.normal(size=(3, 4, cases))
    moves3 = (0.5 - w + shocks[2, 3]) > shocks[2, 2]
    moves2 = third * (z + shocks[1, 3]) + (1 - third) * shocks[1, 2] > 0.4 + shocks[1, 1]
    beyond = third * (0.8 * y + shocks[0, 3]) + (1 - third) * shocks[0, 2]
    moves1 = second * beyond + (1 - second) * (0.2 + shocks[0, 1]) > x + shocks[0, 0]
    outcome = np.where(~moves1, 0, np.where(~moves2, 1, np.where(~moves3, 2, 3)))
    return {"x": x, "y": y, "z": z, "w": w, "outcome": outcome}
