"""What is observed of turns that are taken together: over all that could be observed, everything adds up."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.solving import worlds_of
from foederis.game.compile import compile_game
from foederis.solve.engine import solve_game
from foederis.solve.results import Answers

TEXT = """
foederis: 1
title: Two who move at once, one of them not always
clock: {step: 1 week, steps: 2}
actors: {one: {rationality: sharpness}, two: {rationality: 0.8, reconsiders: every 2 weeks}}
state: {mine: [nowhere, here, there], yours: [nowhere, here, there], storm: flag}
facts: {met: mine == yours and mine != nowhere}
quantities: {sharpness: 0.4 to 1.2}
moves:
  - together:
      - {actor: one, options: {come_here: {sets: {mine: here}}, go_there: {sets: {mine: there}}}}
      - {actor: two, options: {go_here: {sets: {yours: here}}, come_there: {sets: {yours: there}}}}
events: {storm_breaks: {when: met, chance: 30%, sets: {storm: yes}}}
interests:
  one: {home: {worth: 3, when: met and mine == here}, dry: {worth: -2, when: storm, paid: at_end}}
  two: {home: {worth: 3, when: met and mine == there}}
questions:
  meet: {eventually: met}
  comes: {takes: one.come_here, by: 0}
  wet: {at_end: storm}
"""


def answers(observed: str) -> Answers:
    case = fd.loads(TEXT + observed)
    return solve_game(compile_game(case), worlds_of(case, 4, 0, None), 4).baseline


@pytest.mark.parametrize("step", [0, 1])
@pytest.mark.parametrize(
    ("turn", "seen"), [("one", ["come_here", "go_there"]), ("two", ["go_here", "come_there", "none"])]
)
def test_all_that_could_be_observed_adds_up(step: int, turn: str, seen: list[str]) -> None:
    parts = [answers(f"observed: [{{step: {step}, {turn}: {what}}}]\n") for what in seen]
    likely = [np.exp(part.evidence) for part in parts]
    np.testing.assert_allclose(np.sum(likely, axis=0), 1, atol=1e-12)
    assert np.min(likely) > 0.05
    for name, whole in answers("").questions.items():
        found = np.sum([p * part.questions[name] for p, part in zip(likely, parts, strict=True)], axis=0)
        np.testing.assert_allclose(found, whole, atol=1e-12)


def test_what_the_other_does_at_the_same_time_is_not_told_by_it() -> None:
    plain = answers("").questions["comes"]
    np.testing.assert_allclose(answers("observed: [{step: 0, two: go_here}]\n").questions["comes"], plain, atol=1e-12)
    assert (
        abs(answers("observed: [{step: 1, two: go_here}]\n").questions["meet"] - answers("").questions["meet"]).max()
        > 1e-3
    )
