from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foederis.cli.app import app
from tests.unit.analysis.test_tipping import TEXT


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "week.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_text_and_json(file: str) -> None:
    asked = ["tipping", file, "--when", "built > 50%", "--quantity", "gain", "--map", "gain,price", "--draws", "4"]
    text = CliRunner().invoke(app, asked)
    assert text.exit_code == 0, text.output
    assert "Where built crosses 50 %" in text.stdout
    data = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert set(data["lines"]) == {"gain"}
    varied = ["tipping", file, "--move", "a", "--vary", "moves.a.options.wait.pays.a=-3 to 3", "--draws", "4", "--json"]
    assert json.loads(CliRunner().invoke(app, varied).stdout)["move"] == "a"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["--when", "built"], "F703"),
        (["--map", "gain"], "F702"),
        (["--vary", "gain"], "F114"),
        (["--quantity", "x"], "F102"),
    ],
)
def test_mistakes(file: str, asked: list[str], code: str) -> None:
    done = CliRunner().invoke(app, ["tipping", file, "--draws", "4", *asked])
    assert done.exit_code == 2
    assert f"error[{code}]" in done.stderr
