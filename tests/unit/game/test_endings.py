"""Final states sorted into classes."""

from __future__ import annotations

import numpy as np

import foederis as fd
from foederis.game.compile import compile_game
from foederis.game.endings import sort_endings
from foederis.language.sampling import draw_quantities
from tests.helpers import EVERYTHING

CASE = fd.loads(EVERYTHING)
GAME = compile_game(CASE)


WORLDS = draw_quantities(CASE, 4)
[LOSS] = GAME.asked.losses.values()
ROWS = GAME.asked.pool.evaluate(WORLDS, 4, GAME.steps)


def test_states_of_a_class_say_the_same_and_those_of_others_do_not() -> None:
    endings = sort_endings(GAME, [LOSS], ["help"], WORLDS, 4)
    losses = ROWS[GAME.asked.pool.ids[LOSS]]
    seen = np.column_stack([losses, GAME.asked.levels["help"]])
    of_class = seen[endings.examples]
    np.testing.assert_array_equal(of_class[endings.classes], seen)
    assert len({tuple(row) for row in of_class}) == endings.count
    assert sorted(np.unique(endings.classes)) == list(range(endings.count))
    np.testing.assert_array_equal(endings.levels("help"), of_class[:, -1])
    np.testing.assert_array_equal(endings.numbers(LOSS), of_class[:, :-1])
    assert set(np.round(losses.ravel(), 12)) == {0.0, 0.3, 2.4}  # nothing, a tenth or four fifths of 3


def test_readings_that_come_to_the_same_are_one_class() -> None:
    """The loss reads whether the client has fallen and the war: six readings, and three amounts."""
    assert len(np.unique(GAME.asked.pool.ids[LOSS])) > 3
    assert sort_endings(GAME, [LOSS], [], WORLDS, 4).count == 3


def test_nothing_to_tell_apart() -> None:
    endings = sort_endings(GAME, [], [], WORLDS, 4)
    assert endings.count == 1
    assert not endings.classes.any()


def test_what_differs_in_one_world_only_is_told_apart() -> None:
    text = """
        foederis: 1
        title: An example
        clock: {step: 1 week, steps: 2}
        state: {hit: 0..2}
        quantities: {part: 10% to 90%}
        exposures: {plant: {holder: operator, value: 1, lost: {hit == 1: part, hit == 2: 40%}}}
        events: {blow: {chance: 50%, sets: {hit: hit + 1}}}
    """
    game = compile_game(fd.loads(text))
    tables = list(game.asked.losses.values())
    alike = {"part": np.array([0.4, 0.4])}
    assert sort_endings(game, tables, [], alike, 2).count == 2
    assert sort_endings(game, tables, [], {"part": np.array([0.4, 0.5])}, 2).count == 3
