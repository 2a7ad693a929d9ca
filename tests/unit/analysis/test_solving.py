"""From a case to its answer."""

from __future__ import annotations

import math

import numpy as np
import pytest

import foederis as fd
from foederis.analysis import accepting
from foederis.language.case import Case
from tests.helpers import EVERYTHING, compilations
from tests.unit.language.texts import case_of


@pytest.fixture(scope="module")
def deterrence() -> Case:
    return fd.load("deterrence")


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@pytest.mark.parametrize(("what_if", "yielding"), [(None, -5.0), ("tied_hands", -7.0)])
def test_deterrence_as_its_comment_works_it_out(deterrence: Case, what_if: str | None, yielding: float) -> None:
    resist = logistic(0.5 * (-3 - yielding))
    cross_worth = resist * -6 + (1 - resist) * 4
    cross = logistic(0.5 * cross_worth)
    answer = fd.solve(deterrence, draws=2, what_ifs="all")
    questions = answer.what_ifs[what_if].questions if what_if else answer.questions
    expected = {"crosses": cross, "war": cross * resist, "taken": cross * (1 - resist), "stands": resist}
    assert {name: reply.mean for name, reply in questions.items()} == pytest.approx(expected, abs=1e-14)
    if what_if is None:
        assert answer.values["challenger"].mean == pytest.approx(cross * cross_worth)
        assert answer.values["defender"].mean == pytest.approx(cross * (resist * -3 + (1 - resist) * yielding))
        assert answer.noise["challenger"].mean == pytest.approx(-cross * cross_worth)
        assert answer.noise["defender"].mean == pytest.approx(cross * (1 - resist) * (-3 - yielding))
        assert f"{cross:.4f} {cross * resist:.4f}" == "0.1604 0.1173"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"draws": 0}, "draws must be a whole number from 1 to 1,048,576"),
        ({"draws": 2**20 + 1}, "draws must be"),
        ({"seed": -1}, "seed must be 0 or more"),
        ({"at": "mean"}, "`mean` is no place to solve at"),
        ({"what_ifs": ["tied_hand"]}, "there is no what-if `tied_hand`"),
    ],
)
def test_arguments_that_mean_nothing(deterrence: Case, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.solve(deterrence, **arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_unknown_what_ifs_are_all_named(deterrence: Case) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.solve(deterrence, what_ifs=["tied_hand", "tied_hands", "other"])
    assert [item.message for item in caught.value.diagnostics] == [
        "there is no what-if `tied_hand`", "there is no what-if `other`",
    ]  # fmt: skip
    assert caught.value.diagnostics[0].help == "did you mean `tied_hands`?"


def test_what_ifs_by_name(deterrence: Case) -> None:
    assert list(fd.solve(deterrence, at="median").what_ifs) == []
    for names in ("tied_hands", ["tied_hands"], "all", ["tied_hands", "tied_hands"]):
        assert list(fd.solve(deterrence, at="median", what_ifs=names).what_ifs) == ["tied_hands"]


def test_what_ifs_stand_in_the_order_asked_for() -> None:
    names = ["comes_now", "weak"]
    assert list(fd.solve(fd.loads(EVERYTHING), draws=8, what_ifs=names).what_ifs) == names


def test_a_change_and_an_imposed_move_together() -> None:
    """The changed case is solved, and the move is made in it."""
    case = fd.loads(EVERYTHING)
    both = {"set": {"quantities.p_fall": "30% to 60%"}, "imposed": [{"step": 0, "patron": "intervene"}]}
    case = case.with_changes({"whatifs": {"both": both, "weak": {"set": both["set"]}}})
    answer = fd.solve(case, draws=8, what_ifs="all")
    both_found, weak = answer.what_ifs["both"], answer.what_ifs["weak"]
    [opened] = both_found.imposed_open.values()
    assert list(both_found.imposed_open) == ["patron.intervene in step 0"]
    assert (opened.draws > 0.5).all()
    assert (both_found.questions["comes"].draws > weak.questions["comes"].draws).all()
    alone = fd.solve(case.with_changes({"quantities.p_fall": "30% to 60%"}), draws=8, what_ifs=[])
    np.testing.assert_array_equal(alone.questions["falls"].draws, weak.questions["falls"].draws)


def test_a_what_if_that_asks_other_questions() -> None:
    changes = {"quantities.lost_face": 2, "questions.taken": {"first": "border == taken"}}
    case = fd.load("deterrence").with_changes({"whatifs.tied_hands.set": changes})
    answer = fd.solve(case, at="median", what_ifs="all")
    found = answer.what_ifs["tied_hands"]
    assert isinstance(found.questions["taken"], fd.FirstTime)
    assert set(found.difference) == {"crosses", "war", "stands"}
    assert set(answer.to_json()["what_ifs"]["tied_hands"]["difference"]) == {"crosses", "war", "stands"}
    assert found.asked_differently == ("taken",)


def test_another_form_or_condition_of_a_question_is_told() -> None:
    changes = {
        "tied_hands": {"quantities.lost_face": 2},
        "eventually": {"questions.taken": {"eventually": "border == taken"}},
        "given": {"questions.war.given": "border == taken"},
    }
    case = fd.load("deterrence").with_changes({"whatifs": {name: {"set": change} for name, change in changes.items()}})
    answer = fd.solve(case, at="median", what_ifs="all")
    assert {name: found.asked_differently for name, found in answer.what_ifs.items()} == {
        "tied_hands": (),
        "eventually": ("taken",),
        "given": ("war",),
    }
    assert "taken" not in answer.what_ifs["eventually"].difference
    assert "war" in answer.what_ifs["given"].difference
    data = answer.to_json()["what_ifs"]
    assert data["given"]["asked_differently"] == ["war"]
    assert data["given"]["imposed_open"] == {}


def test_a_what_if_that_plays_longer() -> None:
    case = fd.load("deterrence").with_changes(
        {"questions.taken": {"first": "border == taken"}, "whatifs.tied_hands.set": {"clock.steps": 2}}
    )
    difference = fd.solve(case, at="median", what_ifs="all").what_ifs["tied_hands"].difference["taken"]
    assert isinstance(difference, fd.FirstTime)
    assert difference.by_step.shape == (1, 3)
    assert difference.by_step.sum() + difference.never.sum() == pytest.approx(0, abs=1e-12)


def test_progress_tells_what_is_being_solved() -> None:
    seen: list[tuple[str, int, int]] = []
    fd.solve(fd.loads(EVERYTHING), draws=40, what_ifs=["weak"], block=32, progress=lambda *news: seen.append(news))
    baseline, weak = ([done for name, done, all_ in seen if name == which] for which in ("baseline", "weak"))
    assert {name for name, _, _ in seen} == {"baseline", "weak"}
    assert {all_ for *_, all_ in seen} == {40}
    for told in (baseline, weak):
        assert len(told) > 1
        assert told == sorted(set(told))
        assert told[-1] == 40


def test_a_probability_above_one_in_some_draw() -> None:
    """The message names the draw's quantities, as `solve` draws them."""
    case = case_of(
        quantities="{weight: 0.5 to 2, other: 1 to 2}", events="{fall: {chance: 0.2 * weight, sets: {fallen: yes}}}",
        interests=None,
    )  # fmt: skip
    with pytest.raises(fd.CaseError) as caught:
        fd.solve(case, draws=2**14)
    [item] = caught.value.diagnostics
    assert item.code == "F305"
    assert item.message.startswith("the chance of the event `fall` is 1.")
    draw = int(item.message.split("in draw ")[1].split(" ")[0])
    weight = float(item.message.split("weight = ")[1].split(")")[0])
    assert draw > 0
    assert 0.2 * weight == pytest.approx(
        float(item.message.split("`fall` is ")[1].split(",")[0].split(" ")[0]), rel=1e-4
    )
    assert "other" not in item.message
    assert caught.value.filename == "small.yaml"


def test_a_mistake_of_a_what_if_names_it() -> None:
    case = case_of(whatifs="{sure: {set: {events.fall.chance: 1.5 * stake}}}")
    with pytest.raises(fd.CaseError) as caught:
        fd.solve(case, draws=8, what_ifs="all")
    [item] = caught.value.diagnostics
    assert (item.code, item.context) == ("F305", "the what-if `sure`")


def test_an_untrustworthy_solution_is_no_answer(deterrence: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "RESIDUAL_LIMIT", -1.0)
    with pytest.raises(fd.ResidualError, match="not to be trusted"):
        fd.solve(deterrence, at="median")
    monkeypatch.setattr(accepting, "RESIDUAL_LIMIT", math.nan)  # no comparison with it holds, as with a nan residual
    with pytest.raises(fd.ResidualError):
        fd.solve(deterrence, at="median")


def test_states_have_a_limit(deterrence: Case) -> None:
    with pytest.raises(fd.CaseError, match="more than 2 states"):
        fd.solve(deterrence, max_states=2)


def test_more_draws_compile_nothing(deterrence: Case) -> None:
    fd.solve(deterrence, draws=64)
    with compilations() as compiled:
        fd.solve(deterrence, draws=96)
    assert not compiled


def test_a_question_that_has_no_answer_in_some_draws() -> None:
    """Where rationality makes crossing impossible in floating point, nothing is known of what follows it."""
    case = fd.load("deterrence").with_changes(
        {"quantities.prize": "choice(4 = 50%, -9000 = 50%)", "quantities.war_hurts_challenger": 9000}
    )
    stands = fd.solve(case, draws=8).questions["stands"]
    assert stands.left_out in (4, 8)
