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
from foederis.solve import block as blocks
from foederis.solve.engine import solve_game
from tests.helpers import EVERYTHING, Floats, assert_same, compilations, flat, replace_everywhere
from tests.oracle.generate import seeded_file
from tests.oracle.printing import in_any_order, in_order, print_file, renamed, shuffled, taken_together
from tests.oracle.raw import Raw, load_raw, turns_of

DRAWS = 8
# Each random file is a structure of its own, to be compiled: few, and the same for all tests.
TOGETHER = taken_together(EVERYTHING)
TEXTS = {
    "everything": EVERYTHING,
    "random_3": seeded_file(3),
    "random_5": seeded_file(5),
    "together": TOGETHER,
}
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
    branches: list[Raw] = [option for turn in turns_of(raw) for option in turn["options"].values() if option]
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


@pytest.mark.parametrize("text", [EVERYTHING, TOGETHER], ids=["everything", "together"])
def test_all_draws_at_once_or_one_after_the_other(text: str) -> None:
    case = fd.loads(text)
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


@EACH
def test_a_turn_together_with_nobody_is_a_plain_turn(text: str) -> None:
    raw = load_raw(text)
    raw["moves"] = [{"together": [item]} if "together" not in item else item for item in raw["moves"]]
    found = fd.solve(fd.loads(print_file(raw)), draws=DRAWS, what_ifs="all")
    assert found.game_hash == solved(text).game_hash
    assert_same(flat(found), flat(solved(text)))


def test_the_order_of_turns_taken_together_does_not_count() -> None:
    raw = load_raw(TOGETHER)
    raw["moves"][0]["together"].reverse()
    found = fd.solve(fd.loads(print_file(raw)), draws=DRAWS, what_ifs="all")
    assert_same(flat(found), flat(solved(TOGETHER)), within=1e-11)


def test_it_counts_whether_turns_are_taken_together() -> None:
    found, expected = solved(TOGETHER), solved(EVERYTHING)
    assert found.game_hash != expected.game_hash
    assert np.abs(found.questions["comes"].draws - expected.questions["comes"].draws).max() > 1e-4


def test_a_seed_reproduces_every_bit() -> None:
    case = fd.loads(EVERYTHING)
    first, again, other = (fd.solve(case, draws=40, seed=seed, what_ifs="all") for seed in (7, 7, 8))
    assert_same(flat(again), flat(first))
    assert not np.array_equal(other.questions["falls"].draws, first.questions["falls"].draws)
    assert first.check.residual == again.check.residual


def test_more_draws_begin_with_the_same_ones() -> None:
    few, many = draw_quantities(fd.loads(EVERYTHING), 8), draw_quantities(fd.loads(EVERYTHING), 16)
    assert_same({name: values[:8] for name, values in many.items()}, few)


def test_what_ifs_share_the_draws() -> None:
    """A what-if is solved as the changed case is, on the same worlds, so that differences are paired."""
    answer = solved(EVERYTHING)
    found = fd.solve(fd.loads(EVERYTHING).with_changes({"quantities.p_fall": "30% to 60%"}), draws=DRAWS)
    for name, values in answer.quantities.items():
        assert np.array_equal(found.quantities[name], values) == (name != "p_fall"), name
    for name, reply in answer.what_ifs["weak"].questions.items():
        if isinstance(reply, fd.Estimate):
            np.testing.assert_array_equal(found.questions[name].draws, reply.draws)
            difference = answer.what_ifs["weak"].difference[name]
            assert isinstance(difference, fd.Estimate)
            np.testing.assert_array_equal(difference.draws, reply.draws - answer.questions[name].draws)


def test_an_imposed_move_leaves_everything_before_it_as_it_was() -> None:
    """Strategies stay as they are: only the step in which the move is made, and what follows, is different."""
    raw = load_raw(EVERYTHING)
    raw["whatifs"] = {"late": {"imposed": [{"step": "2", "patron": "intervene"}]}}
    answer = fd.solve(fd.loads(print_file(raw)), draws=DRAWS)
    late = fd.solve(fd.loads(print_file(raw)), draws=DRAWS, what_ifs="late").what_ifs["late"]
    first, changed = answer.questions["when_it_comes"], late.questions["when_it_comes"]
    assert isinstance(first, fd.FirstTime)
    assert isinstance(changed, fd.FirstTime)
    np.testing.assert_allclose(changed.by_step[:, :3], first.by_step[:, :3], rtol=0, atol=1e-15)
    assert (changed.by_step[:, 3] > first.by_step[:, 3] + 0.01).all()
    assert_same({"hot_soon": late.questions["hot_soon"].draws}, {"hot_soon": answer.questions["hot_soon"].draws}, 1e-15)


def test_putting_back_what_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = flat(solved(EVERYTHING))
    case = fd.loads(EVERYTHING)
    assert compile_game(case).structure.forgotten == {"mood"}
    replace_everywhere(monkeypatch, rules.forgotten, lambda *_: frozenset())
    assert compile_game(case).structure.forgotten == frozenset()
    assert_same(flat(fd.solve(case, draws=DRAWS, what_ifs="all")), expected, within=1e-12)


def test_shortcuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read off where play is likely to be is the same as what is carried backwards."""
    expected = flat(solved(EVERYTHING))
    replace_everywhere(monkeypatch, shortcuts.taken_once, lambda *_: False)
    replace_everywhere(monkeypatch, shortcuts.lasting, lambda *_: False)
    assert_same(flat(fd.solve(fd.loads(EVERYTHING), draws=DRAWS, what_ifs="all")), expected, within=1e-12)


@pytest.mark.parametrize("text", [EVERYTHING, TOGETHER], ids=["everything", "together"])
def test_choices_kept_or_worked_out_anew(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case too large for its choices to be kept is solved once more on the way forward."""
    expected = flat(solved(text))
    again: list[int] = []
    decide = blocks.Block._decide_again

    def counted(block: Any, step: int) -> Any:
        again.append(step)
        return decide(block, step)

    monkeypatch.setattr(blocks.Block, "_decide_again", counted)
    monkeypatch.setattr(blocks, "MEMORY", 1.0)
    found = fd.solve(fd.loads(text), draws=DRAWS, what_ifs="all", block=32)
    assert again
    assert_same(flat(found), expected, within=1e-12)
    assert [move.solved for move in found.together] == [move.solved for move in solved(text).together]


def test_new_numbers_compile_nothing() -> None:
    """Structure is apart from numbers: another quantity, treaty clause or worth is solved by the same kernels."""
    case = fd.loads(EVERYTHING)
    fd.solve(case, draws=DRAWS)
    changes = [
        {"quantities.p_fall": "30% to 60%", "quantities.stake": "7"},
        {"treaties.pact.provisions": ["consultation"]},
        {
            "interests.rival.win.worth": "price + 2 if help == arms else 5",
            "moves.patron.options.send_arms.pays.patron": -9,
        },
        {"events.battle.outcomes.calm.chance": "p_truce / 2"},
    ]
    changed = [case.with_changes(change) for change in changes]
    games = [compile_game(case), *map(compile_game, changed)]
    assert len({id(game.structure) for game in games}) == 1
    assert len({game.hash for game in games}) == len(games)
    with compilations() as compiled:
        for other in changed:
            fd.solve(other, draws=DRAWS)
    assert not compiled


def test_first_times_sum_to_one() -> None:
    answer = solved(EVERYTHING)
    for name, pair in {
        "comes": "when_it_comes",
        "hot": "when_hot",
        "hot_soon": "when_hot_soon",
        "hot_if_it_falls": "when_hot_if_it_falls",
    }.items():
        first = answer.questions[pair]
        assert isinstance(first, fd.FirstTime)
        np.testing.assert_allclose(first.by_step.sum(axis=1) + first.never, 1, rtol=0, atol=1e-12)
        np.testing.assert_allclose(answer.questions[name].draws, 1 - first.never, rtol=0, atol=1e-12)
        assert (first.by_step >= 0).all()
    soon = answer.questions["when_hot_soon"]
    assert isinstance(soon, fd.FirstTime)
    assert not soon.by_step[:, 3].any()


def test_forwards_and_backwards_agree() -> None:
    """The same number where it is read off the final state, and where it is carried back as a question of its own."""
    answer = solved(EVERYTHING)
    for one, other in (("falls", "ever_falls"), ("loss_if_it_comes", "loss_if_it_comes_by_step")):
        assert_same({"": answer.questions[one].draws}, {"": answer.questions[other].draws}, within=1e-12)
    levels = answer.through_time
    assert_same({"": levels["fallen"]["yes"][:, -1]}, {"": answer.questions["falls"].draws}, within=1e-12)
    for name, found in levels.items():
        np.testing.assert_allclose(sum(found.values()), 1, rtol=0, atol=1e-12, err_msg=name)
    lost = 3 * (0.8 * levels["fallen"]["yes"][:, -1] + 0.1 * levels["war"]["on"][:, -1])
    assert_same({"": answer.questions["loss"].draws}, {"": lost}, within=1e-12)
    assert_same({"": answer.losses["plant"].draws}, {"": lost}, within=1e-12)
