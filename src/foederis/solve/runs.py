"""Blocks of draws, solved side by side on one grid of beliefs; how fine it has to be is tried out beside them.

The first blocks on a coarse grid are held against the answers on a finer one, while the others are solved already.
Where the coarse grid will not do, what was begun on it is thrown away. So answers do not depend on what is ready first.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.solve.beliefs import NODES
from foederis.solve.exact import may_be_exact
from foederis.solve.refine import FINER, Fineness, hold_against
from foederis.solve.results import Answers, BlockResult, join, join_courses
from foederis.solve.workshop import Workshop

Note = Callable[[BlockResult], None]


@dataclass(frozen=True)
class Run:
    """The draws of a solve, block by block."""

    shop: Workshop
    draws: int

    @property
    def firsts(self) -> range:
        """The first draw of each block."""
        return range(0, self.draws, self.shop.size)

    def solve(self, first: int) -> BlockResult:
        return self.shop.solve(self._chosen(first), self.draws - first)

    def answer(self, first: int) -> list[Answers]:
        return self.shop.answer(self._chosen(first), self.draws - first)

    def _chosen(self, first: int) -> NDArray[np.int64]:
        """A block is filled up with the last draw."""
        return np.minimum(np.arange(first, first + self.shop.size), self.draws - 1)


def solve_on(run: Run, note: Note) -> None:
    """Solves all blocks, several at one time, and notes each in its turn."""
    run.shop.decide()
    with ThreadPoolExecutor(max_workers=run.shop.workers) as pool:
        try:
            for future in [pool.submit(run.solve, first) for first in run.firsts]:
                note(future.result())
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def solve_finely(begin: Callable[[int], Run], try_out: Callable[[int], Run], note: Note) -> tuple[Run, Fineness]:
    """Solves on the coarsest of a few grids on which a finer one changes no answer by much, and notes each block in its
    turn.

    Args:
        begin: all draws on a grid of so many nodes; try_out: the first few of them.
    """
    known: dict[int, list[Answers]] = {}
    for nodes in NODES:
        run, trial = begin(nodes), try_out(FINER[nodes])
        with ThreadPoolExecutor(max_workers=min(run.shop.workers, trial.shop.workers)) as pool:
            try:
                blocks, fineness = _try(run, trial, nodes, known, pool)
                if not fineness.large or nodes == NODES[-1]:
                    for block in blocks:
                        note(block.result())
                    return run, fineness
                pool.shutdown(cancel_futures=True)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    raise AssertionError("the last grid is always taken")


def _try(
    run: Run, trial: Run, nodes: int, known: dict[int, list[Answers]], pool: Executor
) -> tuple[list[Future[BlockResult]], Fineness]:
    """All blocks of a run, begun, and how its grid compares with that of the trial; `known` are the answers on the
    grids that were tried before, by nodes. A short case is followed exactly if that can be, and then nothing is tried.
    """
    layout, firsts, count = run.shop.layout, run.firsts, -(-trial.draws // run.shop.size)
    short, finer = nodes == NODES[0] and may_be_exact(layout), FINER[nodes]
    run.shop.decide()

    def begin(firsts: range) -> list[Future[BlockResult]]:
        return [pool.submit(run.solve, first) for first in firsts]

    def try_out() -> list[Future[list[Answers]]]:
        trial.shop.decide()
        return [pool.submit(trial.answer, first) for first in trial.firsts] if finer not in known else []

    if short:
        blocks = begin(firsts[:count])
        tried = join(layout, [block.result() for block in blocks], len(run.shop.plans), run.shop.size)
        if tried.signals.exact:
            return blocks + begin(firsts[count:]), Fineness(nodes)
        trials = try_out()
        blocks += begin(firsts[count:])
    else:
        trials, blocks = try_out(), begin(firsts)
    if trials:
        known[finer] = join_courses([part.result() for part in trials])
    coarse = join_courses([block.result().answers for block in blocks[:count]])
    return blocks, hold_against(nodes, coarse, known[finer], trial.draws, layout.game.seen is not None)
