"""Histories as text."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import foederis as fd
from foederis.report.histories import print_histories
from foederis.report.words import percent, points
from tests.helpers import EVERYTHING
from tests.unit.analysis.test_telling import STORY


def printed(found: fd.Histories) -> str:
    file = io.StringIO()
    print_histories(found, Console(file=file, width=110, highlight=False))
    return file.getvalue()


def as_one_line(text: str) -> str:
    return " ".join(text.split())


def test_dated_lines_and_quiet_stretches() -> None:
    text = printed(
        fd.histories(
            fd.loads(
                STORY.replace("{chance: 50%, sets: {mood: high}}", "{chance: 0%, sets: {mood: high}}").replace(
                    "{chance: 50%, sets: {mood: low}}", "{chance: 100%, sets: {mood: low}}"
                )
            ),
            draws=1,
        )
    )
    lines = [line.rstrip() for line in text.splitlines()]
    assert lines[1] == "One history drawn at random from the solved game, in a possible world of its own (seed 0)."
    start = lines.index("History 1, in world 0")
    assert [as_one_line(line) for line in lines[start + 1 : start + 6]] == [
        "2030-01-31 step 0 a (opening): It waits. > 99.9 %",
        "a: heat_up 100 % heat: 0 → 1",
        "2030-02-07 step 1 (one quiet week)",
        "2030-02-14 step 2 peace 100 % war: on → over",
        "2030-02-21 step 3 (one quiet week)",
    ]
    rest = as_one_line(text)
    assert "At the end: war over, heat 1; the rest as at the start." in rest
    assert " loses " not in rest
    assert "Yes: waits, heats. No: wails." in rest
    assert (
        "Amounts and times: ends step 2, hot step 0, starts at the start, never never, warmth 5.00, warmth_then 2.00."
        in rest
    )
    assert "No answer: moody." in rest


def test_histories_given_an_outcome() -> None:
    case = fd.loads(EVERYTHING)
    found = fd.histories(case, draws=3, given="comes", what_if="comes_now", seed=4)
    text = printed(found)
    assert text.splitlines()[1] == "What if: comes_now"
    assert f"Yes with probability {percent(found.probability)}, over 1,024 possible worlds. 3 histories" in as_one_line(
        text
    )
    for place, history in enumerate(found.histories, 1):
        part = text.partition(f"History {place}, in world {history.world}\n")[2]
        part = part.partition("History")[0]
        [imposed] = [happening for happening in history.happenings if happening.imposed]
        line = next(line for line in part.splitlines() if imposed.what in line)
        assert "imposed" in line
        assert "%" not in line
        lost = history.losses["plant"]
        assert (f"patron loses {points(lost)}: plant {points(lost)}." if lost else "patron loses nothing.") in part
    assert ", whatever comes of it." in as_one_line(text)


@pytest.mark.parametrize(
    ("step", "expected"), [("1 month", "two quiet months"), ("2 weeks", "two quiet steps"), ("day", "two quiet days")]
)
def test_units_of_quiet(step: str, expected: str) -> None:
    text = f"foederis: 1\ntitle: Bare\nclock: {{step: {step}, steps: 2}}\nstate: {{war: [on, over]}}\n"
    assert f"step 0  ({expected})" in printed(fd.histories(fd.loads(text), draws=1))
    text = text.replace("steps: 2", "steps: 13")
    assert "(13 quiet" in printed(fd.histories(fd.loads(text), draws=1))
    assert "At the end: all as at the start." in printed(fd.histories(fd.loads(text), draws=1))


def test_the_most_likely_history() -> None:
    case = fd.load("deterrence")
    text = as_one_line(printed(fd.histories(case, most_likely=True)))
    assert "The most likely history where every quantity stands at its median. Its probability is 84 %." in text
    assert "what changed something, and in which step" in text
    assert "History 1" not in text
    text = as_one_line(printed(fd.histories(case, most_likely=True, given="war")))
    assert "Is there war? Yes with probability 12 %, where every quantity stands at its median." in text
    assert "this is the most likely one; and there is no other." in text
    assert "challenger: cross 16 % border: quiet → crossed" in text
    assert "defender: resist 73 % border: crossed → fought_over" in text
    assert "those are drawn too" in text


def test_probabilities_that_are_very_small() -> None:
    case = fd.load("deterrence").with_changes({"quantities.prize": "-60"})
    text = as_one_line(printed(fd.histories(case, most_likely=True, given="war")))
    assert "Yes with probability 0.00" in text
    assert "Yes with probability 0.00 %" not in text


def test_event_outcomes_are_named() -> None:
    text = printed(fd.histories(fd.loads(EVERYTHING), draws=30))
    assert "battle: fall" in text
    assert "weather: fair" in text


def test_an_imposed_move_that_is_not_open() -> None:
    found = fd.histories(fd.load("patron"), draws=40, what_if="patron_comes")
    text = printed(found)
    made = sum(any(h.imposed for h in history.happenings) for history in found.histories)
    assert 0 < made < 40
    assert text.count("patron: intervene, imposed in step 0, was not open.") == 40 - made
