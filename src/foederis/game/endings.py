"""Final states sorted into classes: what is asked of them is told for a few classes instead of for every state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.game.asks import Asked
from foederis.game.compile import Game
from foederis.game.pools import Floats, Worlds


@dataclass(frozen=True)
class Endings:
    """Classes of final states for which some tables have the same numbers in every world, and some variables the same
    level.

    Attributes:
        classes: int32[states at the end of a step], the class of each.
        examples: int64[classes], a state of each class.
        rows: float64[rows, draws], the numbers of all tables on final states.
    """

    asked: Asked
    classes: NDArray[np.int32]
    examples: NDArray[np.int64]
    rows: Floats

    @property
    def count(self) -> int:
        return len(self.examples)

    def numbers(self, table: int) -> Floats:
        """float64[classes, draws]: what a table says on the final states of each class."""
        return self.rows[self.asked.pool.ids[table][self.examples]]

    def levels(self, variable: str) -> NDArray[Any]:
        """int[classes]: the level of one of the variables."""
        return self.asked.levels[variable][self.examples]


def sort_endings(game: Game, tables: Iterable[int], variables: Iterable[str], worlds: Worlds, draws: int) -> Endings:
    """Sorts by tables, places in the ids of the pool of what is asked, and by variables.

    Raises:
        CaseError: an impossible number in some draw.
    """
    asked = game.asked
    rows = asked.pool.evaluate(worlds, draws, game.steps)
    classes = np.zeros(len(game.structure.end_codes), dtype=np.int64)
    columns: list[NDArray[Any]] = [_alike(rows, asked.pool.ids[table]) for table in tables]
    for column in [*columns, *(asked.levels[name] for name in variables)]:
        # Classes found so far are told apart further, so that what is sorted stays one number for each state.
        _, classes = np.unique(classes * (int(column.max(initial=0)) + 1) + column, return_inverse=True)
    _, examples = np.unique(classes, return_index=True)
    return Endings(asked, classes.astype(np.int32), examples, rows)


def _alike(rows: Floats, ids: NDArray[np.int32]) -> NDArray[np.int64]:
    """int64[states]: the same number for states that read rows with the same numbers. A table has a row for each
    reading of the state, of which many may come to the same."""
    used, place = np.unique(ids, return_inverse=True)
    _, alike = np.unique(rows[used], axis=0, return_inverse=True)
    return alike.reshape(-1)[place]
