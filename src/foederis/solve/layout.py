"""A game's index arrays on the device, padded so that games of like size share compiled kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from foederis.game.asks import Ask
from foederis.game.compile import Game, Phase
from foederis.game.payoffs import Payment
from foederis.game.pools import Pool, Worlds
from foederis.game.shortcuts import lasting, taken_once
from foederis.solve.kernels import Array, Branches


def padded(count: int) -> int:
    """The bucket that a number of states falls into: steps of 128, coarser (at most a sixteenth) for large ones.

    Cases and what-ifs whose numbers of states fall into the same buckets share compiled programs.
    """
    step = 128
    while count > 16 * step:
        step *= 2
    return max(1, -(-count // step)) * step


def _pad(values: NDArray[Any], length: int, fill: int = 0) -> Array:
    """Pads the last axis."""
    widths = [(0, 0)] * (values.ndim - 1) + [(0, length - values.shape[-1])]
    return jnp.asarray(np.pad(values, widths, constant_values=fill))


@dataclass(frozen=True)
class PoolRows:
    """A pool whose first row is zero, its rows padded to a power of two; `ids` by state."""

    pool: Pool
    ids: tuple[Array, ...]

    @property
    def reads_step(self) -> bool:
        return self.pool.reads_step

    def evaluate(self, worlds: Worlds, draws: int, step: int, first_draw: int = 0) -> NDArray[np.float64]:
        """float64[rows, draws]; raises CaseError for impossible numbers."""
        values = self.pool.evaluate(worlds, draws, step, first_draw)
        height = 1 << max(4, len(values).bit_length())
        result = np.zeros((height, draws))
        result[1 : len(values) + 1] = values
        return result


@partial(jax.tree_util.register_dataclass, data_fields=["successors", "is_open", "live"], meta_fields=[])
@dataclass(frozen=True)
class LinkArrays:
    """One set of links of a phase, for its live states.

    Attributes:
        successors: per branch int32[live]; is_open: per branch bool[live, 1]; live: bool[live, 1].
    """

    successors: Branches
    is_open: Branches
    live: Array


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["places", "link", "pool", "paid", "chances", "hits"],
    meta_fields=["mover", "stays"],
)
@dataclass(frozen=True)
class PhaseAt:
    """What the kernels need of a phase at a step; all arrays are over the states in which it is ever live.

    Attributes:
        places: int32[live], those states among all; also where staying put leads.
        pool: float64[rows, draws], the phase's numbers.
        paid: per actor and branch the rows that the branch pays.
        chances: rows of the probabilities of passing and choosing (turn), of outcomes and nothing (event).
        hits: per branch float64[columns, 1], the question columns that wait for it; or none.
        mover: the actor who chooses, -1 for an event; stays: whether the phase can be passed.
    """

    places: Array
    link: LinkArrays
    pool: Array
    paid: tuple[tuple[Branches, ...], ...]
    chances: Branches
    hits: Branches
    mover: int
    stays: bool

    @property
    def successors(self) -> Branches:
        """Where each branch leads, staying put last where that can be."""
        return (*self.link.successors, self.places) if self.stays else self.link.successors


@dataclass(frozen=True)
class PhaseArrays:
    """A phase on the device, for all steps; see PhaseAt."""

    phase: Phase
    places: Array
    links: tuple[LinkArrays, ...]
    rows: PoolRows
    paid: tuple[tuple[Branches, ...], ...]
    hits: tuple[NDArray[np.float64], ...]
    width: int
    hits_by_looks: dict[tuple[bool, ...], Branches] = field(default_factory=dict)

    def at(self, step: int, pool: Array, columns: Sequence[Column]) -> PhaseAt:
        """The phase at a step; `columns` are the question columns (none if they are not carried)."""
        looks = tuple(step <= column.by for column in columns)
        if looks not in self.hits_by_looks:
            shown = np.array(looks, dtype=np.float64)[:, None]
            found = tuple(jnp.asarray(hit * shown) for hit in self.hits) if looks else ()
            self.hits_by_looks[looks] = found if any(hit.any() for hit in self.hits) else ()
        hits = self.hits_by_looks[looks]
        chances = tuple(self.rows.ids[table] for table in self.phase.chances)
        link = self.links[self.phase.states.link_of_step[step]]
        return PhaseAt(self.places, link, pool, self.paid, chances, hits, self.phase.mover, self.phase.states.stays)


@dataclass(frozen=True)
class Column:
    """A question carried backwards: `at` is the step of a `first` question's column, else -1. `ask` is None for
    an option's probability of ever being taken, named by phase and branch."""

    ask: Ask | None
    at: int = -1
    phase: int = -1
    branch: int = -1

    @property
    def conditioned(self) -> bool:
        return self.ask is not None and self.phase < 0

    @property
    def plain(self) -> bool:
        """Whether it tells if its option is ever taken, in the whole crisis and given nothing."""
        return self.phase >= 0 and (self.ask is None or (self.ask.given < 0 and self.ask.to_final))

    @property
    def by(self) -> int:
        return self.at if self.at >= 0 else self.ask.by if self.ask is not None else 2**31


@dataclass(frozen=True)
class Layout:
    """Everything about a game that does not change between blocks of draws.

    Attributes:
        width: the number of states, padded; the last one is a sink that is never met.
        onward: int32[states], where a step's end leads; None where it leads to the same state.
        columns: question columns; the first len(givens) are `given` conditions.
        gain_of: int32[columns], see kernels.mix_questions.
        counted: takes questions and options that can be taken only once, read off the way forward.
        lasting: `eventually` questions whose condition never ends: read off the state they look at last.
    """

    game: Game
    width: int
    phases: tuple[PhaseArrays, ...]
    start: int
    onward: Array | None
    flow_rows: PoolRows
    flow_ids: tuple[Branches, ...]
    final_rows: PoolRows
    final_ids: tuple[Branches, ...]
    asked_rows: PoolRows
    asked_ids: Branches
    columns: tuple[Column, ...]
    givens: tuple[int, ...]
    gain_of: Array | None
    counted: frozenset[tuple[int, int]]
    lasting: frozenset[str]
    level_names: tuple[str, ...]
    levels: Branches

    @property
    def actors(self) -> int:
        return len(self.game.actors)

    def gain(self, ask: Ask | None) -> int:
        return -1 if ask is None or ask.given < 0 else self.givens.index(ask.given)


def lay_out(game: Game) -> Layout:
    structure = game.structure
    universe = reduce(np.union1d, [p.codes for p in structure.phases], structure.end_codes)
    width = padded(len(universe) + 1)
    at_end = np.searchsorted(universe, structure.end_codes)
    once = frozenset(
        (k, b)
        for k, phase in enumerate(game.phases)
        if phase.mover >= 0
        for b in range(len(phase.branches))
        if taken_once(structure, k, b)
    )
    stay_true = frozenset(ask.name for ask in game.asked.questions if _lasts(game, ask))
    columns, givens = _columns(game, once, stay_true)
    flow = _end_rows(game.flow_pool, at_end, width)
    final = _end_rows(game.final_pool, at_end, width)
    asked = _end_rows(game.asked.pool, at_end, width)
    zero = jnp.zeros(width, dtype=jnp.int32)
    gains = [-1 if c.ask is None or c.ask.given < 0 else givens.index(c.ask.given) for c in columns]
    names = tuple(name for name, stride in game.packing.strides.items() if stride is not None)
    first = structure.phases[0].codes if structure.phases else structure.end_codes
    return Layout(
        game,
        width,
        tuple(_phase_arrays(game, k, universe, width, columns) for k in range(len(game.phases))),
        int(np.searchsorted(universe, first[structure.start])),
        _onward(game, universe, at_end, width),
        flow,
        _by_actor(flow, game.flows, len(game.actors), zero),
        final,
        _by_actor(final, game.finals, len(game.actors), zero),
        asked,
        tuple(asked.ids[c.ask.table] if c.conditioned and c.ask else zero for c in columns),
        columns,
        givens,
        jnp.asarray(np.array(gains, dtype=np.int32)) if givens else None,
        once,
        stay_true,
        names,
        tuple(_scatter(game.asked.levels[name], at_end, width) for name in names),
    )


def _scatter(values: NDArray[Any], places: NDArray[np.int64], width: int) -> Array:
    """Values at some states, 0 elsewhere."""
    result = np.zeros(width, dtype=np.int32)
    result[places] = values
    return jnp.asarray(result)


def _end_rows(pool: Pool, at_end: NDArray[np.int64], width: int) -> PoolRows:
    return PoolRows(pool, tuple(_scatter(ids + 1, at_end, width) for ids in pool.ids))


def _onward(game: Game, universe: NDArray[np.int64], at_end: NDArray[np.int64], width: int) -> Array | None:
    structure = game.structure
    if not structure.forgotten:
        return None
    first = structure.phases[0].codes
    onward = np.full(width, width - 1, dtype=np.int32)
    onward[at_end] = np.searchsorted(universe, first[structure.onward])
    return jnp.asarray(onward)


def _by_actor(rows: PoolRows, payments: Sequence[Payment], actors: int, zero: Array) -> tuple[Branches, ...]:
    """Per actor the ids of its payments, and one that is always zero."""
    return tuple((zero, *(rows.ids[p.table] for p in payments if p.actor == actor)) for actor in range(actors))


def _lasts(game: Game, ask: Ask) -> bool:
    """Whether an `eventually` question can be read off the last state it looks at."""
    condition = ask.expression
    if ask.form != "eventually" or ask.given >= 0 or condition is None or condition.quantities or condition.reads_step:
        return False
    if game.asked.at_start(condition, {}, 1)[0]:
        return False
    return lasting(game.structure, game.asked.holds(condition, game.structure.end_codes))


def is_carried(ask: Ask, once: frozenset[tuple[int, int]], stay_true: frozenset[str]) -> bool:
    """Whether a question needs a column; the others are read off the state probabilities on the way forward."""
    if ask.form == "takes":
        return ask.given >= 0 or (ask.phase, ask.branch) not in once
    if ask.form in ("at_end", "expected"):
        return ask.given >= 0 and not ask.to_final
    if ask.form == "first":
        return ask.given >= 0
    return ask.name not in stay_true


def _columns(
    game: Game, once: frozenset[tuple[int, int]], stay_true: frozenset[str]
) -> tuple[tuple[Column, ...], tuple[int, ...]]:
    carried = [ask for ask in game.asked.questions if is_carried(ask, once, stay_true)]
    given = {ask.given: ask for ask in carried if ask.given >= 0}
    columns = [Column(None) for _ in given]
    for ask in carried:
        if ask.form == "first":
            columns += [Column(ask, step) for step in range(ask.by + 1)]
        elif ask.form == "takes":
            columns.append(Column(ask, -1, ask.phase, ask.branch))
        else:
            columns.append(Column(ask))
    for place, phase in enumerate(game.phases):
        if phase.mover >= 0:
            asked = {c.branch for c in columns if c.phase == place and c.plain}
            ever = [b for b in range(len(phase.branches)) if (place, b) not in once and b not in asked]
            columns += [Column(None, -1, place, branch) for branch in ever]
    return tuple(columns), tuple(given)


def _phase_arrays(
    game: Game, place: int, universe: NDArray[np.int64], width: int, columns: tuple[Column, ...]
) -> PhaseArrays:
    phase, structure = game.phases[place], game.structure
    states = phase.states
    chosen = np.flatnonzero(np.logical_or.reduce([link.live for link in states.links]))
    live_width = padded(len(chosen))
    places = _pad(np.searchsorted(universe, states.codes[chosen]).astype(np.int32), live_width, width - 1)
    following = structure.phases[place + 1].codes if place + 1 < len(structure.phases) else structure.end_codes
    where = np.searchsorted(universe, following).astype(np.int32)
    links = []
    for link in states.links:
        successors = tuple(
            _pad(np.where(is_open, where[row], width - 1).astype(np.int32)[chosen], live_width, width - 1)
            for row, is_open in zip(link.successor, link.open, strict=True)
        )
        opens = tuple(_pad(row[chosen], live_width)[:, None] for row in link.open)
        links.append(LinkArrays(successors, opens, _pad(link.live[chosen], live_width)[:, None]))
    rows = PoolRows(phase.pool, tuple(_pad(ids[chosen] + 1, live_width) for ids in phase.pool.ids))
    branches = range(len(phase.branches))
    paid = tuple(
        tuple(tuple(rows.ids[t] for b, a, t in phase.pays if b == branch and a == actor) for branch in branches)
        for actor in range(len(game.actors))
    )
    hits = tuple(
        np.array([[float((c.phase, c.branch) == (place, branch))] for c in columns]).reshape(-1, 1)
        for branch in branches
    )
    return PhaseArrays(phase, places, tuple(links), rows, paid, hits, live_width)
