"""Tables that are taken from an earlier solve where what they read has not changed."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.gallery import gallery
from foederis.game.compile import compile_game
from foederis.language.sampling import draw_quantities
from foederis.solve.numbers import Stack, Tables
from tests.helpers import EVERYTHING

DRAWS = 3
CASES = {"everything": EVERYTHING, **{name: path.read_text() for name, path in gallery().items()}}


@pytest.mark.parametrize("name", CASES)
def test_renewed_tables_are_those_worked_out_anew(name: str) -> None:
    case = fd.loads(CASES[name])
    game = compile_game(case)
    stacks = [Stack([phase.pool for phase in game.phases]), Stack([game.flow_pool]), Stack([game.final_pool])]
    worlds = draw_quantities(case, DRAWS)
    chosen = np.arange(DRAWS)
    steps = sorted({0, game.steps - 1})
    earlier = Tables(worlds, DRAWS, game.steps)
    before = {
        (s, step): np.asarray(earlier.rows(stack, step, chosen)) for s, stack in enumerate(stacks) for step in steps
    }
    moved = 0
    for quantity in worlds:
        changed = {**worlds, quantity: worlds[quantity] * 0.875}
        renewed, anew = Tables(changed, DRAWS, game.steps, earlier), Tables(changed, DRAWS, game.steps)
        for s, stack in enumerate(stacks):
            for step in steps:
                mine, theirs = (np.asarray(tables.rows(stack, step, chosen)) for tables in (renewed, anew))
                np.testing.assert_array_equal(mine, theirs)
                moved += not np.array_equal(mine, before[s, step])
    assert moved or not worlds


def test_worlds_of_another_number_are_worked_out_anew() -> None:
    case = fd.load("patron")
    game = compile_game(case)
    stack = Stack([phase.pool for phase in game.phases])
    earlier = Tables(draw_quantities(case, 2), 2, game.steps)
    earlier.rows(stack, 0, np.arange(2))
    found = Tables(draw_quantities(case, 4), 4, game.steps, earlier).rows(stack, 0, np.arange(4))
    assert found.shape[1] == 4
