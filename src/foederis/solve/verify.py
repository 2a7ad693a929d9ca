"""An independent check of a solution: does everybody behave as the equilibrium demands, and do the values add up?

This file shares no kernel with the solver. It takes what the solver says (branch probabilities, values before
and after each phase) and judges it against the conditions themselves:

- the chosen options' odds are those of their values: p_a / p_b = exp(rationality * (Q_a - Q_b));
- probabilities are between 0 and 1 and sum to 1, and nothing impossible is chosen;
- the value before a phase is the mean of what follows it;
- nobody's best option is more than log(options) / rationality better than its behaviour on average.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

TOLERANCE = 1e-9
Parts = tuple[jax.Array, ...]


@dataclass(frozen=True)
class Judgement:
    """The worst that was found.

    `residual` is the largest error: of behaviour in probability, of values relative to the range of the actor's
    payoffs. `regret` is the largest shortfall of a choice in points, `bound` the largest bound that applies where
    it was found, `strain` the largest ratio of a shortfall to its bound.
    """

    residual: float
    regret: float
    bound: float
    strain: float

    def worse(self, other: Judgement) -> Judgement:
        ahead = self if self.regret >= other.regret else other
        residual = float(np.maximum(self.residual, other.residual))  # nan stays nan
        return Judgement(residual, ahead.regret, ahead.bound, max(self.strain, other.strain))


def verdict(findings: Sequence[Findings], opening: NDArray[np.float64], met: NDArray[np.float64]) -> Judgement:
    """The worst of what `judge_phase` found.

    Args:
        findings: those of every step.
        opening: the values of the start found backwards, met: the mean points found forwards; float64[actors,
            draws] each. They must agree.
    """
    error = np.abs(opening - met).max(axis=1, initial=0.0)
    low, high = opening.min(axis=1, initial=0.0), opening.max(axis=1, initial=0.0)
    laws, odds, regret, bound, strain = 0.0, 0.0, 0.0, 0.0, 0.0
    for values, choices, span in findings:
        error = np.maximum(error, np.asarray(values)[:, :-1].max(axis=0, initial=0.0))
        laws = float(np.maximum(laws, np.asarray(values)[:, -1].max(initial=0.0)))
        low, high = np.minimum(low, np.asarray(span)[0]), np.maximum(high, np.asarray(span)[1])
        for wrong, shortfall, at, ratio in np.asarray(choices):
            odds, strain = float(np.maximum(odds, wrong)), float(np.maximum(strain, ratio))
            if shortfall > regret:
                regret, bound = float(shortfall), float(at)
    relative = np.max(error / np.where(high > low, high - low, 1.0), initial=0.0)
    return Judgement(float(np.max(np.array([relative, laws, odds]))), regret, bound, strain)


# Per step: per phase the errors of values by actor and the worst break of the laws of probability; per turn the
# break of the odds, the largest shortfall, its bound, the largest strain; and the range of values by actor.
Findings = tuple[jax.Array, jax.Array, jax.Array]


def largest(values: jax.Array) -> jax.Array:
    """The maximum over the first axis, by eighths: a plain reduction was measured ten times slower."""
    while values.shape[0] % 8 == 0:
        eighth = values.shape[0] // 8
        values = reduce(jnp.maximum, [values[i * eighth : (i + 1) * eighth] for i in range(8)])
        values = lax.optimization_barrier(values)
    return jnp.max(values, axis=0)


def span(values: jax.Array) -> jax.Array:
    """float64[2, actors]: the lowest and the highest of values [states, actors, draws]."""
    return jnp.stack([-jnp.max(largest(-values), axis=-1), jnp.max(largest(values), axis=-1)])


def judge_values(
    after: jax.Array,
    before: jax.Array,
    chances: Parts,
    links: Parts,
    allowed: Parts,
    paid: tuple[tuple[Parts, ...], ...],
    table: jax.Array,
) -> jax.Array:
    """Whether the values before a phase are the mean of what follows it.

    Args:
        after: float64[all states, actors, draws]; before: float64[live states, actors, draws].
        chances: per branch float64[live states, draws]; that of staying put may come last.
        links: per branch int32[live states]; allowed: per choosable branch bool[live states, 1].
        paid: per actor and branch the rows of `table` (float64[rows, draws]) that it pays.
    Returns:
        the errors by actor, and the worst break of the laws of probability.
    """
    actors = before.shape[1]
    expected = jnp.zeros_like(before)
    for place, (chance, link) in enumerate(zip(chances, links, strict=True)):
        expected = expected + chance[:, None, :] * _outcome(actors, after, link, paid, place, table)
    total = sum(chances)
    # Rows that only fill up an array belong to no state and hold no probability.
    broken = jnp.abs(jnp.where(_is_state(allowed, chances), total - 1.0, 0.0))
    for chance in chances:
        broken = jnp.maximum(broken, jnp.maximum(-chance, chance - 1.0))
    error = jnp.max(largest(jnp.abs(expected - before)), axis=-1)
    return jnp.concatenate([error, jnp.max(largest(broken))[None]])


def _is_state(allowed: Parts, chances: Parts) -> jax.Array | bool:
    """Where a row stands for a state: a branch is open there, or play can stay put there."""
    if len(chances) > len(allowed) or not allowed:
        return True
    return reduce(jnp.logical_or, allowed)


def _outcome(
    actors: int, after: jax.Array, link: jax.Array, paid: tuple[tuple[Parts, ...], ...], place: int, table: jax.Array
) -> jax.Array:
    """float64[live states, actors, draws]: what a branch leads to, and what it pays."""
    follows = jnp.take(after, link, axis=0, mode="clip")
    if not any(place < len(branches) and branches[place] for branches in paid):
        return follows
    extra = []
    for actor in range(actors):
        amount = jnp.zeros_like(follows[:, 0])
        for places in paid[actor][place] if place < len(paid[actor]) else ():
            amount = amount + jnp.take(table, places, axis=0, mode="clip")
        extra.append(amount)
    return follows + jnp.stack(extra, axis=1)


def judge_choice(
    mover: int,
    after: jax.Array,
    chances: Parts,
    links: Parts,
    allowed: Parts,
    paid: tuple[Parts, ...],
    table: jax.Array,
    precision: jax.Array,
) -> jax.Array:
    """Whether a mover's odds are those of its values; see judge_values for the arguments.

    Args:
        paid: per branch the rows of `table` that it pays the mover.
        precision: float64[draws], the mover's rationality.
    Returns:
        (break of the odds, largest shortfall, its bound, largest strain)
    """
    worth = []
    for link, rows in zip(links, paid, strict=False):
        value = jnp.take(after, link, axis=0, mode="clip")[:, mover]
        for places in rows:
            value = value + jnp.take(table, places, axis=0, mode="clip")
        worth.append(value)
    worth = list(lax.optimization_barrier(tuple(worth)))  # or each use below would gather them again
    asked = sum(jnp.where(can, chance, 0.0) for can, chance in zip(allowed, chances, strict=False))
    live = asked > 0
    top, lead, best = chances[0], worth[0], jnp.where(allowed[0], worth[0], -jnp.inf)
    for chance, value, can in zip(chances[1:], worth[1:], allowed[1:], strict=False):
        lead = jnp.where(chance > top, value, lead)
        top = jnp.maximum(top, chance)
        best = jnp.maximum(best, jnp.where(can, value, -jnp.inf))
    top, lead, best, asked = lax.optimization_barrier((top, lead, best, asked))
    # Chances of options are shares times the chance of choosing at all, and so are these errors.
    wrong, mean, options = jnp.zeros_like(top), jnp.zeros_like(top), jnp.zeros_like(top)
    for chance, value, can in zip(chances, worth, allowed, strict=False):
        demanded = jnp.where(can, top * jnp.exp(precision * jnp.where(can, value - lead, 0.0)), 0.0)
        wrong = jnp.maximum(wrong, jnp.abs(demanded - chance))
        mean = mean + jnp.where(can, chance * value, 0.0)
        options = options + can
    share = jnp.where(live, 1.0 / jnp.where(live, asked, 1.0), 0.0)
    short = jnp.where(live, best - mean * share, 0.0)
    bound = jnp.log(jnp.maximum(options, 1.0)) / precision
    wrong, short, bound = lax.optimization_barrier((wrong * share, short, bound))
    strain = jnp.where((bound > 0) & jnp.isfinite(bound), short / jnp.where(bound > 0, bound, 1.0), 0.0)
    regret = jnp.max(largest(short))
    at = jnp.max(largest(jnp.where(short >= regret, bound, 0.0)))
    return jnp.stack([jnp.max(largest(wrong)), regret, at, jnp.max(largest(strain))])
