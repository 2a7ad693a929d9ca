"""Bars of block characters, and shares beside them."""

from __future__ import annotations

import math

_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(share: float, width: int) -> str:
    """A bar of at most `width` characters for a share from 0 to 1; whatever is above 0 shows."""
    if not share > 0:
        return ""
    eighths = max(1, round(8 * width * min(share, 1.0)))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def part(share: float, unit: str = " %") -> str:
    """A share in percent: whole from 10 % on, with one digit below; it may be negative or above 1."""
    if math.isnan(share):
        return "–"
    digits = 0 if abs(share) >= 0.0995 else 1
    shown = f"{100 * share:.{digits}f}"
    return ("0" if float(shown) == 0 else shown).replace("-", "−") + unit


def span(low: float, high: float) -> str:
    """An interval of shares in brackets."""
    return f"({part(low, '')} to {part(high)})"
