"""Queries: the tables, and what cannot be asked."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import foederis as fd
from foederis.ensembles.query import TABLES, query
from foederis.ensembles.store import PIECES
from tests.unit.ensembles.plans import contents, small, solve_here

pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("query") / "it's mine"
    solve_here(small(settings="{plain: {}, odd: {set: {quantities.p_fall: 0.5 to 2}}}", draws=64), folder)
    return folder


def test_the_answers_of_a_solve(runs: Path) -> None:
    sql = "SELECT question, avg(value), avg(change) FROM questions WHERE what_if = 'defence_pact' GROUP BY 1"
    found = {name: (value, change) for name, value, change in query(runs, sql).rows}
    told = fd.solve(fd.load("patron"), draws=64, seed=3, what_ifs="defence_pact").what_ifs["defence_pact"]
    assert list(found)
    for name, (value, change) in found.items():
        np.testing.assert_allclose(value, told.questions[name].mean, rtol=1e-12)  # type: ignore[union-attr]
        np.testing.assert_allclose(change, told.difference[name].mean, atol=1e-12)  # type: ignore[union-attr]


def test_one_row_for_each_world(runs: Path) -> None:
    sql = "SELECT count(*), count(DISTINCT (case_name, setting, seed, what_if, draw, question)) FROM questions"
    case = fd.load("patron")
    rows = 64 * len(case.questions) * (1 + len(case.whatifs))
    assert query(runs, sql).rows == ((rows, rows),)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_can_be_read(table: str, runs: Path) -> None:
    found = query(runs, f"FROM {table} LIMIT 3")
    assert (len(found.rows) > 0) == (table not in ("types", "first_times"))


def test_what_is_not_there_is_said(runs: Path, tmp_path: Path) -> None:
    found = query(runs, "SELECT setting, done, message IS NULL AS fine FROM pieces ORDER BY ALL")
    assert (found.done, found.pieces) == (2, 4)
    assert found.rows == (("odd", False, False), ("odd", False, False), ("plain", True, True), ("plain", True, True))
    shutil.copytree(runs, tmp_path / "runs")
    for path in (tmp_path / "runs" / PIECES).iterdir():
        path.unlink()
    empty = query(tmp_path / "runs", "SELECT count(*), max(value) FROM questions")
    assert (empty.done, empty.rows) == (0, ((0, None),))


def test_settings_as_they_were_written(runs: Path) -> None:
    assert query(runs, "SELECT * FROM settings ORDER BY setting").rows == (
        ("odd", "quantities.p_fall", "0.5 to 2", ""),
        ("plain", "", "", ""),
    )


def test_as_data_and_as_csv(runs: Path) -> None:
    found = query(runs, "SELECT 'a,b' AS text, NULL AS nothing, 1.5 AS number, DATE '2030-01-31' AS day, [1, 2] AS list, "
                        "0.1::FLOAT / 0 AS infinite, sum(1) AS total")  # fmt: skip
    told = json.loads(json.dumps(found.to_json()))
    assert told["rows"] == [
        {
            "text": "a,b",
            "nothing": None,
            "number": 1.5,
            "day": "2030-01-31",
            "list": [1, 2],
            "infinite": None,
            "total": 1,
        }
    ]
    [row] = csv.DictReader(io.StringIO(found.to_csv()))
    assert (row["text"], row["nothing"], row["number"], row["day"]) == ("a,b", "", "1.5", "2030-01-31")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("", "the query is empty"),
        ("SELECT 1; SELECT 2", "these are 2 statements"),
        ("SELEC 1", "syntax error"),
        ("SELECT valu FROM questions", "valu"),
        ("SELECT * FROM question", "The tables are questions, "),
        ("DROP VIEW questions", "can only be read"),
        ("COPY (SELECT 1) TO 'x.csv'", "can only be read"),
        ("SET threads = 1", "can only be read"),
        ("SELECT * FROM read_text('/etc/hostname')", "disabled"),
        ("SELECT * FROM '/etc/hostname.csv'", "disabled"),
        ("SELECT 1 FROM range(3) WHERE error('stop')", "stop"),
    ],
)
def test_what_cannot_be_asked(sql: str, message: str, runs: Path) -> None:
    before = contents(runs)
    with pytest.raises(fd.EnsembleError) as caught:
        query(runs, sql)
    assert message in str(caught.value)
    assert contents(runs) == before


def test_no_ensemble(tmp_path: Path) -> None:
    with pytest.raises(fd.EnsembleError, match="there is no ensemble in"):
        query(tmp_path, "SELECT 1")


def test_without_duckdb(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(fd.EnsembleError, match=r"foederis\[runs\]"):
        query(runs, "SELECT 1")
