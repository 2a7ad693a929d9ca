"""How like each other two situations are in which one state may come to another's help, by what was known before.

Source: Gower (1971), A general coefficient of similarity and some of its properties, Biometrics 27(4): 857-871.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foederis.history.datasets import load
from foederis.history.datasets.alliances import OBLIGATIONS

if TYPE_CHECKING:
    from pandas import DataFrame as Frame

Floats = NDArray[np.float64]

CENTURY = 100  # years; further apart counts no more
LOOK_BACK = 5  # years that a yearly figure may be old
LAND = 1
LIST_END = date(2016, 12, 31)  # of COW's lists of majors and neighbours: no end
NEEDED = 5  # kinds that must be known on both sides, of KINDS

# What is compared, each kind with the same weight and each of its features with the same within the kind.
KINDS: dict[str, tuple[str, ...]] = {
    "promise": tuple(OBLIGATIONS),
    "size": ("multilateral",),
    "powers": ("helper_major", "opponent_major"),
    "balance": ("share_alone", "share_helped"),
    "neighbours": ("borders_helped", "borders_opponent"),
    "regimes": ("helper_democracy", "helped_democracy"),
    "age": ("age",),
    "era": ("year_of_day",),
}


def features(situations: Frame) -> Frame:
    """What was known of each situation the day before, as numbers; truths are 0 and 1, missing is nan.

    Args:
        situations: helper, helped, opponent (COW codes), day, multilateral and since (which may be missing), and a
            truth for each obligation owed.
    Returns:
        The same rows with `helper_major` and `opponent_major`; `share_alone`, the helped state's share of its and its
        opponent's capabilities together (CINC), and `share_helped`, the share with the helper's added; whether the
        helper `borders_helped` and `borders_opponent` on land; `helper_democracy` and `helped_democracy` (V-Dem's
        electoral democracy); `age` of the oldest pact in years; `year_of_day`. Yearly figures are those of the year
        before, or the last before it within LOOK_BACK years; where the dataset ends earlier, of its last years.
    """
    power, democracy = yearly("nmc-6", "cinc"), yearly("democracy", "polyarchy")
    major, neighbours = _majors(), _neighbours()
    made: dict[str, list[float]] = defaultdict(list)
    for row in situations.itertuples():
        day: Any = row.day - timedelta(days=1)
        year = int(day.year)
        helper, helped, opponent = (power(state, year) for state in (row.helper, row.helped, row.opponent))
        found = {
            "helper_major": major(row.helper, day),
            "opponent_major": major(row.opponent, day),
            "share_alone": helped / (helped + opponent) if helped + opponent else math.nan,
            "share_helped": (helped + helper) / (helped + helper + opponent) if helped + opponent else math.nan,
            "borders_helped": neighbours(row.helper, row.helped, day),
            "borders_opponent": neighbours(row.helper, row.opponent, day),
            "helper_democracy": democracy(row.helper, year),
            "helped_democracy": democracy(row.helped, year),
            "age": _years(row.since, day),
            "year_of_day": float(year),
        }
        for name, value in found.items():
            made[name].append(float(value))
    return situations.assign(**{name: np.array(values, dtype=float) for name, values in made.items()})


def likeness(case: Frame, past: Frame) -> tuple[Floats, Floats]:
    """How like a case each past situation is.

    Args:
        case: of `features`, one row; past: of `features`.
    Returns:
        float64[past], from 0 to 1: 1 less the mean difference over the kinds that are known on both sides, nan where
        fewer than NEEDED are; float64[past, kinds], the difference in each kind of KINDS, from 0 to 1, or nan.
    Differences: of a promise the share of the obligations owed on either side that are not owed on both (Jaccard); of
        truths whether they differ; of shares and scores the plain difference; of ages that of the logarithms of one
        year more, where 0 and a CENTURY differ by 1; of years their part of a CENTURY, at most 1.
    """
    one = {name: float(case[name].astype(float).iloc[0]) for name in _numbers()}
    many = {name: past[name].to_numpy(dtype=float, na_value=np.nan) for name in _numbers()}
    kinds = []
    for kind, names in KINDS.items():
        if kind == "promise":
            kinds.append(_jaccard(np.array([one[name] for name in names]), np.stack([many[name] for name in names], 1)))
            continue
        parts = [_DIFFERENCE.get(name, _plain)(one[name], many[name]) for name in names]
        kinds.append(np.mean(parts, axis=0))
    differences = np.stack(kinds, axis=1)
    known = np.isfinite(differences)
    total = np.where(known, differences, 0).sum(axis=1)
    count = known.sum(axis=1)
    return np.where(count >= NEEDED, 1 - total / np.maximum(count, 1), np.nan), differences


def _numbers() -> Iterator[str]:
    return (name for names in KINDS.values() for name in names)


def _jaccard(one: Floats, many: Floats) -> Floats:
    either, both = np.maximum(one, many).sum(axis=1), np.minimum(one, many).sum(axis=1)
    return np.where(either > 0, 1 - both / np.maximum(either, 1), 0.0)


def _plain(one: float, many: Floats) -> Floats:
    return np.abs(many - one)


def _ages(one: float, many: Floats) -> Floats:
    return np.minimum(np.abs(np.log1p(many) - np.log1p(one)) / np.log1p(CENTURY), 1)


def _eras(one: float, many: Floats) -> Floats:
    return np.minimum(np.abs(many - one) / CENTURY, 1)


_DIFFERENCE: dict[str, Callable[[float, Floats], Floats]] = {"age": _ages, "year_of_day": _eras}


def _years(since: Any, day: Any) -> float:
    """Years from one day to another; nan if the first is missing."""
    return max(0.0, (day - since).days / 365.25) if since == since else math.nan


def yearly(dataset: str, column: str) -> Callable[[int, int], float]:
    """The figure of a state in the year before a year, or the last one before that which is not too old; nan if there
    is none. Where the dataset ends earlier, of its last years."""
    frame = load(dataset)
    last = int(frame["year"].max())
    figures = {
        (int(state), int(year)): float(value)
        for state, year, value in frame[["state", "year", column]].dropna().itertuples(index=False)
    }

    def figure(state: int, year: int) -> float:
        newest = min(year - 1, last)
        years = range(newest, newest - LOOK_BACK - 1, -1)
        return next((figures[state, past] for past in years if (state, past) in figures), math.nan)

    return figure


def _majors() -> Callable[[int, Any], bool]:
    spells = defaultdict(list)
    for spell in load("majors").itertuples():
        spells[spell.state].append((spell.start, spell.end))
    return lambda state, day: any(_holds(*spell, day) for spell in spells[state])


def _neighbours() -> Callable[[int, int, Any], bool]:
    spells = defaultdict(list)
    for spell in load("contiguity").itertuples():
        if spell.type == LAND:
            spells[spell.low, spell.high].append((spell.start, spell.end))
    return lambda one, other, day: any(_holds(*spell, day) for spell in spells[min(one, other), max(one, other)])


def _holds(start: Any, end: Any, day: Any) -> bool:
    return bool(start <= day and (day <= end or end.date() >= LIST_END))
