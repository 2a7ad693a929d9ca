"""Boxes of possible worlds in which cases of interest are frequent, measured where they were found and elsewhere.

Sources: Bryant & Lempert (2010), Technological Forecasting and Social Change 77(1): 34-49 (coverage, density,
quasi-p-values).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foederis.analysis.chance import distance, effective_size, told_apart
from foederis.analysis.prim import LOWER, UPPER, Box, Floats, Truths, trajectory

FEWEST = 20  # cases, and worlds that are none, without which no box is sought
CHANCE = 0.05  # what chance explains better than this is not shown
MOST_BOXES = 4


@dataclass(frozen=True, eq=False)
class Worlds:
    """Possible worlds, those of interest among them.

    Attributes:
        inputs: float64[worlds, inputs]; cases: bool[worlds]; weights: float64[worlds], at least 0.
    """

    inputs: Floats
    cases: Truths
    weights: Floats

    def outside(self, inside: Truths) -> Worlds:
        """The same worlds, without those inside."""
        return Worlds(self.inputs, self.cases, np.where(inside, 0.0, self.weights))

    @property
    def share(self) -> float:
        """The share of cases."""
        return ratio(self.weights[self.cases].sum(), self.weights.sum())


@dataclass(frozen=True)
class Measure:
    """How a box does: the share of all cases inside it, the share of cases inside, the share of all worlds inside."""

    coverage: float
    density: float
    mass: float

    @property
    def quality(self) -> float:
        """The harmonic mean of coverage and density; 0 if either is 0 or unknown."""
        return 2 * self.coverage * self.density / (self.coverage + self.density) if self.coverage > 0 else 0.0


@dataclass(frozen=True)
class Restriction:
    """What a box says of one input.

    Attributes:
        lower, upper: -inf and inf where there is no limit.
        share: of all worlds, how many lie inside these limits.
        quasi_p: how likely the box would have had as many cases if these limits meant nothing; too small, since they
            were sought. p: the same in the worlds that were not used to find them, where it is not too small.
    """

    place: int
    lower: float
    upper: float
    share: float
    quasi_p: float
    p: float


@dataclass(frozen=True)
class Offer:
    """One box of a menu, in the worlds in which it was found and in others."""

    number: int
    box: Box
    found: Measure
    elsewhere: Measure


@dataclass(frozen=True)
class Found:
    """A menu of boxes among the worlds that earlier boxes leave, and the one that was taken.

    Attributes:
        sieved: the places of the inputs among which limits were sought.
    """

    sieved: tuple[int, ...]
    menu: tuple[Offer, ...]
    suggested: int
    chosen: int
    restrictions: tuple[Restriction, ...]

    @property
    def offer(self) -> Offer:
        return self.menu[self.chosen]


def find_boxes(first: Worlds, second: Worlds, chosen: int | None) -> list[Found]:
    """Boxes found in some worlds and measured in others too, one after the other among what is left over.

    Args:
        chosen: the number of the first box on its menu; the suggested one if None.
    """
    found: list[Found] = []
    left, others = first, second
    while len(found) < MOST_BOXES and enough(left):
        box = _find(first, second, left, others, chosen if not found else None)
        if box is None or (found and not _stands_out(box.offer, first, second)):
            break
        found.append(box)
        if not box.restrictions:
            break
        left, others = (
            left.outside(box.offer.box.holds(left.inputs)),
            others.outside(box.offer.box.holds(others.inputs)),
        )
    return found


def enough(worlds: Worlds) -> bool:
    """Whether there are cases enough, and worlds that are none; weighted ones count with their effective number."""
    return min(effective_size(worlds.weights[side]) for side in (worlds.cases, ~worlds.cases)) >= FEWEST


def _stands_out(offer: Offer, first: Worlds, second: Worlds) -> bool:
    """Whether cases are more frequent in a box than in general, and in other worlds too, by more than chance."""
    inside = np.where(offer.box.holds(second.inputs), second.weights, 0.0)
    return offer.found.density > first.share and _tail(offer.elsewhere.density, inside, second.share) <= CHANCE


def _find(first: Worlds, second: Worlds, left: Worlds, others: Worlds, chosen: int | None) -> Found | None:
    sieved = sieve(left)
    if not sieved:
        return None
    narrow = trajectory(left.inputs[:, sieved], left.cases, first.weights, left.weights > 0)
    boxes = [_widened(box, sieved, first.inputs.shape[1]) for box in narrow]
    best = max(boxes, key=lambda box: measured(box, left, first).quality)
    suggested = pruned(best, left)
    boxes += [suggested] if suggested is not best else []
    menu = tuple(
        Offer(number, box, measured(box, left, first), measured(box, others, second))
        for number, box in enumerate(boxes)
    )
    place = boxes.index(suggested)
    taken = place if chosen is None else chosen
    if taken >= len(menu):
        raise IndexError(len(menu) - 1)
    restrictions = _restrictions(boxes[taken], first, left, others)
    return Found(tuple(sieved), menu, place, taken, tuple(restrictions))


def _widened(box: Box, places: list[int], inputs: int) -> Box:
    """A box of some of the inputs as one of all."""
    lower, upper = np.full(inputs, -np.inf), np.full(inputs, np.inf)
    lower[places], upper[places] = box.lower, box.upper
    return Box(lower, upper)


def sieve(worlds: Worlds) -> list[int]:
    """The inputs in which cases differ from other worlds: a two-sample Kolmogorov-Smirnov test for each, at a false
    discovery rate over all."""
    sides = worlds.weights * worlds.cases, worlds.weights * ~worlds.cases
    chances = np.array([distance(column, *sides)[1] for column in worlds.inputs.T])
    return [int(place) for place in np.flatnonzero(told_apart(chances))]


def measured(box: Box, left: Worlds, whole: Worlds) -> Measure:
    """A box among the worlds that are left, as shares of the whole."""
    inside = np.where(box.holds(left.inputs), left.weights, 0.0)
    held, hits = inside.sum(), inside[left.cases].sum()
    return Measure(ratio(hits, whole.weights[whole.cases].sum()), ratio(hits, held), ratio(held, whole.weights.sum()))


def pruned(box: Box, worlds: Worlds) -> Box:
    """The box without the limits that chance explains, the weakest dropped first; the same box if there are none."""
    while True:
        chances = {place: _by_chance(box, place, worlds) for place, _ in box.limits}
        weakest = max(chances, key=lambda place: chances[place], default=-1)
        if weakest < 0 or chances[weakest] <= CHANCE:
            return box
        box = box.without(weakest, UPPER).without(weakest, LOWER)


def _restrictions(box: Box, first: Worlds, left: Worlds, others: Worlds) -> list[Restriction]:
    found = []
    for place in dict.fromkeys(place for place, _ in box.limits):
        column = first.inputs[:, place]
        inside = (column >= box.lower[place]) & (column <= box.upper[place])
        share = ratio(first.weights[inside].sum(), first.weights.sum())
        chances = [_by_chance(box, place, worlds) for worlds in (left, others)]
        found.append(Restriction(place, float(box.lower[place]), float(box.upper[place]), share, *chances))
    return sorted(found, key=lambda item: item.quasi_p)


def _by_chance(box: Box, place: int, worlds: Worlds) -> float:
    """The chance of as many cases in a box, were its worlds taken at random from the box without an input's limits."""
    wider = box.without(place, UPPER).without(place, LOWER)
    within, around = (np.where(b.holds(worlds.inputs), worlds.weights, 0.0) for b in (box, wider))
    base, density = (ratio(w[worlds.cases].sum(), w.sum()) for w in (around, within))
    return _tail(density, within, base)


def _tail(density: float, weights: Floats, base: float) -> float:
    """The chance of this density or more among worlds of these weights, at a share of cases of `base` in general.

    A binomial tail; for weighted worlds with their effective number, which need not be whole (the incomplete beta
    function is the same where it is).
    """
    from scipy.special import betainc

    size = effective_size(weights)
    hits = density * size
    return float(betainc(hits, size - hits + 1, base)) if hits > 0 else 1.0


def ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
