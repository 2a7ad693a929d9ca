"""The forms that can be fitted: who moves where, and whose utility of which outcome is to be estimated.

Source: Signorino (2003), Political Analysis 11(4): 316-344; the names of the forms are those of Kenkel & Signorino
(2014), Journal of Statistical Software 56(8): 1-27.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Move:
    """A choice between left (0) and right (1).

    Attributes:
        player: who makes it, from 1.
        left, right: where each leads: to the outcome of that number, or, for texts, to the move of that name.
        name: `1`, `2`, or `2L` and `2R` where a player moves in two places.
    """

    name: str
    player: int
    left: int | str
    right: int | str


@dataclass(frozen=True)
class Form:
    """A game in which every move is between two options.

    Attributes:
        moves: from the first to the last.
        outcomes: by the moves that lead there.
        utilities: (player, outcome) for each part of a formula, in this order; all other utilities are 0, since only
            differences can be told from what is chosen.
    """

    name: str
    moves: tuple[Move, ...]
    outcomes: tuple[str, ...]
    utilities: tuple[tuple[int, int], ...]

    @property
    def players(self) -> int:
        return max(move.player for move in self.moves)

    def move(self, name: str) -> Move:
        return next(move for move in self.moves if move.name == name)

    def reached(self, target: int | str) -> tuple[int, ...]:
        """The outcomes that can be reached from there."""
        if isinstance(target, int):
            return (target,)
        move = self.move(target)
        return (*self.reached(move.left), *self.reached(move.right))

    def utility_names(self, outcomes: tuple[str, ...]) -> list[str]:
        return [f"u{player}({outcomes[outcome]})" for player, outcome in self.utilities]


EGAME12 = Form(
    "egame12",
    (Move("1", 1, 0, "2"), Move("2", 2, 1, 2)),
    ("L", "RL", "RR"),
    ((1, 0), (1, 1), (1, 2), (2, 2)),
)
EGAME122 = Form(
    "egame122",
    (Move("1", 1, "2L", "2R"), Move("2L", 2, 0, 1), Move("2R", 2, 2, 3)),
    ("LL", "LR", "RL", "RR"),
    ((1, 0), (1, 1), (1, 2), (1, 3), (2, 1), (2, 3)),
)
EGAME123 = Form(
    "egame123",
    (Move("1", 1, 0, "2"), Move("2", 2, 1, "3"), Move("3", 3, 2, 3)),
    ("L", "RL", "RRL", "RRR"),
    ((1, 0), (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 3)),
)
FORMS = {form.name: form for form in (EGAME12, EGAME122, EGAME123)}
