"""Which wars teach and which are foretold. A war is never on both sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from foederis.history.backtest.questions import SPLIT_YEAR, Question

Bools = NDArray[np.bool_]


class Fold(NamedTuple):
    """What is learned from, and what is foretold.

    Attributes:
        learned, foretold: bool[questions].
        now: the year from which the past is looked at.
        later: whether what came later is learned from too.
    """

    learned: Bools
    foretold: Bools
    now: int
    later: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """The same for folds that are the same."""
        return (self.learned.tobytes(), self.foretold.tobytes(), self.now, self.later)


def early(asked: Sequence[Question]) -> Bools:
    """Those that the authors count before 1945."""
    return np.array([question.year < SPLIT_YEAR for question in asked])


def late(asked: Sequence[Question]) -> Bools:
    """Those of wars that began in 1945 or later."""
    return np.array([_year(question) >= SPLIT_YEAR for question in asked])


def _year(question: Question) -> int:
    return int(str(question.began)[:4])


def _wars(asked: Sequence[Question], which: Bools) -> list[int]:
    return list(dict.fromkeys(q.war for q, taken in zip(asked, which, strict=True) if taken))


def _in_war(asked: Sequence[Question], war: int) -> Bools:
    return np.array([question.war == war for question in asked])


def leave_one_war_out(asked: Sequence[Question]) -> list[Fold]:
    """Each war foretold from all others, earlier and later."""
    every = np.ones(len(asked), dtype=bool)
    found = []
    for war in _wars(asked, every):
        there = _in_war(asked, war)
        found.append(Fold(~there, there, _year(asked[int(np.argmax(there))]), later=True))
    return found


def expanding(
    asked: Sequence[Question],
    foretold: Bools,
    *,
    enough: Callable[[Bools], bool] | None = None,
    over: Callable[[Question], np.datetime64] | None = None,
) -> list[Fold]:
    """Each war foretold from the wars that began before it.

    Args:
        foretold: bool[questions], of whole wars.
        enough: whether what has been learned suffices; wars before that are not foretold.
        over: the last day of a question's war; then only wars that were over before are learned from.
    """
    began = np.array([question.began for question in asked])
    ended = began if over is None else np.array([over(question) for question in asked])
    found = []
    for war in _wars(asked, foretold):
        there = _in_war(asked, war)
        learned = ended < began[there].min()
        if enough is None or enough(learned):
            found.append(Fold(learned, there & foretold, _year(asked[int(np.argmax(there))])))
    return found


def to_1944(asked: Sequence[Question], *, whole_wars: bool) -> list[Fold]:
    """One fold: what the authors count before 1945 teaches, and the later cases are foretold.

    Args:
        whole_wars: foretells only wars that began in 1945 or later; else, as others have it, the four alliances of 1945
            too, whose war is among those learned from.
    """
    return [Fold(early(asked), late(asked) if whole_wars else ~early(asked), SPLIT_YEAR)]
