"""Which questions are carried backwards, a column each; the others are read off where play is on the way forward."""

from __future__ import annotations

from dataclasses import dataclass

from foederis.game.asks import Ask
from foederis.game.compile import Game
from foederis.game.shortcuts import lasting, taken_once


@dataclass(frozen=True)
class Column:
    """A question carried backwards: `at` is the step of a `first` question's column, else -1. `ask` is None for
    a `given` condition, and for an option's probability of ever being taken, named by phase and branch."""

    ask: Ask | None
    at: int = -1
    phase: int = -1
    branch: int = -1

    @property
    def conditioned(self) -> bool:
        return self.ask is not None and self.phase < 0

    @property
    def plain(self) -> bool:
        """Whether it tells if its option is ever taken, in the whole crisis and given nothing."""
        return self.phase >= 0 and (self.ask is None or (self.ask.given < 0 and self.ask.to_final))

    @property
    def by(self) -> int:
        return self.at if self.at >= 0 else self.ask.by if self.ask is not None else 2**31


@dataclass(frozen=True)
class Columns:
    """What is carried backwards beside the values.

    Attributes:
        columns: those under each profile of types; the first len(givens) are `given` conditions.
        shared: those under what all expect of types, of which nothing is told by type.
        givens: their tables.
        gain_of: for each column that of its `given` condition, -1 if it has none.
        counted: (phase, branch) of the options that can be taken only once: read off the way forward.
        lasting: `eventually` and `first` questions whose condition never ends once it holds: read off where play is.
        ever: whether every option's probability of ever being taken is asked for.
    """

    columns: tuple[Column, ...]
    shared: tuple[Column, ...]
    givens: tuple[int, ...]
    gain_of: tuple[int, ...]
    counted: frozenset[tuple[int, int]]
    lasting: frozenset[str]
    ever: bool

    def carries(self, ask: Ask) -> bool:
        """Whether a question needs a column."""
        if ask.form == "takes":
            return ask.given >= 0 or (ask.phase, ask.branch) not in self.counted
        if ask.form in ("at_end", "expected"):
            return ask.given >= 0 and not ask.to_final
        if ask.form == "first":
            return ask.given >= 0
        return ask.name not in self.lasting


def choose_columns(game: Game, ever: bool = True) -> Columns:
    """`ever`: whether each option's probability of ever being taken is asked for too."""
    counted = frozenset(
        (k, b)
        for k, phase in enumerate(game.phases)
        if phase.mover >= 0
        for b in range(len(phase.branches))
        if taken_once(game.structure, k, b)
    )
    stay_true = frozenset(ask.name for ask in game.asked.questions if _lasts(game, ask))
    choice = Columns((), (), (), (), counted, stay_true, ever)
    carried = [ask for ask in game.asked.questions if choice.carries(ask)]
    givens = tuple(dict.fromkeys(ask.given for ask in carried if ask.given >= 0))
    columns = [Column(None) for _ in givens]
    for ask in carried:
        if ask.form == "first":
            columns += [Column(ask, step) for step in range(ask.by + 1)]
        elif ask.form == "takes":
            columns.append(Column(ask, -1, ask.phase, ask.branch))
        else:
            columns.append(Column(ask))
    taken = []
    for place, phase in enumerate(game.phases):
        if ever and phase.mover >= 0:
            asked = {c.branch for c in columns if c.phase == place and c.plain}
            rest = [b for b in range(len(phase.branches)) if (place, b) not in counted and b not in asked]
            taken += [Column(None, -1, place, branch) for branch in rest]
    # What was seen tells of types, so that what all expected before is not what is expected given it.
    apart = bool(game.roster.typed) and not game.seen
    columns += [] if apart else taken
    gains = tuple(-1 if c.ask is None or c.ask.given < 0 else givens.index(c.ask.given) for c in columns)
    return Columns(tuple(columns), tuple(taken) if apart else (), givens, gains, counted, stay_true, ever)


def _lasts(game: Game, ask: Ask) -> bool:
    """Whether the condition of an `eventually` or `first` question has held at some time exactly if it holds now."""
    condition = ask.expression
    if (
        ask.form not in ("eventually", "first")
        or ask.given >= 0
        or condition is None
        or condition.quantities
        or condition.reads_step
        or condition.types
    ):
        return False
    if game.asked.at_start(condition, {}, 1)[0]:
        return False
    return lasting(game.structure, game.asked.holds(condition, game.structure.end_codes))
