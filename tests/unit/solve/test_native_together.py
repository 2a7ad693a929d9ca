"""Simultaneous moves in the engine in C: as JAX's kernels solve and judge them, and found out where they err."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.solve.native import build
from tests.helpers import assert_same, flat
from tests.native import needs_engine, spoilt_engine
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
        pairs = enumerate(zip(worth, met, strict=True))
        return ", ".join(f"i{k}: {{worth: {w} * stake, when: {m}}}" for k, (w, m) in pairs)

    return f"""
foederis: 1
title: Three at once
clock: {{step: 1 week, steps: 2}}
actors:
  p: {{rationality: sharp}}
  q: {{rationality: 1.5, reconsiders: every 2 weeks}}
  r: {{rationality: 2, patience: 0.8}}
  other: {{rationality: 1}}
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


@needs_engine
def test_observations_are_answered_as_the_kernels_do(monkeypatch: pytest.MonkeyPatch) -> None:
    text = random_game(3) + "observed: [{step: 0, p: low}, {step: 1, q: none}]\n"
    ours = fd.solve(fd.loads(text), draws=8, what_ifs="all")
    monkeypatch.setattr(build, "library", lambda: None)
    assert_same(flat(ours), flat(fd.solve(fd.loads(text), draws=8, what_ifs="all")), within=1e-12)


@needs_engine
@pytest.mark.parametrize(
    ("file", "old", "new", "text"),
    [
        (
            "together.c",
            "value[m->first[t] + i - 1] = m->rational[t] *",
            "value[m->first[t] + i - 1] = 1.001 *",
            PENNIES,
        ),
        ("together.c", "mix[n] = 1.0 - m->choose[t];", "mix[n] = 0.99 - m->choose[t];", random_game(1)),
        ("together.c", "what[i] += m->own[t *", "what[i] += 1.001 * m->own[t *", random_game(1)),
        ("together.c", "] * chooses;\n            decided", "] * chooses * 0.999999;\n            decided", PENNIES),
        (
            "together.c",
            "] * chooses;\n            decided",
            "] * chooses + (chunk[2] ? (b ? 1e-3 : -1e-3) * (state % 2 ? 1 : -1) : 0);\n            decided",
            PENNIES,
        ),
        ("branch.c", "NEAR = 1e-12", "NEAR = 1e-2", PENNIES),
        ("engine.c", "shares[b] * weights[g->own[b * g->states + state]];", "1.00001 * shares[b];", random_game(1)),
    ],
    ids=["odds", "passing", "own", "shares", "peeking", "newton", "paid"],
)
def test_an_engine_with_an_error_is_found_out(
    file: str, old: str, new: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = spoilt_engine(tmp_path, old, new, file)
    monkeypatch.setattr(build, "library", lambda: wrong)
    with pytest.raises(fd.ResidualError, match="not to be trusted"):
        fd.solve(fd.loads(text), draws=8)


@needs_engine
def test_what_is_not_reached_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer comes all the same, with what Newton's method goes on to, and says how far the branch was followed."""
    short = spoilt_engine(tmp_path, "MOST = 6000", "MOST = 4", "branch.c")
    monkeypatch.setattr(build, "library", lambda: short)
    answer = fd.solve(fd.loads(STAG_HUNT), at="median")
    [move] = answer.together
    assert (move.fell_short, move.crossed, move.doubtful_worlds) == (1, 0, 1)
    [doubt] = move.doubts
    assert 0 < doubt.followed_to < 1
    assert doubt.error < 1e-9


@needs_engine
def test_simultaneous_moves_do_without_jax() -> None:
    told = f"import sys, foederis as fd; fd.solve(fd.loads({STAG_HUNT!r}), draws=8); print('jax' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout.split() == ["False"]
