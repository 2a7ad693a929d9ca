"""`foederis update` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app

NEWS = "observed: [{step: 0, patron: stand_aside}, {step: 0, truce: no}]\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["update", *map(str, arguments)], catch_exceptions=False)


def test_the_object_is_that_of_the_function(tmp_path: Path) -> None:
    news = tmp_path / "news.yaml"
    news.write_text(NEWS, encoding="utf-8")
    asked = ("--observe", news, "--draws", "32", "--seed", "3", "--between", "stake > 9", "--what-if", "weak_client")
    done = run("patron", *asked, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    found = fd.update(fd.load("patron"), news, draws=32, seed=3, between=["stake > 9"], what_ifs=["weak_client"])
    assert json.loads(done.stdout) == json.loads(json.dumps(found.to_json()))


def test_what_the_file_itself_observes() -> None:
    done = run("patron", "--set", "observed=[{step: 0, patron: send_arms}]", "--draws", "16", "--question", "loss")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Which observation moved it: loss" in done.stdout
    assert "step 0: patron send_arms" in done.stdout


def test_nothing_observed_and_no_such_file(tmp_path: Path) -> None:
    done = run("patron")
    assert done.exit_code == 2
    assert "error[F338]: nothing is observed" in done.stderr
    done = run("patron", "--observe", tmp_path / "none.yaml")
    assert done.exit_code == 2
    assert "error[F001]" in done.stderr


def test_few_worlds_are_moved(tmp_path: Path) -> None:
    news = tmp_path / "news.yaml"
    news.write_text("observed: [{step: 0, patron: intervene}, {step: 1, rival: stop}]\n", encoding="utf-8")
    done = run("patron", "--observe", news, "--draws", "128")
    assert (done.exit_code, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    assert "So they were drawn anew by their weights" in text
    assert "of them are different." in text
