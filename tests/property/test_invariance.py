"""What must not change an answer, for whole cases: how a file is written, units of points, how draws are taken."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.answers import Answer
from foederis.game import rules, shortcuts
from foederis.game.compile import compile_game
from foederis.language.sampling import draw_quantities
from foederis.solve import engine
from foederis.solve.engine import solve_game
from tests.helpers import EVERYTHING, Floats, assert_same, compilations, flat, replace_everywhere
from tests.oracle.generate import seeded_file
from tests.oracle.printing import in_any_order, in_order, print_file, renamed, shuffled
from tests.oracle.raw import Raw, load_raw

DRAWS = 8
# Each random file is a structure of its own, to be compiled: few, and the same for all tests.
TEXTS = {"everything": EVERYTHING, "random_3": seeded_file(3), "random_5": seeded_file(5)}
EACH = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


@cache
def solved(text: str) -> Answer:
    return fd.solve(fd.loads(text), draws=DRAWS, what_ifs="all")


@EACH
@pytest.mark.parametrize("style", [1, 2])
def test_order_of_keys(text: str, style: int) -> None:
    other = fd.loads(shuffled(text, style))
    found = fd.solve(other, draws=DRAWS, what_ifs="all")
    assert found.game_hash == solved(text).game_hash
    assert_same(flat(found), flat(solved(text)))


def under(names: dict[str, str], table: dict[tuple[str, ...], Floats]) -> dict[tuple[str, ...], Floats]:
    """A flat answer under new names; the first word of a path says what it is, and stays."""
    return {(path[0], *(names.get(word, word) for word in path[1:])): numbers for path, numbers in table.items()}


@EACH
def test_names_in_the_same_order(text: str) -> None:
    names = in_order(text)
    found = fd.solve(fd.loads(renamed(text, names)), draws=DRAWS, what_ifs="all")
    assert_same(flat(found), under(names, flat(solved(text))), within=1e-12)


@EACH
def test_names_in_any_order(text: str) -> None:
    """Draws go to quantities in the order of their names, so only the median stays as it is."""
    names = in_any_order(text, seed=1)
    found = fd.solve(fd.loads(renamed(text, names)), at="median", what_ifs="all")
    before = fd.solve(fd.loads(text), at="median", what_ifs="all")
    assert_same(flat(found), under(names, flat(before)), within=1e-12)


def each_payment(raw: Raw, change: Callable[[str], str]) -> None:
    """Changes every expression that stands for points, in place."""
    for items in (raw.get("interests") or {}).values():
        for interest in (items or {}).values():
            interest["worth"] = change(interest["worth"])
    branches: list[Raw] = [option for turn in raw["moves"] for option in turn["options"].values() if option]
    for event in (raw.get("events") or {}).values():
        branches += [event, *(outcome for outcome in (event.get("outcomes") or {}).values() if outcome)]
    tables = [branch["pays"] for branch in branches if "pays" in branch]
    tables += [treaty["breach_cost"] for treaty in (raw.get("treaties") or {}).values()]
    for table in tables:
        for actor in table:
            table[actor] = change(table[actor])


@EACH
def test_points_against_rationality(text: str) -> None:
    raw = load_raw(text)
    raw.pop("whatifs", None)
    each_payment(raw, lambda amount: f"3 * ({amount})")
    for actor in raw["actors"].values():
        actor["rationality"] = f"({actor['rationality']}) / 3"
    found = flat(fd.solve(fd.loads(print_file(raw)), draws=DRAWS))
    expected = {path: numbers for path, numbers in flat(solved(text)).items() if path[0] != "whatif"}
    for path in expected:
        if path[0] in ("value", "noise"):
            expected[path] = 3 * expected[path]
    assert_same(found, expected, within=1e-11)


@EACH
def test_a_constant_payment_moves_the_value_and_nothing_else(text: str) -> None:
    raw = load_raw(text)
    raw.pop("whatifs", None)
    actor = min(raw["actors"])
    own = raw.setdefault("interests", {}).setdefault(actor, {})
    own |= {"salary": {"worth": "3"}, "pension": {"worth": "-2", "paid": "at_end"}}
    case = fd.loads(print_file(raw))
    found = flat(fd.solve(case, draws=DRAWS))
    game = compile_game(case)
    patience = game.actor_numbers(draw_quantities(case, DRAWS), DRAWS)[1][game.actors.index(actor)]
    expected = {path: numbers for path, numbers in flat(solved(text)).items() if path[0] != "whatif"}
    salaries = sum(3 * patience**step for step in range(case.clock.steps))
    expected["value", actor] = expected["value", actor] + salaries - 2 * patience**case.clock.steps
    assert_same(found, expected, within=1e-11)


def by_game(text: str, draws: int, block: int) -> dict[str, Floats]:
    case = fd.loads(text)
    return answers_of(solve_game(compile_game(case), draw_quantities(case, draws), draws, block=block))


def answers_of(solution: Any) -> dict[str, Floats]:
    tables = {"value": solution.values, "noise": solution.noise}
    parts = (solution.baseline.questions, solution.baseline.firsts, solution.baseline.losses)
    for part in (*parts, solution.first_moves, solution.ever, solution.levels):
        tables |= part
    return tables


def test_all_draws_at_once_or_one_after_the_other() -> None:
    case = fd.loads(EVERYTHING)
    game, worlds = compile_game(case), draw_quantities(case, 4)
    together = answers_of(solve_game(game, worlds, 4, block=4))
    alone = [
        answers_of(solve_game(game, {n: values[draw : draw + 1] for n, values in worlds.items()}, 1, block=1))
        for draw in range(4)
    ]
    assert_same({name: np.concatenate([part[name] for part in alone]) for name in together}, together, within=1e-12)


def test_how_many_draws_a_block_holds() -> None:
    expected = by_game(EVERYTHING, 10, 32)
    for block in (1, 4):
        assert_same(by_game(EVERYTHING, 10, block), expected, within=1e-12)


def test_a_seed_reproduces_every_bit() -> None:
    case = fd.loads(EVERYTHING)
    first, again, other = (fd.solve(case, draws=40, seed=seed, what_ifs="all") for seed in (7, 7, 8))
    assert_same(flat(again), flat(first))
    assert not np.array_equal(other.questions["falls"].draws, first.questions["falls"].draws)
    assert first.check.residual == again.check.residual


def test_more_draws_begin_with_the_same_ones() -> None:
    few, many = draw_quantities(fd.loads(EVERYTHING), 8), draw_quantities(fd.loads(EVERYTHING), 16)
    assert_same({name: values[:8] for name, values in many.items()}, few)


@EACH
def test_what_ifs_share_the_draws(text: str) -> None:
    """A what-if is solved as the changed case is, and its differences are paired with the baseline."""
    case, answer = fd.loads(text), solved(text)
    for whatif in case.whatifs.values():
        mine = answer.what_ifs[whatif.name]
        for name, difference in mine.difference.items():
            if isinstance(difference, fd.Estimate):
                expected = mine.questions[name].draws - answer.questions[name].draws
                np.testing.assert_array_equal(difference.draws, expected)
        if whatif.imposed:
            continue
        alone = fd.solve(fd.loads(text).with_changes({}), draws=DRAWS) if not whatif.changes else None
        assert alone is None
    weak = fd.loads(EVERYTHING).with_changes({"quantities.p_fall": "30% to 60%"})
    found = fd.solve(weak, draws=DRAWS)
    for name, reply in solved(EVERYTHING).what_ifs["weak"].questions.items():
        if isinstance(reply, fd.Estimate):
            np.testing.assert_array_equal(found.questions[name].draws, reply.draws)
    for name, values in solved(EVERYTHING).quantities.items():
        assert np.array_equal(found.quantities[name], values) == (name != "p_fall"), name
