"""Values and ranges of a quantity in words."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from foederis.report.quantities import quantity_range, quantity_value

CASE = fd.loads("""
foederis: 1
title: Quantities of all kinds
clock: {step: 1 week, steps: 1}
quantities:
  stake: {value: "uniform(0, 10)", unit: points}
  chance: uniform(1%, 99%)
  mood: choice(2 = 30%, 5 = 30%, 9 = 40%)
  part: choice(20% = 30%, 50% = 70%)
  width: 5 to 20 @ 80%
  fixed: 30%
""")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("stake", 5, "5.00 points"),
        ("chance", 0.123, "12 %"),
        ("mood", 5, "5"),
        ("part", 0.5, "50 %"),
        ("width", 5, "5.00"),
        ("fixed", 0.3, "30 %"),
    ],
)
def test_values(name: str, value: float, expected: str) -> None:
    assert quantity_value(CASE, name, value) == expected


@pytest.mark.parametrize(
    ("name", "low", "high", "expected"),
    [
        ("stake", 3.0, np.inf, "above 3.00 points"),
        ("chance", -np.inf, 0.25, "below 25 %"),
        ("chance", 0.1, 0.25, "between 10 % and 25 %"),
        ("mood", 3.5, 7.0, "5"),
        ("mood", 3.5, np.inf, "5 or 9"),
        ("part", -np.inf, 0.3, "20 %"),
    ],
)
def test_ranges(name: str, low: float, high: float, expected: str) -> None:
    assert quantity_range(CASE, name, low, high) == expected
