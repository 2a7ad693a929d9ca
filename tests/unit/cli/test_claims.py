from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foederis.cli.app import app
from tests.unit.analysis.test_claims import TEXT


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "truce.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_text_and_json(file: str) -> None:
    text = CliRunner().invoke(app, ["claims", file, "--draws", "16"])
    assert text.exit_code == 0, text.output
    assert "13 claims" in text.stdout
    data = json.loads(CliRunner().invoke(app, ["claims", file, "--draws", "16", "--claim", "half", "--json"]).stdout)
    assert [row["claim"] for row in data["rows"]] == ["half"]


@pytest.mark.parametrize(("claim", "code"), [("wrong", 1), ("half", 0), ("sure", 0)])
def test_strict_tells_by_the_exit_code(file: str, claim: str, code: int) -> None:
    asked = ["claims", file, "--draws", "16", "--claim", claim]
    done = CliRunner().invoke(app, [*asked, "--strict"])
    assert done.exit_code == code
    assert "claim" in done.stdout
    assert CliRunner().invoke(app, asked).exit_code == 0


def test_mistakes(file: str) -> None:
    done = CliRunner().invoke(app, ["claims", file, "--claim", "hafl"])
    assert done.exit_code == 2
    assert "did you mean `half`?" in done.stderr
