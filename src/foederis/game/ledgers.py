"""Everything that an actor receives, entered in ledgers of its own: one for each interest, treaty and price.

A ledger stands in the game as one more actor, who never moves: it is paid exactly what its part pays, and discounted
as its owner is. Values add up over interests under given behaviour, so the ledgers of an actor sum to its value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from foederis.game.compile import Game, Phase
from foederis.game.payoffs import Payment


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
    """A game with the ledgers of one actor.

    Attributes:
        game: its actors are those of the original, then one for each of `ledgers`, then one that receives all that the
            owner does before the final state, for what a single step brings (see solve.decision).
        owner: the place of the actor whose ledgers they are; actors: how many real ones there are.
    """

    game: Game
    owner: int
    actors: int
    ledgers: tuple[Ledger, ...]


def open_books(game: Game, owner: int) -> Books:
    """The same game with ledgers for all that an actor, given by its place, receives."""
    places: dict[Ledger, int] = {}
    actors = len(game.actors)

    def place(ledger: Ledger) -> int:
        return places.setdefault(ledger, actors + len(places))

    def entered(payments: tuple[Payment, ...], at_end: bool) -> list[Payment]:
        mine = [payment for payment in payments if payment.actor == owner]
        return [replace(payment, actor=place(Ledger(payment.kind, payment.name, at_end))) for payment in mine]

    flows, finals = entered(game.flows, False), entered(game.finals, True)
    pays = [
        [(b, place(_price(phase, b, owner)), table) for b, a, table in phase.pays if a == owner]
        for phase in game.phases
    ]
    total = actors + len(places)

    phases = tuple(
        replace(phase, pays=(*phase.pays, *mine, *((b, total, table) for b, _, table in mine)))
        for phase, mine in zip(game.phases, pays, strict=True)
    )
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
    )
    return Books(made, owner, actors, tuple(places))


def _price(phase: Phase, branch: int, owner: int) -> Ledger:
    kind = "price" if phase.mover == owner else "received"
    return Ledger(kind, f"{phase.name}.{phase.branches[branch]}")
