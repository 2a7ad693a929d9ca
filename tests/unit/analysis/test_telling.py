"""Histories told: news, changes, answers. Answers are held against the reference in tests/oracle/test_histories.py."""

from __future__ import annotations

import re

import pytest

import foederis as fd
from foederis.analysis.dates import date_of
from foederis.analysis.telling import Change
from foederis.game.compile import compile_game
from tests.unit.language.texts import case_of

# Everything in it is certain, but for `mood`, which is put back between steps.
STORY = """
foederis: 1
title: A story
clock: {start: 2030-01-31, step: 1 week, steps: 4}
actors: {a: {rationality: 1}}
state: {war: [on, over], heat: 0..1, mood: [low, high]}
moves:
  - {actor: a, name: opening, when: step < 2, options: {wait: {says: It waits.}, wail: {pays: {a: -20}}}}
  - {actor: a, options: {heat_up: {sets: {heat: heat + 1}}}}
events:
  weather: {outcomes: {fair: {chance: 50%, sets: {mood: high}}, foul: {chance: 50%, sets: {mood: low}}}}
  dull: {chance: 100%, pays: {a: 0}}
  peace: {when: step == 2, chance: 100%, sets: {war: over}}
questions:
  waits: {takes: opening.wait}
  wails: {takes: opening.wail, by: 0}
  ends: {first: war == over}
  hot: {first: heat == 1, by: 0}
  starts: {first: war == on}
  never: {first: mood == high and step > 7}
  heats: {takes: a.heat_up}
  moody: {eventually: mood == high, given: heat == 0}
  warmth: {expected: heat + step}
  warmth_then: {expected: heat + step, by: 1}
"""


@pytest.fixture(scope="module")
def story() -> fd.Histories:
    return fd.histories(fd.loads(STORY), draws=30)


def test_what_is_news(story: fd.Histories) -> None:
    for history in story.histories:
        waits, later = [h for h in history.happenings if h.name == "opening"]
        assert (waits.step, waits.what, waits.says, waits.is_news, waits.kind) == (0, "wait", "It waits.", True, "move")
        assert (later.step, later.is_news) == (1, False)  # the same again
        heats = [h for h in history.happenings if h.name == "a"]
        assert [h.is_news for h in heats] == [True, False, False, False]  # the only option, and then without effect
        assert heats[0].changes == (Change("heat", "0", "1"),)
        assert [h.is_news for h in history.happenings if h.name == "dull"] == [
            False
        ] * 4  # certain, and changes nothing
        [peace] = [h for h in history.happenings if h.name == "peace"]
        assert (peace.step, peace.date, peace.kind, peace.actor) == (2, "2030-02-14", "event", "")
        assert (peace.chance, peace.share, peace.is_news) == (1, 1, True)
        assert str(peace.changes[0]) == "war: on → over"


def test_a_variable_that_is_put_back_keeps_its_level_in_the_telling(story: fd.Histories) -> None:
    changed = set()
    for history in story.histories:
        mood = "low"
        for happening in (h for h in history.happenings if h.name == "weather"):
            now = {"fair": "high", "foul": "low"}[happening.what]
            assert happening.changes == ((Change("mood", mood, now),) if now != mood else ())
            changed.add((mood, now))
            mood = now
        assert history.final["mood"] == mood
    assert changed == {("low", "low"), ("low", "high"), ("high", "low"), ("high", "high")}


def test_what_the_quiet_of_the_most_likely_history_puts_back_is_seen() -> None:
    """Fair weather comes, goes unsaid as foul weather is what the variable is put back to, and comes again."""
    fair, foul = "0.9 if step != 1 else 0.1", "0.1 if step != 1 else 0.9"
    outcomes = f"fair: {{share: {fair}, sets: {{mood: high}}}}, foul: {{share: {foul}, sets: {{mood: low}}}}"
    text = re.sub(r"  weather: .*", f"  weather: {{chance: 100%, outcomes: {{{outcomes}}}}}", STORY)
    assert compile_game(fd.loads(text)).structure.forgotten == {"mood"}
    [history] = fd.histories(fd.loads(text), most_likely=True).histories
    weather = [(h.step, h.what, list(map(str, h.changes))) for h in history.happenings if h.name == "weather"]
    assert weather == [(0, "fair", ["mood: low → high"]), (2, "fair", ["mood: low → high"]), (3, "fair", [])]


def test_answers(story: fd.Histories) -> None:
    for history in story.histories:
        answers = dict(history.answers)
        assert answers == {
            "waits": True, "wails": False, "ends": "step 2", "hot": "step 0", "starts": "at the start", "never": "never",
            "heats": True, "moody": None, "warmth": 5.0, "warmth_then": 2.0,
        }  # fmt: skip
        assert history.losses == {}


def test_moves_that_are_part_of_the_quiet_are_not_answered() -> None:
    found = fd.histories(fd.loads(STORY), most_likely=True)
    [history] = found.histories
    assert [(h.step, h.what) for h in history.happenings if h.name not in ("weather", "dull")] == [
        (0, "heat_up"),
        (2, "peace"),
    ]
    answers = history.answers
    assert (answers["waits"], answers["wails"], answers["heats"]) == (None, None, True)
    [asked] = fd.histories(fd.loads(STORY), most_likely=True, given="waits").histories
    assert asked.answers["waits"] is True
    assert [(h.step, h.what) for h in asked.happenings if h.name == "opening"] == [(0, "wait"), (1, "wait")]
    assert all(h.is_news for h in asked.happenings if h.kind == "move")


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("{start: 2030-01-01, step: 1 month, steps: 4}", ["2030-01-01", "2030-01-31", "2030-04-02"]),
        ("{step: 1 month, steps: 4}", [None, None, None]),
        ("{start: 9999-12-30, step: 1 year, steps: 4}", ["9999-12-30", None, None]),
    ],
)
def test_dates(clock: str, expected: list[str | None]) -> None:
    assert [date_of(case_of(clock=clock).clock, step) for step in (0, 1, 3)] == expected
