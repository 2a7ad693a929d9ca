"""Questions made up for tests that need no data."""

from __future__ import annotations

import numpy as np

from foederis.history.backtest.questions import Question

TERMS = {"defense": True, "offense": False, "neutrality": False, "nonaggression": False, "multilateral": False}


def question(
    war: int, began: str, *, alliance: int = 1, kept: bool = True, year: int | None = None, **terms: bool
) -> Question:
    day = np.datetime64(began, "D")
    sides = (frozenset({1}), frozenset({2}))
    named = (war, f"War{war}", day, alliance, day, sides, kept)
    return Question(*named, int(began[:4]) if year is None else year, {**TERMS, **terms})
