"""What is not learned from does not teach, and what is frozen is what the rule takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foederis.history.backtest.baselines import BASELINES
from foederis.history.backtest.choose import TRIED, Trial, best, trials
from foederis.history.backtest.frozen import FADING, OURS, STRATEGIC
from foederis.history.backtest.models import Specification
from foederis.history.backtest.questions import Question, questions
from foederis.history.backtest.splits import early, expanding

QUICK = (OURS, FADING, BASELINES[3], BASELINES[4])


def to_1944() -> tuple[Question, ...]:
    return tuple(question for question in questions() if question.year < 1945)


def test_the_list_has_each_specification_once() -> None:
    assert len({specification.name for specification in TRIED}) == len(TRIED)
    assert {OURS, FADING, STRATEGIC} <= set(TRIED)


def test_the_smallest_mean_of_both_log_losses_is_taken() -> None:
    found = [
        Trial(OURS, others=(0.3, 0.5), earlier=(0.3, 0.7)),
        Trial(FADING, others=(0.2, 0.3), earlier=(0.2, 0.8)),
        Trial(STRATEGIC, others=(0.1, 0.6), earlier=(0.1, 0.61)),
    ]
    assert best(found).specification == FADING


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("specification", [*QUICK, STRATEGIC], ids=lambda one: one.name)
def test_the_outcomes_that_are_foretold_are_not_looked_at(specification: Specification) -> None:
    """Every verdict that is not learned from is turned round: what is foretold stays."""
    asked = to_1944()
    fold = expanding(asked, early(asked))[-2]  # the Second World War
    assert fold.foretold.sum() > 30
    turned = tuple(
        one if known else replace(one, kept=not one.kept) for one, known in zip(asked, fold.learned, strict=True)
    )
    first, second = (specification.prepare(cases).foretell(fold) for cases in (asked, turned))
    assert len(first) == fold.foretold.sum()
    assert ((first > 0) & (first < 1)).all()
    assert first == pytest.approx(second, abs=1e-6)
    # What is learned from is looked at.
    other = tuple(replace(one, kept=not one.kept) if k < 20 else one for k, one in enumerate(asked))
    assert np.abs(specification.prepare(other).foretell(fold) - first).max() > 0.02


@pytest.mark.usefixtures("shared_data")
def test_the_choice_looks_at_no_later_case() -> None:
    asked = questions()
    turned = tuple(one if one.year < 1945 else replace(one, kept=not one.kept) for one in asked)
    [first], [second] = (trials(cases, (OURS,)) for cases in (asked, turned))
    assert first == second
    assert first.log_loss == pytest.approx(0.4912, abs=5e-5)  # as it was when it was frozen
