"""`foederis exposure`"""

from __future__ import annotations

import json

from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["exposure", *arguments], catch_exceptions=False)


def test_text_and_object_are_those_of_the_public_face() -> None:
    arguments = ["patron", "--draws", "16", "--seed", "2", "--level", "90%", "--by", "war", "--given", "client_falls"]
    arguments += [
        "--what-if",
        "all",
        "--set",
        "quantities.plant_value.value=5",
        "--rate",
        "bn USD = points_per_bn points",
    ]
    done = run(*arguments, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    case = fd.load("patron").with_changes({"quantities.plant_value.value": 5})
    found = fd.exposure(
        case, draws=16, seed=2, level=0.9, by=["war"], given=["client_falls"], what_ifs="all",
        rates=["bn USD = points_per_bn points"],
    )  # fmt: skip
    assert json.loads(done.stdout) == json.loads(json.dumps(found.to_json()))
    done = run(*arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Does the patron come?" in done.stdout
    assert "at risk, 90 %" in done.stdout


def test_mistakes_are_messages() -> None:
    done = run("patron", "--level", "2", "--by", "wra", "--given", "comes", "--rate", "USD", "--what-if", "weak")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "5 mistakes" not in done.stderr.splitlines()[0]
    for code in ("F213", "F102", "F742", "F743", "F109"):
        assert f"error[{code}]" in done.stderr
    done = run("deterrence")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error[F741]" in done.stderr
    done = run("patron", "--max-states", "1")
    assert done.exit_code == 2
    assert "error[F403]" in done.stderr
