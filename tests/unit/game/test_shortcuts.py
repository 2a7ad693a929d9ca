"""What the structure alone tells of a question."""

from __future__ import annotations

import numpy as np

from foederis.game.compile import Game, compile_game
from foederis.game.shortcuts import lasting, taken_once
from tests.helpers import EVERYTHING
from tests.unit.language.texts import case_of


def game_of(moves: str, steps: int = 3, events: str | None = None) -> Game:
    sections = {"interests": None, "questions": None, "clock": f"{{step: 1 week, steps: {steps}}}"}
    return compile_game(case_of(moves=moves, events=events, **sections))


def once(game: Game) -> set[str]:
    return {
        f"{phase.name}.{branch}"
        for place, phase in enumerate(game.phases)
        for row, branch in enumerate(phase.branches)
        if taken_once(game.structure, place, row)
    }


def test_options_that_close_the_door_behind_them() -> None:
    moves = """
        - actor: patron
          options: {send: {when: help == words, sets: {help: arms}}, wait: {}}
        - actor: rival
          when: war == on
          options: {press: {}, stop: {sets: {war: over}}}
    """
    assert once(game_of(moves)) == {"patron.send", "rival.stop"}
    assert once(game_of(moves, steps=1)) == {"patron.send", "patron.wait", "rival.press", "rival.stop"}


def test_a_door_that_something_else_opens_again() -> None:
    moves = "[{actor: patron, options: {send: {when: help == words, sets: {help: arms}}, wait: {}}}]"
    events = "{lost: {when: help == arms, chance: chance, sets: {help: words}}}"
    assert once(game_of(moves, events=events)) == set()
    assert once(game_of(moves, steps=1, events=events)) == {"patron.send", "patron.wait", "lost.lost"}


def test_two_turns_of_one_actor_in_a_step() -> None:
    moves = """
        - {actor: patron, name: early, options: {stop: {when: war == on, sets: {war: over}}, wait: {}}}
        - {actor: patron, name: late, options: {stop: {when: war == on, sets: {war: over}}, wait: {}}}
    """
    assert once(game_of(moves, steps=2)) == {"early.stop", "late.stop"}


def test_states_of_the_last_step_lead_nowhere() -> None:
    """What is first met at the end of the last step has no next step, and so reopens nothing."""
    assert "patron.send_arms" in once(compile_game(_everything()))


def _everything():  # type: ignore[no-untyped-def]
    from foederis import loads

    return loads(EVERYTHING)


def test_conditions_that_never_end() -> None:
    moves = """
        - actor: patron
          options: {send: {sets: {help: arms}}, up: {sets: {count: count + 1}}, down: {sets: {count: count - 1}}}
    """
    game = game_of(moves)
    ends = game.structure.end_codes
    assert lasting(game.structure, game.packing.digits(ends, "help") == 1)
    assert not lasting(game.structure, game.packing.digits(ends, "help") == 0)
    assert not lasting(game.structure, game.packing.values(ends, "count") >= 1)
    assert lasting(game.structure, game.packing.values(ends, "count") >= 0)
    assert lasting(game.structure, np.zeros(len(ends), dtype=bool))
    # At the end of the last of three steps, and nowhere earlier: it cannot end again.
    assert lasting(game.structure, game.packing.values(ends, "count") == 3)
