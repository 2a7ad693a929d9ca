"""`foederis drivers`"""

from __future__ import annotations

import json
import subprocess
import sys

from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["drivers", *arguments], catch_exceptions=False)


def test_the_budget_is_said_before_and_the_text_after() -> None:
    done = run("patron", "--draws", "32", "--question", "intervenes")
    assert done.exit_code == 0
    assert done.stderr == (
        "To solve: 6 groups of quantities; 32 × 8 = 256 solves for shares of the variance; 37 for slopes; 293 in all.\n"
    )
    assert "Most hangs on" in done.stdout
    assert "293 in all" in " ".join(done.stdout.split())


def test_one_object_and_nothing_else() -> None:
    arguments = ["patron", "--draws", "32", "--seed", "3", "--keep", "2", "--what-if", "weak_client", "--json"]
    [line] = run(*arguments).stdout.splitlines()
    data = json.loads(line)
    expected = fd.drivers(fd.load("patron"), what_if="weak_client", draws=32, keep=2, seed=3).to_json()
    assert data == json.loads(json.dumps(expected))
    assert (data["question"], data["what_if"], data["seed"], data["budget"]["base"]) == ("comes", "weak_client", 3, 32)
    assert [row["group"] for row in data["rows"]][-1] == "4 others together"


def test_a_change_to_the_file() -> None:
    [line] = run("patron", "--draws", "32", "--set", "quantities.stake=7", "--json").stdout.splitlines()
    assert json.loads(line)["budget"]["groups"] == 5


def test_given_an_outcome() -> None:
    done = run("patron", "--given", "client_falls", "--question", "loss", "--draws", "128")
    assert done.exit_code == 0
    assert done.stderr == "To solve: 128 worlds.\n"
    assert "What sets these worlds apart most: p_fall (higher)" in done.stdout
    [line] = run("patron", "--given", "client_falls", "--draws", "64", "--json").stdout.splitlines()
    data = json.loads(line)
    assert data == json.loads(json.dumps(fd.drivers_given(fd.load("patron"), "client_falls", draws=64).to_json()))


def test_mistakes_are_all_said_at_once() -> None:
    done = run("patron", "--question", "intervens", "--what-if", "weak", "--draws", "5", "--given", "loss")
    assert (done.exit_code, done.stdout) == (2, "")
    for words in ("F108", "did you mean `intervenes`?", "F109", "F213", "F701", "4 mistakes"):
        assert words in done.stderr
    assert run("deterrence").exit_code == 2
    assert "error[F711]" in run("deterrence").stderr
    assert run("patron", "--draws", "1000000").exit_code == 2
    assert run("patron", "--given", "client_falls", "--keep", "0").exit_code == 2


def test_help_loads_nothing_slow() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from foederis.cli.app import app; "
        "CliRunner().invoke(app, ['drivers', '--help']); "
        "assert not {'jax', 'scipy.stats', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
