"""Sliders: rough answers are those of the first worlds, full ones are those of `solve`."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.analysis import live as live_module
from foederis.analysis.answers import Answer
from foederis.analysis.gallery import with_settings
from foederis.analysis.live import Live
from foederis.diagnostics import CaseError
from foederis.solve import engine, workshop
from foederis.solve.interrupts import interruptible
from tests.helpers import flat, only_mistake
from tests.typed import BREAKFAST

WORLDS = 32
CHANGES = {"quantities.p_fall": "30%", "quantities.stake": "4 to 9"}
WHAT_IFS = {
    "defence_pact": {"treaties.pact.provisions": "[defense]"},
    "weak_client": {"quantities.p_fall": "30% to 60%"},
}
SEEN = {"observed": "[{step: 0, patron: stand_aside}, {step: 0, truce: no, believed: 70%}]"}


@pytest.fixture(scope="module")
def patron() -> fd.Case:
    return fd.load("patron")


@pytest.fixture
def live(patron: fd.Case) -> Live:
    found = Live(patron)
    found.worlds = WORLDS
    return found


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "usual_draws", lambda case: 64)


def assert_same(one: Answer, other: Answer, without: tuple[str, ...] = ()) -> None:
    mine, theirs = flat(one), flat(other)
    theirs = {key: values for key, values in theirs.items() if key[0] not in without}
    assert mine.keys() == theirs.keys()
    for key, values in theirs.items():
        np.testing.assert_allclose(mine[key], values, rtol=0, atol=1e-12, err_msg=str(key))


def settings(changes: Mapping[str, str]) -> list[str]:
    return [f"{path}={text}" for path, text in changes.items()]


@pytest.mark.parametrize("changes", [{}, CHANGES, {"quantities.price_arms": "2"}, {"actors.patron.patience": "0.5"}])
def test_a_rough_answer_is_that_of_the_first_worlds(live: Live, patron: fd.Case, changes: dict[str, str]) -> None:
    live.rough({"quantities.p_fall": "11%"})  # whose game is used again where only numbers change
    expected = fd.solve(with_settings(patron, settings(changes)), draws=WORLDS)
    assert_same(live.rough(changes), expected, ("ever",))
    assert live.rough(changes).game_hash == expected.game_hash


def test_a_game_is_laid_out_again_only_where_its_form_changes(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    laboratory = live_module.Laboratory

    def make(*args: Any, **kwargs: Any) -> Any:
        made.append(args)
        return laboratory(*args, **kwargs)

    monkeypatch.setattr(live_module, "Laboratory", make)
    for changes in ({}, CHANGES, {"quantities.stake": "2"}):
        live.rough(changes)
    assert len(made) == 1
    for _ in range(2):
        live.rough(CHANGES, ["defence_pact"])
        live.rough({}, ["patron_comes"])
        live.rough({})
    assert len(made) == 3


def test_few_laboratories_are_kept(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "_KEPT", 2)
    for patience in ("0.5", "0.6", "0.7"):
        live.rough({"actors.patron.patience": patience})
    assert len(live._laboratories) == 2


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("on", [[], ["defence_pact"], ["weak_client", "defence_pact"]])
def test_a_full_answer_is_that_of_solve(live: Live, patron: fd.Case, on: list[str]) -> None:
    merged = {path: text for name in patron.whatifs if name in on for path, text in WHAT_IFS[name].items()}
    expected = fd.solve(with_settings(patron, settings({**merged, **CHANGES})), draws=64)
    assert_same(live.full(CHANGES, on), expected)


@pytest.mark.usefixtures("few_draws")
def test_a_full_answer_is_that_of_the_changed_file(live: Live, patron: fd.Case) -> None:
    text = patron.text.replace("5% to 20%", "30% to 40%")
    assert text != patron.text
    expected = fd.solve(fd.loads(text, filename=patron.filename), draws=64)
    assert_same(live.full({"quantities.p_fall": "30% to 40%"}), expected)


@pytest.mark.usefixtures("few_draws")
def test_under_imposed_moves_there_are_the_answers_to_the_questions(live: Live, patron: fd.Case) -> None:
    expected = fd.solve(with_settings(patron, settings(CHANGES)), draws=64, what_ifs=["patron_comes"])
    found = live.full(CHANGES, ["patron_comes"])
    rough = live.rough(CHANGES, ["patron_comes"])
    for answer, worlds in ((found, 64), (rough, WORLDS)):
        for name, reply in expected.what_ifs["patron_comes"].questions.items():
            np.testing.assert_allclose(answer.questions[name].draws, reply.draws[:worlds], rtol=0, atol=1e-12)
        assert not answer.values
        assert not answer.first_moves
        assert not answer.through_time
        assert answer.what_ifs["patron_comes"].imposed_open


def test_answers_in_the_worlds_of_another() -> None:
    case = fd.load("patron")
    expected = fd.solve(case, draws=WORLDS, seed=7)
    live = Live(case, like=expected)
    live.tune(1e9)  # any time will do: only the number of worlds is a limit
    assert (live.draws, live.worlds) == (WORLDS, WORLDS)
    assert_same(live.rough({}), expected, ("ever",))
    assert_same(live.full({}), expected)
    assert live.rough({}).seed == live.full(CHANGES).seed == 7


def test_answers_at_the_median() -> None:
    case = with_settings(fd.load("patron"), ["observed=[{step: 0, truce: yes}]"])
    expected = fd.solve(case, at="median")
    live = Live(case, like=expected)
    live.tune(1e9)
    assert_same(live.rough({}), expected, ("ever",))
    assert_same(live.full({}), expected)
    found = only_mistake(lambda: live.rough({"quantities.p_truce": "0"}))
    assert "at its median" in found.message


def test_rough_answers_given_observations_are_weighted() -> None:
    case = with_settings(fd.load("patron"), settings(SEEN))
    live = Live(case)
    live.worlds = WORLDS
    found = live.rough({"quantities.p_truce": "20%"})
    expected = fd.solve(with_settings(case, ["quantities.p_truce=20%"]), draws=WORLDS)
    assert expected.standing is not None
    assert expected.standing.moved is None  # or there would be nothing to compare with
    assert_same(found, expected, ("ever",))
    assert found.to_json()["observed"] == pytest.approx(expected.to_json()["observed"])
    assert "weighted by what was observed" in live.label


def test_what_only_more_worlds_can_answer_is_ready_all_the_same() -> None:
    live = Live(with_settings(fd.load("patron"), ["observed=[{step: 0, truce: yes}]", "quantities.p_truce=0"]))
    live.tune(1.0)
    assert live.worlds == 64


@pytest.mark.usefixtures("few_draws")
def test_full_answers_given_observations() -> None:
    case = with_settings(fd.load("patron"), settings(SEEN))
    expected = fd.solve(with_settings(case, settings(CHANGES)), draws=64)
    assert_same(Live(case).full(CHANGES), expected)


def test_what_was_observed_cannot_be_in_the_first_worlds() -> None:
    case = with_settings(fd.load("patron"), ["observed=[{step: 0, truce: yes}]"])
    found = only_mistake(lambda: Live(case).rough({"quantities.p_truce": "0"}))
    assert found.code == "F335"
    assert "first 4 worlds" in found.message


def test_types_on_the_coarsest_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "ROOMS", (4,))  # whose kernels compile sooner
    case = fd.loads(BREAKFAST)
    live = Live(case)
    assert live.label == "4 worlds, coarse beliefs"
    found = live.rough({"quantities.p_strong": "85%"})
    monkeypatch.setitem(engine.solve_game.__kwdefaults__, "nodes", 3)
    expected = fd.solve(with_settings(case, ["quantities.p_strong=85%"]), draws=4, block=4)
    assert_same(found, expected, ("ever",))
    assert found.beliefs == expected.beliefs


def test_the_number_of_worlds_follows_the_speed(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    costs = {4: 0.05, 8: 0.09, 16: 0.16, 32: 0.3, 64: 0.6}
    tried: list[int] = []

    def pretend(worlds: int, enough: float) -> float:
        live.worlds = worlds
        tried.append(worlds)
        return costs[worlds] * scale

    monkeypatch.setattr(live, "_try", pretend)
    chosen = {}
    for scale in (0.01, 0.25, 0.4, 1.0, 2.0, 100.0):
        live.tune(0.1)
        chosen[scale] = live.worlds
    assert chosen == {0.01: 64, 0.25: 32, 0.4: 16, 1.0: 8, 2.0: 4, 100.0: 4}
    assert min(tried) == 4


@pytest.mark.parametrize(("draws", "worlds"), [(7, 4), (2, 2)])
def test_slow_rough_answers_of_few_worlds(
    draws: int, worlds: int, patron: fd.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Live(patron, like=fd.solve(patron, draws=draws))

    def slow(worlds: int, enough: float) -> float:
        live.worlds = worlds
        return 100.0

    monkeypatch.setattr(live, "_try", slow)
    live.tune(0.1)
    assert live.worlds == worlds


def test_a_solve_ends_when_that_is_asked_for(live: Live) -> None:
    class Enough(Exception):
        pass

    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        if len(looks) == 3:
            raise Enough

    with interruptible(look), pytest.raises(Enough):
        live.full({})
    assert live.rough({}).draws == WORLDS  # and all goes on as before


def test_changes_that_mean_nothing(live: Live) -> None:
    assert only_mistake(lambda: live.rough({"quantities.p_fal": "3"})).code == "F114"
    assert only_mistake(lambda: live.rough({}, ["weak"])).code == "F109"
    with pytest.raises(CaseError):
        live.rough({"quantities.p_fall": "200%"})


def test_what_several_cores_do_counts_as_if_one_did_it(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = itertools.count(step=0.3)  # seconds, two cores in a moment
    monkeypatch.setattr(live, "rough", lambda *_: None)
    monkeypatch.setattr(live_module.time, "process_time", lambda: next(busy))
    assert live._try(8, 0.1) == pytest.approx(0.3)
