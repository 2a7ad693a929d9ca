"""A case laid out once and solved in chosen worlds says what `solve` says in the same worlds."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.answers import Estimate
from foederis.analysis.lab import Laboratory
from foederis.language.sampling import draw_quantities
from tests.helpers import EVERYTHING


@pytest.fixture(scope="module")
def case() -> fd.Case:
    return fd.loads(EVERYTHING)


@pytest.fixture(scope="module")
def answer(case: fd.Case) -> fd.Answer:
    return fd.solve(case, draws=8, what_ifs="all")


def plain(replies: dict[str, fd.Estimate | fd.FirstTime]) -> dict[str, np.ndarray]:
    return {name: reply.draws for name, reply in replies.items() if isinstance(reply, Estimate)}


def test_it_answers_as_solve_does(case: fd.Case, answer: fd.Answer) -> None:
    lab = Laboratory(case, case.questions)
    found = lab.ask(draw_quantities(case, 8), 8)
    expected = plain(dict(answer.questions))
    assert set(found) == set(expected)
    for name, numbers in expected.items():
        np.testing.assert_allclose(found[name], numbers, rtol=0, atol=1e-12)
    assert 0 < lab.residual < 1e-9


def test_what_ifs_too(case: fd.Case, answer: fd.Answer) -> None:
    for whatif in case.whatifs.values():
        lab = Laboratory(case, case.questions, whatif=whatif)
        found = lab.ask(draw_quantities(lab.case, 8), 8)
        for name, numbers in plain(dict(answer.what_ifs[whatif.name].questions)).items():
            np.testing.assert_allclose(found[name], numbers, rtol=0, atol=1e-12)


def test_imposed_what_ifs_beside_the_case(case: fd.Case, answer: fd.Answer) -> None:
    whatif = case.whatifs["comes_now"]
    lab = Laboratory(case, case.questions, imposed=[whatif])
    worlds = draw_quantities(case, 8)
    [beside] = lab.solve(worlds, 8).plans
    expected = plain(dict(answer.what_ifs["comes_now"].questions))
    for name, numbers in expected.items():
        np.testing.assert_allclose(beside.questions[name], numbers, rtol=0, atol=1e-12)
    falls = plain(dict(answer.questions))["falls"]
    np.testing.assert_allclose(lab.ask(worlds, 8)["falls"], falls, rtol=0, atol=1e-12)  # of the case itself


def test_classes_of_final_states(case: fd.Case, answer: fd.Answer) -> None:
    """Their probabilities sum to those of the variables that they sort by, in every block."""
    lab = Laboratory(case, [], imposed=[case.whatifs["comes_now"]])
    levels = lab.game.asked.levels["war"]
    found = lab.solve(draw_quantities(case, 8), 8, classes=levels)
    expected = np.stack([answer.through_time["war"][level][:, -1] for level in ("on", "pause", "over")], axis=1)
    np.testing.assert_allclose(found.baseline.endings, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.plans[0].endings.sum(axis=1), 1, atol=1e-12)
    assert np.abs(found.plans[0].endings - expected).max() > 0.01
    assert lab.solve(draw_quantities(case, 8), 8).baseline.endings.shape == (8, 0)


def test_only_what_is_asked_is_answered_and_worlds_are_the_callers(case: fd.Case) -> None:
    name = next(name for name, question in case.questions.items() if question.form == "takes")
    lab = Laboratory(case, [name])
    worlds = draw_quantities(case, 8)
    forwards = lab.ask(worlds, 8)
    backwards = lab.ask({quantity: values[::-1] for quantity, values in worlds.items()}, 8)
    assert list(forwards) == [name]
    np.testing.assert_allclose(backwards[name][::-1], forwards[name], rtol=0, atol=1e-12)
    assert len(np.unique(forwards[name])) > 1
    assert lab.solve(worlds, 8).ever == {}


def test_an_impossible_world_is_refused(case: fd.Case) -> None:
    lab = Laboratory(case, list(case.questions)[:1])
    worlds = {name: np.full(2, np.nan) for name in draw_quantities(case, 2)}
    with pytest.raises(fd.CaseError):
        lab.ask(worlds, 2)
