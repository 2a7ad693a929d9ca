"""What the options of a decision are worth in single states, and at single beliefs about private types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.game.ledgers import Books
from foederis.solve.backward import Pass
from foederis.solve.beliefs import Grid
from foederis.solve.device import kernel
from foederis.solve.groups import CHOOSE
from foederis.solve.kernels import Array, rows
from foederis.solve.layout import Layout
from foederis.solve.lazy import jax, jnp
from foederis.solve.numbers import bucket
from foederis.solve.signal_loops import hats_after
from foederis.solve.signalling import read_at
from foederis.solve.signals import SignalArrays

Floats = NDArray[np.float64]
_STATES = 512  # looked at together


@dataclass(frozen=True)
class Look:
    """Which decision: of a phase (by its place) at a step, in some of the phase's states (bool[states])."""

    books: Books
    phase: int
    step: int
    states: NDArray[np.bool_]


@dataclass(frozen=True)
class Worths:
    """What the options are worth in some states: `worth` float64[options, states, columns, lanes], columns as in
    Sight; `chosen` float64[options, states, lanes], the probability of taking each; `is_open` bool[options, states];
    `seen` int64[states], the same for states that the actor cannot tell apart.
    """

    states: NDArray[np.int64]
    seen: NDArray[np.int64]
    worth: Floats
    chosen: Floats
    is_open: NDArray[np.bool_]
    error: float


def parts_of(layout: Layout, look: Look) -> Iterator[NDArray[np.int64]]:
    """The places, among the rows of the phase, of the states that are looked at."""
    group, within = layout.place(look.phase)
    chosen = layout.rowed[look.phase]
    reached = np.searchsorted(layout.groups[group].since[within], look.step, side="right")
    places = np.flatnonzero(look.states[chosen[:reached]])
    seen = _seen(layout, look, places)
    order = np.argsort(seen, kind="stable")
    places, seen = places[order], seen[order]
    start = 0
    while start < len(places):
        # States that the actor cannot tell apart are looked at together.
        stop = int(np.searchsorted(seen, seen[min(start + _STATES, len(places)) - 1], side="right"))
        yield places[start:stop]
        start = stop


def _seen(layout: Layout, look: Look, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[states]: the number, among those given, of the state that the actor sees."""
    packing = look.books.game.packing
    codes = look.books.game.structure.phases[look.phase].codes[layout.rowed[look.phase][places]]
    return np.unique(codes % packing.states, return_inverse=True)[1]


def worths_in(back: Pass, weights: Array, look: Look, places: NDArray[np.int64]) -> Worths:
    layout, books = back.layout, look.books
    at, within = layout.place(look.phase)
    group = layout.groups[at]
    if group.typed >= 0:
        return _worths_of_type(back, weights, look, places)
    arrays = group.at(look.step)
    options = len(books.game.phases[look.phase].branches)
    columns = group.starts[within] + places
    leads, chances, others, own = (
        np.asarray(part)[:, columns] for part in (arrays.successors, arrays.chances, arrays.others, arrays.own)
    )
    is_open = (leads[:options] != 0) & (chances[CHOOSE] != 0)
    values = np.asarray(take(back.space.values, filled(leads[:options].ravel())))
    values = values[: options * len(places)].reshape(options, len(places), *values.shape[1:])
    paid = _numbers(weights, own[:options])
    worth = values.copy()
    worth[:, :, books.owner] += paid
    for slot, (branch, actor) in enumerate(
        zip(arrays.branch[within].tolist(), arrays.actor[within].tolist(), strict=True)
    ):
        if branch < options and actor != books.owner:
            worth[branch, :, actor] += _numbers(weights, others[slot : slot + 1])[0]
    size = arrays.branches + 2
    decided = int(arrays.base) + columns[None, :] * size + np.arange(options)[:, None]
    return _split(layout, look, places, worth, paid, _numbers(weights, decided), is_open)


def _split(
    layout: Layout,
    look: Look,
    places: NDArray[np.int64],
    worth: Floats,
    paid: Floats,
    chosen: Floats,
    is_open: NDArray[np.bool_],
) -> Worths:
    """From what options are worth to all, float64[options, states, actors, lanes], to the columns of a Sight."""
    books = look.books
    ledgers = worth[:, :, books.actors :]
    whole = np.concatenate([worth[:, :, books.owner, None], ledgers, paid[:, :, None]], axis=2)
    off = np.abs(whole[:, :, 0] - ledgers[:, :, :-1].sum(axis=2)) * is_open[:, :, None]
    return Worths(places, _seen(layout, look, places), whole, chosen, is_open, float(off.max(initial=0.0)))


def _worths_of_type(back: Pass, weights: Array, look: Look, places: NDArray[np.int64]) -> Worths:
    """The same for a type of an actor: an option is worth what follows it at the belief that it leads to."""
    layout, books = back.layout, look.books
    group = layout.groups[layout.place(look.phase)[0]]
    arrays, phase = group.at(look.step), books.game.phases[look.phase]
    assert phase.signal is not None
    options, mine = len(phase.branches), books.owner - phase.signal.first
    follows, done = _after_options(
        back.space.values,
        weights,
        arrays,
        back.grid,
        filled(places),
        typed=group.typed,
        sizes=back.axes.split(group.typed),
    )
    worth = np.array(follows)[:options, : len(places)]
    chosen = np.asarray(done)[mine, :options, : len(places)]
    own, allowed, leads, chances, entries = (
        np.asarray(part)[..., places]
        for part in (arrays.own, arrays.is_open, arrays.successors, arrays.chances, arrays.entries)
    )
    is_open = allowed[mine, :options] & (leads[:options] != 0) & (chances[0, CHOOSE] != 0)
    paid = _numbers(weights, own[mine, :options])
    worth[:, :, books.owner] += paid
    for ids, (branch, column) in zip(entries, np.asarray(arrays.entry).T.tolist(), strict=True):
        if column >= 0:
            worth[branch, :, column] += _numbers(weights, ids)
    return _split(layout, look, places, worth, paid, chosen, is_open)


def _read_options(
    table: Array,
    weights: Array,
    arrays: SignalArrays,
    grid: Grid,
    places: Array,
    typed: int,
    sizes: tuple[int, int, int],
) -> tuple[Array, Array]:
    """What follows each option in some states at the belief that it leads to, float64[options, states, columns, lanes];
    and what each type does, float64[types, options + 1, states, lanes]."""
    types, branches, size = arrays.types, arrays.branches, arrays.size
    decided = rows(weights, arrays.base + places[None] * size + jnp.arange(size)[:, None])
    done = decided[: types * (branches + 1)].reshape(types, branches + 1, *decided.shape[1:])
    said = decided[types * (branches + 1) :][: types * branches].reshape(types, branches, *decided.shape[1:])
    follows = rows(table, arrays.successors[:-1, places])
    return read_at(follows, hats_after(said, grid, typed)[:, :, :, None], sizes), done


def _numbers(weights: Array, ids: NDArray[np.int64]) -> Floats:
    found = np.asarray(take(weights, filled(ids.ravel())))[: ids.size]
    return found.reshape(*ids.shape, found.shape[-1])


def filled(places: NDArray[np.int64]) -> Array:
    """Places filled up to one of few sizes, so that few kernels are made."""
    found = np.zeros(bucket(len(places)), dtype=np.int32)
    found[: len(places)] = places
    return jax.device_put(found)


def by_belief(part: Worths, here: Floats, draws: int) -> tuple[Worths, Floats]:
    """States and beliefs taken for so many states: draws instead of lanes."""
    nodes = here.shape[-1] // draws
    if nodes == 1:
        return part, here
    options, states, columns, _ = part.worth.shape
    worth = np.moveaxis(part.worth.reshape(options, states, columns, nodes, draws), 3, 2)
    every = np.arange(states * nodes)
    apart = Worths(
        np.repeat(part.states, nodes),
        every,
        worth.reshape(options, states * nodes, columns, draws),
        part.chosen.reshape(options, states * nodes, draws),
        np.repeat(part.is_open, nodes, axis=1),
        part.error,
    )
    return apart, here.reshape(states * nodes, draws)


take = kernel(rows)
_after_options = kernel(_read_options, static=["typed", "sizes"])
