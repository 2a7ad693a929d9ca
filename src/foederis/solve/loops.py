"""The compiled loops of the way back: through the chunks of a group, and over the end of a step.

A chunk's rows are worked out from rows of later phases and written in their own place, so one array holds a whole
step: the values or questions before every phase.
"""

from __future__ import annotations

from foederis.solve import kernels
from foederis.solve.device import kernel
from foederis.solve.groups import CHOOSE, CHUNK, WAIT, GroupArrays
from foederis.solve.kernels import Array
from foederis.solve.lazy import jnp, lax


def columns_at(table: Array, start: Array) -> Array:
    """A chunk of an array whose second axis is a group's states."""
    return lax.dynamic_slice_in_dim(table, start, CHUNK, axis=1)


def _put(table: Array, new: Array, row: Array) -> Array:
    return lax.dynamic_update_slice_in_dim(table, new, row, axis=0)


def decisions_at(weights: Array, arrays: GroupArrays, start: Array) -> Array:
    """float64[chunk, branches + 2, draws]: a chunk of the decisions of a group of turns; see Layout."""
    size = arrays.branches + 2
    found = lax.dynamic_slice_in_dim(weights, arrays.base + start * size, CHUNK * size)
    return found.reshape(CHUNK, size, weights.shape[1])


def shares_at(weights: Array, arrays: GroupArrays, start: Array) -> Array:
    """float64[branches + 1, chunk, draws]: how likely each branch is, and staying put."""
    if arrays.turns:
        return decisions_at(weights, arrays, start)[:, :-1].swapaxes(0, 1)
    return kernels.rows(weights, columns_at(arrays.chances, start))


def _decide(
    values: Array, weights: Array, rationality: Array, arrays: GroupArrays, order: Array, count: Array
) -> tuple[Array, Array]:
    """The choices of a group of turns, written into `weights`, and the values before them, written into `values`.

    Args:
        values: float64[rows, actors, draws]; weights: float64[weights, draws]; rationality: float64[actors, draws].
    """
    branches, actors, draws = arrays.branches, *values.shape[1:]
    shapes = (CHUNK, actors, draws), (CHUNK * (branches + 2), draws)

    def chunk(i: Array, carried: tuple[Array, Array]) -> tuple[Array, Array]:
        values, weights = carried
        start, row, place, _ = order[i]

        def work() -> tuple[Array, Array]:
            mover = arrays.mover[place]
            successors = columns_at(arrays.successors, start)
            paid = kernels.rows(weights, columns_at(arrays.own, start))
            worth = values.at[successors[:branches], mover].get(mode="promise_in_bounds") + paid
            is_open = (successors[:branches] != 0)[:, :, None]
            chance = kernels.rows(weights, columns_at(arrays.chances, start))
            shares = kernels.logit(worth, is_open, rationality[mover]) * chance[CHOOSE]
            short = kernels.shortfall(worth, is_open, shares)
            own = kernels.to_actor(kernels.add_up(shares * paid), mover, actors)
            shares = jnp.concatenate([shares, chance[WAIT][None]])
            new = kernels.mix(kernels.rows(values, successors), shares) + own
            new = new + paid_by_actor(shares, weights, arrays, start, place, actors)
            decided = jnp.concatenate([shares, short[None]]).swapaxes(0, 1).reshape(-1, draws)
            return new, decided

        # Without a condition, what is written would be worked out while it is written, for some groups from a copy of
        # the whole array. It always holds here, which the compiler does not know.
        new, decided = lax.cond(count > 0, work, lambda: (jnp.zeros(shapes[0]), jnp.zeros(shapes[1])))
        return _put(values, new, row), _put(weights, decided, arrays.base + start * (branches + 2))

    return lax.fori_loop(0, count, chunk, (values, weights))


def paid_to_others(shares: Array, weights: Array, arrays: GroupArrays, start: Array, place: Array) -> Array:
    """float64[payments, chunk, draws]: what a chunk pays on average to others than the mover; see GroupArrays."""
    return kernels.rows(weights, columns_at(arrays.others, start)) * kernels.rows(shares, arrays.branch[place])


def paid_by_actor(
    shares: Array, weights: Array, arrays: GroupArrays, start: Array, place: Array, actors: int
) -> Array | float:
    """What paid_to_others says by actor, float64[chunk, actors, draws]."""
    if not len(arrays.others):
        return 0.0
    amounts = paid_to_others(shares, weights, arrays, start, place)
    return sum(kernels.to_actor(a, arrays.actor[place, slot], actors) for slot, a in enumerate(amounts))


def _happen(values: Array, weights: Array, arrays: GroupArrays, order: Array, count: Array) -> Array:
    """The values before a group of events, written into `values`; see _decide."""

    def chunk(i: Array, values: Array) -> Array:
        start, row, place, _ = order[i]
        shares = shares_at(weights, arrays, start)
        new = kernels.mix(kernels.rows(values, columns_at(arrays.successors, start)), shares)
        return _put(values, new + paid_by_actor(shares, weights, arrays, start, place, values.shape[1]), row)

    return lax.fori_loop(0, count, chunk, values)


def _carry(
    questions: Array,
    weights: Array,
    arrays: GroupArrays,
    hits: Array | None,
    gain_of: Array | None,
    order: Array,
    count: Array,
) -> Array:
    """Question columns before a group, written into `questions` [rows, columns, draws].

    Args:
        hits: float64[phases, branches + 1, columns], see kernels.answered, or None.
    """

    def chunk(i: Array, questions: Array) -> Array:
        start, row, place, _ = order[i]
        follows = kernels.rows(questions, columns_at(arrays.successors, start))
        if hits is not None:
            follows = kernels.answered(follows, hits[place], gain_of)
        return _put(questions, kernels.mix(follows, shares_at(weights, arrays, start)), row)

    return lax.fori_loop(0, count, chunk, questions)


def _impose(weights: Array, arrays: GroupArrays, start: Array, stop: Array, branch: Array) -> Array:
    """The weights with a branch certain where it is open in the states from `start` to `stop` of a group of turns."""
    size = arrays.branches + 2
    place = jnp.arange(len(weights)) - arrays.base
    state, column = place // size, place % size
    is_open = arrays.successors[branch, jnp.clip(state, 0, arrays.successors.shape[1] - 1)] != 0
    here = (state >= start) & (state < stop) & is_open & (column <= arrays.branches)
    return jnp.where(here[:, None], jnp.where(column == branch, 1.0, 0.0)[:, None], weights)


def _begin_step(weights: Array, numbers: Array) -> Array:
    """The weights of a step before anybody has decided: its numbers, and what is left of another step."""
    return _put(weights, numbers, jnp.int32(0))


def _payments(numbers: Array, ids: Array, actors: Array, count: Array, width: int) -> Array:
    """float64[states, actors, draws]: the first `count` payments (rows int32[payments, states]), by actor."""

    def add(i: Array, total: Array) -> Array:
        return total.at[actors[i]].add(kernels.rows(numbers, ids[i]), mode="promise_in_bounds")

    return lax.fori_loop(0, count, add, jnp.zeros((width, ids.shape[1], numbers.shape[1]))).swapaxes(0, 1)


def _end_values(values: Array, after: Array | None, flow: Array, patience: Array, onward: Array, row: Array) -> Array:
    """Values at the end of a step, flow + patience * what follows, written into `values`. What follows are values
    [states, actors, draws], or, if None, those of `values` at the start of the next step."""
    if after is None:
        after = kernels.rows(values, onward)
    return _put(values, flow + patience[None] * after, row)


def _end_questions(
    questions: Array,
    after: Array | None,
    numbers: Array,
    asked: Array,
    gain_of: Array | None,
    windows: tuple[Array, Array, Array],
    onward: Array,
    row: Array,
) -> Array:
    """Question columns at the end of a step; `asked`, int32[columns, states], are the rows of their conditions."""
    if after is None:
        after = kernels.rows(questions, onward)
    holds = kernels.rows(numbers, asked.T)
    return _put(questions, kernels.turn_over(after, holds, gain_of, *windows), row)


decide_group = kernel(_decide, donate=[0, 1])
happen_group = kernel(_happen, donate=[0])
carry_group = kernel(_carry, donate=[0])
begin_step = kernel(_begin_step, donate=[0])
impose_branch = kernel(_impose)
payments = kernel(_payments, static=["width"], in_one=True)
end_values = kernel(_end_values, donate=[0])
end_questions = kernel(_end_questions, donate=[0])
row_of = kernel(lambda table, row: table[row])
gather = kernel(lambda numbers, ids: kernels.rows(numbers, ids.T))
put_ends = kernel(_put, donate=[0])
take_ends = kernel(lambda values, row, width: lax.dynamic_slice_in_dim(values, row, width, axis=0), static=["width"])
