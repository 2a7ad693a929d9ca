"""The numbers of a game: chances of turns and events, payments by option, treaty and interest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.expand import PhaseStates, Structure
from foederis.game.packing import Packing
from foederis.game.pools import Floats, Pool, Worlds, not_a_probability, not_at_least_zero
from foederis.game.together import Reveal
from foederis.game.types import Profile, Roster, Seat
from foederis.language.case import Case, Event, Odds, Option, Outcome, Turn
from foederis.language.expressions import Environment, Expression

Pays = tuple[tuple[int, int, int], ...]
Value = Callable[[Environment], Floats]


@dataclass(frozen=True)
class Payment:
    """One stream of points: a seat's interest, or what a treaty costs it; `table` is its place in the ids."""

    actor: int
    kind: str  # interest or treaty
    name: str
    table: int


@dataclass(frozen=True)
class Kept:
    """The ledgers of one type of an actor in a phase that may show it; see game.ledgers.

    `mine` is the place of the type, `columns` are those of the ledgers, and `pays` (branch, column, table) what is
    entered in them.
    """

    mine: int
    columns: tuple[int, ...]
    pays: Pays


@dataclass(frozen=True)
class Signal:
    """What a phase may tell of an actor's type: a turn of an actor that has types, or an event whose chance reads one.

    Attributes:
        typed: the actor's place among those that have types; first: its first seat.
        own: (branch, type, table) for every payment to that actor.
        others: (branch, seat, tables by type) for every payment to another seat.
        chances: for an event, by type the places of its outcomes' probabilities and of that of nothing happening.
        kept: the ledgers of one of the types, if there are any.
    """

    typed: int
    first: int
    own: Pays
    others: tuple[tuple[int, int, tuple[int, ...]], ...]
    chances: tuple[tuple[int, ...], ...] = ()
    kept: Kept | None = None


@dataclass(frozen=True)
class Phase:
    """A phase with its numbers.

    Attributes:
        states: where each branch leads, and where it is open.
        mover: the place of the (first) seat of the actor who chooses; -1 for an event, and for a reveal.
        pool: the phase's numbers, a row for each distinct reading of the state.
        pays: (branch, seat, place in the pool's ids) for every payment.
        chances: the places in the pool's ids of a turn's probability of passing and of choosing, or of an
            event's outcome probabilities followed by that of nothing happening; empty for a turn that always
            chooses.
        signal: set instead of `pays` (and of an event's `chances`) where a type may show.
    """

    states: PhaseStates
    mover: int
    pool: Pool
    pays: Pays
    chances: tuple[int, ...]
    signal: Signal | None = None

    @property
    def name(self) -> str:
        return self.states.rule.name

    @property
    def branches(self) -> tuple[str, ...]:
        return tuple(branch.name for branch in self.states.rule.branches)


def make_phase(
    case: Case, phase: Turn | Reveal | Event, states: PhaseStates, packing: Packing, roster: Roster
) -> Phase:
    """A turn, an event, or what follows turns taken together, with its numbers."""
    if isinstance(phase, Turn):
        return turn_phase(case, phase, states, packing, roster)
    if isinstance(phase, Event):
        return event_phase(phase, states, packing, roster)
    pool = Pool(packing, states.codes, states.since, states.link_of_step)
    certain = pool.add(phase.name, [], lambda _: [np.ones((1, 1)), np.zeros((1, 1))], 2)
    return Phase(states, -1, pool, (), tuple(certain))


def turn_phase(case: Case, turn: Turn, states: PhaseStates, packing: Packing, roster: Roster) -> Phase:
    pool = Pool(packing, states.codes, states.since, states.link_of_step)
    options = [turn.options[branch.name] for branch in states.rule.branches]
    chances = _opportunity(case, turn, states, pool)
    first = roster.first(turn.actor)
    if roster.place(turn.actor) < 0:
        return Phase(states, first, pool, _payments(pool, options, states, roster), chances)
    return Phase(states, first, pool, (), chances, _signal(pool, options, states, roster, turn.actor))


def _opportunity(case: Case, turn: Turn, states: PhaseStates, pool: Pool) -> tuple[int, ...]:
    """Tables of the probability that the turn passes and that its actor chooses."""
    chance, period = turn.chance, case.actors[turn.actor].reconsiders_days
    if not states.rule.waits:
        return ()
    if chance is not None:
        label = f"the chance of the turn `{turn.name}`"
        function = chance

        def rows(environment: Environment) -> list[Floats]:
            value = np.asarray(function(environment), dtype=np.float64)
            return [1 - value, value]

        live = [link.live for link in states.links]
        return tuple(pool.add(label, [chance], rows, 2, bad=not_a_probability, code="F305", message=label, where=live))
    assert period is not None
    step, every = case.clock.step_days, period

    def waiting(environment: Environment) -> list[Floats]:
        days = np.asarray(every(environment), dtype=np.float64)
        share = np.where(days > 0, step / np.where(days > 0, days, 1.0), np.nan)
        return [np.exp(-share), -np.expm1(-share)]

    label = f"the probability that `{turn.actor}` reconsiders, whose period must be above 0,"
    return tuple(pool.add(label, [period], waiting, 2, bad=not_a_probability, code="F212", message=label))


def _payments(pool: Pool, branches: Sequence[Option | Outcome], states: PhaseStates, roster: Roster) -> Pays:
    found = []
    for place, branch in enumerate(branches):
        for actor in sorted(branch.pays):
            for column, seat in roster.of(actor):
                found.append((place, column, _pay(pool, place, branch, states, roster, seat, seat.knows)))
    return tuple(found)


def _pay(
    pool: Pool,
    place: int,
    branch: Option | Outcome,
    states: PhaseStates,
    roster: Roster,
    seat: Seat,
    known: Profile,
) -> int:
    """The table of what a branch pays a seat, given the types that are known."""
    amount = branch.pays[seat.actor]
    where = [link.open[place] for link in states.links]
    label = f"what `{branch.name}` pays `{seat.actor}`"
    return pool.add_mean(label, [amount], amount, roster, known, where)


def _signal(
    pool: Pool, branches: Sequence[Option | Outcome], states: PhaseStates, roster: Roster, actor: str
) -> Signal:
    """What a phase pays where it may show the type of an actor."""
    place = roster.place(actor)
    names = roster.typed[place].names
    own, others = [], []
    for at, branch in enumerate(branches):
        for paid in sorted(branch.pays):
            for column, seat in roster.of(paid):
                if paid == actor:
                    table = _pay(pool, at, branch, states, roster, seat, seat.knows)
                    own.append((at, names.index(seat.type), table))
                elif actor in branch.pays[paid].types:
                    known = [{**seat.knows, actor: name} for name in names]
                    tables = [_pay(pool, at, branch, states, roster, seat, types) for types in known]
                    others.append((at, column, tuple(tables)))
                else:
                    table = _pay(pool, at, branch, states, roster, seat, seat.knows)
                    others.append((at, column, (table,) * len(names)))
    return Signal(place, roster.first(actor), tuple(own), tuple(others))


def event_phase(event: Event, states: PhaseStates, packing: Packing, roster: Roster) -> Phase:
    pool = Pool(packing, states.codes, states.since, states.link_of_step)
    outcomes = [event.outcomes[branch.name] for branch in states.rule.branches]
    reads = [e for e in (event.chance, *_odds_reads(event.odds)) if e is not None]
    for outcome in outcomes:
        reads += [e for e in (outcome.chance, outcome.share, *_odds_reads(outcome.odds)) if e is not None]
    shown = sorted(frozenset[str]().union(*(e.types for e in reads)))
    if not shown:
        chances = _chances(event, outcomes, reads, states, pool, {})
        return Phase(states, -1, pool, _payments(pool, outcomes, states, roster), chances)
    [actor] = shown
    signal = _signal(pool, outcomes, states, roster, actor)
    names = roster.typed[signal.typed].names
    by_type = tuple(_chances(event, outcomes, reads, states, pool, {actor: name}) for name in names)
    return Phase(states, -1, pool, (), (), replace(signal, chances=by_type))


def _chances(
    event: Event,
    outcomes: Sequence[Outcome],
    reads: Sequence[Expression],
    states: PhaseStates,
    pool: Pool,
    known: Profile,
) -> tuple[int, ...]:
    label = f"the chance of the event `{event.name}`"

    def rows(environment: Environment) -> Sequence[Floats]:
        return list(event_chances(event, outcomes, replace(environment, types=known)))

    live = [link.live for link in states.links]
    count = len(outcomes) + 1
    return tuple(pool.add(label, reads, rows, count, bad=not_a_probability, code="F305", message=label, where=live))


def _odds_reads(odds: Sequence[Odds]) -> list[Expression]:
    return [expression for entry in odds for expression in (entry.when, entry.times)]


def event_chances(event: Event, outcomes: Sequence[Outcome], environment: Environment) -> Floats:
    """float64[outcomes + 1, rows, draws]: the probability of each outcome, and of nothing, last.

    Impossible input (a chance outside [0, 1], negative odds) gives values outside [0, 1] or nan, so that the
    pool's check finds the draw.
    """
    base = _product(event.odds, environment)
    if event.chance is None or (len(outcomes) == 1 and outcomes[0].share is None):
        chances = [np.asarray(outcome.chance(environment), dtype=np.float64) for outcome in outcomes if outcome.chance]
        odds = [base * _product(outcome.odds, environment) for outcome in outcomes]
        return _with_odds(chances, odds)
    happens = _with_odds([np.asarray(event.chance(environment), dtype=np.float64)], [base])
    shares = [np.asarray(outcome.share(environment), dtype=np.float64) for outcome in outcomes if outcome.share]
    with np.errstate(all="ignore"):
        total = sum(shares)
        shares = [np.where((share >= 0) & (total > 0), share / total, np.nan) for share in shares]
    split = _with_odds(shares, [_product(outcome.odds, environment) for outcome in outcomes])[:-1]
    return np.stack([*np.broadcast_arrays(*(happens[0] * part for part in split), happens[1])])


def _product(odds: Sequence[Odds], environment: Environment) -> Floats:
    """The product of the `times` whose condition holds; nan where one is negative."""
    result: Floats = np.ones((1, 1))
    for entry in odds:
        times = np.asarray(entry.times(environment), dtype=np.float64)
        times = np.where(not_at_least_zero(times), np.nan, times)
        result = result * np.where(entry.when(environment), times, 1.0)
    return result


def _with_odds(chances: Sequence[Floats], odds: Sequence[Floats]) -> Floats:
    """p_i m_i / (1 - sum p + sum p_j m_j), and the rest; a certainty stays one whatever the odds."""
    parts = np.broadcast_arrays(*chances, *odds)
    p, m = np.stack(parts[: len(chances)]), np.stack(parts[len(chances) :])
    total = p.sum(axis=0)
    rest = np.where(np.abs(total - 1) < 1e-12, 0.0, 1 - total)
    with np.errstate(all="ignore"):
        weight = rest + (p * m).sum(axis=0)
        changed = np.where(weight > 0, p * m / weight, np.where(np.isnan(weight), np.nan, p))
        left = np.where(weight > 0, rest / weight, np.where(np.isnan(weight), np.nan, rest))
    impossible = ((p < -1e-12) | (p > 1 + 1e-12)).any(axis=0) | (total > 1 + 1e-12)
    # Where the chances themselves are impossible they are shown as they are, not as the odds distort them.
    changed = np.where(impossible, np.where((p < 0) | (p > 1), p, total), changed)
    return np.concatenate([changed, left[None]])


def end_payments(case: Case, structure: Structure, roster: Roster, *, at_end: bool) -> tuple[Pool, tuple[Payment, ...]]:
    """Interests paid in each step (with treaties) or at the end, as tables over the states at a step's end."""
    pool = Pool(structure.packing, structure.end_codes, structure.end_since)
    payments = []

    def pay(actor: str, kind: str, name: str, label: str, reads: Sequence[Expression], value: Value) -> None:
        for column, seat in roster.of(actor):
            payments.append(Payment(column, kind, name, pool.add_mean(label, reads, value, roster, seat.knows)))

    for interest in sorted(case.interests, key=lambda i: (i.actor, i.name)):
        if interest.at_end != at_end:
            continue
        worth, when = interest.worth, interest.when
        label = f"the interest `{interest.name}` of `{interest.actor}`"
        reads = [worth, *([when] if when else [])]
        pay(interest.actor, "interest", interest.name, label, reads, _while(worth, when))
    for treaty in sorted(case.treaties.values(), key=lambda t: t.name) if not at_end else ():
        for actor, cost in sorted(treaty.breach_cost.items()) if treaty.binds else ():
            kept = treaty.honoured_by[actor]
            label = f"what breaking `{treaty.name}` costs `{actor}`"
            reads = [treaty.triggered, kept, cost]
            pay(actor, "treaty", treaty.name, label, reads, _breach(treaty.triggered, kept, cost))
    return pool, tuple(payments)


def _while(worth: Expression, when: Expression | None) -> Value:
    if when is None:
        return worth
    return lambda e: np.where(when(e), worth(e), 0.0)


def _breach(triggered: Expression, kept: Expression, cost: Expression) -> Value:
    return lambda e: np.where(np.logical_and(triggered(e), np.logical_not(kept(e))), -1.0 * cost(e), 0.0)


def seat_numbers(
    seats: Sequence[Seat],
    rationality: Sequence[Expression],
    patience: Sequence[Expression],
    worlds: Worlds,
    draws: int,
    first_draw: int,
) -> tuple[Floats, Floats]:
    """(rationality, patience), each float64[seats, draws].

    Raises:
        CaseError: F306 or F307, naming the draw.
    """
    results = []
    for code, label, expressions in (("F306", "rationality", rationality), ("F307", "patience", patience)):
        values = np.empty((len(seats), draws))
        for place, (seat, expression) in enumerate(zip(seats, expressions, strict=True)):
            values[place] = expression(Environment({}, worlds, types=seat.knows))
            good = np.isfinite(values[place]) & (values[place] >= 0)
            if code == "F307":
                good = (values[place] > 0) & (values[place] <= 1)
            if not good.all():
                draw = int(np.argmin(good))
                named = ", ".join(f"{name} = {worlds[name][draw]:.6g}" for name in sorted(expression.quantities))
                message = f"the {label} of `{seat.name}` is {values[place, draw]:.6g} in draw {first_draw + draw}"
                cure = "above 0 and at most 1, in every draw" if code == "F307" else "at least 0, in every draw"
                raise CaseError([Diagnostic(code, message + (f" ({named})" if named else ""), help=cure)])
        results.append(values)
    return results[0], results[1]
