"""An independent check of a solution: does everybody behave as the equilibrium demands, and do the values add up?

This file shares no kernel with the solver. It takes what the solver says (branch probabilities, values before
each phase and at the end of the step) and judges it against the conditions themselves:

- the chosen options' odds are those of their values: p_a / p_b = exp(rationality * (Q_a - Q_b));
- probabilities are between 0 and 1 and sum to 1, and nothing impossible is chosen;
- the value before a phase is the mean of what follows it;
- nobody's best option is more than log(options) / rationality better than its behaviour on average.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foederis.solve.device import kernel, zeros
from foederis.solve.groups import CHUNK, GroupArrays
from foederis.solve.lazy import jax, jnp, lax, pytree


@dataclass(frozen=True)
class Judgement:
    """The worst that was found.

    `residual` is the largest error: of behaviour in probability, of values relative to the range of the actor's
    values at the ends of steps, at the start, and 0. `regret` is the largest shortfall of a choice in points, `bound`
    the largest bound that applies where it was found, `strain` the largest ratio of a shortfall to its bound.
    """

    residual: float
    regret: float
    bound: float
    strain: float

    def worse(self, other: Judgement) -> Judgement:
        ahead = self if self.regret >= other.regret else other
        residual = float(np.maximum(self.residual, other.residual))  # nan stays nan
        return Judgement(residual, ahead.regret, ahead.bound, max(self.strain, other.strain))


@pytree
@dataclass(frozen=True)
class Findings:
    """The worst that the check has found so far, for each place in a chunk and each draw of a block: to reduce it
    further after every look would take longer than the look.

    Attributes:
        error: float64[chunk, actors, draws], of values; low, high: likewise, the lowest and highest value.
        laws: float64[chunk, draws], the break of the laws of probability.
        choice: float64[4, chunk, draws], the break of a turn's odds; the ratio of a shortfall to its bound; the
            shortfall of a choice; the bound where that is largest. One array, since the compiler would work out
            everything that they share once for each of several.
    """

    error: jax.Array
    low: jax.Array
    high: jax.Array
    laws: jax.Array
    choice: jax.Array


ODDS, STRAIN, REGRET, BOUND = range(4)


def nothing_found(actors: int, draws: int) -> Findings:
    """Where a check begins."""
    by_actor = (CHUNK, actors, draws)
    sizes = by_actor, by_actor, by_actor, (CHUNK, draws), (4, CHUNK, draws)
    return Findings(*(zeros(*size) for size in sizes))


def worse_choice(worst: jax.Array, judged: tuple[jax.Array, ...], counts: jax.Array) -> jax.Array:
    """What is worse, for the choices of a chunk, of what was found before and what judge_choice says; `counts`,
    bool[chunk, 1], are the rows that count."""
    odds, regret, bound, strain = judged
    seen = jnp.where(counts, jnp.stack([odds, strain, regret, bound]), 0.0)
    largest = jnp.where(seen[REGRET] > worst[REGRET], seen[BOUND], worst[BOUND])
    return jnp.concatenate([jnp.maximum(worst[:BOUND], seen[:BOUND]), largest[None]])


def verdict(
    found: Findings, ends: NDArray[np.float64], opening: NDArray[np.float64], met: NDArray[np.float64]
) -> Judgement:
    """What the findings of all steps and groups say.

    Args:
        ends: float64[2, actors], the lowest and highest value at the end of a step.
        opening: the values of the start found backwards, met: the mean points found forwards; float64[actors,
            draws] each. They must agree.
    """

    def worst(array: jax.Array) -> float:
        return float(np.max(np.asarray(array), initial=0.0))  # nan stays nan

    error = np.maximum(np.abs(opening - met).max(axis=1, initial=0.0), np.asarray(found.error).max(axis=(0, 2)))
    # Values before every phase, too: large payments may cancel within a step.
    low = np.minimum(np.minimum(ends[0], opening.min(axis=1, initial=0.0)), np.asarray(found.low).min(axis=(0, 2)))
    high = np.maximum(np.maximum(ends[1], opening.max(axis=1, initial=0.0)), np.asarray(found.high).max(axis=(0, 2)))
    relative = np.max(error / np.where(high > low, high - low, 1.0), initial=0.0)
    choice = np.asarray(found.choice)
    residual = float(np.max(np.array([relative, worst(found.laws), worst(choice[ODDS])])))
    regret = choice[REGRET]
    bound = np.where(regret >= regret.max(), choice[BOUND], 0.0)
    return Judgement(residual, float(regret.max()), float(bound.max()), worst(choice[STRAIN]))


def _judge(
    found: Findings,
    values: jax.Array,
    weights: jax.Array,
    precisions: jax.Array,
    group: GroupArrays,
    chunks: jax.Array,
    count: jax.Array,
    alone: bool = True,
) -> Findings:
    """Judges a group of phases in the states that are reached.

    Args:
        found: what was found before.
        values: float64[rows, actors, draws]; weights: float64[weights, draws], see layout.Layout.
        precisions: float64[actors, draws], rationality.
        chunks, count: see groups.Order.
        alone: whether its turns are taken alone; the choices of those taken together are judged in verify_together.
    """

    def look(i: jax.Array, worst: Findings) -> Findings:
        start, row, phase, reached = chunks[i, 0], chunks[i, 1], chunks[i, 2], chunks[i, 3]
        counts = (jnp.arange(CHUNK) < reached)[:, None]
        links = _cut(group.successors, start)
        before = lax.dynamic_slice_in_dim(values, row, CHUNK)
        chances, own = _chances(weights, group, start), _numbers(weights, group.own, start)
        received = _received(weights, group, start, phase, chances, own, values.shape[1])
        follows = (values.at[link].get(mode="promise_in_bounds") for link in links)
        error, laws = judge_values(follows, received, before, chances, (links != 0)[:, :, None])
        held = jnp.where(counts[:, None], before, 0.0)
        seen = replace(
            worst,
            error=jnp.maximum(worst.error, jnp.where(counts[:, None], error, 0.0)),
            low=jnp.minimum(worst.low, held),
            high=jnp.maximum(worst.high, held),
            laws=jnp.maximum(worst.laws, jnp.where(counts, laws, 0.0)),
        )
        if not group.turns or not alone:
            return seen
        mover = group.mover[phase]
        worth = values.at[links[:-1], mover].get(mode="promise_in_bounds") + own
        judged = judge_choice(worth, chances[:-1], (links[:-1] != 0)[:, :, None], precisions[mover])
        return replace(seen, choice=worse_choice(worst.choice, judged, counts))

    return lax.fori_loop(0, count, look, found)


def _cut(array: jax.Array, start: jax.Array) -> jax.Array:
    return lax.dynamic_slice_in_dim(array, start, CHUNK, axis=1)


def _numbers(weights: jax.Array, places: jax.Array, start: jax.Array) -> jax.Array:
    """float64[kinds, chunk, draws]: the numbers that rows int32[kinds, states] point to."""
    return weights.at[_cut(places, start)].get(mode="promise_in_bounds")


def _chances(weights: jax.Array, group: GroupArrays, start: jax.Array) -> jax.Array:
    """float64[branches + 1, chunk, draws]: how likely each branch is; of turns as decided, of events as drawn."""
    if not group.turns:
        return _numbers(weights, group.chances, start)
    size = group.branches + 2
    decided = lax.dynamic_slice_in_dim(weights, group.base + size * start, CHUNK * size)
    return decided.reshape(CHUNK, size, weights.shape[1])[:, :-1].swapaxes(0, 1)


def _received(
    weights: jax.Array,
    group: GroupArrays,
    start: jax.Array,
    phase: jax.Array,
    chances: jax.Array,
    own: jax.Array,
    actors: int,
) -> jax.Array:
    """float64[chunk, actors, draws]: what a phase pays on average."""
    paid = []
    if group.turns:
        mine = [chance * amount for chance, amount in zip(chances, own, strict=False)]
        paid.append((group.mover[phase], sum(mine[1:], mine[0])))
    for slot, amount in enumerate(_numbers(weights, group.others, start)):
        paid.append((group.actor[phase, slot], chances[group.branch[phase, slot]] * amount))
    received = jnp.zeros((CHUNK, actors, weights.shape[1]))
    for actor, amount in paid:
        received = received + jnp.where(jnp.arange(actors)[:, None] == actor, amount[:, None, :], 0.0)
    return received


judge = kernel(_judge, donate=[0], static=["alone"])


def judge_values(
    follows: Iterable[jax.Array], received: jax.Array, before: jax.Array, chances: jax.Array, allowed: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Whether the values before a phase are the mean of what it pays and what follows it.

    Args:
        follows: for each branch float64[states, actors, draws], staying put last; received: what is paid on average.
        before: float64[states, actors, draws].
        chances: float64[branches, states, draws]; allowed: bool[branches, states, 1].
    Returns:
        float64[states, actors, draws], the error of the values; float64[states, draws], the worst break of the laws
        of probability: a chance that is none, chances that do not sum to 1, one of a branch that is not allowed.
    """
    expected, total, broken, somewhere = received, jnp.zeros_like(chances[0]), jnp.zeros_like(chances[0]), False
    for chance, after in zip(chances, follows, strict=True):
        expected = expected + chance[:, None] * after
    for chance, can in zip(chances, allowed, strict=True):
        total = total + chance
        broken = jnp.maximum(broken, jnp.maximum(-chance, jnp.where(can, chance - 1.0, chance)))
        somewhere = somewhere | can
    # Rows that only fill up a chunk belong to no state, and nothing may happen there.
    off = jnp.abs(total - jnp.where(somewhere, 1.0, 0.0))
    return jnp.abs(expected - before), jnp.maximum(broken, off)


def judge_choice(
    worth: jax.Array, chances: jax.Array, allowed: jax.Array, precision: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """Whether a mover's odds are those of its values.

    Args:
        worth: float64[options, states, draws], what each is worth to the mover; allowed: bool[options, states, 1].
        chances: float64[options, states, draws]: its share times the chance of choosing at all.
        precision: float64[draws], the mover's rationality.
    Returns:
        float64[states, draws] each: the break of the odds, the shortfall of the choice, its bound, their ratio.
    """
    asked, mean, best = jnp.zeros_like(worth[0]), jnp.zeros_like(worth[0]), jnp.full_like(worth[0], -jnp.inf)
    for chance, value, can in zip(chances, worth, allowed, strict=True):
        asked = asked + jnp.where(can, chance, 0.0)
        mean = mean + jnp.where(can, chance * value, 0.0)
        best = jnp.maximum(best, jnp.where(can, value, -jnp.inf))
    odds = jnp.where(allowed, jnp.exp(precision * jnp.where(allowed, worth - best, 0.0)), 0.0)
    against = sum(odds[1:], odds[0])
    ratio = jnp.where(against > 0, asked / jnp.where(against > 0, against, 1.0), 0.0)
    wrong = jnp.abs(odds[0] * ratio - chances[0])
    for odd, chance in zip(odds[1:], chances[1:], strict=True):
        wrong = jnp.maximum(wrong, jnp.abs(odd * ratio - chance))
    live = asked > 0
    # Chances are shares times the chance of choosing at all, and so are these errors.
    share = jnp.where(live, 1.0 / jnp.where(live, asked, 1.0), 0.0)
    short = jnp.where(live, best - mean * share, 0.0)
    options = sum(can * 1.0 for can in allowed)
    bound = jnp.where(options > 1, jnp.log(jnp.maximum(options, 1.0)) / precision, 0.0)
    strain = jnp.where((bound > 0) & jnp.isfinite(bound), short / jnp.where(bound > 0, bound, 1.0), 0.0)
    return wrong * share, short, bound, strain
