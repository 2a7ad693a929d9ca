"""In which worlds something comes about, in a case whose answers can be written down."""

from __future__ import annotations

import json

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.boxes import Worlds
from foederis.analysis.discover import Discovery, discover
from foederis.analysis.lab import Laboratory
from foederis.analysis.latin import latin_worlds
from tests.helpers import ONE_WEEK, only_mistake

CASE = fd.loads(
    ONE_WEEK
    + """
quantities:
  stake: {value: "uniform(0, 10)", unit: points}
  chance: uniform(1%, 99%)
  half: chance / 2
  mood: choice(2 = 30%, 5 = 70%)
  noise: 1 to 3
  other: normal(0, 1)
correlated: [[noise, other, 0.8]]
events: {loss: {chance: half, sets: {lost: yes}}}
questions:
  worth: {expected: "stake if chance < 40% and mood == 5 else 0", unit: points}
  loses: {at_end: lost}
  sometimes: {expected: stake, given: lost}
  steady: {expected: 3}
  when: {first: lost}
whatifs:
  sure: {set: {quantities.stake: 7 to 9}}
  timed: {set: {questions.loses: {first: lost}}}
"""
)


def limits(found: Discovery, place: int = 0) -> dict[str, tuple[float, float]]:
    return {found.quantities[item.place]: (item.lower, item.upper) for item in found.boxes[place].restrictions}


def the_mistake(**asked: object) -> fd.Diagnostic:
    return only_mistake(lambda: discover(CASE, **{"when": "loses > 25%", "draws": 128, **asked}))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found() -> Discovery:
    return discover(CASE, when="worth > 6", draws=1024)


def test_the_limits_are_those_of_the_file(found: Discovery) -> None:
    mine = limits(found)
    assert set(mine) == {"stake", "chance", "mood"}
    assert mine["stake"] == (pytest.approx(6, abs=0.3), np.inf)
    assert mine["chance"] == (-np.inf, pytest.approx(0.4, abs=0.03))
    assert mine["mood"] == (3.5, np.inf)
    offer = found.boxes[0].offer
    for measure in (offer.found, offer.elsewhere):
        assert measure.coverage == pytest.approx(1, abs=0.1)
        assert measure.density == pytest.approx(1, abs=0.1)
        assert measure.mass == pytest.approx(0.4 * 0.4 * 0.7, abs=0.02)
    assert len(found.boxes) == 1


def test_inputs_are_the_uncertain_quantities_of_a_latin_hypercube(found: Discovery) -> None:
    assert found.quantities == ("chance", "mood", "noise", "other", "stake")
    drawn = latin_worlds(CASE, 1024, seed=0)
    inputs = np.stack([drawn[name] for name in found.quantities], axis=1)
    np.testing.assert_array_equal(np.concatenate([worlds.inputs for worlds in found.worlds]), inputs)
    worth = Laboratory(CASE, ["worth"]).ask(drawn, 1024)["worth"]
    np.testing.assert_array_equal(np.concatenate([worlds.cases for worlds in found.worlds]), worth > 6)
    assert 0 <= found.residual < 1e-9


def test_every_sign_has_its_meaning() -> None:
    shares = {sign: discover(CASE, when=f"loses {sign} 40%", draws=256).worlds[0].share for sign in (">", ">=", "<")}
    assert shares[">"] == shares[">="] == 1 - shares["<"]
    equal = discover(CASE, when="worth <= 0", draws=256).worlds[0]
    assert equal.share == discover(CASE, when="worth < 0.001", draws=256).worlds[0].share > 0.5
    assert limits(discover(CASE, when="loses < 10%", draws=256)).keys() == {"chance"}


def test_a_what_if_is_another_question() -> None:
    found = discover(CASE, when="worth > 6", draws=512, what_if="sure")
    assert set(limits(found)) == {"chance", "mood"}
    assert found.what_if == "sure"
    assert found.case.quantities["stake"].text == "7 to 9"


def test_worlds_without_an_answer_are_left_out() -> None:
    case = CASE.with_changes({"quantities.half": "max(0, chance - 50%) * 1.9"})
    found = discover(case, when="sometimes > 6", draws=256)
    never = np.concatenate([worlds.inputs for worlds in found.worlds])[:, 0] <= 0.5
    assert found.left_out == never.sum() > 100
    assert all(worlds.weights[worlds.inputs[:, 0] <= 0.5].sum() == 0 for worlds in found.worlds)
    assert found.worlds[0].weights.sum() == 128 - never[:128].sum()


def test_weights_are_worlds_that_count_more_or_less() -> None:
    found = discover(CASE, when="worth > 6", draws=1024, weights=lambda worlds: np.where(worlds["mood"] == 5, 3.0, 0.0))
    assert set(limits(found)) == {"stake", "chance"}
    assert found.worlds[0].share == pytest.approx(0.16, abs=0.01)
    assert found.facts()["effective_draws"] == pytest.approx(sum((part.weights > 0).sum() for part in found.worlds))
    again = discover(CASE, when="worth > 6", draws=1024, weights=lambda worlds: (worlds["mood"] == 5) * 0.1)
    assert limits(again) == limits(found)
    equal = discover(CASE, when="worth > 6", draws=1024, weights=lambda _: np.full(1024, 0.2))
    assert limits(equal) == limits(discover(CASE, when="worth > 6", draws=1024))


@pytest.mark.parametrize(
    "weights",
    [np.ones(127), np.ones((128, 1)), -np.ones(128), np.zeros(128), np.full(128, np.nan), np.full(128, np.inf)],
)
def test_weights_that_are_none(weights: np.ndarray) -> None:
    assert the_mistake(weights=lambda _: weights).code == "F213"


def test_another_box_of_the_menu(found: Discovery) -> None:
    other = discover(CASE, when="worth > 6", draws=1024, box=3)
    assert other.boxes[0].chosen == 3
    assert other.boxes[0].suggested == found.boxes[0].suggested
    item = the_mistake(box=999)
    assert item.code == "F213"
    assert "there is no box 999: the menu has boxes 0 to" in item.message


@pytest.mark.parametrize(
    ("when", "says", "cures"),
    [
        ("loses > 60%", "holds in none of 64 worlds, too few", '"loses > 27.6%"` holds in 39 % of them'),
        ("loses < 60%", "holds in all of 64 worlds, too many", '"loses < '),
        ("loses > 5%", "holds in all but 5 of 64 worlds, too many", "`loses` runs from 0.514% to 48.7%"),
        ("loses >= 48%", "holds in only 1 of 64 worlds, too few", '"loses >= 27.6%"`'),
        ("loses >= 48%", "", "; or take 4,096 draws"),
        ("worth > 9.9", "holds in ", "`worth` runs from 0 to 10 in these worlds; try a value"),
        ("steady > 1", "holds in all of 64 worlds", "`steady` is 3 in every world: nothing moves it"),
    ],
)
def test_too_few_worlds_or_too_many(when: str, says: str, cures: str) -> None:
    item = the_mistake(when=when)
    assert item.code == "F721"
    assert says in item.message
    assert cures in (item.help or "")


@pytest.mark.parametrize("sign", [">", "<"])
def test_the_threshold_that_is_proposed_does(sign: str) -> None:
    item = the_mistake(when=f"loses {sign} {60 if sign == '>' else 0.01}%", draws=1024)
    proposed = (item.help or "").split('"')[1]
    share = discover(CASE, when=proposed, draws=1024).worlds[0].share
    assert share == pytest.approx(0.1, abs=0.02)


def test_what_cannot_be_asked() -> None:
    assert the_mistake(draws=64).code == "F721"
    assert "take 128 or more" in (the_mistake(draws=64).help or "")
    assert the_mistake(draws=0).code == "F213"
    assert the_mistake(seed=-1).code == "F213"
    assert the_mistake(when="losses > 40%").code == "F108"
    assert the_mistake(when="when > 40%").code == "F701"
    assert the_mistake(when="loses").code == "F703"
    assert the_mistake(what_if="shure").code == "F109"
    assert the_mistake(what_if="timed").code == "F701"
    never = CASE.with_changes({"quantities.half": "0"})
    with pytest.raises(fd.CaseError, match="has no answer in any world"):
        discover(never, when="sometimes > 3", draws=128)
    fixed = {f"quantities.{name}": "0.3" for name in ("stake", "chance", "mood", "noise", "other")}
    with pytest.raises(fd.CaseError) as caught:
        discover(CASE.with_changes({**fixed, "correlated": []}), when="loses > 40%")
    assert [item.code for item in caught.value.diagnostics] == ["F702"]


def test_nothing_may_set_worlds_apart() -> None:
    found = Discovery(
        CASE, discover(CASE, when="loses > 25%", draws=128).when, None, 2, 0, ("chance",), _noise(), (), 0, 0.0
    )
    assert found.rows() == []
    assert found.facts()["boxes"] == []


def _noise() -> tuple[Worlds, Worlds]:
    return tuple(Worlds(np.ones((1, 1)), np.ones(1, dtype=bool), np.ones(1)) for _ in range(2))  # type: ignore[return-value]


def test_the_same_seed_gives_the_same_boxes(found: Discovery) -> None:
    again = discover(CASE, when="worth > 6", draws=1024)
    assert again.to_json() == found.to_json()
    assert discover(CASE, when="worth > 6", draws=1024, seed=1).rows() != found.rows()


def test_as_plain_data(found: Discovery) -> None:
    data = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert data["when"] == "worth > 6"
    assert data["draws"] == 1024
    [box] = data["boxes"]
    assert {item["quantity"] for item in box["limits"]} == {"stake", "chance", "mood"}
    assert next(item for item in box["limits"] if item["quantity"] == "stake")["below"] is None
    assert box["sought_among"] == ["chance", "mood", "stake"]
    rows = data["rows"]
    assert len(rows) == len(found.boxes[0].menu)
    assert sum(row["suggested"] for row in rows) == sum(row["chosen"] for row in rows) == 1
    assert {len(row) for row in rows} == {11}
    assert rows[0] == {
        **rows[0],
        **{"menu": 1, "box": 0, "limited": 0, "coverage": 1.0, "mass": 1.0, "coverage_elsewhere": 1.0},
    }
