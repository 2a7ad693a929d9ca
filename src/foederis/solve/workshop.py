"""What the blocks of a solve share, and how each gets its grid of beliefs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from foederis.game.observed import Seen
from foederis.solve.backward import Askings, Pass, Plan, Space
from foederis.solve.beliefs import Axes, Floats, Grid
from foederis.solve.block import Block, Watcher
from foederis.solve.device import zeros
from foederis.solve.exact import CROWD, ROOMS, ROUNDS, SETTLED, farthest, may_be_exact
from foederis.solve.groups import Ints
from foederis.solve.interrupts import Look, current
from foederis.solve.layout import Layout
from foederis.solve.native.memory import apart, blank
from foederis.solve.native.passes import NativePass
from foederis.solve.native.typed import TypedNumbers, TypedPass
from foederis.solve.numbers import Numbers, Tables
from foederis.solve.prior import Prior, prior_of
from foederis.solve.results import Answers, BlockResult
from foederis.solve.shelf import Shelf

Result = TypeVar("Result")
_PATIENCE = 4  # rounds in which a coarse grid may still lead to beliefs that a finer one does not


def exact_grids(axes: Axes) -> list[int]:
    """How many nodes the grids have that hold all beliefs which play leads to, the smallest first."""
    return [Axes(axes.types, axes.nodes + room).count for room in ROOMS]


@dataclass
class Workshop:
    """Solves blocks, from several threads; working memory goes from one to the next.

    Attributes:
        exact: how many of the exact grids there is memory for, see exact_grids.
    """

    layout: Layout
    askings: Askings
    tables: Tables
    plans: tuple[Plan, ...]
    retold: tuple[Seen, ...]
    size: int
    workers: int
    classes: Ints | None
    watcher: Watcher | None
    axes: Axes
    native: bool
    shelf: Shelf
    exact: int
    look: Look = field(default_factory=current)
    _tries: bool = False

    def decide(self) -> None:
        """Decides whether it is tried to follow all beliefs exactly: for all blocks, and by the first."""
        layout, axes = self.layout, self.axes
        if not layout.game.roster.typed or not self.exact or not may_be_exact(layout):
            return
        chosen = np.minimum(np.arange(self.size), self.tables.draws - 1)
        prior = prior_of(layout.game, self.tables.worlds, chosen)
        assert prior is not None
        self._tries = self._reached(prior, chosen, axes) <= CROWD * ROOMS[self.exact - 1]

    def solve(self, chosen: NDArray[np.int64], wanted: int) -> BlockResult:
        """A block of draws, of which so many are wanted.

        Raises:
            CaseError: an impossible number in some draw.
        """
        return self._on_its_grid(chosen, lambda block, exact: block.solve(chosen[:wanted], exact))

    def answer(self, chosen: NDArray[np.int64], wanted: int) -> list[Answers]:
        """Its answers alone, by course of play; see Block.answer."""
        return self._on_its_grid(chosen, lambda block, _: block.answer(min(wanted, len(chosen))))

    def _on_its_grid(self, chosen: NDArray[np.int64], use: Callable[[Block, bool], Result]) -> Result:
        """What is found on the grid of a block of draws, and whether that is exact."""
        axes, prior = self.axes, prior_of(self.layout.game, self.tables.worlds, chosen)
        if prior is not None and self._tries:
            for room in ROOMS[: self.exact]:
                finer = Axes(axes.types, axes.nodes + room)
                grid = self._settle(prior, chosen, axes, finer, room)
                if grid is not None:
                    return self._use(prior, grid, chosen, finer, lambda block: use(block, True))
        grid = prior.grid(axes, self.layout.put) if prior is not None else None
        return self._use(prior, grid, chosen, axes, lambda block: use(block, prior is None))

    def _use(
        self,
        prior: Prior | None,
        grid: Grid | None,
        chosen: NDArray[np.int64],
        axes: Axes,
        use: Callable[[Block], Result],
    ) -> Result:
        likely = prior.likely if prior is not None else np.ones((1, len(chosen)))
        space = self._space(axes)
        try:
            return use(self._block(grid, chosen, axes, space, likely))
        finally:
            self._put(axes, space)

    def _block(self, grid: Grid | None, chosen: NDArray[np.int64], axes: Axes, space: Space, likely: Floats) -> Block:
        make, make_numbers = self._makers(typed=grid is not None)
        numbers = make_numbers(
            self.layout.game,
            self.tables,
            chosen,
            grid,
            axes.count,
            self.layout.put,
            apart if self.native else self.layout.put,
        )
        back = make(self.layout, numbers, self.askings, space, axes)
        spaces = self.workers * (1 + self.exact)  # one for each grid stays on the shelf
        return Block(back, likely, self.plans, self.retold, spaces, self.classes, self.watcher, self.look)

    def _makers(self, typed: bool) -> tuple[type[Pass], type[Numbers]]:
        if not self.native:
            return Pass, Numbers
        return (TypedPass, TypedNumbers) if typed else (NativePass, Numbers)

    def _space(self, axes: Axes) -> Space:
        lanes = self.size * axes.count
        found: Space | None = self.shelf.take((lanes, self.native))
        return found or Space(self.layout, self.askings.all, lanes, blank if self.native else zeros)

    def _put(self, axes: Axes, space: Space) -> None:
        self.shelf.put((self.size * axes.count, self.native), space)

    def _reached(self, prior: Prior, chosen: NDArray[np.int64], axes: Axes) -> int:
        """How many different beliefs the coarse grid leads to, at most, in one coordinate of a draw."""
        space, grid = self._space(axes), prior.grid(axes, self.layout.put)
        try:
            reached = self._block(grid, chosen, axes, space, prior.likely).explore()
        finally:
            self._put(axes, space)
        return max(reached.nodes(k, c, grid, 1).most for k, types in enumerate(axes.types) for c in range(types - 1))

    def _settle(self, prior: Prior, chosen: NDArray[np.int64], coarse: Axes, finer: Axes, room: int) -> Grid | None:
        """A grid that has all beliefs which play leads to among its nodes; None if they are too many."""
        draws = len(chosen)
        more = [[np.ones((room, draws)) for _ in range(types - 1)] for types in coarse.types]
        space = self._space(finer)
        try:
            for attempt in range(ROUNDS):
                grid = prior.grid(coarse, self.layout.put, more)
                reached = self._block(grid, chosen, finer, space, prior.likely).explore()
                found = [
                    [reached.nodes(k, c, grid, room) for c in range(types - 1)] for k, types in enumerate(coarse.types)
                ]
                crowded = max(met.most for actor in found for met in actor) > room
                if crowded and attempt >= _PATIENCE:
                    return None
                if not crowded and farthest(more, [[met.likely for met in actor] for actor in found]) < SETTLED:
                    return grid
                more = [[met.nodes for met in actor] for actor in found]
        finally:
            self._put(finer, space)
        return None
