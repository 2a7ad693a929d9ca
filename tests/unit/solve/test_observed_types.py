"""Play given what was seen where somebody has private types, also where beliefs stand on a grid."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.game.compile import Game, compile_game
from foederis.game.observed import see
from foederis.language.news import add_observed
from foederis.solve import workshop
from foederis.solve.backward import Pass
from foederis.solve.engine import solve_game
from foederis.solve.layout import lay_out
from foederis.solve.results import Solution
from foederis.solve.typed_paths import TypedSampler, how_many
from tests.typed import BOTH_SIDES, BREAKFAST

HISTORIES = 20_000
ASKED = {
    "ever_broken": "{eventually: broken}",
    "early": "{takes: b.pay, by: 0}",
    "when": "{first: answer == pay}",
    "refused": "{takes: b.refuse, given: watched}",
    "hard_push": "{at_end: a.type == hard and last == push}",
}
TEXT = BOTH_SIDES.replace("questions:\n", "questions:\n" + "".join(f"  {n}: {q}\n" for n, q in ASKED.items()))
# Asked again on the next day, when what was believed after the first breakfast still counts.
AGAIN = BREAKFAST.replace("steps: 1", "steps: 2").replace("retreat: {}", "retreat: {sets: {fought: no}}")
AGAIN = AGAIN.replace("questions:", "questions:\n  when: {first: fought}\n  twice: {takes: sender.eat_quiche}")
# Of the accounts of a case, one is so.
CASES: dict[str, tuple[str, dict[str, np.ndarray], list[list[dict[str, Any]]]]] = {
    "both": (
        TEXT,
        {},
        [
            [{"step": 0, "a": first}, {"step": 0, "break": event}, {"step": 1, "b": second}]
            for first, event, second in itertools.product(("push", "wait"), ("breaks", "nothing"), ("pay", "refuse"))
        ],
    ),
    "again": (
        AGAIN,
        {"p_strong": np.array([0.85])},
        [
            [{"step": 0, "receiver": first}, {"step": 1, "sender": second}]
            for first, second in itertools.product(("fight", "retreat"), ("drink_beer", "eat_quiche"))
        ],
    ),
}


@cache
def told(name: str) -> tuple[Game, Solution]:
    """Every account, on a coarse grid."""
    text, worlds, accounts = CASES[name]
    case = fd.loads(text)
    parts = [add_observed(case, [dict(item) for item in items]) for items in accounts]
    game = compile_game(parts[0])
    retold = [see(game.phases, game.structure, part.observed) for part in parts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "may_be_exact", lambda layout: False)
        return game, solve_game(game, worlds, 1, nodes=5, retold=retold)


@pytest.mark.parametrize("name", list(CASES))
def test_accounts_make_up_what_was_to_be_expected(name: str) -> None:
    """Their probabilities sum to 1; and answers, types and answers by type are, on average, as before."""
    _, solution = told(name)
    assert not solution.signals.exact
    prior, accounts = solution.prior, solution.retold
    assert prior is not None
    likely = np.exp([found.evidence[0] for found in accounts])
    assert likely.sum() == pytest.approx(1, abs=1e-12)
    assert (likely > 0.001).all()
    for key, share in prior.shares.items():
        given = [found.shares[key][0] for found in accounts]
        assert np.ptp(given) > 0.01
        assert likely @ given == pytest.approx(share[0], abs=1e-12)
        mine = [found.by_type[key] for found in accounts]
        of_type = np.exp([found.evidence[0] for found in mine])
        # Bayes' rule.
        np.testing.assert_allclose(given, share[0] * of_type / likely, rtol=1e-12)
        agree(prior.by_type[key], mine, of_type)
    agree(prior, accounts, likely)


def agree(prior: Any, accounts: Any, likely: np.ndarray) -> None:
    for name, value in prior.questions.items():
        if name != "refused":  # a share of what is given
            assert likely @ [found.questions[name][0] for found in accounts] == pytest.approx(value[0], abs=1e-12)
    np.testing.assert_allclose(likely @ [found.firsts["when"][0] for found in accounts], prior.firsts["when"][0])


def test_an_account_agrees_with_itself() -> None:
    """What is observed for certain is certain; the baseline is the account that the case tells."""
    _, solution = told("both")
    for name, value in solution.baseline.questions.items():
        np.testing.assert_allclose(solution.retold[0].questions[name], value, atol=1e-13)
    np.testing.assert_allclose(solution.first_moves["a"][0], [1, 0], atol=1e-12)
    assert solution.levels["broken"][0, 0].tolist() == pytest.approx([0, 1], abs=1e-12)


@pytest.mark.parametrize("name", list(CASES))
def test_histories_come_about_as_often_as_the_solution_says(name: str) -> None:
    text, worlds, accounts = CASES[name]
    case = add_observed(fd.loads(text), [dict(item) for item in accounts[1]])
    game = compile_game(case)
    random, samplers = np.random.default_rng(7), []

    def watch(back: Pass, _: np.ndarray) -> TypedSampler:
        each = random.random((HISTORIES, game.steps, len(game.phases)))
        more = random.random((HISTORIES, how_many(game)))
        samplers.append(TypedSampler(back, (), None, np.zeros(HISTORIES, dtype=np.int64), each, more))
        return samplers[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "may_be_exact", lambda layout: False)
        found = solve_game(game, worlds, 1, layout=lay_out(game, ever=False), watcher=watch, nodes=5)
    paths = samplers[0].paths
    seen = next(phase for phase, known in enumerate(game.phases) if known.name in accounts[1][0])
    first = game.phases[seen].branches.index(str(accounts[1][0][game.phases[seen].name]))
    assert (paths.branches[:, 0, seen] == first).all()
    for variable, levels in found.levels.items():
        for step, level in np.ndindex(*levels.shape[1:]):
            here = game.asked.levels[variable][paths.states[:, step, -1]] == level
            often(here, levels[0, step, level])
    for (actor, kind), share in found.baseline.shares.items():
        are = np.array([profile[actor] == kind for profile in game.roster.profiles])[paths.profiles]
        often(are, share[0])


def often(hits: np.ndarray, likely: float) -> None:
    """Whether a share among histories is the probability, but for chance: 4.5 standard errors."""
    error = np.sqrt(max(likely * (1 - likely), 1e-4) / len(hits))
    assert abs(hits.mean() - likely) < 4.5 * error


def test_beliefs_are_not_called_exact_where_what_was_seen_leads_beyond_them() -> None:
    """Quiche is so unlikely that the belief after it is no node; which matters once it has been seen."""
    rare = BREAKFAST.replace("1 if type == strong else 0", "20 if type == strong else 19.5")
    case = add_observed(fd.loads(rare), [{"step": 0, "sender": "eat_quiche"}])
    worlds = {"p_strong": np.array([0.85])}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "ROOMS", (4,))
        assert solve_game(compile_game(fd.loads(rare)), worlds, 1, nodes=5).signals.exact
        found = solve_game(compile_game(case), worlds, 1, nodes=5)
    assert found.baseline.evidence[0] < np.log(1e-11)
    assert not found.signals.exact
