"""What observations tell of private types, before and after, and which observation has moved which judgement."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import foederis as fd
from foederis.analysis import posterior
from foederis.language.news import add_observed
from foederis.report.update import print_update
from foederis.solve import engine, workshop
from foederis.solve.refine import Fineness
from tests.typed import BREAKFAST

DRAWS = 4
SEEN: list[dict[str, Any]] = [
    {"step": 0, "sender": "eat_quiche"},
    {"step": 0, "receiver": "fight", "believed": "70%"},
]
# Nobody who is strong eats quiche.
TELLING = BREAKFAST.replace("eat_quiche: {", "eat_quiche: {when: type == weak, ")


pytestmark = pytest.mark.usefixtures("few_nodes")


def given(text: str, *seen: dict[str, Any]) -> fd.Case:
    return add_observed(fd.loads(text), [dict(item) for item in seen])


@pytest.fixture(scope="module")
def found() -> fd.Update:
    return fd.update(fd.loads(BREAKFAST), SEEN, draws=DRAWS, what_ifs="all")


@pytest.fixture(scope="module")
def plain() -> fd.Answer:
    return fd.solve(fd.loads(BREAKFAST), draws=DRAWS)


def odds(share: float) -> float:
    return share / (1 - share)


def test_types_before_and_after(found: fd.Update, plain: fd.Answer) -> None:
    """Bayes' rule by hand: how likely each type is to eat quiche, times its share, in every world."""
    strong = plain.types["sender"]["strong"].draws
    quiche = plain.first_moves["sender"]["eat_quiche"].by_type
    joint = strong * quiche["strong"], (1 - strong) * quiche["weak"]
    expected = joint[0] / (joint[0] + joint[1])
    answer = found.answer
    np.testing.assert_allclose(answer.types_given["sender"]["strong"].draws, expected, atol=1e-12)
    np.testing.assert_allclose(found.before.types["sender"]["strong"].draws, strong, atol=1e-15)
    assert found.before.types["sender"]["strong"].weights is None
    # Whoever fights hears of the breakfast, so that the report weighs worlds and says nothing of types in them.
    fights = plain.questions["fights"]
    assert isinstance(fights, fd.Estimate)
    whole = joint[0] + joint[1]
    assert answer.weights is not None
    assert np.corrcoef(answer.weights, whole)[0, 1] > 0.9
    mean = answer.types_given["sender"]["strong"].mean
    assert mean == pytest.approx(np.average(expected, weights=answer.weights), abs=1e-12)


def test_answers_by_type_are_given_the_same(found: fd.Update) -> None:
    answer = found.answer
    share = {name: e.draws for name, e in answer.types_given["sender"].items()}
    for reply in answer.questions.values():
        assert isinstance(reply, fd.Estimate)
        mean = sum(share[name] * mine for name, mine in reply.by_type.items())
        np.testing.assert_allclose(reply.draws, mean, atol=1e-12)
    strong = answer.questions["strong_beer"]
    assert isinstance(strong, fd.Estimate)
    assert strong.mean == 0
    # A type's answers count more in worlds in which it is likelier to have done what was seen.
    weights = strong.type_weights["weak"]
    before = {name: e.draws for name, e in answer.types["sender"].items()}
    assert answer.weights is not None
    ratio = weights / (answer.weights * share["weak"] / before["weak"])
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-10)
    fights = answer.questions["fights"]
    assert isinstance(fights, fd.Estimate)
    assert fights.of_type("strong").mean == pytest.approx(
        np.average(fights.by_type["strong"], weights=fights.type_weights["strong"]), abs=1e-14
    )
    assert abs(fights.of_type("strong").mean - np.average(fights.by_type["strong"], weights=answer.weights)) > 1e-4
    value = answer.values["sender"]
    assert value.mean == pytest.approx(
        np.average(sum(share[n] * part for n, part in value.by_type.items()), weights=answer.weights), abs=1e-12
    )


def test_which_observation_moved_the_judgement_of_types(found: fd.Update) -> None:
    after = found.answer.types_given["sender"]["strong"].mean
    for place, item in enumerate(found.weighed):
        alone = fd.solve(given(BREAKFAST, *(SEEN[:place] + SEEN[place + 1 :])), draws=DRAWS)
        without = alone.types_given["sender"]["strong"].mean
        assert item.types["sender"]["strong"].mean == pytest.approx(without, abs=1e-10)
        assert item.of_type["sender"]["strong"] == pytest.approx(odds(after) / odds(without), rel=1e-8)
    assert found.weighed[0].of_type["sender"]["strong"] < 0.2
    assert found.weighed[0].of_type["sender"]["weak"] == pytest.approx(1 / found.weighed[0].of_type["sender"]["strong"])
    assert found.weighed[1].credence is not None


def test_it_is_told_in_json_frame_and_text(found: fd.Update) -> None:
    data = json.loads(json.dumps(found.to_json()))
    strong = data["types"]["sender"]["strong"]
    assert strong["before"]["mean"] == pytest.approx(found.before.types["sender"]["strong"].mean)
    assert strong["after"]["mean"] == pytest.approx(found.answer.types_given["sender"]["strong"].mean)
    assert strong["log_odds"] == pytest.approx(np.log(strong["odds_times"]))
    assert data["answer"]["types_given"]["sender"]["strong"] == strong["after"]
    [first, _] = data["observations"]
    assert first["types"]["sender"]["weak"]["log_odds"] > 1
    assert set(first["questions"]["fights"]) == {"without", "odds_times", "log_odds"}
    rows = found.rows()
    assert {frozenset(row) for row in rows} == {frozenset(rows[0])}
    assert [(row["actor"], row["type"]) for row in rows[-2:]] == [("sender", "strong"), ("sender", "weak")]
    columns = found.answer.columns()
    np.testing.assert_array_equal(columns["type.sender.strong"], found.answer.types_given["sender"]["strong"].draws)
    np.testing.assert_array_equal(columns["type_before.sender.strong"], found.answer.types["sender"]["strong"].draws)
    out = StringIO()
    print_update(found, Console(file=out, width=140))
    text = " ".join(out.getvalue().split())
    assert "Which observation moved it: sender is strong" in text
    assert "log-odds" in text
    assert "Given what was observed: sender is strong" in text


def test_what_ifs_keep_what_is_known_of_types(found: fd.Update, plain: fd.Answer) -> None:
    """Whoever ate quiche is most likely weak, also where it would have had to."""
    reply = found.answer.what_ifs["quiche"].questions["fights"]
    assert isinstance(reply, fd.Estimate)
    share = {name: e.draws for name, e in found.answer.types_given["sender"].items()}
    np.testing.assert_allclose(reply.draws, sum(share[n] * part for n, part in reply.by_type.items()), atol=1e-12)


def test_a_move_that_one_type_alone_makes_settles_it() -> None:
    answer = fd.solve(given(TELLING, {"step": 0, "sender": "eat_quiche"}), draws=DRAWS)
    assert (answer.types_given["sender"]["weak"].draws == 1).all()
    assert (answer.types_given["sender"]["strong"].draws == 0).all()
    reply = answer.questions["fights"]
    assert isinstance(reply, fd.Estimate)
    np.testing.assert_allclose(reply.draws, reply.by_type["weak"], atol=1e-14)
    assert np.isnan(reply.by_type["strong"]).all()
    assert reply.to_json()["by_type"]["strong"] is None
    assert np.isnan(answer.values["sender"].by_type["strong"]).all()
    assert np.isfinite(answer.values["sender"].draws).all()


def test_what_was_certain_before_changes_nothing(plain: fd.Answer) -> None:
    answer = fd.solve(given(BREAKFAST, {"step": 0, "sender": "drink_beer | eat_quiche"}), draws=DRAWS)
    for name, reply in plain.questions.items():
        mine = answer.questions[name]
        assert isinstance(reply, fd.Estimate)
        assert isinstance(mine, fd.Estimate)
        np.testing.assert_allclose(mine.draws, reply.draws, atol=1e-13)
        assert mine.mean == pytest.approx(reply.mean, abs=1e-12)
        for kind in reply.by_type:
            assert mine.of_type(kind).mean == pytest.approx(reply.of_type(kind).mean, abs=1e-12)
    for name, share in plain.types["sender"].items():
        np.testing.assert_allclose(answer.types_given["sender"][name].draws, share.draws, atol=1e-13)
    for actor, value in plain.values.items():
        np.testing.assert_allclose(answer.values[actor].draws, value.draws, atol=1e-12)


def test_the_order_of_observations_does_not_matter(found: fd.Update) -> None:
    turned = fd.solve(given(BREAKFAST, *reversed(SEEN)), draws=DRAWS)
    for name, share in found.answer.types_given["sender"].items():
        np.testing.assert_allclose(turned.types_given["sender"][name].draws, share.draws, atol=1e-15)
    np.testing.assert_allclose(turned.standing.evidence, found.answer.standing.evidence, atol=1e-13)  # type: ignore


def test_what_cannot_be_is_named() -> None:
    never = TELLING.replace("p_strong: 80% to 95%", "p_strong: 100%")
    with pytest.raises(fd.CaseError) as caught:
        fd.update(fd.loads(never), SEEN, draws=DRAWS)
    [item] = caught.value.diagnostics
    assert item.code == "F335"
    assert "`sender: eat_quiche`" in item.message


def test_why_of_a_decision_after_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the second day each type takes what the questions say of it, in the states and beliefs to which what was seen
    has led."""
    monkeypatch.setattr(workshop, "may_be_exact", lambda layout: False)
    monkeypatch.setattr(engine, "_fineness", lambda *_: Fineness(5))
    again = BREAKFAST.replace("steps: 1", "steps: 2").replace("retreat: {}", "retreat: {sets: {fought: no}}")
    again = again.replace("questions:", "questions:\n  last: {at_end: breakfast == quiche}")
    case = given(again, {"step": 0, "sender": "eat_quiche", "believed": "70%"})
    before, answer = fd.solve(fd.loads(again), draws=DRAWS), fd.solve(case, draws=DRAWS)
    last = answer.questions["last"]
    assert isinstance(last, fd.Estimate)
    for why in fd.why(case, actor="sender", draws=DRAWS).each:
        assert why.step == 1
        was = before.questions["last"]
        assert isinstance(was, fd.Estimate)
        assert np.abs(last.by_type[why.type] - was.by_type[why.type]).max() > 1e-3
        [quiche] = [option for option in why.options if option.option == "eat_quiche"]
        np.testing.assert_allclose(quiche.share.draws, last.by_type[why.type], atol=1e-10)
        assert quiche.share.mean == pytest.approx(last.of_type(why.type).mean, abs=1e-10)
        assert np.ptp(quiche.share.weights) > 1e-4


def test_moved_worlds_say_what_weighted_ones_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sequential Monte Carlo against exact weights, on a grid of beliefs, where solving is quick."""
    monkeypatch.setattr(workshop, "may_be_exact", lambda layout: False)
    wide = BREAKFAST.replace("p_strong: 80% to 95%", "p_strong: 'uniform(5%, 95%)'")
    case = given(wide, {"step": 0, "sender": "eat_quiche"})
    exact, moved = fd.solve(case, draws=128), fd.solve(case, draws=64, plain=True)
    assert exact.standing is not None
    assert exact.standing.moved is None
    assert moved.standing is not None
    assert moved.standing.moved is not None
    assert moved.weights is None
    for name in ("strong", "weak"):
        mine, theirs = moved.types_given["sender"][name], exact.types_given["sender"][name]
        assert abs(mine.mean - theirs.mean) < 0.06
        for question, reply in exact.questions.items():
            other = moved.questions[question]
            assert isinstance(reply, fd.Estimate)
            assert isinstance(other, fd.Estimate)
            assert abs(reply.of_type(name).mean - other.of_type(name).mean) < 0.06
    before = case.distribution("p_strong").median
    assert exact.types["sender"]["strong"].mean < before - 0.05
    assert abs(moved.types["sender"]["strong"].mean - exact.types["sender"]["strong"].mean) < 0.06


def test_stages_of_observations_are_those_of_the_case() -> None:
    """What is taken in stage by stage is, in the end, what counts."""
    case = given(BREAKFAST, *SEEN)
    study = posterior.Study(case)
    worlds = {"p_strong": np.array([0.85, 0.9])}
    staged = study.staged(worlds, 2)
    np.testing.assert_allclose(staged[:, -1], study.logs(worlds, 2), atol=1e-13)
