"""Solves a game for all draws: blocks of draws, each backwards, checked, and forwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Protocol

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game
from foederis.game.pools import Worlds
from foederis.solve.backward import Asking, Pass, Plan, Space, imposed
from foederis.solve.forward import Walk
from foederis.solve.groups import Ints
from foederis.solve.kernels import Array
from foederis.solve.layout import Layout, lay_out
from foederis.solve.loops import row_of
from foederis.solve.numbers import Numbers, Tables
from foederis.solve.results import BlockReader, BlockResult, Solution, join
from foederis.solve.verify import judge, nothing_found

Progress = Callable[[int, int], None]


class Watch(Protocol):
    """Looks on while a block is solved, step by step; the weights (see Layout) are overwritten afterwards."""

    def back(self, step: int, weights: Array) -> None:
        """On the way back, last step first."""

    def forth(self, step: int, weights: Array, mass: Array) -> None:
        """On the way forth, first step first; `mass`, float64[rows, lanes, draws], is where play is under the last
        plan, in lane 0."""


# Makes what watches a block, from its way back and the places of its draws among all draws.
Watcher = Callable[[Pass, NDArray[np.int64]], Watch]
BLOCK = 32
_SMALL = 5.0e8  # bytes; a block that takes less is not cut down to the few draws that are asked for
_MEMORY = 3.5e9  # bytes that the blocks being solved at one time may take, by an estimate


def solve_game(
    game: Game,
    worlds: Worlds,
    draws: int,
    *,
    plans: Sequence[Plan] = (),
    block: int | None = None,
    progress: Progress | None = None,
    layout: Layout | None = None,
    classes: Ints | None = None,
    watcher: Watcher | None = None,
) -> Solution:
    """Solves every draw.

    Args:
        worlds: {quantity: float64[draws]}.
        plans: imposed moves; strategies stay those of the game without them.
        block: draws solved at once; chosen by memory if None. Does not change answers beyond rounding.
        progress: called with (draws done, draws in all).
        layout: of this game, if it was laid out before.
        classes: int32[states at the end of a step], sorts the final states: how likely each class is will be told.
        watcher: makes what looks on while a block is solved.
    Raises:
        CaseError: an impossible number in some draw.
    """
    layout = layout or lay_out(game)
    asking = Asking(layout)
    size, workers = _plan_memory(layout, asking, len(plans), draws, block)
    firsts = range(0, draws, size)
    tables = Tables(worlds, draws, game.steps)
    spaces: SimpleQueue[Space] = SimpleQueue()

    def solve_block(first: int) -> BlockResult:
        chosen = np.minimum(np.arange(first, first + size), draws - 1)
        try:
            space = spaces.get_nowait()
        except Empty:
            space = Space(layout, asking, size)
        try:
            back = Pass(layout, Numbers(game, tables, chosen), asking, space)
            return _Block(back, tuple(plans), workers, classes, watcher).solve(chosen[: draws - first])
        finally:
            spaces.put(space)

    parts: list[BlockResult] = []

    def note(part: BlockResult) -> None:
        parts.append(part)
        if progress:
            progress(min(len(parts) * size, draws), draws)

    # The first block compiles what all need, unless another solve did; the others share the cores, since a compiled
    # kernel uses only one.
    kernels = ("compiled", size, len(plans) > 0, classes is not None)
    if not layout.knows(kernels):
        note(solve_block(0))
    layout.keep(kernels, lambda: True)
    _solve_together(solve_block, firsts[len(parts) :], workers, note)
    return join(layout, parts, size)


def _solve_together(
    solve_block: Callable[[int], BlockResult], firsts: Sequence[int], workers: int, note: Callable[[BlockResult], None]
) -> None:
    """Solves the blocks that begin at these draws, several at one time, and notes each in its turn."""
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for part in pool.map(solve_block, firsts):
                note(part)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _plan_memory(layout: Layout, asking: Asking, plans: int, draws: int, block: int | None) -> tuple[int, int]:
    """(draws per block, blocks at one time): blocks of at most 32 draws (more leaves the caches), smaller ones
    where states are so many that memory demands it, and then fewer at one time."""
    firsts = sum(ask.form == "first" for ask in layout.game.asked.questions)
    rows = layout.actors + (asking.width + 1 + firsts) * (1 + plans)
    per_draw = 8 * (layout.height * rows + layout.weights * (2 + plans))
    per_draw += 8 * layout.ends.width * (layout.actors * (layout.game.steps + 3) + 2 * asking.width)
    memory = max(_MEMORY / 4, _MEMORY - layout.bytes)
    size = block or BLOCK
    while block is None and size > 1 and size * per_draw > memory:
        size //= 2
    # Small cases are solved in full blocks even for one draw, since kernels for that size are there already.
    while block is None and size // 2 >= draws and size * per_draw > _SMALL:
        size //= 2
    return size, max(1, min(os.cpu_count() or 1, int(memory / max(1, size * per_draw))))


class _Block:
    """One block of draws. Choices are kept on the way back if memory allows, and worked out anew if not."""

    def __init__(
        self, back: Pass, plans: tuple[Plan, ...], workers: int, classes: Ints | None, watcher: Watcher | None
    ):
        self.back, self.layout, self.plans, self.classes, self.watcher = back, back.layout, plans, classes, watcher
        self.watch: Watch | None = None
        steps = self.layout.game.steps
        # Ledgers are held against what they sum to, where they are looked at.
        self.actors = self.layout.actors - self.layout.game.ledgers
        self.found = nothing_found(self.actors, back.numbers.draws)
        self.ends = np.zeros((2, self.actors))
        self.endings: list[Array | None] = [None] * steps
        self.kept: list[Array | None] = [None] * steps
        self.keeps = 8 * back.numbers.draws * self.layout.weights * steps < _MEMORY / (4 * workers)

    def solve(self, wanted: NDArray[np.int64]) -> BlockResult:
        """Solves the block, of whose draws the first are wanted: their places among all draws."""
        self.watch = self.watcher(self.back, wanted) if self.watcher else None
        opening, columns = self._backward()
        walks = [Walk(self.layout, self.back, plan, self.classes) for plan in ((), *self.plans)]
        for step in range(self.layout.game.steps):
            weights = self.kept[step]
            if weights is None:
                weights = self._decide_again(step)
            for walk in walks:
                walk.step(step, weights)
            if self.watch:
                self.watch.forth(step, weights, walks[-1].mass)
            self.back.give_back(weights)
        courses = [walk.course for walk in walks]
        reader = BlockReader(self.layout, self.back.numbers, self.plans, len(wanted))
        return reader.read(opening, columns, courses, self.found, self.ends)

    def _decide_again(self, step: int) -> Array:
        """The choices of a step from the values at its end."""
        ending = self.endings[step]
        assert ending is not None
        self.back.resume(ending)
        return self.back.play(step)

    def _backward(self) -> tuple[Array, list[Array]]:
        """Values at the start, [actors, draws], and the question columns there, [columns, draws], of the baseline
        and each plan."""
        layout, back, space = self.layout, self.back, self.back.space
        asks = bool(layout.columns)
        changed: list[Array | None] = [None] * len(self.plans)
        for step in range(layout.game.steps - 1, -1, -1):
            back.end(step)
            if not self.keeps:
                self.endings[step] = back.ending()
            weights = back.play(step)
            self._judge(step, weights)
            if self.watch:
                self.watch.back(step, weights)
            if asks:
                space.questions = back.answer(back.end_questions(space.questions, step), weights, step)
                for place, plan in enumerate(self.plans):
                    changed[place] = self._replay(step, weights, plan, changed[place])
            if self.keeps:
                self.kept[step] = weights
            else:
                back.give_back(weights)
        columns = [space.questions, *(space.questions if part is None else part for part in changed)]
        return row_of(space.values, layout.start), [row_of(part, layout.start) for part in columns]

    def _judge(self, step: int, weights: Array) -> None:
        back = self.back
        ending = np.asarray(back.ending())[: self.layout.ends.reached(step), : self.actors]
        values = back.space.values[:, : self.actors] if self.layout.game.ledgers else back.space.values
        self.ends[0] = np.minimum(self.ends[0], ending.min(axis=(0, 2), initial=0.0))
        self.ends[1] = np.maximum(self.ends[1], ending.max(axis=(0, 2), initial=0.0))
        for group in self.layout.groups:
            order, arrays = group.order(step), group.at(step)
            rationality = back.numbers.rationality
            self.found = judge(self.found, values, weights, rationality, arrays, order.chunks, order.count)

    def _replay(self, step: int, weights: Array, plan: Plan, later: Array | None) -> Array | None:
        """A plan's columns at the start of a step; None while no imposed move has come yet."""
        if later is not None:
            ending = self.back.end_questions(later, step)
        elif any(move.step == step for move in plan):
            # The baseline's columns at the end of the step are still there.
            ending = jnp.array(self.back.space.questions, copy=True)
        else:
            return None
        return self.back.answer(ending, imposed(self.layout, weights, plan, step), step)
