"""Everything that an actor receives, entered in ledgers of its own: one for each interest, treaty and price.

A ledger stands in the game as one more actor, who never moves: it is paid exactly what its part pays, and discounted
as its owner is. Values add up over interests under given behaviour, so the ledgers of an actor sum to its value. An
actor with private types has books for each of them, since each expects its own behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from foederis.game.compile import Game, Phase
from foederis.game.payoffs import Kept, Payment, Signal


@dataclass(frozen=True)
class Ledger:
    """One part of what an actor receives.

    `kind` is interest, treaty, price (what the actor's own options pay it) or received (what options of others and
    events pay it); `name` is that of the interest or treaty, or `turn.option`, or `event.outcome`; `at_end` is whether
    it is paid on the final state.
    """

    kind: str
    name: str
    at_end: bool = False


@dataclass(frozen=True)
class Books:
    """A game with the ledgers of one actor, or of one of its types.

    Attributes:
        game: its actors are those of the original, then one for each of `ledgers`, then one that receives all that the
            owner does before the final state, for what a single step brings (see solve.decision).
        owner: the seat whose ledgers they are; actors: how many real ones there are.
    """

    game: Game
    owner: int
    actors: int
    ledgers: tuple[Ledger, ...]


def open_books(game: Game, owner: int) -> Books:
    """The same game with ledgers for all that an actor, given by its place among the seats, receives."""
    places: dict[Ledger, int] = {}
    actors = len(game.actors)

    def place(ledger: Ledger) -> int:
        return places.setdefault(ledger, actors + len(places))

    def entered(payments: tuple[Payment, ...], at_end: bool) -> list[Payment]:
        mine = [payment for payment in payments if payment.actor == owner]
        return [replace(payment, actor=place(Ledger(payment.kind, payment.name, at_end))) for payment in mine]

    flows, finals = entered(game.flows, False), entered(game.finals, True)
    pays = [
        [(b, place(_price(game, phase, b, owner)), table) for b, table in _paid(phase, owner)] for phase in game.phases
    ]
    total = actors + len(places)
    columns = tuple(range(actors, total + 1))

    def entered_too(phase: Phase, mine: list[tuple[int, int, Any]]) -> Phase:
        both = [(b, column, table) for b, ledger, table in mine for column in (ledger, total)]
        if phase.signal is None:
            return replace(phase, pays=(*phase.pays, *both))
        return replace(phase, signal=_with_ledgers(game, phase.signal, owner, columns, both))

    phases = tuple(entered_too(phase, mine) for phase, mine in zip(game.phases, pays, strict=True))
    more = len(places) + 1
    made = replace(
        game,
        actors=(*game.actors, *(f"{ledger.kind} {ledger.name}" for ledger in places), "all"),
        phases=phases,
        flows=(*game.flows, *flows, *(replace(payment, actor=total) for payment in flows)),
        finals=(*game.finals, *finals),
        rationality=(*game.rationality, *[game.rationality[owner]] * more),
        patience=(*game.patience, *[game.patience[owner]] * more),
        ledgers=more,
        owner=owner,
    )
    return Books(made, owner, actors, tuple(places))


def _paid(phase: Phase, owner: int) -> list[tuple[int, Any]]:
    """(branch, table) for all that a phase pays a seat; tables by type where it may show that of another actor."""
    if phase.signal is None:
        return [(branch, table) for branch, seat, table in phase.pays if seat == owner]
    own = [(branch, table) for branch, mine, table in phase.signal.own if phase.signal.first + mine == owner]
    return own + [(branch, tables) for branch, seat, tables in phase.signal.others if seat == owner]


def _with_ledgers(
    game: Game, signal: Signal, owner: int, columns: tuple[int, ...], pays: list[tuple[int, int, Any]]
) -> Signal:
    if game.roster.typed[signal.typed].actor != game.roster.seats[owner].actor:
        return replace(signal, others=(*signal.others, *pays))
    return replace(signal, kept=Kept(owner - signal.first, columns, tuple(pays)))


def _price(game: Game, phase: Phase, branch: int, owner: int) -> Ledger:
    seats = game.roster.seats
    own = phase.mover >= 0 and seats[phase.mover].actor == seats[owner].actor
    kind = "price" if own else "received"
    return Ledger(kind, f"{phase.name}.{phase.branches[branch]}")
