"""Worlds weighed by an outcome, against Bayes' rule by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.drivers_given import DriversGiven, GivenDriver, drivers_given

# The defeat has probability p in a world; among worlds with it, p has the density 2p instead of 1.
CASE = fd.loads("""
foederis: 1
title: A defeat
clock: {step: 1 week, steps: 1}
state: {lost: flag, war: [on, over], peace: flag}
quantities: {p: "uniform(0, 1)", cost: {value: "uniform(0, 1)", unit: bn USD}, other: 1 to 2}
events:
  defeat: {chance: p, sets: {lost: yes}}
  peace: {chance: 30%, sets: {peace: yes}}
questions:
  bill: {expected: p + cost, unit: bn USD}
  lost: {at_end: lost}
  never: {at_end: lost and not lost}
  peace: {at_end: peace}
  when: {first: lost}
  fixed: {expected: 3}
""")


@pytest.fixture(scope="module")
def found() -> DriversGiven:
    return drivers_given(CASE, "lost")


def by_name(found: DriversGiven) -> dict[str, GivenDriver]:
    return {driver.quantity: driver for driver in found.drivers}


def test_worlds_are_weighed_by_bayes_rule(found: DriversGiven) -> None:
    p = by_name(found)["p"]
    assert (p.plain.p05, p.plain.p50, p.plain.p95) == pytest.approx((0.05, 0.5, 0.95), abs=0.002)
    assert (p.there.p05, p.there.p50, p.there.p95) == pytest.approx(np.sqrt([0.05, 0.5, 0.95]), abs=0.004)
    assert p.apart == pytest.approx(0.25, abs=0.003)  # the largest distance between x and x²
    assert p.place == pytest.approx(np.sqrt(0.5), abs=0.003)
    assert found.likelihood == pytest.approx(0.5, abs=0.002)
    assert found.effective == pytest.approx(4096 * 3 / 4, rel=0.01)  # (E w)² / E w²
    assert not found.is_thin


def test_what_plays_no_part_in_the_outcome_is_as_it_was(found: DriversGiven) -> None:
    for name in ("cost", "other"):
        assert by_name(found)[name].apart < found.apart_noise
    assert found.drivers[0].quantity == "p"


def test_what_moves_the_answer_among_those_worlds(found: DriversGiven) -> None:
    """p then has the variance 1/18, cost still has 1/12."""
    part = (1 / 18) / (1 / 18 + 1 / 12)
    drivers = by_name(found)
    assert drivers["p"].first.estimate == pytest.approx(part, abs=0.02)
    assert drivers["cost"].first.estimate == pytest.approx(1 - part, abs=0.02)
    assert drivers["other"].first.low < 0.01
    assert drivers["cost"].shift > drivers["p"].shift > found.shift_noise > drivers["other"].shift
    assert found.plain_mean == pytest.approx(1, abs=0.005)
    assert found.mean == pytest.approx(2 / 3 + 1 / 2, abs=0.005)


def test_the_first_question_is_the_default_and_a_seed_is_a_sample(found: DriversGiven) -> None:
    assert found.question.name == "bill"
    once, again, other = (drivers_given(CASE, "lost", draws=64, seed=seed).rows() for seed in (0, 0, 1))
    assert once == again != other


def test_few_worlds_are_few() -> None:
    assert drivers_given(CASE, "lost", draws=64).is_thin


def test_a_what_if_and_an_announcement() -> None:
    text = CASE.text + "whatifs: {calm: {set: {quantities.p: 1% to 2%}}}\n"
    told: list[int] = []
    found = drivers_given(fd.loads(text), "lost", what_if="calm", draws=64, announce=told.append)
    assert found.likelihood < 0.03
    assert told == [64]


def test_plain_data(found: DriversGiven) -> None:
    data = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert (data["given"], data["question"], len(data["rows"])) == ("lost", "bill", 3)
    assert len(found.to_frame()) == 3


@pytest.mark.parametrize(
    ("given", "question", "code", "words"),
    [
        ("never", "bill", "F711", "it is 0 % in all of"),
        ("peace", "bill", "F711", "`peace`: it is 30 % in all of"),
        ("lost", "fixed", "F711", "`fixed`: it is 3 in all of"),
        ("bill", "bill", "F701", "only what may come about or not can be given"),
        ("when", "bill", "F701", "distribution over steps"),
        ("lots", "bill", "F108", "no question `lots`"),
    ],
)
def test_what_cannot_be_asked(given: str, question: str, code: str, words: str) -> None:
    with pytest.raises(fd.CaseError) as caught:
        drivers_given(CASE, given, question, draws=64)
    [item] = caught.value.diagnostics
    assert item.code == code
    assert words in item.message
    assert item.help


def test_all_mistakes_at_once() -> None:
    with pytest.raises(fd.CaseError) as caught:
        drivers_given(CASE, "bill", "bil", what_if="x", draws=1)
    assert [item.code for item in caught.value.diagnostics] == ["F108", "F701", "F109", "F213"]
