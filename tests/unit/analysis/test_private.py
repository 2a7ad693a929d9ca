"""The analyses of cases in which somebody has private types."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.answers import Estimate
from foederis.analysis.why import Why
from foederis.diagnostics import ResidualError
from foederis.solve import engine, workshop
from foederis.solve.refine import Fineness
from tests.helpers import EVERYTHING
from tests.typed import AT_THE_EDGE, BOTH_SIDES, BREAKFAST

DRAWS = 2


pytestmark = pytest.mark.usefixtures("few_nodes")


@pytest.fixture(scope="module")
def breakfast() -> fd.Case:
    return fd.loads(BREAKFAST)


@pytest.fixture(scope="module")
def answer(breakfast: fd.Case) -> fd.Answer:
    return fd.solve(breakfast, draws=DRAWS, what_ifs="all")


def taken(found: Why, name: str) -> np.ndarray:
    return next(option.share.draws for option in found.options if option.option == name)


def test_why_says_for_each_type_what_the_solution_says(breakfast: fd.Case, answer: fd.Answer) -> None:
    found = fd.why(breakfast, actor="sender", draws=DRAWS)
    assert [why.type for why in found.each] == ["strong", "weak"]
    for why in found.each:
        for option, share in answer.first_moves["sender"].items():
            np.testing.assert_allclose(taken(why, option), share.by_type[why.type], atol=1e-12)
        for option in why.options[1:]:  # the odds are those of what the options are worth, at the beliefs after them
            odds = np.log(why.options[0].share.draws / option.share.draws)
            np.testing.assert_allclose(odds, 2 * option.gap.draws, atol=1e-9)
    strong, weak = found.each
    assert {part.ledger.name for part in strong.options[1].parts} == {"peace", "sender.drink_beer"}
    # Both expect the same of the receiver, who does not know them apart.
    peace = [next(p.gap.draws for p in w.options[1].parts if p.ledger.name == "peace") for w in (strong, weak)]
    np.testing.assert_allclose(peace[0], peace[1], atol=1e-12)


def test_why_of_one_who_knows_no_type_is_a_mean_over_types(breakfast: fd.Case, answer: fd.Answer) -> None:
    found = fd.why(breakfast, actor="receiver", draws=DRAWS)
    assert (found.type, found.others) == ("", ())
    np.testing.assert_allclose(found.decides.draws, 1, atol=1e-12)
    np.testing.assert_allclose(taken(found, "fight"), answer.first_moves["receiver"]["fight"].draws, atol=1e-12)
    moved = fd.why(breakfast, actor="receiver", what_if="quiche", draws=DRAWS)
    fights = answer.what_ifs["quiche"].questions["fights"]
    assert isinstance(fights, Estimate)
    np.testing.assert_allclose(taken(moved, "fight"), fights.draws, atol=1e-12)


def test_a_type_that_all_know_is_none() -> None:
    known = BREAKFAST.replace("types: {strong: p_strong, weak: 1 - p_strong}", "types: {strong: 100%, weak: 0%}")
    plain = BREAKFAST.replace(", types: {strong: p_strong, weak: 1 - p_strong}", "")
    for said, meant in (("type == strong", "1 > 0"), ("type == weak", "1 < 0")):
        plain = plain.replace(f"sender.{said}", meant).replace(said, meant)
    one = fd.why(fd.loads(known), actor="receiver", draws=1)
    other = fd.why(
        fd.loads(plain.replace("  strong_beer: {at_end: 1 > 0 and breakfast == beer}\n", "")), actor="receiver", draws=1
    )
    for mine, theirs in zip(one.options, other.options, strict=True):
        assert (mine.option, mine.share.mean) == (theirs.option, pytest.approx(theirs.share.mean, abs=1e-12))
        assert mine.gap.mean == pytest.approx(theirs.gap.mean, abs=1e-9, nan_ok=True)


TURNS = [("a", "push", "pushed_last"), ("c", "watch", "watched_last")]


@pytest.fixture(scope="class")
def on_grid() -> Iterator[fd.Answer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "may_be_exact", lambda layout: False)
        # Each analysis tries for itself how fine a grid has to be; here they are to stand on the same.
        patch.setattr(engine, "_fineness", lambda *_: Fineness(5))
        yield fd.solve(fd.loads(BOTH_SIDES), draws=1)


class TestBothSides:
    @pytest.mark.parametrize(("actor", "option", "question"), TURNS)
    def test_the_parts_sum_to_the_whole_for_every_type(
        self, on_grid: fd.Answer, actor: str, option: str, question: str
    ) -> None:
        assert on_grid.beliefs is not None
        assert not on_grid.beliefs.exact
        reply = on_grid.questions[question]
        assert isinstance(reply, Estimate)
        found = fd.why(on_grid.case, actor=actor, step=1, draws=1)
        names = list(on_grid.case.actors[actor].types)
        assert [why.type for why in found.each] == (names or [""])
        for why in found.each:
            assert why.split_error < 1e-9
            np.testing.assert_allclose(why.decides.draws, 1, atol=1e-12)
            told = reply.by_type[f"{actor}.{why.type}"] if why.type else reply.draws
            np.testing.assert_allclose(taken(why, option), told, atol=1e-12)
            for other in why.options[1:]:
                assert len(other.parts) > 1
                parts = np.sum([part.gap.draws for part in other.parts], axis=0)
                np.testing.assert_allclose(parts, other.gap.draws, atol=1e-9)


def test_one_type_and_names_of_types(breakfast: fd.Case) -> None:
    found = fd.why(breakfast, actor="sender", type="weak", draws=1)
    assert [why.type for why in found.each] == ["weak"]
    data = json.loads(json.dumps(found.to_json()))
    assert {row["type"] for row in data["rows"]} == {"weak"}
    assert list(data["types"]) == ["weak"]
    assert set(data["types"]["weak"]["options"]) == {"drink_beer", "eat_quiche"}
    for asked, code in (({"type": "waek"}, "F103"), ({"type": "weak", "actor": "receiver"}, "F113")):
        with pytest.raises(fd.CaseError) as caught:
            fd.why(breakfast, **{"actor": "sender", **asked}, draws=1)
        assert [item.code for item in caught.value.diagnostics] == [code]


def test_the_most_likely_history_is_not_there_yet(breakfast: fd.Case) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.histories(breakfast, most_likely=True)
    [item] = caught.value.diagnostics
    assert item.code == "F210"
    assert "histories --most-likely" in item.message
    assert "`sender` has" in item.message
    assert item.help


def test_histories_in_which_something_comes_true(breakfast: fd.Case) -> None:
    found = fd.histories(breakfast, draws=40, seed=3, given="strong_beer")
    answer = fd.solve(breakfast, draws=found.worlds)
    assert isinstance(strong := answer.questions["strong_beer"], Estimate)
    assert found.probability == pytest.approx(strong.mean, abs=1e-3)  # beliefs may stand on another grid
    assert all(history.answers["strong_beer"] == 1 for history in found.histories)
    assert {dict(history.types)["sender"] for history in found.histories} == {"strong"}


def test_histories_tell_types_and_beliefs(breakfast: fd.Case) -> None:
    found = fd.histories(breakfast, draws=12, seed=3)
    assert {history.types["sender"] for history in found.histories} == {"strong", "weak"}
    answer = fd.solve(breakfast, draws=12, seed=3)
    for history in found.histories:
        world, mine = history.world, history.types["sender"]
        assert world is not None
        move, reply = history.happenings
        share = answer.first_moves["sender"][move.what]
        assert move.chance == pytest.approx(share.by_type[mine][world], abs=1e-12)
        prior = answer.types["sender"][mine].draws[world]
        assert move.believed == pytest.approx(prior * move.chance / share.draws[world], abs=1e-12)
        assert reply.believed is None
        strong_beer = mine == "strong" and move.what == "drink_beer"
        assert history.answers["strong_beer"] is strong_beer
    data = json.loads(json.dumps(found.to_json()))
    assert data["histories"][0]["types"] == dict(found.histories[0].types)
    assert {"believed"} <= set(data["rows"][0])


def test_analyses_say_how_beliefs_were_followed(breakfast: fd.Case, monkeypatch: pytest.MonkeyPatch) -> None:
    told = fd.why(breakfast, actor="receiver", draws=DRAWS).to_json()["beliefs"]
    assert (told["worlds"], told["on_grid"], told["missed"], told["split"]) == (DRAWS, 0, 0, 0)
    monkeypatch.setattr(workshop, "may_be_exact", lambda layout: False)
    found = fd.histories(breakfast, draws=3)
    assert found.beliefs is not None
    assert (found.beliefs.worlds, found.beliefs.on_grid) == (3, 3)
    plain = fd.why(fd.loads(EVERYTHING), draws=1)
    assert plain.beliefs is None
    assert "beliefs" not in plain.to_json()


def test_beliefs_of_what_ifs_are_noted_too(breakfast: fd.Case) -> None:
    text = BREAKFAST + "  known: {set: {quantities.p_strong: 100%}}\n"
    found = fd.compare(fd.loads(text), what_ifs=["known"], draws=1)
    assert found.beliefs is not None
    assert found.beliefs.worlds == 2


@pytest.mark.parametrize("engine", ["c", "xla"])
def test_a_share_that_is_nearly_certain_is_named_where_the_check_fails(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOEDERIS_ENGINE", engine)
    case = fd.loads(AT_THE_EDGE.replace("SHARE", "0.9999999999999"))
    with pytest.raises(ResidualError, match="share of the type `hard` of `a` comes so near to 1") as caught:
        fd.solve(case, draws=4)
    assert "at most 0.999999, or 1" in str(caught.value)


@pytest.mark.parametrize("share", ["0.999999", "1"])
def test_what_is_said_to_help_does(share: str) -> None:
    assert fd.solve(fd.loads(AT_THE_EDGE.replace("SHARE", share)), draws=4).check.residual < 1e-9
