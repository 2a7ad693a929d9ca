"""The arithmetic of one chunk of rows, in float64, draws innermost: shares, values, questions.

Branches are the first axis, so that one compiled operation serves them all: a loop over chunks spends much of its
time on starting operations. Sums over branches are written out, since plain reductions were measured three times
slower.
"""

from __future__ import annotations

from functools import reduce

from foederis.solve.lazy import Array as Array
from foederis.solve.lazy import jnp


def rows(table: Array, places: Array) -> Array:
    return table.at[places].get(mode="promise_in_bounds")


def add_up(parts: Array) -> Array:
    """The sum over the first axis, which is not empty."""
    return reduce(jnp.add, list(parts))


def best_of(values: Array, is_open: Array) -> Array:
    """The largest value among the open branches, 0 where none is; arguments as in logit."""
    best = reduce(jnp.maximum, list(jnp.where(is_open, values, -jnp.inf)))
    return jnp.where(jnp.isfinite(best), best, 0.0)


def logit(values: Array, is_open: Array, rationality: Array) -> Array:
    """Choice probabilities of an actor that errs less where errors cost more.

    Args:
        values: float64[branches, states, draws], points.
        is_open: bool[branches, states, 1].
        rationality: float64[draws], per point, finite, at least 0; 0 is even odds.
    Returns:
        float64[branches, states, draws]; they sum to 1 over the branches wherever one is open.
    Source: McKelvey & Palfrey (1998), Experimental Economics 1(1): 9-41.
    """
    ahead = jnp.where(is_open, values - best_of(values, is_open), 0.0)
    weights = jnp.where(is_open, jnp.exp(rationality * ahead), 0.0)
    total = add_up(weights)
    return weights * jnp.where(total > 0, 1.0 / jnp.where(total > 0, total, 1.0), 0.0)


def shortfall(values: Array, is_open: Array, shares: Array) -> Array:
    """How much better the best open branch is than the choice on average, times the chance of choosing at all:
    what an actor loses to its errors here; float64[states, draws]."""
    return add_up(jnp.where(is_open, shares * (best_of(values, is_open) - values), 0.0))


def mix(follows: Array, shares: Array) -> Array:
    """The mean over branches of what follows.

    Args:
        follows: float64[branches, states, columns, draws]; shares: float64[branches, states, draws].
    Returns:
        float64[states, columns, draws].
    """
    return add_up(shares[:, :, None] * follows)


def to_actor(amount: Array, actor: Array, actors: int) -> Array:
    """float64[states, actors, draws]: an amount, float64[states, draws], in the column of one actor."""
    return jnp.where((jnp.arange(actors) == actor)[None, :, None], amount[:, None], 0.0)


def answered(follows: Array, hits: Array, gain_of: Array | None) -> Array:
    """What follows for questions of which some are answered by taking a branch.

    Args:
        follows: float64[branches, states, columns, draws].
        hits: float64[branches, columns], 1 where taking the branch answers the question.
        gain_of: int32[columns], for each column that of its `given` condition (what a hit is worth there), or -1
            where a hit is worth 1; None if nothing is given.
    """
    hit = hits[:, None, :, None]
    return follows * (1 - hit) + hit * worth_of_hit(follows, gain_of)


def worth_of_hit(columns: Array, gain_of: Array | None) -> Array | float:
    """What a hit is worth in each column (last axis but one): 1, or the probability of what is given."""
    if gain_of is None:
        return 1.0
    return jnp.where((gain_of < 0)[:, None], 1.0, columns[..., jnp.maximum(gain_of, 0), :])


def turn_over(after: Array, holds: Array, gain_of: Array | None, opens: Array, ends: Array, lasts: Array) -> Array:
    """Question columns at the end of a step from those at the start of the next, `after`.

    Args:
        after, holds: float64[states, columns, draws]; holds is whether a column's condition is met, 0 for those
            that wait for an option.
        opens: float64[columns, 1], 1 where a hit now counts; ends: 1 where a hit ends the wait; lasts: 1 where
            what comes later counts.
    """
    after = after * lasts
    return holds * opens * worth_of_hit(after, gain_of) + (1 - holds * ends) * after
