"""Meaning to arrays: a Case becomes a Game."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foederis.game import asks, payoffs
from foederis.game.expand import MAX_STATES, PhaseStates, Structure, expand
from foederis.game.packing import Packing
from foederis.game.pools import Floats, Pool, Worlds
from foederis.game.rules import Rule, forgotten, rules_of
from foederis.language.case import Case
from foederis.language.expressions import Expression


@dataclass(frozen=True)
class Phase:
    """A phase with its numbers.

    Attributes:
        states: where each branch leads, and where it is open.
        mover: the place of the actor who chooses; -1 for an event.
        pool: the phase's numbers, a row for each distinct reading of the state.
        pays: (branch, actor, place in the pool's ids) for every payment.
        chances: the places in the pool's ids of a turn's probability of passing and of choosing, or of an
            event's outcome probabilities followed by that of nothing happening; empty for a turn that always
            chooses.
    """

    states: PhaseStates
    mover: int
    pool: Pool
    pays: tuple[tuple[int, int, int], ...]
    chances: tuple[int, ...]

    @property
    def name(self) -> str:
        return self.states.rule.name

    @property
    def branches(self) -> tuple[str, ...]:
        return tuple(branch.name for branch in self.states.rule.branches)


@dataclass(frozen=True)
class Game:
    """A finite-horizon stochastic game, ready to be solved for any draws of its quantities.

    Actors, variables, options and outcomes stand in the order of their names; phases in the order of play.

    Attributes:
        flows: payments at the end of each step; finals: payments on the final state.
        asked: what the questions read, in `ends`, the pool of the states at the end of a step.
        hash: of everything that decides an answer, names included; the order of keys does not count.
        ledgers: how many of the actors, the last ones, are no actors but ledgers; see game.ledgers.
    """

    actors: tuple[str, ...]
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

    @property
    def packing(self) -> Packing:
        return self.structure.packing

    @property
    def states_per_phase(self) -> dict[str, int]:
        names = [phase.name for phase in self.phases]
        return dict(zip([*names, "end of step"], self.structure.states_per_phase, strict=True))

    def actor_numbers(self, worlds: Worlds, draws: int, first_draw: int = 0) -> tuple[Floats, Floats]:
        """(rationality, patience), each float64[actors, draws].

        Raises:
            CaseError: F306 or F307, naming the draw.
        """
        return payoffs.actor_numbers(self.actors, self.rationality, self.patience, worlds, draws, first_draw)


_STRUCTURES: dict[tuple[object, ...], Structure] = {}
_KEPT = 64


def compile_game(case: Case, *, max_states: int = MAX_STATES, max_work: float = float("inf")) -> Game:
    """The game that a case describes.

    Raises:
        CaseError: F403 if a phase has more than `max_states` reachable states.
    """
    rules = rules_of(case)
    structure = _structure(case, rules, max_states, max_work)
    actors = tuple(sorted(case.actors))
    phases = tuple(
        payoffs.turn_phase(case, turn, states, structure.packing, actors)
        for turn, states in zip(case.turns, structure.phases, strict=False)
    ) + tuple(
        payoffs.event_phase(event, states, structure.packing, actors)
        for event, states in zip(case.events, structure.phases[len(case.turns) :], strict=True)
    )
    made = [Phase(*phase) for phase in phases]
    flow_pool, flows = payoffs.end_payments(case, structure, actors, at_end=False)
    final_pool, finals = payoffs.end_payments(case, structure, actors, at_end=True)
    return Game(
        actors,
        case.clock.steps,
        case.clock.step_days,
        structure,
        tuple(made),
        flow_pool,
        flows,
        final_pool,
        finals,
        tuple(case.actors[name].rationality for name in actors),
        tuple(case.actors[name].patience for name in actors),
        asks.ask(case, structure),
        content_hash(case, rules),
    )


def _structure(case: Case, rules: tuple[Rule, ...], max_states: int, max_work: float) -> Structure:
    """Expanded once for all cases that differ in numbers only."""
    lost = forgotten(case, rules)
    variables = sorted((v.name, v.kind, v.levels, v.start, v.low) for v in case.variables.values())
    names = tuple((rule.name, rule.actor) for rule in rules)
    key = (tuple(variables), names, tuple(r.canonical for r in rules), case.clock.steps, lost, max_states)
    if key not in _STRUCTURES:
        while len(_STRUCTURES) >= _KEPT:
            del _STRUCTURES[next(iter(_STRUCTURES))]
        _STRUCTURES[key] = expand(dict(case.variables), rules, case.clock.steps, lost, max_states, max_work)
    return _STRUCTURES[key]


def content_hash(case: Case, rules: Sequence[Rule]) -> str:
    """SHA-256 of what decides an answer."""
    read: set[str] = set()

    def text(expression: Expression | None) -> str:
        read.update(expression.quantities if expression is not None else ())
        return expression.canonical if expression is not None else "-"

    def pays(items: Mapping[str, Expression]) -> list[str]:
        return sorted(f"{actor}:{text(e)}" for actor, e in items.items())

    lines: list[object] = [case.clock.steps, case.clock.step_days]
    lines += sorted((v.name, v.kind, v.levels, v.start, v.low) for v in case.variables.values())
    lines += sorted(
        (a.name, text(a.rationality), text(a.patience), text(a.reconsiders_days)) for a in case.actors.values()
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
    # Draws go to uncertain quantities in this order, also to those that nothing reads.
    lines.append(case.uncertain)
    found = []
    for name in reversed(case.quantity_order):  # each before those that it reads
        if name in read:
            quantity, spread = case.quantities[name], case.quantities[name].distribution
            found.append((name, text(quantity.expression), repr(spread and (spread.family, spread.parameters))))
    lines += sorted(found)
    return hashlib.sha256("\n".join(map(repr, lines)).encode()).hexdigest()
