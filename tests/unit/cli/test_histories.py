"""`foederis histories`"""

from __future__ import annotations

import json

from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["histories", *arguments], catch_exceptions=False)


def test_text_and_object_are_those_of_the_public_face() -> None:
    arguments = ["patron", "--draws", "3", "--seed", "2", "--given", "comes", "--set", "clock.steps=3"]
    arguments += ["--what-if", "weak_client"]
    done = run(*arguments, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    case = fd.load("patron").with_changes({"clock.steps": 3})
    found = fd.histories(case, draws=3, seed=2, given="comes", what_if="weak_client")
    assert json.loads(done.stdout) == json.loads(json.dumps(found.to_json()))
    done = run(*arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.count("History ") == 3
    done = run("patron", "--most-likely", "--json")
    data = json.loads(done.stdout)
    assert data["most_likely"] is True
    assert data["chance"] == fd.histories(fd.load("patron"), most_likely=True).chance


def test_five_histories_unless_told_otherwise() -> None:
    assert run("patron").stdout.count("History ") == 5


def test_mistakes_are_messages() -> None:
    done = run("patron", "--draws", "0", "--given", "loss", "--what-if", "weak")
    assert (done.exit_code, done.stdout) == (2, "")
    for code in ("F213", "F752", "F109"):
        assert f"error[{code}]" in done.stderr
    assert "3 mistakes" in done.stderr
    done = run("patron", "--max-states", "1")
    assert done.exit_code == 2
    assert "error[F403]" in done.stderr
