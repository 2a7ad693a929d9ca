"""Parts of the answer as text; the whole of it is in tests/golden."""

from __future__ import annotations

import pytest

import foederis as fd
from foederis.report.text import is_share, moment, question_text
from tests.helpers import EVERYTHING
from tests.unit.language.texts import case_of


def test_questions_in_plain_words() -> None:
    questions = fd.loads(EVERYTHING).questions
    assert question_text(questions["falls"]) == "falls (at the end: fallen)"
    assert question_text(questions["when_hot"]).startswith("when_hot (first time: ")
    assert question_text(questions["arms"]) == "arms (taken at some time: patron.send_arms)"
    assert question_text(fd.load("deterrence").questions["war"]) == "Is there war?"
    assert [name for name, question in questions.items() if not is_share(question)] == [
        "loss", "loss_if_it_comes", "loss_if_it_comes_by_step",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("clock", "places"),
    [
        (
            "{start: 2030-01-01, step: 1 week, steps: 4}",
            ["at the start", "step 0, by 2030-01-08", "step 3, by 2030-01-29"],
        ),
        ("{step: 1 week, steps: 4}", ["at the start", "end of step 0", "end of step 3"]),
        ("{start: 9999-12-30, step: 1 year, steps: 4}", ["at the start", "end of step 0", "end of step 3"]),
    ],
)
def test_moments(clock: str, places: list[str]) -> None:
    case = case_of(clock=clock)
    assert [moment(case, place) for place in (0, 1, 4)] == places
