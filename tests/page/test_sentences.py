"""What the page says of results agrees with the results, and with what the command line says."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

import foederis as fd
from foederis.game.compile import compile_game
from foederis.report.claims import expected_words
from foederis.report.drivers import conclusion, slope_words
from foederis.report.game import print_game
from foederis.report.why import paragraph
from tests.page.conftest import Ask


def plain(result: Any) -> Any:
    """As it reaches the page: numbers that are not finite as null."""
    text = json.dumps(result.to_json(), default=float)
    return json.loads(text, parse_constant=lambda _: None)


def shown(case: fd.Case) -> str:
    page = StringIO()
    print_game(case, compile_game(case), Console(file=page, width=110, highlight=False))
    return page.getvalue()


@pytest.fixture(scope="module")
def patron() -> fd.Case:
    return fd.load("patron")


def test_why_is_told_as_on_the_command_line(ask: Ask, patron: fd.Case) -> None:
    why = fd.why(patron, draws=4)
    (told,) = ask("whyParagraphs", plain(why))
    for option in why.options:
        if option.option == why.usual:
            continue
        expected = re.sub(r" \(\S+ to \S+\)", "", paragraph(why, option)).replace("patron", "Patron")
        assert re.sub(r" \(middle[^)]*\)", "", told[option.option]) == expected


def test_parts_sum_to_what_an_option_falls_behind(ask: Ask, patron: fd.Case) -> None:
    for gap, parts in ask("whySums", plain(fd.why(patron, draws=4))):
        assert gap is None or gap == pytest.approx(parts)


def test_an_option_that_is_worth_more_is_said_to_be(ask: Ask) -> None:
    number = {"mean": 0.5, "p05": 0.5, "p50": 0.5, "p95": 0.5}
    gap = {**number, "mean": -2.0}
    usual, other = (
        {"share": number, "best": number, "gap": {"mean": None}},
        {"share": number, "best": number, "gap": gap},
    )
    row = {"option": "b", "kind": "interest", "part": "peace", "paid": "at_end", "mean": -2.0, "p05": -2, "p95": -2}
    result = {"actor": "us", "decides": number, "most_likely": "a", "options": {"a": usual, "b": other}, "rows": [row]}
    (found,) = ask("whyFindings", result)
    assert "On average “b” is worth 2.00 points more" in " ".join(found)


def test_drivers_are_told_as_on_the_command_line(ask: Ask, patron: fd.Case) -> None:
    moved = fd.drivers(patron, "comes", draws=32)
    model = {"quantities": [{"name": n, "family": patron.distribution(n).family} for n in patron.uncertain]}
    writing = {"share": True}
    said = ask("conclusion", plain(moved))
    assert said.split(" of the variance")[0].replace(" ", "_") in conclusion(moved).replace(" ", "_")
    for slope, found in zip(moved.slopes, plain(moved)["slopes"], strict=True):
        expected = slope_words(moved, slope).split(" (rough")[0].replace(" per ", " percentage points per ", 1)
        assert ask("stepText", model, found, writing).split(" (rough")[0] == expected


def test_the_rest_is_no_driver_of_its_own(ask: Ask, patron: fd.Case) -> None:
    moved = plain(fd.drivers(patron, "comes", draws=32, keep=2))
    assert moved["rest"]
    assert [row["group"] for row in ask("rowsOf", moved)] == [row["group"] for row in moved["rows"]][:-1]
    assert f"left out {len(moved['rest'])} quantities" in ask("restText", moved)


@pytest.mark.parametrize("name", ["patron", "kremlin"])
def test_what_a_claim_expects_is_told_as_on_the_command_line(ask: Ask, name: str) -> None:
    case = fd.load(name)
    asked, expected = [], []
    for claim in case.claims.values():
        for expectation in claim.expect:
            question = case.questions[expectation.question]
            amount = "" if expectation.amount is None else f" {expectation.amount:g}"
            within = " within" if expectation.verb == "same" and amount else ""
            row = {"expected": f"{expectation.verb}{within}{amount}"}
            asked.append(["expectedText", row, {"form": question.form, "unit": ""}])
            expected.append(expected_words(expectation, question))
    assert ask(asked) == expected


def test_quiet_stretches_and_news_fill_all_steps(ask: Ask, patron: fd.Case) -> None:
    found = plain(fd.histories(patron, draws=8))
    steps = patron.clock.steps
    for history in found["histories"]:
        told = ask("tell", found, history["history"], steps)
        covered = [step for part in told for step in range(part["step"], part["step"] + part.get("quiet", 1))]
        assert covered == list(range(steps))
        news = [row for part in told for row in part.get("news", [])]
        assert news == [row for row in found["rows"] if row["history"] == history["history"] and row["news"]]


def test_the_end_of_a_history_is_told_as_it_is(ask: Ask, patron: fd.Case) -> None:
    found = plain(fd.histories(patron, draws=8))
    model = {"exposures": [{"name": "power_plant", "unit": "bn USD", "holder": "patron"}]}
    starts = {name: variable.levels[variable.start] for name, variable in patron.variables.items()}
    for history in found["histories"]:
        text = " ".join(ask("endingText", found, history, model))
        for name, level in history["final"].items():
            assert (f"{name.replace('_', ' ')} {level}" in text) == (level != starts[name])
        assert ("Lost:" in text) == any(history["losses"].values())


@pytest.mark.parametrize("name", ["patron", "kremlin", "cuba"])
def test_the_order_of_play_is_that_of_the_game(ask: Ask, name: str) -> None:
    case = fd.load(name)
    order = ask("orderOf", shown(case))
    assert [(turn["name"], turn["actor"]) for turn in order["turns"]] == [
        (turn.name, turn.actor) for turn in case.turns
    ]
    assert [event["name"] for event in order["events"]] == [event.name for event in case.events]


def test_losses_are_told_once_each(ask: Ask, patron: fd.Case) -> None:
    found = plain(fd.exposure(patron, draws=16))
    (row,) = ask("positionsOf", found)  # the sum of one exposure is that exposure
    said = ask("sentence", row, found["level"])
    assert f"{row['mean']:.3g} bn USD on average" in said
    assert "In the worst 5 % of cases" in said


def test_names_and_numbers_of_ties_do_not_lie_on_each_other(ask: Ask) -> None:
    actors = [{"name": f"a{place}", "kind": "actor"} for place in range(4)]
    others = [{"name": f"o{place}", "kind": "other"} for place in range(9)]
    edges = [{"from": "a0", "to": other["name"], "kind": "exposure", "name": other["name"]} for other in others]
    edges += [{"from": "a0", "to": "a1", "kind": "treaty", "name": f"t{place}"} for place in range(4)]
    ties = {"nodes": [*actors, *others], "edges": edges}
    first, again = ask([["layOut", ties, 390, [60, 120]], ["layOut", ties, 390, [60, 120]]])
    assert first == again
    for spots, apart in ((first["nodes"], 18), (first["routes"], 18)):
        for place, one in enumerate(spots):
            for other in spots[:place]:
                assert abs(one["x"] - other["x"]) >= 20 or abs(one["y"] - other["y"]) >= apart
    assert all(0 <= spot["y"] <= first["height"] for spot in (*first["nodes"], *first["routes"]))


def test_what_ifs_that_impose_moves_are_not_held_against_themselves(ask: Ask) -> None:
    model = {
        "what_ifs": [{"name": "dear", "imposed": []}, {"name": "comes", "imposed": ["patron.intervene in step 0"]}]
    }
    kept = ask("withoutMoves", model, {"set": {"quantities.stake": "4"}, "on": ["dear", "comes"]})
    assert kept == {"set": {"quantities.stake": "4"}, "on": ["dear"]}


def test_where_something_was_observed_a_what_if_that_is_switched_on_is_said_to_differ(ask: Ask) -> None:
    assert ask("switchedText", 0) == ""
    assert "weighed anew" in ask("switchedText", 2)


def test_a_difference_that_would_not_show_is_about_nothing(ask: Ask) -> None:
    shares = [["gapBeside", gap, 0.5, "takes"] for gap in (0.0004, -0.0006, 0, None)]
    assert ask(shares) == ["≈ 0", "−0.1", "0", "–"]
    amounts = [["gapBeside", gap, 2.0, "expected"] for gap in (0.0009, 0.0011)]
    assert ask(amounts) == ["≈ 0", "+0.00110"]


def test_a_band_of_about_nothing_is_not_written_out(ask: Ask) -> None:
    bands = [["gapBand", low, high, 0.5] for low, high in ((-0.0001, 0.0002), (0.0, 0.0), (-0.0001, 0.012))]
    assert ask(bands) == ["", "", "≈ 0 to +1.2"]


def test_a_difference_stands_out_where_the_worlds_agree_on_its_sign(ask: Ask) -> None:
    bands = [(0.01, 0.2), (-0.2, -0.01), (-0.01, 0.2), (0.0, 0.0)]
    found = ask([["standsOut", {"mean": 0.1, "p05": low, "p50": 0.1, "p95": high}] for low, high in bands])
    assert found == [True, True, False, False]
