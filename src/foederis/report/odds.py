"""How far an observation has moved the odds of something, in words."""

from __future__ import annotations

import math

from foederis.report.words import points

THIN = 30.0  # worlds; answers that rest on fewer are marked
_ONE = 0.005  # odds multiplied by so little more or less than 1 stay as they are


def ratio_text(ratio: float | None) -> str:
    """`× 2.1`, `÷ 3.4`, `1`: by how much the odds are multiplied."""
    if ratio is None or math.isnan(ratio):
        return "–"
    if abs(ratio - 1) <= _ONE:
        return "1"
    if ratio in (0.0, math.inf):
        return "rules it out" if ratio == 0 else "proves it"
    return f"× {points(ratio)}" if ratio > 1 else f"÷ {points(1 / ratio)}"


def log_text(ratio: float) -> str:
    """The same as a logarithm: the weight of evidence."""
    if math.isnan(ratio):
        return "–"
    if ratio in (0.0, math.inf):
        return "−∞" if ratio == 0 else "+∞"
    return "0" if abs(ratio - 1) <= _ONE else points(math.log(ratio), signed=True)


def log_size(ratio: float) -> float:
    """How far odds are moved, by which observations are put in order."""
    if ratio in (0.0, math.inf):
        return math.inf
    return abs(math.log(ratio)) if ratio == ratio else 0.0


def few(effective: float) -> str:
    """A mark where an answer rests on few worlds."""
    return " [few]" if effective < THIN else ""
