"""Decisions of the reader's own."""

from __future__ import annotations

import pytest

from foederis.language.check import as_changes, change

from .texts import case_of, marked, mistakes, only, text_of

EXPOSURES = "{plant: {holder: firm, value: 3, unit: bn USD, lost: {fallen: 50%}}}"


def wrong(content: str) -> tuple[str, str]:
    sections = {"decisions": content, "exposures": EXPOSURES}
    item = only(**sections)
    assert item.help
    return item.code, marked(item, text_of(**sections))


def test_a_decision_in_all_its_parts() -> None:
    content = """
        pull_out:
          says: Should we leave?
          options:
            stay: -losses(firm)
            leave: {value: -1, because: {source: memo}}
            wait: 0.5 to 2
          unit: bn USD
          because: asked by the firm
    """
    case = case_of(decisions=content, exposures=EXPOSURES)
    found = case.decisions["pull_out"]
    assert list(found.options) == ["stay", "leave", "wait"]
    assert found.options["leave"].constant == -1
    assert found.options["stay"].variables == {"fallen"}
    assert (found.unit, found.says) == ("bn USD", "Should we leave?")
    assert found.texts == {"stay": "-losses(firm)", "leave": "-1", "wait": "0.5 to 2"}
    assert found.because[0].says == "asked by the firm"
    assert case.quantities["decisions.pull_out.options.wait"].inline
    assert "decisions.pull_out.options.wait" in case.uncertain


def test_numbers_in_options_are_counted() -> None:
    base = case_of(exposures=EXPOSURES).numbers
    content = "{a: {options: {stay: {value: 3, because: {source: memo}}, go: 2 to 3}, because: mine}}"
    more = case_of(decisions=content, exposures=EXPOSURES).numbers
    assert {kind: more[kind] - base[kind] for kind in base} == {"sourced": 1, "reasoned": 1, "bare": 0}


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("{a: {options: {leave: -1}}}", "F410", "a"),
        ("{a: {options: {}}}", "F410", "a"),
        ("{a: {says: x}}", "F202", "{says: x}"),
        ("{a: }", "F202", ""),
        ("[a]", "F201", "[a]"),
        ("{a: {options: [1, 2]}}", "F201", "[1, 2]"),
        ("{a: {options: {stay: , leave: 1}}}", "F202", ""),
        ("{a: {options: {stay: [1], leave: 1}}}", "F201", "[1]"),
        ("{a: {options: {stay: -losses(frm), leave: 1}}}", "F105", "frm"),
        ("{a: {options: {stay: fallen, leave: 1}}}", "F205", "fallen"),
        ("{a: {options: {stay: 1 to, leave: 1}}}", "F203", ""),
        ("{a: {options: {stay: 3 to 1, leave: 1}}}", "F301", "3 to 1"),
        ("{a: {options: {2nd: 3, leave: 1, go: 1}}}", "F112", "2nd"),
        ("{a: {option: {stay: 3, leave: 1}, options: {stay: 3, leave: 1}}}", "F101", "option"),
        ("{a: {options: {stay: {value: 3, unit: USD}, leave: {value: 1, unit: EUR}}}}", "F404", "EUR"),
        ("{a: {options: {stay: {value: 3, unit: USD}, leave: 1}, unit: EUR}}", "F404", "USD"),
    ],
)
def test_mistakes(content: str, code: str, place: str) -> None:
    found = wrong(content)
    assert found[0] == code
    assert place in found[1]


def test_all_mistakes_at_once() -> None:
    content = "{a: {options: {leave: -1}}, b: {options: {stay: x, leave: y}}, c: {says: x}}"
    assert sorted(item.code for item in mistakes(decisions=content)) == ["F102", "F102", "F202", "F410"]


def test_the_unit_may_stand_on_an_option() -> None:
    content = "{a: {options: {stay: {value: 3, unit: USD}, leave: 1}}}"
    assert case_of(decisions=content).decisions["a"].unit == "USD"


def test_it_can_be_changed_by_path() -> None:
    case = case_of(decisions="{a: {options: {stay: 3, leave: {value: 1, unit: USD}}}}")
    for path, value in (("decisions.a.options.leave", 2), ("decisions.a.options.leave.value", 2)):
        found = change(case, as_changes({path: value})).decisions["a"]
        assert found.options["leave"].constant == 2
        assert found.unit == "USD"
    assert change(case, as_changes({"decisions.a.says": "Go?"})).decisions["a"].says == "Go?"
    assert change(case, as_changes({"quantities.fixed": 3})).decisions is not None
    whatifs = "{dear: {set: {decisions.a.options.laeve: 2}}}"
    item = only(decisions="{a: {options: {stay: 3, leave: 1}}}", whatifs=whatifs)
    assert item.code == "F114"
    assert "did you mean `leave`?" in (item.help or "")
