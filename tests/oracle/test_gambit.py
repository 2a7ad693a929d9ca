"""Sequential games against Gambit, which solves them by tracing one precision through the whole game.

Gambit runs out of process, under the interpreter that `FOEDERIS_ORACLE_PYTHON` names; `make test` makes one.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import foederis as fd

from .random_trees import RandomTree, as_crisis, as_efg, random_tree
from .reference import solve_reference

HERE = Path(__file__).parent
SEEDS = range(12)
TOLERANCE = 1e-6
TIME_LIMIT = 300


@pytest.fixture(scope="module")
def peer() -> str:
    """The interpreter that has pygambit."""
    python = os.environ.get("FOEDERIS_ORACLE_PYTHON")
    if not python:
        pytest.skip("pygambit: FOEDERIS_ORACLE_PYTHON is not set")
    tried = subprocess.run([python, "-c", "import pygambit"], capture_output=True, timeout=TIME_LIMIT, check=False)
    if tried.returncode:
        pytest.skip(f"pygambit: {python} cannot import it")
    return python


@pytest.fixture(scope="module")
def solved_by_gambit(peer: str) -> dict[int, Any]:
    """Every random tree solved in one process, at precision 1 since the payoffs hold the rationality."""
    asked = json.dumps({"precision": 1.0, "games": [as_efg(random_tree(seed)) for seed in SEEDS]})
    run = subprocess.run(
        [peer, str(HERE / "gambit_worker.py")],
        input=asked,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=True,
    )
    found = dict(zip(SEEDS, json.loads(run.stdout), strict=True))
    # It can stop short of the precision that was asked for without a word.
    assert all(abs(game["precision"] - 1.0) < 1e-6 for game in found.values())
    return found


def expected_questions(tree: RandomTree, behaviour: Any) -> dict[str, float]:
    """The probability that each option is ever taken: the reach of its node times Gambit's behaviour there."""
    reach = {tree.root.name: 1.0}
    found: dict[str, float] = {}
    for place in tree.places():
        for at, child in enumerate(place.children):
            chance = place.weights[at] / 16 if place.weights else behaviour[child.name]
            reach[child.name] = reach[place.name] * chance
            if place.player is not None:
                found[f"{place.name}_{child.name}"] = reach[child.name]
    return found


def expected_payoffs(tree: RandomTree, game: Any) -> dict[str, float]:
    return {player: game["payoffs"][player] / value for player, value in tree.rationality.items()}


@pytest.mark.parametrize("number", SEEDS)
def test_reference_meets_gambit(number: int, solved_by_gambit: dict[int, Any]) -> None:
    tree, game = random_tree(number), solved_by_gambit[number]
    text = as_crisis(tree)
    found = solve_reference(text, {})
    assert found.questions == pytest.approx(expected_questions(tree, game["behaviour"]), abs=TOLERANCE)
    assert found.values == pytest.approx(expected_payoffs(tree, game), abs=TOLERANCE)
    for place in tree.decisions():
        here = solve_reference(text, {}, f"from_{place.name}").questions
        for child in place.children:
            chance = game["behaviour"][child.name]
            assert here[f"{place.name}_{child.name}"] == pytest.approx(chance, abs=TOLERANCE)


@pytest.mark.parametrize("number", SEEDS)
def test_package_meets_gambit(number: int, solved_by_gambit: dict[int, Any]) -> None:
    """At every decision: each what-if starts the game at one node, so that its behaviour is what is taken there."""
    tree, game = random_tree(number), solved_by_gambit[number]
    found = fd.solve(fd.loads(as_crisis(tree)), draws=2, seed=0)
    asked = {name: question.draws[0] for name, question in found.questions.items()}
    assert asked == pytest.approx(expected_questions(tree, game["behaviour"]), abs=TOLERANCE)
    values = {actor: value.draws[0] for actor, value in found.values.items()}
    assert values == pytest.approx(expected_payoffs(tree, game), abs=TOLERANCE)
    for place in tree.decisions():
        here = found.what_ifs[f"from_{place.name}"].questions
        for child in place.children:
            chance = game["behaviour"][child.name]
            assert here[f"{place.name}_{child.name}"].draws[0] == pytest.approx(chance, abs=TOLERANCE)


def test_centipede() -> None:
    """McKelvey & Palfrey (1992), four moves, doubled stakes, precision 2; the numbers are Gambit's."""
    text = (HERE / "files" / "centipede.yaml").read_text(encoding="utf-8")
    asked = fd.solve(fd.loads(text), draws=2, seed=0).questions
    takes = [asked[f"take{move}"].draws[0] for move in range(1, 5)]
    passes = [asked[f"pass{move}"].draws[0] for move in range(1, 5)]
    behaviour = [take / (take + on) for take, on in zip(takes, passes, strict=True)]
    assert behaviour == pytest.approx([0.372846, 0.758751, 0.959412, 0.998341], abs=1e-5)
