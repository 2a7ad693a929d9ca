"""How numbers of a fit are printed."""

from __future__ import annotations

import math


def short(value: float) -> str:
    """In ten places: four decimals, or powers of ten where these would hide a small number or fill the table."""
    if math.isnan(value):
        return f"{'unknown':>10}"
    return f"{value:>10.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:>10.3e}"
