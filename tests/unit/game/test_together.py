"""Simultaneous moves as a game: when what is chosen takes effect, in which order, and how many states that makes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.game.compile import compile_game

HEAD = """
foederis: 1
title: Two at once
clock: {step: 1 week, steps: 2}
actors: {a: {rationality: 0}, b: {rationality: 0}}
state: {x: 0..3, y: 0..3}
"""


def levels(moves: str, steps: int = 2) -> dict[str, Any]:
    """{variable: {level: probability at the end}}, all options that are open being equally likely."""
    answer = fd.solve(fd.loads(HEAD.replace("steps: 2", f"steps: {steps}") + moves), at="median")
    return {
        name: {level: float(series[0, -1]) for level, series in found.items() if series[0, -1] > 0}
        for name, found in answer.through_time.items()
    }


def test_every_expression_reads_the_state_before() -> None:
    found = levels(
        """
moves:
  - together:
      - {actor: a, options: {go: {sets: {x: y + 1}}}}
      - {actor: b, options: {go: {sets: {y: x + 2}}}}
""",
        steps=1,
    )
    assert found == {"x": {"1": 1.0}, "y": {"2": 1.0}}


def test_whether_an_option_is_open_reads_the_state_before() -> None:
    found = levels(
        """
moves:
  - together:
      - {actor: a, options: {go: {sets: {x: 1}}}}
      - {actor: b, options: {wait: , go: {when: x == 1, sets: {y: 1}}}}
""",
        steps=1,
    )
    assert found == {"x": {"1": 1.0}, "y": {"0": 1.0}}


@pytest.mark.parametrize(("first", "second", "last"), [("1", "2", "2"), ("2", "1", "1"), ("1", "0", "0")])
def test_of_two_that_set_one_variable_the_later_counts(first: str, second: str, last: str) -> None:
    """Also where the later sets what holds already."""
    found = levels(
        f"""
moves:
  - together:
      - {{actor: a, options: {{go: {{sets: {{x: {first}}}}}}}}}
      - {{actor: b, options: {{go: {{sets: {{x: {second}}}}}}}}}
""",
        steps=1,
    )
    assert found["x"] == {last: 1.0}


def test_what_passes_or_is_not_live_sets_nothing() -> None:
    found = levels(
        """
moves:
  - together:
      - {actor: a, chance: 25%, options: {go: {sets: {x: x + 1}}}}
      - {actor: b, when: step == 1, options: {go: {sets: {y: x + 1}}}}
"""
    )
    assert found["x"] == pytest.approx({"0": 0.75**2, "1": 2 * 0.25 * 0.75, "2": 0.25**2})
    assert found["y"] == pytest.approx({"1": 0.75, "2": 0.25})


def test_payments_are_added_up() -> None:
    text = """
moves:
  - together:
      - {actor: a, options: {go: {pays: {a: 1, b: 2}}}}
      - {actor: b, options: {go: {pays: {a: 10, b: x - 3}, sets: {x: 3}}}}
"""
    answer = fd.solve(fd.loads(HEAD.replace("steps: 2", "steps: 1") + text), at="median")
    assert {name: value.mean for name, value in answer.values.items()} == {"a": 11.0, "b": -1.0}


def test_what_changes_nothing_makes_no_states() -> None:
    """A choice is noted only where it makes a difference to what follows."""
    text = """
moves:
  - together:
      - {actor: a, options: {wait: , stay: {sets: {x: x}}, go: {sets: {x: x + 1}}, also: {sets: {x: x + 1}}}}
      - {actor: b, options: {wait: , go: {sets: {y: 1}}}}
"""
    game = compile_game(fd.loads(HEAD + text))
    counts = list(game.structure.states_per_phase)
    assert counts[0] == 4  # x is 0 or 1, y is 0 or 1
    assert counts[1] == 8
    assert game.packing.notes == 6  # nothing, staying or going, times nothing or going
    assert [len(joint.turns) for joint in game.joints] == [2]


def test_two_moves_in_one_step_share_the_room_for_notes() -> None:
    text = """
moves:
  - together:
      - {actor: a, options: {wait: , go: {sets: {x: 1}}}}
      - {actor: b, options: {wait: , go: {sets: {y: 1}}}}
  - together:
      - {actor: a, name: a2, options: {wait: , go: {sets: {x: y}}}}
      - {actor: b, name: b2, options: {wait: , go: {when: x == 1, sets: {y: 2}}}}
"""
    game = compile_game(fd.loads(HEAD + text))
    assert game.packing.notes == 4
    assert [joint.reveal for joint in game.joints] == [2, 5]
    assert (game.structure.end_codes < game.packing.states).all()


def test_paths_name_turns_as_always() -> None:
    text = """
moves:
  - together:
      - {actor: a, options: {wait: , go: {sets: {x: 1}}}}
      - {actor: b, name: other, options: {wait: , go: {sets: {y: 1}}}}
"""
    case = fd.loads(HEAD + text)
    changed = case.with_changes({"moves.other.options.go.sets.y": 2, "moves.a.when": "step == 0"})
    assert changed.turns[1].options["go"].sets[0].value.constant == 2
    assert changed.turns[0].when is not None
    with pytest.raises(fd.CaseError) as caught:
        case.with_changes({"moves.nobody.when": "step == 0"})
    [item] = caught.value.diagnostics
    assert item.code == "F114"
    assert "`a`, `other`" in item.help


def test_histories_tell_what_each_has_done_and_changed() -> None:
    text = """
moves:
  - together:
      - {actor: a, options: {go: {sets: {x: y + 1}}}}
      - {actor: b, options: {go: {sets: {y: x + 2}}}}
"""
    [history] = fd.histories(fd.loads(HEAD + text), draws=1).histories
    told = [(h.step, h.name, [str(change) for change in h.changes]) for h in history.happenings]
    assert told[:2] == [(0, "a", ["x: 0 → 1"]), (0, "b", ["y: 0 → 2"])]
    assert told[2:] == [(1, "a", ["x: 1 → 3"]), (1, "b", ["y: 2 → 3"])]
    assert np.isclose(history.happenings[0].chance, 1.0)
