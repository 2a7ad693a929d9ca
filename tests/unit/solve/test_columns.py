"""Which questions are read off the way forward, and that this changes no answer."""

from __future__ import annotations

import numpy as np

import foederis as fd
from foederis.game.compile import compile_game
from foederis.solve.columns import choose_columns

# `over` never ends once it holds; `low` comes and goes.
TEXT = """
foederis: 1
title: What lasts and what does not
clock: {start: 2030-01-01, step: 1 month, steps: 6}
actors: {a: {rationality: 0.3}}
state: {war: [on, over], mood: [high, low], done: flag}
quantities: {p: 10% to 40%}
moves:
  - {actor: a, when: war == on, options: {brood: {sets: {mood: low}}, cheer: {sets: {mood: high}}, finish: {when: not done, sets: {done: yes}}}}
events: {end: {when: war == on, chance: p, sets: {war: over}}}
questions:
  over: {first: war == over}
  over_early: {first: war == over, by: 2}
  ever_over: {eventually: war == over}
  low: {first: mood == low}
  ever_low: {eventually: mood == low}
  finishes: {takes: a.finish}
  broods: {takes: a.brood}
"""


def test_what_needs_a_column() -> None:
    game = compile_game(fd.loads(TEXT))
    found = choose_columns(game)
    assert found.lasting == {"over", "over_early", "ever_over"}
    carried = {ask.name for ask in game.asked.questions if found.carries(ask)}
    assert carried == {"ever_low", "broods"}
    turn = game.phases[0]
    assert {turn.branches[b] for k, b in found.counted if k == 0} == {"finish"}


def test_when_a_condition_first_holds() -> None:
    answer = fd.solve(fd.loads(TEXT), draws=16)
    p = answer.quantities["p"]
    over, early, low = (answer.questions[name] for name in ("over", "over_early", "low"))
    for step in range(6):
        np.testing.assert_allclose(over.by_step[:, 1 + step], p * (1 - p) ** step, rtol=0, atol=1e-14)
        np.testing.assert_allclose(
            early.by_step[:, 1 + step], over.by_step[:, 1 + step] * (step <= 2), rtol=0, atol=1e-14
        )
    np.testing.assert_allclose(over.never, (1 - p) ** 6, rtol=0, atol=1e-14)
    np.testing.assert_allclose(early.never, (1 - p) ** 3, rtol=0, atol=1e-14)
    np.testing.assert_allclose(low.by_step.sum(axis=1), answer.questions["ever_low"].draws, rtol=0, atol=1e-14)
    np.testing.assert_allclose(over.by_step.sum(axis=1), answer.questions["ever_over"].draws, rtol=0, atol=1e-14)
