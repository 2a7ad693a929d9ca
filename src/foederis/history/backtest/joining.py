"""A control: who joins a war at all. Nothing simple foretells that out of time, and a back-test ought to show it.

A case is a state and a war between states of the Correlates of War: a state of the system that is not in the war on its
first day, and that is a major power, borders on a state that is (on land or across up to 400 miles of water), or is in
a pact of defense or offense with one. It joins if it is in the war on a later day, on either side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import rankdata

from foederis.history.backtest.baselines import logit
from foederis.history.backtest.predictors import any_rivals, is_major, power_of, year_of
from foederis.history.backtest.questions import SPLIT_YEAR, Day, Spell, States, day, war_spells
from foederis.history.backtest.scores import brier, mean_by_war
from foederis.history.datasets import load
from foederis.history.estimate.pooled import PooledProblem
from foederis.history.intervals import Interval

Floats = NDArray[np.float64]
_DAY = np.timedelta64(1, "D")
_LAND, _HELD, _LEVEL = 1, 1.0, 5.0
_LEAST = 1e-6  # a ridge penalty that only keeps a plain logit finite
POOLED, PLAIN = "pooled logit", "plain logit"
PREDICTORS = ("major", "land", "water", "defense", "offense", "rival", "against_major", "power", "fighting")


@dataclass(frozen=True)
class Joining:
    """How well joining was foretold in one split by one model.

    Attributes:
        model: `pooled logit` or `plain logit`, which nothing holds near 0.
        cases, wars, joined: of those foretold.
        brier, base_rate: Brier scores of the model and of the share in what was learned; skill: 1 minus their ratio.
        gain: the base rate's Brier score minus the model's; gain_by_war: its 95 % interval, drawing whole wars.
        auc: how often a state that joined was held likelier than one that did not.
    """

    split: str
    model: str
    cases: int
    wars: int
    joined: int
    brier: float
    base_rate: float
    skill: float
    gain: float
    gain_by_war: Interval
    auc: float


@dataclass(frozen=True)
class Bystander:
    """A state that might join a war, with what was known of it the day before, and whether it joined."""

    war: int
    began: Day
    state: int
    values: tuple[float, ...]
    joined: bool


@cache
def bystanders() -> tuple[Bystander, ...]:
    """All of them, in the order of wars.

    Raises:
        DataError: a file is missing.
    """
    spells = sorted(war_spells().items(), key=lambda item: (min(spell.start for spell in item[1]), item[0]))
    return tuple(one for war, there in spells for one in _of_war(war, there))


def _of_war(war: int, there: tuple[Spell, ...]) -> Iterator[Bystander]:
    began = min(spell.start for spell in there)
    first = frozenset(spell.state for spell in there if spell.start == began)
    later = {spell.state for spell in there} - first
    before, year = began - _DAY, year_of(began) - 1
    fighting = power_of(first, year)
    against_major = float(any(is_major(state, before) for state in first))
    pacts = _pacts(first, began)
    for state in sorted(_system(began) - first):
        borders = [kind for other in first if (kind := _border(state, other, before))]
        border = min(borders) if borders else 0
        major = is_major(state, before)
        if not (major or border or state in pacts):
            continue
        promised = pacts.get(state, (False, False))
        values = (
            major, border == _LAND, border > _LAND, *promised, any_rivals(frozenset({state}), first, year),
            against_major, power_of({state}, year) * 10, fighting,
        )  # fmt: skip
        yield Bystander(war, began, state, tuple(map(float, values)), state in later)


@cache
def _states() -> tuple[tuple[int, Day, Day], ...]:
    return tuple((int(row.state), day(row.start), day(row.end)) for row in load("states").itertuples())


def _system(on: Day) -> States:
    return frozenset(state for state, start, end in _states() if start <= on <= end)


@cache
def _borders() -> dict[tuple[int, int], list[tuple[int, Day, Day]]]:
    found = defaultdict(list)
    for row in load("contiguity").itertuples():
        found[int(row.low), int(row.high)].append((int(row.type), day(row.start), day(row.end)))
    return dict(found)


def _border(state: int, other: int, on: Day) -> int:
    """1 on land, 2 to 5 across ever wider water, 0 if there is none."""
    spells = _borders().get((min(state, other), max(state, other)), ())
    return min((kind for kind, start, end in spells if start <= on <= end), default=0)


@cache
def _members() -> dict[int, list[tuple[int, Day, Day, bool, bool]]]:
    found = defaultdict(list)
    rows = load("atop-members")
    for row in rows[rows["defense"] | rows["offense"]].itertuples():
        found[int(row.alliance)].append(
            (int(row.state), day(row.start), day(row.end), bool(row.defense), bool(row.offense))
        )
    return dict(found)


def _pacts(first: States, on: Day) -> dict[int, tuple[bool, bool]]:
    """Of each state in a pact with one that fights, made before that day: whether of defense, and of offense."""
    found: dict[int, tuple[bool, bool]] = {}
    for members in _members().values():
        there = [(state, defense, offense) for state, start, end, defense, offense in members if start < on <= end]
        if first & {state for state, _, _ in there}:
            for state, defense, offense in there:
                old = found.get(state, (False, False))
                found[state] = (old[0] or defense, old[1] or offense)
    return found


def joining(*, seed: int = 0) -> tuple[Joining, ...]:
    """Learned to 1944 and foretold from 1945; and each war from 1945 on from the wars before it; by each model."""
    cases = bystanders()
    values = np.array([case.values for case in cases])
    design = np.column_stack([np.ones(len(cases)), values])
    came = np.array([case.joined for case in cases])
    wars = list(dict.fromkeys(case.war for case in cases))
    group = np.array([wars.index(case.war) for case in cases])
    began = np.array([next(case.began for case in cases if case.war == war) for war in wars])
    held = np.append(_LEVEL, np.full(values.shape[1], _HELD))
    problem = PooledProblem(design, came, group, held)
    late = began >= Day(f"{SPLIT_YEAR}-01-01", "D")
    once = [(~late, late)]
    again = [(began < began[k], np.arange(len(wars)) == k) for k in np.flatnonzero(late)]
    found = []
    for name, folds in (("to 1944, then from 1945", once), ("expanding window from 1945", again)):
        told = [_foretell(problem, design, came, group, *fold) for fold in folds]
        which, pooled, plain, share = (np.concatenate(part) for part in zip(*told, strict=True))
        for model, foretold in ((POOLED, pooled), (PLAIN, plain)):
            found.append(_score(name, model, foretold, share, came[which].astype(float), group[which], seed))
    return tuple(found)


def _foretell(
    problem: PooledProblem, design: Floats, came: NDArray[np.bool_], group: NDArray[np.int64],
    learned: NDArray[np.bool_], foretold: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], Floats, Floats, Floats]:  # fmt: skip
    """The cases, what both models say of them, and the share in what was learned."""
    there = np.flatnonzero(foretold[group])
    known = learned[group]
    pooled = problem.fit(learned.astype(np.float64)).predict(design)[there]
    plain = expit(design[there] @ logit(design[known], came[known].astype(np.float64), _LEAST))
    return there, pooled, plain, np.full(len(there), came[known].mean())


def _score(
    split: str, model: str, foretold: Floats, share: Floats, came: Floats, wars: NDArray[np.int64], seed: int
) -> Joining:
    ours, base = brier(foretold, came), brier(share, came)
    gain = base - ours
    return Joining(
        split, model, len(came), len(set(wars.tolist())), int(came.sum()), float(ours.mean()), float(base.mean()),
        float(1 - ours.mean() / base.mean()), float(gain.mean()), mean_by_war(gain, wars.tolist(), seed=seed),
        area(foretold, came),
    )  # fmt: skip


def area(foretold: Floats, came: Floats) -> float:
    """The area under the ROC curve: how often one that came true was held likelier than one that did not; ties half.

    Source: Hanley & McNeil (1982), Radiology 143(1): 29-36.
    """
    ranks, true = rankdata(foretold), came > 0
    hits, misses = int(true.sum()), int((~true).sum())
    if not hits or not misses:
        return float("nan")
    return float((ranks[true].sum() - hits * (hits + 1) / 2) / (hits * misses))
