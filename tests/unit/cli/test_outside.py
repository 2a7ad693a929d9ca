"""`foederis outside`"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app
from foederis.history.outside import NEEDS
from tests.history_data import shared_data

__all__ = ["shared_data"]

TEXT = """\
foederis: 1
title: The border
clock: {start: 1938-09-05, step: 1 week, steps: 3}
actors: {paris: {rationality: 0.5}}
state: {help: flag}
quantities: {p_crisis: 10% to 60%, price: 2 to 20}
moves:
  - {actor: paris, when: not help, chance: p_crisis, options: {wait: {}, fight: {sets: {help: yes}, pays: {paris: -price}}}}
questions: {fights: {eventually: help, says: Does Paris fight?}, never: {at_end: help, given: help and not help}}
"""
SECTION = "history: {helper: FRN, helped: CZE, opponent: GMY, obligation: defense, question: fights}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "border.yaml"
    path.write_text(TEXT + SECTION, encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.mark.usefixtures("shared_data")
def test_text_and_object_are_those_of_the_public_face(file: Path) -> None:
    arguments = [file, "--draws", "8", "--seed", "1", "--weight", "0.3"]
    done = run("outside", *arguments, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    found = fd.outside(fd.load(file), draws=8, seed=1, weight=0.3)
    assert json.loads(done.stdout) == json.loads(json.dumps(found.to_json()))
    done = run("outside", *arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    share = found.rates[0]
    for words in (
        "Does Paris fight?",
        "France (220) for Czechoslovakia (315) against Germany (255), with a promise to defend. Only what was known on 4 September 1938 counts: wars that were over by then",
        f"{share.kept} of {share.cases} pairs fought, in {len(share.wars)} wars",
        "0.3 of the past, in log-odds",
        "The past cases most like it",
        f"{found.nearest[0].likeness:.2f} {found.nearest[0].war}, {found.nearest[0].year}",
        "By definition",
        "Which wars carry the figure",
    ):
        assert words in text
    assert ("A LARGE GAP" in text) == (found.gap is not None and found.gap.large)
    assert "nan" not in text


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("history.day=1820-01-01", "No such case was known, so the past says nothing here."),
        ("history.question=never", "The file has no answer to this question in any world"),
        ("quantities.p_crisis=0", "A LARGE GAP: the file leaves no doubt (impossible), the past does"),
        ("quantities.price=20", "A LARGE GAP: by the past the odds are"),
        ("quantities.price=0.1", "No large gap: by the past the odds are"),
        ("history.since=1914", "A share of 100 % has no odds"),
        ("history.weight=0.5", "0.5 of the past"),
        ("clock.steps=4", "They are not blended"),
    ],
)
def test_what_stands_out_is_said(file: Path, setting: str, words: str) -> None:
    settings = [setting]
    if "1820" in setting:  # of the three none was a state then but France and Germany
        settings += ["history.helped=Bavaria"]
    if "since" in setting:
        settings += ["history.obligation=offense"]
    done = run("outside", file, "--draws", "8", *(part for one in settings for part in ("--set", one)))
    assert (done.exit_code, done.stderr) == (0, "")
    assert words in " ".join(done.stdout.split())
    assert "nan" not in done.stdout


@pytest.mark.usefixtures("shared_data")
def test_what_is_counted_and_of_when_is_said(file: Path) -> None:
    def text(*settings: str) -> str:
        done = run("outside", file, "--draws", "2", *(part for one in settings for part in ("--set", one)))
        assert (done.exit_code, done.stderr) == (0, "")
        return " ".join(done.stdout.split())

    plain = text()
    assert "kept share as if independent by wars" in plain
    assert "from kept share without it" in plain
    assert "Compared was every past pair with any pact: 93." in plain
    fought = text("history.obligation=consultation", "history.since=1850", "history.until=1900")
    assert "over by then and had begun in 1850 or later and by 1900." in fought
    assert "fought share as if independent by wars" in fought
    assert "from fought share without it" in fought
    assert "kept" not in fought
    kept = text("history.obligation=neutrality", "history.outcome=kept")
    assert "from kept share without it" in kept
    assert "Whether they kept what they owed is told by the shares, not by this list." in kept


def test_without_data_only_this_command_ends(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path / "nowhere"))
    assert run("check", file).exit_code == 0
    assert run("solve", file, "--draws", "2").exit_code == 0
    for more in ((), ("--json",)):
        done = run("outside", file, *more)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "8 of 8 data files are not in" in done.stderr
        for name in NEEDS:
            assert f"{name}: " in done.stderr
        assert "correlatesofwar.org" in done.stderr
        assert "FOEDERIS_DATA" in done.stderr


def test_without_pandas_the_extra_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    done = run("outside", file)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "pip install 'foederis[history]'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--weight", "1.5"], "`1.5` is not a weight from 0 to 1"),
        (["--draws", "0"], "draws must be a whole number"),
        (["--set", "history.helper=Franse"], "did you mean `France`?"),
        (["--set", "history.helpr=France"], "did you mean `helper`?"),
        (["--set", "history.until=1945"], "its own future"),
    ],
)
def test_mistakes_are_messages(file: Path, arguments: list[str], words: str) -> None:
    done = run("outside", file, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())


def test_a_file_without_the_section_is_told_what_to_add(file: Path) -> None:
    file.write_text(TEXT, encoding="utf-8")
    done = run("outside", file)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "F809" in done.stderr
    assert "add a section `history`" in done.stderr
