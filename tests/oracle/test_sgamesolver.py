"""Two periods of simultaneous moves with a state between them, against sgamesolver's logit Markov equilibria.

It runs out of process, under the interpreter that `FOEDERIS_ORACLE_PYTHON` names, and is skipped where that lacks it: it
has no wheels, so `make oracle` leaves it out. Its answers to the game below are kept here as well.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import foederis as fd

HERE = Path(__file__).parent
TIME_LIMIT = 300
MOODS, ACTS = ("calm", "tense"), ("yield", "press")
Payoffs = dict[tuple[str, str, str], tuple[float, float]]  # by mood at the end of a step and what both have done
# Of the first of the games, with sgamesolver 1.0.2: the probability of yielding, of both, in the first period, and in
# the second where all is calm, and where it is tense.
KEPT = [[0.9095736, 0.9065643], [0.8783543, 0.8956990], [0.7896448, 0.7319544]]


def random_payoffs(seed: int) -> Payoffs:
    rng = random.Random(seed)
    return {
        (mood, mine, yours): (round(rng.uniform(-2, 2), 2), round(rng.uniform(-2, 2), 2))
        for mood in MOODS
        for mine in ACTS
        for yours in ACTS
    }


def turns_tense(mine: str, yours: str) -> float:
    return 0.2 + 0.3 * (mine == "press") + 0.2 * (yours == "press")


def as_crisis(payoffs: Payoffs) -> str:
    interests = {
        actor: "\n".join(
            f"    {mood}_{mine}_{yours}: {{worth: {paid[place]}, when: mood == {mood} and a == {mine} and b == {yours}}}"
            for (mood, mine, yours), paid in payoffs.items()
        )
        for place, actor in enumerate(("one", "two"))
    }
    options = "{sets: {%s: yield}}, press: {sets: {%s: press}}"
    return f"""
foederis: 1
title: Two periods
clock: {{step: 1 week, steps: 2}}
actors: {{one: {{rationality: 1.5}}, two: {{rationality: 1.5}}}}
state: {{mood: [calm, tense], a: [none, yield, press], b: [none, yield, press]}}
moves:
  - together:
      - {{actor: one, options: {{yield: {options % ("a", "a")}}}}}
      - {{actor: two, options: {{yield: {options % ("b", "b")}}}}}
events:
  turns:
    when: mood == calm
    chance: 0.2 + (0.3 if a == press else 0) + (0.2 if b == press else 0)
    sets: {{mood: tense}}
interests:
  one:
{interests["one"]}
  two:
{interests["two"]}
questions:
  tense_first: {{at_end: mood == tense}}
"""


def as_stochastic_game(payoffs: Payoffs) -> dict[str, Any]:
    """States: the first period; the second where all is calm, and where it is tense."""
    paid = np.zeros((3, 2, 2, 2))
    leads = np.zeros((3, 2, 2, 3))
    for i, mine in enumerate(ACTS):
        for j, yours in enumerate(ACTS):
            tense = turns_tense(mine, yours)
            calmly, tensely = (np.array(payoffs[mood, mine, yours]) for mood in MOODS)
            paid[0, :, i, j] = paid[1, :, i, j] = (1 - tense) * calmly + tense * tensely
            paid[2, :, i, j] = tensely
            leads[0, i, j] = 0, 1 - tense, tense
    return {"payoffs": paid.tolist(), "transitions": leads.tolist(), "precision": 1.5}


def by_package(payoffs: Payoffs) -> list[list[float]]:
    """As KEPT. The second period by itself is the same game as one of one step that starts so."""
    text = as_crisis(payoffs)
    shorter = text.replace("steps: 2", "steps: 1")
    tense = shorter.replace("mood: [calm, tense]", "mood: {levels: [calm, tense], start: tense}")
    found = []
    for crisis in (text, shorter, tense):
        answer = fd.solve(fd.loads(crisis), at="median")
        assert not any(move.others or move.doubts for move in answer.together)
        found.append([float(answer.first_moves[actor]["yield"].draws[0]) for actor in ("one", "two")])
    return found


@pytest.fixture(scope="module")
def peer() -> str:
    """The interpreter that has sgamesolver."""
    python = os.environ.get("FOEDERIS_ORACLE_PYTHON")
    if not python:
        pytest.skip("sgamesolver: FOEDERIS_ORACLE_PYTHON is not set")
    load = "import numpy as np; np.NaN = np.nan; import sgamesolver"
    if subprocess.run([python, "-c", load], capture_output=True, timeout=TIME_LIMIT, check=False).returncode:
        pytest.skip(f"sgamesolver: {python} cannot import it")
    return python


def test_two_periods_meet_what_is_kept() -> None:
    assert by_package(random_payoffs(0)) == pytest.approx(np.array(KEPT), abs=1e-5)


def test_two_periods_meet_sgamesolver(peer: str) -> None:
    games = [random_payoffs(seed) for seed in range(6)]
    run = subprocess.run(
        [peer, str(HERE / "sgamesolver_worker.py")],
        input=json.dumps([as_stochastic_game(payoffs) for payoffs in games]),
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=True,
    )
    for payoffs, solved in zip(games, json.loads(run.stdout), strict=True):
        yields = np.array(solved)[:, :, 0]
        assert by_package(payoffs) == pytest.approx(yields, abs=1e-5)
