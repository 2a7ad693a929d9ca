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


def test_states_of_a_class_read_the_same_and_those_of_others_do_not() -> None:
    [loss] = GAME.asked.losses.values()
    endings = sort_endings(GAME, [loss], ["help"])
    seen = np.stack([GAME.asked.pool.ids[loss], GAME.asked.levels["help"]])
    of_class = seen[:, endings.examples]
    np.testing.assert_array_equal(of_class[:, endings.classes], seen)
    assert len({tuple(column) for column in of_class.T}) == endings.count == len(np.unique(endings.classes))
    assert sorted(np.unique(endings.classes)) == list(range(endings.count))
    np.testing.assert_array_equal(endings.levels("help"), of_class[1])


def test_the_numbers_of_a_class_are_those_of_its_states() -> None:
    [loss] = GAME.asked.losses.values()
    endings = sort_endings(GAME, [loss], [])
    worlds = draw_quantities(CASE, 4)
    [numbers] = endings.numbers([loss], worlds, 4)
    rows = GAME.asked.pool.evaluate(worlds, 4, GAME.steps)
    np.testing.assert_array_equal(numbers[endings.classes], rows[GAME.asked.pool.ids[loss]])
    assert set(np.round(numbers.ravel(), 12)) == {0.0, 0.3, 2.4}  # nothing, a tenth or four fifths of 3


def test_nothing_to_tell_apart() -> None:
    endings = sort_endings(GAME, [], [])
    assert endings.count == 1
    assert not endings.classes.any()
