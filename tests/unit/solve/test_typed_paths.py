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
        samplers.append(TypedSampler(back, plan, None, np.zeros(HISTORIES, dtype=np.int64), each, more))
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


GIVEN = """  refused: {eventually: answer == refuse}
  watches: {takes: c.watch}
  shown: {at_end: a.type == hard and last == push}
  if_paid: {at_end: last == push, given: answer == pay}
  if_shown: {at_end: answer == pay, given: a.type == hard and last == push}
  if_watched: {at_end: before, given: watched}
"""
SEEN = "observed: [{step: 0, a: push | wait, believed: 60%}, {step: 1, b: not refuse, believed: 80%}]\n"


@pytest.mark.parametrize(
    ("outcome", "given", "seen", "exact"),
    [
        ("paid_last", "if_paid", "", False),
        ("shown", "if_shown", SEEN, False),
        ("shown", "if_shown", SEEN, True),
        ("refused", None, SEEN, False),
        ("watches", None, "", False),
        ("watched_last", "if_watched", "", False),
    ],
)
def test_so_they_do_given_an_outcome(
    outcome: str, given: str | None, seen: str, exact: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop, "may_be_exact", lambda layout: exact)
    text = BOTH_SIDES.replace("whatifs:", f"{GIVEN}whatifs:").replace("broken: flag", "broken: flag\n  before: flag")
    for now in ("yes", "no"):
        text = text.replace(f"{{watched: {now}}}", f"{{before: watched, watched: {now}}}")
    # Whether c watches hangs on what it believes of a, so the node as which play goes on ties one time to the other.
    text = text.replace("c: {rationality: 0.5}", "c: {rationality: 20}")
    case = fd.loads(text + seen)
    game = compile_game(case)
    asks = [next(ask for ask in asks if ask.name == outcome) for asks in game.asked.by_profile]
    random, samplers = np.random.default_rng(7), []

    def watch(back: Pass, _: np.ndarray) -> TypedSampler:
        each = random.random((HISTORIES, game.steps, len(game.phases)))
        more = random.random((HISTORIES, how_many(game)))
        samplers.append(TypedSampler(back, (), asks, np.zeros(HISTORIES, dtype=np.int64), each, more))
        return samplers[0]

    found = solve_game(game, {}, 1, layout=lay_out(game, ever=False), watcher=watch, nodes=3)
    answers, [sampler] = found.baseline, samplers
    likely, paths = answers.questions[outcome][0], sampler.paths
    assert sampler.hope[0] == pytest.approx(likely, abs=1e-12)
    assert sampler.done.all()
    for (actor, kind), mine in answers.by_type.items():
        are = np.array([profile[actor] == kind for profile in game.roster.profiles])[paths.profiles]
        share = (answers.shares or found.shares)[actor, kind][0]  # what was seen moves it
        _agree(are, mine.questions[outcome][0] * share / likely)
    if given is not None:
        variable, level = {"if_paid": ("last", "push"), "if_shown": ("answer", "pay")}.get(given, ("before", "yes"))
        ends = game.asked.levels[variable][paths.states[:, -1, -1]]
        _agree(ends == case.variables[variable].levels.index(level), answers.questions[given][0])


def _agree(hits: np.ndarray, likely: float) -> None:
    """Whether a share among histories is the probability, but for chance: 4.5 standard errors."""
    error = np.sqrt(max(likely * (1 - likely), 1e-4) / len(hits))
    assert abs(hits.mean() - likely) < 4.5 * error
