"""`foederis worth-knowing` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["worth-knowing", *map(str, arguments)], catch_exceptions=False)


def test_it_prints_a_plan_for_the_decision_of_the_file() -> None:
    done = run("patron", "--draws", "512", "--accuracy", "60%")
    assert (done.exit_code, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    assert "Should the owner of the plant insure it beforehand?" in text
    assert "bear_the_risk is best" in text
    assert "a report of 60 %" in text


def test_the_object_is_that_of_the_function() -> None:
    done = run("patron", "--question", "intervenes", "--draws", "256", "--seed", "3", "--accuracy", "0.5", "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    found = fd.worth_knowing(fd.load("patron"), question="intervenes", draws=256, seed=3, accuracy=0.5)
    assert json.loads(done.stdout) == json.loads(json.dumps(found.to_json()))


def test_a_dearer_premium_is_a_change_of_the_file() -> None:
    done = run("patron", "--set", "decisions.plant.options.insure=-2", "--draws", "128")
    assert done.exit_code == 0
    assert "nothing is worth knowing for this decision" in " ".join(done.stdout.split())


def test_mistakes_are_told_with_a_cure() -> None:
    for arguments, code in (
        (["--decision", "plan"], "F731"),
        (["--decision", "plant", "--question", "loss"], "F732"),
        (["--question", "lost"], "F108"),
        (["--draws", "16"], "F733"),
        (["--accuracy", "70"], "F213"),
        (["--accuracy", "high"], "F213"),
        (["--set", "decisions.plant.options={insure: -1}"], "F410"),
        (["--max-states", "1"], "F403"),
    ):
        done = run("patron", *arguments)
        assert (done.exit_code, done.stdout) == (2, ""), arguments
        assert f"error[{code}]" in done.stderr
        assert "= help: " in done.stderr
