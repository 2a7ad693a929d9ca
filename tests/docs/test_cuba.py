"""The Cuba case keeps its promises, and its page prints what comes out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

import foederis as fd
from tests.docs.reading import DOCS, in_code, rows, section, text_of

PAGE = DOCS / "cuba.md"
CASE = fd.load("cuba")
IMPOSED = ("quarantine_at_once", "silence_at_first")


@pytest.fixture(scope="module")
def answer() -> Any:
    """What a reader gets who types the command: in a process of its own, since tests run unoptimised programs."""
    what_ifs = [word for name in IMPOSED for word in ("--what-if", name)]
    command = [sys.executable, "-m", "foederis", "solve", "cuba", "--draws", "64", *what_ifs, "--json"]
    plain = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    return json.loads(subprocess.run(command, env=plain, capture_output=True, check=True).stdout)


def percent(found: Any) -> str:
    mean, low, high = (100 * found[key] for key in ("mean", "p05", "p95"))
    return f"{mean:.0f} % ({low:.0f} to {high:.0f} %)"


def test_the_tables_hold_what_is_answered(answer: Any) -> None:
    said = {question.says: name for name, question in CASE.questions.items()}
    first = rows(text_of(PAGE).partition("## What the signals tell")[0])
    second = rows(section(PAGE, "What the signals tell"))
    assert (len(first), len(second)) == (10, 5)
    for words, printed, *_ in (*first, *second):
        assert printed == percent(answer["questions"][said[words]]), words


def test_what_a_quarantine_does_is_printed(answer: Any) -> None:
    shares = [100 * answer["what_ifs"][name]["questions"]["withdraws"]["mean"] for name in IMPOSED]
    assert "Moscow withdraws in {:.0f} %, against {:.0f} %".format(*shares) in " ".join(text_of(PAGE).split())


def test_what_the_first_move_tells_is_printed(answer: Any) -> None:
    moves, shares = answer["first_moves"]["us"], answer["types"]["us"]
    text = " ".join(section(PAGE, "What the signals tell").split())
    for move in ("quarantine", "wait", "strike"):
        resolved, reluctant = (100 * moves[move]["by_type"][kind] for kind in ("resolved", "reluctant"))
        assert re.search(rf"{resolved:.0f} %(, a reluctant one in| and) {reluctant:.0f} %", text), move
    for move in ("quarantine", "wait"):
        likely = {kind: shares[kind]["mean"] * moves[move]["by_type"][kind] for kind in shares}
        assert f"with {100 * likely['resolved'] / sum(likely.values()):.0f} % after" in text, move


def test_what_is_in_doubt_is_printed(answer: Any) -> None:
    beliefs = answer["beliefs"]
    assert not beliefs["missed"]
    assert not beliefs["coarse"]
    text = " ".join(section(PAGE, "How far it is solved").split())
    assert f"A bifurcation is suspected at {beliefs['split']} of the fixed points" in text
    assert f"on a grid of {beliefs['nodes']} nodes" in text


def test_how_it_ended_is_read_by_one_claim_only() -> None:
    assert len(re.findall(r"source: outcome\b", CASE.text)) == 1
    assert [because.source for because in CASE.claims["as_it_went"].because] == ["outcome"]


def test_every_number_has_a_reason_and_is_read() -> None:
    assert [name for name, quantity in CASE.quantities.items() if not (quantity.because or quantity.inline)] == []
    assert [name for name in CASE.quantities if len(re.findall(rf"\b{name}\b", CASE.text)) < 2] == []


def test_nobody_is_asked_often() -> None:
    assert CASE.clock.steps <= 3
    assert CASE.warnings == ()


def test_every_claim_is_on_the_page() -> None:
    listed = [in_code(row[0])[0] for row in rows(section(PAGE, "The claims"))]
    assert listed == list(CASE.claims)
