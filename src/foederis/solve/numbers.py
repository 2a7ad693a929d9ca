"""The drawn numbers of a game as tables on the device, for a block of draws."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game
from foederis.game.pools import Mix, Pool, Worlds
from foederis.solve.device import kernel
from foederis.solve.lazy import jax, jnp
from foederis.solve.shelf import Shelf

if TYPE_CHECKING:
    from foederis.solve.beliefs import Grid

Floats = NDArray[np.float64]
ZERO, ONE = 0, 1  # the first two rows of every stack
_TABLE_BYTES = 256_000_000
_HELD = 4.0e8  # bytes of working memory that are kept from one solve to the next


def bucket(count: int, least: int = 64) -> int:
    """The size of an array that holds `count` rows of which only those are ever worked on: a power of two, above
    4,096 an eighth of one. Games whose arrays have the same sizes share compiled programs."""
    size = least
    while size < min(count, 4096):
        size *= 2
    if count <= size:
        return size
    step = 512
    while 16 * step < count:
        step *= 2
    return -(-count // step) * step


def padded(count: int) -> int:
    """The size of an array that is worked on as a whole: steps of 128, coarser (at most a sixteenth) for large ones."""
    step = 128
    while count > 16 * step:
        step *= 2
    return max(1, -(-count // step)) * step


class Stack:
    """Pools one above the other, below a row of zeros and a row of ones."""

    def __init__(self, pools: Sequence[Pool]):
        self.pools = tuple(pools)
        self.starts = np.cumsum([2, *(pool.size for pool in self.pools)])
        self.height = bucket(int(self.starts[-1]))

    @cached_property
    def mixes(self) -> list[tuple[int, Mix]]:
        """The rows that beliefs fill in, each with the first row of its pool."""
        return [(int(start), mix) for pool, start in zip(self.pools, self.starts, strict=False) for mix in pool.mixes]

    @cached_property
    def reads_step(self) -> bool:
        return any(pool.reads_step for pool in self.pools)

    def ids(self, place: int, table: int) -> NDArray[np.int32]:
        """int32[states]: the rows of one of a pool's tables."""
        return self.ids_at(place, table, slice(None))

    def ids_at(self, place: int, table: int, states: Any) -> NDArray[np.int32]:
        """int32[states]: the same for some states alone."""
        return self.pools[place].ids.at(table, states) + np.int32(self.starts[place])

    def evaluate(
        self, worlds: Worlds, draws: int, step: int, first_draw: int = 0, before: Floats | None = None
    ) -> Floats:
        """float64[height, draws]. `before` are the rows of another step: what reads no step is taken from there.

        Raises:
            CaseError: impossible numbers.
        """
        result = np.zeros((self.height, draws)) if before is None else before.copy()
        result[ONE] = 1.0
        for pool, start in zip(self.pools, self.starts, strict=False):
            if before is None or pool.reads_step:
                result[start : start + pool.size] = pool.evaluate(worlds, draws, step, first_draw)
        return result

    def renew(self, before: Floats, worlds: Worlds, draws: int, step: int, changed: Set[str]) -> Floats:
        """As evaluate, where `before` are the rows of this step in worlds in which some quantities differed."""
        result = before.copy()
        for pool, start in zip(self.pools, self.starts, strict=False):
            row = int(start)
            for part in pool.parts:
                rows = part.outputs * part.count
                if part.reads & changed:
                    result[row : row + rows] = pool.evaluate_part(part, worlds, draws, step).reshape(rows, draws)
                row += rows
        return result


@dataclass
class Tables:
    """The numbers of all draws, shared by the blocks: evaluating a small table costs the same for a few draws as
    for a thousand. Large tables are evaluated block by block. What quantities that are as before decide is taken from
    `earlier`, tables of the same layout."""

    worlds: Worlds
    draws: int
    steps: int
    earlier: Tables | None = None
    _kept: dict[tuple[int, int], Floats] = field(default_factory=dict)
    _latest: dict[int, Floats] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rows(self, stack: Stack, step: int, chosen: NDArray[np.int64]) -> Floats:
        """float64[height, block]: a stack's rows for the chosen draws."""
        if stack.height * self.draws * 8 * (self.steps if stack.reads_step else 1) > _TABLE_BYTES:
            worlds = {name: values[chosen] for name, values in self.worlds.items()}
            return stack.evaluate(worlds, len(chosen), step, int(chosen[0]))
        key = (id(stack), step if stack.reads_step else 0)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._evaluate(stack, step, key)
                self._latest[id(stack)] = self._kept[key]
            table = self._kept[key]
        return np.take(table, chosen, axis=1)

    def _evaluate(self, stack: Stack, step: int, key: tuple[int, int]) -> Floats:
        known = self.earlier._kept.get(key) if self.earlier is not None else None
        if known is not None and known.shape[1] == self.draws:
            return stack.renew(known, self.worlds, self.draws, step, self._changed)
        return stack.evaluate(self.worlds, self.draws, step, before=self._latest.get(id(stack)))

    @cached_property
    def _changed(self) -> Set[str]:
        """The quantities that differ from the earlier worlds."""
        before = self.earlier.worlds if self.earlier is not None else {}
        return {
            name
            for name, values in self.worlds.items()
            if name not in before or not np.array_equal(values, before[name], equal_nan=True)
        }


@dataclass
class Recall:
    """The tables of the latest solve of a layout, with which one in worlds that differ in few quantities is faster, and
    the memory that it worked in."""

    tables: Tables | None = None
    shelf: Shelf = field(default_factory=lambda: Shelf(_HELD))


class Numbers:
    """The numbers of a block of draws (`chosen`, places among all draws), in as many lanes as the grid of beliefs has
    nodes for each draw; without types one."""

    def __init__(
        self,
        game: Game,
        tables: Tables,
        chosen: NDArray[np.int64],
        grid: Grid | None,
        lanes: int,
        put: Callable[[Any], Any],
        put_rows: Callable[[Any], Any],
    ):
        self._put, self._put_rows = put, put_rows
        self.game, self.tables, self.chosen, self.draws, self.grid = game, tables, chosen, len(chosen), grid
        self.lanes = lanes * self.draws
        self.worlds = {name: values[chosen] for name, values in tables.worlds.items()}
        rationality, patience = game.actor_numbers(self.worlds, self.draws, int(chosen[0]))
        self.rationality, self.patience = (put(np.tile(part, lanes)) for part in (rationality, patience))
        self._kept: dict[tuple[int, int | None], Any] = {}
        self._means: dict[tuple[int, int | None], list[tuple[Any, Any, Any]]] = {}

    def end_with_step(self, actor: int) -> None:
        """Lets an actor, given by its place, receive nothing that comes after a step's end."""
        patience = np.array(self.patience)
        patience[actor] = 0.0
        self.patience = self._put(patience)

    def rows(self, stack: Stack, step: int, profile: int | None = None) -> Any:
        """float64[height, lanes]. Means over types are those under the belief that a lane stands for; if a profile of
        types is given, by its place, what is so under this."""
        profile = profile if stack.mixes else None
        key = id(stack), profile
        if stack.reads_step:
            return self._in_lanes(stack, self.tables.rows(stack, step, self.chosen), profile)
        if key not in self._kept:
            self._kept[key] = self._in_lanes(stack, self.tables.rows(stack, step, self.chosen), profile)
        return self._kept[key]

    def _in_lanes(self, stack: Stack, rows: Floats, profile: int | None) -> Any:
        """The rows in every lane."""
        table: Any = self._put_rows(rows)
        if self.grid is None:
            return table
        table = jnp.tile(table, self.lanes // self.draws)
        key = id(stack), profile
        if key not in self._means:
            self._means[key] = [self._mean(start, mix, profile) for start, mix in stack.mixes]
        for places, sources, likely in self._means[key]:
            table = fill_means(table, places, sources, likely)
        return table

    def _mean(self, start: int, mix: Mix, profile: int | None) -> tuple[Any, Any, Any]:
        """The rows that are means, int32[rows]; those that they are means of, int32[combinations, rows]; and how likely
        each combination is, float64[combinations, lanes]."""
        assert self.grid is not None
        rows = np.arange(mix.count) + start + mix.first
        sources = rows + mix.count * (1 + np.arange(len(mix.combinations)))[:, None]
        likely = []
        known = None if profile is None else self.game.roster.profiles[profile]
        for types in mix.combinations:
            if known is not None:
                likely.append(np.full(self.lanes, float(all(known[actor] == name for actor, name in types.items()))))
                continue
            chance = np.ones(self.lanes)
            for actor, name in types.items():
                place = self.game.roster.place(actor)
                mine = self.game.roster.typed[place].names.index(name)
                chance = chance * np.asarray(self.grid.chances[place])[mine]
            likely.append(chance)
        put = self._put
        return put(rows.astype(np.int32)), put(sources.astype(np.int32)), put(np.stack(likely))


def _fill_means(table: jax.Array, rows: jax.Array, sources: jax.Array, likely: jax.Array) -> jax.Array:
    return table.at[rows].set(jnp.sum(table[sources] * likely[:, None], axis=0))


fill_means = kernel(_fill_means, donate=[0])
