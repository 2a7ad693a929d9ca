"""The grid of beliefs is tried out beside the solve itself, and what nobody tells by type is carried once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.game.compile import Game, compile_game
from foederis.language.sampling import draw_quantities
from foederis.solve import refine, runs, workshop
from foederis.solve.columns import choose_columns
from foederis.solve.engine import solve_game
from foederis.solve.layout import lay_out
from foederis.solve.results import Solution
from tests.typed import BREAKFAST

TWICE = BREAKFAST.replace("steps: 1", "steps: 2")
DRAWS, BLOCK, FEW = 10, 4, 8


def solve(text: str, draws: int = DRAWS, **more: Any) -> Solution:
    case = fd.loads(text)
    return solve_game(compile_game(case), draw_quantities(case, draws, seed=0), draws, block=BLOCK, **more)


@pytest.fixture
def on_grids(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing is followed exactly."""
    for module in (workshop, runs):
        monkeypatch.setattr(module, "may_be_exact", lambda _: False)
    return monkeypatch


def test_a_grid_that_will_do_is_the_solve_itself(on_grids: pytest.MonkeyPatch) -> None:
    on_grids.setattr(refine, "ENOUGH", 1.0)
    found, coarse, fine = solve(TWICE), solve(TWICE, nodes=3), solve(TWICE, nodes=9)
    told = found.fineness
    assert told is not None
    assert (told.nodes, told.compared, told.finer, told.large) == (3, FEW, 9, False)
    for name, answers in coarse.baseline.questions.items():
        np.testing.assert_array_equal(found.baseline.questions[name], answers)
        apart = abs(fine.baseline.questions[name][:FEW].mean() - answers[:FEW].mean())
        assert told.errors[name] == pytest.approx(apart, abs=1e-12)
    assert max(told.errors.values()) > 1e-6
    for turn, ever in coarse.ever.items():
        np.testing.assert_array_equal(found.ever[turn], ever)


def test_what_was_begun_on_a_grid_that_will_not_do_is_thrown_away(on_grids: pytest.MonkeyPatch) -> None:
    on_grids.setattr(refine, "ENOUGH", -1.0)
    done: list[tuple[int, int]] = []
    found = solve(TWICE, progress=lambda *told: done.append(told))
    finest = solve(TWICE, nodes=17)
    assert found.fineness is not None
    assert (found.fineness.nodes, found.fineness.finer, found.fineness.large) == (17, 33, True)
    assert done == [(4, DRAWS), (8, DRAWS), (10, DRAWS)]
    for name, answers in finest.baseline.questions.items():
        np.testing.assert_array_equal(found.baseline.questions[name], answers)


def test_who_looks_on_sees_no_grid_that_is_thrown_away(on_grids: pytest.MonkeyPatch) -> None:
    on_grids.setattr(refine, "ENOUGH", -1.0)
    seen: list[int] = []

    class Nobody:
        def back(self, *_: Any) -> None: ...

        forth = back

    def watch(back: Any, chosen: Any) -> Nobody:
        seen.append(back.axes.nodes)
        return Nobody()

    solve(TWICE, watcher=watch)
    assert seen == [17] * 3


def test_a_short_case_is_followed_exactly_and_nothing_is_tried() -> None:
    found = solve(BREAKFAST)
    assert found.signals.exact
    assert found.fineness == refine.Fineness(3)


def test_a_layout_is_tried_out_once(on_grids: pytest.MonkeyPatch) -> None:
    on_grids.setattr(refine, "ENOUGH", 1.0)
    case = fd.loads(TWICE)
    game = compile_game(case)
    worlds, layout = draw_quantities(case, DRAWS, seed=0), lay_out(game)
    first = solve_game(game, worlds, DRAWS, block=BLOCK, layout=layout)
    on_grids.setattr(runs, "hold_against", None)
    second = solve_game(game, worlds, DRAWS, block=BLOCK, layout=layout)
    assert first.fineness == second.fineness


def shared(game: Game) -> set[tuple[int, int]]:
    return {(column.phase, column.branch) for column in choose_columns(game).shared}


def test_options_ever_taken_are_those_of_the_types_on_average() -> None:
    """Where a question asks for an option, it is carried for each type."""
    asked = TWICE.replace("questions:\n", "questions:\n  fighting: {takes: receiver.fight}\n")
    bare = asked.replace("  beer: {takes: sender.drink_beer}\n", "").replace(
        "  fighting: {takes: receiver.fight}\n", ""
    )
    assert shared(compile_game(fd.loads(bare))) > shared(compile_game(fd.loads(asked)))
    found, other = solve(asked), solve(bare)
    assert found.signals.exact
    for turn, ever in found.ever.items():
        np.testing.assert_allclose(other.ever[turn], ever, rtol=0, atol=1e-9)
    beer = found.baseline.questions["beer"]
    by_type = [told.questions["beer"] for told in found.baseline.by_type.values()]
    assert np.abs(by_type[0] - by_type[1]).min() > 0.01
    np.testing.assert_allclose(other.ever["sender"][:, 0], beer, rtol=0, atol=1e-9)


def test_what_was_seen_is_carried_for_each_type() -> None:
    seen = TWICE + "observed:\n  - {step: 0, sender: drink_beer}\n"
    assert not shared(compile_game(fd.loads(seen)))
