"""Simultaneous moves in the engine in C: as JAX's kernels solve and judge them, and found out where they err."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.solve.native import build
from tests.helpers import assert_same, flat
from tests.native import needs_engine
from tests.unit.solve.test_simultaneous import crisis

STAG_HUNT = crisis([[4, 0], [3, 2]], [[4, 3], [0, 2]], 5.0)
PENNIES = crisis([[9, -1], [-1, 1]], [[-1, 1], [1, -1]], 0.5)
FOLDED = crisis([[2.0, 0.3, -1.0], [0.1, 1.7, 0.4]], [[1.5, 0.2, 0.1], [-0.4, 1.9, 0.3]], 9.0)
SAME = crisis([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]], 7.5)
LEVELS = ["none", "low", "mid", "high"]


def random_game(seed: int) -> str:
    """Three who move at the same time, in two steps, not always, not always all of them, and not with all options."""
    random = np.random.default_rng(seed)
    ways = list(product(LEVELS[1:], LEVELS[1:], LEVELS[1:3]))

    def turn(actor: str, variable: str, count: int, when: str) -> str:
        options = [f"{level}: {{sets: {{{variable}: {level}}}}}" for level in LEVELS[1 : count + 1]]
        options[-1] = options[-1].replace(": {", f": {{when: {when}, pays: {{{actor}: -0.3, other: 0.2}}, ", 1)
        return f"      - {{actor: {actor}, options: {{{', '.join(options)}}}}}\n"

    def interests(actor: str) -> str:
        met = [f"a == {a} and b == {b} and c == {c}" for a, b, c in ways]
        worth = random.normal(size=len(ways)).round(2)
        return ", ".join(
            f"i{k}: {{worth: {w} * stake, when: {m}}}" for k, (w, m) in enumerate(zip(worth, met, strict=True))
        )

    return f"""
foederis: 1
title: Three at once
clock: {{step: 1 week, steps: 2}}
actors: {{p: {{rationality: sharp}}, q: {{rationality: 1.5, reconsiders: every 2 weeks}}, r: {{rationality: 2, patience: 0.8}}, other: {{rationality: 1}}}}
state: {{a: [{", ".join(LEVELS)}], b: [{", ".join(LEVELS)}], c: [none, low, mid], storm: flag}}
quantities: {{sharp: 0.5 to 6, stake: 0.5 to 4}}
moves:
  - together:
{turn("p", "a", 3, "not storm")}{turn("q", "b", 3, "step == 1 or storm")}{turn("r", "c", 2, "a != high")}
events: {{breaks: {{when: a == b, chance: 30%, sets: {{storm: yes}}}}}}
interests: {{p: {{{interests("p")}}}, q: {{{interests("q")}}}, r: {{{interests("r")}}}}}
questions: {{wet: {{at_end: storm}}, met: {{eventually: a == high and b == high}}, first_low: {{takes: p.low, by: 1}}}}
whatifs:
  low: {{imposed: [{{step: 0, q: low}}]}}
  sharp: {{set: {{quantities.sharp: 4}}}}
"""


def told(answer: fd.Answer) -> list[Any]:
    """How the fixed points were found."""
    return [
        (
            *(move.solved, move.alone, move.searched, move.others, move.crossed, move.fell_short),
            [(d.step, d.crossed, dict(d.state)) for d in move.doubts],
        )
        for move in answer.together
    ]


@needs_engine
@pytest.mark.parametrize(
    "text",
    [STAG_HUNT, PENNIES, FOLDED, SAME, random_game(1), random_game(2)],
    ids=["stag hunt", "pennies", "folded", "same", "three", "three more"],
)
def test_it_answers_as_the_kernels_do(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = fd.solve(fd.loads(text), draws=32, what_ifs="all")
    monkeypatch.setattr(build, "library", lambda: None)
    theirs = fd.solve(fd.loads(text), draws=32, what_ifs="all")
    assert_same(flat(ours), flat(theirs), within=1e-12)
    assert told(ours) == told(theirs)
    assert ours.check.regret == pytest.approx(theirs.check.regret, rel=1e-9, abs=1e-13)
    assert ours.check.regret_bound == pytest.approx(theirs.check.regret_bound, rel=1e-12)
    assert ours.check.strain == pytest.approx(theirs.check.strain, rel=1e-9, abs=1e-13)
    assert ours.check.residual < 1e-11
