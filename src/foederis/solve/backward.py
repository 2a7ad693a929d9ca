"""Backward induction: from the end of the crisis to its start, all draws of a block at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from foederis.solve import loops
from foederis.solve.apart import fill
from foederis.solve.beliefs import Axes, Floats, Grid
from foederis.solve.columns import Column
from foederis.solve.device import zeros
from foederis.solve.groups import Group, few_sizes
from foederis.solve.kernels import Array
from foederis.solve.layout import Layout
from foederis.solve.lazy import jnp
from foederis.solve.numbers import Numbers, Stack, bucket
from foederis.solve.signal_loops import carry_signal, decide_signal, happen_signal, impose_signal
from foederis.solve.simultaneous import Settled, settle, spread_group, wanted_lanes

_FLOW_BYTES = 64_000_000


@dataclass(frozen=True)
class Move:
    """An imposed branch: at `step`, the phase takes it wherever it is open."""

    step: int
    phase: int
    branch: int


Plan = tuple[Move, ...]


def _wide(columns: Sequence[Column]) -> int:
    return few_sizes(len(columns))


class Asking:
    """What question columns need on the device; columns that fill up the array wait for nothing. Those that are asked
    under different profiles of types stand side by side.

    Attributes:
        profiles: one after the other; None for the shared columns, under what all expect of types.
        widths: how many columns each has, filled up.
    """

    def __init__(self, layout: Layout, profiles: Sequence[int | None]):
        self.layout, self.profiles = layout, tuple(profiles)
        ends, asking = layout.ends, layout.asking
        parts = [asking.shared if profile is None else asking.columns for profile in profiles]
        # Kernels are compiled for each width, the engine in C serves all.
        wide = len if layout.native else _wide
        self.widths = tuple(wide(columns) for columns in parts)
        self.width, self.starts = sum(self.widths), np.cumsum([0, *self.widths])
        self.columns = [
            (int(start) + k, c) for start, part in zip(self.starts, parts, strict=False) for k, c in enumerate(part)
        ]
        asked, final = np.zeros((2, self.width, ends.width), dtype=np.int32)
        gains = np.full(self.width, -1, dtype=np.int32)
        givens = {ask.given: place for place, ask in enumerate(layout.game.asked.questions)}
        for start, profile, part in zip(self.starts, profiles, parts, strict=False):
            if profile is None:
                continue
            questions = layout.game.asked.by_profile[profile]
            mine = {ask.name: ask for ask in questions}
            for place, column in enumerate(part):
                if column.conditioned and column.ask:
                    asked[start + place] = ends.asked_ids[mine[column.ask.name].table]
            for place, table in enumerate(asking.givens):
                final[start + place] = ends.asked_ids[questions[givens[table]].given]
            gain_of = np.array(asking.gain_of, dtype=np.int32)
            gains[start : start + len(part)] = np.where(gain_of < 0, -1, start + gain_of)
        self.asked, self.final = layout.put(asked), layout.put(final)
        self.gain_of = layout.put(gains) if asking.givens else None

    def part(self, profile: int | None) -> slice:
        """The columns of a profile."""
        place = self.profiles.index(profile)
        return slice(int(self.starts[place]), int(self.starts[place + 1]))

    def hits(self, group: int, step: int) -> Array | None:
        """float64[phases, branches + 1, columns]: 1 where a branch answers a question that still looks; or None."""
        looks = self.layout.keep(
            ("looks", self.profiles, step), lambda: tuple(step <= column.by for _, column in self.columns)
        )
        return self.layout.keep(("hits", self.profiles, group, looks), lambda: self._hits(group, looks))

    def _hits(self, group: int, looks: tuple[bool, ...]) -> Array | None:
        arrays = self.layout.groups[group]
        found = np.zeros((bucket(len(arrays.phases), 1), arrays.width + 1, self.width))
        for (place, column), look in zip(self.columns, looks, strict=True):
            if look and column.phase in arrays.phases:
                found[arrays.phases.index(column.phase), column.branch, place] = 1.0
        return self.layout.put(found) if found.any() else None

    def windows(self, step: int) -> tuple[Array, Array, Array]:
        """For each column: whether a hit now counts, whether a hit ends the wait, whether what follows counts."""
        return self.layout.keep(("windows", self.profiles, step), lambda: self._windows(step))

    def _windows(self, step: int) -> tuple[Array, Array, Array]:
        found = np.zeros((3, self.width, 1))
        for place, column in self.columns:
            waits = column.ask is not None and column.ask.form in ("eventually", "first")
            opens = step <= column.by if column.at < 0 and waits else step == column.by
            found[:, place, 0] = column.conditioned and opens, column.conditioned and waits, step < column.by
        put = self.layout.put
        return put(found[0]), put(found[1]), put(found[2])


class Askings:
    """Everything that is asked, side by side, and what is asked under each profile of types alone."""

    def __init__(self, layout: Layout):
        shared = [None] if layout.asking.shared else []
        self.all = Asking(layout, [*range(layout.profiles), *shared])
        self.alone = [Asking(layout, [profile]) for profile in range(layout.profiles)]


class Space:
    """Arrays that one block after the other works in, since new memory costs more than most kernels.

    What is left in them of another step or block is finite and only read where no play can be, or times zero.

    Attributes:
        values: float64[rows, actors, lanes], those before every phase of the step that was played last, and at its
            end; questions: float64[rows, columns, lanes], likewise.
        blanks: arrays for the weights of a step.
    """

    def __init__(self, layout: Layout, asking: Asking, lanes: int, make: Callable[..., Any] = zeros):
        self.layout, self.lanes, self._make = layout, lanes, make
        self.values = make(layout.height, layout.actors, lanes)
        self.questions = make(layout.height, asking.width, lanes)
        self.blanks: list[Any] = []

    @property
    def nbytes(self) -> int:
        return int(sum(array.nbytes for array in (self.values, self.questions, *self.blanks)))

    def blank(self) -> Any:
        return self.blanks.pop() if self.blanks else self._make(self.layout.weights, self.lanes)


class Pass:
    """One block's way back.

    Attributes:
        doubtful: {(group, step): in how many states a fixed point of a signal is in doubt, at some belief}.
        settled: {(simultaneous move, step): how its fixed points were found}.
    """

    def __init__(self, layout: Layout, numbers: Numbers, askings: Askings, space: Space, axes: Axes):
        self.layout, self.numbers, self.askings, self.space, self.axes = layout, numbers, askings, space, axes
        self.doubtful: dict[tuple[int, int], Array] = {}
        self._likely: dict[tuple[int, tuple[int | None, ...]], Array] = {}
        self._flows: dict[tuple[int, int | None], Any] = {}
        self._finals: dict[int | None, Any] = {}
        self.settled: dict[tuple[int, int], Settled] = {}

    @property
    def grid(self) -> Grid:
        assert self.numbers.grid is not None
        return self.numbers.grid

    def fold(self, values: Any) -> Any:
        """float64[..., draws]: the sum over the lanes of each draw."""
        found = np.asarray(values)
        return found.reshape(*found.shape[:-1], self.axes.count, self.numbers.draws).sum(axis=-2)

    def at_start(self, values: Any) -> Any:
        """float64[..., draws]: what is said in the lanes where play begins."""
        return values if self.numbers.grid is None else self.fold(np.asarray(values) * np.asarray(self.grid.start))

    def where_play_begins(self, values: Floats) -> Floats:
        """float64[draws]: values, float64[lanes], of the one lane in which play begins."""
        if self.numbers.grid is None:
            return values
        shape = (self.axes.count, self.numbers.draws)
        first = np.asarray(self.grid.start).reshape(shape).argmax(axis=0)
        return np.asarray(values.reshape(shape)[first, np.arange(self.numbers.draws)])

    def _paid(self, stack: Stack, ids: Array, actors: Array, count: int, step: int, profile: int | None) -> Any:
        if not count:
            return zeros(self.layout.ends.width, self.layout.actors, self.numbers.lanes)
        rows = self.numbers.rows(stack, step, profile)
        return loops.payments(rows, ids, actors, count, width=self.layout.actors)

    def flow(self, step: int, profile: int | None = None) -> Array:
        """float64[states, actors, draws]: what the end of a step pays; see Numbers.rows for `profile`."""
        ends, steps = self.layout.ends, self.layout.game.steps
        profile = profile if ends.flows.mixes else None
        key = step if ends.flows.reads_step else 0, profile
        if key in self._flows:
            return self._flows[key]
        found = self._paid(ends.flows, ends.flow_ids, ends.flow_actors, ends.flow_count, step, profile)
        if found.nbytes * steps >= _FLOW_BYTES and (profile is not None or ends.flows.reads_step):
            # All would take too much memory, but several walks ask for the same one after the other.
            self._flows = {kept: flow for kept, flow in self._flows.items() if kept[1] != profile}
        self._flows[key] = found
        return found

    def final(self, profile: int | None = None) -> Array:
        """float64[states, actors, draws]: what the final state pays."""
        ends, steps = self.layout.ends, self.layout.game.steps
        profile = profile if ends.finals.mixes else None
        if profile not in self._finals:
            found = self._paid(ends.finals, ends.final_ids, ends.final_actors, ends.final_count, steps, profile)
            self._finals[profile] = found
        return self._finals[profile]

    def end(self, step: int) -> None:
        """From the start of the next step to the end of this one."""
        after = self.final() if step == self.layout.game.steps - 1 else None
        ends = self.layout.ends
        self.space.values = loops.end_values(
            self.space.values, after, self.flow(step), self.numbers.patience, ends.onward, ends.row
        )

    def resume(self, ending: Any) -> None:
        """Puts values at the end of a step, float64[states, actors, draws], as they were found before."""
        self.space.values = loops.put_ends(self.space.values, ending, self.layout.ends.row)

    def ending(self) -> Any:
        """float64[states, actors, draws]: the values at the end of the step."""
        return loops.take_ends(self.space.values, self.layout.ends.row, width=self.layout.ends.width)

    def row(self, table: Any, at: int) -> Any:
        """One row of a table, which may be overwritten afterwards."""
        return loops.row_of(table, at)

    def asked_under(self, profile: int) -> Any:
        """The question columns that are asked under a profile of types, likewise."""
        return jnp.array(self.space.questions[:, self.askings.all.part(profile)], copy=True)

    def give_back(self, weights: Array) -> None:
        """The weights of a step are not needed any more."""
        self.space.blanks.append(weights)

    def play(self, step: int) -> Any:
        """From the end of a step to its start; the weights of the step."""
        weights = loops.begin_step(self.space.blank(), self.numbers.rows(self.layout.numbers, step))
        for group in self.layout.groups:
            weights = fill(weights, group, step)
        for place in reversed(range(len(self.layout.groups))):
            group = self.layout.groups[place]
            arrays, order = group.at(step), group.order(step)
            if group.joint is not None:
                weights = self._settle(group.joint, group, weights, step)
            elif group.typed >= 0:
                weights = self._signal(weights, place, step)
            elif group.turns:
                self.space.values, weights = loops.decide_group(
                    self.space.values, weights, self.numbers.rationality, arrays, order.chunks, order.count
                )
            else:
                self.space.values = loops.happen_group(self.space.values, weights, arrays, order.chunks, order.count)
        return weights

    def _settle(self, joint: int, group: Group, weights: Array, step: int) -> Array:
        """From the end of a simultaneous move to its start; the weights with what is chosen in it."""
        table, arrays, order = self.layout.tables[joint], group.at(step), group.order(step)
        # Choices that are worked out anew are noted already. A block is filled up with its last draw.
        used = 0 if (joint, step) in self.settled else len(np.unique(self.numbers.chosen))
        wanted = wanted_lanes(self.numbers.lanes, self.numbers.draws, used)
        made, how = settle(table, step, self.space.values, weights, self.numbers.rationality, wanted)
        self.settled.setdefault((joint, step), how)
        self.space.values, weights = spread_group(
            self.space.values, weights, made, arrays, table.at(step), order.chunks, order.count
        )
        return weights

    def _signal(self, weights: Array, place: int, step: int) -> Array:
        group = self.layout.groups[place]
        arrays, order = group.at(step), group.order(step)
        sizes = self.axes.split(group.typed)
        if group.turns:
            self.space.values, weights, self.doubtful[place, step] = decide_signal(
                self.space.values,
                weights,
                self.numbers.rationality,
                arrays,
                self.grid,
                order.chunks,
                order.count,
                typed=group.typed,
                sizes=sizes,
            )
        else:
            self.space.values = happen_signal(
                self.space.values, weights, arrays, self.grid, order.chunks, order.count, typed=group.typed, sizes=sizes
            )
        return weights

    def end_questions(self, questions: Any, step: int, asking: Asking) -> Any:
        """Question columns at the end of a step, from those at the start of the next in the same array."""
        ends, steps = self.layout.ends, self.layout.game.steps
        after = loops.gather(self.numbers.rows(ends.asked, steps), asking.final) if step == steps - 1 else None
        rows = self.numbers.rows(ends.asked, step)
        windows = asking.windows(step)
        return loops.end_questions(questions, after, rows, asking.asked, asking.gain_of, windows, ends.onward, ends.row)

    def answer(self, questions: Any, weights: Any, step: int, asking: Asking, hopes: Any = None) -> Any:
        """Question columns at the start of a step, from those at its end in the same array; see filter.Shown."""
        for place in reversed(range(len(self.layout.groups))):
            group = self.layout.groups[place]
            order, hits = group.order(step), asking.hits(place, step)
            gain_of = None if hits is None else asking.gain_of
            if group.typed < 0:
                questions = loops.carry_group(
                    questions, weights, group.at(step), hits, gain_of, order.chunks, order.count
                )
                continue
            questions = carry_signal(
                questions,
                weights,
                group.at(step),
                self.grid,
                self._likely_under(group.typed, asking.profiles),
                hits,
                gain_of,
                hopes,
                order.chunks,
                order.count,
                typed=group.typed,
                sizes=self.axes.split(group.typed),
                widths=asking.widths,
            )
        return questions

    def likely(self, typed: int, profile: int | None) -> Array:
        """float64[types, lanes]: how likely each type of an actor is under a profile; if None, as all believe."""
        chances = self.grid.chances[typed]
        if profile is None:
            return chances
        mine = np.arange(len(chances)) == self.layout.type_in(profile, typed)
        return jnp.broadcast_to(jnp.asarray(mine * 1.0)[:, None], chances.shape)

    def _likely_under(self, typed: int, profiles: tuple[int | None, ...]) -> Array:
        """float64[profiles, types, lanes], likewise."""
        key = typed, profiles
        if key not in self._likely:
            self._likely[key] = jnp.stack([self.likely(typed, profile) for profile in profiles])
        return self._likely[key]


def imposed(layout: Layout, weights: Array, plan: Sequence[Move], step: int) -> Array:
    """The weights of a step with the plan's moves of that step imposed."""
    for move in plan:
        if move.step == step:
            place, within = layout.place(move.phase)
            group = layout.groups[place]
            if group.typed >= 0:
                impose = _impose_signal if isinstance(weights, np.ndarray) else impose_signal
                weights = impose(weights, group.at(step), move.branch)
                continue
            start = group.starts[within]
            stop = start + len(group.since[within])
            if isinstance(weights, np.ndarray):
                weights = _impose(weights, group.at(step), start, stop, move.branch)
                continue
            weights = loops.impose_branch(weights, group.at(step), start, stop, move.branch)
    return weights


def _impose_signal(weights: Floats, arrays: Any, branch: int) -> Any:
    """As signal_loops.impose_signal, in NumPy."""
    changed, width = weights.copy(), arrays.branches + 1
    for mine in range(arrays.types if arrays.size else 0):
        is_open = np.flatnonzero(np.asarray(arrays.is_open)[mine, branch])
        first = int(arrays.base) + is_open * arrays.size + mine * width
        for column in range(width):
            changed[..., first + column, :] = float(column == branch)
    return changed


def _impose(weights: Floats, arrays: Any, start: int, stop: int, branch: int) -> Any:
    """As loops.impose_branch, in NumPy."""
    is_open = np.flatnonzero(np.asarray(arrays.successors)[branch, start:stop]) + start
    size, changed = arrays.branches + 2, weights.copy()
    first = int(arrays.base) + is_open * size
    for column in range(size - 1):
        changed[..., first + column, :] = float(column == branch)
    return changed
