from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from foederis.cli.app import app
from tests.unit.analysis.test_compare import ONE, TWO


def test_files_and_what_ifs(tmp_path: Path) -> None:
    for name, text in (("one", ONE), ("two", TWO)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    files = [str(tmp_path / "one.yaml"), str(tmp_path / "two.yaml")]
    done = CliRunner().invoke(app, ["compare", *files, "--draws", "8"])
    assert done.exit_code == 0, done.output
    assert "against one" in done.stdout
    data = json.loads(
        CliRunner().invoke(app, ["compare", "deterrence", "--what-if", "all", "--draws", "2", "--json"]).stdout
    )
    assert {row["side"] for row in data["rows"]} == {"deterrence", "tied_hands"}


def test_mistakes() -> None:
    done = CliRunner().invoke(app, ["compare", "deterrence", "--draws", "2"])
    assert done.exit_code == 2
    assert "error[F707]" in done.stderr
    done = CliRunner().invoke(app, ["compare", "deterrence", "deterence", "--draws", "2"])
    assert "did you mean `deterrence`?" in done.stderr
