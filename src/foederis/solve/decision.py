"""What a decision is worth, option by option and ledger by ledger, on average over the states in which it is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import jax
import numpy as np
from numpy.typing import NDArray

from foederis.game.ledgers import Books
from foederis.solve.backward import Pass
from foederis.solve.device import kernel
from foederis.solve.groups import CHOOSE
from foederis.solve.kernels import Array, rows
from foederis.solve.layout import Layout
from foederis.solve.numbers import bucket

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
class Sight:
    """The sums over the states of a decision, in each draw; a state counts with the probability that the actor
    decides there in that step.

    Columns are what the options are worth to the actor in all, then each ledger, then what the step itself brings,
    then what the option pays at once.

    Attributes:
        weight: float64[draws], the probability that the actor decides in such a state.
        shares: float64[options, draws], that it then takes the option; best: that the option is its best reply.
        both: float64[options, options, draws], the probability that it decides where both options are open.
        gaps: float64[options, options, columns, draws], how much more the first is worth than the second there,
            times that probability.
        error: the largest difference between what an option is worth and the sum of its ledgers, in points; size: the
            largest that any of them is worth.
    """

    weight: Floats
    shares: Floats
    best: Floats
    both: Floats
    gaps: Floats
    error: float
    size: float


def nothing_seen(look: Look, draws: int) -> Sight:
    """Where the sums begin."""
    options, columns = len(look.books.game.phases[look.phase].branches), len(look.books.ledgers) + 3
    square = np.zeros((options, options, draws))
    gaps = np.zeros((options, options, columns, draws))
    return Sight(np.zeros(draws), square[0], square[0], square, gaps, 0.0, 0.0)


def join_sights(parts: Sequence[Sight]) -> Sight:
    """The draws of several blocks one after the other."""
    return Sight(
        np.concatenate([part.weight for part in parts]),
        np.concatenate([part.shares for part in parts], axis=1),
        np.concatenate([part.best for part in parts], axis=1),
        np.concatenate([part.both for part in parts], axis=2),
        np.concatenate([part.gaps for part in parts], axis=3),
        max(part.error for part in parts),
        max(part.size for part in parts),
    )


@dataclass(frozen=True)
class Worths:
    """What the options are worth in some states: `worth` float64[options, states, columns, draws], columns as in
    Sight; `chosen` float64[options, states, draws], the probability of taking each; `is_open` bool[options, states].
    """

    states: NDArray[np.int64]
    worth: Floats
    chosen: Floats
    is_open: NDArray[np.bool_]
    error: float


class DecisionWatch:
    """Watches one block (see engine.Watch): notes what the options are worth on the way back, and adds up over the
    states on the way forth."""

    def __init__(self, back: Pass, look: Look, used: int):
        self.pass_, self.look, self.used = back, look, used
        self.seen: list[Worths] = []
        self.sight = nothing_seen(look, used)
        back.numbers.end_with_step(len(look.books.game.actors) - 1)

    def back(self, step: int, weights: Array) -> None:
        if step == self.look.step:
            parts = _parts(self.pass_.layout, self.look)
            self.seen = [_worths(self.pass_, weights, self.look, part) for part in parts]

    def forth(self, step: int, weights: Array, mass: Array) -> None:
        if step != self.look.step:
            return
        layout = self.pass_.layout
        group, within = layout.place(self.look.phase)
        first = layout.groups[group].rows[within]
        for part in self.seen:
            here = np.asarray(_take(mass, _filled(first + part.states)))[: len(part.states), 0, : self.used]
            self.sight = _with_part(self.sight, part, here, self.used)
        self.seen = []


class DecisionWatcher:
    """Watches every block, and puts what was seen together in the order of the draws."""

    def __init__(self, look: Look):
        self.look = look
        self._parts: dict[int, DecisionWatch] = {}

    def __call__(self, back: Pass, places: NDArray[np.int64]) -> DecisionWatch:
        self._parts[int(places[0])] = watch = DecisionWatch(back, self.look, len(places))
        return watch

    @property
    def sight(self) -> Sight:
        return join_sights([self._parts[first].sight for first in sorted(self._parts)])


def _with_part(sums: Sight, part: Worths, here: Floats, used: int) -> Sight:
    worth, chosen = part.worth[..., :used], part.chosen[..., :used]
    asked = chosen.sum(axis=0)
    weight = here * asked
    top = np.where(part.is_open[:, :, None], worth[:, :, 0], -np.inf)
    best = (top == top.max(axis=0)) & part.is_open[:, :, None]
    both, gaps = sums.both.copy(), sums.gaps.copy()
    for first in range(len(worth)):
        for second in range(first):
            counts = weight * (part.is_open[first] & part.is_open[second])[:, None]
            gap = np.einsum("sd,scd->cd", counts, worth[first] - worth[second])
            both[first, second] += counts.sum(axis=0)
            both[second, first] += counts.sum(axis=0)
            gaps[first, second] += gap
            gaps[second, first] -= gap
    return Sight(
        sums.weight + weight.sum(axis=0),
        sums.shares + (here * chosen).sum(axis=1),
        sums.best + (weight * best).sum(axis=1),
        both,
        gaps,
        max(sums.error, part.error),
        max(sums.size, float(np.abs(part.worth * part.is_open[:, :, None, None]).max(initial=0.0))),
    )


def _parts(layout: Layout, look: Look) -> Iterator[NDArray[np.int64]]:
    """The places, among the rows of the phase, of the states that are looked at."""
    group, within = layout.place(look.phase)
    chosen = layout.rowed[look.phase]
    reached = np.searchsorted(layout.groups[group].since[within], look.step, side="right")
    places = np.flatnonzero(look.states[chosen[:reached]])
    for start in range(0, len(places), _STATES):
        yield places[start : start + _STATES]


def _worths(back: Pass, weights: Array, look: Look, places: NDArray[np.int64]) -> Worths:
    layout, books = back.layout, look.books
    at, within = layout.place(look.phase)
    group = layout.groups[at]
    arrays = group.at(look.step)
    options = len(books.game.phases[look.phase].branches)
    columns = group.starts[within] + places
    leads, chances, others, own = (
        np.asarray(part)[:, columns] for part in (arrays.successors, arrays.chances, arrays.others, arrays.own)
    )
    is_open = (leads[:options] != 0) & (chances[CHOOSE] != 0)
    values = np.asarray(_take(back.space.values, _filled(leads[:options].ravel())))
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
    chosen = _numbers(weights, decided)
    ledgers = worth[:, :, books.actors :]
    whole = np.concatenate([worth[:, :, books.owner, None], ledgers, paid[:, :, None]], axis=2)
    off = np.abs(whole[:, :, 0] - ledgers[:, :, :-1].sum(axis=2)) * is_open[:, :, None]
    return Worths(places, whole, chosen, is_open, float(off.max(initial=0.0)))


def _numbers(weights: Array, ids: NDArray[np.int64]) -> Floats:
    found = np.asarray(_take(weights, _filled(ids.ravel())))[: ids.size]
    return found.reshape(*ids.shape, found.shape[-1])


def _filled(places: NDArray[np.int64]) -> Array:
    """Places filled up to one of few sizes, so that few kernels are made."""
    found = np.zeros(bucket(len(places)), dtype=np.int32)
    found[: len(places)] = places
    return jax.device_put(found)


_take = kernel(rows)
