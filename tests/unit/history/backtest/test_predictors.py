"""Nothing is known too early: each predictor's day, and the same values out of files that end on that day."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foederis.history.backtest import predictors, questions
from foederis.history.backtest.held_back import held_back
from foederis.history.backtest.predictors import PREDICTORS, known
from foederis.history.backtest.questions import Question
from foederis.history.datasets import load

pytestmark = pytest.mark.usefixtures("shared_data")

# What the question itself says: who fights on the day, and of a pact made on that day its terms and members.
ON_THE_DAY = {"hostile", "drawn", "joined", "began", "settled", "together"}
OF_THE_PACT = {
    "only_peace", "defense", "offense", "neutrality", "nonaggression", "conditional", "asymmetric", "military",
    "wartime", "members", "age",
}  # fmt: skip


def one(war: str, alliance: int) -> Question:
    [found] = [q for q in questions.questions() if q.war_name.startswith(war) and q.alliance == alliance]
    return found


def test_every_predictor_was_known_the_day_before() -> None:
    for question in questions.questions():
        for name, piece in known(question).items():
            if name in ON_THE_DAY:
                assert piece.on == question.asked, (question, name)
            elif question.wartime and name in OF_THE_PACT:
                assert question.began < piece.on <= question.asked, (question, name)
            else:
                assert piece.on < question.asked, (question, name)
                assert question.wartime or piece.on < question.began, (question, name)


def test_disputes_are_looked_at_in_the_same_way() -> None:
    early = held_back(1860)
    assert early
    for question in early:
        assert question.kept is None
        pieces = known(question)
        assert all(piece.on < question.began for name, piece in pieces.items() if name not in ON_THE_DAY)


def ending(day: np.datetime64) -> Callable[[str], Any]:
    """The files as they would have been on the morning of a day: later rows are not there, and ends not yet known."""

    def cut(name: str) -> Any:
        frame = load(name)
        year = int(str(day)[:4])
        if name == "rivalries":
            frame = frame[frame["start"] < year]
            return frame.assign(end=frame["end"].mask(frame["end"] >= year, 9999))
        if "year" in frame:
            frame = frame[frame["year"] < year]
        if "start" in frame:
            frame = frame[frame["start"] <= pd.Timestamp(day)]
        if "end" in frame:
            frame = frame.assign(end=frame["end"].mask(frame["end"] >= pd.Timestamp(day)))
        return frame

    return cut


@pytest.mark.parametrize(
    ("war", "alliance"),
    [
        ("Crimean", 1175),
        ("WorldWarI", 1350),
        ("WorldWarII", 2060),
        ("WorldWarII", 2550),
        ("Sinai", 3205),
        ("Iraq", 3205),
    ],
)
def test_what_came_later_changes_nothing(monkeypatch: pytest.MonkeyPatch, war: str, alliance: int) -> None:
    question = one(war, alliance)
    before = known(question)
    monkeypatch.setattr(predictors, "load", ending(question.asked))
    predictors._world.cache_clear()
    try:
        assert known(question) == before
    finally:
        predictors._world.cache_clear()


def values(war: str, alliance: int) -> dict[str, float]:
    return {name: piece.value for name, piece in known(one(war, alliance)).items()}


def test_the_triple_alliance_in_1914() -> None:
    found = values("WorldWarI", 1350)
    assert list(found) == list(PREDICTORS)
    assert found["members"] == pytest.approx(math.log(3))
    assert (found["joined"], found["began"], found["major"]) == (pytest.approx(1 / 3), 1.0, 1.0)
    assert (found["hostile"], found["settled"], found["drawn"]) == (0.0, 0.0, 0.0)
    power = load("nmc-6").set_index(["state", "year"])["cinc"]
    austria, serbia, germany, italy = (power[state, 1913] for state in (300, 345, 255, 325))
    assert found["balance"] == pytest.approx(austria / (austria + serbia))
    helped = austria + germany + italy
    assert found["difference"] == pytest.approx(helped / (helped + serbia) - found["balance"])


def test_what_the_coding_decides() -> None:
    assert values("Football", 3075)["settled"] == 1.0  # both states are members of the Rio pact
    assert values("Kargil", 3705)["only_peace"] == values("Kargil", 3705)["settled"] == 1.0
    assert values("FirstBalkan", 1470)["together"] == 1.0
    assert values("WorldWarII", 2060)["together"] == 0.0
    for question in questions.questions():
        pieces = known(question)
        if pieces["settled"].value:
            assert not question.kept, question


def test_a_state_without_data_counts_little() -> None:
    assert predictors.power_of([999_999], 1900) == pytest.approx(1e-5)


def test_a_rivalry_counts_while_it_goes_on() -> None:
    """Britain and Germany were rivals from 1896 to 1918: in 1895 not yet, at the end of 1918 no longer."""
    rows = load("rivalries")
    [(start, end)] = rows[rows["rivalry"].eq("Britain-Germany 1")][["start", "end"]].to_numpy().tolist()
    both = frozenset({200}), frozenset({255})
    years = (start - 1, start, end - 1, end)
    assert [predictors.any_rivals(*both, year) for year in years] == [False, True, True, False]
