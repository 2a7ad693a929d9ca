"""`foederis backtest`: what is wrong is said before the work begins. What comes out is tested with its page."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import foederis as fd
from foederis.cli.app import app
from foederis.history.backtest.running import NEEDED
from foederis.history.datasets import datasets
from tests.history_data import shared_data

__all__ = ["shared_data"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["backtest", *arguments], catch_exceptions=False)


def test_every_missing_file_is_named_with_where_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path))
    done = run()
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"lacks {len(NEEDED)} of the {len(NEEDED)} files" in done.stderr
    for name in NEEDED:
        assert f"{name}: " in done.stderr
        assert datasets()[name].title in done.stderr
    assert "foederis data fetch cow-wars" in done.stderr


def test_a_file_of_another_version_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_data: Path) -> None:
    for path in shared_data.rglob("*.*"):
        if not (tmp_path / path.name).exists():
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / "majors2016.csv").unlink()
    (tmp_path / "majors2016.csv").write_text("stateabb,ccode\n", encoding="utf-8")
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path))
    with pytest.raises(fd.DataError, match="lacks 1 of the") as caught:
        fd.backtest()
    assert "COW major powers, 2016: has other columns" in str(caught.value)


def test_a_seed_below_0_is_refused() -> None:
    done = run("--seed", "-1")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "a seed is 0 or more, not -1" in done.stderr


def test_a_folder_that_cannot_be_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = run("--out", str(tmp_path / "taken"))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "taken cannot be written to" in done.stderr


def test_without_matplotlib_plots_are_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    done = run("--out", str(tmp_path))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "foederis[plots]" in done.stderr
