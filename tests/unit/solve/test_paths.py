"""Histories that are drawn. That they are distributed as they should be is tested in tests/oracle/test_histories.py."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from foederis.game.compile import Game, compile_game
from foederis.language.sampling import draw_quantities, median_quantities
from foederis.solve.backward import Pass
from foederis.solve.engine import solve_game
from foederis.solve.likeliest import Likeliest
from foederis.solve.paths import Paths, Sampler
from foederis.solve.results import Solution
from tests.helpers import EVERYTHING

CASE = fd.loads(EVERYTHING)
GAME = compile_game(CASE)
DRAWS = 4


def sampled(random: np.ndarray, given: str | None, columns: np.ndarray) -> tuple[Sampler, Solution]:
    ask = next((ask for ask in GAME.asked.questions if ask.name == given), None)
    made: list[Sampler] = []

    def watcher(back: Pass, places: np.ndarray) -> Sampler:
        made.append(Sampler(back, (), len(places), ask, columns, random))
        return made[0]

    solution = solve_game(GAME, draw_quantities(CASE, DRAWS), DRAWS, watcher=watcher)
    return made[0], solution


def check_links(game: Game, paths: Paths) -> None:
    """Every state follows from the one before, by a branch that is open."""
    structure = game.structure
    for states, branches in zip(paths.states, paths.branches, strict=True):
        here = structure.start
        for step in range(game.steps):
            for phase, found in enumerate(structure.phases):
                assert states[step, phase] == here
                link, branch = found.at(step), branches[step, phase]
                assert branch < 0 or link.open[branch, here]
                here = link.stay[here] if branch < 0 else link.successor[branch, here]
            assert states[step, -1] == here
            here = structure.onward[here]


@pytest.mark.parametrize("given", [None, "falls", "hot_soon", "arms", "stands_by"])
@pytest.mark.parametrize("number", [0.0, 0.37, 1 - 2.0**-53])
def test_nothing_impossible_happens_whatever_the_random_numbers(given: str | None, number: float) -> None:
    random = np.full((DRAWS, GAME.steps, len(GAME.phases)), number)
    sampler, solution = sampled(random, given, np.arange(DRAWS))
    check_links(GAME, sampler.paths)
    assert (sampler.paths.chances > 0).all()
    assert ((sampler.paths.shares > 0) & (sampler.paths.shares <= 1)).all()
    assert (sampler.paths.shares >= sampler.paths.chances - 1e-12).all()
    if given:
        assert sampler.done.all()
        np.testing.assert_allclose(sampler.hope, solution.baseline.questions[given], atol=1e-12)


def test_a_share_is_among_what_is_chosen() -> None:
    """The rival thinks again every two months, so in a month with probability 1 - exp(-1/2)."""
    random = np.random.default_rng(1).random((60, GAME.steps, len(GAME.phases)))
    sampler, _ = sampled(random, None, np.arange(60) % DRAWS)
    rival = [phase.name for phase in GAME.phases].index("rival")
    moved = sampler.paths.branches[:, :, rival] >= 0
    chosen = sampler.paths.chances[:, :, rival][moved] / sampler.paths.shares[:, :, rival][moved]
    assert moved.sum() > 20
    np.testing.assert_allclose(chosen, -np.expm1(-0.5), atol=1e-12)
    assert (sampler.paths.shares[:, :, rival][~moved] == 1).all()


def test_several_histories_of_one_world() -> None:
    random = np.random.default_rng(5).random((40, GAME.steps, len(GAME.phases)))
    columns = np.arange(40) % 2
    sampler, _ = sampled(random, "falls", columns)
    check_links(GAME, sampler.paths)
    first = sampler.paths.chances[columns == 0][:, 0, 0]
    assert len(np.unique(first)) > 1
    alone, _ = sampled(random[7:8], "falls", columns[7:8])
    np.testing.assert_array_equal(alone.paths.branches[0], sampler.paths.branches[7])


@pytest.mark.parametrize("given", [None, "falls", "hot", "arms"])
def test_the_probability_of_the_most_likely_history_is_the_product_of_its_parts(given: str | None) -> None:
    ask = next((ask for ask in GAME.asked.questions if ask.name == given), None)
    made: list[Likeliest] = []

    def watcher(back: Pass, _: np.ndarray) -> Likeliest:
        made.append(Likeliest(back, (), ask))
        return made[0]

    solve_game(GAME, median_quantities(CASE), 1, watcher=watcher)
    [likeliest] = made
    assert np.log(likeliest.paths.chances).sum() == pytest.approx(likeliest.log_chance, abs=1e-12)
    assert likeliest.log_chance < 0
    assert likeliest.flag == 1
    structure = GAME.structure
    for step, phase in np.argwhere(likeliest.paths.branches[0] >= 0):  # what is told makes a difference
        before, after = likeliest.paths.states[0, step, phase : phase + 2]
        later = structure.phases[phase + 1].codes if phase + 1 < len(structure.phases) else structure.end_codes
        asked = ask is not None and (ask.phase, ask.branch) == (phase, likeliest.paths.branches[0, step, phase])
        assert asked or structure.phases[phase].codes[before] != later[after]
