"""Simultaneous moves: known equilibria, what is certain about them, what is told, and that the check finds errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import brentq

import foederis as fd
from foederis.solve import principal, simultaneous
from foederis.solve.matrices import Lanes, certainly_one
from foederis.solve.native import build
from foederis.solve.principal import CONVERGED, differentiated, follow, newton
from tests.helpers import replace_everywhere

Table = list[list[float]]


def crisis(first: Table, second: Table, rationality: float) -> str:
    """A game of two in one step: what `p` and `q` get, by what p and q do."""
    ways = [(i, j) for i in range(len(first)) for j in range(len(first[0]))]

    def interests(table: Table) -> str:
        return ", ".join(f"i{i}{j}: {{worth: {table[i][j]}, when: a == o{i} and b == o{j}}}" for i, j in ways)

    def options(name: str, count: int) -> str:
        return ", ".join(f"o{k}: {{sets: {{{name}: o{k}}}}}" for k in range(count))

    rows, columns = len(first), len(first[0])
    return f"""
foederis: 1
title: A game of two
clock: {{step: 1 week, steps: 1}}
actors: {{p: {{rationality: {rationality}}}, q: {{rationality: {rationality}}}}}
state: {{a: [none, {", ".join(f"o{k}" for k in range(rows))}], b: [none, {", ".join(f"o{k}" for k in range(columns))}]}}
moves:
  - together:
      - {{actor: p, options: {{{options("a", rows)}}}}}
      - {{actor: q, options: {{{options("b", columns)}}}}}
interests: {{p: {{{interests(first)}}}, q: {{{interests(second)}}}}}
"""


def solved(first: Table, second: Table, rationality: float) -> tuple[fd.Answer, list[float]]:
    answer = fd.solve(fd.loads(crisis(first, second, rationality)), at="median")
    return answer, [answer.first_moves[actor]["o0"].mean for actor in ("p", "q")]


def logit(gap: float) -> float:
    return 1 / (1 + math.exp(-gap))


def test_matching_pennies_are_even() -> None:
    answer, shares = solved([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], 4.0)
    assert shares == pytest.approx([0.5, 0.5], abs=1e-12)
    assert answer.check.residual < 1e-12


def test_matching_pennies_with_a_high_stake() -> None:
    """The fixed point of p = s(r (10 q' - 2 (1 - q'))), q = s(r (2 - 4 p)) with r = 0.5, found by bisection."""

    def off(p: float) -> float:
        q = logit(0.5 * (2 - 4 * p))
        return p - logit(0.5 * (10 * q - 2 * (1 - q)))

    p = float(brentq(off, 0, 1, xtol=1e-15))  # type: ignore[arg-type]
    _, shares = solved([[9, -1], [-1, 1]], [[-1, 1], [1, -1]], 0.5)
    assert shares == pytest.approx([p, logit(0.5 * (2 - 4 * p))], abs=1e-12)


def test_a_dilemma_is_certainly_the_only_equilibrium_in_any_precision() -> None:
    answer, shares = solved([[3, 0], [4, 1]], [[3, 4], [0, 1]], 20.0)
    assert shares == pytest.approx([logit(-20.0)] * 2, rel=1e-9)
    [move] = answer.together
    assert (move.solved, move.alone, move.searched, move.doubts) == (1, 1, 0, ())


def test_a_stag_hunt_goes_to_what_is_less_risky() -> None:
    answer, shares = solved([[4, 0], [3, 2]], [[4, 3], [0, 2]], 5.0)
    assert max(shares) < 1e-3
    [move] = answer.together
    assert (move.alone, move.searched, move.others, move.crossed, move.fell_short) == (0, 1, 1, 0, 0)


@pytest.mark.parametrize("ways", [2, 3])
def test_a_bifurcation_is_told(ways: int) -> None:
    """Where all names can be exchanged; with three options two eigenvalues cross at once, and the sign stays."""
    same = [[float(i == j) for j in range(ways)] for i in range(ways)]
    answer, shares = solved(same, same, 2.5 * ways)
    assert shares == pytest.approx([1 / ways] * 2, abs=1e-9)
    [move] = answer.together
    assert (move.crossed, move.fell_short, move.doubtful_worlds) == (1, 0, 1)
    [doubt] = move.doubts
    assert (doubt.step, doubt.crossed, doubt.likely, dict(doubt.state)) == (0, 1, 1.0, {"a": "none", "b": "none"})
    assert answer.to_json()["together"][0]["doubts"][0]["crossed"] == 1


def test_a_little_less_rationality_and_there_is_nothing_to_tell() -> None:
    same = [[1.0, 0.0], [0.0, 1.0]]
    answer, _ = solved(same, same, 1.9)
    assert answer.together[0].doubts == ()


def test_what_is_not_reached_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer comes all the same, and says how far off it is."""
    monkeypatch.setattr(build, "library", lambda: None)

    def lost(lanes: Lanes, places: Any) -> Any:
        few = simultaneous._some(lanes, places)
        found = follow(few.answer, few.unknowns, few.lanes)
        wrong = found._replace(
            x=found.x + 1.0, status=found.status * 0 + principal.FELL_SHORT, reached=found.reached / 2
        )
        return wrong, simultaneous.decided(few, wrong), few.answer(wrong.x)[1], found.status < 0

    def no_rescue(lanes: Lanes, places: Any, x: Any) -> Any:
        few = simultaneous._some(lanes, places)
        return simultaneous.decided(few, newton(few.answer, x, jnp.ones(few.lanes, dtype=bool)))

    monkeypatch.setattr(simultaneous, "follow_lanes", lost)
    monkeypatch.setattr(simultaneous, "rescue_lanes", no_rescue)
    answer, _ = solved([[4, 0], [3, 2]], [[4, 3], [0, 2]], 1.5)
    [move] = answer.together
    assert (move.fell_short, move.crossed, move.doubtful_worlds) == (1, 0, 1)
    [doubt] = move.doubts
    assert doubt.error > 0.01
    assert doubt.followed_to == pytest.approx(0.5)


def test_states_that_play_never_comes_to_are_not_told_of() -> None:
    same = [[1.0, 0.0], [0.0, 1.0]]
    text = crisis(same, same, 6.0).replace("together:\n", "together:\n", 1)
    text = text.replace("{actor: p,", "{actor: p, when: c,").replace("{actor: q,", "{actor: q, when: c,")
    text = text.replace("state: {", "state: {c: flag, ")
    text = text.replace("steps: 1", "steps: 2") + "events: {turn: {chance: 50% if a == o0 else 0%, sets: {c: yes}}}\n"
    answer = fd.solve(fd.loads(text), at="median")
    [move] = answer.together
    assert move.solved > 0
    assert move.doubts == ()


def random_lanes(sizes: tuple[int, ...], scale: float, seed: int, lanes: int = 128) -> Lanes:
    random = np.random.default_rng(seed)
    count = math.prod(size + 1 for size in sizes)
    counts = np.stack([random.integers(1, size + 1, lanes) for size in sizes])
    choose = np.where(random.random((len(sizes), lanes)) < 0.5, 1.0, random.random((len(sizes), lanes)))
    return Lanes(
        jnp.asarray(scale * random.standard_normal((len(sizes), count, lanes))),
        jnp.asarray(random.standard_normal((len(sizes), max(sizes), lanes))),
        jnp.asarray(choose),
        jnp.asarray(counts),
        jnp.asarray(random.uniform(0, 1.5, (len(sizes), lanes))),
        sizes,
    )


SIZES = pytest.mark.parametrize("sizes", [(2, 2), (3, 2), (2, 2, 2), (1, 3), (4, 3)], ids=str)


@SIZES
def test_slopes_are_those_of_the_replies(sizes: tuple[int, ...]) -> None:
    lanes = random_lanes(sizes, 1.0, 3)
    x = jnp.asarray(np.random.default_rng(0).standard_normal((lanes.unknowns, lanes.lanes)))
    value, slope = jax.jit(lanes.answer)(x)
    expected, by_derivative = jax.jit(differentiated(lanes.reply))(x)
    np.testing.assert_allclose(value, expected, atol=1e-12)
    np.testing.assert_allclose(slope, by_derivative, atol=1e-10)


@SIZES
def test_where_one_equilibrium_is_certain_every_start_leads_to_it(sizes: tuple[int, ...]) -> None:
    lanes = random_lanes(sizes, 0.6, 5)
    alone = np.asarray(jax.jit(lambda: certainly_one(lanes))())
    assert alone.any()
    branch = jax.jit(lambda: follow(lanes.answer, lanes.unknowns, lanes.lanes))()
    search = jax.jit(lambda start: newton(lanes.answer, start))
    shares = jax.jit(lanes.shares)
    assert (branch.status == CONVERGED).all()
    random = np.random.default_rng(7)
    for _ in range(4):
        start = jnp.asarray(4 * random.standard_normal((lanes.unknowns, lanes.lanes)))
        found = search(start)
        reached = alone & np.asarray(found.status == CONVERGED)
        assert reached.sum() > 0.9 * alone.sum()
        apart = np.abs(np.concatenate(shares(found.x)) - np.concatenate(shares(branch.x)))
        assert apart[:, reached].max() < 1e-9


@SIZES
def test_shares_sum_to_one_over_what_is_open(sizes: tuple[int, ...]) -> None:
    lanes = random_lanes(sizes, 2.0, 9)
    found = jax.jit(lambda: lanes.shares(follow(lanes.answer, lanes.unknowns, lanes.lanes).x))()
    for turn, shares in enumerate(found):
        np.testing.assert_allclose(shares.sum(axis=0), 1.0, atol=1e-12)
        assert (np.asarray(shares)[np.asarray(~lanes.is_open(turn))] == 0).all()


@pytest.mark.parametrize("error", [1e-7, 1e-3])
def test_the_check_finds_wrong_choices(error: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "library", lambda: None)
    decide: Callable[..., Any] = simultaneous.settle

    def wrong(*args: Any) -> Any:
        made, how = decide(*args)
        made[:, 0, 0] += error
        made[:, 0, 1] -= error
        return made, how

    replace_everywhere(monkeypatch, simultaneous.settle, wrong)
    with pytest.raises(fd.ResidualError):
        solved([[9, -1], [-1, 1]], [[-1, 1], [1, -1]], 0.5)


def test_the_check_finds_one_that_has_peeked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choices that are right on the mean, but differ by what the other has chosen."""
    monkeypatch.setattr(build, "library", lambda: None)
    decide: Callable[..., Any] = simultaneous.spread_group

    def peeking(values: Any, weights: Any, made: Any, arrays: Any, table: Any, *rest: Any) -> Any:
        values, weights = decide(values, weights, made, arrays, table, *rest)
        size, base = arrays.branches + 2, int(arrays.base)
        changed = np.array(weights)
        for place, sign in ((64, 1.0), (65, -1.0)):  # the first rows of the second turn
            row = base + place * size
            changed[row] += sign * 1e-3
            changed[row + 1] -= sign * 1e-3
        return values, jnp.asarray(changed)

    replace_everywhere(monkeypatch, simultaneous.spread_group, peeking)
    with pytest.raises(fd.ResidualError):
        solved([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], 1.0)
