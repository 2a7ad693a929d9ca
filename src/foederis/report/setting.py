"""Where a result stands: how many worlds, and what day a step is, in words."""

from __future__ import annotations

import datetime

from foederis.language.case import Clock
from foederis.report.words import counted


def worlds_text(draws: int, seed: int) -> str:
    """How many possible worlds a result rests on."""
    return f"{counted(draws, 'possible world')} (seed {seed}); in brackets, the middle 90 % of them."


def day(clock: Clock, steps: int) -> str:
    """The date on which this many steps have passed; empty if the clock has no start or the calendar no such day."""
    if clock.start is None:
        return ""
    try:
        return (clock.start + datetime.timedelta(days=round(clock.step_days * steps))).isoformat()
    except OverflowError:
        return ""


def step_text(clock: Clock, step: int) -> str:
    """`step 3, from 2025-07-04`."""
    begins = day(clock, step)
    return f"step {step}" + (f", from {begins}" if begins else "")
