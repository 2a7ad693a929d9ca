"""What questions read."""

from __future__ import annotations

import numpy as np

from foederis.game.compile import compile_game
from tests.unit.language.texts import case_of

QUESTIONS = """
    falls: {at_end: fallen}
    ever: {eventually: fallen, by: 1}
    sends: {takes: patron.send, given: fallen}
    number: {expected: stake * count}
    late: {at_end: step == 4}
"""


def test_places_of_questions() -> None:
    asked = compile_game(case_of(questions=QUESTIONS)).asked
    found = {ask.name: ask for ask in asked.questions}
    assert list(found) == sorted(found)
    assert found["falls"].table == found["ever"].table == found["sends"].given  # one condition, one table
    assert (found["falls"].by, found["falls"].to_final) == (3, True)
    assert (found["ever"].by, found["ever"].to_final) == (1, False)
    assert (found["sends"].phase, found["sends"].branch, found["sends"].table) == (0, 0, -1)
    assert found["falls"].given == -1


def test_conditions_in_the_state_where_the_case_starts() -> None:
    start = "fallen: {levels: flag, start: yes}, count: {levels: 0..6, start: 3}"
    state = f"{{war: [on, over], help: [words, arms, troops], {start}}}"
    asked = compile_game(case_of(questions=QUESTIONS, state=state)).asked
    expressions = {ask.name: ask.expression for ask in asked.questions}
    worlds = {"stake": np.array([2.0, 5.0]), "chance": np.ones(2), "fixed": np.ones(2)}
    assert expressions["falls"] is not None
    assert expressions["number"] is not None
    np.testing.assert_array_equal(asked.at_start(expressions["falls"], worlds, 2), [1, 1])
    np.testing.assert_array_equal(asked.at_start(expressions["number"], worlds, 2), [6, 15])


def test_levels_by_state() -> None:
    game = compile_game(case_of())
    ends = game.structure.end_codes
    for name, levels in game.asked.levels.items():
        np.testing.assert_array_equal(levels, game.packing.digits(ends, name))


def test_numbers_at_the_final_state_read_the_step_after_the_last() -> None:
    asked = compile_game(case_of(questions=QUESTIONS)).asked
    late = next(ask for ask in asked.questions if ask.name == "late")
    for step in (3, 4):
        rows = asked.pool.evaluate({n: np.ones(1) for n in ("stake", "chance", "fixed")}, 1, step)
        assert (rows[asked.pool.ids[late.table]] == (step == 4)).all()
