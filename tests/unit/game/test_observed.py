"""What was seen as likelihoods of branches and of states."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from foederis.game.compile import compile_game
from foederis.game.observed import Seen, likelihoods
from foederis.language.case import Sighting
from foederis.language.news import add_observed

PATRON = fd.load("patron")


def seen(*items: dict[str, object]) -> tuple[Seen, list[str]]:
    game = compile_game(add_observed(PATRON, items))
    assert game.seen is not None
    return game.seen, [phase.name for phase in game.phases]


def test_branches_and_none_at_the_end() -> None:
    found, names = seen({"step": 1, "patron": "stand_aside | none"}, {"step": 0, "truce": "no"})
    assert set(found.branches) == {(1, names.index("patron")), (0, names.index("truce"))}
    # intervene, send_arms, stand_aside, none
    np.testing.assert_array_equal(found.branches[1, names.index("patron")], [-np.inf, -np.inf, 0, 0])
    np.testing.assert_array_equal(found.branches[0, names.index("truce")], [-np.inf, 0])
    assert found.last == 1


def test_reports_of_one_thing_are_multiplied() -> None:
    found, names = seen({"step": 0, "truce": "yes", "believed": "60%"}, {"step": 0, "truce": "no", "believed": "20%"})
    expected = np.log([(0.6 + 0.4 / 2) * (0.8 / 2), (0.4 / 2) * (0.2 + 0.8 / 2)])
    np.testing.assert_allclose(found.branches[0, names.index("truce")], expected)


def test_levels_at_the_end_of_a_step() -> None:
    found, _ = seen({"step": 0, "state": {"war": "on", "help": "not troops"}})
    game = compile_game(PATRON)
    levels = {name: game.asked.levels[name] for name in ("war", "help")}
    np.testing.assert_array_equal(found.ends[0] == 0, (levels["war"] == 0) & (levels["help"] < 2))


@pytest.mark.parametrize("believed", [0.3, 0.7, 1.0])
def test_a_report_that_is_not_true_says_nothing(believed: float) -> None:
    sighting = Sighting("turn", "patron", frozenset({"a"}), ("a", "b", "c", "d"))
    right, wrong = np.exp(likelihoods(sighting, believed))
    assert right == pytest.approx(believed + (1 - believed) / 4)
    assert wrong == pytest.approx((1 - believed) / 4)
    # However it is with the world, some report is made: over all that could be said it is certain.
    assert right + 3 * wrong == pytest.approx(1)


def test_what_comes_before_what_was_seen() -> None:
    found, names = seen({"step": 0, "patron": "send_arms"}, {"step": 1, "rival": "stop"})
    patron, rival = names.index("patron"), names.index("rival")
    assert found.reaches(0, patron)
    assert found.reaches(1, rival)
    assert not found.reaches(1, patron)
    assert set(found.until(1, rival).branches) == {(0, patron)}
    assert found.until(0, rival).last == -1
    ended, _ = seen({"step": 1, "state": {"war": "on"}})
    assert ended.reaches(1, patron)
    assert set(ended.until(1, patron).ends) == set()


def test_observations_decide_the_hash() -> None:
    one = compile_game(add_observed(PATRON, [{"step": 0, "truce": "no"}])).hash
    assert one != compile_game(PATRON).hash
    both = [{"step": 0, "truce": "no"}, {"step": 1, "patron": "send_arms"}]
    two, other = (compile_game(add_observed(PATRON, items)).hash for items in (both, both[::-1]))
    assert two == other != one
    assert one != compile_game(add_observed(PATRON, [{"step": 0, "truce": "no", "believed": "50%"}])).hash
