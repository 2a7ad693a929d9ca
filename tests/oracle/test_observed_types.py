"""Observations where somebody has private types: held against every type and every public history written out, each
counted as it agrees with what was seen."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.solving import plan_of
from foederis.game.compile import compile_game
from foederis.language.case import Case
from foederis.language.news import add_observed
from foederis.solve.results import Solution
from tests.depth import tries

from .test_types import CASES, only_equilibrium, solve
from .typed_cases import random_case
from .typed_tree import Path, TypedTree

Seen = dict[str, Any]
TRIES = tries(2, 4)  # observed courses of play for each case
IMPOSED = "whatifs:\n  imposed: {imposed: [{step: 0, turn_b: hold}]}\n"


# One side has a secret and is asked twice; the other answers each time.
TWICE = """
foederis: 1
title: Asked twice
clock: {step: 1 day, steps: 2}
actors:
  a: {rationality: 1, patience: 0.9, types: {hard: 40%, soft: 60%}}
  b: {rationality: 0.8}
state: {last: [none, push, wait], answer: [none, pay, refuse], tired: 0..2}
moves:
  - {actor: a, name: turn_a, chance: 90%, options: {push: {sets: {last: push}, pays: {a: -0.5 if type == hard else -1.5}},
     wait: {sets: {last: wait}}}}
  - {actor: b, name: turn_b, options: {hold: {sets: {answer: pay, tired: tired + 1}, pays: {a: 1, b: -0.7}},
     refuse: {sets: {answer: refuse}}}}
interests:
  a: {calm: {worth: 1 if type == soft else 0.2, when: last == wait}}
  b: {hurt: {worth: -2 if a.type == hard else -0.3, when: last == push and answer == refuse}}
questions:
  pushed: {eventually: last == push}
  paid: {at_end: answer == pay}
  early: {at_end: answer == pay, by: 0}
  when: {first: last == wait and answer == pay}
  tired: {expected: tired}
  pays_hard: {takes: turn_b.hold, given: a.type == hard}
"""


@cache
def grown(family: str, number: int) -> tuple[Case, TypedTree]:
    case = fd.loads((TWICE if family == "asked" else random_case(number, family)) + IMPOSED)
    return case, only_equilibrium(case)


@pytest.mark.parametrize("attempt", range(TRIES))
@pytest.mark.parametrize(("family", "number"), [*CASES, ("asked", 0)])
def test_everything_given_what_was_seen(family: str, number: int, attempt: int) -> None:
    case, tree = grown(family, number)
    pick = random.Random(f"{family} {number} {attempt}")
    seen = look(tree, pick)
    observed = add_observed(case, [dict(item) for item in seen])
    game = compile_game(observed)
    solution = solve(observed, family, plans=[plan_of(game, case.whatifs["imposed"])])
    assert solution.signals.exact
    compare(solution, tree, seen)


def compare(solution: Solution, tree: TypedTree, seen: list[Seen]) -> None:
    every = paths_given(tree, seen)
    evidence = np.array([math.fsum(path.probability for path in part) for part in every])
    counted = [normed(part, whole) for part, whole in zip(every, evidence, strict=True)]
    assert solution.prior is not None
    near(solution.prior.evidence, 0.0)
    for key in tree.keys:
        likely = tree.likely(tree.prior, dict([key] if key else [])) * evidence
        mine = solution.baseline.by_type[key] if key else solution.baseline
        near(np.exp(mine.evidence[0]), likely.sum())
        if likely.sum() == 0:
            assert all(math.isnan(values[0]) for values in mine.questions.values())
            continue
        likely = likely / likely.sum()
        answers(mine, tree.replies(counted, likely))
        if solution.plans:
            imposed_answers(solution, tree, key, likely, seen)
        if not key:
            whole = likely
    for actor, names in tree.types.items():
        for name in names:
            fits = [profile[actor] == name for profile in tree.profiles]
            near(solution.baseline.shares[actor, name][0], whole[fits].sum())
    worth(solution, tree, counted, evidence)
    levels(solution, tree, counted, whole)


def answers(mine: Any, expected: Any) -> None:
    for name, value in expected.items():
        near(mine.firsts[name][0] if isinstance(value, list) else mine.questions[name][0], value, name)


def imposed_answers(
    solution: Solution, tree: TypedTree, key: tuple[str, ...], likely: np.ndarray, seen: list[Seen]
) -> None:
    """Types are as likely as all that was seen makes them, and play as what was seen before the move makes it."""
    names = [phase.name for phase in tree.phases]
    first = [item for item in seen if item["step"] == 0 and "state" not in item]
    before = [item for item in first if names.index(about(item)) < names.index("turn_b")]
    every = paths_given(tree, before, {(0, "turn_b"): "hold"})
    wholes = [math.fsum(path.probability for path in part) for part in every]
    counted = [normed(part, whole) for part, whole in zip(every, wholes, strict=True)]
    mine = solution.plans[0].by_type[key] if key else solution.plans[0]
    answers(mine, tree.replies(counted, likely))


def worth(solution: Solution, tree: TypedTree, counted: list[list[Path]], evidence: np.ndarray) -> None:
    """What actors get, in the crisis as a whole, given what was seen."""
    for place, seat in enumerate(compile_game(tree.case).roster.seats):
        likely = tree.likely(tree.prior, dict(seat.knows)) * evidence
        if likely.sum() == 0:
            assert math.isnan(solution.values[0, place])
            continue
        mine = tree.actors.index(seat.actor)
        means = [math.fsum(p.probability * p.paid[mine] for p in part) for part in counted]
        near(solution.values[0, place], likely @ means / likely.sum(), seat.name)


def levels(solution: Solution, tree: TypedTree, counted: list[list[Path]], likely: np.ndarray) -> None:
    for place, variable in enumerate(tree.variables):
        for step in range(tree.case.clock.steps):
            found = np.zeros(len(variable.levels))
            for part, share in zip(counted, likely, strict=True):
                for path in part:
                    found[path.states[step + 1][place]] += share * path.probability
            near(solution.levels[variable.name][0, step], found, variable.name)


def paths_given(tree: TypedTree, seen: list[Seen], imposed: Any = None) -> list[list[Path]]:
    """By profile of types: every path, its probability times how likely what was seen is on it."""
    return [
        [
            replace(p, probability=p.probability * math.prod(likelihood(tree, p, item) for item in seen))
            for p in tree.paths(place, imposed or {})
        ]
        for place in range(len(tree.profiles))
    ]


def normed(part: list[Path], whole: float) -> list[Path]:
    return [replace(path, probability=path.probability / (whole or 1.0)) for path in part]


def about(item: Seen) -> str:
    return next(key for key in item if key not in ("step", "believed"))


def likelihood(tree: TypedTree, path: Path, item: Seen) -> float:
    kind = about(item)
    name, said = next(iter(item["state"].items())) if kind == "state" else (kind, item[kind])
    names = things(tree)[name]
    words = {word.strip() for word in said.removeprefix("not ").split("|")}
    agrees = set(names) - words if said.startswith("not ") else words
    trust = float(item.get("believed", 1.0))
    return trust * (what_was(tree, path, item["step"], name) in agrees) + (1 - trust) * len(agrees) / len(names)


def things(tree: TypedTree) -> dict[str, list[str]]:
    """Everything that can be seen in a step, with its alternatives."""
    found = {turn.name: [*turn.options, "none"] for turn in tree.case.turns}
    found |= {event.name: [*event.outcomes, "nothing"] for event in tree.case.events}
    return found | {variable.name: list(map(str, variable.levels)) for variable in tree.variables}


def what_was(tree: TypedTree, path: Path, step: int, name: str) -> str:
    for place, variable in enumerate(tree.variables):
        if variable.name == name:
            return str(variable.levels[path.states[step + 1][place]])
    known = {who: what for when, who, what in (*path.taken, *path.happened) if when == step}
    return known.get(name, "nothing" if name in {event.name for event in tree.case.events} else "none")


def look(tree: TypedTree, pick: random.Random) -> list[Seen]:
    """Some of what there is to be seen on a random path of a random profile of types."""
    paths = list(tree.paths(pick.randrange(len(tree.profiles)), {}))
    path = pick.choices(paths, [p.probability for p in paths])[0]
    found: list[Seen] = []
    variables = {variable.name for variable in tree.variables}
    while not found:
        for step, (name, names) in itertools.product(range(tree.case.clock.steps), things(tree).items()):
            if pick.random() < 0.5:
                continue
            truth = what_was(tree, path, step, name)
            other = pick.choice([n for n in names if n != truth])
            said = pick.choice([truth, truth, f"not {other}", f"{truth} | {other}"])
            item: Seen = {"step": step}
            if pick.random() < 0.4:
                item["believed"] = pick.choice([0.7, 0.2, 0.95])
            found.append(item | ({"state": {name: said}} if name in variables else {name: said}))
    return found


def near(found: Any, expected: Any, what: str = "") -> None:
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9, err_msg=what)
