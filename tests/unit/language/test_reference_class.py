"""The section `history`: which past a case is held against."""

from __future__ import annotations

import datetime
import subprocess
import sys

import pytest

import foederis as fd
from foederis.diagnostics import Diagnostic
from foederis.language.states import meant

FILE = """\
foederis: 1
title: An example
clock: {start: 1938-09-05, step: 1 week, steps: 3}
actors: {patron: {rationality: 0.5}}
state: {war: [on, over], help: flag}
sources: {memo: {title: A memo}}
moves:
  - {actor: patron, when: war == on, options: {wait: {}, fight: {sets: {help: yes}, pays: {patron: -2}}}}
events: {truce: {when: war == on, chance: 20%, sets: {war: over}}}
questions: {fights: {eventually: help}, when: {first: help}, much: {expected: 1 if help else 0}}
"""
WHOLE = {
    "helper": "France",
    "helped": "cze",
    "opponent": "255",
    "obligation": "defense",
    "question": "fights",
}


def text(**changes: str | None) -> str:
    keys = {key: value for key, value in {**WHOLE, **changes}.items() if value is not None}
    return FILE + "history:\n" + "".join(f"  {key}: {value}\n" for key, value in keys.items())


def mistakes(**changes: str | None) -> tuple[Diagnostic, ...]:
    with pytest.raises(fd.CaseError) as caught:
        fd.loads(text(**changes))
    return caught.value.diagnostics


def test_states_are_read_by_name_and_by_code() -> None:
    found = fd.loads(text(because="{source: memo, says: so it is}")).history
    assert found is not None
    assert [state.name for state in (found.helper, found.helped, found.opponent)] == [
        "France", "Czechoslovakia", "Germany"
    ]  # fmt: skip
    assert (found.obligation, found.question, found.outcome) == ("defense", "fights", "fought")
    assert (found.day, found.since, found.until, found.weight) == (datetime.date(1938, 9, 5), None, None, None)
    assert found.because[0].source == "memo"


def test_what_may_be_left_out_may_be_given() -> None:
    changes = {"outcome": "kept", "day": "1938-09-30", "since": "1900", "until": "1938", "weight": "30%"}
    found = fd.loads(text(**changes)).history
    assert found is not None
    assert (found.outcome, found.day) == ("kept", datetime.date(1938, 9, 30))
    assert (found.since, found.until, found.weight) == (1900, 1938, 0.3)


def test_a_file_without_it_has_none() -> None:
    assert fd.loads(FILE).history is None


def test_it_is_no_part_of_the_game() -> None:
    without, held = fd.loads(FILE), fd.loads(text())
    one, other = (fd.solve(case, draws=2) for case in (without, held))
    assert one.game_hash == other.game_hash
    assert held.numbers == without.numbers


@pytest.mark.parametrize(
    ("changes", "code", "words", "cure"),
    [
        ({"helper": "Franse"}, "F801", "no state `Franse`", "did you mean `France`?"),
        ({"helper": "Kingdom"}, "F801", "no state `Kingdom`", "did you mean `United Kingdom`?"),
        ({"helper": "the moon"}, "F801", "no state `the moon`", "`France`, `FRN`, `FRA` or `220`"),
        ({"opponent": "AUS", "day": "1938-03-01"}, "F802", "a code of 2 states", "`Austria` (305) or `Australia` (900)"),
        ({"opponent": "Israel"}, "F803", "no state on 5 September 1938", "Israel from 14 May 1948 on"),
        ({"opponent": "Russia"}, "F803", "no state on 5 September 1938", "Soviet Union from 30 December 1922 to"),
        ({"opponent": "Germany", "day": "1960-01-01"}, "F803", "no state on 1 January 1960",
         "on that day there was German Federal Republic (260)"),
        ({"opponent": "FRN"}, "F804", "France is `helper` and `opponent`", "three states"),
        ({"since": "1920", "until": "1910"}, "F805", "since 1920 and until 1910", "earlier year"),
        ({"until": "1939"}, "F805", "its own future", "the day before"),
        ({"since": "1939"}, "F805", "its own future", "the day before"),
        ({"weight": "1.5"}, "F806", "`1.5` is not a weight", "weight: 0.3"),
        ({"weight": "0.1 to 0.3"}, "F806", "is not a weight", "weight: 0.3"),
        ({"question": "when"}, "F807", "`when` has no probability", "`at_end`, `eventually` or `takes`"),
        ({"question": "much"}, "F807", "`much` has no probability", "`at_end`, `eventually` or `takes`"),
        ({"question": "fighst"}, "F108", "no question `fighst`", "did you mean `fights`?"),
        ({"obligation": "defence"}, "F116", "cannot be `defence`", "did you mean `defense`?"),
        ({"outcome": "fougt"}, "F116", "cannot be `fougt`", "did you mean `fought`?"),
        ({"day": "tomorrow"}, "F212", "`tomorrow` is not a date", "2030-01-31"),
        ({"since": "soon"}, "F213", "`since` must be a whole number", "digits"),
        ({"helped": None}, "F202", "`history` lacks `helped`", "`helped`"),
        ({"helpd": "Poland"}, "F101", "no key `helpd`", "did you mean `helped`?"),
        ({"because": "{source: meno}"}, "F110", "no source `meno`", "did you mean `memo`?"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_cure(changes: dict[str, str | None], code: str, words: str, cure: str) -> None:
    [found] = mistakes(**changes)
    assert found.code == code
    assert words in found.message
    assert cure in found.help
    assert found.span is not None


def test_all_mistakes_are_told_at_once_where_they_stand() -> None:
    wrong = {"helper": "Franse", "opponent": "Israel", "obligation": "defence", "question": "when", "weight": "2"}
    found = mistakes(**wrong)
    assert [item.code for item in found] == ["F801", "F803", "F116", "F807", "F806"]
    lines = text(**wrong).splitlines()
    for item, value in zip(found, wrong.values(), strict=True):
        assert item.span is not None
        assert lines[item.span.line - 1][item.span.column - 1 : item.span.end_column - 1] == value


def test_a_section_that_is_no_mapping_is_a_mistake() -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.loads(FILE + "history: [France, Poland]\n")
    assert "F201" in {item.code for item in caught.value.diagnostics}


def test_without_a_day_nothing_is_past() -> None:
    undated = FILE.replace("start: 1938-09-05, ", "")
    whole = text().removeprefix(FILE)
    with pytest.raises(fd.CaseError) as caught:
        fd.loads(undated + whole)
    assert [item.code for item in caught.value.diagnostics] == ["F808"]
    assert fd.loads(undated + whole + "  day: 1938-09-05\n").history is not None


def test_it_can_be_changed_by_path() -> None:
    case = fd.loads(text()).with_changes({"history.weight": 0.4, "history.opponent": "Poland"})
    assert case.history is not None
    assert (case.history.weight, case.history.opponent.name) == (0.4, "Poland")
    with pytest.raises(fd.CaseError) as caught:
        case.with_changes({"history.helper": "Poland"})
    assert [item.code for item in caught.value.diagnostics] == ["F804"]


def test_codes_of_two_states_are_those_of_the_day() -> None:
    assert [spell.name for spell in meant("260", datetime.date(2000, 1, 1))] == ["Germany"]
    assert [spell.cow for spell in meant("260", datetime.date(1960, 1, 1))] == [260]
    assert [spell.cow for spell in meant("970", datetime.date(2010, 1, 1))] == [946, 970]
    assert [spell.cow for spell in meant("aus", datetime.date(1900, 1, 1))] == []
    assert [spell.name for spell in meant(" DEU ", datetime.date(1960, 1, 1))] == ["German Federal Republic"]
    assert meant("", datetime.date(1960, 1, 1)) == ()


def test_checking_it_imports_no_pandas() -> None:
    script = (
        "import sys; from foederis.analysis.checking import look; from foederis.analysis.gallery import load; "
        "look(load('czechoslovakia')); print(sorted({'pandas', 'jax', 'scipy.stats'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
