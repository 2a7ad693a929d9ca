"""Turns, options, events and outcomes."""

from __future__ import annotations

import numpy as np
import pytest

from foederis.diagnostics import render
from foederis.language.case import Case, Event
from foederis.language.expressions import Environment

from .texts import case_of, marked, mistakes, only, text_of


def turn(rest: str) -> dict[str, str | None]:
    """A file whose second turn is as given."""
    return {"moves": "\n  - actor: patron\n    options: {wait: }\n  - " + rest, "questions": None}


def option(rest: str) -> dict[str, str | None]:
    return turn(f"actor: rival\n    options: {{go: {{{rest}}}}}")


def event(rest: str) -> dict[str, str | None]:
    return {"events": f"{{fall: {{{rest}}}}}"}


def wrong(sections: dict[str, str | None]) -> tuple[str, str]:
    item = only(**sections)
    return item.code, marked(item, text_of(**sections))


def warned(sections: dict[str, str | None]) -> list[tuple[str, str]]:
    text = text_of(**sections)
    return [(item.code, marked(item, text)) for item in case_of(**sections).warnings]


def the_event(case: Case) -> Event:
    [found] = case.events
    return found


def test_a_turn() -> None:
    case = case_of(
        **turn("{actor: rival, name: reply, when: fighting, chance: 50%, options: {stop: {sets: {war: over}}}}")
    )
    patron, reply = case.turns
    assert (patron.name, patron.actor, patron.when, patron.chance) == ("patron", "patron", None, None)
    assert (reply.name, reply.actor, reply.chance and reply.chance.constant) == ("reply", "rival", 0.5)
    assert reply.when is not None
    assert reply.when.canonical == "([war]==0)"


def test_turns_taken_together() -> None:
    both = "{actor: rival, options: {go: }}, {actor: rival, name: also, when: fighting, options: {stop: }}"
    patron, rival, also = case_of(**turn(f"together: [{both}]")).turns
    assert (patron.name, patron.together) == ("patron", None)
    assert (rival.name, also.name) == ("rival", "also")
    assert rival.together == also.together is not None
    assert also.when is not None


def test_a_turn_together_with_nobody_is_alone() -> None:
    assert case_of(**turn("together: [{actor: rival, options: {go: }}]")).turns[1].together is None


@pytest.mark.parametrize(
    ("rest", "code", "place"),
    [
        ("together: []", "F201", "[]"),
        ("together:", "F201", ""),
        ("together: rival", "F201", "rival"),
        ("together: [rival]", "F201", "rival"),
        ("together: [{actor: patron, options: {go: }}]", "F111", "patron"),
        ("together: [{actor: rival, together: [], options: {go: }}]", "F101", "together"),
        ("{together: [{actor: rival, options: {go: }}], when: fighting}", "F101", "when"),
    ],
)
def test_wrong_simultaneous_moves(rest: str, code: str, place: str) -> None:
    assert wrong(turn(rest)) == (code, place)


def test_two_that_are_taken_together_and_set_one_variable() -> None:
    first = "{actor: rival, options: {go: {sets: {count: 1}}}}"
    second = "{actor: rival, name: also, options: {on: {sets: {count: 2}}, off: {sets: {fallen: yes}}}}"
    assert warned(turn(f"together: [{first}, {second}]")) == [("W621", "count")]


@pytest.mark.parametrize("empty", ["", "{}"])
def test_an_empty_option(empty: str) -> None:
    case = case_of(**turn(f"actor: rival\n    options:\n      wait: {empty}"))
    found = case.turns[1].options["wait"]
    assert (found.when, found.sets, dict(found.pays)) == (None, (), {})


def test_what_an_option_sets_and_pays() -> None:
    case = case_of(
        **option("sets: {help: troops, count: count + 1, fallen: fighting}, pays: {patron: -stake, rival: 2}")
    )
    found = case.turns[1].options["go"]
    state = {"count": np.array([0, 6]), "war": np.array([0, 1])}
    values = [np.asarray(setting.value(Environment(state, {}))).tolist() for setting in found.sets]
    assert [setting.variable for setting in found.sets] == ["help", "count", "fallen"]
    assert values == [2, [1, 7], [1, 0]]
    assert found.pays["patron"](Environment({}, {"stake": 3.0})) == -3
    assert found.pays["rival"].constant == 2


@pytest.mark.parametrize("number", ["7", "-1"])
def test_setting_past_the_end_of_a_range_is_allowed_but_odd_when_it_is_plain(number: str) -> None:
    assert warned(option(f"sets: {{count: {number}}}")) == [("W606", number)]
    assert warned(option(f"sets: {{count: count + {number}}}")) == []


@pytest.mark.parametrize(
    ("rest", "code", "place"),
    [
        ("actor: patronn\n    options: {go: }", "F105", "patronn"),
        ("actor: patron\n    options: {go: }", "F111", "patron"),
        ("actor: rival\n    name: patron\n    options: {go: }", "F111", "patron"),
        ("actor: rival\n    name: fall\n    options: {go: }", "F111", "fall"),
        ("actor: rival\n    name: step\n    options: {go: }", "F112", "step"),
        ("actor: rival", "F202", "actor: rival"),
        ("options: {go: }", "F202", "options: {go: }"),
        ("actor: rival\n    options: [go]", "F201", "[go]"),
        ("actor: rival\n    options: {}", "F201", "{}"),
        ("actor: rival\n    options:", "F201", ""),
        ("actor: rival\n    option: {go: }\n    options: {go: }", "F101", "option"),
        ("actor: rival\n    options: {none: }", "F112", "none"),
        ("actor: rival\n    options: {go there: }", "F112", "go there"),
        ("actor: rival\n    chance: 110%\n    options: {go: }", "F305", "110%"),
        ("actor: rival\n    when: stake > 1\n    options: {go: }", "F206", "stake"),
        ("actor: rival\n    when: losses(patron) > 1\n    options: {go: }", "F206", "losses(patron)"),
        ("rival", "F201", "rival"),
    ],
)
def test_wrong_turns(rest: str, code: str, place: str) -> None:
    assert wrong(turn(rest)) == (code, place)


@pytest.mark.parametrize(
    ("rest", "code", "place"),
    [
        ("when: help == armz", "F103", "armz"),
        ("when: war", "F205", "war"),
        ("sets: {hlp: arms}", "F107", "hlp"),
        ("sets: {help: armz}", "F103", "armz"),
        ("sets: {help: war}", "F205", "war"),
        ("sets: {count: count / 2}", "F205", "count / 2"),
        ("sets: {count: stake}", "F206", "stake"),
        ("sets: {count: }", "F201", ""),
        ("sets: war", "F201", "war"),
        ("pays: {client: 1}", "F105", "client"),
        ("pays: {rival: fallen}", "F205", "fallen"),
        ("pays: {rival: }", "F202", ""),
        ("pays: {rival: min(stake, 3)}", "F204", "("),
        ("wen: fallen", "F101", "wen"),
    ],
)
def test_wrong_options(rest: str, code: str, place: str) -> None:
    assert wrong(option(rest)) == (code, place)


def test_all_mistakes_of_a_turn_at_once() -> None:
    found = mistakes(**option("when: wra == on, sets: {hlp: arms, help: armz}, pays: {client: stakes}"))
    assert [item.code for item in found] == ["F102", "F107", "F103", "F105"]


def test_a_simple_event_has_one_outcome_of_its_name() -> None:
    sections = event(
        "when: fighting, chance: chance, odds: {when: help > words, times: 0.5}, sets: {war: over}, pays: {rival: 1}"
    )
    found = the_event(case_of(**sections))
    assert list(found.outcomes) == ["fall"]
    outcome = found.outcomes["fall"]
    assert outcome.chance is found.chance
    assert (outcome.share, outcome.odds, [s.variable for s in outcome.sets], list(outcome.pays)) == (
        None,
        (),
        ["war"],
        ["rival"],
    )
    assert [odds.times.constant for odds in found.odds] == [0.5]


def test_odds_may_be_many() -> None:
    sections = event("chance: 10%, odds: [{when: fighting, times: 2}, {when: help == arms, times: stake}]")
    assert [odds.times.constant for odds in the_event(case_of(**sections)).odds] == [2, None]


def test_outcomes_with_chances_of_their_own() -> None:
    rest = "outcomes: {a: {chance: 10%, sets: {war: over}}, b: {chance: 20%, odds: {when: fighting, times: 2}, pays: {rival: 1}}}"
    found = the_event(case_of(**event(rest)))
    assert found.chance is None
    assert [o.chance and o.chance.constant for o in found.outcomes.values()] == [0.1, 0.2]
    assert [len(o.odds) for o in found.outcomes.values()] == [0, 1]


def test_outcomes_with_shares_of_the_events_chance() -> None:
    found = the_event(case_of(**event("chance: 10%, outcomes: {a: {share: 2}, b: {share: stake}}")))
    assert found.chance is not None
    assert [o.chance for o in found.outcomes.values()] == [None, None]
    assert [o.share and o.share.constant for o in found.outcomes.values()] == [2, None]


@pytest.mark.parametrize(
    ("rest", "code", "place"),
    [
        ("when: fighting", "F202", "fall"),
        ("chance: -0.1", "F305", "-0.1"),
        ("chance: {value: 120%}", "F305", "120%"),
        ("chance: 10%, odds: {when: fighting, times: -2}", "F306", "-2"),
        ("chance: 10%, odds: {when: fighting}", "F202", "{when: fighting}"),
        ("chance: 10%, odds: [2]", "F201", "2"),
        ("chance: 10%, outcomes: {a: {share: 1}}, sets: {war: over}", "F407", "{war: over}"),
        ("chance: 10%, outcomes: {a: {chance: 1}}", "F407", "a"),
        ("chance: 10%, outcomes: {a: {share: 1, chance: 1}}", "F407", "a"),
        ("outcomes: {a: {share: 1}}", "F407", "a"),
        ("outcomes: {}", "F201", "fall"),
        ("chance: 10%, outcomes: {a: {share: -1}, b: {share: 3}}", "F310", "-1"),
        ("chance: 10%, outcomes: {a: {share: 0}, b: {share: 0}}", "F310", "fall"),
        ("outcomes: {a: {chance: 2}}", "F305", "2"),
        ("when: stake > 2, chance: 10%", "F206", "stake"),
        ("chanse: 10%, chance: 10%", "F101", "chanse"),
    ],
)
def test_wrong_events(rest: str, code: str, place: str) -> None:
    assert wrong(event(rest)) == (code, place)


def test_an_event_must_be_a_mapping() -> None:
    assert wrong({"events": "{fall: 10%}"}) == ("F201", "10%")


@pytest.mark.parametrize(
    "sections",
    [
        event("chance: 10% to 30%"),
        event("outcomes: {a: {chance: 10% to 30%}}"),
        turn("{actor: rival, chance: 10% to 30%, options: {go: }}"),
    ],
)
def test_a_chance_as_a_plain_interval_gives_a_warning(sections: dict[str, str | None]) -> None:
    assert warned(sections) == [("W603", "10% to 30%")]


def test_a_named_interval_gives_none() -> None:
    assert warned(event("chance: chance")) == []


def test_the_message_for_an_unknown_option_stands_under_its_word() -> None:
    sections: dict[str, str | None] = {"questions": "{comes: {takes: patron.sendd}}"}
    text = text_of(**sections)
    assert render(only(**sections), text, "f.yaml").splitlines()[-3:] == [
        "31 | questions: {comes: {takes: patron.sendd}}",
        "   |                                   ^^^^^",
        "   = help: did you mean `send`?",
    ]
