"""Lines through the worlds: one quantity moved through its range, and where the answer changes on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.answers import Floats
from foederis.analysis.asking import Threshold, pick_uncertain
from foederis.analysis.chance import effective_size
from foederis.analysis.lab import Laboratory
from foederis.analysis.rounding import difference, is_rounding
from foederis.analysis.scan import NONE, Labels, brackets, refine
from foederis.analysis.solving import Progress
from foederis.diagnostics import CaseError, Diagnostic
from foederis.language.case import Case
from foederis.language.normal import normal_share
from foederis.language.sampling import quantities_with

POINTS = 17  # on each line, evenly in normal scores between the ends of the middle 90 %
MEAN_POINTS = 9
MAP_POINTS = 13
RESAMPLES = 400
FEWEST_COUNTED = 8  # worlds that must count for a mean over them, if anything is observed
_END = 1.6448536269514722  # the normal score of 95 %


@dataclass(frozen=True)
class Crossing:
    """Where something changes: at `value` of the quantity, upwards on its line from `before` to `after`.

    For a question `before` and `after` are "below" and "above" the threshold; for a move they are options. `share` is
    the quantity's own probability of lying below the value. Of a choice, which has no values in between, `value` is the
    first at which it has changed, and `last` the one before it; `last` is None for other quantities.
    """

    value: float
    share: float
    before: str
    after: str
    last: float | None = None


@dataclass(frozen=True)
class Averaged:
    """A line averaged over draws: everything but the quantity differs from world to world.

    Attributes:
        values: float64[points]; answers: float64[points] for a question, float64[points, options] for a move.
        left_out: int64[points], how many draws have no answer at each value; the mean is over the others.
        crossings: by linear interpolation; bands: for each the middle 90 % over resamples of the draws, or nan where
            fewer than half of the resamples have such a crossing.
    """

    values: Floats
    answers: Floats
    left_out: NDArray[np.int64]
    crossings: tuple[Crossing, ...]
    bands: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Line:
    """A quantity moved through its range, all others at their medians; see Averaged."""

    quantity: str
    unit: str
    median: float
    values: Floats
    answers: Floats
    crossings: tuple[Crossing, ...]
    averaged: Averaged | None = None

    @property
    def spread(self) -> float:
        """How much the answer, or the share of an option, differs at most along the line."""
        known = self.answers[answered(self.answers)]
        spread = float(np.max(np.ptp(known, axis=0), initial=0.0)) if len(known) else 0.0
        return 0.0 if is_rounding(spread, float(np.max(np.abs(known), initial=0.0))) else spread

    @property
    def unanswered(self) -> int:
        """At how many of its values there is no answer."""
        return int(np.sum(~answered(self.answers)))


@dataclass(frozen=True)
class TwoWay:
    """Two quantities moved together: answers float64[first, second] for a question, labels by option for a move."""

    first: str
    second: str
    first_values: Floats
    second_values: Floats
    answers: Floats
    labels: Labels


class Bench:
    """One case laid out, asked for labels and answers: 1 above the threshold and 0 below, or the likeliest option."""

    def __init__(
        self, case: Case, threshold: Threshold | None, turn: str | None, max_states: int, progress: Progress | None
    ):
        self.threshold, self.turn = threshold, turn
        asked = [threshold.question] if threshold else []
        self.lab = Laboratory(case, asked, max_states=max_states, progress=progress)
        self.case = case
        places = [name for found in case.turns if found.name == turn for name in sorted(found.options)]
        self.options = tuple(places)

    def answers(self, worlds: Mapping[str, Floats], count: int, what: str) -> Floats:
        """float64[worlds], or float64[worlds, options] for a move: its probability once the actor decides; nan where
        there is no answer."""
        return self.weighed(worlds, count, what)[0]

    def weighed(self, worlds: Mapping[str, Floats], count: int, what: str) -> tuple[Floats, Floats]:
        """The answers; and the logarithm of how likely what was observed is in each world, float64[worlds]."""
        found = self.lab.solve(worlds, count, what)
        if self.threshold:
            return np.asarray(found.baseline.questions[self.threshold.question]), found.baseline.evidence
        assert self.turn is not None
        taken = found.first_moves[self.turn]
        asked = taken.sum(axis=1, keepdims=True)
        shares = np.divide(taken, asked, out=np.full_like(taken, np.nan), where=asked > 0)
        return shares, found.baseline.evidence

    def labels(self, answers: Floats) -> Labels:
        if self.threshold:
            ahead = difference(answers, np.full_like(answers, self.threshold.value))
            # Where a value counts as reached when it is met, it is above there.
            above = ahead >= 0 if self.threshold.sign in (">=", "<") else ahead > 0
            return np.where(np.isfinite(answers), above.astype(np.int64), NONE)
        known = np.asarray(np.isfinite(answers).all(axis=-1))
        shares = np.where(known[..., None], answers, 0.0)
        # Of options that are equally likely but for rounding, the first.
        likeliest = is_rounding(shares.max(axis=-1, keepdims=True) - shares)
        return np.where(known, np.argmax(likeliest, axis=-1), NONE)

    def named(self, label: int) -> str:
        return self.options[label] if self.options else ("below", "above")[label]

    def at_medians(self, parts: Sequence[tuple[str, Floats]], what: str) -> list[Floats]:
        """The answers where each quantity in turn has each of its values, the others at their medians."""
        total = sum(len(values) for _, values in parts)
        lanes: dict[str, Floats] = {}
        place = 0
        for name, values in parts:
            lanes.setdefault(name, np.full(total, self.case.distribution(name).median))[place : place + len(values)] = (
                values
            )
            place += len(values)
        found = self.answers(quantities_with(self.case, lanes, total), total, what)
        return np.split(found, np.cumsum([len(values) for _, values in parts])[:-1])


def answered(answers: Floats) -> NDArray[np.bool_]:
    """bool[points]: where there is an answer, float64[points], or one for every option, float64[points, options]."""
    return np.asarray(np.isfinite(answers).reshape(len(answers), -1).all(axis=1))


def _grid(case: Case, name: str, points: int) -> Floats:
    """The values of a line: those of a choice, or so many."""
    spread = case.distribution(name)
    return np.array(spread.support) if spread.support else spread.quantile(normal_share(_scores(points)))


def _scores(points: int) -> Floats:
    return np.linspace(-_END, _END, points)


def lines_at_medians(bench: Bench, names: Sequence[str]) -> list[Line]:
    """A line for each quantity, its crossings refined for all together."""
    case = bench.case
    grids = [_grid(case, name, POINTS) for name in names]
    found = bench.at_medians(list(zip(names, grids, strict=True)), "medians")
    rough = [
        b
        for place, (grid, part) in enumerate(zip(grids, found, strict=True))
        for b in brackets(place, grid, bench.labels(part))
    ]

    def label(parts: Sequence[tuple[int, Floats]]) -> list[Labels]:
        return [bench.labels(part) for part in bench.at_medians([(names[line], v) for line, v in parts], "crossings")]

    fixed = [bracket for bracket in rough if case.distribution(names[bracket.line]).support]
    sharp = [*fixed, *refine([bracket for bracket in rough if bracket not in fixed], label)]
    lines = []
    for place, (name, grid, part) in enumerate(zip(names, grids, found, strict=True)):
        quantity = case.quantities[name]
        mine = [bracket for bracket in sharp if bracket.line == place]
        changes = [(_between(case, name, b.low, b.high, 0.5), b.before, b.after) for b in mine]
        crossings = tuple(_crossing(bench, name, change) for change in changes)
        lines.append(Line(name, quantity.unit, case.distribution(name).median, grid, part, crossings))
    return lines


Change = tuple[float, int, int]


def _between(case: Case, name: str, low: float, high: float, share: float) -> float:
    """The value at a share of the way between two neighbours at which something changes; of a choice, the upper one."""
    return high if case.distribution(name).support else low + share * (high - low)


def _crossing(bench: Bench, name: str, change: Change) -> Crossing:
    value, before, after = change
    spread, last = bench.case.distribution(name), None
    if spread.support:
        share, last = spread.share_below(value), max(other for other in spread.support if other < value)
    else:
        shares = normal_share(_scores(513))
        share = float(np.interp(value, spread.quantile(shares), shares))
    return Crossing(value, share, bench.named(before), bench.named(after), last)


def averaged_line(bench: Bench, line: Line, drawn: Mapping[str, Floats], draws: int, seed: int) -> Averaged:
    """The line once more, as a mean over the worlds that were drawn, {quantity: float64[draws]}."""
    case, name = bench.case, line.quantity
    values = _grid(case, name, MEAN_POINTS)
    total = draws * len(values)
    own = {other: np.tile(drawn[other], len(values)) for other in pick_uncertain(case)}
    own[name] = np.repeat(values, draws)
    found, evidence = bench.weighed(case.evaluate_quantities(own, total), total, f"mean over {name}")
    table = found.reshape(len(values), draws, *found.shape[1:])
    weights = counted(case, evidence.reshape(len(values), draws))
    means = mean_known(table, 1, weights)
    crossings = _crossings_of(bench, name, values, means)
    random = np.random.default_rng([seed, 7])
    samples = []
    for _ in range(RESAMPLES):
        some = random.integers(0, draws, draws)
        samples.append(_crossings_of(bench, name, values, mean_known(table[:, some], 1, weights[:, some])))
    separate = bool(case.distribution(name).support)
    bands = tuple(crossing_band(crossing, samples, separate=separate) for crossing in crossings)
    left_out = (~answered(found)).reshape(len(values), draws).sum(axis=1)
    return Averaged(values, means, left_out, tuple(_crossing(bench, name, change) for change in crossings), bands)


def counted(case: Case, evidence: Floats) -> Floats:
    """How much each world counts beside the others of its row, from float64[rows, worlds], as `Bench.weighed` tells.

    Raises:
        CaseError: F336 if in some row too few count to take their mean.
    """
    top = evidence.max(axis=1, keepdims=True)
    weights = np.exp(evidence - np.where(np.isfinite(top), top, 0.0))
    least = min(effective_size(row) for row in weights)
    if least < min(FEWEST_COUNTED, evidence.shape[1]):
        message = f"given what is observed, {evidence.shape[1]} worlds count as {least:.0f} only, too few for a mean"
        raise CaseError([Diagnostic("F336", message, help="take more draws")], case.text, case.filename)
    return np.asarray(weights)


def mean_known(table: Floats, axis: int, weights: Floats | None = None) -> Floats:
    """The mean over an axis of what is known; nan where nothing is. `weights` has the first axes of the table."""
    known = np.isfinite(table) * (1.0 if weights is None else _alike(weights, table))
    count = known.sum(axis=axis)
    total = (np.where(np.isfinite(table), table, 0.0) * known).sum(axis=axis)
    return np.divide(total, count, out=np.full(np.shape(total), np.nan), where=count > 0)


def _alike(weights: Floats, table: Floats) -> Floats:
    return weights.reshape(*weights.shape, *[1] * (table.ndim - weights.ndim))


def _crossings_of(bench: Bench, name: str, values: Floats, means: Floats) -> list[Change]:
    """Where the label changes between two points, by linear interpolation of the answers."""
    found = []
    for bracket in brackets(0, values, bench.labels(means)):
        place = int(np.searchsorted(values, bracket.low, side="right")) - 1  # the last of equal values
        if bench.threshold:
            ahead = means[place : place + 2] - bench.threshold.value
        else:
            ahead = means[place : place + 2, bracket.after] - means[place : place + 2, bracket.before]
        share = ahead[0] / (ahead[0] - ahead[1]) if ahead[0] != ahead[1] else 0.5
        value = _between(bench.case, name, bracket.low, bracket.high, float(np.clip(share, 0, 1)))
        found.append((value, bracket.before, bracket.after))
    return found


def crossing_band(
    crossing: Change, samples: Sequence[Sequence[Change]], *, separate: bool = False
) -> tuple[float, float]:
    """The middle 90 % of the nearest crossings of the same kind in each resample; with ends among them, if the values
    are separate."""
    value, *kind = crossing
    near = [
        min((c[0] for c in sample if list(c[1:]) == kind), key=lambda v: abs(v - value), default=np.nan)
        for sample in samples
    ]
    known = np.array(near)[np.isfinite(near)]
    if 2 * len(known) < len(samples):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.05, 0.95], method="nearest" if separate else "linear")
    return float(low), float(high)


def two_way_map(bench: Bench, first: str, second: str) -> TwoWay:
    case = bench.case
    one, two = _grid(case, first, MAP_POINTS), _grid(case, second, MAP_POINTS)
    shape = (len(one), len(two))
    lanes = {first: np.repeat(one, shape[1]), second: np.tile(two, shape[0])}
    found = bench.answers(quantities_with(case, lanes, len(one) * len(two)), len(one) * len(two), "map")
    return TwoWay(first, second, one, two, found.reshape(*shape, *found.shape[1:]), bench.labels(found).reshape(shape))
