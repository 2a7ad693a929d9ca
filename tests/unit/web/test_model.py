"""The model of a case: every part with its place, every number with what it rests on."""

from __future__ import annotations

import functools
import json
import math
from typing import Any

import pytest

from foederis.analysis.gallery import gallery
from foederis.language import check
from foederis.language.case import Case
from foederis.report.brief.evidence import standing
from foederis.web.model import model
from foederis.web.plain import finite
from foederis.web.replies import reply


@functools.cache
def case_of(name: str) -> Case:
    return check.read_file(gallery()[name])


@functools.cache
def model_of(name: str) -> dict[str, Any]:
    text = case_of(name).text
    return model({"text": text, "name": name, "id": f"gallery:{name}", "sha256": "abc", "writable": False})


def made(text: str) -> dict[str, Any]:
    return model({"text": text, "name": "x", "id": "file:x.yaml", "sha256": "", "writable": True})


SMALL = """
foederis: 1
title: Small
about: A few words.
clock: {start: 2030-01-01, step: 2 weeks, steps: 3}
actors:
  one:
    rationality: 0.5
    reconsiders: every 3 to 6 weeks
    types: {firm: p, soft: {share: 1 - p, says: It gives way.}}
  other: {rationality: 0.5}
state: {war: [off, on], lost: flag, stocks: 0..3}
quantities:
  p: {value: 20% to 40%, because: [{source: memo, where: p. 1, says: so it says, quote: word, credibility: 2}, a guess]}
  even: uniform(2, 6)
  dice: choice(1 = 50%, 6 = 50%)
  wide: normal(0, 1)
  twice: even * 2
  fixed: 25%
  nothing: 0
  debt: -4
sources: {memo: {title: A memo, reliability: B, date: 1 May, url: "https://example.org"}, bare: {title: Another}}
treaties:
  pact: {parties: [one, third], provisions: [consultation], invokes: defense, triggered: war == on,
         honoured_by: {one: not lost}, breach_cost: {one: 2 to 4}, says: A pact.}
exposures: {port: {holder: owners, value: 3, unit: bn EUR, lost: {lost: 80%, war == on: 10% to 20%}, says: The port.}}
moves:
  - actor: one
    says: It decides.
    options: {hold: {}, strike: {sets: {war: on}, pays: {one: -1 to 1}, says: It strikes.}}
events:
  fall: {when: war == on, chance: p, odds: [{when: stocks == 0, times: 2}], sets: {lost: yes}, says: It falls.}
interests:
  one: {other: {worth: 3, when: lost}, own: {worth: -losses(owners), when: other_type}}
  other: {peace: {worth: 1 if one.type == firm else 2}, other: {worth: 0}}
facts: {other_type: war == on}
questions: {falls: {at_end: lost, says: Does it fall?}, loss: {expected: losses(owners)}}
decisions: {leave: {options: {go: -1, stay: -losses(owners)}, unit: bn EUR}}
whatifs: {known: {set: {actors.one.types: {firm: 100%, soft: 0%}}, imposed: [{step: 0, one: strike}], says: It is known.}}
claims: {c: {says: It falls., expect: {falls: above 20%}}}
observed: [{step: 0, one: hold}]
"""


@pytest.mark.parametrize("name", gallery())
def test_all_numbers_are_there_with_what_they_rest_on(name: str) -> None:
    """Counted as `check` counts them: on a source, on a reason of the author's, on nothing."""
    case, numbers = case_of(name), model_of(name)["numbers"]
    found = {"sourced": 0, "reasoned": 0, "bare": 0}
    for number in numbers:
        kind = "reasoned" if number["because"] else "bare"
        found["sourced" if not number["rests_on_author"] else kind] += 1
    assert found == case.numbers
    assert len({number["path"] for number in numbers}) == len(numbers)


@pytest.mark.parametrize("name", gallery())
def test_quantities_have_what_the_case_says_of_them(name: str) -> None:
    case, found = case_of(name), model_of(name)["quantities"]
    assert [quantity["name"] for quantity in found] == list(case.quantities)
    for quantity in found:
        own = case.quantities[quantity["name"]]
        assert quantity["uncertain"] is (own.distribution is not None)
        assert quantity["low"] <= quantity["p05"] <= quantity["p50"] <= quantity["p95"] <= quantity["high"]
        assert len(quantity["because"]) == len(own.because)
        assert (standing(own.because) == 3) is any(reason["source"] for reason in quantity["because"])
        if own.distribution is not None:
            assert quantity["p50"] == own.distribution.median


@pytest.mark.parametrize("name", gallery())
def test_every_line_is_that_of_the_file(name: str) -> None:
    lines, found = case_of(name).text.splitlines(), model_of(name)
    for part in (
        "questions",
        "actors",
        "what_ifs",
        "treaties",
        "exposures",
        "variables",
        "events",
        "claims",
        "decisions",
        "sources",
    ):
        for item in found[part]:
            assert item["name"] in lines[item["line"] - 1], (part, item["name"])
    for number in found["numbers"]:
        assert number["text"].split()[0].strip("\"'") in lines[number["line"] - 1], number
    for actor in found["actors"]:
        for turn in actor["turns"]:
            for option in turn["options"]:
                assert option["name"] in lines[option["line"] - 1]


@pytest.mark.parametrize("name", gallery())
def test_a_model_is_plain_data(name: str) -> None:
    found = model_of(name)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["id"], found["sha256"], found["writable"]) == (f"gallery:{name}", "abc", False)
    assert found["typed"] is any(actor.types for actor in case_of(name).actors.values())
    nodes = {node["name"] for node in found["ties"]["nodes"]}
    assert {end for edge in found["ties"]["edges"] for end in (edge["from"], edge["to"])} <= nodes


def test_every_part_of_a_small_case() -> None:
    found = made(SMALL)
    assert (found["title"], found["says"], found["typed"], found["draws"], found["observed"]) == (
        "Small",
        "A few words.",
        True,
        256,
        1,
    )
    assert found["clock"] == {"unit": "2 weeks", "steps": 3, "start": "2030-01-01"}
    one, other = found["actors"]
    assert (one["types"], other["types"]) == ({"firm": "p", "soft": "1 - p"}, None)
    assert [option["says"] for option in one["turns"][0]["options"]] == ["", "It strikes."]
    assert other["turns"] == []
    assert [(q["name"], q["form"], q["unit"], q["says"]) for q in found["questions"]] == [
        ("falls", "at_end", "", "Does it fall?"), ("loss", "expected", "bn EUR", "")]  # fmt: skip
    [whatif] = found["what_ifs"]
    assert whatif["changes"] == [{"path": "actors.one.types", "text": "{firm: 100%, soft: 0%}"}]
    assert (whatif["imposed"], whatif["says"]) == (["step 0: one strike"], "It is known.")
    [exposure] = found["exposures"]
    assert (exposure["holder"], exposure["unit"], exposure["says"]) == ("owners", "bn EUR", "The port.")
    assert [variable["levels"] for variable in found["variables"]] == [
        ["off", "on"],
        ["no", "yes"],
        ["0", "1", "2", "3"],
    ]
    assert found["sources"][0] == {
        "name": "memo", "title": "A memo", "author": None, "date": "1 May", "url": "https://example.org", "note": None,
        "reliability": "B", "line": 22}  # fmt: skip
    assert found["sources"][1]["reliability"] is None
    assert found["decisions"][0]["options"] == ["go", "stay"]


def test_what_quantities_range_over() -> None:
    found = {quantity["name"]: quantity for quantity in made(SMALL)["quantities"]}
    ends = {name: (quantity["low"], quantity["high"]) for name, quantity in found.items()}
    assert ends["even"] == (2, 6)
    assert ends["dice"] == (1, 6)
    assert ends["fixed"] == (0, 0.5)
    assert ends["nothing"] == (-1, 1)
    assert ends["debt"] == (-8, 0)
    assert ends["wide"][1] == pytest.approx(2.326, abs=1e-3)
    assert 0 < ends["p"][0] < 0.2 < 0.4 < ends["p"][1] < 1
    twice = found["twice"]
    assert (twice["formula"], twice["uncertain"], twice["family"]) == (True, False, "formula")
    assert twice["p50"] == pytest.approx(8, abs=0.1)
    assert (found["fixed"]["family"], found["fixed"]["p05"], found["fixed"]["p95"]) == ("fixed", 0.25, 0.25)
    paths = {name: quantity["path"] for name, quantity in found.items()}
    assert paths["even"] == "quantities.even"
    assert paths["treaties.pact.breach_cost.one"] == "treaties.pact.breach_cost.one"
    assert paths["exposures.port.lost.1"] == "exposures.port.lost.war == on"
    assert paths["actors.one.reconsiders"] is None


def test_a_path_that_no_change_can_name_is_none() -> None:
    found = made(SMALL.replace("war == on: 10% to 20%", "stocks > 0.5: 10% to 20%"))
    assert {q["name"]: q["path"] for q in found["quantities"]}["exposures.port.lost.1"] is None


def test_what_a_number_rests_on() -> None:
    numbers = {number["path"]: number for number in made(SMALL)["numbers"]}
    first, second = numbers["quantities.p"]["because"]
    assert first == {
        "source": "memo", "title": "A memo", "where": "p. 1", "says": "so it says", "quote": "word", "reliability": "B",
        "credibility": "2", "reason": ""}  # fmt: skip
    assert (second["source"], second["title"], second["reliability"], second["reason"]) == (None, None, None, "a guess")
    assert not numbers["quantities.p"]["rests_on_author"]
    assert numbers["quantities.even"] == {
        "path": "quantities.even", "text": "uniform(2, 6)", "line": 15, "says": "", "unit": "", "because": [], "rests_on_author": True}  # fmt: skip
    assert numbers["moves.one.options.strike.pays.one"]["says"] == "It strikes."
    assert (numbers["actors.one.reconsiders"]["text"], numbers["actors.one.reconsiders"]["unit"]) == (
        "every 3 to 6 weeks",
        "weeks",
    )
    assert {"events.fall.odds.0.times", "decisions.leave.options.go", "interests.one.other.worth"} <= numbers.keys()
    assert not any(path.startswith(("clock", "whatifs", "observed", "claims")) for path in numbers)


def test_treaties_have_what_can_be_switched() -> None:
    [treaty] = made(SMALL)["treaties"]
    assert (treaty["binds"], treaty["parties"]) == (False, ["one", "third"])
    provides, invokes = treaty["clauses"]
    assert (provides["path"], provides["current"]) == ("treaties.pact.provisions", "[consultation]")
    assert provides["options"] == ["[consultation]", "[defense, consultation]", "[offense, consultation]",
                                   "[neutrality, consultation]", "[nonaggression, consultation]", "[]"]  # fmt: skip
    assert (invokes["path"], invokes["current"]) == ("treaties.pact.invokes", "defense")


def test_ties_are_treaties_exposures_and_interests_in_others() -> None:
    ties = made(SMALL)["ties"]
    edges = {(edge["kind"], edge["from"], edge["to"], edge["name"]) for edge in ties["edges"]}
    assert edges == {
        ("treaty", "one", "third", "pact"),
        ("exposure", "owners", "port", "port"),
        ("interest", "one", "other", "other"),
        ("interest", "one", "owners", "own"),
        ("interest", "other", "one", "peace"),
    }
    assert {node["name"]: node["kind"] for node in ties["nodes"]} == {
        "one": "actor", "other": "actor", "third": "other", "owners": "other", "port": "other"}  # fmt: skip


def test_numbers_that_are_not_finite_are_null() -> None:
    found = finite({"a": [math.inf, math.nan, 1.5, (2, -math.inf)], "b": "x"})
    assert found == {"a": [None, None, 1.5, [2, None]], "b": "x"}
    assert reply({"a": math.nan}).body == b'{"a":null}'
