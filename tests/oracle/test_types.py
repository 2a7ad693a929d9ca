"""Private types against the whole tree of public histories in NumPy, and against Gambit.

Cases have one equilibrium only, as far as the tree finds the same from even and from random shares.
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.solving import plan_of
from foederis.game.compile import compile_game
from foederis.language.case import Case
from foederis.solve import exact, workshop
from foederis.solve.engine import solve_game
from foederis.solve.results import Answers, Solution

from .typed_cases import random_case
from .typed_gambit import as_efg, play_as
from .typed_tree import TypedTree

HERE = Path(__file__).parent
TIME_LIMIT = 300
CASES = [("leak", 1), ("leak", 2), ("twice", 1), ("twice", 2), ("three", 0), ("pair", 0)]
ROOM = {"leak": 12, "twice": 12, "three": 4, "pair": 6, "asked": 18}


def solve(case: Case, family: str, **more: Any) -> Solution:
    """One draw on a coarse grid with room for all beliefs that the family leads to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "ROOMS", (ROOM[family],))
        # What rounding alone leads to needs no room.
        patch.setattr(exact, "_NOWHERE", 1e-11)
        return solve_game(compile_game(case), {}, 1, block=1, nodes=3, **more)


def assert_answers(found: Answers, tree: TypedTree, imposed: Any = None, within: float = 1e-9) -> None:
    """Every question's answer, all together and by type."""
    __tracebackhide__ = True
    for key, questions in tree.answers(imposed).items():
        mine = found.by_type[key] if key else found
        for name, expected in questions.items():
            got = mine.firsts[name][0] if isinstance(expected, list) else mine.questions[name][0]
            np.testing.assert_allclose(got, expected, rtol=0, atol=within, err_msg=f"{key} {name}")


def assert_solved(solution: Solution, tree: TypedTree, within: float = 1e-9) -> None:
    __tracebackhide__ = True
    assert solution.signals.exact
    assert not solution.signals.missed
    assert solution.judgement.residual < 1e-12
    assert_answers(solution.baseline, tree, within=within)
    seats = compile_game(tree.case).roster.seats
    values = [tree.value(seat.actor, seat.type) for seat in seats]
    np.testing.assert_allclose(solution.values[0], values, rtol=0, atol=within)


def only_equilibrium(case: Case) -> TypedTree:
    tree = TypedTree(case, {})
    assert tree.settle(0.3) < 1e-13
    found = [node.shares for node in tree.nodes]
    assert tree.settle(0.3, np.random.default_rng(0)) < 1e-13
    assert all(np.allclose(one, node.shares, atol=1e-10) for one, node in zip(found, tree.nodes, strict=True))
    return tree


@cache
def solved(family: str, number: int) -> tuple[Case, Solution]:
    """A random case as it is and with a move imposed, solved once for all tests."""
    case = fd.loads(random_case(number, family) + "whatifs:\n  imposed: {imposed: [{step: 0, turn_a: calm}]}\n")
    return case, solve(case, family, plans=[plan_of(compile_game(case), case.whatifs["imposed"])])


@pytest.mark.parametrize(("family", "number"), CASES)
def test_the_tree_agrees(family: str, number: int) -> None:
    case, solution = solved(family, number)
    tree = only_equilibrium(case)
    assert_solved(solution, tree)
    assert_answers(solution.plans[0], tree, {(0, "turn_a"): "calm"})


BEER_QUICHE = (HERE / "types" / "beer_quiche.yaml").read_text(encoding="utf-8")


def test_beer_and_quiche() -> None:
    """Cho & Kreps (1987), rationality 2; the numbers are Gambit's."""
    case = fd.loads(BEER_QUICHE)
    solution = solve(case, "leak")
    assert solution.first_by_type["sender", "strong"]["sender"][0] == pytest.approx([0.988427, 0.011573], abs=1e-5)
    assert solution.first_by_type["sender", "weak"]["sender"][0] == pytest.approx([0.610035, 0.389965], abs=1e-5)
    assert solution.baseline.questions["fights"][0] == pytest.approx(0.179127, abs=1e-5)
    assert_solved(solution, only_equilibrium(case))


@pytest.fixture(scope="module")
def gambit() -> dict[tuple[str, int], Any]:
    """What Gambit finds in every case, in one process."""
    python = os.environ.get("FOEDERIS_ORACLE_PYTHON")
    if not python:
        pytest.skip("pygambit: FOEDERIS_ORACLE_PYTHON is not set")
    tried = subprocess.run([python, "-c", "import pygambit"], capture_output=True, timeout=TIME_LIMIT, check=False)
    if tried.returncode:
        pytest.skip(f"pygambit: {python} cannot import it")
    games = [as_efg(TypedTree(fd.loads(random_case(number, family)), {})) for family, number in CASES]
    asked = json.dumps({"precision": 1.0, "games": games})
    worker = str(HERE / "gambit_worker.py")
    run = subprocess.run([python, worker], input=asked, capture_output=True, text=True, timeout=TIME_LIMIT, check=True)
    return dict(zip(CASES, json.loads(run.stdout), strict=True))


@pytest.mark.parametrize(("family", "number"), CASES)
def test_gambit_agrees(family: str, number: int, gambit: dict[tuple[str, int], Any]) -> None:
    found = gambit[family, number]
    assert abs(found["precision"] - 1.0) < 1e-6  # it can stop short of it without a word
    case, solution = solved(family, number)
    tree = TypedTree(case, {})
    play_as(tree, found["behaviour"])
    assert_solved(solution, tree, within=1e-5)
