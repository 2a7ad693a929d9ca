"""Games that are laid out once for several solves."""

from __future__ import annotations

import gc
import weakref

import pytest

import foederis as fd
from foederis.analysis import prepared
from foederis.analysis.prepared import Prepared
from foederis.game.compile import compile_game
from tests.unit.language.texts import case_of, text_of

MANY = 2_000_000
TURNED = {"quantities.stake": "6 to 30"}
OTHERWISE = {"events.fall.chance": "stake / 100"}


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The games that are laid out."""
    from foederis.solve import layout

    found: list[object] = []
    real = layout.lay_out
    monkeypatch.setattr(layout, "lay_out", lambda game: found.append(game) or real(game))
    return found


def test_a_game_is_laid_out_once_for_all_worlds(laid_out: list[object]) -> None:
    case = case_of()
    for again in (case, case, case.with_changes(TURNED)):
        fd.solve(again, draws=8)
    assert len(laid_out) == 1
    fd.solve(case.with_changes(OTHERWISE), draws=8)
    assert len(laid_out) == 2
    fd.solve(case, draws=8)
    assert len(laid_out) == 2
    fd.solve(case_of(), draws=8)  # read anew
    assert len(laid_out) == 3


@pytest.mark.parametrize("changes", [TURNED, OTHERWISE])
def test_answers_are_the_same_to_the_last_bit(changes: dict[str, str]) -> None:
    case = case_of()
    fd.solve(case, draws=16)
    fresh, again = (fd.solve(one.with_changes(changes), draws=16) for one in (case_of(), case))
    assert fresh.to_json() == again.to_json()
    assert fresh.game_hash == again.game_hash == compile_game(case_of().with_changes(changes)).hash
    assert fresh.game_hash != fd.solve(case, draws=16).game_hash


def test_an_impossible_number_is_placed_in_the_case_that_has_it() -> None:
    case = case_of(interests="{patron: {spared: {worth: 1 / (stake - 5), paid: at_end}}}")
    assert fd.solve(case, draws=4).check.residual < 1e-9
    with pytest.raises(fd.CaseError, match="the interest `spared` of `patron` is inf"):
        fd.solve(case.with_changes({"quantities.stake": "5"}), draws=4)


@pytest.mark.parametrize("what", ["large", "typed", "limit"])
def test_what_is_not_kept(what: str, laid_out: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    case = fd.load("kremlin_hint").with_changes({"clock.steps": 1}) if what == "typed" else case_of()
    if what == "large":
        monkeypatch.setattr(prepared, "FEW", 1)
    for most in (MANY, MANY - 1 if what == "limit" else MANY):
        Prepared(case, most).layout()
    assert len(laid_out) == 2


def test_only_a_few_are_kept_and_only_with_their_case(laid_out: list[object]) -> None:
    case = fd.loads(text_of())
    for percent in range(9):
        Prepared(case.with_changes({"events.fall.chance": f"{percent}%"}), MANY).layout()
    assert case.memory is not None
    assert len(prepared._layouts[case.memory]) == 4
    memory = weakref.ref(case.memory)
    Prepared(case.with_changes({"events.fall.chance": "8%"}), MANY).layout()
    assert len(laid_out) == 9
    del case
    laid_out.clear()
    gc.collect()
    assert memory() is None
