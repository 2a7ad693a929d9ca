"""Where a result stands: how many worlds, and what day a step is, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from foederis.analysis.answers import Estimate
from foederis.analysis.dates import date_of
from foederis.analysis.rounding import is_rounding
from foederis.analysis.standing import Standing
from foederis.language.case import Clock, Observation
from foederis.report.words import counted, percent


def worlds_text(draws: int, seed: int) -> str:
    """How many possible worlds a result rests on."""
    return f"{counted(draws, 'possible world')} (seed {seed}); in brackets, the middle 90 % of them."


def spread_text(estimate: Estimate, show: Callable[[float], str]) -> str:
    """The middle 90 % of the worlds in brackets; nothing where all of them say the same."""
    found = estimate.defined
    if not len(found) or is_rounding(np.ptp(found), np.abs(found).max()):
        return ""
    return f"({show(estimate.p05)} to {show(estimate.p95)})"


def open_texts(imposed_open: Mapping[str, Estimate | float]) -> list[str]:
    """A sentence for each imposed move that was not always open, from the probability that it was, or its estimate."""
    means = {move: opened.mean if isinstance(opened, Estimate) else opened for move, opened in imposed_open.items()}
    return [
        f"{move} was open with probability {percent(mean)}; elsewhere play goes on as it was."
        for move, mean in means.items()
        if mean < 0.9995
    ]


def differently_text(questions: Iterable[str]) -> str:
    """Which questions do not ask for the same on both sides."""
    return f"Asked in other words or under other conditions: {', '.join(questions)}."


def standing_text(standing: Standing) -> str:
    """How many worlds count given what was observed, and what was done where these were few."""
    text = "Each world counts by how likely what was observed is in it"
    if standing.moved is None:
        text += f": as {standing.effective:,.0f} equal ones in all."
    else:
        rounds = len(standing.moved.stages)
        sweeps = sum(stage.sweeps for stage in standing.moved.stages)
        taken = [stage.accepted for stage in standing.moved.stages]
        text += f"; that would be as {standing.drawn:,.0f} equal ones only. So they were drawn anew by their weights "
        text += f"({counted(rounds, 'time')}) and moved ({counted(sweeps, 'sweep')}, {percent(min(taken))} to "
        text += f"{percent(max(taken))} of the moves accepted); {standing.moved.distinct:,} of them are different."
    if standing.dropped:
        text += f" In {counted(standing.dropped, 'world')} it cannot be; these are left out."
    return text


def observation_text(item: Observation) -> str:
    """`step 0: patron stand_aside`, or the author's own words."""
    seen = ", ".join(
        f"{sighting.name} {'is ' if sighting.kind == 'state' else ''}{sighting.text}" for sighting in item.sightings
    )
    text = f"step {item.step}: {item.says or seen}"
    return text + (f" (believed {percent(item.believed)})" if item.believed < 1 else "")


def day(clock: Clock, steps: int) -> str:
    """The date on which this many steps have passed; empty if the clock has no start or the calendar no such day."""
    return date_of(clock, steps) or ""


def step_text(clock: Clock, step: int) -> str:
    """`step 3, from 2025-07-04`."""
    begins = day(clock, step)
    return f"step {step}" + (f", from {begins}" if begins else "")
