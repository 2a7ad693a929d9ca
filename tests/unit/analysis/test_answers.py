"""Answers as numbers over draws."""

from __future__ import annotations

import json
import math
import sys

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.answers import Answer, Estimate, FirstTime, WhatIfAnswer, minus

HALF_DEFINED = Estimate(np.array([1.0, np.nan, 3.0, np.nan]), "bn USD")


@pytest.fixture(scope="module")
def answer() -> Answer:
    return fd.solve(fd.load("patron"), draws=32, what_ifs="all")


def test_mean_and_quantiles() -> None:
    estimate = Estimate(np.arange(101.0))
    assert (estimate.mean, estimate.p05, estimate.p50, estimate.p95) == (50, 5, 50, 95)
    assert estimate.left_out == 0
    assert estimate.to_json() == {"mean": 50, "p05": 5, "p50": 50, "p95": 95}


def test_draws_without_an_answer_are_left_out_and_counted() -> None:
    assert HALF_DEFINED.left_out == 2
    assert HALF_DEFINED.mean == HALF_DEFINED.p50 == 2
    nowhere = Estimate(np.full(3, np.nan))
    assert math.isnan(nowhere.mean)
    assert nowhere.to_json() == {"mean": None, "p05": None, "p50": None, "p95": None}


def test_differences_are_paired() -> None:
    difference = minus(Estimate(np.array([3.0, 1.0, np.nan]), "points"), Estimate(np.array([1.0, 2.0, 0.0])))
    assert isinstance(difference, Estimate)
    np.testing.assert_array_equal(difference.draws, [2, -1, np.nan])
    assert difference.unit == "points"


def test_first_times() -> None:
    first = FirstTime(np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([0.7, 0.3]))
    assert first.to_json() == {"by_step": pytest.approx([0.2, 0.3]), "never": 0.5}
    half = FirstTime(np.array([[0.1, 0.2], [np.nan, np.nan]]), np.array([0.7, np.nan]))
    assert half.left_out == 1
    assert half.to_json() == {"by_step": [0.1, 0.2], "never": 0.7}
    nowhere = FirstTime(np.full((2, 2), np.nan), np.full(2, np.nan))
    assert nowhere.to_json() == {"by_step": [None, None], "never": None}
    longer = minus(
        FirstTime(np.array([[0.1, 0.2, 0.3]]), np.array([0.4])), FirstTime(np.array([[0.1]]), np.array([0.9]))
    )
    assert isinstance(longer, FirstTime)
    assert longer.by_step.tolist() == [[0, 0.2, 0.3]]  # what a shorter play has not is never


def test_a_what_if_that_changes_nothing_says_so() -> None:
    same, other = Estimate(np.array([0.0, np.nan])), Estimate(np.array([0.0, 1e-30]))
    assert WhatIfAnswer("w", {}, {"q": same}).changes_nothing
    assert not WhatIfAnswer("w", {}, {"q": same, "p": other}).changes_nothing
    moved = FirstTime(np.array([[0.1, -0.1]]), np.array([0.0]))
    assert not WhatIfAnswer("w", {}, {"q": moved}).changes_nothing


def test_plain_data_has_exactly_the_promised_keys(answer: Answer) -> None:
    data = json.loads(json.dumps(answer.to_json(), allow_nan=False))
    assert list(data) == [
        "foederis", "case", "file_sha256", "draws", "seed", "at", "questions", "values", "first_moves", "through_time",
        "what_ifs", "check", "together", "types", "beliefs",
    ]  # fmt: skip
    quantiles = {"mean", "p05", "p50", "p95"}
    assert set(data["questions"]) == set(answer.case.questions)
    assert all(set(reply) == quantiles for reply in data["questions"].values())
    assert {actor: set(value) for actor, value in data["values"].items()} == dict.fromkeys(
        ("patron", "rival"), quantiles
    )
    assert set(data["first_moves"]["patron"]) == {"stand_aside", "send_arms", "intervene"}
    assert set(data["first_moves"]["rival"]["stop"]) == quantiles
    assert {name: set(levels) for name, levels in data["through_time"].items()} == {
        "war": {"on", "over"}, "help": {"words", "arms", "troops"}, "client_fallen": {"no", "yes"},
    }  # fmt: skip
    assert [len(series) for series in data["through_time"]["help"].values()] == [2, 2, 2]
    assert set(data["what_ifs"]) == {"defence_pact", "weak_client", "patron_comes"}
    for whatif in data["what_ifs"].values():
        assert set(whatif) == {"questions", "difference", "imposed_open", "asked_differently"}
        assert set(whatif["questions"]) == set(whatif["difference"]) == set(data["questions"])
    assert set(data["check"]) == {"residual", "regret"}
    assert data["file_sha256"] == answer.case.sha256
    assert (data["case"], data["foederis"], data["draws"], data["seed"], data["at"]) == (
        "patron", fd.__version__, 32, 0, None,
    )  # fmt: skip


def test_at_the_median_every_quantile_is_the_value() -> None:
    data = fd.solve(fd.load("patron"), at="median").to_json()
    assert data["at"] == "median"
    assert data["draws"] == 1
    for reply in (*data["questions"].values(), *data["values"].values(), *data["first_moves"]["patron"].values()):
        assert reply["mean"] == reply["p05"] == reply["p50"] == reply["p95"]


def test_first_moves_are_of_the_first_step(answer: Answer) -> None:
    """The rival's are certain to be made; the patron is asked only where the rival presses on."""
    rival, patron = answer.first_moves["rival"], answer.first_moves["patron"]
    np.testing.assert_allclose(sum(share.draws for share in rival.values()), 1, rtol=0, atol=1e-12)
    asked = sum(share.draws for share in patron.values())
    np.testing.assert_allclose(asked, rival["press_on"].draws, rtol=0, atol=1e-12)
    for option, ever in answer.ever_taken["patron"].items():
        assert (ever.draws >= patron[option].draws - 1e-15).all()


def test_columns_are_draws(answer: Answer) -> None:
    columns = answer.columns()
    assert {len(values) for values in columns.values()} == {32}
    assert {name.split(".")[0] for name in columns} == {"quantity", "question", "value", "loss", "what_if"}
    np.testing.assert_array_equal(columns["question.comes"], answer.questions["comes"].draws)
    np.testing.assert_array_equal(
        columns["what_if.weak_client.loss"], answer.what_ifs["weak_client"].questions["loss"].draws
    )


def test_first_times_in_columns() -> None:
    case = fd.load("deterrence").with_changes({"questions.war": {"first": "border == fought_over"}})
    columns = fd.solve(case, at="median").columns()
    parts = ["question.war.start", "question.war.step_0", "question.war.never"]
    assert [name for name in columns if name.startswith("question.war.")] == parts
    assert sum(columns[name][0] for name in parts) == pytest.approx(1)


def test_a_frame_needs_pandas_only_when_it_is_asked_for(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError):
        answer.to_frame()
    monkeypatch.undo()
    pandas = pytest.importorskip("pandas")
    frame = answer.to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.shape == (32, len(answer.columns()))


def test_how_an_answer_shows_itself(answer: Answer) -> None:
    assert "comes=" in repr(answer)
    assert "32 draws" in repr(answer)
    html = answer._repr_html_()
    assert "<table>" in html
    assert "32 draws" in html


def test_what_a_file_says_is_escaped_in_a_notebook() -> None:
    says = "<script>alert(1)</script> & more"
    case = fd.load("deterrence").with_changes({"questions.war.says": f"'{says}'", "title": "'<b>bold</b>'"})
    html = fd.solve(case, at="median")._repr_html_()
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
