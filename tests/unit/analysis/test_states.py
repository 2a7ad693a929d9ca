from __future__ import annotations

import pytest

import foederis as fd
from foederis.analysis.states import parse_levels, read_levels, states_with
from foederis.game.compile import compile_game
from tests.helpers import EVERYTHING


def test_levels_are_read() -> None:
    assert parse_levels(" war = on , heat=2") == {"war": "on", "heat": "2"}
    assert read_levels(fd.loads(EVERYTHING), {"war": "pause", "heat": "2", "fallen": "yes"}) == {
        "war": 1,
        "heat": 2,
        "fallen": 1,
    }


@pytest.mark.parametrize("text", ["", "war", "war=", "=on", "war=on,", "war=on,war=over"])
def test_what_does_not_say_a_level(text: str) -> None:
    with pytest.raises(fd.CaseError) as caught:
        parse_levels(text)
    assert {item.code for item in caught.value.diagnostics} == {"F705"}


def test_all_mistakes_at_once() -> None:
    with pytest.raises(fd.CaseError) as caught:
        read_levels(fd.loads(EVERYTHING), {"wra": "on", "war": "pase", "heat": "3"})
    assert [(item.code, item.help) for item in caught.value.diagnostics][:2] == [
        ("F102", "did you mean `war`?"),
        ("F103", "did you mean `pause`?"),
    ]


def test_states_are_picked() -> None:
    game = compile_game(fd.loads(EVERYTHING))
    codes = game.phases[0].states.codes
    found = states_with(game.packing, codes, {"war": 0, "heat": 2})
    assert 0 < found.sum() < len(codes)
    assert (game.packing.digits(codes[found], "heat") == 2).all()
    assert (game.packing.digits(codes[found], "war") == 0).all()
    assert states_with(game.packing, codes, {}).all()
