"""What teaches comes before what is foretold, and a war is never on both sides."""

from __future__ import annotations

import numpy as np

from foederis.history.backtest.splits import Fold, early, expanding, late, leave_one_war_out, to_1944

from .made import question

# War 3 began before 1945, and one of its alliances is counted after.
ASKED = (
    question(1, "1914-07-29"),
    question(1, "1914-07-29", alliance=2),
    question(3, "1939-09-01"),
    question(3, "1939-09-01", alliance=2, year=1945),
    question(5, "1956-10-29"),
    question(6, "1956-11-04"),
    question(7, "1967-06-05"),
)


def places(fold: Fold) -> tuple[list[int], list[int]]:
    return np.flatnonzero(fold.learned).tolist(), np.flatnonzero(fold.foretold).tolist()


def test_no_war_is_on_both_sides() -> None:
    wars = np.array([asked.war for asked in ASKED])
    every = np.ones(len(ASKED), dtype=bool)
    for fold in [*leave_one_war_out(ASKED), *expanding(ASKED, every), *to_1944(ASKED, whole_wars=True)]:
        assert not set(wars[fold.learned]) & set(wars[fold.foretold])


def test_each_war_from_all_others() -> None:
    folds = leave_one_war_out(ASKED)
    assert places(folds[1]) == ([0, 1, 4, 5, 6], [2, 3])
    assert sorted(place for fold in folds for place in places(fold)[1]) == list(range(7))
    assert all(fold.later for fold in folds)


def test_the_window_grows() -> None:
    assert late(ASKED).tolist() == [False] * 4 + [True] * 3
    folds = expanding(ASKED, late(ASKED))
    assert [places(fold) for fold in folds] == [
        ([0, 1, 2, 3], [4]),
        ([0, 1, 2, 3, 4], [5]),
        ([0, 1, 2, 3, 4, 5], [6]),
    ]
    assert [fold.now for fold in folds] == [1956, 1956, 1967]
    assert not any(fold.later for fold in folds)


def test_wars_that_are_not_over_can_be_left_out() -> None:
    last = {1: "1918-11-11", 3: "1945-08-14", 5: "1956-11-06", 6: "1956-11-14", 7: "1967-06-10"}
    folds = expanding(ASKED, late(ASKED), over=lambda asked: np.datetime64(last[asked.war]))
    assert places(folds[1]) == ([0, 1, 2, 3], [5])  # war 5 ended two days after war 6 began
    assert places(folds[2])[0] == [0, 1, 2, 3, 4, 5]


def test_too_little_to_learn_from_foretells_nothing() -> None:
    every = np.ones(len(ASKED), dtype=bool)
    folds = expanding(ASKED, every, enough=lambda learned: int(learned.sum()) >= 3)
    assert [places(fold)[1] for fold in folds] == [[4], [5], [6]]


def test_to_1944() -> None:
    assert early(ASKED).tolist() == [True, True, True, False, False, False, False]
    [whole] = to_1944(ASKED, whole_wars=True)
    assert places(whole) == ([0, 1, 2], [4, 5, 6])
    [published] = to_1944(ASKED, whole_wars=False)
    assert places(published) == ([0, 1, 2], [3, 4, 5, 6])
