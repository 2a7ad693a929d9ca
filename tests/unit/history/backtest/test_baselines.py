"""The published figures come out of the published file.

Source: Berkemeier & Fuhrmann (2018), Research & Politics 5(2), replication file; scores to be reproduced are those that the
notes beside the data print, to three digits.
"""

from __future__ import annotations

import numpy as np
import pytest

from foederis.history.backtest.baselines import BASELINES, Baseline, _constant
from foederis.history.backtest.questions import questions
from foederis.history.backtest.scores import brier
from foederis.history.backtest.splits import expanding, late, to_1944

PUBLISHED = {
    "0.75": (0.463, 0.451),
    "0.5": (0.250, 0.250),
    "running base rate": (0.301, 0.364),
    "obligation x multilateral": (0.152, 0.258),
    "logit of the terms": (0.131, 0.171),
}


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("name", PUBLISHED)
def test_scores_are_those_published(name: str) -> None:
    known = {baseline.name: baseline for baseline in (Baseline("0.75", _constant(0.75)), *BASELINES)}
    asked = questions()
    came = np.array([float(bool(question.kept)) for question in asked])
    prepared = known[name].prepare(asked)
    for folds, cases, score in zip(
        (expanding(asked, late(asked)), to_1944(asked, whole_wars=False)), (50, 54), PUBLISHED[name], strict=True
    ):
        losses = np.concatenate([brier(prepared.foretell(fold), came[fold.foretold]) for fold in folds])
        assert len(losses) == cases
        # 0.4625 is printed as .463: a tie goes up.
        assert losses.mean() == pytest.approx(score, abs=0.0005 + 1e-9)
