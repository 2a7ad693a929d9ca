"""What `check` finds beyond the words of a file."""

from __future__ import annotations

import pytest

import foederis as fd
from foederis.analysis import checking
from foederis.analysis.checking import look
from foederis.diagnostics import Diagnostic
from foederis.game.compile import compile_game
from tests.helpers import EVERYTHING
from tests.unit.language.texts import case_of, marked, text_of


def warnings(**sections: str | None) -> dict[str, Diagnostic]:
    return {item.code: item for item in look(case_of(**sections)).warnings}


def test_a_file_in_order_has_no_warnings() -> None:
    for name in fd.gallery():
        assert look(fd.load(name)).warnings == ()
    assert look(fd.loads(EVERYTHING)).warnings == ()


NEVER = """
    - actor: patron
      options:
        wait: {}
        send: {when: help == troops, sets: {help: arms}}
"""


def test_what_can_never_happen() -> None:
    events = """
        fall: {when: count > 3, chance: 10%, sets: {fallen: yes}}
        storm: {outcomes: {mild: {chance: 0%}, harsh: {chance: 10%}}}
    """
    sections = {"moves": NEVER, "events": events}
    found = [item for item in look(case_of(**sections)).warnings if item.code == "W601"]
    assert [item.message for item in found] == [
        "the option `send` of patron can never happen",
        "the event `fall` can never happen",
        "the outcome `mild` of storm can never happen",
    ]
    assert [marked(item, text_of(**sections)) for item in found] == ["send", "fall", "mild"]


def test_an_actor_that_is_asked_often() -> None:
    asked = [item.message for item in look(case_of()).warnings if item.code == "W602"]
    assert asked == ["patron chooses anew in each of 4 steps", "rival chooses anew in each of 4 steps"]
    assert "W602" not in warnings(clock="{step: 1 week, steps: 3}")
    seldom = "{patron: {rationality: 1, reconsiders: every 4 weeks}, rival: {rationality: 1, reconsiders: every week}}"
    assert "W602" not in warnings(actors=seldom)
    early = """
        - actor: patron
          when: step < 3
          options: {a: {}, b: {}, send: {}}
    """
    assert "W602" not in warnings(moves=early, clock="{step: 1 week, steps: 9}")


def test_a_what_if_that_changes_no_answer() -> None:
    whatifs = """
        same: {set: {quantities.stake: 5 to 20}}
        other: {set: {quantities.stake: 5 to 21}}
        words: {set: {questions.falls: {at_end: fallen, says: Does it?}}}
    """
    found = [item.message for item in look(case_of(whatifs=whatifs)).warnings if item.code == "W604"]
    assert found == ["the what-if `same` changes no answer", "the what-if `words` changes no answer"]


def test_a_check_finds_the_states_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What what-ifs change and what options are worth is seen without another game."""
    made = []
    monkeypatch.setattr(checking, "compile_game", lambda *a, **k: made.append(compile_game(*a, **k)) or made[-1])
    whatifs = "{quiet: {set: {events.fall.when: war == over}}, loud: {set: {clock.steps: 9}}}"
    look(case_of(decisions="{pull_out: {options: {stay: -stake, leave: -1}}}", whatifs=whatifs))
    assert len(made) == 1


def test_a_move_imposed_where_it_is_not_open() -> None:
    moves = """
        - actor: patron
          when: step > 1
          options: {wait: {}, send: {}}
    """
    whatifs = """
        early: {imposed: [{step: 1, patron: send}]}
        late: {imposed: [{step: 2, patron: send}]}
    """
    found = [item.message for item in look(case_of(moves=moves, whatifs=whatifs)).warnings if item.code == "W605"]
    assert found == ["patron cannot take `send` in step 1"]


def test_numbers_that_are_impossible_in_some_draw_are_all_found() -> None:
    case = case_of(
        actors="{patron: {rationality: stake - 10}, rival: {rationality: 1, patience: stake / 10}}",
        events="{fall: {when: fighting, chance: stake / 10, sets: {fallen: yes}}}",
    )
    with pytest.raises(fd.CaseError) as caught:
        look(case)
    codes = [item.code for item in caught.value.diagnostics]
    assert sorted(codes) in (["F305", "F306"], ["F305", "F306", "F307"])
    assert "stake = " in str(caught.value)
    assert caught.value.filename == "small.yaml"


def test_what_an_option_is_worth_is_tried_too() -> None:
    decisions = "{pull_out: {options: {stay: -stake / (count - 0), leave: -1}}}"
    with pytest.raises(fd.CaseError) as caught:
        look(case_of(decisions=decisions))
    [item] = caught.value.diagnostics
    assert item.code == "F311"
    assert "`decisions.pull_out.options.stay` is -inf" in item.message


def test_a_what_if_that_changes_a_decision_alone_changes_no_answer() -> None:
    decisions = "{pull_out: {options: {stay: -stake, leave: -1}}}"
    found = warnings(decisions=decisions, whatifs="{dear: {set: {decisions.pull_out.options.leave: -9}}}")
    assert "`dear` changes no answer" in found["W604"].message


def test_a_case_too_large_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "CHECK_STATES", 3)
    found = look(case_of())
    assert found.game is None
    assert [item.code for item in found.warnings] == ["W610", "W607"]
    assert "what multiplies" in found.warnings[1].help


@pytest.mark.parametrize(
    ("sections", "unread"),
    [
        ({}, ["fixed"]),
        ({"questions": "{q: {expected: fixed}}"}, []),
        ({"facts": "{fighting: war == on, dear: stake > fixed}"}, []),
        ({"actors": "{patron: {rationality: fixed}, rival: {rationality: 1}}"}, []),
        ({"decisions": "{pull_out: {options: {stay: -fixed, leave: -1}}}"}, []),
        ({"whatifs": "{dear: {set: {actors.patron.rationality: fixed}}}"}, []),
        ({"whatifs": "{dear: {set: {quantities.fixed: 10 to 40}}}"}, ["fixed"]),
        ({"quantities": "{stake: 5 to 20, chance: 30%, fixed: 4, twice: 2 * fixed}"}, ["twice"]),
    ],
)
def test_a_quantity_that_nothing_reads(sections: dict[str, str], unread: list[str]) -> None:
    found = [item for item in look(case_of(**sections)).warnings if item.code == "W610"]
    assert [item.message for item in found] == [f"nothing reads the quantity `{name}`" for name in unread]
    assert [marked(item, text_of(**sections)) for item in found] == unread


def test_warnings_stand_in_the_order_of_the_file() -> None:
    found = look(case_of(moves=NEVER, whatifs="{same: {set: {quantities.stake: 5 to 20}}}")).warnings
    lines = [item.span.line for item in found if item.span]
    assert len(lines) > 2
    assert lines == sorted(lines)
