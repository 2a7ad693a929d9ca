"""What-ifs switched on together, and numbers set by hand."""

from __future__ import annotations

from typing import Any

import pytest

import foederis as fd
from foederis.analysis.gallery import with_settings
from foederis.analysis.switched import refuse_moves, switch
from foederis.game.compile import compile_game
from tests.helpers import only_mistake

WHAT_IFS = """
whatifs:
  first: {set: {quantities.p_fall: 30%, quantities.stake: "8"}}
  comes: {imposed: [{step: 0, patron: intervene}]}
  second: {set: {quantities.p_fall: 40%}, imposed: [{step: 1, patron: stand_aside}]}
  stays: {imposed: [{step: 0, patron: stand_aside}]}
"""


@pytest.fixture(scope="module")
def case() -> fd.Case:
    text = fd.load("patron").text
    before, rest = text[: text.index("whatifs:")], text[text.index("claims:") :]
    assert rest
    return fd.loads(before + WHAT_IFS.lstrip())


def hashed(case: fd.Case) -> str:
    return compile_game(case).hash


def moves(switched: Any) -> list[tuple[int, str, str]]:
    return [(move.step, move.turn, move.option) for move in switched.moves.imposed]


def test_nothing_changed_is_the_file(case: fd.Case) -> None:
    found = switch(case, {}, [])
    assert found.case is case
    assert found.moves is None


def test_what_ifs_are_applied_in_the_order_of_the_file(case: fd.Case) -> None:
    for on in (["first", "second"], ["second", "first"]):
        found = switch(case, {}, on)
        assert hashed(found.case) == hashed(with_settings(case, ["quantities.p_fall=40%", "quantities.stake=8"]))


def test_what_is_set_by_hand_wins(case: fd.Case) -> None:
    found = switch(case, {"quantities.p_fall": "11%"}, ["first", "second"])
    assert hashed(found.case) == hashed(with_settings(case, ["quantities.p_fall=11%", "quantities.stake=8"]))


def test_a_what_if_that_is_named_all_is_one_like_any_other(case: fd.Case) -> None:
    named = fd.loads(case.text.replace("  first: {", "  all: {"))
    found = switch(named, {}, ["all"])
    assert hashed(found.case) == hashed(with_settings(named, ["quantities.p_fall=30%", "quantities.stake=8"]))
    assert found.moves is None
    assert only_mistake(lambda: switch(case, {}, ["all"])).code == "F109"


def test_a_text_that_is_no_value_is_told_with_its_path(case: fd.Case) -> None:
    mistake = only_mistake(lambda: switch(case, {"quantities.p_fall": "{30%"}, []))
    assert mistake.context == "quantities.p_fall={30%"


def test_imposed_moves_come_together(case: fd.Case) -> None:
    found = switch(case, {}, ["second", "comes"])
    assert moves(found) == [(0, "patron", "intervene"), (1, "patron", "stand_aside")]
    assert found.moves is not None
    assert found.moves.name == "comes and second"
    assert found.case.whatifs["comes and second"] == found.moves
    assert not found.moves.changes


def test_one_what_if_keeps_its_name_and_only_its_moves(case: fd.Case) -> None:
    found = switch(case, {}, ["second"])
    assert moves(found) == [(1, "patron", "stand_aside")]
    assert not found.case.whatifs["second"].changes  # they are in the case already


def test_moves_that_contradict_each_other(case: fd.Case) -> None:
    found = only_mistake(lambda: switch(case, {}, ["comes", "stays"]))
    assert found.code == "F006"
    assert "`comes` and `stays` impose different moves on `patron` at step 0" in found.message
    assert "switch one of them off" in found.help


def test_moves_that_a_change_has_made_impossible(case: fd.Case) -> None:
    found = only_mistake(lambda: switch(case, {"clock.steps": "1"}, ["second"]))
    assert found.code == "F213"
    assert "step 1, which is not played" in found.message


def test_changes_that_mean_nothing_say_what_was_changed(case: fd.Case) -> None:
    found = only_mistake(lambda: switch(case, {"quantities.p_fal": "1"}, ["first"]))
    assert found.code == "F114"
    assert found.context == "the what-if `first`, quantities.p_fal"
    assert only_mistake(lambda: switch(case, {}, ["frist"])).code == "F109"


def test_who_cannot_look_at_moves_says_so(case: fd.Case) -> None:
    found = switch(case, {}, ["comes"])
    refuse_moves(None, "this")
    mistake = only_mistake(lambda: refuse_moves(found.moves, "`claims`"))
    assert "`claims` cannot look at imposed moves, and comes imposes some" in mistake.message
