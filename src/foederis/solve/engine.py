"""Solves a game for all draws: blocks of draws, each backwards, checked, and forwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import jax.numpy as jnp
import numpy as np

from foederis.game.compile import Game
from foederis.game.pools import Worlds
from foederis.solve import backward
from foederis.solve.backward import Carried, Decision, Numbers, Plan, Tables
from foederis.solve.forward import Walk
from foederis.solve.kernels import Array
from foederis.solve.layout import Layout, PhaseAt, lay_out
from foederis.solve.results import BlockReader, BlockResult, Solution, join
from foederis.solve.verify import Findings

Progress = Callable[[int, int], None]
BLOCK = 32
_MEMORY = 6.0e9  # bytes that the blocks being solved at one time may take, by an estimate that errs upwards


def solve_game(
    game: Game,
    worlds: Worlds,
    draws: int,
    *,
    plans: Sequence[Plan] = (),
    block: int | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Solves every draw.

    Args:
        worlds: {quantity: float64[draws]}.
        plans: imposed moves; strategies stay those of the game without them.
        block: draws solved at once; chosen by memory if None. Does not change answers beyond rounding.
        progress: called with (draws done, draws in all).
    Raises:
        CaseError: an impossible number in some draw.
    """
    layout = lay_out(game)
    size, workers = _plan_memory(layout, block)
    firsts = range(0, draws, size)
    tables = Tables(worlds, draws)

    def solve_block(first: int) -> BlockResult:
        chosen = np.minimum(np.arange(first, first + size), draws - 1)
        numbers = Numbers(layout, tables, chosen)
        return _Block(layout, numbers, tuple(plans), workers).solve(min(size, draws - first))

    # The first block compiles what all need; the others share the cores, since a compiled kernel uses only one.
    parts = [solve_block(0)]
    if progress:
        progress(min(size, draws), draws)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for part in pool.map(solve_block, firsts[1:]):
                parts.append(part)
                if progress:
                    progress(min(len(parts) * size, draws), draws)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return join(layout, parts, size)


def _plan_memory(layout: Layout, block: int | None) -> tuple[int, int]:
    """(draws per block, blocks at one time): blocks of at most 32 draws (more leaves the caches), smaller ones
    where states are so many that memory demands it, and then fewer at one time."""
    per_draw = 8 * layout.width * (4 * (layout.actors + len(layout.columns)) + layout.actors * layout.game.steps)
    per_draw += 8 * sum(
        phase.width * (len(phase.phase.branches) + 1 + layout.actors + len(layout.columns)) for phase in layout.phases
    )
    size = block or BLOCK
    while block is None and size > 1 and size * per_draw > _MEMORY:
        size //= 2
    return size, max(1, min(os.cpu_count() or 1, int(_MEMORY / max(1, size * per_draw))))


class _Block:
    """One block of draws. Choices are kept on the way back if memory allows, and worked out anew if not."""

    def __init__(self, layout: Layout, numbers: Numbers, plans: tuple[Plan, ...], workers: int):
        self.layout, self.numbers, self.plans = layout, numbers, plans
        steps = layout.game.steps
        self.findings: list[Findings] = []
        self.starts: list[Array | None] = [None] * (steps + 1)
        self.kept: list[tuple[Decision, ...] | None] = [None] * steps
        branches = sum(phase.width * (len(phase.phase.branches) + 1) for phase in layout.phases)
        self.keeps = 8 * numbers.draws * branches * steps < _MEMORY / (4 * workers)

    def solve(self, used: int) -> BlockResult:
        opening, replays = self._backward()
        walks = [Walk(self.layout, self.numbers, plan) for plan in ((), *self.plans)]
        for step in range(self.layout.game.steps):
            phases = self.numbers.phases(step, columns=False)
            decided = self.kept[step]
            if decided is None:
                decided = self._decide_again(step, phases)
            for walk in walks:
                walk.step(step, phases, decided)
        courses = [walk.course for walk in walks]
        return BlockReader(self.layout, self.numbers, used).read(opening, courses, replays, self.findings)

    def _decide_again(self, step: int, phases: tuple[PhaseAt, ...]) -> tuple[Decision, ...]:
        """The choices of a step from the values at the start of the next."""
        layout, numbers = self.layout, self.numbers
        values = backward.end_values(layout, numbers, step, self.starts[step + 1])
        nothing = jnp.zeros((layout.width, 0, numbers.draws))
        return backward.play_back(values, nothing, phases, numbers.rationality, None)[2]

    def _backward(self) -> tuple[Carried, list[Array]]:
        """What is carried at the start, and each plan's question columns there."""
        layout, numbers = self.layout, self.numbers
        values: Array | None = None
        questions: Array | None = None
        imposed: list[Array | None] = [None] * len(self.plans)
        for step in range(layout.game.steps - 1, -1, -1):
            phases = numbers.phases(step)
            later = backward.end_values(layout, numbers, step, values)
            ending = backward.end_questions(layout, numbers, step, questions)
            # play_back overwrites the columns that it is given; plans that begin in this step need them too.
            begun = any(move.step == step for plan in self.plans for move in plan)
            kept = jnp.array(ending, copy=True) if begun else ending
            values, questions, decided, news = backward.play_back(
                later, ending, phases, numbers.rationality, layout.gain_of
            )
            self.findings.append(backward.judge(later, phases, decided, news, numbers.rationality))
            for place, plan in enumerate(self.plans):
                imposed[place] = self._replay(step, kept, phases, decided, plan, imposed[place])
            if self.keeps:
                self.kept[step] = decided
            else:
                self.starts[step] = values
        assert values is not None
        assert questions is not None
        return Carried(values, questions), [part for part in imposed if part is not None]

    def _replay(
        self,
        step: int,
        ending: Array,
        phases: tuple[PhaseAt, ...],
        decided: tuple[Decision, ...],
        plan: Plan,
        later: Array | None,
    ) -> Array | None:
        """A plan's columns at the start of a step; None while no imposed move has come yet."""
        if later is not None:
            ending = backward.end_questions(self.layout, self.numbers, step, later)
        elif any(move.step == step for move in plan):
            ending = jnp.array(ending, copy=True)
        else:
            return None
        changed = backward.imposed(phases, decided, plan, step)
        if not self.layout.columns:
            return ending
        return backward.replay(ending, phases, changed, self.layout.gain_of)
