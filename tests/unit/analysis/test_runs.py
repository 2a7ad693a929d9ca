"""Draws kept on disk."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.runs import RunError, can_write, write


def test_without_duckdb_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(RunError, match=r"pip install 'foederis\[runs\]'"):
        can_write(tmp_path / "x.parquet")


def test_names_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"end the name with \.parquet"):
        can_write(tmp_path / "x.csv")
    (tmp_path / "folder.parquet").mkdir()
    with pytest.raises(RunError, match="it is a folder"):
        can_write(tmp_path / "folder.parquet")


def test_folders_that_cannot_be_made(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="cannot be made"):
        can_write(tmp_path / "file" / "x.parquet")
    can_write(tmp_path / "new" / "x.parquet")
    assert (tmp_path / "new").is_dir()


def test_every_draw_comes_back(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    answer = fd.solve(fd.load("patron"), draws=16, what_ifs="all")
    path = tmp_path / "it's.parquet"
    path.write_text("older")
    write(answer, path)
    rows = duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchnumpy()
    assert list(rows) == list(answer.columns())
    for name, values in answer.columns().items():
        np.testing.assert_array_equal(rows[name], values)
    assert [entry.name for entry in tmp_path.iterdir()] == ["it's.parquet"]
