"""Final states sorted into classes: what is asked of them is told for a few classes instead of for every state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.game.asks import Asked
from foederis.game.compile import Game
from foederis.game.pools import Floats, Worlds


@dataclass(frozen=True)
class Endings:
    """Classes of final states in which some tables read the same numbers, and some variables have the same level.

    Attributes:
        classes: int32[states at the end of a step], the class of each.
        examples: int64[classes], a state of each class.
    """

    asked: Asked
    steps: int
    classes: NDArray[np.int32]
    examples: NDArray[np.int64]

    @property
    def count(self) -> int:
        return len(self.examples)

    def numbers(self, tables: Iterable[int], worlds: Worlds, draws: int) -> Floats:
        """float64[tables, classes, draws]: what tables say on the final states of each class.

        Raises:
            CaseError: an impossible number in some draw.
        """
        rows = self.asked.pool.evaluate(worlds, draws, self.steps)
        return np.array([rows[self.asked.pool.ids[table][self.examples]] for table in tables])

    def levels(self, variable: str) -> NDArray[np.int32]:
        """int32[classes]: the level of one of the variables."""
        return self.asked.levels[variable][self.examples]


def sort_endings(game: Game, tables: Iterable[int], variables: Iterable[str]) -> Endings:
    """Sorts by tables, places in the ids of the pool of what is asked, and by variables."""
    asked = game.asked
    classes = np.zeros(len(game.structure.end_codes), dtype=np.int64)
    for column in [*(asked.pool.ids[table] for table in tables), *(asked.levels[name] for name in variables)]:
        # Classes found so far are told apart further, so that what is sorted stays one number for each state.
        _, classes = np.unique(classes * (int(column.max(initial=0)) + 1) + column, return_inverse=True)
    _, examples = np.unique(classes, return_index=True)
    return Endings(asked, game.steps, classes.astype(np.int32), examples)
