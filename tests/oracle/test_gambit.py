"""Games against Gambit, which solves them by tracing one precision through the whole game.

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
from .simultaneous_games import as_crisis as write_crisis
from .simultaneous_games import as_efg as write_efg
from .simultaneous_games import random_game, reach

HERE = Path(__file__).parent
SEEDS = range(10)
SIMULTANEOUS = range(12)
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
    """Every random tree, at precision 1 since the payoffs hold the rationality."""
    return dict(zip(SEEDS, ask_gambit(peer, [as_efg(random_tree(seed)) for seed in SEEDS]), strict=True))


def ask_gambit(peer: str, games: list[str]) -> list[Any]:
    """All games solved in one process."""
    asked = json.dumps({"precision": 1.0, "games": games})
    run = subprocess.run(
        [peer, str(HERE / "gambit_worker.py")],
        input=asked,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=True,
    )
    found: list[Any] = json.loads(run.stdout)
    # It can stop short of the precision that was asked for without a word.
    assert all(abs(game["precision"] - 1.0) < 1e-6 for game in found)
    return found


def agree(tree: RandomTree, game: Any, asked: dict[str, float], values: dict[str, float]) -> None:
    """Payoffs, the probability that each option is ever taken (the reach of its node times the behaviour there), and
    the behaviour itself at every node, however seldom it is reached."""
    behaviour = game["behaviour"]
    payoffs = {player: game["payoffs"][player] / value for player, value in tree.rationality.items()}
    assert values == pytest.approx(payoffs, abs=TOLERANCE)
    reach = {tree.root.name: 1.0}
    for place in tree.places():
        weights = [weight / 16 for weight in place.weights] or [behaviour[child.name] for child in place.children]
        for child, weight in zip(place.children, weights, strict=False):
            reach[child.name] = reach[place.name] * weight
    for place in tree.decisions():
        taken = {child.name: asked[f"{place.name}_{child.name}"] for child in place.children}
        here = sum(taken.values())
        for name, chance in taken.items():
            assert chance == pytest.approx(reach[name], abs=TOLERANCE)
            assert chance / here == pytest.approx(behaviour[name], abs=TOLERANCE)


@pytest.mark.parametrize("number", SEEDS)
def test_reference_meets_gambit(number: int, solved_by_gambit: dict[int, Any]) -> None:
    tree = random_tree(number)
    found = solve_reference(as_crisis(tree), {})
    asked = {name: value for name, value in found.questions.items() if isinstance(value, float)}
    agree(tree, solved_by_gambit[number], asked, found.values)


@pytest.mark.parametrize("number", SEEDS)
def test_package_meets_gambit(number: int, solved_by_gambit: dict[int, Any]) -> None:
    tree = random_tree(number)
    found = fd.solve(fd.loads(as_crisis(tree)), draws=2, seed=0)
    asked = {name: float(question.draws[0]) for name, question in found.questions.items()}
    values = {actor: float(value.draws[0]) for actor, value in found.values.items()}
    agree(tree, solved_by_gambit[number], asked, values)


def test_simultaneous_moves_meet_gambit(peer: str) -> None:
    """Wherever starts from many points find one equilibrium only: elsewhere the two may follow different branches."""
    games = [random_game(seed) for seed in SIMULTANEOUS]
    compared = 0
    for game, solved in zip(games, ask_gambit(peer, [write_efg(game) for game in games]), strict=True):
        found = fd.solve(fd.loads(write_crisis(game)), at="median")
        assert not any(move.doubts for move in found.together)
        if any(move.others for move in found.together):
            continue
        compared += 1
        expected = reach(game, solved["behaviour"])
        for place, likely in enumerate(expected.values()):
            assert found.questions[f"end_{place}"].draws[0] == pytest.approx(likely, abs=1e-5)
        for player, rationality in game.rationality.items():
            assert found.values[player].draws[0] == pytest.approx(solved["payoffs"][player] / rationality, abs=1e-5)
    assert compared >= len(games) // 2


def test_centipede() -> None:
    """McKelvey & Palfrey (1992), four moves, doubled stakes, precision 2; the numbers are Gambit's."""
    text = (HERE / "files" / "centipede.yaml").read_text(encoding="utf-8")
    asked = fd.solve(fd.loads(text), draws=2, seed=0).questions
    takes = [asked[f"take{move}"].draws[0] for move in range(1, 5)]
    passes = [asked[f"pass{move}"].draws[0] for move in range(1, 5)]
    behaviour = [take / (take + on) for take, on in zip(takes, passes, strict=True)]
    assert behaviour == pytest.approx([0.372846, 0.758751, 0.959412, 0.998341], abs=1e-5)
