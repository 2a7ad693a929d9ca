"""What observations have changed, held against leaving each of them out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import foederis as fd
from foederis.analysis import posterior
from foederis.language.news import add_observed

PATRON = fd.load("patron")
SEEN = [
    {"step": 0, "patron": "stand_aside"},
    {"step": 0, "rival": "press_on", "believed": "70%"},
    {"step": 0, "fall": "no", "believed": "60%"},
    {"step": 1, "state": {"war": "on"}},
]
DRAWS = 128


def mean(answer: fd.Answer, name: str) -> float:
    reply = answer.questions[name]
    assert isinstance(reply, fd.Estimate)
    return reply.mean


@pytest.fixture(scope="module")
def found() -> fd.Update:
    return fd.update(PATRON, SEEN, draws=DRAWS, between=["stake > 10"])


def test_before_and_after(found: fd.Update) -> None:
    before, after = fd.solve(PATRON, draws=DRAWS), fd.solve(add_observed(PATRON, SEEN), draws=DRAWS)
    for row in found.rows():
        assert row["before_mean"] == pytest.approx(mean(before, row["question"]), abs=1e-12)
        assert row["after_mean"] == pytest.approx(mean(after, row["question"]), abs=1e-12)
    np.testing.assert_allclose(found.before.losses["power_plant"].draws, before.losses["power_plant"].draws)
    assert found.answer.weights is not None
    np.testing.assert_allclose(found.answer.weights, after.weights)


@pytest.mark.parametrize("place", range(len(SEEN)))
def test_without_each_of_them(found: fd.Update, place: int) -> None:
    rest = [item for number, item in enumerate(SEEN) if number != place]
    other = fd.solve(add_observed(PATRON, rest), draws=DRAWS)
    weighed = found.weighed[place]
    for name in ("comes", "intervenes", "loss"):
        reply = weighed.without[name]
        assert isinstance(reply, fd.Estimate)
        assert reply.mean == pytest.approx(mean(other, name), abs=1e-12)
    now, without = mean(found.answer, "comes"), mean(other, "comes")
    assert weighed.ratios["comes"] == pytest.approx(now / (1 - now) / (without / (1 - without)))
    assert found.answer.standing is not None
    assert other.standing is not None
    logs = found.answer.standing.to_json()["log_evidence"], other.standing.to_json()["log_evidence"]
    assert weighed.expected == pytest.approx(np.exp(logs[0] - logs[1]))
    assert other.weights is not None
    high = found.answer.quantities["stake"] > 10
    after = np.average(high, weights=found.answer.weights)
    before = np.average(high, weights=other.weights)
    assert weighed.between["stake > 10"] == pytest.approx(after / (1 - after) / (before / (1 - before)))


def test_how_likely_a_report_is_true(found: fd.Update) -> None:
    """The report that the client has not fallen: as its being certain is to its being as it was."""
    assert [item.credence is None for item in found.weighed] == [True, False, False, True]
    case = add_observed(PATRON, SEEN)
    certain = replace(
        case, observed=tuple(replace(item, believed=1.0) if i == 2 else item for i, item in enumerate(case.observed))
    )
    logs = [fd.solve(each, draws=DRAWS).standing for each in (certain, case)]
    true, all_ = (item.to_json()["log_evidence"] for item in logs if item)
    assert found.weighed[2].credence == pytest.approx(0.8 * np.exp(true - all_))  # 60 % and half of the rest
    assert found.weighed[1].credence == pytest.approx(1)  # the patron could not have stood aside otherwise


def test_how_far_quantities_have_moved(found: fd.Update) -> None:
    distances = [item.distance for item in found.moved]
    assert distances == sorted(distances, reverse=True)
    assert {item.quantity for item in found.moved} == set(PATRON.varying)
    by_name = {item.quantity: item for item in found.moved}
    assert by_name["sharpness"].distance > 0.08
    assert by_name["stake"].distance < 0.05
    assert not by_name["stake"].noticed
    assert by_name["sharpness"].place > 0.55  # who stands aside where coming is dear errs less


def test_moved_worlds_say_the_same(found: fd.Update, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posterior, "FEWEST", 2.0)
    moved = fd.update(PATRON, SEEN, draws=512, between=["stake > 10"])
    assert moved.answer.standing is not None
    assert moved.answer.standing.moved is not None
    assert moved.answer.weights is None
    exact = found
    for name in ("comes", "intervenes"):
        assert mean(moved.answer, name) == pytest.approx(mean(exact.answer, name), rel=0.08)
    for mine, other in zip(moved.weighed, exact.weighed, strict=True):
        assert mine.expected == pytest.approx(other.expected, rel=0.05)
        assert mine.ratios["comes"] == pytest.approx(other.ratios["comes"], rel=0.08)
        assert (mine.credence or 0) == pytest.approx(other.credence or 0, rel=0.02)


def test_questions_that_are_shown() -> None:
    found = fd.update(PATRON, SEEN, draws=16)
    assert len(found.weighed_for) == 3
    assert "loss" not in found.weighed_for
    assert fd.update(PATRON, SEEN, draws=16, questions=["loss"]).weighed_for == ("loss",)


def test_observations_of_a_file(tmp_path: Path) -> None:
    news = tmp_path / "news.yaml"
    news.write_text("observed: [{step: 0, patron: stand_aside}]", encoding="utf-8")
    one, other = fd.update(PATRON, news, draws=16), fd.update(PATRON, SEEN[:1], draws=16)
    assert one.rows() == other.rows()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"observed": None}, "F338"),
        ({"questions": ["come"]}, "F108"),
        ({"between": ["stake"]}, "F703"),
        ({"between": ["steak > 3"]}, "F102"),
        ({"what_ifs": ["none"]}, "F109"),
        ({"draws": 0}, "F213"),
    ],
)
def test_what_cannot_be_asked(asked: dict[str, object], code: str) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.update(PATRON, **{"observed": SEEN, **asked})  # type: ignore[arg-type]
    assert [item.code for item in caught.value.diagnostics] == [code]


def test_plain_data(found: fd.Update) -> None:
    data = json.loads(json.dumps(found.to_json()))
    assert data["observations"][0]["observed"] == {"patron": "stand_aside"}
    assert data["observations"][1]["credence"] == pytest.approx(1)
    assert data["answer"]["observed"]["effective_draws"] == pytest.approx(data["standing"]["effective_draws"])
    assert data["hypotheses"][0]["before"] == pytest.approx(0.5)
    assert {row["question"] for row in data["rows"]} == set(PATRON.questions)
