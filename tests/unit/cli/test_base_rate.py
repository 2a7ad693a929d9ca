"""`foederis base-rate`"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app
from foederis.report.base_rate import LAST_WAR
from tests.history_data import shared_data

__all__ = ["shared_data"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["base-rate", *arguments], catch_exceptions=False)


@pytest.mark.usefixtures("shared_data")
def test_text_and_object_are_those_of_the_public_face() -> None:
    arguments = ["--obligation", "defense", "--since", "1945", "--bilateral", "--no-major-power", "--seed", "2"]
    done = run(*arguments, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    found = fd.base_rate("defense", since=1945, multilateral=False, major_power=False, seed=2)
    assert json.loads(done.stdout) == json.loads(json.dumps(found.to_json()))
    done = run(*arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    first = found.rates[0]
    assert (
        "Alliances of two members with a promise to defend, without a major power; cases from 1945 to 2003, the last war in the lists."
        in text
    )
    assert f"{first.kept} of {first.cases} alliances that were put to the test" in text
    assert f"But cases come in {len(first.wars)} wars; drawing whole wars, it lies between" in text
    assert "How far defenders went when force was used against their ally" in text
    assert "What other states gave in armed conflicts" in text


@pytest.mark.usefixtures("shared_data")
def test_no_case_is_said() -> None:
    done = run("--obligation", "offense", "--since", "1995", "--until", "2000")
    assert done.exit_code == 0
    assert "cases from 1995 to 2000." in done.stdout
    assert "There is no such case, so there is no base rate." in done.stdout
    assert "nan" not in done.stdout


@pytest.mark.usefixtures("shared_data")
def test_few_cases_are_said() -> None:
    done = run("--obligation", "defense", "--since", "1990", "--until", "1992")
    assert done.exit_code == 0
    assert "That is too few to go by." in done.stdout


@pytest.mark.usefixtures("shared_data")
def test_what_the_numbers_are_of_is_said() -> None:
    text = " ".join(run("--obligation", "defense", "--since", "1700", "--until", "1860", "--bilateral").stdout.split())
    assert "cases from 1816 to 1860." in text
    assert "All pacts with a promise to defend count here, of whatever members." in text
    text = " ".join(run("--obligation", "neutrality", "--since", "1945").stdout.split())
    assert "5 of 5 100 % 62 % to 100 % –" in text  # five wars that all went one way do not make it certain
    assert "Where there is one war, or all wars went one way, drawing wars says nothing (–)." in text
    assert "100 % to 100 %" not in text
    assert "of whatever members" not in text
    assert "in conflicts with 25 deaths or more, from 1975 to 2017 (UCDP)" in text
    text = " ".join(run("--since", "1990", "--until", "2000").stdout.split())
    assert "militarized disputes that began from 1990 to 2000 (MID 5.0, ATOP 5.1)" in text
    assert "in conflicts with 25 deaths or more, from 1990 to 2000 (UCDP)" in text


def test_mistakes_are_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path))
    done = run("--obligation", "defence")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "did you mean `defense`?" in done.stderr
    done = run("--since", "1990")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no file `BerkemeierFuhrmannRAP2018_0303.dta`" in done.stderr
    assert "FOEDERIS_DATA" in done.stderr


@pytest.mark.usefixtures("shared_data")
def test_the_lists_end_with_the_year_that_is_said() -> None:
    found = fd.base_rate("defense")
    assert max(war.year for rate in found.rates for war in rate.wars) == LAST_WAR
    assert max(war.year for rate in fd.base_rate().rates for war in rate.wars) == LAST_WAR
