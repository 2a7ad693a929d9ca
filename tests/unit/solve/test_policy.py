"""What the solver has decided, over the game's own states; and what looks on while it does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.game.compile import Game, compile_game
from foederis.language.sampling import draw_quantities
from foederis.solve.backward import Move, Pass
from foederis.solve.engine import solve_game
from foederis.solve.layout import lay_out
from foederis.solve.policy import Outcome, Policy
from tests.helpers import EVERYTHING
from tests.unit.solve.test_layout import CERTAIN

DRAWS = 3


class Recorder:
    """Keeps what it is shown."""

    def __init__(self, back: Pass, plan: tuple[Move, ...] = ()):
        self.policy, self.calls, self.held = Policy(back.layout, plan, DRAWS), [], {}
        self.calls: list[tuple[str, int]]
        self.held: dict[int, np.ndarray]

    def back(self, step: int, shown: Any) -> None:
        self.calls.append(("back", step))
        [how] = shown
        self.held[step] = self.policy.weights(step, how.weights).copy()

    def forth(self, step: int, shown: Any, masses: Any, evidence: Any) -> None:
        self.calls.append(("forth", step))
        [how] = shown
        np.testing.assert_array_equal(self.policy.weights(step, how.weights), self.held[step])
        assert not evidence.any()


def watched(text: str, plan: tuple[Move, ...] = ()) -> tuple[Game, Recorder, Any]:
    case = fd.loads(text)
    game = compile_game(case)
    seen: list[Recorder] = []

    def watcher(back: Pass, places: np.ndarray) -> Recorder:
        assert places.tolist() == [0, 1, 2]
        seen.append(Recorder(back, plan))
        return seen[0]

    solution = solve_game(game, draw_quantities(case, DRAWS), DRAWS, layout=lay_out(game), watcher=watcher)
    [recorder] = seen
    return game, recorder, solution


def test_it_looks_on_backwards_then_forwards() -> None:
    game, recorder, _ = watched(EVERYTHING)
    steps = list(range(game.steps))
    assert recorder.calls == [("back", step) for step in reversed(steps)] + [("forth", step) for step in steps]


@pytest.mark.parametrize("text", [EVERYTHING, CERTAIN], ids=["everything", "certain"])
def test_state_probabilities_follow_from_the_policy(text: str) -> None:
    """Play is carried forward by what the policy says; its levels, and first moves, must be those of the solution."""
    game, recorder, solution = watched(text)
    structure, policy = game.structure, recorder.policy
    mass = np.zeros((len(structure.phases[0].codes), DRAWS))
    mass[structure.start] = 1.0
    for step in range(game.steps):
        for phase, states in enumerate(structure.phases):
            everywhere = np.arange(len(states.codes))
            chances = policy.chances(recorder.held[step], phase, step, everywhere)
            met = mass.max(axis=1) > 0
            np.testing.assert_allclose(chances.sum(axis=0)[met], 1, atol=1e-12)
            link = states.at(step)
            assert not chances[:-1][~link.open][:, 0][np.broadcast_to(met, link.open.shape)[~link.open]].any()
            if step == 0 and game.phases[phase].mover >= 0:
                taken = np.einsum("bsd,sd->db", chances[:-1], mass)
                np.testing.assert_allclose(taken, solution.first_moves[game.phases[phase].name], atol=1e-12)
            columns = np.arange(len(everywhere)) % DRAWS
            picked = policy.chances(recorder.held[step], phase, step, everywhere, columns)
            np.testing.assert_array_equal(picked, chances[:, everywhere, columns])
            later = structure.phases[phase + 1].codes if phase + 1 < len(structure.phases) else structure.end_codes
            after = np.zeros((len(later), DRAWS))
            for branch, successor in enumerate([*link.successor, link.stay]):
                np.add.at(after, successor, chances[branch] * mass)
            mass = after
        for name, levels in solution.levels.items():
            for level in range(levels.shape[2]):
                here = mass[game.asked.levels[name] == level].sum(axis=0)
                np.testing.assert_allclose(here, levels[:, step, level], atol=1e-12)
        carried = np.zeros((len(structure.phases[0].codes), DRAWS))
        np.add.at(carried, structure.onward, mass)
        mass = carried


def test_deciding_states_leave_out_those_that_pass_through() -> None:
    game, recorder, _ = watched(CERTAIN)
    places = {phase.name: place for place, phase in enumerate(game.phases)}
    for place, states in enumerate(game.structure.phases):
        deciding = recorder.policy.deciding(place, 0)
        assert sorted(deciding) == np.flatnonzero(states.at(0).live).tolist()
    forget = recorder.policy.chances(recorder.held[0], places["forget"], 0, np.array([0]))
    assert forget[:, 0, 0].tolist() == [1.0, 0.0]


def test_imposed_moves() -> None:
    game = compile_game(fd.loads(EVERYTHING))
    patron = [phase.name for phase in game.phases].index("patron")
    branch = game.phases[patron].branches.index("send_arms")
    _, recorder, _ = watched(EVERYTHING, (Move(1, patron, branch),))
    opened = np.flatnonzero(game.structure.phases[patron].at(1).open[branch])
    forced = recorder.policy.chances(recorder.held[1], patron, 1, opened)
    assert (forced[branch] == 1).all()
    free = recorder.policy.chances(recorder.held[2], patron, 2, opened)
    assert (free[branch] < 1).all()


def test_when_outcomes_come_true() -> None:
    case = fd.loads(EVERYTHING)
    game = compile_game(case)
    layout, worlds = lay_out(game), draw_quantities(case, DRAWS)
    asks = {ask.name: ask for ask in game.asked.questions}
    outcomes = {name: Outcome(layout, asks[name], worlds, DRAWS) for name in ("falls", "hot_soon", "arms")}
    fallen = game.asked.levels["fallen"] == 1
    falls = outcomes["falls"]
    assert not falls.at_end(1).any()
    np.testing.assert_array_equal(falls.at_end(2)[:, 0], fallen)
    hot = outcomes["hot_soon"]
    assert (hot.by, hot.at_end(0).any(), hot.at_end(1).any(), hot.at_end(2).any()) == (1, True, True, False)
    assert not hot.at_start().any()
    arms = outcomes["arms"]
    assert not arms.at_end(2).any()
    assert (arms.branch(asks["arms"].phase, 2), arms.branch(0, 2)) == (asks["arms"].branch, -1)
    true_at_once = EVERYTHING.replace("ever_falls: {eventually: fallen}", "ever_falls: {eventually: war == on}")
    case = fd.loads(true_at_once)
    game = compile_game(case)
    ask = next(ask for ask in game.asked.questions if ask.name == "ever_falls")
    assert Outcome(lay_out(game), ask, draw_quantities(case, DRAWS), DRAWS).at_start().all()
