"""Boxes in which cases of interest are frequent: the patient rule induction method, for observations with weights.

Peeling takes from the box a twentieth of its weight at a time, at that end of one input where the share of cases
gains most for the weight lost; pasting gives back where that raises the share; covering looks for further boxes
among what is left over. Only the order of an input's values counts, not their distances.

Sources: Friedman & Fisher (1999), Statistics and Computing 9: 123-143 (the objective is their criterion 14.5, the
weights are ours); Bryant & Lempert (2010), Technological Forecasting and Social Change 77(1): 34-49 (coverage,
density and quasi-p-values).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Places = NDArray[np.int64]

PEEL = 0.05  # the part of a box that is taken away at once
PASTE = 0.05  # the part of what lies beside a box that is given back at once
LEAST = 0.05  # the least part of all weight that a box may hold
_ROUNDING = 1e-12
UPPER, LOWER = 0, 1


@dataclass(frozen=True, eq=False)
class Box:
    """Limits of the inputs, float64[inputs]: -inf and inf where there is none."""

    lower: Floats
    upper: Floats

    @property
    def limits(self) -> list[tuple[int, int]]:
        """(input, UPPER or LOWER) for each limit, in the order of the inputs, the lower one first."""
        sides = ((LOWER, np.isfinite(self.lower)), (UPPER, np.isfinite(self.upper)))
        return sorted(
            ((int(k), side) for side, limited in sides for k in np.flatnonzero(limited)), key=lambda x: (x[0], -x[1])
        )

    @property
    def dimensions(self) -> int:
        """How many inputs are limited."""
        return int(np.sum(np.isfinite(self.lower) | np.isfinite(self.upper)))

    def holds(self, inputs: Floats) -> Truths:
        """bool[draws]: which of float64[draws, inputs] lie in the box."""
        return np.asarray(((inputs >= self.lower) & (inputs <= self.upper)).all(axis=1))

    def moved(self, place: int, side: int, limit: float) -> Box:
        """The box with one limit put elsewhere."""
        lower, upper = self.lower.copy(), self.upper.copy()
        (upper if side == UPPER else lower)[place] = limit
        return Box(lower, upper)

    def without(self, place: int, side: int) -> Box:
        return self.moved(place, side, np.inf if side == UPPER else -np.inf)


def everything(inputs: int) -> Box:
    return Box(np.full(inputs, -np.inf), np.full(inputs, np.inf))


def trajectory(inputs: Floats, cases: Truths, weights: Floats, left: Truths) -> list[Box]:
    """The boxes met by peeling from everything, then by pasting.

    Args:
        inputs: float64[draws, inputs]; cases: bool[draws]; weights: float64[draws], at least 0.
        left: bool[draws], those that no earlier box has covered; a box holds at least `LEAST` of all weight.
    """
    return list(_Search(inputs, cases, weights, left).boxes())


class _Search:
    """Works on ranks, so that every step is the same for any increasing transformation of an input."""

    def __init__(self, inputs: Floats, cases: Truths, weights: Floats, left: Truths):
        kept = left & (weights > 0)
        self.least = LEAST * float(weights.sum())
        self.weights, self.cases = weights[kept], weights[kept] * cases[kept]
        columns = [np.unique(column, return_inverse=True) for column in inputs[kept].T]
        self.values = [values for values, _ in columns]
        self.ranks = np.stack([ranks.astype(np.float64) for _, ranks in columns], axis=1)
        order = np.argsort(self.ranks, axis=0, kind="stable")
        # What is peeled stands first: from the highest rank down, and from the lowest up.
        self.orders = {UPPER: order[::-1], LOWER: order}
        self.ties = {side: _tied(np.take_along_axis(self.ranks, o, axis=0)) for side, o in self.orders.items()}

    def boxes(self) -> Iterator[Box]:
        box = everything(self.ranks.shape[1])
        inside = np.ones(len(self.ranks), dtype=bool)
        yield box
        for step in (self.peeled, self.pasted):
            while (found := step(box, inside)) is not None:
                box = found
                inside = box.holds(self.ranks)
                yield self.in_values(box)

    def peeled(self, box: Box, inside: Truths) -> Box | None:
        """The best next box by peeling; None if it would be too small, or no better."""
        held, hit = self.weights * inside, self.cases * inside
        whole, hits = float(held.sum()), float(hit.sum())
        lost, lost_hits = np.empty((len(box.lower), 2)), np.empty((len(box.lower), 2))
        for side in (UPPER, LOWER):
            order, (begins, ends) = self.orders[side], self.ties[side]
            gone, gone_hits = np.cumsum(held[order], axis=0), np.cumsum(hit[order], axis=0)
            first = np.argmax(gone >= PEEL * whole * (1 - _ROUNDING), axis=0)[None, :]
            last = np.take_along_axis(ends, first, axis=0)
            # Where nothing would be left, all but the last value is peeled.
            empties = np.take_along_axis(gone, last, axis=0) >= whole * (1 - _ROUNDING)
            last = np.where(empties, np.take_along_axis(begins, first, axis=0) - 1, last)
            for sums, found in ((gone, lost), (gone_hits, lost_hits)):
                found[:, side] = np.where(last >= 0, np.take_along_axis(sums, np.maximum(last, 0), axis=0), 0.0)[0]
        place, side = self.best(box, whole, hits, -lost, -lost_hits)
        if place < 0 or whole - lost[place, side] < self.least * (1 - _ROUNDING):
            return None
        return box.moved(place, side, self.middle(inside, place, side, lost[place, side]))

    def middle(self, inside: Truths, place: int, side: int, lost: float) -> float:
        """The rank half-way between the last that is peeled and the first that stays."""
        order = self.orders[side][:, place]
        order = order[inside[order]]
        count = int(np.searchsorted(np.cumsum(self.weights[order]), lost * (1 - _ROUNDING))) + 1
        return float(self.ranks[order[count - 1], place] + self.ranks[order[count], place]) / 2

    def pasted(self, box: Box, inside: Truths) -> Box | None:
        """The best next box by pasting; None if none is better."""
        whole, hits = float(self.weights[inside].sum()), float(self.cases[inside].sum())
        gained, gained_hits = np.zeros((len(box.lower), 2)), np.zeros((len(box.lower), 2))
        wider = {}
        for place, side in box.limits:
            edge = (box.upper if side == UPPER else box.lower)[place]
            beside = box.without(place, side).holds(self.ranks)
            beside &= self.ranks[:, place] > edge if side == UPPER else self.ranks[:, place] < edge
            if beside.any():
                wider[place, side] = box.moved(place, side, self.near(beside, place, side))
                holds = wider[place, side].holds(self.ranks)
                gained[place, side] = self.weights[holds].sum() - whole
                gained_hits[place, side] = self.cases[holds].sum() - hits
        place, side = self.best(box, whole, hits, gained, gained_hits)
        return wider[place, side] if place >= 0 else None

    def near(self, beside: Truths, place: int, side: int) -> float:
        """The rank up to which the nearest part of what lies beside a box is given back."""
        order = self.orders[1 - side][:, place]  # the nearest first
        order = order[beside[order]]
        gained = np.cumsum(self.weights[order])
        count = int(np.searchsorted(gained, PASTE * gained[-1] * (1 - _ROUNDING)))
        last = self.ranks[order[count], place]
        ranks = self.ranks[order, place]
        beyond = ranks[ranks > last] if side == UPPER else ranks[ranks < last]
        return float(last + beyond[0]) / 2 if len(beyond) else float(last)

    def best(self, box: Box, whole: float, hits: float, weight: Floats, cases: Floats) -> tuple[int, int]:
        """The (input, side) at which the share of cases gains most for the weight that comes or goes; (-1, -1) if none.

        Args:
            weight, cases: float64[inputs, sides], what would come (above 0) or go (below 0).
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = ((hits + cases) / (whole + weight) - hits / whole) / np.abs(weight)
        gain = np.where(np.abs(weight) > _ROUNDING * whole, gain, 0.0)
        top = float(gain.max(initial=0.0))
        if top <= _ROUNDING / whole:
            return -1, -1
        # Among equals, an input that is limited already; then the first.
        limited = np.isfinite(box.lower) | np.isfinite(box.upper)
        equal = gain >= top * (1 - _ROUNDING)
        preferred = equal & limited[:, None]
        place, side = np.argwhere(preferred if preferred.any() else equal)[0]
        return int(place), int(side)

    def in_values(self, box: Box) -> Box:
        """The box with its limits half-way between the values next to them."""
        lower, upper = box.lower.copy(), box.upper.copy()
        for place, side in box.limits:
            values = self.values[place]
            if side == LOWER:
                inner = int(np.ceil(lower[place]))
                lower[place] = (values[inner - 1] + values[inner]) / 2 if inner else -np.inf
            else:
                inner = int(np.floor(upper[place]))
                upper[place] = (values[inner] + values[inner + 1]) / 2 if inner + 1 < len(values) else np.inf
        return Box(lower, upper)


def _tied(ranks: Floats) -> tuple[Places, Places]:
    """int[draws, inputs] each: where the run of equal ranks around each place begins and ends, ranks in order."""
    rows = np.arange(len(ranks))[:, None]
    new = np.ones(ranks.shape, dtype=bool)
    new[1:] = ranks[1:] != ranks[:-1]
    begins = np.maximum.accumulate(np.where(new, rows, 0), axis=0)
    old = np.ones(ranks.shape, dtype=bool)
    old[:-1] = new[1:]
    ends = np.minimum.accumulate(np.where(old, rows, len(ranks))[::-1], axis=0)[::-1]
    return begins, ends
