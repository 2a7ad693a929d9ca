"""Observations: weights and answers held against every path of the crisis written out, each counted as it agrees."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.game.compile import compile_game
from foederis.language.news import add_observed
from foederis.language.sampling import draw_quantities
from foederis.solve.engine import solve_game
from tests.depth import tries
from tests.helpers import EVERYTHING

from .generate import seeded_file
from .raw import Raw, imposed_moves, load_raw, with_changes
from .reference import answer, ever_taken, mean, through_time
from .test_reference import close, drawn
from .tree import Path, Tree, paths
from .world import World

DRAWS = 4  # as in the other files here, so that kernels can be shared
SHORT = EVERYTHING.replace("steps: 3", "steps: 2").replace("by: 2", "by: 1")  # three steps have too many paths


def test_answers_given_what_was_seen() -> None:
    """Random files, and what is seen on a random path of each, in whole and in part."""
    for seed in range(tries(12, 24)):
        check(seeded_file(seed), random.Random(seed))


@pytest.mark.parametrize("seed", range(4))
def test_a_file_with_everything(seed: int) -> None:
    check(SHORT, random.Random(seed), certain=2)


def check(text: str, pick: random.Random, certain: int = 4) -> None:
    raw = load_raw(text)
    case = fd.loads(text)
    worlds = draw_quantities(case, DRAWS)
    world = World(raw, drawn(worlds, 0))
    everything = list(paths(Tree(world), {}))
    seen = look(world, raw, pick.choices(everything, [path.probability for path in everything])[0], pick, certain)
    if not seen:
        return
    observed = add_observed(case, seen)
    solved = solve_game(compile_game(observed), worlds, DRAWS)
    for draw in range(DRAWS):
        world = World(raw, drawn(worlds, draw))
        everything = given(world, list(paths(Tree(world), {})), seen)
        whole = math.fsum(path.probability for path in everything)
        assert solved.prior is not None
        close("evidence", np.exp(solved.baseline.evidence[draw]), whole, whole)
        if whole == 0:
            continue
        counted = [replace(path, probability=path.probability / whole) for path in everything]
        compare(solved, world, raw, counted, draw)


def compare(solved: Any, world: World, raw: Raw, counted: list[Path], draw: int) -> None:
    for name, item in (raw.get("questions") or {}).items():
        expected = answer(world, item, counted)
        if isinstance(expected, tuple):
            close(name, solved.baseline.firsts[name][draw], [*expected[0], expected[1]])
        else:
            close(name, solved.baseline.questions[name][draw], expected, scale=abs(expected))
    for place, actor in enumerate(world.actors):
        value = mean(counted, (path.paid[place] for path in counted))
        scale = max(abs(path.paid[place]) for path in counted)
        close(f"value of {actor}", solved.values[draw, sorted(world.actors).index(actor)], value, scale=scale)
    for variable, levels in through_time(world, counted).items():
        close(variable, solved.levels[variable][draw].T, list(levels.values()))
    for name, exposure in world.exposures.items():
        loss = mean(counted, (exposure.loss(path.states[-1], world.steps) for path in counted))
        close(f"loss of {name}", solved.baseline.losses[name][draw], loss, scale=abs(loss))
    for who, options in ever_taken(world, counted).items():
        close(f"{who} ever", solved.ever[who][draw], [options[name] for name in sorted(options)])
    for turn in world.turns:
        names = sorted(option.name for option in turn.options)
        first = [mean(counted, ((0, turn.name, name) in path.taken for path in counted)) for name in names]
        close(f"{turn.name} first", solved.first_moves[turn.name][draw], first)


def look(world: World, raw: Raw, path: Path, pick: random.Random, most: int) -> list[dict[str, Any]]:
    """Some of what there is to be seen on a path."""
    found: list[dict[str, Any]] = []
    for step in range(world.steps):
        for kind, name, names in things(world, raw):
            if pick.random() > 0.35 or len(found) >= most:
                continue
            truth = what_was(world, path, step, kind, name)
            others = [other for other in names if other != truth]
            said = truth
            item: dict[str, Any] = {"step": step}
            if others and pick.random() < 0.4:
                said = f"not {pick.choice(others)}"
            elif others and pick.random() < 0.4:
                said = f"{truth} | {pick.choice(others)}"
            if pick.random() < 0.4:
                item["believed"] = pick.choice(["70%", "0.2", "95%"])
            item |= {"state": {name: said}} if kind == "state" else {name: said}
            found.append(item)
    return found


def things(world: World, raw: Raw) -> list[tuple[str, str, list[str]]]:
    """Everything that can be seen in a step, with the names of its alternatives."""
    found = [("turn", turn.name, [*(option.name for option in turn.options), "none"]) for turn in world.turns]
    found += [("event", e.name, [*(outcome.name for outcome in e.outcomes), "nothing"]) for e in world.events]
    found += [("state", v.name, [str(level) for level in v.levels]) for v in world.variables]
    return found


def what_was(world: World, path: Path, step: int, kind: str, name: str) -> str:
    if kind == "state":
        place = [variable.name for variable in world.variables].index(name)
        return str(world.variables[place].level(path.states[step + 1][place]))
    record = path.taken if kind == "turn" else path.happened
    known = {who: what for when, who, what in record if when == step}
    return known.get(name, "none" if kind == "turn" else "nothing")


def given(world: World, everything: list[Path], seen: list[dict[str, Any]]) -> list[Path]:
    """The paths, each with its probability times how likely what was seen is on it."""
    return [
        replace(p, probability=p.probability * math.prod(likely(world, p, item) for item in seen)) for p in everything
    ]


def likely(world: World, path: Path, item: dict[str, Any]) -> float:
    (place,) = [key for key in item if key not in ("step", "believed")]
    name, said = next(iter(item["state"].items())) if place == "state" else (place, item[place])
    [(kind, names)] = [
        (k, all_) for k, n, all_ in things(world, {}) if n == name and (k == "state") == (place == "state")
    ]
    words = {word.strip() for word in said.removeprefix("not ").split("|")}
    agrees = set(names) - words if said.startswith("not ") else words
    believed = item.get("believed", "1")
    trust = float(believed.strip("%")) / (100 if "%" in believed else 1)
    right = what_was(world, path, item["step"], kind, name) in agrees
    return trust * right + (1 - trust) * len(agrees) / len(names)


def test_what_ifs_keep_what_was_seen() -> None:
    """Imposed moves and changes: each is given the same observations."""
    text = SHORT + "  bold: {set: {quantities.p_truce: 30% to 50%}, imposed: [{step: 1, patron: send_arms}]}\n"
    raw = load_raw(text)
    case = fd.loads(text)
    seen = [{"step": 0, "patron": "not send_arms"}, {"step": 0, "rival": "press_on", "believed": "80%"}]
    observed = add_observed(case, [dict(item) for item in seen])
    solved = fd.solve(observed, draws=DRAWS, what_ifs="all")
    assert solved.weights is not None
    for name, found in solved.what_ifs.items():
        change = raw["whatifs"][name]
        changed = with_changes(raw, change.get("set") or {})
        worlds = (
            draw_quantities(case.with_changes(change.get("set") or {}), DRAWS)
            if change.get("set")
            else solved.quantities
        )
        world = World(changed, drawn(worlds, 0))
        everything = given(world, list(paths(Tree(world), imposed_moves(change))), seen)
        whole = math.fsum(path.probability for path in everything)
        counted = [replace(path, probability=path.probability / whole) for path in everything]
        for question, item in changed["questions"].items():
            expected = answer(world, item, counted)
            if not isinstance(expected, tuple):
                reply = found.questions[question]
                assert isinstance(reply, fd.Estimate)
                close(f"{name}: {question}", reply.draws[0], expected, scale=abs(expected))
