"""Private types beside turns that others take together, against the whole tree of public histories in NumPy."""

from __future__ import annotations

import random
from typing import Any

import pytest

import foederis as fd
from foederis.analysis.solving import plan_of
from foederis.game.compile import compile_game
from foederis.language.case import Case
from foederis.language.news import add_observed
from foederis.solve import exact, workshop
from foederis.solve.engine import solve_game
from foederis.solve.native import build
from foederis.solve.results import Solution
from tests.depth import tries
from tests.typed import BESIDE

from .test_observed_types import compare, look
from .test_types import assert_answers, assert_solved, only_equilibrium
from .typed_tree import TypedTree


@pytest.fixture(scope="module")
def tree() -> TypedTree:
    return only_equilibrium(fd.loads(BESIDE))


def solve(case: Case, **more: Any) -> Solution:
    """One draw on a grid with room for all beliefs that play leads to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "ROOMS", (60,))
        patch.setattr(exact, "_NOWHERE", 1e-11)  # what rounding alone leads to needs no room
        return solve_game(compile_game(case), {}, 1, block=1, nodes=3, **more)


@pytest.mark.parametrize("engine", ["c", "xla"])
def test_the_tree_agrees(engine: str, tree: TypedTree, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine == "xla":
        monkeypatch.setattr(build, "library", lambda: None)
    elif build.library() is None:
        pytest.skip("no C compiler")
    plans = [plan_of(compile_game(tree.case), whatif) for whatif in tree.case.whatifs.values()]
    solution = solve(tree.case, plans=plans)
    assert_solved(solution, tree)
    assert_answers(solution.plans[0], tree, {(0, "patron"): "help"})
    assert_answers(solution.plans[1], tree, {(0, "rival"): "press", (1, "client"): "offer"})


@pytest.mark.parametrize("attempt", range(tries(2, 8)))
def test_the_tree_agrees_on_what_was_seen(attempt: int, tree: TypedTree) -> None:
    seen = look(tree, random.Random(attempt))
    solution = solve(add_observed(tree.case, [dict(item) for item in seen]))
    assert solution.signals.exact
    compare(solution, tree, seen)
