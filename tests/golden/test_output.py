"""What the commands print, word for word. After a change that is meant: pytest tests/golden --rewrite-golden"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foederis.cli.app import app

HERE = Path(__file__).parent
COMMANDS = {
    "solve_deterrence": ["solve", "deterrence", "--at", "median"],
    "solve_deterrence_what_if": ["solve", "deterrence", "--draws", "2", "--what-if", "all"],
    "show_patron": ["show", "patron"],
    "check_patron": ["check", "patron"],
    "check_mistakes": ["check", str(HERE / "mistakes.yaml")],
    "drivers_patron": ["drivers", "patron", "--draws", "64", "--keep", "3"],
    "drivers_patron_given": ["drivers", "patron", "--question", "loss", "--given", "client_falls", "--draws", "256"],
    "show_together": ["show", str(HERE / "together.yaml")],
    "solve_together": ["solve", str(HERE / "together.yaml"), "--draws", "32", "--what-if", "all"],
    "update_patron": [
        "update",
        "patron",
        "--observe",
        str(HERE / "news.yaml"),
        "--draws",
        "256",
        "--between",
        "stake > 12",
    ],
    "update_mistakes": ["update", "patron", "--observe", str(HERE / "news_mistakes.yaml")],
    "solve_everything": [
        "solve",
        str(HERE.parent / "property" / "everything.yaml"),
        "--draws",
        "64",
        "--what-if",
        "comes_now",
    ],
}
# Rounding differs between machines in the last bits, and so does the largest of all errors of rounding.
ROUNDING = re.compile(r"largest residual \S+ of the\s+range")


@pytest.mark.parametrize("name", COMMANDS)
def test_output(name: str, request: pytest.FixtureRequest) -> None:
    done = CliRunner().invoke(app, COMMANDS[name])
    found = f"exit code {done.exit_code}\n{done.stdout}{done.stderr}"
    found = ROUNDING.sub("largest residual … of the range", found)
    path = HERE / f"{name}.txt"
    if request.config.getoption("--rewrite-golden"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")
