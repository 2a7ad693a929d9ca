"""A stochastic game of two players who move at the same time, period after period, while a mood drifts up and down.

Both may yield or press. Who presses alone gains, the one more where the mood is high and the other where it is low;
where both press both are hurt. Pressing drives the mood up. In the first step of the file nobody moves and every mood
comes up with the same probability, so that all `moods * periods` states of the stochastic game count in the answer.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PRECISION = 1.5
PATIENCE = 0.95
FALLS = 0.2
RISES = (0.2, 0.35, 0.6)  # by how many of them press


def states(moods: int, periods: int) -> int:
    return moods * periods


def crisis(moods: int, periods: int) -> str:
    begins = ", ".join(f"at{mood}: {{chance: 1 / {moods}, sets: {{mood: {mood}}}}}" for mood in range(moods))
    rises = f"{RISES[2]} if a == press and b == press else ({RISES[1]} if a == press or b == press else {RISES[0]})"
    turn = "{actor: %s, options: {yield: {sets: {%s: yield}}, press: {sets: {%s: press}}}}"
    return f"""foederis: 1
title: A stochastic game of {states(moods, periods)} states
clock: {{step: 1 week, steps: {periods + 1}}}
actors:
  one: {{rationality: {PRECISION}, patience: {PATIENCE}}}
  two: {{rationality: {PRECISION}, patience: {PATIENCE}}}
state: {{mood: 0..{moods - 1}, a: [none, yield, press], b: [none, yield, press]}}
quantities: {{prize_one: 0.5 to 2, prize_two: 0.5 to 2, harm: 0.5 to 2, calm: 0.2 to 1}}
moves:
  - together:
      - {turn.replace("actor: %s", "actor: one, when: step > 0") % ("a", "a")}
      - {turn.replace("actor: %s", "actor: two, when: step > 0") % ("b", "b")}
events:
  begins: {{when: step == 0, outcomes: {{{begins}}}}}
  drifts:
    when: step > 0
    outcomes:
      rises: {{chance: {rises}, sets: {{mood: mood + 1}}}}
      falls: {{chance: {FALLS}, sets: {{mood: mood - 1}}}}
  pays_off:
    when: a != none
    chance: 1
    sets: {{a: none, b: none}}
    pays:
      one: {_worth("prize_one", f"mood / {moods - 1}", "a", "b")}
      two: {_worth("prize_two", f"(1 - mood / {moods - 1})", "b", "a")}
questions:
  high: {{at_end: mood >= {moods // 2}}}
"""


def _worth(prize: str, share: str, mine: str, yours: str) -> str:
    alone = f"{prize} * {share} if {yours} == yield else -harm"
    return f"({alone}) if {mine} == press else (calm if {yours} == yield else 0)"


def as_stochastic_game(moods: int, periods: int, world: Mapping[str, float]) -> dict[str, object]:
    """Payoffs [players, actions 0, actions 1] of each mood, the same in every period, and where the mood goes from
    each, [moods, actions 0, actions 1, moods]. The peer's own states are the pairs of a period and a mood."""
    level = np.arange(moods) / (moods - 1)
    after = np.zeros((moods, 2, 2, moods))
    for mine in range(2):
        for yours in range(2):
            for mood in range(moods):
                rise = RISES[mine + yours]
                for target, chance in ((mood + 1, rise), (mood - 1, FALLS), (mood, 1 - rise - FALLS)):
                    after[mood, mine, yours, min(max(target, 0), moods - 1)] += chance
    paid = np.zeros((moods, 2, 2, 2))  # for the mood at the end of a period
    paid[:, :, 0, 0] = world["calm"]
    paid[:, :, 1, 1] = -world["harm"]
    paid[:, 0, 1, 0] = world["prize_one"] * level
    paid[:, 1, 0, 1] = world["prize_two"] * (1 - level)
    expected = np.einsum("mabn,npab->mpab", after, paid)
    return {
        "payoffs": expected.tolist(),
        "transitions": after.tolist(),
        "periods": periods,
        "precision": PRECISION,
        "patience": PATIENCE,
    }
