"""Private types at the edges of what the language allows, and how well their beliefs are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

import foederis as fd
from foederis.analysis.solving import plan_of
from foederis.game.compile import compile_game
from foederis.language.sampling import draw_quantities
from foederis.report.beliefs import doubts_of
from foederis.solve import device, engine, kept, signal_loops, signalling, workshop
from foederis.solve.beliefs import hats_of
from foederis.solve.engine import solve_game
from foederis.solve.native import build
from foederis.solve.refine import Fineness
from foederis.solve.results import Solution
from tests.helpers import only_mistake, replace_everywhere
from tests.typed import AT_THE_EDGE, BREAKFAST

CASE = (
    BREAKFAST.partition("whatifs:")[0]
    .replace("quantities: {p_strong: 80% to 95%}\n", "")
    .replace("strong: p_strong, weak: 1 - p_strong", "strong: STRONG, weak: WEAK")
    .replace("1 if type == strong", "BEER if type == strong")
    .replace("steps: 1", "steps: STEPS")
)


def text_of(strong: str = "90%", weak: str = "10%", beer: str = "1", steps: int = 1) -> str:
    found = CASE.replace("STRONG", strong).replace("WEAK", weak)
    return found.replace("BEER", beer).replace("STEPS", str(steps))


def without_types(text: str, kept: str, strong: str, weak: str) -> str:
    """The case of somebody who is known to be of one type."""
    found = text.replace(f", types: {{strong: {strong}, weak: {weak}}}", "")
    for name in ("strong", "weak"):
        found = found.replace(f"sender.type == {name}", f"{int(name == kept)} == 1")
        found = found.replace(f"type == {name}", f"{int(name == kept)} == 1")
    return found


def solve(text: str, draws: int = 1, block: int = 1, nodes: int = 3, **more: Any) -> Solution:
    case = fd.loads(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "ROOMS", (12,))
        return solve_game(
            compile_game(case), draw_quantities(case, draws, seed=0), draws, block=block, nodes=nodes, **more
        )


def on_grid(text: str, nodes: int, **more: Any) -> Solution:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "may_be_exact", lambda _: False)
        return solve(text, nodes=nodes, **more)


def assert_equal(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    assert set(found) == set(expected)
    for name, numbers in expected.items():
        np.testing.assert_allclose(found[name], numbers, rtol=0, atol=1e-9, err_msg=name)


@pytest.mark.parametrize(("strong", "weak", "kept"), [("100%", "0%", "strong"), ("0%", "100%", "weak")])
def test_a_share_of_all_is_a_case_without_types(strong: str, weak: str, kept: str) -> None:
    text = text_of(strong, weak)
    found, plain = solve(text), solve(without_types(text, kept, strong, weak))
    assert_equal(found.baseline.questions, plain.baseline.questions)
    assert_equal(found.baseline.by_type["sender", kept].questions, plain.baseline.questions)
    assert_equal(found.first_moves, plain.first_moves)
    assert found.values[0, [0, 1 if kept == "strong" else 2]] == pytest.approx(plain.values[0], abs=1e-9)
    assert found.signals.exact
    assert not found.signals.missed
    assert np.isfinite(found.values).all()


def test_types_that_differ_in_nothing() -> None:
    """Neither says anything, so beliefs stay, and all is as where there is only one."""
    alike = text_of().replace("1 if type == strong else 0", "0.5").replace("1 if type == weak else 0", "0")
    alike = alike.replace("sender.type == weak", "1 == 1").replace("sender.type == strong", "1 == 1")
    found, plain = solve(alike), solve(without_types(alike, "strong", "90%", "10%"))
    for key in (("sender", "strong"), ("sender", "weak")):
        assert_equal(found.baseline.by_type[key].questions, plain.baseline.questions)
    assert_equal(found.first_moves, plain.first_moves)
    assert found.values[0] == pytest.approx(plain.values[0, [0, 1, 1]], abs=1e-9)


def test_a_move_that_no_type_makes_leaves_the_belief() -> None:
    """Drinking beer costs so much that its share is 0 even to floating point; whoever reads it reads nothing."""
    text = (
        text_of(beer="-900")
        .replace('"1 if type == weak else 0"', "1")
        .replace('"-900 if type == strong else 0"', "-900")
    )
    text += "whatifs: {beer: {imposed: [{step: 0, sender: drink_beer}]}}\n"
    case = fd.loads(text)
    found = solve(text, plans=[plan_of(compile_game(case), case.whatifs["beer"])])
    # Worth of fighting 0.1, of peace 0.9, at rationality 2.
    fights = 1 / (1 + np.exp(2 * (0.9 - 0.1)))
    assert found.plans[0].questions["fights"][0] == pytest.approx(fights, abs=1e-12)
    assert found.baseline.questions["fights"][0] == pytest.approx(fights, abs=1e-12)
    assert found.baseline.questions["beer"][0] == 0


@pytest.mark.parametrize("beer", ["-900", "900"])
def test_a_move_that_one_type_would_never_make(beer: str) -> None:
    """Shares far below what floating point can hold are still found, and what follows from them."""
    found = solve(text_of(beer=beer))
    assert found.signals.exact
    assert not found.signals.missed
    assert found.judgement.residual < 1e-12
    strong = found.first_by_type["sender", "strong"]["sender"][0]
    assert strong == pytest.approx([0, 1] if beer == "-900" else [1, 0], abs=1e-300)


COMMON_INTEREST = """
foederis: 1
title: Common interest
clock: {step: 1 day, steps: 1}
actors:
  sender: {rationality: SHARP, types: {left: 50%, right: 50%}}
  receiver: {rationality: 4}
state: {said: [none, red, blue], went: [none, west, east]}
moves:
  - actor: sender
    options:
      red: {sets: {said: red}}
      blue: {sets: {said: blue}}
  - actor: receiver
    options:
      west: {sets: {went: west}}
      east: {sets: {went: east}}
facts: {met: went == west and sender.type == left or went == east and sender.type == right}
interests:
  sender: {met: {worth: 1, when: met, paid: at_end}}
  receiver: {met: {worth: 1, when: met, paid: at_end}}
questions:
  red: {takes: sender.red}
  west: {at_end: went == west}
"""


@pytest.mark.parametrize(("sharp", "splits"), [("0.7", False), ("3.5", True)])
def test_where_the_principal_branch_splits_it_says_so(sharp: str, splits: bool) -> None:
    """Words of one cost get a meaning from rationality 1 on: from there two branches with a meaning leave the one
    without, on which the receiver listens to neither word."""
    found = solve(COMMON_INTEREST.replace("SHARP", sharp))
    assert found.baseline.questions["red"][0] == pytest.approx(0.5, abs=1e-9)
    assert found.signals.split == splits
    assert not found.signals.missed
    for points in found.signals.points:
        assert (points.phase, points.doubts.step, points.doubts.state, points.doubts.draw) == (0, 0, 0, 0)
        assert points.doubts.likely == pytest.approx([1.0])
        # Between nodes the receiver's answer is a chord, on which it turns at 2.07: after the second of four steps.
        assert points.doubts.reached == pytest.approx([1 / 2])


def test_states_that_play_never_comes_to_are_not_told_of() -> None:
    text = COMMON_INTEREST.replace("SHARP", "3").replace("steps: 1", "steps: 2")
    text = text.replace("  - actor: sender\n", "  - actor: sender\n    when: late\n").replace(
        "state: {", "state: {late: flag, "
    )
    text += "events: {late: {chance: CHANCE if went == west else 0%, sets: {late: yes}}}\n"
    assert on_grid(text.replace("CHANCE", "50%"), 3).signals.split == 1
    assert on_grid(text.replace("CHANCE", "0% * step"), 3).signals.split == 0


# So sharp that Newton's method goes to and fro between the nodes of the grid.
SHARP = text_of(strong="70%", weak="30%", steps=2).replace("rationality: 2", "rationality: 500")


@pytest.fixture
def kernels_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """JAX's kernels solve, and are compiled for this test alone."""
    monkeypatch.setattr(build, "library", lambda: None)
    monkeypatch.setattr(kept, "place_of", lambda name: None)
    device.forget()
    yield
    device.forget()


def coarse(monkeypatch: pytest.MonkeyPatch) -> fd.Answer:
    monkeypatch.setattr(workshop, "may_be_exact", lambda _: False)
    monkeypatch.setattr(engine, "_fineness", lambda *_: Fineness(9))
    return fd.solve(fd.loads(SHARP), at="median")


def test_a_fixed_point_that_is_missed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer comes all the same, and says where it was and how far off it is."""
    answer = coarse(monkeypatch)
    assert answer.check.residual < 1e-9
    assert answer.beliefs is not None
    found = answer.to_json()["beliefs"]
    assert (found["missed"], found["split"], found["doubtful_worlds"]) == (1, 0, 1)
    [turn] = found["points"]
    assert (turn["turn"], turn["fell_short"], turn["crossed"]) == ("sender", 1, 0)
    [doubt] = turn["doubts"]
    assert 0.01 < doubt["error"] == found["worst"]
    assert doubt["step"] in (0, 1)
    assert set(doubt["state"]) == {"breakfast", "fought"}
    [line] = doubts_of(answer.beliefs)
    assert f"sender in step {doubt['step']} where breakfast = " in line
    assert "Not solved: 1 fixed point" in line


@pytest.mark.usefixtures("kernels_anew")
def test_what_is_missed_by_more_than_is_said_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = signal_loops._error
    monkeypatch.setattr(signal_loops, "_error", lambda *arguments: 0.9 * honest(*arguments))
    with pytest.raises(fd.ResidualError):
        coarse(monkeypatch)


@pytest.mark.usefixtures("kernels_anew")
@pytest.mark.parametrize("wrong", [False, True])
def test_beliefs_after_what_floating_point_cannot_hold(monkeypatch: pytest.MonkeyPatch, wrong: bool) -> None:
    """What is done with a probability of 1e-800 still tells something, and that is checked."""

    def speak(board: signalling.Board, rationality: Any) -> signalling.Spoken:
        found = signalling.speak(board, rationality)
        rare = (found.logs < -700) & board.is_open
        return replace(found, logs=jnp.where(rare, found.logs * 1.001, found.logs))

    if wrong:
        monkeypatch.setattr(signal_loops, "speak", speak)
    found = on_grid(SHARP.replace("500", "2000"), 3)
    assert (found.judgement.residual > 1e-9) == wrong
    assert not found.signals.missed


def test_nodes_that_are_hardly_apart_coincide() -> None:
    nodes = np.array([[0.0], [1e-304], [1e-304 + 1e-309], [1.0]])
    with np.errstate(all="raise"):
        hats, _ = hats_of(nodes, nodes, np)
    assert hats[..., 0] == pytest.approx(np.array([[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]), abs=1e-8)


def test_order_in_the_file_does_not_matter() -> None:
    text = text_of()
    turned = text.replace("strong: 90%, weak: 10%", "weak: 10%, strong: 90%")
    lines = turned.splitlines(keepends=True)
    sender = next(line for line in lines if line.startswith("  sender: {rationality"))
    receiver = next(line for line in lines if line.startswith("  receiver: {rationality"))
    turned = turned.replace(sender + receiver, receiver + sender)
    assert compile_game(fd.loads(text)).hash == compile_game(fd.loads(turned)).hash
    assert turned != text
    np.testing.assert_array_equal(solve(turned).values, solve(text).values)


def test_other_blocks_give_the_same() -> None:
    text = text_of("p", "1 - p") + "quantities: {p: 70% to 95%}\n"
    one, other = (solve(text, draws=4, block=block) for block in (1, 4))
    np.testing.assert_allclose(one.values, other.values, rtol=0, atol=1e-12)
    assert_equal(one.baseline.questions, other.baseline.questions)
    for key, answers in one.baseline.by_type.items():
        assert_equal(answers.questions, other.baseline.by_type[key].questions)


def test_shares_that_are_impossible_in_a_draw_name_it() -> None:
    text = text_of("p", "q") + "quantities: {p: 70% to 95%, q: 5% to 30%}\n"
    item = only_mistake(lambda: solve(text, draws=4))
    assert item.code == "F312"
    assert "in draw 0 (p = 0." in item.message
    assert "q = 0." in item.message


def test_every_type_needs_an_option_where_another_has_one() -> None:
    text = text_of().replace("drink_beer: {", "drink_beer: {when: type == strong, ")
    text = text.replace("eat_quiche: {", "eat_quiche: {when: type == strong, ")
    item = only_mistake(lambda: compile_game(fd.loads(text)))
    assert item.code == "F313"
    assert "`sender` has an option for some types but none for weak" in item.message


def test_an_option_of_one_type_gives_it_away() -> None:
    text = text_of().replace("drink_beer: {", "drink_beer: {when: type == strong, ")
    found = solve(text)
    assert found.first_by_type["sender", "weak"]["sender"][0] == pytest.approx([0, 1], abs=0)
    assert found.signals.exact
    assert found.judgement.residual < 1e-12
    strong = found.first_by_type["sender", "strong"]["sender"][0, 0]
    # After beer all know that it is the strong one; after quiche Bayes' rule.
    quiche = 0.1 / (0.1 + 0.9 * (1 - strong))
    fights = 1 / (1 + np.exp(2.0)), 1 / (1 + np.exp(2 * ((1 - quiche) - quiche)))
    worth = 1 + 2 * (1 - fights[0]), 2 * (1 - fights[1])
    assert strong == pytest.approx(1 / (1 + np.exp(2 * (worth[1] - worth[0]))), abs=1e-9)


def test_long_evidence_does_not_run_out_of_floating_point() -> None:
    """In 30 steps the odds of the types drift far beyond what a probability can hold."""
    text = text_of(beer="40", steps=30).replace("rationality: 2, types", "rationality: 1, types")
    found = on_grid(text, 5)
    assert found.judgement.residual < 1e-9
    assert not found.signals.missed
    for answers in (found.baseline, *found.baseline.by_type.values()):
        assert all(np.isfinite(numbers).all() and (numbers >= 0).all() for numbers in answers.questions.values())
    strong, weak = (found.baseline.by_type["sender", name].questions["fights"][0] for name in ("strong", "weak"))
    assert strong < found.baseline.questions["fights"][0] < weak


def test_the_grid_comes_closer_with_the_square_of_its_nodes() -> None:
    """Between nodes values are read linearly, which is wrong by a second difference: four times the nodes bring a
    sixteenth of the error, and where they happen to lie makes some difference."""
    exact = solve(text_of())
    assert exact.signals.exact
    errors = [abs(on_grid(text_of(), nodes).values - exact.values).max() for nodes in (9, 33)]
    assert 1e-5 < errors[0] < 0.02
    assert errors[1] < errors[0] / 8


@pytest.mark.parametrize(
    ("function", "spoil"),
    [
        (signalling.speak, lambda f: lambda board, rationality: f(board, rationality * 1.001)),
        (signalling.read_at, lambda f: lambda *arguments: f(*arguments) * (1 + 1e-6)),
        (signal_loops.posterior, lambda f: lambda *arguments: [part * (1 - 1e-4) for part in f(*arguments)]),
    ],
    ids=["shares", "values between nodes", "beliefs"],
)
@pytest.mark.usefixtures("kernels_anew")
def test_a_solver_with_an_error_is_found_out(
    monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], spoil: Callable[[Any], Any]
) -> None:
    replace_everywhere(monkeypatch, function, spoil(function))
    assert not on_grid(text_of(), 3).judgement.residual <= 1e-9


@pytest.mark.parametrize("share", ["max(0, min(1, pr))", "0.9999999"])
@pytest.mark.parametrize("nodes", [3, 9])
def test_nodes_are_not_so_near_to_certainty_that_beliefs_are_rounding(share: str, nodes: int) -> None:
    assert on_grid(AT_THE_EDGE.replace("SHARE", share), nodes, draws=16, block=16).judgement.residual < 1e-9
