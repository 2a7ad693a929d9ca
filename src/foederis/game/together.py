"""Turns taken together: they are phases one after the other, in which what has been chosen is sealed until all have.

A turn of a simultaneous move changes no variable. What its option sets is noted beside the variables, in digits of the
state's code that nothing reads; after the last of the turns the notes are opened, applied in the listed order and put
back to nothing. So every expression reads the state before the move, and each turn is a phase like any other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from foederis.language.case import Case, Event, Turn


@dataclass(frozen=True)
class Reveal:
    """The phase that follows the last turn of a simultaneous move: what was chosen takes effect."""

    turns: tuple[Turn, ...]

    @property
    def name(self) -> str:
        """Not a name that an author could choose."""
        return f"{', '.join(turn.name for turn in self.turns)} together"


@dataclass(frozen=True)
class Sealed:
    """How a turn of a simultaneous move notes what it has chosen.

    Attributes:
        stride: what its digit counts, among the notes; size: how many different notes it can leave, nothing included.
        digits: for each branch its note; 0 for one that sets nothing.
        shared: the variables that another turn of the move sets as well. What sets one of them is noted even where it
            changes nothing, since it may count against the other.
    """

    stride: int
    size: int
    digits: tuple[int, ...]
    shared: frozenset[str]

    @property
    def canonical(self) -> tuple[object, ...]:
        return (self.stride, self.size, self.digits, tuple(sorted(self.shared)))


@dataclass(frozen=True)
class Joint:
    """A simultaneous move of a game: the places of its turns among the phases; the reveal comes after the last."""

    turns: tuple[int, ...]

    @property
    def reveal(self) -> int:
        return self.turns[-1] + 1


def order_of_play(case: Case) -> tuple[Turn | Reveal | Event, ...]:
    """The phases of a step."""
    found: list[Turn | Reveal | Event] = []
    for place, turn in enumerate(case.turns):
        found.append(turn)
        following = case.turns[place + 1] if place + 1 < len(case.turns) else None
        if turn.together is not None and (following is None or following.together != turn.together):
            found.append(Reveal(tuple(other for other in case.turns if other.together == turn.together)))
    return (*found, *case.events)


def seal(turns: Iterable[Turn]) -> dict[str, Sealed]:
    """For each turn of a simultaneous move how it notes its choice."""
    turns = tuple(turns)
    sets = {turn.name: {s.variable for o in turn.options.values() for s in o.sets} for turn in turns}
    found: dict[str, Sealed] = {}
    stride = 1
    for turn in turns:
        notes: dict[tuple[str, ...], int] = {(): 0}
        digits = []
        for _, option in sorted(turn.options.items()):
            effect = tuple(sorted(f"{s.variable}:={s.value.canonical}" for s in option.sets))
            digits.append(notes.setdefault(effect, len(notes)))
        others = set().union(*(sets[other.name] for other in turns if other.name != turn.name))
        found[turn.name] = Sealed(stride, len(notes), tuple(digits), frozenset(sets[turn.name] & others))
        stride *= len(notes)
    return found


def notes_of(sealed: Iterable[Sealed]) -> int:
    """How many different notes the turns of one simultaneous move can leave between them."""
    return math.prod(one.size for one in sealed)
