"""The days on which steps begin."""

from __future__ import annotations

import datetime

from foederis.language.case import Clock


def date_of(clock: Clock, steps: int) -> str | None:
    """The date on which this many steps have passed; None if the clock has no start, or the calendar no such day."""
    if clock.start is None:
        return None
    try:
        return (clock.start + datetime.timedelta(days=round(clock.step_days * steps))).isoformat()
    except OverflowError:
        return None
