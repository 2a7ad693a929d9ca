"""Backward induction: from the end of the crisis to its start, all draws of a block at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from foederis.solve import loops
from foederis.solve.groups import few_sizes
from foederis.solve.kernels import Array
from foederis.solve.layout import Layout
from foederis.solve.numbers import Numbers, Stack

_FLOW_BYTES = 64_000_000


@dataclass(frozen=True)
class Move:
    """An imposed branch: at `step`, the phase takes it wherever it is open."""

    step: int
    phase: int
    branch: int


Plan = tuple[Move, ...]


class Asking:
    """What the question columns need on the device; columns that fill up the array wait for nothing."""

    def __init__(self, layout: Layout):
        self.layout = layout
        columns, ends = layout.columns, layout.ends
        self.width = few_sizes(len(columns))
        asked = np.zeros((self.width, ends.width), dtype=np.int32)
        tables = ends.asked_ids
        for place, column in enumerate(columns):
            if column.conditioned and column.ask:
                asked[place] = tables[column.ask.table]
        self.asked = jax.device_put(asked)
        self.given = jax.device_put(tables[list(layout.asking.givens)])
        gains = np.full(self.width, -1, dtype=np.int32)
        gains[: len(columns)] = layout.asking.gain_of
        self.gain_of = jax.device_put(gains) if layout.asking.givens else None

    def hits(self, group: int, step: int) -> Array | None:
        """float64[phases, branches + 1, columns]: 1 where a branch answers a question that still looks; or None."""
        looks = tuple(step <= column.by for column in self.layout.columns)
        return self.layout.keep(("hits", group, looks), lambda: self._hits(group, looks))

    def _hits(self, group: int, looks: tuple[bool, ...]) -> Array | None:
        arrays = self.layout.groups[group]
        found = np.zeros((arrays.arrays[0].mover.shape[0], arrays.width + 1, self.width))
        for place, (column, look) in enumerate(zip(self.layout.columns, looks, strict=True)):
            if look and column.phase in arrays.phases:
                found[arrays.phases.index(column.phase), column.branch, place] = 1.0
        return jax.device_put(found) if found.any() else None

    def windows(self, step: int) -> tuple[Array, Array, Array]:
        """For each column: whether a hit now counts, whether a hit ends the wait, whether what follows counts."""
        return self.layout.keep(("windows", step), lambda: self._windows(step))

    def _windows(self, step: int) -> tuple[Array, Array, Array]:
        found = np.zeros((3, self.width, 1))
        for place, column in enumerate(self.layout.columns):
            waits = column.ask is not None and column.ask.form in ("eventually", "first")
            opens = step <= column.by if column.at < 0 and waits else step == column.by
            found[:, place, 0] = column.conditioned and opens, column.conditioned and waits, step < column.by
        return jax.device_put(found[0]), jax.device_put(found[1]), jax.device_put(found[2])


class Space:
    """Arrays that one block after the other works in, since new memory costs more than most kernels.

    What is left in them of another step or block is finite and only read where no play can be, or times zero.

    Attributes:
        values: float64[rows, actors, draws], those before every phase of the step that was played last, and at its
            end; questions: float64[rows, columns, draws], likewise.
        blanks: arrays for the weights of a step.
    """

    def __init__(self, layout: Layout, asking: Asking, draws: int):
        self.layout, self.draws = layout, draws
        self.values = jnp.zeros((layout.height, layout.actors, draws))
        self.questions = jnp.zeros((layout.height, asking.width, draws))
        self.blanks: list[Array] = []

    def blank(self) -> Array:
        return self.blanks.pop() if self.blanks else jnp.zeros((self.layout.weights, self.draws))


class Pass:
    """One block's way back."""

    def __init__(self, layout: Layout, numbers: Numbers, asking: Asking, space: Space):
        self.layout, self.numbers, self.asking, self.space = layout, numbers, asking, space
        self._flows: dict[int, Array] = {}

    def _paid(self, stack: Stack, ids: Array, actors: Array, count: int, step: int) -> Array:
        if not count:
            return jnp.zeros((self.layout.ends.width, self.layout.actors, self.numbers.draws))
        return loops.payments(self.numbers.rows(stack, step), ids, actors, count, width=self.layout.actors)

    def flow(self, step: int) -> Array:
        """float64[states, actors, draws]: what the end of a step pays."""
        ends, steps = self.layout.ends, self.layout.game.steps
        key = step if ends.flows.reads_step else 0
        if key in self._flows:
            return self._flows[key]
        found = self._paid(ends.flows, ends.flow_ids, ends.flow_actors, ends.flow_count, step)
        if found.nbytes * steps < _FLOW_BYTES or not ends.flows.reads_step:
            self._flows[key] = found
        return found

    def final(self) -> Array:
        """float64[states, actors, draws]: what the final state pays."""
        ends = self.layout.ends
        return self._paid(ends.finals, ends.final_ids, ends.final_actors, ends.final_count, self.layout.game.steps)

    def end(self, step: int) -> None:
        """From the start of the next step to the end of this one."""
        after = self.final() if step == self.layout.game.steps - 1 else None
        ends = self.layout.ends
        self.space.values = loops.end_values(
            self.space.values, after, self.flow(step), self.numbers.patience, ends.onward, ends.row
        )

    def resume(self, ending: Array) -> None:
        """Puts values at the end of a step, float64[states, actors, draws], as they were found before."""
        self.space.values = loops.put_ends(self.space.values, ending, self.layout.ends.row)

    def ending(self) -> Array:
        """float64[states, actors, draws]: the values at the end of the step."""
        return loops.take_ends(self.space.values, self.layout.ends.row, width=self.layout.ends.width)

    def give_back(self, weights: Array) -> None:
        """The weights of a step are not needed any more."""
        self.space.blanks.append(weights)

    def play(self, step: int) -> Array:
        """From the end of a step to its start; the weights of the step."""
        weights = loops.begin_step(self.space.blank(), self.numbers.rows(self.layout.numbers, step))
        for group in reversed(self.layout.groups):
            arrays, order = group.at(step), group.order(step)
            if group.turns:
                self.space.values, weights = loops.decide_group(
                    self.space.values, weights, self.numbers.rationality, arrays, order.chunks, order.count
                )
            else:
                self.space.values = loops.happen_group(self.space.values, weights, arrays, order.chunks, order.count)
        return weights

    def end_questions(self, questions: Array, step: int) -> Array:
        """Question columns at the end of a step, from those at the start of the next in the same array."""
        asking, ends = self.asking, self.layout.ends
        after = self._final_questions() if step == self.layout.game.steps - 1 else None
        rows = self.numbers.rows(ends.asked, step)
        windows = asking.windows(step)
        return loops.end_questions(questions, after, rows, asking.asked, asking.gain_of, windows, ends.onward, ends.row)

    def _final_questions(self) -> Array:
        """Question columns on the final state: whether the `given` conditions hold, 0 for the rest."""
        ends, given = self.layout.ends, self.asking.given
        empty = jnp.zeros((ends.width, self.asking.width - len(given), self.numbers.draws))
        if not len(given):
            return empty
        rows = self.numbers.rows(ends.asked, self.layout.game.steps)
        return jnp.concatenate([loops.gather(rows, given), empty], axis=1)

    def answer(self, questions: Array, weights: Array, step: int) -> Array:
        """Question columns at the start of a step, from those at its end in the same array."""
        for place in reversed(range(len(self.layout.groups))):
            group = self.layout.groups[place]
            order, hits = group.order(step), self.asking.hits(place, step)
            gain_of = None if hits is None else self.asking.gain_of
            questions = loops.carry_group(questions, weights, group.at(step), hits, gain_of, order.chunks, order.count)
        return questions


def imposed(layout: Layout, weights: Array, plan: Sequence[Move], step: int) -> Array:
    """The weights of a step with the plan's moves of that step imposed."""
    for move in plan:
        if move.step == step:
            place, within = layout.place(move.phase)
            group = layout.groups[place]
            start = group.starts[within]
            stop = start + len(group.since[within])
            weights = loops.impose_branch(weights, group.at(step), start, stop, move.branch)
    return weights
