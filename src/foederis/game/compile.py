"""Meaning to arrays: a Case becomes a Game."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foederis.game import asks, observed, payoffs
from foederis.game.expand import MAX_STATES, Structure, expand
from foederis.game.packing import Packing
from foederis.game.payoffs import Phase as Phase
from foederis.game.pools import Floats, Pool, Worlds
from foederis.game.rules import Rule, forgotten, rules_of
from foederis.game.together import Joint, Reveal, order_of_play
from foederis.game.types import Roster, refuse_together, roster_of
from foederis.language.case import Case
from foederis.language.expressions import Expression


@dataclass(frozen=True)
class Game:
    """A finite-horizon stochastic game, ready to be solved for any draws of its quantities.

    Actors, variables, options and outcomes stand in the order of their names; phases in the order of play. An actor
    that has types stands among `actors` once for each of them.

    Attributes:
        roster: who has types, and whose seats the actors are.
        flows: payments at the end of each step; finals: payments on the final state.
        asked: what the questions read, in `ends`, the pool of the states at the end of a step.
        hash: of everything that decides an answer, names included; the order of keys does not count.
        ledgers: how many of the actors, the last ones, are no actors but ledgers, of the actor at the place `owner`;
            see game.ledgers.
        joints: the simultaneous moves; see game.together.
        seen: what was observed; None if nothing was.
    """

    actors: tuple[str, ...]
    roster: Roster
    steps: int
    step_days: float
    structure: Structure
    phases: tuple[Phase, ...]
    flow_pool: Pool
    flows: tuple[payoffs.Payment, ...]
    final_pool: Pool
    finals: tuple[payoffs.Payment, ...]
    rationality: tuple[Expression, ...]
    patience: tuple[Expression, ...]
    asked: asks.Asked
    hash: str
    ledgers: int = 0
    owner: int = 0
    joints: tuple[Joint, ...] = ()
    seen: observed.Seen | None = None

    @property
    def packing(self) -> Packing:
        return self.structure.packing

    @property
    def bytes(self) -> int:
        """About what it takes in memory."""
        pools = [*(phase.pool for phase in self.phases), self.flow_pool, self.final_pool, self.asked.pool]
        levels = sum(part.nbytes for part in self.asked.levels.values())
        seen = sum(part.nbytes for part in self.seen.ends.values()) if self.seen else 0
        return self.structure.bytes + sum(pool.bytes for pool in pools) + levels + seen

    @property
    def states_per_phase(self) -> dict[str, int]:
        names = [phase.name for phase in self.phases]
        return dict(zip([*names, "end of step"], self.structure.states_per_phase, strict=True))

    def actor_numbers(self, worlds: Worlds, draws: int, first_draw: int = 0) -> tuple[Floats, Floats]:
        """(rationality, patience), each float64[actors, draws].

        Raises:
            CaseError: F306 or F307, naming the draw.
        """
        owner = self.roster.seats[self.owner : self.owner + 1]
        seats = (*self.roster.seats, *owner * self.ledgers)
        return payoffs.seat_numbers(seats, self.rationality, self.patience, worlds, draws, first_draw)


_STRUCTURES: dict[tuple[object, ...], Structure] = {}
_KEPT, _KEPT_BYTES = 64, 500_000_000


def compile_game(case: Case, *, max_states: int = MAX_STATES, max_work: float = float("inf")) -> Game:
    """The game that a case describes.

    Raises:
        CaseError: F403 if a phase has more than `max_states` reachable states, F411 if there is too little memory.
    """
    rules = rules_of(case)
    structure = _structure(case, rules, max_states, max_work)
    roster = roster_of(case)
    refuse_together(case, roster)
    order = order_of_play(case)
    phases = tuple(
        payoffs.make_phase(case, phase, states, structure.packing, roster)
        for phase, states in zip(order, structure.phases, strict=True)
    )
    joints = [
        Joint(tuple(structure.place(turn.name) for turn in phase.turns)) for phase in order if isinstance(phase, Reveal)
    ]
    flow_pool, flows = payoffs.end_payments(case, structure, roster, at_end=False)
    final_pool, finals = payoffs.end_payments(case, structure, roster, at_end=True)
    return Game(
        tuple(seat.name for seat in roster.seats),
        roster,
        case.clock.steps,
        case.clock.step_days,
        structure,
        phases,
        flow_pool,
        flows,
        final_pool,
        finals,
        tuple(case.actors[seat.actor].rationality for seat in roster.seats),
        tuple(case.actors[seat.actor].patience for seat in roster.seats),
        asks.ask(case, structure, roster),
        content_hash(case, rules),
        joints=tuple(joints),
        seen=observed.see(phases, structure, case.observed) if case.observed else None,
    )


def _structure(case: Case, rules: tuple[Rule, ...], max_states: int, max_work: float) -> Structure:
    """Expanded once for all cases that differ in numbers only."""
    lost = forgotten(case, rules)
    variables = sorted((v.name, v.kind, v.levels, v.start, v.low) for v in case.variables.values())
    names = tuple((rule.name, rule.actor) for rule in rules)
    key = (tuple(variables), names, tuple(r.canonical for r in rules), case.clock.steps, lost, max_states)
    if key not in _STRUCTURES:
        while len(_STRUCTURES) >= _KEPT or sum(kept.bytes for kept in _STRUCTURES.values()) > _KEPT_BYTES:
            del _STRUCTURES[next(iter(_STRUCTURES))]
        _STRUCTURES[key] = expand(dict(case.variables), rules, case.clock.steps, lost, max_states, max_work)
    return _STRUCTURES[key]


def content_hash(case: Case, rules: Sequence[Rule]) -> str:
    """SHA-256 of what decides an answer."""
    lines, read = _content(case, rules)
    # Draws go to uncertain quantities in this order, also to those that nothing reads.
    lines.append(case.uncertain)
    found = []
    for name in reversed(case.quantity_order):  # each before those that it reads
        if name in read:
            quantity, spread = case.quantities[name], case.quantities[name].distribution
            read.update(quantity.expression.quantities if quantity.expression is not None else ())
            canonical = quantity.expression.canonical if quantity.expression is not None else "-"
            found.append((name, canonical, repr(spread and (spread.family, spread.parameters))))
    lines += sorted(found)
    return _digest(lines)


def form_hash(case: Case) -> str:
    """SHA-256 of what decides a game but for what its quantities are: two cases with the same make games that are
    solved alike, each in its own worlds."""
    return _digest(_content(case, rules_of(case))[0])


def _digest(lines: Sequence[object]) -> str:
    return hashlib.sha256("\n".join(map(repr, lines)).encode()).hexdigest()


def _content(case: Case, rules: Sequence[Rule]) -> tuple[list[object], set[str]]:
    """What decides an answer apart from quantities, and the names of the quantities that are read there."""
    read: set[str] = set()

    def text(expression: Expression | None) -> str:
        read.update(expression.quantities if expression is not None else ())
        return expression.canonical if expression is not None else "-"

    def pays(items: Mapping[str, Expression]) -> list[str]:
        return sorted(f"{actor}:{text(e)}" for actor, e in items.items())

    lines: list[object] = [case.clock.steps, case.clock.step_days]
    lines += sorted((v.name, v.kind, v.levels, v.start, v.low) for v in case.variables.values())
    lines += sorted(
        (
            *(a.name, text(a.rationality), text(a.patience), text(a.reconsiders_days)),
            *sorted((name, text(share)) for name, share in a.types.items()),
        )
        for a in case.actors.values()
    )
    lines += [rule.canonical for rule in rules]
    lines += [
        (t.name, t.actor, text(t.chance), *sorted((o.name, pays(o.pays)) for o in t.options.values()))
        for t in case.turns
    ]
    for event in case.events:
        odds = [(text(o.when), text(o.times)) for o in event.odds]
        inner = [
            (o.name, text(o.chance), text(o.share), [(text(x.when), text(x.times)) for x in o.odds], pays(o.pays))
            for _, o in sorted(event.outcomes.items())
        ]
        lines.append((event.name, text(event.chance), odds, inner))
    lines += sorted((i.actor, i.name, text(i.worth), text(i.when), i.at_end) for i in case.interests)
    lines += sorted(
        (t.name, t.binds, text(t.triggered), pays(t.honoured_by), pays(t.breach_cost)) for t in case.treaties.values()
    )
    lines += sorted((*sorted((t.first, t.second)), t.correlation) for t in case.correlated)
    lines += sorted((e.name, e.holder, text(e.amount)) for e in case.exposures.values())
    lines += sorted(
        (q.name, q.form, text(q.expression), q.turn, q.option, str(q.by), text(q.given))
        for q in case.questions.values()
    )
    seen = [
        (item.step, item.believed, sorted((s.kind, s.name, *sorted(s.agrees)) for s in item.sightings))
        for item in case.observed
    ]
    lines += sorted(seen)
    return lines, read
