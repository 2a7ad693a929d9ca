"""The benchmark in its short form: whether all whom it compares agree on small games. Time counts for nothing here.

pygambit runs where `make oracle` has made it a place; the other peers are skipped by name where they are missing.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from benchmarks import aims, compare, contests
from benchmarks.games import kremlin, trees
from benchmarks.measure import ROOT, Timing, exponent
from benchmarks.numpy_solver import edges
from benchmarks.page import headline, write
from benchmarks.results import Results
from benchmarks.roofline import count_work

import foederis as fd
from foederis.game.compile import compile_game
from foederis.language.sampling import median_quantities

from .tree import Node, Tree
from .world import World

FIGURES = ROOT / "docs" / "benchmarks" / "results.json"


@pytest.mark.parametrize("contest", contests.contests(short=True), ids=lambda contest: contest.game)
def test_all_agree_on_small_games(contest: contests.Contest) -> None:
    rows = list(compare.compare([contest]))
    assert rows
    missing = [row.peer for row in rows if row.verdict == compare.NOT_HERE]
    there = [row for row in rows if row.verdict != compare.NOT_HERE]
    assert [(row.peer, row.verdict) for row in there] == [(row.peer, "agrees") for row in there]
    assert all(row.compared for row in there)
    if missing and not there:
        pytest.skip(f"{', '.join(missing)}: not installed")


def test_what_differs_is_found_and_gives_no_ratio() -> None:
    """Values of two actors in three games; the peer has two games, and no answer to the second."""
    ours = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert compare.distance(ours, [[1.0, 2.0], [4.0, 5.0]], 1e-9) == (0.0, 2, 0)
    assert compare.distance(ours, [[1.0, 2.0], [4.0, 5.1]], 1e-9) == (pytest.approx(0.1), 2, 1)
    error, compared, differ = compare.distance(ours, [[1.0, math.nan], [4.0, 5.0]], 1e-9)
    assert (math.isnan(error), compared, differ) == (True, 2, 1)
    agrees = compare.Row("k", "g", 1, "p", 4, 2, Timing((1.0,)), Timing((3.0,)), 0.0, 1e-9, 0, "agrees")
    assert agrees.ratio == 3
    assert replace(agrees, verdict="DISAGREES").ratio is None
    ended = replace(agrees, theirs=None, verdict="over 60 s")
    assert (ended.ratio, ended.least) == (None, 60)


def test_a_tree_is_as_large_as_it_says() -> None:
    """No two subtrees may be merged: every decision of the tree is a state of the game, every leaf an end."""
    depth = 5
    game = compile_game(fd.loads(trees.crisis(depth)))
    *turns, ends = game.states_per_phase.values()
    assert (sum(turns), ends) == (trees.decisions(depth), 3**depth)
    world = {f"{name}_stake": 1.0 for name in trees.terms(depth)}
    paid = trees.payoffs(depth, world)
    for level in range(1, depth):
        whole = np.round(paid.reshape(3**level, -1), 9)
        assert len(np.unique(whole, axis=0)) == 3**level
    assert trees.as_efg(depth, world).count("\np ") == trees.decisions(depth)


def test_a_cut_case_holds_its_decisions() -> None:
    case = fd.load("kremlin")
    world = {name: float(values[0]) for name, values in median_quantities(case).items()}
    text, scale = kremlin.as_efg(case.text, 1, world)
    assert len(scale) == len(case.actors)
    assert text.count("\np ") == decisions(Tree(World(kremlin.cut(case.text, 1), world)).root)


def decisions(node: Node) -> int:
    return (node.turn is not None) + sum(decisions(branch.child) for branch in node.branches)


def test_work_is_counted_edge_by_edge() -> None:
    game = compile_game(fd.load("kremlin"))
    work = count_work(game)
    assert work.edges == edges(game)
    # An edge reads a value for each actor and multiplies and adds it, at the least.
    assert work.bytes > 8 * len(game.actors) * work.edges
    assert work.operations > 2 * len(game.actors) * work.edges


def test_an_exponent_is_the_slope_on_log_log_paper() -> None:
    assert exponent((10, 100, 1000), (5.0, 50.0, 500.0)) == pytest.approx(1)
    assert exponent((1, 2, 4), (1.0, 8.0, 64.0)) == pytest.approx(3)


def test_the_page_says_what_the_figures_say() -> None:
    """It is written from them, and so is the paragraph of the README: python -m benchmarks --page."""
    results = Results.read(FIGURES)
    assert write(results) == (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert headline(results) in (ROOT / "README.md").read_text(encoding="utf-8")
    assert {aim.reached for aim in aims.judge(results)} <= {True, False, None}
