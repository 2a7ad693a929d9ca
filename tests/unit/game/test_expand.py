"""Reachable states, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foederis.diagnostics import CaseError
from foederis.game.compile import compile_game
from foederis.game.expand import PhaseStates, Structure
from tests.unit.language.texts import case_of

NO_EVENTS = {"events": None, "interests": None, "quantities": None, "questions": None}


def states(structure: Structure, codes: np.ndarray, *names: str) -> list[tuple[int, ...]]:
    """What the variables say in some states, in the order of the states."""
    columns = [structure.packing.values(codes, name).tolist() for name in names]
    return list(zip(*columns, strict=True))


def structure_of(**sections: str | None) -> Structure:
    return compile_game(case_of(**{**NO_EVENTS, **sections})).structure


COUNTING = """
    - actor: patron
      when: step != 1
      options: {up: {sets: {count: count + 4}}, down: {sets: {count: count - 1}}}
"""


def test_a_range_stays_inside_its_ends() -> None:
    structure = structure_of(clock="{step: 1 week, steps: 1}", moves=COUNTING.replace("step != 1", "step == 0"))
    assert states(structure, structure.phases[0].codes, "count") == [(0,)]
    assert states(structure, structure.end_codes, "count") == [(0,), (4,)]  # 0 - 1 stays 0
    structure = structure_of(clock="{step: 1 week, steps: 3}", moves=COUNTING)
    assert states(structure, structure.end_codes, "count") == [(0,), (3,), (4,), (6,)]  # 4 + 4 stays 6


@pytest.mark.parametrize(("written", "value"), [("-9", -1), ("-1", -1), ("0", 0), ("2", 2), ("9", 2), ("2 + 3", 2)])
def test_a_fixed_number_is_put_inside_a_range(written: str, value: int) -> None:
    moves = f"\n- {{actor: patron, options: {{stay: {{}}, turn: {{sets: {{heat: '{written}'}}}}}}}}"
    structure = structure_of(state="{war: [on, over], heat: {levels: -1..2, start: 1}}", moves=moves)
    assert {found for (found,) in states(structure, structure.end_codes, "heat")} == {1, value}


def test_a_turn_that_reads_the_step() -> None:
    structure = structure_of(clock="{step: 1 week, steps: 3}", moves=COUNTING)
    [phase] = structure.phases
    assert phase.link_of_step == (0, 1, 0)
    assert [link.live.all() for link in phase.links] == [True, False]
    assert not phase.links[1].open.any()
    assert states(structure, phase.codes, "count") == [(0,), (4,)]
    assert phase.since.tolist() == [0, 1]
    by_count = dict(zip(states(structure, structure.end_codes, "count"), structure.end_since.tolist(), strict=True))
    assert by_count == {(0,): 0, (4,): 0, (3,): 2, (6,): 2}
    down, up = phase.at(0).successor  # in the order of their names
    ends = states(structure, structure.end_codes, "count")
    assert [ends[place] for place in up] == [(4,), (6,)]
    assert [ends[place] for place in down] == [(0,), (3,)]


def test_sets_read_the_state_before_any_of_them() -> None:
    moves = """
        - actor: patron
          options: {swap: {sets: {left: right, right: left}}}
    """
    state = "{left: {levels: 0..3, start: 1}, right: {levels: 0..3, start: 2}}"
    structure = structure_of(moves=moves, state=state, facts=None, clock="{step: 1 week, steps: 2}")
    assert sorted(states(structure, structure.end_codes, "left", "right")) == [(1, 2), (2, 1)]


def test_a_range_that_does_not_begin_at_zero() -> None:
    moves = "[{actor: patron, options: {down: {sets: {depth: depth - 2}}, up: {sets: {depth: depth + 5}}}}]"
    state = "{depth: {levels: -3..2, start: 0}}"
    structure = structure_of(moves=moves, state=state, facts=None, clock="{step: 1 week, steps: 2}")
    assert states(structure, structure.end_codes, "depth") == [(-3,), (-2,), (0,), (2,)]


def test_an_option_that_is_not_open_leads_nowhere() -> None:
    moves = """
        - actor: patron
          options: {send: {when: help < arms, sets: {help: arms}}, wait: {}}
    """
    structure = structure_of(moves=moves, clock="{step: 1 week, steps: 2}")
    [phase] = structure.phases
    send, wait = phase.at(0).open
    help_levels = states(structure, phase.codes, "help")
    assert help_levels == [(0,), (1,)]
    assert send.tolist() == [True, False]
    assert wait.all()


def test_a_turn_without_an_open_option_is_passed_over() -> None:
    moves = "[{actor: patron, options: {stop: {when: war == on, sets: {war: over}}}}]"
    structure = structure_of(moves=moves, clock="{step: 1 week, steps: 2}")
    phase = structure.phases[0]
    assert dict(zip(states(structure, phase.codes, "war"), phase.at(0).live.tolist(), strict=True)) == {
        (0,): True,
        (1,): False,
    }


def test_events_without_a_chance_are_never_reached() -> None:
    events = "{fall: {chance: 0%, sets: {fallen: yes}}, rise: {chance: chance, sets: {help: arms}}}"
    structure = structure_of(moves=None, events=events, quantities="{chance: 10% to 30%}")
    assert states(structure, structure.end_codes, "fallen", "help") == [(0, 0), (0, 1)]


def test_forgotten_variables_go_back_to_their_start() -> None:
    moves = "[{actor: patron, options: {a: {sets: {count: 1}}, b: {sets: {count: 2}}, c: {sets: {count: 3}}}}]"
    structure = structure_of(moves=moves, questions="{high: {at_end: count > 2}}")
    assert structure.forgotten == {"count"}
    assert states(structure, structure.phases[0].codes, "count") == [(0,)]
    assert states(structure, structure.end_codes, "count") == [(1,), (2,), (3,)]
    assert structure.onward.tolist() == [0, 0, 0]


def test_every_successor_is_the_state_that_it_should_be() -> None:
    """All links of a larger case, against the meaning of its options worked out state by state."""
    structure = structure_of(clock="{step: 1 week, steps: 5}", moves=COUNTING)
    [phase] = structure.phases
    for step in range(5):
        link = phase.at(step)
        for place, (count,) in enumerate(states(structure, phase.codes, "count")):
            if phase.since[place] > step:
                continue
            assert link.live[place] == (step != 1)
            for branch, value in enumerate((max(count - 1, 0), min(count + 4, 6))):
                assert link.open[branch, place] == (step != 1)
                if step != 1:
                    code = structure.end_codes[link.successor[branch, place] : link.successor[branch, place] + 1]
                    assert states(structure, code, "count") == [(value,)]
            stays = structure.end_codes[link.stay[place] : link.stay[place] + 1]
            assert step != 1 or states(structure, stays, "count") == [(count,)]


def test_too_many_states_name_what_multiplies() -> None:
    moves = """
        - actor: patron
          options: {up: {sets: {count: count + 1}}, wait: {}}
        - actor: rival
          options: {up: {sets: {other: other + 1}}, wait: {}, stop: {sets: {war: over}}}
    """
    case = case_of(
        moves=moves,
        state="{count: 0..6, other: 0..9, war: [on, over], quiet: flag}",
        **{**NO_EVENTS, "facts": None, "clock": "{step: 1 week, steps: 9}"},
    )
    assert sum(compile_game(case).structure.states_per_phase) > 100
    with pytest.raises(CaseError) as caught:
        compile_game(case, max_states=50)
    [item] = caught.value.diagnostics
    assert item.code == "F403"
    assert "more than 50 states" in item.message
    assert "the turn `" in item.message
    assert "count (" in item.help
    assert "other (" in item.help
    assert "war (2)" in item.help
    assert "quiet" not in item.help
    assert "--max-states" in item.help


def test_work_has_a_limit_too() -> None:
    with pytest.raises(CaseError, match="takes too long"):
        compile_game(case_of(**{**NO_EVENTS, "moves": COUNTING, "clock": "{step: 1 week, steps: 90}"}), max_work=100)


def test_the_limit_holds_at_the_end_of_a_step_as_well() -> None:
    moves = "[{actor: patron, options: {a: {sets: {count: 1}}, b: {sets: {count: 2}}, c: {sets: {count: 3}}}}]"
    case = case_of(**{**NO_EVENTS, "moves": moves, "questions": "{high: {at_end: count > 2}}"})
    with pytest.raises(CaseError, match="before the end of a step"):
        compile_game(case, max_states=2)


def test_where_play_can_be_in_a_phase_is_sorted() -> None:
    structure = structure_of(clock="{step: 1 week, steps: 5}", moves=COUNTING)
    parts: list[PhaseStates] = list(structure.phases)
    for codes in (*(phase.codes for phase in parts), structure.end_codes):
        assert (np.diff(codes) > 0).all()
