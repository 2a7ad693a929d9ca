"""The numbers of a game: chances of turns and events, payments by option, treaty and interest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.expand import PhaseStates, Structure
from foederis.game.packing import Packing
from foederis.game.pools import Floats, Pool, Rows, Worlds, not_a_probability, not_at_least_zero
from foederis.language.case import Case, Event, Odds, Option, Outcome, Turn
from foederis.language.expressions import Environment, Expression

# states, mover, pool, pays, chances: the fields of a Phase
PhaseParts = tuple[PhaseStates, int, Pool, tuple[tuple[int, int, int], ...], tuple[int, ...]]


@dataclass(frozen=True)
class Payment:
    """One stream of points: an actor's interest, or what a treaty costs it; `table` is its place in the ids."""

    actor: int
    kind: str  # interest or treaty
    name: str
    table: int


def turn_phase(case: Case, turn: Turn, states: PhaseStates, packing: Packing, actors: tuple[str, ...]) -> PhaseParts:
    pool = Pool(packing, states.codes, states.since, states.link_of_step)
    options = [turn.options[branch.name] for branch in states.rule.branches]
    pays = _payments(pool, options, states, actors)
    return states, actors.index(turn.actor), pool, pays, _opportunity(case, turn, states, pool)


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


def _payments(
    pool: Pool, branches: Sequence[Option | Outcome], states: PhaseStates, actors: tuple[str, ...]
) -> tuple[tuple[int, int, int], ...]:
    found = []
    for place, branch in enumerate(branches):
        is_open = [link.open[place] for link in states.links]
        for actor, amount in sorted(branch.pays.items()):
            label = f"what `{branch.name}` pays `{actor}`"
            [table] = pool.add(label, [amount], _alone(amount), where=is_open)
            found.append((place, actors.index(actor), table))
    return tuple(found)


def event_phase(event: Event, states: PhaseStates, packing: Packing, actors: tuple[str, ...]) -> PhaseParts:
    pool = Pool(packing, states.codes, states.since, states.link_of_step)
    outcomes = [event.outcomes[branch.name] for branch in states.rule.branches]
    label = f"the chance of the event `{event.name}`"
    reads = [e for e in (event.chance, *_odds_reads(event.odds)) if e is not None]
    for outcome in outcomes:
        reads += [e for e in (outcome.chance, outcome.share, *_odds_reads(outcome.odds)) if e is not None]

    def rows(environment: Environment) -> Sequence[Floats]:
        return list(event_chances(event, outcomes, environment))

    live = [link.live for link in states.links]
    chances = pool.add(
        label, reads, rows, len(outcomes) + 1, bad=not_a_probability, code="F305", message=label, where=live
    )
    pays = _payments(pool, outcomes, states, actors)
    return states, -1, pool, pays, tuple(chances)


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


def end_payments(
    case: Case, structure: Structure, actors: tuple[str, ...], *, at_end: bool
) -> tuple[Pool, tuple[Payment, ...]]:
    """Interests paid in each step (with treaties) or at the end, as tables over the states at a step's end."""
    pool = Pool(structure.packing, structure.end_codes, structure.end_since)
    payments = []
    for interest in sorted(case.interests, key=lambda i: (i.actor, i.name)):
        if interest.at_end != at_end:
            continue
        worth, when = interest.worth, interest.when
        reads = [worth, *([when] if when else [])]
        label = f"the interest `{interest.name}` of `{interest.actor}`"
        [table] = pool.add(label, reads, _while(worth, when))
        payments.append(Payment(actors.index(interest.actor), "interest", interest.name, table))
    for treaty in sorted(case.treaties.values(), key=lambda t: t.name) if not at_end else ():
        for actor, cost in sorted(treaty.breach_cost.items()) if treaty.binds else ():
            kept = treaty.honoured_by[actor]
            label = f"what breaking `{treaty.name}` costs `{actor}`"
            [table] = pool.add(label, [treaty.triggered, kept, cost], _breach(treaty.triggered, kept, cost))
            payments.append(Payment(actors.index(actor), "treaty", treaty.name, table))
    return pool, tuple(payments)


def _alone(amount: Expression) -> Rows:
    return lambda e: [amount(e)]


def _while(worth: Expression, when: Expression | None) -> Rows:
    if when is None:
        return lambda e: [worth(e)]
    return lambda e: [np.where(when(e), worth(e), 0.0)]


def _breach(triggered: Expression, kept: Expression, cost: Expression) -> Rows:
    return lambda e: [np.where(np.logical_and(triggered(e), np.logical_not(kept(e))), -1.0 * cost(e), 0.0)]


def actor_numbers(
    actors: Sequence[str],
    rationality: Sequence[Expression],
    patience: Sequence[Expression],
    worlds: Worlds,
    draws: int,
    first_draw: int,
) -> tuple[Floats, Floats]:
    results = []
    for code, label, expressions in (("F306", "rationality", rationality), ("F307", "patience", patience)):
        values = np.empty((len(actors), draws))
        for place, (actor, expression) in enumerate(zip(actors, expressions, strict=True)):
            values[place] = expression(Environment({}, worlds))
            good = np.isfinite(values[place]) & (values[place] >= 0)
            if code == "F307":
                good = (values[place] > 0) & (values[place] <= 1)
            if not good.all():
                draw = int(np.argmin(good))
                named = ", ".join(f"{name} = {worlds[name][draw]:.6g}" for name in sorted(expression.quantities))
                raise CaseError(
                    [
                        Diagnostic(
                            code,
                            f"the {label} of `{actor}` is {values[place, draw]:.6g} in draw {first_draw + draw}"
                            + (f" ({named})" if named else ""),
                            help="above 0 and at most 1, in every draw"
                            if code == "F307"
                            else "at least 0, in every draw",
                        )
                    ]
                )
        results.append(values)
    return results[0], results[1]
