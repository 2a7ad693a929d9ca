"""Sides of a comparison are what solving each alone says, paired world by world."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from tests.helpers import EVERYTHING

ONE = """
foederis: 1
title: One
clock: {step: 1 week, steps: 2}
state: {war: [on, over]}
quantities: {b: 10% to 30%, z: 1 to 3}
events: {truce: {chance: b, sets: {war: over}}}
questions:
  peace: {at_end: war == over}
  length: {expected: z}
  when: {first: war == over}
  mine: {eventually: war == over}
"""
# Another quantity comes first in the alphabet, another range, the same question in other words.
TWO = (
    ONE.replace("One", "Two")
    .replace("{b: 10% to 30%,", "{a: 1 to 2, b: 20% to 40%,")
    .replace("length: {expected: z}", "length: {expected: z + a}")
    .replace("mine: {eventually: war == over}", "mine: {at_end: war == over}")
)


@pytest.fixture(scope="module")
def found() -> fd.analysis.compare.Comparison:  # type: ignore[name-defined]
    return fd.compare(fd.loads(ONE), fd.loads(TWO), draws=64)


def test_worlds_are_shared_by_name(found) -> None:  # type: ignore[no-untyped-def]
    """Both files' b has the same rank in every world, though its range and its neighbours differ."""
    one, two = (side.answers["peace"].draws for side in found.sides)
    np.testing.assert_array_equal(np.argsort(one), np.argsort(two))
    np.testing.assert_allclose(found.sides[1].difference["peace"].draws, two - one)
    assert found.sides[1].higher["peace"] == 1
    z = fd.solve(fd.loads(ONE), draws=64).quantities["z"]
    rest = found.sides[1].answers["length"].draws - z
    assert rest.min() > 0.6
    assert rest.max() < 3


def test_what_differs_is_said(found) -> None:  # type: ignore[no-untyped-def]
    assert dict(found.numbers) == {"b": ("10% to 30%", "20% to 40%"), "a": ("", "1 to 2")}
    assert found.left_out == ("mine",)
    assert [side.asked_differently for side in found.sides] == [(), ("length",)]
    assert found.files == ("One", "Two")
    assert list(found.questions) == ["peace", "length", "when"]


def test_never_stands_for_a_first_question(found) -> None:  # type: ignore[no-untyped-def]
    b = fd.solve(fd.loads(ONE), draws=64).quantities["b"]
    np.testing.assert_allclose(found.sides[0].answers["when"].draws, (1 - b) ** 2, atol=1e-12)


def test_what_ifs_are_those_of_solve() -> None:
    case = fd.loads(EVERYTHING)
    answer = fd.solve(case, draws=16, what_ifs="all")
    found = fd.compare(case, what_ifs="all", draws=16)
    assert [side.name for side in found.sides][1:] == list(case.whatifs)
    for side in found.sides[1:]:
        for name, change in side.difference.items():
            reply = answer.what_ifs[side.name].difference[name]
            expected = reply.draws if isinstance(reply, fd.Estimate) else reply.never
            np.testing.assert_array_equal(change.draws, expected)


def test_a_what_if_that_asks_otherwise_is_told_apart() -> None:
    asks = """
whatifs:
  sooner: {set: {questions.mine.by: 0}}
  surely: {set: {questions.peace: {at_end: war == over, given: z > 1}}}
  whole: {set: {questions.mine: {at_end: war == over}}}
  plain: {set: {quantities.z: 2}}
"""
    found = fd.compare(fd.loads(ONE + asks), what_ifs="all", draws=4)
    sides = {side.name: side for side in found.sides}
    assert {name: side.asked_differently for name, side in sides.items() if side.asked_differently} == {
        "sooner": ("mine",),
        "surely": ("peace",),
    }
    assert "mine" not in sides["whole"].answers  # in another form, so there is nothing to compare
    assert list(sides["plain"].answers) == list(found.questions)
    assert found.to_json()["asked_differently"] == {"sooner": ["mine"], "surely": ["peace"]}


def test_where_an_imposed_move_was_open() -> None:
    case = fd.load("patron")
    found = fd.compare(case, what_ifs="all", draws=8)
    opened = fd.solve(case, draws=8, what_ifs="all").what_ifs["patron_comes"].imposed_open
    by_name = {side.name: side.imposed_open for side in found.sides}
    assert [name for name, moves in by_name.items() if moves] == ["patron_comes"]
    [(move, share)] = by_name["patron_comes"].items()
    assert move == "patron.intervene in step 0"
    np.testing.assert_array_equal(share.draws, opened[move].draws)
    assert found.to_json()["imposed_open"] == {"patron_comes": {move: share.to_json()}}


def test_rounding_is_not_higher() -> None:
    large = ONE.replace("{expected: z}", "{expected: z + 1e9}")
    change = "whatifs: {reckoned: {set: {questions.length.expected: z * 0.1 * 10 + 1e9 * 1.0000000000000002}}}"
    found = fd.compare(fd.loads(large + change), what_ifs="all", draws=16)
    [_, side] = found.sides
    assert side.higher["length"] == 0
    assert not side.difference["length"].draws.any()
    assert (side.answers["length"].draws > found.sides[0].answers["length"].draws).any()


def test_the_same_file_twice_differs_nowhere() -> None:
    found = fd.compare(fd.loads(ONE), fd.loads(ONE), draws=8)
    assert [side.name for side in found.sides] == ["One (1)", "One (2)"]
    assert all(not change.draws.any() for change in found.sides[1].difference.values())
    assert set(found.sides[1].higher.values()) == {0.0}
    assert found.numbers == ()


def test_nothing_to_compare() -> None:
    with pytest.raises(fd.CaseError, match="nothing to compare"):
        fd.compare(fd.loads(ONE), draws=2)
    other = fd.loads(ONE[: ONE.index("questions:")] + "questions: {odd: {at_end: war == over}}\n")
    with pytest.raises(fd.CaseError, match="no question in common"):
        fd.compare(fd.loads(ONE), other, draws=2)
    with pytest.raises(fd.CaseError) as caught:
        fd.compare(fd.loads(EVERYTHING), what_ifs=["week"], draws=2)
    assert caught.value.diagnostics[0].code == "F109"


def test_as_data(found) -> None:  # type: ignore[no-untyped-def]
    data = found.to_json()
    row = next(row for row in data["rows"] if (row["side"], row["question"]) == ("Two", "peace"))
    assert row["difference_mean"] == pytest.approx(found.sides[1].difference["peace"].mean)
    assert data["numbers"]["a"] == ["", "1 to 2"]
    assert data["asked_differently"] == {"Two": ["length"]}
    assert data["rows"][0]["difference_mean"] is None
