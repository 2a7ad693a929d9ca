"""Observations: what they may name, in whole and in part, and how far a report is believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from foederis.diagnostics import CaseError, Diagnostic
from foederis.language.case import Case, Observation
from foederis.language.check import as_changes, change, read_text
from foederis.language.news import add_news, add_observed, read_news
from foederis.language.observed import BELIEVED

from .texts import case_of, text_of

EVENTS = """
    fall: {when: fighting, chance: chance, sets: {fallen: yes}}
    battle: {chance: 40%, outcomes: {won: {share: 1}, lost: {share: 2}}}
"""
SOURCES = (
    "{memo: {title: A memo, reliability: B}, wire: {title: A wire, reliability: E, believed: 33%}, rumour: {title: R}}"
)


def observed(text: str) -> tuple[Observation, ...]:
    return case_of(events="\n" + EVENTS, sources=SOURCES, observed=text).observed


def mistakes(text: str) -> list[Diagnostic]:
    with pytest.raises(CaseError) as caught:
        read_text(text)
    return list(caught.value.diagnostics)


def only_one(text: str, code: str) -> Diagnostic:
    found = mistakes(text)
    assert [item.code for item in found] == [code], found
    return found[0]


def agrees(text: str) -> set[str]:
    [sighting] = observed(f"[{{step: 0, {text}}}]")[0].sightings
    return set(sighting.agrees)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("patron: send", {"send"}),
        ("patron: none", {"none"}),
        ("patron: not send", {"wait", "none"}),
        ("patron: send | none", {"send", "none"}),
        ("patron: not send | none", {"wait"}),
        ("fall: yes", {"fall"}),
        ("fall: fall", {"fall"}),
        ("fall: no", {"nothing"}),
        ("fall: nothing", {"nothing"}),
        ("battle: yes", {"won", "lost"}),
        ("battle: not won", {"lost", "nothing"}),
        ("battle: no | lost", {"nothing", "lost"}),
        ("state: {help: not words}", {"arms", "troops"}),
        ("state: {fallen: no}", {"no"}),
        ("state: {count: 2 | 3}", {"2", "3"}),
    ],
)
def test_what_agrees(text: str, expected: set[str]) -> None:
    assert agrees(text) == expected


def test_several_things_may_be_seen_together() -> None:
    [found] = observed("[{step: 2, patron: send, fall: no, state: {war: on, help: arms}, says: So it was.}]")
    assert [(s.kind, s.name) for s in found.sightings] == [
        ("turn", "patron"),
        ("event", "fall"),
        ("state", "war"),
        ("state", "help"),
    ]
    assert (found.step, found.believed, found.says) == (2, 1.0, "So it was.")
    assert found.sightings[0].alternatives == ("wait", "send", "none")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("{step: 0, ptron: send}", "F331", "ptron"),
        ("{step: 0, war: on}", "F331", "war"),
        ("{step: 0, patron: snd}", "F104", "snd"),
        ("{step: 0, patron: wait | snd}", "F104", "snd"),
        ("{step: 0, patron: not send | snd}", "F104", "snd"),
        ("{step: 0, battle: draw}", "F332", "draw"),
        ("{step: 0, state: {war: of}}", "F103", "of"),
        ("{step: 0, state: {wr: on}}", "F102", "wr"),
        ("{step: 4, patron: send}", "F213", "4"),
        ("{patron: send}", "F202", "{patron: send}"),
        ("{step: 0}", "F202", "{step: 0}"),
        ("{step: 0, patron: not send | wait | none}", "F333", "not send | wait | none"),
        ("{step: 0, patron: send, believed: 0%}", "F334", "0%"),
        ("{step: 0, patron: send, believed: 120%}", "F334", "120%"),
        ("{step: 0, patron: send, fall: no, believed: 50%}", "F334", "50%"),
        ("{step: 0, patron: send, believed: source}", "F334", "source"),
        ("{step: 0, patron: send, because: {source: nobody}}", "F110", "nobody"),
        ("send", "F201", "send"),
    ],
)
def test_mistakes(text: str, code: str, place: str) -> None:
    whole = text_of(events="\n" + EVENTS, sources=SOURCES, observed=f"[{text}]")
    found = only_one(whole, code)
    assert found.span is not None
    line = whole.splitlines()[found.span.line - 1]
    assert line[found.span.column - 1 : found.span.end_column - 1] == place


def test_certain_observations_must_agree_and_reports_need_not() -> None:
    both = "[{step: 1, patron: not send}, {step: 1, patron: send | none}, {step: 1, patron: send}]"
    assert only_one(text_of(observed=both), "F333")
    reports = "[{step: 1, patron: wait, believed: 60%}, {step: 1, patron: send}, {step: 2, patron: wait}]"
    assert len(case_of(observed=reports).observed) == 3


def test_all_mistakes_at_once() -> None:
    text = "[{step: 9, patron: send}, {step: 0, patron: snd}, {step: 0, foo: no}]"
    assert [item.code for item in mistakes(text_of(observed=text))] == ["F213", "F104", "F331"]


def test_how_far_a_source_is_believed() -> None:
    def believed(source: str) -> float:
        item = f"{{step: 0, patron: send, believed: source, because: {{source: {source}}}}}"
        return observed(f"[{item}]")[0].believed

    assert believed("memo") == BELIEVED["B"] == 0.80
    assert believed("wire") == 0.33  # its own number stands before its reliability
    with pytest.raises(CaseError, match="it has no reliability"):
        believed("rumour")
    assert observed("[{step: 0, patron: send, because: {source: memo}}]")[0].believed == 1  # only if it is asked for


def test_what_ifs_keep_the_observations_and_cannot_change_them() -> None:
    case = case_of(observed="[{step: 0, patron: send}]")
    assert change(case, as_changes({"quantities.stake": "3"})).observed == case.observed
    whatifs = "{other: {set: {observed.0.patron: wait}}}"
    assert only_one(text_of(whatifs=whatifs, observed="[{step: 0, patron: send}]"), "F337")
    with pytest.raises(CaseError) as caught:
        change(case, as_changes({"clock.steps": "4", "moves.patron.options": {"wait": {}}}))
    assert "F104" in [item.code for item in caught.value.diagnostics]


NEWS = """
about: The first week.
sources: {wire: {title: A wire, reliability: C}}
observed:
  - {step: 0, patron: send, believed: source, because: {source: wire}}
  - {step: 0, fall: no, because: {source: memo}}
"""


def test_news_come_after_what_the_file_observes(tmp_path: Path) -> None:
    (tmp_path / "news.yaml").write_text(NEWS, encoding="utf-8")
    case = case_of(observed="[{step: 0, rival: press}]")
    found = read_news(case, tmp_path / "news.yaml")
    assert [item.sightings[0].name for item in found.observed] == ["rival", "patron", "fall"]
    assert found.observed[1].believed == BELIEVED["C"]
    assert found.news is not None
    assert (found.news.filename, found.news.count) == ("news.yaml", 2)
    assert set(found.sources) == {"memo", "wire"}
    assert (found.text, found.sha256, found.uncertain) == (case.text, case.sha256, case.uncertain)
    kept = found.with_changes({"quantities.fixed": "5"})
    assert [item.sightings for item in kept.observed] == [item.sightings for item in found.observed]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("observed:\n  - {step: 0, patron: snd}", "F104", 2),
        ("observed: []", "F338", 1),
        ("observd: []", "F202", 1),
        ("sources: {memo: {title: Mine}}\nobserved: [{step: 0, patron: send}]", "F111", 1),
        ("observed: [{step: 0, patron: send, because: {source: nobody}}]", "F110", 1),
    ],
)
def test_mistakes_in_news_point_into_that_file(text: str, code: str, line: int) -> None:
    with pytest.raises(CaseError) as caught:
        add_news(case_of(), text, "news.yaml", None)
    assert caught.value.filename == "news.yaml"
    assert caught.value.source == text
    found = {item.code: item.span for item in caught.value.diagnostics}
    assert found[code] is not None
    assert found[code].line == line  # type: ignore[union-attr]


def test_observations_from_python() -> None:
    case: Case = case_of()
    found = add_observed(case, [{"step": 0, "fall": False, "state": {"fallen": False, "count": 0}}])
    assert [set(s.agrees) for s in found.observed[0].sightings] == [{"nothing"}, {"no"}, {"0"}]


def test_an_observed_step_must_be_played() -> None:
    assert read_text(text_of(observed="[{step: 3, patron: send}]")).observed[0].step == 3
