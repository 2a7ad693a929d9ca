"""What was known of an alliance when a war called on it, each piece with the day by which it was known."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foederis.history.backtest.questions import Day, Question, States, day, pact_starts
from foederis.history.datasets import load

Floats = NDArray[np.float64]
_DAY = np.timedelta64(1, "D")
_DEMOCRACY = 6  # of polity2, from which on a state counts as a democracy
_WATER = 4  # contiguity by land or across up to 150 miles of water
_LEAST = 1e-5  # of the world's capabilities: what a state without data counts, about a microstate's

PREDICTORS = {
    "settled": "the coding leaves no verdict but broken: hostile, or only_peace",
    "together": "a pact of help, and all members already fight on one side",
    "only_peace": "the pact promises not to attack, and no help and no neutrality",
    "defense": "promises to defend",
    "offense": "promises to help in an attack",
    "neutrality": "promises not to help an enemy",
    "nonaggression": "promises not to attack",
    "conditional": "obligations hold under conditions only",
    "asymmetric": "members promise different things",
    "military": "military institutions in peace, 0 to 2",
    "wartime": "the pact was made in the war itself",
    "members": "logarithm of the number of members",
    "age": "logarithm of one and the years since the pact began",
    "hostile": "members fight on both sides on the day",
    "drawn": "no member is fighting on the day",
    "joined": "share of members that are fighting on the day",
    "began": "a member fights on the side that began the war",
    "balance": "capabilities of members that fight, of theirs and their opponents'",
    "difference": "by how much all other members would raise that share",
    "opponent": "opponents' share of the world's capabilities",
    "major": "a member that is not fighting is a major power",
    "contiguous": "a member that is not fighting borders on a state that is",
    "shared_rival": "a member that is not fighting has a rivalry with an opponent",
    "rivals_inside": "two members are rivals of each other",
    "democracies": "share of members that are democracies",
    "power_change": "largest change of a member's capabilities since the pact began, as a logarithm",
    "regime_change": "largest change of a member's polity since the pact began, of 20",
}


class Known(NamedTuple):
    """A value, and the day by which it was known."""

    value: float
    on: Day


class _Member(NamedTuple):
    state: int
    start: Day
    end: Day
    phase: int
    terms: tuple[bool, ...]
    phase_start: Day


_TERMS = ("defense", "offense", "neutrality", "nonaggression", "conditional", "asymmetric")


@dataclass(frozen=True)
class _World:
    """Lookups of what the files say."""

    members: dict[int, list[_Member]]
    military: dict[tuple[int, int], float]
    cinc: dict[tuple[int, int], float]
    polity: dict[tuple[int, int], float]
    majors: tuple[tuple[int, Day, Day], ...]
    neighbours: dict[tuple[int, int], list[tuple[Day, Day]]]
    rivalries: dict[frozenset[int], list[tuple[int, int]]]


@cache
def _world() -> _World:
    phases = {(int(row.alliance), int(row.phase)): day(row.start) for row in load("atop-phases").itertuples()}
    members = defaultdict(list)
    for row in load("atop-members").itertuples():
        key = (int(row.alliance), int(row.phase))
        terms = tuple(bool(getattr(row, name)) for name in _TERMS)
        begun = phases.get(key, day(row.start))
        members[key[0]].append(_Member(int(row.state), day(row.start), day(row.end), key[1], terms, begun))
    neighbours = defaultdict(list)
    for row in load("contiguity").itertuples():
        if row.type <= _WATER:
            neighbours[int(row.low), int(row.high)].append((day(row.start), day(row.end)))
    rivalries = defaultdict(list)
    for row in load("rivalries").itertuples():
        rivalries[frozenset((int(row.state), int(row.rival)))].append((int(row.start), int(row.end)))
    return _World(
        members=dict(members),
        military=_table("atop-institutions", ("alliance", "phase"), "military"),
        cinc=_table("nmc-6", ("state", "year"), "cinc"),
        polity=_table("democracy", ("state", "year"), "polity2"),
        majors=tuple((int(row.state), day(row.start), day(row.end)) for row in load("majors").itertuples()),
        neighbours=dict(neighbours),
        rivalries=dict(rivalries),
    )


def _table(name: str, keys: tuple[str, str], value: str) -> dict[tuple[int, int], float]:
    frame = load(name).dropna(subset=[*keys, value])
    first, second, values = (frame[column] for column in (*keys, value))
    return {(int(a), int(b)): float(v) for a, b, v in zip(first, second, values, strict=True)}


def year_of(on: Day) -> int:
    return int(str(on)[:4])


def known(question: Question) -> dict[str, Known]:
    """Every predictor of a question, by name, in the order of PREDICTORS.

    Raises:
        DataError: a file is missing.
    """
    asked, before = question.asked, question.asked - _DAY
    last_year = year_of(asked) - 1
    year_end = Day(f"{last_year}-12-31", "D")
    there = _in_force(question.alliance, asked)
    states = frozenset(member.state for member in there)
    side = _side(question, states)
    opponents = question.sides[1 - side]
    inside = states & question.sides[side]
    outside = states - question.sides[0] - question.sides[1]
    began = pact_starts()[question.alliance]
    terms = _terms(question.alliance, there)
    told = max(member.phase_start for member in there)
    fights = bool(inside)
    line_up = {
        "hostile": bool(states & question.sides[0]) and bool(states & question.sides[1]),
        "drawn": not fights,
        "joined": len(inside) / len(states),
        "began": fights and side == 0,
    }
    power = {**_balance(inside, outside, opponents, last_year), **_changes(states, year_of(began), last_year)}
    power["democracies"] = sum(_world().polity.get((s, last_year), 0.0) >= _DEMOCRACY for s in states) / len(states)
    rivals = {
        "shared_rival": any_rivals(outside, opponents, last_year),
        "rivals_inside": any_rivals(states, states, last_year),
    }
    ties = {
        "major": any(is_major(state, before) for state in outside),
        "contiguous": _any_neighbours(outside, question.sides[0] | question.sides[1], before),
    }
    years = (asked - began) / (365.2425 * _DAY)
    found = {name: Known(value, told) for name, value in terms.items()}
    # What the day itself decides is known by then; a pact for peace alone is a case only where it was broken.
    settled = bool(terms["only_peace"]) or line_up["hostile"]
    found["settled"] = Known(float(settled), asked)
    helps = bool(terms["defense"] or terms["offense"])
    found["together"] = Known(float(helps and inside == states), asked)
    found["wartime"] = Known(float(question.wartime), began)
    # Of a pact that is made on this very day its members are part of the question, as its terms are.
    found["members"] = Known(math.log(len(states)), began if question.wartime else before)
    found["age"] = Known(math.log1p(max(years, 0.0)), began)
    found |= {name: Known(float(value), asked) for name, value in line_up.items()}
    found |= {name: Known(float(value), year_end) for name, value in {**power, **rivals}.items()}
    found |= {name: Known(float(value), before) for name, value in ties.items()}
    return {name: found[name] for name in PREDICTORS}


def matrix(asked: Sequence[Question], names: Sequence[str]) -> Floats:
    """float64[questions, names]"""
    rows = [known(question) for question in asked]
    return np.array([[row[name].value for name in names] for row in rows]).reshape(len(rows), len(names))


def _in_force(alliance: int, on: Day) -> list[_Member]:
    """The members on a day; a pact that ends on that day is still one. Of members with two rows the later phase."""
    found = {member.state: member for member in _world().members[alliance] if member.start <= on <= member.end}
    return list(found.values())


def _terms(alliance: int, there: list[_Member]) -> dict[str, float]:
    promised = dict(zip(_TERMS, (any(m.terms[k] for m in there) for k in range(len(_TERMS))), strict=True))
    helps = promised["defense"] or promised["offense"] or promised["neutrality"]
    military = max(_world().military.get((alliance, member.phase), 0.0) for member in there)
    only = promised["nonaggression"] and not helps
    return {"only_peace": float(only), "military": military, **{k: float(v) for k, v in promised.items()}}


def _side(question: Question, states: States) -> int:
    """The side whose ally is looked at: where more members fight, and of equals the one that was attacked."""
    first, second = (len(states & side) for side in question.sides)
    return 0 if first > second else 1


def power_of(states: Iterable[int], year: int) -> float:
    return sum(_world().cinc.get((state, year), _LEAST) for state in states)


def _balance(inside: States, outside: States, opponents: States, year: int) -> dict[str, float]:
    """Shares of power; where no member fights nobody knows against whom, and they are even."""
    if not inside:
        return {"balance": 0.5, "difference": 0.0, "opponent": 0.0}
    own, others, against = (power_of(states, year) for states in (inside, outside, opponents))
    balance = own / max(own + against, _LEAST)
    helped = (own + others) / max(own + others + against, _LEAST)
    return {"balance": balance, "difference": helped - balance, "opponent": against}


def _changes(states: States, then: int, now: int) -> dict[str, float]:
    """The largest changes since a pact began; before its first full year is over there are none."""
    world, then = _world(), max(then, 1816)
    if now <= then:
        return {"power_change": 0.0, "regime_change": 0.0}
    power, regime = [0.0], [0.0]
    for state in states:
        old, new = world.cinc.get((state, then)), world.cinc.get((state, now))
        if old and new:
            power.append(abs(math.log(new / old)))
        before, after = world.polity.get((state, then)), world.polity.get((state, now))
        if before is not None and after is not None:
            regime.append(abs(after - before) / 20)
    return {"power_change": max(power), "regime_change": max(regime)}


def is_major(state: int, on: Day) -> bool:
    return any(who == state and start <= on <= end for who, start, end in _world().majors)


def _any_neighbours(some: States, others: States, on: Day) -> bool:
    spells = _world().neighbours
    pairs = ((min(a, b), max(a, b)) for a in some for b in others if a != b)
    return any(start <= on <= end for pair in pairs for start, end in spells.get(pair, ()))


def any_rivals(some: States, others: States, year: int) -> bool:
    """Whether a rivalry was going on in a year: it had begun, and had not ended by its end."""
    spells = _world().rivalries
    pairs = {frozenset((a, b)) for a in some for b in others if a != b}
    return any(start <= year < end or start == year for pair in pairs for start, end in spells.get(pair, ()))
