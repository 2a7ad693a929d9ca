"""Which model foretells later wars: chosen on what the authors count before 1945, and on nothing else.

The specifications that are tried, and the rule, are these. Each foretells every war to 1944 twice: from all other wars,
and from earlier ones. Chosen is the one with the smallest mean of both log losses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from foederis.history.backtest.models import (
    CHANGE,
    DECIDED,
    LINE_UP,
    MAKING,
    POWER,
    TERMS,
    TIES,
    Pooled,
    Specification,
    Strategic,
)
from foederis.history.backtest.questions import Question
from foederis.history.backtest.scores import brier, log_loss
from foederis.history.backtest.splits import Bools, Fold, early, expanding, leave_one_war_out

_SETS = {
    "terms": TERMS,
    "terms and line-up": TERMS + LINE_UP,
    "terms and change": (*TERMS, *CHANGE, "military", "major"),  # as in Leeds (2003)
    "terms, line-up and making": TERMS + LINE_UP + MAKING,
    "terms, line-up, power and ties": TERMS + LINE_UP + POWER + TIES,
    "everything": TERMS + LINE_UP + MAKING + POWER + TIES + CHANGE,
}
_STRATEGIC = ("terms", "terms and line-up", "terms, line-up and making")


def _variants(label: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A set of predictors as it is, and with what the coding decides set apart; that replaces what it is made of."""
    names = _SETS[label]
    yield label, names
    rest = tuple(name for name in names if name not in ("hostile", "only_peace"))
    yield f"{label}; settled apart", ("settled", *rest)
    yield f"{label}; settled and together apart", (*DECIDED, *rest)


def _listed() -> Iterator[Specification]:
    for label in _SETS:
        for kept in _variants(label):
            for held in (0.5, 1.0, 2.0):
                for half_life in (0, 30):
                    yield Pooled(*kept, held, half_life)
    for label in _STRATEGIC:
        for kept in _variants(label):
            yield Strategic(*kept)


TRIED: tuple[Specification, ...] = tuple(_listed())
_LEAST = 10  # cases, and both verdicts, before the first war is foretold from earlier ones


@dataclass(frozen=True)
class Trial:
    """What one specification did before 1945, as mean Brier score and log loss.

    Attributes:
        others, earlier: when each war is foretold from all others, and from earlier ones.
    """

    specification: Specification
    others: tuple[float, float]
    earlier: tuple[float, float]

    @property
    def log_loss(self) -> float:
        """By which it is chosen."""
        return (self.others[1] + self.earlier[1]) / 2


def trials(
    asked: Sequence[Question],
    tried: Sequence[Specification] = TRIED,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[Trial, ...]:
    """Every specification on the questions to 1944, in the order of the list; later questions are not looked at."""
    known = tuple(question for question, taken in zip(asked, early(asked), strict=True) if taken)
    came = np.array([bool(question.kept) for question in known])

    def enough(learned: Bools) -> bool:
        return int(learned.sum()) >= _LEAST and bool(came[learned].any()) and not bool(came[learned].all())

    others = leave_one_war_out(known)
    earlier = expanding(known, np.ones(len(known), dtype=bool), enough=enough)
    found = []
    for done, specification in enumerate(tried):
        progress(done, len(tried))
        prepared = specification.prepare(known)
        losses = [_losses(prepared.foretell, folds, came.astype(np.float64)) for folds in (others, earlier)]
        found.append(Trial(specification, *losses))
    return tuple(found)


def _losses(foretell: Callable[[Fold], np.ndarray], folds: Sequence[Fold], came: np.ndarray) -> tuple[float, float]:
    """Mean Brier score and log loss over all cases of the folds."""
    pairs = [(foretell(fold), came[fold.foretold]) for fold in folds]
    foretold, true = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return float(brier(foretold, true).mean()), float(log_loss(foretold, true).mean())


def best(found: Sequence[Trial]) -> Trial:
    return min(found, key=lambda trial: trial.log_loss)
