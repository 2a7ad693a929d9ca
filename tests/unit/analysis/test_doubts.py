"""What an analysis rests on that is in doubt stands in its result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import foederis as fd
from foederis.analysis.result import Result
from foederis.cli.app import app

FILE = Path(__file__).parents[2] / "golden" / "together.yaml"


@pytest.fixture(scope="module")
def case() -> fd.Case:
    return fd.load(str(FILE))


@pytest.mark.parametrize(
    "analyse",
    [
        lambda case: fd.why(case, draws=16),
        lambda case: fd.histories(case, draws=16),
        lambda case: fd.compare(case, what_ifs="firm", draws=16),
        lambda case: fd.tipping(case, draws=16),
    ],
    ids=["why", "histories", "compare", "tipping"],
)
def test_every_analysis_says_what_is_in_doubt(case: fd.Case, analyse: Any) -> None:
    found: Result = analyse(case)
    [move] = found.together
    assert move.turns == ("one", "two")
    assert 0 < move.doubtful_worlds < move.worlds
    assert move.crossed >= move.doubtful_worlds
    assert found.to_json()["together"][0]["crossed"] == move.crossed


def test_a_case_without_simultaneous_moves_says_nothing() -> None:
    found = fd.why(fd.load("deterrence"), draws=2)
    assert found.together == ()
    assert "together" not in found.to_json()


def test_the_command_says_so_too() -> None:
    done = CliRunner().invoke(app, ["histories", str(FILE), "--draws", "16"])
    assert "a bifurcation is suspected" in " ".join(done.stdout.split())
    as_json = CliRunner().invoke(app, ["histories", str(FILE), "--draws", "16", "--json"])
    assert json.loads(as_json.stdout)["together"][0]["doubtful_worlds"] > 0


def test_what_ifs_that_change_the_file_have_fixed_points_of_their_own(case: fd.Case) -> None:
    answer = fd.solve(case, draws=8, what_ifs="all")
    [firm] = answer.what_ifs["firm"].together
    assert firm.crossed < answer.together[0].crossed
    assert answer.what_ifs["sure"].together == ()
