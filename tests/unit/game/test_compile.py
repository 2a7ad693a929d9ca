"""A Case becomes a Game."""

from __future__ import annotations

import pytest

from foederis import loads
from foederis.game.compile import compile_game, content_hash
from foederis.game.rules import rules_of
from tests.helpers import EVERYTHING
from tests.unit.language.texts import case_of

SAME = [
    {"title": "Another title"},
    {"questions.falls.says": "Does it fall?"},
    {"clock.start": "1990-05-05"},
]
OTHER = [
    {"quantities.stake": "5 to 21"},
    {"quantities.half_price": "price / 3"},
    {"correlated": [["stake", "price", "0.4"]]},
    {"clock.steps": 4},
    {"clock.step": "2 months"},
    {"actors.rival.rationality": 0.8},
    {"actors.patron.patience": "constancy"},
    {"actors.rival.reconsiders": "every 3 months"},
    {"state.heat": {"levels": "0..2", "start": 1}},
    {"moves.patron.chance": "91%"},
    {"moves.rival.when": "war != over"},
    {"moves.rival.options.stop.pays.rival": -2},
    {"moves.patron.options.send_arms.when": "help <= words"},
    {"events.truce.odds": [{"when": "mood == high", "times": "3"}]},
    {"events.battle.outcomes.fall.odds": []},
    {"events.battle.outcomes.calm.chance": "21%"},
    {"events.weather.outcomes.fair.sets.mood": "low"},
    {"interests.patron.quiet.worth": 1},
    {"interests.patron.quiet.paid": "at_end"},
    {"interests.rival.gains.when": "war == on and heat > 0"},
    {"treaties.pact.provisions": ["consultation"]},
    {"treaties.pact.breach_cost.patron": 3},
    {"treaties.pact.honoured_by.patron": "help >= troops"},
    {"exposures.plant.value": 4},
    {"exposures.plant.lost": {"fallen": "70%", "fighting": "10%"}},
    {"questions.falls.at_end": "fallen and fighting"},
    {"questions.arms.takes": "patron.intervene"},
    {"questions.comes.by": 1},
    {"questions.loss.given": "fallen"},
]


@pytest.mark.parametrize("change", SAME, ids=str)
def test_words_leave_the_hash_as_it_is(change: dict[str, object]) -> None:
    case = loads(EVERYTHING.replace("falls: {at_end: fallen}", "falls: {at_end: fallen, says: Falls?}"))
    assert compile_game(case.with_changes(change)).hash == compile_game(case).hash


def test_everything_that_decides_an_answer_is_in_the_hash() -> None:
    """Each change gives another game, and no two give the same."""
    base = EVERYTHING.replace("comes: {eventually: help >= arms}", "comes: {eventually: help >= arms, by: 2}")
    base = base.replace("loss: {expected: losses(patron)}", "loss: {expected: losses(patron), given: heat >= 0}")
    case = loads(base)
    found = {str(change): compile_game(case.with_changes(change)).hash for change in OTHER}
    found["nothing"] = compile_game(case).hash
    assert len(set(found.values())) == len(found), found


def test_decisions_are_no_part_of_the_game() -> None:
    one, other = (case_of(decisions=f"{{a: {{options: {{stay: -stake, leave: {worth}}}}}}}") for worth in (1, 2))
    assert compile_game(one).hash == compile_game(other).hash == compile_game(case_of()).hash


def test_names_count() -> None:
    one = compile_game(case_of()).hash
    assert compile_game(case_of(title="Other")).hash == one
    assert compile_game(case_of(questions="{fall: {at_end: fallen}, sends: {takes: patron.send}}")).hash != one


def test_numbers_that_nothing_reads_decide_nothing() -> None:
    quantities = "{stake: 5 to 20, chance: 10% to 30%, fixed: 4, of_fixed: fixed / 2, spare: 1 to 2}"
    case = case_of(quantities=quantities)
    base = compile_game(case).hash
    for change in ({"quantities.fixed": 5}, {"quantities.of_fixed": "fixed / 3"}, {"quantities.spare": "1 to 3"}):
        assert compile_game(case.with_changes(change)).hash == base
    assert compile_game(case.with_changes({"quantities.stake": "fixed"})).hash != base
    # But they take their places among the draws: without `spare`, `stake` is drawn otherwise.
    assert compile_game(case_of(quantities=quantities.replace("spare: 1 to 2", "spare: 1"))).hash != base


def test_numbers_that_are_read_by_others_count() -> None:
    quantities = "{stake: of_fixed * 2, chance: 10% to 30%, fixed: 4, of_fixed: fixed / 2}"
    four, five = (compile_game(case_of(quantities=quantities.replace("4", value))) for value in "45")
    assert four.hash != five.hash


def test_what_is_at_risk_counts_even_where_nobody_minds() -> None:
    exposures = "{plant: {holder: patron, value: VALUE, lost: {fallen: 80%}}}"
    three, four = (compile_game(case_of(exposures=exposures.replace("VALUE", value))) for value in "34")
    assert three.hash != four.hash


def test_structures_are_kept_while_only_numbers_change() -> None:
    case = loads(EVERYTHING)
    structure = compile_game(case).structure
    assert compile_game(case.with_changes({"quantities.stake": "7"})).structure is structure
    assert compile_game(case.with_changes({"interests.rival.gains.when": "war == pause"})).structure is structure
    assert compile_game(case.with_changes({"moves.rival.when": "war != over"})).structure is not structure
    assert compile_game(case.with_changes({"clock.steps": 4})).structure is not structure


def test_the_shape_of_a_game() -> None:
    game = compile_game(case_of())
    assert game.actors == ("patron", "rival")
    assert game.steps == 4
    assert game.step_days == 7
    assert list(game.states_per_phase) == ["patron", "rival", "fall", "end of step"]
    assert [phase.mover for phase in game.phases] == [0, 1, -1]
    assert game.phases[2].branches == ("fall",)
    assert len(game.hash) == 64


def test_types_and_their_shares_are_in_the_hash_and_their_order_is_not() -> None:
    def hashed(types: str, worth: str = "1 if type == weak else 2", stake: str = "10% to 30%") -> str:
        case = case_of(
            actors=f"\n  patron: {{rationality: 1, types: {types}}}\n  rival: {{rationality: 1}}",
            quantities=f"{{stake: {stake}, chance: 10%}}",
            interests=f"{{patron: {{client: {{worth: {worth}}}}}}}",
        )
        return content_hash(case, rules_of(case))

    base = hashed("{weak: 40%, strong: 60%}")
    assert hashed("{strong: 60%, weak: 40%}") == base
    assert hashed("{strong: {share: 60%, because: x}, weak: 40%}", "1 if patron.type == weak else 2") == base
    others = [
        base,
        hashed("{weak: 60%, strong: 40%}"),
        hashed("{weak: 40%, firm: 60%}"),
        hashed("{weak: 40%, strong: 60%}", "1 if type == strong else 2"),
        hashed("{weak: stake, strong: 1 - stake}"),
        hashed("{weak: stake, strong: 1 - stake}", stake="20% to 30%"),
    ]
    assert len(set(others)) == len(others)
