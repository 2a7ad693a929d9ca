"""Histories where somebody has types come about as often as the solution says, also where beliefs stand on a grid."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from foederis.game.compile import compile_game
from foederis.solve import workshop
from foederis.solve.backward import Move, Pass
from foederis.solve.engine import solve_game
from foederis.solve.layout import lay_out
from foederis.solve.typed_paths import TypedSampler, how_many
from tests.typed import BOTH_SIDES

HISTORIES = 20_000
QUESTIONS = {"pushed_last": ("last", "push"), "paid_last": ("answer", "pay"), "watched_last": ("watched", "yes")}


@pytest.mark.parametrize("imposes", [False, True])
def test_they_come_about_as_often_as_the_solution_says(monkeypatch: pytest.MonkeyPatch, imposes: bool) -> None:
    monkeypatch.setattr(workshop, "may_be_exact", lambda layout: False)
    case = fd.loads(BOTH_SIDES)
    game = compile_game(case)
    place = game.structure.place("b")
    plan = (Move(0, place, game.phases[place].branches.index("pay")),) if imposes else ()
    random, samplers = np.random.default_rng(5), []

    def watch(back: Pass, _: np.ndarray) -> TypedSampler:
        each = random.random((HISTORIES, game.steps, len(game.phases)))
        more = random.random((HISTORIES, how_many(game)))
        samplers.append(TypedSampler(back, plan, np.zeros(HISTORIES, dtype=np.int64), each, more))
        return samplers[0]

    layout = lay_out(game, ever=False)
    found = solve_game(game, {}, 1, plans=[plan] if plan else [], layout=layout, watcher=watch, nodes=5)
    answers = found.plans[0] if plan else found.baseline
    paths = samplers[0].paths
    ends = paths.states[:, -1, -1]
    for name, (variable, level) in QUESTIONS.items():
        here = game.asked.levels[variable][ends] == case.variables[variable].levels.index(level)
        _agree(here, answers.questions[name][0])
        for (actor, kind), mine in answers.by_type.items():
            are = np.array([profile[actor] == kind for profile in game.roster.profiles])[paths.profiles]
            _agree(are, found.shares[actor, kind][0])
            _agree(here[are], mine.questions[name][0])
    shown = [place for place, phase in enumerate(game.phases) if phase.signal]
    assert np.isfinite(paths.believed[:, :, shown]).all()
    assert np.isnan(np.delete(paths.believed, shown, axis=2)).all()


def _agree(hits: np.ndarray, likely: float) -> None:
    """Whether a share among histories is the probability, but for chance: 4.5 standard errors."""
    error = np.sqrt(max(likely * (1 - likely), 1e-4) / len(hits))
    assert abs(hits.mean() - likely) < 4.5 * error
