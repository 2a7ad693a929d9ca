"""`foederis ensemble` and `foederis query`: what is printed, and exit codes."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from foederis.cli.app import app
from foederis.ensembles import run
from tests.unit.ensembles.plans import SMALL, Here

pytest.importorskip("duckdb")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan; all is solved in this process."""
    monkeypatch.setattr(run, "_crew", lambda *_: nullcontext(Here()))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_text(SMALL.replace("draws: 80", "draws: 64"), encoding="utf-8")
    return tmp_path


def foederis(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_an_ensemble_and_a_query(folder: Path) -> None:
    done = foederis("ensemble", "plan.yaml", "--out", "runs")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("How far does the patron go?\n4 pieces, 4 solved now, in runs.\n\nFingerprint ")
    again = foederis("ensemble", "plan.yaml", "--out", "runs", "--json")
    told = json.loads(again.stdout)
    assert (told["pieces"], told["found"], told["solved"], told["failed"]) == (4, 4, 0, [])
    assert told["fingerprint"][:16] in done.stdout

    sql = "SELECT setting, count(*) AS rows, NULL AS nothing FROM points GROUP BY 1 ORDER BY 1"
    shown = foederis("query", "runs", sql)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert [line.split() for line in shown.stdout.splitlines()] == [
        ["setting", "rows", "nothing"], ["as_written", "256"], ["weak", "256"],
    ]  # fmt: skip
    assert json.loads(foederis("query", "runs", sql, "--json").stdout)["rows"] == [
        {"setting": "as_written", "rows": 256, "nothing": None}, {"setting": "weak", "rows": 256, "nothing": None},
    ]  # fmt: skip
    assert foederis("query", "runs", sql, "--csv").stdout == "setting,rows,nothing\nas_written,256,\nweak,256,\n"
    assert foederis("query", "runs", "SELECT * FROM cases WHERE false").stdout == "no rows\n"


def test_a_piece_that_fails(folder: Path) -> None:
    plan = SMALL.replace("draws: 80", "draws: 64").replace("20% to 40%", "0.5 to 2")
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")
    done = foederis("ensemble", "plan.yaml", "--out", "runs")
    assert done.exit_code == 1
    assert "4 pieces, 2 solved now, 2 failed, in runs." in done.stdout
    assert "p, setting weak, seed 3: 2 pieces failed, the first because of\n  error[F" in done.stdout
    asked = foederis("query", "runs", "SELECT count(*) FROM pieces WHERE NOT done AND message LIKE '%patron.yaml%'")
    assert asked.stdout.split()[-1] == "2"
    assert asked.stderr == "note: 2 of the 4 pieces are not there, and left out\n"


def test_mistakes_of_a_plan(folder: Path) -> None:
    (folder / "plan.yaml").write_text("ensemble: 1\ncases: {p: patron}\ndraws: many\ncolour: red\n", encoding="utf-8")
    done = foederis("ensemble", "plan.yaml", "--out", "runs")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "plan.yaml:3:8" in done.stderr
    assert "plan.yaml:4:1" in done.stderr
    assert done.stderr.endswith("2 mistakes; `foederis explain F101` says more\n")
    assert not (folder / "runs").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ensemble", "missing.yaml", "--out", "runs"], "missing.yaml: No such file or directory"),
        (["ensemble", "plan.yaml", "--out", "plan.yaml"], "plan.yaml cannot be used"),
        (["query", "nowhere", "SELECT 1"], "there is no ensemble in nowhere"),
        (["query", ".", "SELECT 1", "--json", "--csv"], "cannot be had at once"),
    ],
)
def test_what_cannot_be_done(arguments: list[str], message: str, folder: Path) -> None:
    done = foederis(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_an_interrupt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Here, "carry_out", stop)
    done = foederis("ensemble", "plan.yaml", "--out", "runs")
    assert done.exit_code == 1
    assert done.stderr == "stopped; the same command goes on from what is in runs\n"


def test_the_schema_of_plans() -> None:
    assert json.loads(foederis("schema", "--plan").stdout)["title"] == "Foederis plan of an ensemble, version 1"
