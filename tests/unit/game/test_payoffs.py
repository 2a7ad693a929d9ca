"""Chances and payments, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from foederis.diagnostics import CaseError
from foederis.game.compile import Game, compile_game
from foederis.game.payoffs import event_chances
from foederis.language.case import Case
from foederis.language.expressions import Environment
from tests.unit.language.texts import case_of

NOTHING_ELSE = {"moves": None, "interests": None, "questions": None}


def chances(event: str, quantities: str = "{p: 0.3, q: 0.2}", **state: int) -> list[float]:
    """The probabilities of an event's outcomes in the order of their names, and of nothing."""
    [found] = case_of(events=f"{{it: {event}}}", quantities=quantities, **NOTHING_ELSE).events
    worlds = {name: float(value) for name, value in _numbers(quantities).items()}
    environment = Environment({"war": 0, "help": 0, "fallen": 0, "count": 0, **state}, worlds)
    outcomes = [outcome for _, outcome in sorted(found.outcomes.items())]
    return [float(np.ravel(part)[0]) for part in event_chances(found, outcomes, environment)]


def _numbers(text: str) -> dict[str, str]:
    return dict(part.split(": ") for part in text.strip("{}").split(", "))


def test_a_plain_chance() -> None:
    assert chances("{chance: p}") == pytest.approx([0.3, 0.7])


def test_odds_multiply_the_odds() -> None:
    """0.3 is 3 to 7; times 2 it is 6 to 7."""
    event = "{chance: p, odds: [{when: war == on, times: 2}, {when: help == arms, times: 10}]}"
    assert chances(event) == pytest.approx([6 / 13, 7 / 13])
    assert chances(event, help=1) == pytest.approx([60 / 67, 7 / 67])
    assert chances(event, war=1) == pytest.approx([0.3, 0.7])


@pytest.mark.parametrize("times", ["0", "2", "1_000_000"])
def test_a_certainty_stays_one_whatever_the_odds(times: str) -> None:
    assert chances(f"{{chance: 1, odds: [{{when: war == on, times: {times}}}]}}") == [1, 0]
    assert chances(f"{{chance: 0, odds: [{{when: war == on, times: {times}}}]}}") == [0, 1]


def test_odds_of_nought_make_it_impossible() -> None:
    assert chances("{chance: p, odds: [{when: war == on, times: 0}]}") == [0, 1]


def test_outcomes_share_what_is_left() -> None:
    """p_i m_i / (1 - sum p + sum p_j m_j) with p = .3, .2 and m = 2, 1: 0.6, 0.2 and 0.5 over 1.3."""
    event = "{outcomes: {a: {chance: p, odds: [{when: war == on, times: 2}]}, b: {chance: q}}}"
    assert chances(event) == pytest.approx([0.6 / 1.3, 0.2 / 1.3, 0.5 / 1.3])


def test_odds_of_the_event_hold_for_every_outcome() -> None:
    event = "{odds: [{when: war == on, times: 3}], outcomes: {a: {chance: p}, b: {chance: q}}}"
    assert chances(event) == pytest.approx([0.9 / 2, 0.6 / 2, 0.5 / 2])


def test_shares_are_made_to_sum_to_one() -> None:
    event = "{chance: p, odds: [{when: war == on, times: 2}], outcomes: {a: {share: 1}, b: {share: 3}}}"
    happens = 6 / 13
    assert chances(event) == pytest.approx([happens / 4, happens * 3 / 4, 1 - happens])


def test_odds_of_a_share() -> None:
    """Shares of 1/4 and 3/4, the second at three times its odds: 1/4 to 9/4."""
    event = "{chance: p, outcomes: {a: {share: 1}, b: {share: 3, odds: [{when: war == on, times: 3}]}}}"
    assert chances(event) == pytest.approx([0.3 * 0.1, 0.3 * 0.9, 0.7])


def test_one_share_is_the_whole() -> None:
    assert chances("{chance: p, outcomes: {a: {share: 0.2}}}") == pytest.approx([0.3, 0.7])


def test_no_share_at_all_is_impossible() -> None:
    """0 of 0 is no number, and is found by the check of the table."""
    found = chances("{chance: p, outcomes: {a: {share: q}, b: {share: 0}}}", "{p: 0.3, q: 0}")
    assert all(math.isnan(part) for part in found[:2])


def test_certain_outcomes_leave_nothing_over() -> None:
    found = chances("{outcomes: {a: {chance: p}, b: {chance: q}}}", "{p: 0.9, q: 0.1}")
    assert found == pytest.approx([0.9, 0.1, 0])
    assert found[2] == 0  # not 1e-17: no state may be reached by rounding


@pytest.mark.parametrize(
    ("event", "quantities", "shown"),
    [
        ("{chance: p + q}", "{p: 0.7, q: 0.5}", "1.2"),
        ("{chance: p - q}", "{p: 0.1, q: 0.5}", "-0.4"),
        ("{outcomes: {a: {chance: p}, b: {chance: q}}}", "{p: 0.7, q: 0.5}", "1.2"),
        ("{chance: p, odds: [{when: war == on, times: q - 1}]}", "{p: 0.7, q: 0.5}", "nan"),
        ("{chance: p, outcomes: {a: {share: q}, b: {share: 0}}}", "{p: 0.7, q: 0}", "nan"),
        ("{chance: p, outcomes: {a: {share: q - 1}, b: {share: 2}}}", "{p: 0.7, q: 0}", "nan"),
    ],
)
def test_impossible_chances_are_named(event: str, quantities: str, shown: str) -> None:
    # Uncertain, so that they are known only once they are drawn.
    names = "{p: 10% to 20%, q: 10% to 20%}"
    case = case_of(events=f"{{it: {event}}}", quantities=names, **NOTHING_ELSE)
    game = compile_game(case)
    worlds = {name: np.array([float(value)]) for name, value in _numbers(quantities).items()}
    with pytest.raises(CaseError) as caught:
        game.phases[0].pool.evaluate(worlds, 1, 0)
    [item] = caught.value.diagnostics
    assert item.code == "F305"
    assert item.message.startswith(f"the chance of the event `it` is {shown}")
    assert "in draw 0 (p = " in item.message
    assert "q = " in item.message


def game_of(**sections: str) -> tuple[Case, Game]:
    case = case_of(**{**NOTHING_ELSE, "events": None, **sections})
    return case, compile_game(case)


PACT = """
    pact:
      parties: [patron, rival, client]
      provisions: [PROVISION]
      invokes: defense
      triggered: fighting
      honoured_by: {patron: help >= arms, rival: help < words}
      breach_cost: {patron: stake, rival: 1}
"""
SEND = "[{actor: patron, options: {send: {sets: {help: arms}, pays: {rival: -3}}, stop: {sets: {war: over}}}}]"


def test_breaking_a_treaty_costs_while_it_is_called_upon() -> None:
    _, game = game_of(treaties=PACT.replace("PROVISION", "defense"), moves=SEND)
    rows = game.flow_pool.evaluate({"stake": np.array([7.0]), "chance": np.array([0.1])}, 1, 0)
    costs = {game.actors[p.actor]: rows[game.flow_pool.ids[p.table]][:, 0] for p in game.flows}
    ends = game.structure.end_codes
    war, help = game.packing.digits(ends, "war"), game.packing.digits(ends, "help")
    np.testing.assert_array_equal(costs["patron"], np.where((war == 0) & (help == 0), -7.0, 0.0))
    np.testing.assert_array_equal(costs["rival"], np.where(war == 0, -1.0, 0.0))
    assert {(p.kind, p.name) for p in game.flows} == {("treaty", "pact")}


def test_a_treaty_that_does_not_promise_what_is_called_upon_binds_nobody() -> None:
    _, game = game_of(treaties=PACT.replace("PROVISION", "consultation"), moves=SEND)
    assert game.flows == ()


def test_payments_of_options_by_actor() -> None:
    _, game = game_of(moves=SEND)
    [phase] = game.phases
    [(branch, actor, table)] = phase.pays
    assert (phase.branches[branch], game.actors[actor]) == ("send", "rival")
    rows = phase.pool.evaluate({"stake": np.ones(1), "chance": np.ones(1)}, 1, 0)
    np.testing.assert_array_equal(rows[phase.pool.ids[table]], -3.0)


def test_interests_are_paid_when_they_say() -> None:
    interests = "{patron: {now: {worth: stake, when: fighting}, then: {worth: 2 * count, paid: at_end}}}"
    moves = "[{actor: patron, options: {up: {sets: {count: count + 1}}, stop: {sets: {war: over}}}}]"
    _, game = game_of(interests=interests, moves=moves)
    assert [(p.name, p.kind) for p in game.flows] == [("now", "interest")]
    assert [(p.name, p.kind) for p in game.finals] == [("then", "interest")]
    worlds = {"stake": np.array([5.0, 6.0]), "chance": np.ones(2)}
    ends = game.structure.end_codes
    now = game.flow_pool.evaluate(worlds, 2, 0)[game.flow_pool.ids[game.flows[0].table]]
    np.testing.assert_array_equal(now, (game.packing.digits(ends, "war") == 0)[:, None] * np.array([[5.0, 6.0]]))
    then = game.final_pool.evaluate(worlds, 2, 4)[game.final_pool.ids[game.finals[0].table]]
    np.testing.assert_array_equal(then, np.repeat(2.0 * game.packing.values(ends, "count")[:, None], 2, axis=1))


@pytest.mark.parametrize(
    ("actors", "code", "message"),
    [
        ("rationality: stake", "F306", r"the rationality of `patron` is -2 in draw 5 \(stake = -2\)"),
        ("rationality: 1, patience: stake", "F307", r"the patience of `patron` is 1\.5 in draw 4 \(stake = 1\.5\)"),
    ],
)
def test_impossible_numbers_of_actors(actors: str, code: str, message: str) -> None:
    _, game = game_of(
        actors=f"{{patron: {{{actors}}}, rival: {{rationality: 0}}}}", quantities="{stake: -1 to 3}", moves=SEND
    )
    with pytest.raises(CaseError, match=message) as caught:
        game.actor_numbers({"stake": np.array([1.5, -2.0])}, 2, first_draw=4)
    assert [item.code for item in caught.value.diagnostics] == [code]


def test_how_likely_an_actor_is_to_reconsider() -> None:
    """1 - exp(-step / period): a week of two weeks is 39 %."""
    actors = "{patron: {rationality: 1, reconsiders: every 2 weeks}, rival: {rationality: 1}}"
    _, game = game_of(actors=actors, moves=SEND)
    [phase] = game.phases
    passes, chooses = phase.chances
    rows = phase.pool.evaluate({"stake": np.ones(1), "chance": np.ones(1)}, 1, 0)
    assert rows[phase.pool.ids[passes]] == pytest.approx(math.exp(-0.5))
    assert rows[phase.pool.ids[chooses]] == pytest.approx(1 - math.exp(-0.5))
