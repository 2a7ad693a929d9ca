"""`foederis discover` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["discover", *map(str, arguments)], catch_exceptions=False)


def test_it_prints_a_box() -> None:
    done = run("patron", "--when", "intervenes > 5%", "--draws", "256")
    assert (done.exit_code, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    assert "intervenes (taken at some time: patron.intervene): in which worlds above 5 %?" in text
    assert "of these worlds, price_troops is below 10.3 and sharpness is below 0.3" in text


def test_the_object_is_that_of_the_function() -> None:
    done = run("patron", "--when", "intervenes > 5%", "--draws", "256", "--seed", "3", "--box", "4", "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    found = fd.discover(fd.load("patron"), when="intervenes > 5%", draws=256, seed=3, box=4)
    assert json.loads(done.stdout) == json.loads(json.dumps(found.to_json()))


def test_changes_and_what_ifs() -> None:
    plain = json.loads(run("patron", "--when", "client_falls > 12%", "--draws", "128", "--json").stdout)
    asked = ("patron", "--when", "client_falls > 12%", "--draws", "128", "--json")
    weak = json.loads(run(*asked, "--set", "quantities.p_fall=6% to 25%").stdout)
    assert weak["share"] > plain["share"]
    weaker = json.loads(run(*asked, "--set", "quantities.p_fall=6% to 25%", "--what-if", "defence_pact").stdout)
    assert weaker["what_if"] == "defence_pact"


def test_mistakes_are_told_with_a_cure() -> None:
    for arguments, code in (
        (["--when", "intervenes > 99%"], "F721"),
        (["--when", "intervenez > 5%"], "F108"),
        (["--when", "intervenes"], "F703"),
        (["--when", "intervenes > 5%", "--draws", "8"], "F721"),
        (["--when", "intervenes > 5%", "--draws", "256", "--box", "400"], "F213"),
        (["--when", "intervenes > 5%", "--what-if", "peace"], "F109"),
        (["--when", "intervenes > 5%", "--max-states", "1"], "F403"),
    ):
        done = run("patron", *arguments)
        assert (done.exit_code, done.stdout) == (2, ""), arguments
        assert f"error[{code}]" in done.stderr
        assert "= help: " in done.stderr
    assert run("patron").exit_code == 2
    assert run("patron", "--when", "intervenes > 5%", "--box", "-1").exit_code == 2
