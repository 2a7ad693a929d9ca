"""The Czechoslovakia case keeps its promises, and its page prints what comes out."""

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

PAGE = DOCS / "czechoslovakia.md"
CASE = fd.load("czechoslovakia")


@pytest.fixture(scope="module")
def answer() -> Any:
    """What a reader gets who types the command: in a process of its own, since tests run unoptimised programs."""
    command = [sys.executable, "-m", "foederis", "solve", "czechoslovakia", "--what-if", "attack_on_the_day", "--json"]
    plain = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    return json.loads(subprocess.run(command, env=plain, capture_output=True, check=True).stdout)


def test_the_table_holds_what_is_answered(answer: Any) -> None:
    said = {question.says: name for name, question in CASE.questions.items()}
    table = rows(text_of(PAGE).partition("## Why it misses")[0])
    assert len(table) == 10
    for words, printed, _ in table:
        mean, low, high = (100 * answer["questions"][said[words]][key] for key in ("mean", "p05", "p95"))
        assert printed == f"{mean:.0f} % ({low:.0f} to {high:.0f} %)", words


def test_attacks_that_are_made_are_answered_less_often_than_any_attack_would_be(answer: Any) -> None:
    chosen, imposed = answer["questions"], answer["what_ifs"]["attack_on_the_day"]["questions"]
    text = " ".join(section(PAGE, "What it does say").split())
    shares = [100 * found["france_if_attacked"]["mean"] for found in (imposed, chosen)]
    by_likelihood = 100 * chosen["france_fights"]["mean"] / chosen["attacks"]["mean"]
    assert "by France in {:.0f} %, against {:.0f} %".format(*shares) in text
    assert f"and {by_likelihood:.0f} % if worlds count by how likely" in text


def test_how_it_ended_is_read_by_one_claim_only() -> None:
    assert len(re.findall(r"source: outcome\b", CASE.text)) == 1
    assert [because.source for because in CASE.claims["as_it_went"].because] == ["outcome"]


def test_nobody_is_asked_in_every_step() -> None:
    assert all(actor.reconsiders_days is not None for actor in CASE.actors.values())


def test_every_number_has_a_reason() -> None:
    assert [name for name, quantity in CASE.quantities.items() if not (quantity.because or quantity.inline)] == []


def test_every_claim_is_on_the_page() -> None:
    listed = [in_code(row[0])[0] for row in rows(section(PAGE, "The claims"))]
    assert listed == list(CASE.claims)
