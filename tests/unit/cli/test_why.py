from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foederis.cli.app import app
from tests.helpers import EVERYTHING


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "everything.yaml"
    path.write_text(EVERYTHING, encoding="utf-8")
    return str(path)


def test_text_and_json(file: str) -> None:
    asked = ["why", file, "--actor", "patron", "--step", "1", "--in-state", "help=words", "--draws", "8"]
    text = CliRunner().invoke(app, asked)
    assert text.exit_code == 0, text.output
    assert "where help is words" in text.stdout
    data = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert data["in_state"] == {"help": "words"}
    assert data["draws"] == 8
    other = json.loads(
        CliRunner().invoke(app, [*asked, "--json", "--seed", "1", "--set", "quantities.stake=30"]).stdout
    )
    assert other["options"] != data["options"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["--actor", "patrn"], "F105"),
        (["--in-state", "words"], "F705"),
        (["--step", "9"], "F213"),
        (["--set", "quantities.stak=3"], "F114"),
        (["--max-states", "3"], "F403"),
    ],
)
def test_mistakes(file: str, asked: list[str], code: str) -> None:
    done = CliRunner().invoke(app, ["why", file, "--draws", "4", *asked])
    assert done.exit_code == 2
    assert f"error[{code}]" in done.stderr
    assert "help:" in done.stderr
