"""The structural half of a case."""

from __future__ import annotations

from foederis.game.rules import changing, forgotten, overwrites, reads_of, rules_of
from foederis.language.case import Case
from tests.unit.language.texts import case_of


def rule(case: Case, name: str):  # type: ignore[no-untyped-def]
    return next(rule for rule in rules_of(case) if rule.name == name)


def test_turns_come_before_events() -> None:
    case = case_of()
    assert [(r.name, r.kind, r.actor) for r in rules_of(case)] == [
        ("patron", "turn", "patron"),
        ("rival", "turn", "rival"),
        ("fall", "event", ""),
    ]
    assert changing(rules_of(case)) == {"help", "war", "fallen"}


def test_options_stand_in_the_order_of_their_names() -> None:
    assert [branch.name for branch in rule(case_of(), "patron").branches] == ["send", "wait"]


def test_who_may_let_a_turn_pass() -> None:
    always = "[{actor: patron, chance: 100%, options: {a: {}, b: {}}}]"
    sometimes = "[{actor: patron, chance: 30%, options: {a: {}, b: {}}}]"
    plain = "[{actor: patron, options: {a: {}, b: {}}}]"
    seldom = "{patron: {rationality: 1, reconsiders: every 4 weeks}, rival: {rationality: 1}}"
    questions = "{falls: {at_end: fallen}}"
    assert not rule(case_of(moves=plain, questions=questions), "patron").waits
    assert rule(case_of(moves=sometimes, questions=questions), "patron").waits
    assert rule(case_of(moves=plain, actors=seldom, questions=questions), "patron").waits
    # A turn's own chance stands instead of the actor's reconsidering.
    assert not rule(case_of(moves=always, actors=seldom, questions=questions), "patron").waits


def test_events_that_must_happen_or_cannot() -> None:
    events = """
        sure: {chance: 100%, sets: {fallen: yes}}
        never: {chance: 0%, sets: {fallen: no}}
        likely: {chance: chance, sets: {fallen: yes}}
        coin: {outcomes: {up: {chance: 50%, sets: {fallen: yes}}, down: {chance: 50%, sets: {fallen: no}}}}
        maybe: {outcomes: {up: {chance: 50%, sets: {fallen: yes}}, down: {chance: 20%}}}
    """
    case = case_of(events=events)
    assert {name: rule(case, name).waits for name in case_names(case)} == {
        "sure": False,
        "never": True,
        "likely": True,
        "coin": False,
        "maybe": True,
    }
    assert [branch.possible for branch in rule(case, "never").branches] == [False]


def case_names(case: Case) -> list[str]:
    return [event.name for event in case.events]


def test_what_a_phase_overwrites_whatever_happens() -> None:
    moves = """
        - actor: patron
          options: {a: {sets: {count: 1, help: arms}}, b: {sets: {count: 2}}}
        - actor: rival
          options: {a: {when: war == on, sets: {count: 1}}, b: {when: fallen, sets: {count: 2}}}
    """
    events = """
        coin: {outcomes: {up: {chance: 50%, sets: {fallen: yes}}, down: {chance: 50%, sets: {fallen: no}}}}
        maybe: {chance: 50%, sets: {fallen: yes}}
        live: {when: fighting, chance: 100%, sets: {fallen: yes}}
    """
    case = case_of(moves=moves, events=events, questions="{falls: {at_end: fallen}}")
    assert overwrites(rule(case, "patron")) == {"count"}
    assert overwrites(rule(case, "rival")) == set()  # no option may be open
    assert overwrites(rule(case, "coin")) == {"fallen"}
    assert overwrites(rule(case, "maybe")) == set()
    assert overwrites(rule(case, "live")) == set()


OVERWRITTEN = """
    - actor: patron
      options: {{a: {{{when} sets: {{count: 1}}}}, b: {{sets: {{count: {value}}}, pays: {{patron: {pays}}}}}}}
"""


def forgets(when: str = "", value: str = "2", pays: str = "1", **sections: str) -> frozenset[str]:
    moves = OVERWRITTEN.format(when=when, value=value, pays=pays)
    case = case_of(moves=moves, questions="{falls: {at_end: fallen}}", **sections)
    return forgotten(case, rules_of(case))


def test_what_nothing_reads_before_it_is_set_again_is_forgotten() -> None:
    assert forgets() == {"count"}
    assert forgets(events="{fall: {when: count > 1, chance: 10%, sets: {fallen: yes}}}") == {"count"}
    assert forgets(interests="{patron: {a: {worth: count}}}") == {"count"}


def test_what_the_overwriting_turn_itself_reads_is_kept() -> None:
    assert forgets(value="count + 1") == frozenset()
    assert forgets(pays="count") == frozenset()
    assert forgets(when="when: count < 3,") == frozenset()


def test_every_number_of_a_phase_counts_as_read() -> None:
    events = """
        fall:
          chance: 0.1 * count
          odds: [{when: help == arms, times: 2 if war == on else 1}]
          outcomes: {down: {share: 1 + (1 if fallen else 0), sets: {fallen: yes}}}
    """
    assert reads_of(case_of(events=events))[-1] == {"count", "help", "war", "fallen"}
