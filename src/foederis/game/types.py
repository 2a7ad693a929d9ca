"""Private types: which actors have them, and whose values are carried for which type."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.diagnostics import CaseError, Diagnostic
from foederis.language.case import Case
from foederis.language.expressions import Environment, Expression

Floats = NDArray[np.float64]
Worlds = Mapping[str, Floats]
Profile = Mapping[str, str]  # the type of each actor that has types
_SUM = 1e-9


@dataclass(frozen=True)
class Typed:
    """An actor with private types: their names, in alphabetical order, and the share of each."""

    actor: str
    names: tuple[str, ...]
    shares: tuple[Expression, ...]


@dataclass(frozen=True)
class Seat:
    """Somebody whose value is carried: an actor, or one type of an actor that has types."""

    actor: str
    type: str = ""

    @property
    def name(self) -> str:
        return f"{self.actor} ({self.type})" if self.type else self.actor

    @property
    def knows(self) -> Profile:
        """The type that it knows."""
        return {self.actor: self.type} if self.type else {}


@dataclass(frozen=True)
class Roster:
    """Who has a value. `seats` stand in the order of the actors' names and of the names of types."""

    typed: tuple[Typed, ...]
    seats: tuple[Seat, ...]

    def of(self, actor: str) -> list[tuple[int, Seat]]:
        """The places and seats of an actor."""
        return [(place, seat) for place, seat in enumerate(self.seats) if seat.actor == actor]

    def first(self, actor: str) -> int:
        return self.of(actor)[0][0]

    def place(self, actor: str) -> int:
        """The place among those that have types; -1 for the others."""
        return next((place for place, typed in enumerate(self.typed) if typed.actor == actor), -1)

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Every combination of types; one that says nothing if nobody has any."""
        return tuple(self.combinations([typed.actor for typed in self.typed]))

    def combinations(self, actors: Sequence[str]) -> Iterator[Profile]:
        names = [next(typed.names for typed in self.typed if typed.actor == actor) for actor in actors]
        for types in itertools.product(*names):
            yield dict(zip(actors, types, strict=True))


def roster_of(case: Case) -> Roster:
    typed, seats = [], []
    for name in sorted(case.actors):
        types = case.actors[name].types
        if types:
            names = tuple(sorted(types))
            typed.append(Typed(name, names, tuple(types[t] for t in names)))
        seats += [Seat(name, t) for t in sorted(types)] or [Seat(name)]
    return Roster(tuple(typed), tuple(seats))


def refuse_together(case: Case, roster: Roster) -> None:
    """Refuses a case in which somebody with types takes a turn together with others.

    Raises:
        CaseError: F210.
    """
    typed = {one.actor for one in roster.typed}
    cure = "let it go first or last, or leave its types out; those without types may choose together"
    refused = [
        Diagnostic(
            "F210",
            f"`{turn.actor}` has types, and its turn `{turn.name}` is taken together with others: the two are not "
            "solved together",
            help=cure,
        )
        for turn in case.turns
        if turn.together is not None and turn.actor in typed
    ]
    if refused:
        raise CaseError(refused, case.text, case.filename)


def shares_of(typed: Typed, worlds: Worlds, draws: int, first_draw: int = 0) -> Floats:
    """float64[types, draws]: the share of each type.

    Raises:
        CaseError: F312, a share outside [0, 1] or shares that do not sum to 1, naming the draw.
    """
    found = np.stack(
        [np.broadcast_to(np.asarray(share(Environment({}, worlds)), float), (draws,)) for share in typed.shares]
    )
    total = found.sum(axis=0)
    good = (found >= -1e-12).all(axis=0) & (found <= 1 + 1e-12).all(axis=0) & (np.abs(total - 1) <= _SUM)
    if not good.all():
        draw = int(np.argmin(good))
        read = sorted(frozenset[str]().union(*(share.quantities for share in typed.shares)))
        named = ", ".join(f"{name} = {worlds[name][draw]:.6g}" for name in read)
        values = ", ".join(f"{name} {value:.6g}" for name, value in zip(typed.names, found[:, draw], strict=True))
        message = f"the types of `{typed.actor}` have the shares {values} in draw {first_draw + draw}"
        cure = "shares lie between 0 and 1 and sum to 1 in every draw: write the last as `1 - …` of the others"
        raise CaseError([Diagnostic("F312", message + (f" ({named})" if named else ""), help=cure)])
    return np.clip(found, 0.0, 1.0) / np.clip(found, 0.0, 1.0).sum(axis=0)
