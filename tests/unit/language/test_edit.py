from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from foederis.diagnostics import Report
from foederis.language.edit import apply_changes, parse_value
from foederis.language.source import Mapping, Node, Scalar, Sequence, parse

from .texts import marked, text_of

PACT = """
  pact: {parties: [patron], provisions: [consultation], invokes: defense, triggered: fighting, honoured_by: {}, breach_cost: {}}
"""
TEXT = text_of(
    actors="{patron: {rationality: 1, types: {weak: 40%, strong: {share: 60%, because: x}}}, rival: {rationality: 1}}",
    quantities="""
      lone: 5 to 20
      full: {value: 5 to 20, unit: points, because: [{source: memo, says: a}, b]}
      stake: 1
      chance: 10%
    """,
    state="{war: [on, over], help: {levels: [words, arms, troops], start: words}, fallen: flag, count: 0..6}",
    events="{fall: {chance: chance, odds: [{when: fighting, times: 2}, {when: fallen, times: 3}]}, single: {chance: 1, odds: {when: fallen, times: 3}}}",
    exposures="{plant: {holder: patron, value: 3, lost: {fallen: 80%, fighting: {value: 10%}}}}",
    treaties=PACT,
)


def value_of(node: Node | None) -> Any:
    """A node as plain data."""
    if isinstance(node, Mapping):
        return {key.text: value_of(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [value_of(item) for item in node.items]
    return None if node is None else node.text


def tree(text: str = TEXT) -> Node:
    found = parse(text, Report())
    assert found is not None
    return found


def changed(path: str, text: str) -> tuple[Any, Report]:
    report = Report()
    value = parse_value(text, report)
    assert value is not None
    return value_of(apply_changes(tree(), [(path, value)], report)), report


def put(data: Any, path: list[Any], value: Any) -> Any:
    """The data with one place replaced."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = put(copy[path[0]] if isinstance(copy, list) or path[0] in copy else {}, path[1:], value)
    return copy


@pytest.mark.parametrize(
    ("path", "text", "place", "value"),
    [
        ("quantities.lone", "1 to 2", ["quantities", "lone"], "1 to 2"),
        ("quantities.lone", "{value: 1, unit: x}", ["quantities", "lone"], {"value": "1", "unit": "x"}),
        ("quantities.lone.unit", "x", ["quantities", "lone"], {"value": "5 to 20", "unit": "x"}),
        ("quantities.full", "1 to 2", ["quantities", "full", "value"], "1 to 2"),  # a scalar replaces the value only
        ("quantities.full", "{value: 1}", ["quantities", "full"], {"value": "1"}),
        ("quantities.full.value", "7", ["quantities", "full", "value"], "7"),
        ("quantities.full.because.0.says", "c", ["quantities", "full", "because", 0, "says"], "c"),
        ("quantities.full.because.1", "c", ["quantities", "full", "because", 1], "c"),
        ("quantities.full.because", "c", ["quantities", "full", "because"], "c"),
        (
            "state.help",
            "[words, arms]",
            ["state", "help", "levels"],
            ["words", "arms"],
        ),  # a list replaces the levels only
        ("state.help.start", "arms", ["state", "help", "start"], "arms"),
        ("state.war.start", "over", ["state", "war"], {"levels": ["on", "over"], "start": "over"}),
        ("state.fallen.start", "yes", ["state", "fallen"], {"levels": "flag", "start": "yes"}),
        ("state.count", "0..3", ["state", "count"], "0..3"),
        ("facts.fighting", "war != over", ["facts", "fighting"], "war != over"),
        ("moves.patron.options.send.pays.patron", "-3", ["moves", 0, "options", "send", "pays", "patron"], "-3"),
        ("moves.1.when", "fallen", ["moves", 1, "when"], "fallen"),
        ("moves.rival.chance", "50%", ["moves", 1, "chance"], "50%"),  # a key that was left out
        ("events.fall.odds.1.times", "4", ["events", "fall", "odds", 1, "times"], "4"),
        ("events.single.odds.times", "4", ["events", "single", "odds", "times"], "4"),
        ("actors.patron.reconsiders", "every week", ["actors", "patron", "reconsiders"], "every week"),
        ("actors.patron.types.weak", "70%", ["actors", "patron", "types", "weak"], "70%"),
        ("actors.patron.types.weak.says", "x", ["actors", "patron", "types", "weak"], {"share": "40%", "says": "x"}),
        ("actors.patron.types.strong", "70%", ["actors", "patron", "types", "strong", "share"], "70%"),
        ("actors.patron.types", "{a: 1, b: 0}", ["actors", "patron", "types"], {"a": "1", "b": "0"}),
        ("actors.rival.types", "{a: 1, b: 0}", ["actors", "rival", "types"], {"a": "1", "b": "0"}),
        ("treaties.pact.provisions", "[defense]", ["treaties", "pact", "provisions"], ["defense"]),
        ("exposures.plant.lost.fallen", "50%", ["exposures", "plant", "lost", "fallen"], "50%"),
        ("exposures.plant.lost.fighting", "5%", ["exposures", "plant", "lost", "fighting", "value"], "5%"),
        ("clock.steps", "9", ["clock", "steps"], "9"),
        ("correlated", "[[lone, full, 0.5]]", ["correlated"], [["lone", "full", "0.5"]]),
    ],
)
def test_paths(path: str, text: str, place: list[Any], value: Any) -> None:
    found, report = changed(path, text)
    assert not report.found
    assert found == put(value_of(tree()), place, value)


@pytest.mark.parametrize(
    ("path", "message", "cure"),
    [
        ("quantities.loan", "the path `quantities.loan` leads nowhere: `quantities` has no `loan`", "did you mean `lone`?"),
        ("quantitys", "the path `quantitys` leads nowhere: the file has no `quantitys`", "did you mean `quantities`?"),
        ("quantities.lone.limit", "the path `quantities.lone.limit` leads nowhere: `quantities.lone` has no `limit`", "it has no parts: replace it as a whole"),
        ("moves.us.when", "the path `moves.us.when` leads nowhere: `moves` has no `us`", "known here: `patron`, `rival`"),
        ("moves.2", "the path `moves.2` leads nowhere: `moves` has no `2`", "known here: `patron`, `rival`"),
        ("moves.patron.options.stop", "the path `moves.patron.options.stop` leads nowhere: `moves.patron.options` has no `stop`", "known here: `send`, `wait`"),
        ("events.fall.odds.2", "the path `events.fall.odds.2` leads nowhere: `events.fall.odds` has no `2`", "known here: `0`, `1`"),
        ("actors.patron.patince", "the path `actors.patron.patince` leads nowhere: `actors.patron` has no `patince`", "did you mean `patience`?"),
        ("quantities.lone.value.x", "the path `quantities.lone.value.x` leads nowhere: `quantities.lone.value` has no `x`", "it has no parts: replace it as a whole"),
        ("treaties.pact.breach_cost.rival", "the path `treaties.pact.breach_cost.rival` leads nowhere: `treaties.pact.breach_cost` has no `rival`", None),
    ],
)  # fmt: skip
def test_paths_that_lead_nowhere(path: str, message: str, cure: str | None) -> None:
    found, report = changed(path, "1")
    assert found == value_of(tree())
    [item] = report.found
    assert (item.code, item.message) == ("F114", message)
    assert item.help
    assert cure is None or item.help == cure


def test_the_wrong_word_of_a_path_is_marked() -> None:
    text = "set: {quantities.loan.value: 3}"
    node = tree(text)
    assert isinstance(node, Mapping)
    inner = node.get("set")
    assert isinstance(inner, Mapping)
    [(key, value)] = inner.entries
    report = Report()
    apply_changes(tree(), [(key.text, value)], report, [key])
    assert marked(report.found[0], text) == "loan"


def test_changes_are_made_one_after_the_other() -> None:
    report = Report()
    one, two = (Scalar(text, tree().span) for text in ("3", "bn"))
    root = apply_changes(tree(), [("quantities.lone", one), ("quantities.lone.unit", two)], report)
    assert value_of(root)["quantities"]["lone"] == {"value": "3", "unit": "bn"}


def test_the_original_stays_as_it_is() -> None:
    before = tree()
    copy = replace(before)  # type: ignore[type-var]
    apply_changes(before, [("quantities.lone", Scalar("3", before.span))], Report())
    assert before == copy


def test_a_path_needs_a_value() -> None:
    report = Report()
    assert parse_value("  ", report) is None
    assert [item.code for item in report.found] == ["F114"]
