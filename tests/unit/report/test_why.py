"""The paragraph of a decision, read aloud."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.answers import Estimate
from foederis.analysis.why import OptionWhy, Part, Why
from foederis.game.ledgers import Ledger
from foederis.report.why import decides_text, decision_text, ledger_text, paragraph, part_rows, print_why
from tests.helpers import EVERYTHING, printed


def estimate(value: float) -> Estimate:
    return Estimate(np.array([value]))


def option(name: str, gap: float, parts: dict[Ledger, float]) -> OptionWhy:
    zero = estimate(0.0)
    listed = tuple(Part(ledger, estimate(value)) for ledger, value in sorted(parts.items(), key=lambda p: -abs(p[1])))
    return OptionWhy(name, estimate(0.4), zero, estimate(gap), zero, zero, zero, listed)


def why_of(*options: OptionWhy, share: Estimate | None = None) -> Why:
    usual = OptionWhy("hold_back", share or estimate(0.6), *[estimate(float("nan"))] * 5, ())
    case = fd.load("patron")
    decides = estimate(0.25)
    return Why(
        case,
        "patron",
        "patron",
        1,
        {"help": "words"},
        None,
        None,
        1,
        0,
        decides,
        "hold_back",
        (usual, *options),
        0.0,
        0.0,
    )


RISK, ANGER, INFLUENCE = (
    Ledger("interest", "war_risk"),
    Ledger("price", "patron.step_in"),
    Ledger("interest", "influence", True),
)


@pytest.mark.parametrize(
    ("gap", "parts", "text"),
    [
        (
            69.4,
            {RISK: 37.2, ANGER: 34.1, INFLUENCE: -1.9},
            "“Step in” costs patron 69.4 points more than “hold back”: 37.2 for war risk, 34.1 for the price of “step in”; "
            "it would save 1.9 for influence.",
        ),
        (
            -2.0,
            {RISK: 1.0, INFLUENCE: -3.0},
            "“Step in” would bring patron 2.00 points more than “hold back”: 3.00 for influence; "
            "it would cost 1.00 for war risk.",
        ),
        (5.0, {RISK: 5.0}, "“Step in” costs patron 5.00 points more than “hold back”: 5.00 for war risk."),
        (0.0, {}, "“Step in” costs patron 0 points more than “hold back”."),
        (float("nan"), {}, "“Step in” and “hold back” are never open together there."),
    ],
)
def test_the_paragraph(gap: float, parts: dict[Ledger, float], text: str) -> None:
    found = option("step_in", gap, parts)
    assert paragraph(why_of(found), found) == text


def test_many_parts_are_put_together_and_none_is_shown_as_nothing() -> None:
    parts = {Ledger("interest", f"i{k}"): value for k, value in enumerate([50.0, 10.0, 5.0, 3.0, 2.0, 0.5, 0.001])}
    found = option("step_in", 70.501, parts)
    assert paragraph(why_of(found), found).endswith(
        "50.0 for i0, 10.0 for i1, 5.0 for i2, 3.0 for i3, 2.5 for the rest."
    )
    rows = part_rows(found)
    assert [row[0] for row in rows] == ["i0", "i1", "i2", "i3", "i4", "2 smaller ones together"]
    assert [row[2] for row in rows][-2:] == ["+2.0", "+0.5"]
    [_, alone] = part_rows(option("step_in", 50.5, {RISK: 50.0, INFLUENCE: 0.5}))
    assert alone == ["influence", "at the end", "+0.5", ""]


@pytest.mark.parametrize(
    ("ledger", "text"),
    [
        (Ledger("treaty", "old_pact"), "the treaty old pact"),
        (Ledger("received", "truce.truce"), "what truce brings"),
        (Ledger("received", "rival.press_on"), "what rival brings by “press on”"),
    ],
)
def test_ledgers_in_words(ledger: Ledger, text: str) -> None:
    assert ledger_text(ledger) == text


def test_where_and_how_often() -> None:
    why = why_of(option("step_in", 1.0, {}), share=Estimate(np.array([0.5, np.nan])))
    assert decision_text(why) == "Step 1, from 2030-01-31, where help is words."
    assert "with probability 25 %" in decides_text(why)
    assert "and then most likely chooses “hold back” (50 %)." in decides_text(why)
    assert decides_text(why).endswith("In 1 of 1 worlds it never does; they are left out below.")


def test_the_whole_is_printed() -> None:
    text = printed(fd.why(fd.loads(EVERYTHING), turn="patron", draws=8), print_why)
    for part in ("Why patron chooses as it does", "8 possible worlds", "stand aside", "best reply", "Checked: "):
        assert part in text
    assert max(map(len, text.splitlines())) <= 110


def test_an_imposed_move_is_told() -> None:
    why = fd.why(fd.load("patron"), what_if="patron_comes", draws=8)
    assert why.imposed == "intervene"
    assert why.usual == "stand_aside"
    expected = "Here the what-if imposes “intervene”; what follows is what patron would choose freely. It decides there"
    assert decides_text(why).startswith(expected)
    elsewhere = fd.why(fd.load("patron"), what_if="patron_comes", step=1, draws=8)
    assert elsewhere.imposed is None
    assert decides_text(elsewhere).startswith("It decides there")


def test_worlds_in_which_two_options_are_never_open_together_are_counted() -> None:
    found = replace(option("step_in", 5.0, {RISK: 5.0}), gap=Estimate(np.array([5.0, np.nan, np.nan])))
    why = replace(why_of(found, share=Estimate(np.array([0.5, 0.5, np.nan]))), draws=3)
    assert paragraph(why, found).endswith(" In 1 of 3 worlds the two are never open together; left out.")
    assert why.facts()["options"]["step_in"]["left_out"] == 2
    assert "left out" not in paragraph(why_of(found), replace(found, gap=estimate(5.0)))
