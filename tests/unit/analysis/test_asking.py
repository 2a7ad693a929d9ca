"""What an analysis may be asked about."""

from __future__ import annotations

import pytest

import foederis as fd
from foederis.analysis.asking import (
    Threshold,
    pick_decision,
    pick_question,
    pick_uncertain,
    read_threshold,
    with_worths,
)

CASE = fd.loads("""
foederis: 1
title: An example
clock: {step: 1 week, steps: 3}
state: {war: [on, over]}
quantities: {p_truce: 5% to 20%, p_peace: p_truce / 2, length: 2 to 4}
events: {truce: {chance: p_truce, sets: {war: over}}}
questions:
  ends: {first: war == over}
  peace: {eventually: war == over}
  worth: {expected: length}
""")


def code_of(error: pytest.ExceptionInfo[fd.CaseError]) -> list[str]:
    return [item.code for item in error.value.diagnostics]


def test_the_first_question_with_one_number_is_the_default() -> None:
    assert pick_question(CASE).name == "peace"
    assert pick_question(CASE, "worth").name == "worth"


@pytest.mark.parametrize(("name", "code"), [("pease", "F108"), ("ends", "F701")])
def test_other_questions_are_refused(name: str, code: str) -> None:
    with pytest.raises(fd.CaseError) as caught:
        pick_question(CASE, name)
    assert code_of(caught) == [code]


def test_a_case_that_asks_nothing() -> None:
    bare = fd.loads("foederis: 1\ntitle: An example\nclock: {step: 1 week, steps: 3}\nstate: {war: [on, over]}\n")
    with pytest.raises(fd.CaseError) as caught:
        pick_question(bare)
    assert code_of(caught) == ["F108"]
    assert caught.value.diagnostics[0].help


def test_quantities_that_vary() -> None:
    assert pick_uncertain(CASE) == ["length", "p_truce"]
    assert pick_uncertain(CASE, ["p_truce"]) == ["p_truce"]
    with pytest.raises(fd.CaseError) as caught:
        pick_uncertain(CASE, ["p_truse", "p_peace", "length"])
    assert code_of(caught) == ["F102", "F702"]


def test_quantities_that_a_change_has_fixed_or_removed_do_not_vary() -> None:
    inline = CASE.with_changes({"questions.worth.expected": "3 to 5"})
    assert "questions.worth.expected" in pick_uncertain(inline)
    for change in ({"questions.worth.expected": "3"}, {"questions": {}}):
        assert pick_uncertain(inline.with_changes(change)) == ["length", "p_truce"]
    assert pick_uncertain(CASE.with_changes({"quantities.length": "3"})) == ["p_truce"]


def test_decisions() -> None:
    case = CASE.with_changes(
        {"decisions": {"go": {"options": {"stay": "length", "leave": 1}}, "on": {"options": {"a": 1, "b": 2}}}}
    )
    assert pick_decision(case).name == "go"
    assert pick_decision(case, "on").name == "on"
    for asked, of, cure in ((None, CASE, "add one"), ("go", CASE, "add one"), ("gone", case, "did you mean")):
        with pytest.raises(fd.CaseError) as caught:
            pick_decision(of, asked)
        assert code_of(caught) == ["F731"]
        assert cure in caught.value.diagnostics[0].help
    whole, names = with_worths(case, case.decisions.values())
    assert list(names) == [("go", "stay"), ("go", "leave"), ("on", "a"), ("on", "b")]
    assert set(whole.questions) == {*case.questions, *names.values()}
    stay = whole.questions[names["go", "stay"]]
    assert (stay.name, stay.form, stay.text) == ("decisions.go.options.stay", "expected", "length")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("peace > 20%", Threshold("peace", ">", 0.2, "peace > 20%")),
        (" peace<=0.5 ", Threshold("peace", "<=", 0.5, "peace<=0.5")),
        ("worth >= -3", Threshold("worth", ">=", -3.0, "worth >= -3")),
        ("worth<1e3", Threshold("worth", "<", 1000.0, "worth<1e3")),
    ],
)
def test_comparisons(text: str, expected: Threshold) -> None:
    assert read_threshold(CASE, text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("peace", "F703"),
        ("peace > ", "F703"),
        ("peace = 20%", "F703"),
        ("peace > war", "F703"),
        ("peace > 120%", "F703"),
        ("peace < -0.1", "F703"),
        ("pease > 20%", "F108"),
        ("ends > 20%", "F701"),
        ("20% < peace", "F703"),
        ("worth > 1e400", "F703"),
        ("", "F703"),
    ],
)
def test_what_is_no_comparison(text: str, code: str) -> None:
    with pytest.raises(fd.CaseError) as caught:
        read_threshold(CASE, text)
    assert code_of(caught) == [code]
    assert caught.value.diagnostics[0].help
