"""What a decision is worth, option by option and ledger by ledger, on average over the states in which it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.solve.backward import Pass
from foederis.solve.filter import Shown
from foederis.solve.kernels import Array
from foederis.solve.prior import given_seen, given_types, likely_of
from foederis.solve.worths import Look, Worths, by_belief, filled, parts_of, take, worths_in

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sight:
    """The sums over the states of a decision, in each draw; a state, with a public belief where there are private
    types, counts with the probability that the actor decides there in that step. Of an actor that has types, it is one
    type that decides.

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


class DecisionWatch:
    """Watches one block (see engine.Watch): notes what the options are worth on the way back, and adds up over the
    states on the way forth."""

    def __init__(self, back: Pass, look: Look, used: int):
        self.pass_, self.look, self.used = back, look, used
        self.seen: list[Worths] = []
        self.sight = nothing_seen(look, used)
        self.likely = _profiles(back, look)
        back.numbers.end_with_step(len(look.books.game.actors) - 1)

    def back(self, step: int, shown: Sequence[Shown]) -> None:
        if step == self.look.step:
            # What was seen lies before, so that all profiles show the same of the decision.
            parts = parts_of(self.pass_.layout, self.look)
            self.seen = [worths_in(self.pass_, shown[0].weights, self.look, part) for part in parts]

    def forth(self, step: int, shown: Sequence[Shown], masses: Sequence[Array], evidence: Floats) -> None:
        if step != self.look.step:
            return
        likely = given_seen(self.likely, evidence)[0]
        layout, draws = self.pass_.layout, self.pass_.numbers.draws
        group, within = layout.place(self.look.phase)
        first = layout.groups[group].rows[within]
        for part in self.seen:
            rows_of = filled(first + part.states)
            here = sum(
                np.asarray(take(mass, rows_of))[: len(part.states), 0] * np.tile(share, mass.shape[-1] // draws)
                for mass, share in zip(masses, likely, strict=True)
            )
            self.sight = _with_part(self.sight, *by_belief(part, np.asarray(here), draws), self.used)
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


def _profiles(back: Pass, look: Look) -> Floats:
    """float64[profiles, draws]: how likely each profile of types is, given the type that looks."""
    roster = back.layout.game.roster
    if back.numbers.grid is None:
        return np.ones((1, back.numbers.draws))
    likely = likely_of(roster, [np.asarray(shares) for shares in back.grid.shares])
    return given_types(roster, likely, roster.seats[look.books.owner].knows)


def _with_part(sums: Sight, part: Worths, here: Floats, used: int) -> Sight:
    worth, chosen, here = part.worth[..., :used], part.chosen[..., :used], here[..., :used]
    asked = chosen.sum(axis=0)
    weight = here * asked
    top = np.where(part.is_open[:, :, None], _as_seen(worth[:, :, 0], here, part.seen), -np.inf)
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


def _as_seen(worth: Floats, here: Floats, seen: NDArray[np.int64]) -> Floats:
    """What options are worth to an actor that cannot tell some states apart: the mean over those, by how likely play is
    to be in each; float64[options, states, draws], and `here` without the first axis."""
    count = int(seen.max(initial=-1)) + 1
    if count == len(seen):
        return worth
    total, sums = np.zeros((count, here.shape[1])), np.zeros((count, *worth.shape[::2]))
    np.add.at(total, seen, here)
    np.add.at(sums, seen, np.moveaxis(worth * here, 1, 0))
    mean = sums / np.where(total > 0, total, 1.0)[:, None]
    return np.moveaxis(mean[seen], 0, 1)
