"""The questions are those of the published list, on the right days."""

from __future__ import annotations

import numpy as np
import pytest

from foederis.history.backtest.questions import Question, ended, questions

pytestmark = pytest.mark.usefixtures("shared_data")


def one(war: str, alliance: int) -> Question:
    [found] = [q for q in questions() if q.war_name.startswith(war) and q.alliance == alliance]
    return found


def test_counts_are_those_published() -> None:
    asked = questions()
    assert (len(asked), len({q.war for q in asked}), sum(bool(q.kept) for q in asked)) == (146, 45, 73)
    to_1944 = [q for q in asked if q.year < 1945]
    assert (len(to_1944), sum(bool(q.kept) for q in to_1944)) == (92, 61)
    assert [q.began for q in asked] == sorted(q.began for q in asked)


def test_a_pact_made_before_is_asked_about_when_the_war_begins() -> None:
    triple = one("WorldWarI", 1350)
    assert (str(triple.began), str(triple.asked), triple.wartime) == ("1914-07-29", "1914-07-29", False)
    assert triple.sides == (frozenset({300}), frozenset({345}))  # Austria-Hungary began, Serbia was attacked
    assert str(ended(triple)) == "1918-11-11"
    polish = one("WorldWarII", 2440)
    assert (str(polish.asked), polish.sides) == ("1939-09-01", (frozenset({255}), frozenset({290})))


def test_a_pact_made_in_the_war_is_asked_about_when_it_is_made() -> None:
    london = one("WorldWarI", 2025)
    assert (str(london.asked), london.wartime) == ("1915-04-26", True)
    assert {200, 220, 365} <= london.sides[1]
    assert 325 not in london.sides[0] | london.sides[1]  # Italy came a month later
    assert sum(q.wartime for q in questions()) == 43


def test_wars_that_cow_does_not_list_are_disputes() -> None:
    bizerte = one("Bizerte", 3390)
    assert (str(bizerte.began), bizerte.sides) == ("1961-07-19", (frozenset({616}), frozenset({220})))
    assert str(one("Italy-Albania", 2205).began) == "1939-04-07"
    assert one("Malaysia", 3330).sides == (frozenset({850}), frozenset({820}))
    assert np.datetime64("1965-11-14") == ended(one("Malaysia", 3330))
