"""A case and its what-ifs solved side by side say what `solve` says of each."""

from __future__ import annotations

import numpy as np

import foederis as fd
from foederis.analysis.answers import Estimate
from foederis.analysis.scenarios import BASELINE, Scenarios
from foederis.language.sampling import draw_quantities
from tests.helpers import EVERYTHING


def test_every_scenario_is_its_what_if() -> None:
    case = fd.loads(EVERYTHING)
    answer = fd.solve(case, draws=8, what_ifs="all")
    told: list[str] = []
    scenarios = Scenarios(
        case, case.questions, list(case.whatifs.values()), progress=lambda what, done, total: told.append(what)
    )
    found = scenarios.ask(lambda changed: draw_quantities(changed, 8), 8, "draws")
    replies = {BASELINE: answer.questions, **{name: whatif.questions for name, whatif in answer.what_ifs.items()}}
    assert set(found) == set(replies) == set(scenarios.cases)
    for name, questions in replies.items():
        for question, reply in questions.items():
            if isinstance(reply, Estimate):
                np.testing.assert_allclose(found[name].answers[question], reply.draws, rtol=0, atol=1e-12)
    for name, whatif in answer.what_ifs.items():
        assert list(found[name].imposed_open) == list(whatif.imposed_open)
        for move, opened in whatif.imposed_open.items():
            np.testing.assert_allclose(found[name].imposed_open[move].draws, opened.draws, rtol=0, atol=1e-12)
    assert found["comes_now"].imposed_open
    assert told == ["baseline, draws", "weak, draws", "no_pact, draws"]  # comes_now is solved with the baseline
    assert 0 < scenarios.residual < 1e-9
