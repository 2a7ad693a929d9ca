"""The inner loops, in float64, draws innermost; compiled a step at a time by `backward` and `forward`.

All phases share one numbering of states, and a phase touches only the states in which it is live: its kernels
read whole arrays [states, columns, draws] and give new rows for the live states, which then replace the old ones
in place. Branches are tuples of arrays and sums are written out: reductions over a branch axis were measured
three times slower.
"""

from __future__ import annotations

from functools import reduce

import jax
import jax.numpy as jnp
from jax import lax

from foederis.solve import device as _device  # noqa: F401  (double precision before anything is compiled)

Array = jax.Array
Branches = tuple[Array, ...]


def rows(table: Array, places: Array) -> Array:
    return table.at[places].get(mode="promise_in_bounds")


# Choosing


def action_values(
    values: Array, column: Array, successors: Branches, own: tuple[Branches, ...], pool: Array
) -> Branches:
    """The value of each branch in one column: what is paid at once and what follows; [live, draws] each."""
    column_values = lax.dynamic_index_in_dim(values, column, axis=1, keepdims=False)
    return tuple(
        reduce(lambda total, ids: total + rows(pool, ids), paid, rows(column_values, successor))
        for successor, paid in zip(successors, own, strict=True)
    )


def _best(values: Branches, is_open: Branches) -> Array:
    """The largest value among the open branches, 0 where none is."""
    best = reduce(jnp.maximum, [jnp.where(m, v, -jnp.inf) for v, m in zip(values, is_open, strict=True)])
    return jnp.where(jnp.isfinite(best), best, 0.0)


def weights(values: Branches, is_open: Branches, rationality: Array) -> Branches:
    """exp(rationality * (value - best)), 0 where a branch is not open."""
    best = _best(values, is_open)
    return tuple(
        jnp.where(mask, jnp.exp(rationality * jnp.where(mask, value - best, 0.0)), 0.0)
        for value, mask in zip(values, is_open, strict=True)
    )


def normalise(weight: Branches) -> Branches:
    total = reduce(jnp.add, weight)
    share = jnp.where(total > 0, 1.0 / jnp.where(total > 0, total, 1.0), 0.0)
    return tuple(part * share for part in weight)


def logit(values: Branches, is_open: Branches, rationality: Array) -> Branches:
    """Choice probabilities of an actor that errs less where errors cost more.

    Args:
        values: per branch float64[states, draws], points.
        is_open: per branch bool[states, 1].
        rationality: float64[draws], per point, finite, at least 0; 0 is even odds.
    Returns:
        per branch float64[states, draws]; they sum to 1 wherever a branch is open.
    Source: McKelvey & Palfrey (1998), Experimental Economics 1(1): 9-41.
    """
    # Without the barriers the compiler works the exponentials out again for every use.
    weight = lax.optimization_barrier(weights(lax.optimization_barrier(values), is_open, rationality))
    return lax.optimization_barrier(normalise(weight))


def with_chance(shares: Branches, choose: Array, wait: Array, live: Array, pool: Array) -> Branches:
    """Branch probabilities of a turn that may pass; that of staying put is one branch more."""
    chosen = rows(pool, choose)
    return (*(share * chosen for share in shares), jnp.where(live, rows(pool, wait), 1.0))


def with_skipping(shares: Branches, live: Array) -> Branches:
    """As with_chance, for a turn that passes only where it is not live."""
    return (*shares, jnp.broadcast_to(jnp.where(live, 0.0, 1.0), shares[0].shape))


def event_shares(ids: Branches, is_open: Branches, rest: Array, live: Array, pool: Array) -> Branches:
    """Outcome probabilities of an event, and last that of nothing."""
    happen = tuple(jnp.where(mask, rows(pool, place), 0.0) for place, mask in zip(ids, is_open, strict=True))
    return (*happen, jnp.where(live, rows(pool, rest), 1.0))


def impose(shares: Branches, place: Array, is_open: Array) -> Branches:
    """Branch probabilities with one branch certain wherever it is open."""
    return tuple(jnp.where(is_open, jnp.where(place == branch, 1.0, 0.0), share) for branch, share in enumerate(shares))


# Backwards


def mix_values(
    values: Array, shares: Branches, successors: Branches, paid: tuple[tuple[Branches, ...], ...], pool: Array
) -> Array:
    """Values before a phase: the mean over branches of what is paid and what follows.

    Args:
        values: float64[states, actors, draws].
        paid: per actor and branch the ids of what the branch pays the actor.
    Returns:
        float64[live, actors, draws].
    """
    result = reduce(jnp.add, [share[:, None, :] * rows(values, s) for share, s in zip(shares, successors, strict=True)])
    if not any(ids for branches in paid for ids in branches):
        return result
    extra = []
    for branches in paid:
        terms = [share * rows(pool, i) for share, ids in zip(shares, branches, strict=False) for i in ids]
        extra.append(reduce(jnp.add, terms) if terms else jnp.zeros_like(shares[0]))
    return result + jnp.stack(extra, axis=1)


def shortfall(values: Branches, is_open: Branches, shares: Branches) -> Array:
    """How much better the best open branch is than the choice on average, [live, draws], times the chance of
    choosing at all: what an actor loses to its errors here."""
    best = _best(values, is_open)
    return reduce(
        jnp.add,
        [jnp.where(m, s * (best - v), 0.0) for s, v, m in zip(shares, values, is_open, strict=False)],
    )


def mix_questions(
    questions: Array, shares: Branches, successors: Branches, hits: Branches, gain_of: Array | None
) -> Array:
    """Question columns before a phase.

    Args:
        questions: float64[states, columns, draws].
        hits: per branch float64[columns, 1]: 1 where taking the branch answers the question; or none.
        gain_of: int32[columns], for each column that of its `given` condition (what a hit is worth there), or
            -1 where a hit is worth 1; None if nothing is given.
    """
    parts = []
    for place, (share, successor) in enumerate(zip(shares, successors, strict=True)):
        part = rows(questions, successor)
        if place < len(hits):
            hit = hits[place]
            reward = hit
            if gain_of is not None:
                reward = hit * jnp.where((gain_of < 0)[:, None], 1.0, part[:, jnp.maximum(gain_of, 0)])
            part = part * (1 - hit) + reward
        parts.append(share[:, None, :] * part)
    return reduce(jnp.add, parts)


def put(array: Array, places: Array, new: Array) -> Array:
    """The array with some rows replaced, in place."""
    return array.at[places].set(new, mode="promise_in_bounds")


def payments(pool: Array, ids: tuple[Branches, ...]) -> Array:
    """float64[states, actors, draws]: the sum of each actor's tables, of which there is at least one."""
    return jnp.stack([reduce(jnp.add, [rows(pool, table) for table in tables]) for tables in ids], axis=1)


def discount(values: Array, onward: Array | None, flow: Array, patience: Array) -> Array:
    """Values at the end of a step from those at the start of the next: flow + patience * what follows.

    Args:
        values: float64[states, actors, draws]; onward: int32[states], or None where states stay themselves.
        flow: float64[states, actors, draws]; patience: float64[actors, draws].
    """
    after = values if onward is None else rows(values, onward)
    return flow + patience[None] * after


def turn_over(
    questions: Array,
    onward: Array | None,
    pool: Array,
    asked: Branches,
    gain_of: Array | None,
    opens: Array,
    ends: Array,
    lasts: Array,
) -> Array:
    """Question columns at the end of a step from those at the start of the next.

    Args:
        asked: per column the rows of `pool` with its condition (a row of zeros for columns that wait for an
            option).
        opens: float64[columns, 1], 1 where a hit now counts; ends: 1 where a hit ends the wait; lasts: 1 where
            what comes later counts.
    """
    after = questions if onward is None else rows(questions, onward)
    after = after * lasts
    reward: Array | float = 1.0
    if gain_of is not None:
        reward = jnp.where((gain_of < 0)[:, None], 1.0, after[:, jnp.maximum(gain_of, 0)])
    holds = rows(pool, jnp.stack(asked, axis=1))
    return holds * opens * reward + (1 - holds * ends) * after


def gather_asked(pool: Array, ids: Branches) -> Array:
    """float64[states, tables, draws]"""
    return rows(pool, jnp.stack(ids, axis=1))


# Forwards


def push(mass: Array, here: Array, places: Array, shares: Branches, successors: Branches) -> Array:
    """State probabilities [states, courses, draws] after a phase, in place. `here` are those of its live states
    before it; the last share is that of staying put if there is one more share than successors."""
    kept = here * shares[-1][:, None] if len(shares) > len(successors) else jnp.zeros_like(here)
    mass = put(mass, places, kept)
    for share, successor in zip(shares, successors, strict=False):
        mass = mass.at[successor].add(here * share[:, None], mode="promise_in_bounds")
    return mass


def move_on(mass: Array, onward: Array) -> Array:
    return jnp.zeros_like(mass).at[onward].add(mass, mode="promise_in_bounds")


def taken(here: Array, shares: Branches) -> Array:
    """float64[branches, draws]: the probability that play is here and takes the branch."""
    return jnp.stack([jnp.sum(here * share, axis=0) for share in shares])


def receive(here: Array, shares: Branches, paid: tuple[tuple[Branches, ...], ...], pool: Array) -> Array:
    """float64[actors, draws]: the mean of what a phase pays."""
    sums = []
    for branches in paid:
        terms = [share * rows(pool, i) for share, ids in zip(shares, branches, strict=False) for i in ids]
        sums.append(jnp.sum(here * reduce(jnp.add, terms), axis=0) if terms else jnp.zeros(here.shape[-1]))
    return jnp.stack(sums)


def mean_flow(mass: Array, flow: Array) -> Array:
    """float64[actors, draws]"""
    return jnp.sum(mass[:, None, :] * flow, axis=0)


def level_masses(mass: Array, levels: tuple[Array, ...], counts: tuple[int, ...]) -> tuple[Array, ...]:
    """Per variable float64[levels, draws]: the probability of each level."""
    return tuple(
        jnp.zeros((count, mass.shape[-1])).at[level].add(mass, mode="promise_in_bounds")
        for level, count in zip(levels, counts, strict=True)
    )


def means(mass: Array, pool: Array, ids: Branches) -> Array:
    """float64[tables, draws]: the mean of each table under state probabilities."""
    return jnp.stack([jnp.sum(mass * rows(pool, table), axis=0) for table in ids])


def joint_mean(mass: Array, pool: Array, first: Array, second: Array) -> Array:
    return jnp.sum(mass * rows(pool, first) * rows(pool, second), axis=0)


def open_mass(here: Array, is_open: Array) -> Array:
    return jnp.sum(here * is_open, axis=0)


def absorb(mass: Array, pool: Array, conditions: Branches, counts: Array) -> tuple[Array, Array]:
    """Ends the wait for conditions.

    Args:
        mass: float64[states, 1 + conditions, draws]: where play is, then where it is with each condition not met.
        counts: float64[conditions], 1 where a condition is still looked for.
    Returns:
        the probability that each condition is met now, float64[conditions, draws]; and the mass that is left.
    """
    holds = rows(pool, jnp.stack(conditions, axis=1)) * counts[:, None]
    met = mass[:, 1:] * holds
    return jnp.sum(met, axis=0), jnp.concatenate([mass[:, :1], mass[:, 1:] - met], axis=1)


def expected_shortfall(here: Array, short: Array) -> Array:
    """float64[draws]"""
    return jnp.sum(here * short, axis=0)
