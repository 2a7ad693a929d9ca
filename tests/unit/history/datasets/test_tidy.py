"""Tables as they are: line ends, marks, codes, dates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from foederis.history.datasets.dataset import Column, DataFile, Dataset, Kind
from foederis.history.datasets.tidy import dates, read_table, tidy

TEXT = b"\xef\xbb\xbfwho,code,polity,y,m,d\nNA,-9,-9,1916,2,30\nX,3,-10,0,0,0\n,-8,4,1990,-9,-9\n"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_and_a_mark_are_read(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.replace(b"\n", end))
    frame = read_table(path)
    assert list(frame.columns) == ["who", "code", "polity", "y", "m", "d"]
    assert len(frame) == 3


def test_namibia_is_no_missing_value(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT)
    assert read_table(path)["who"].tolist()[:2] == ["NA", "X"]
    assert read_table(path)["who"].isna().tolist() == [False, False, True]


def test_codes_are_missing_only_where_they_are_codes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT)
    frame = read_table(path, missing=(-8, -9), keep=("polity",))
    assert frame["code"].isna().tolist() == [True, False, True]
    assert frame["polity"].tolist() == [-9, -10, 4]


def test_days_that_are_unknown_are_the_first_or_the_last() -> None:
    frame = pd.DataFrame(
        {"y": [1916, 1916, 0, 1990, np.nan, 1990], "m": [2, 2, 0, np.nan, 1, -9], "d": [30, np.nan, 0, np.nan, 1, 5]}
    )
    first = dates(frame, "y", "m", "d")
    last = dates(frame, "y", "m", "d", last=True)
    assert [str(day)[:10] for day in first] == ["1916-02-29", "1916-02-01", "NaT", "1990-01-01", "NaT", "1990-01-01"]
    assert [str(day)[:10] for day in last] == ["1916-02-29", "1916-02-29", "NaT", "1990-12-31", "NaT", "1990-12-31"]


def test_a_day_that_no_month_has_is_unknown() -> None:
    frame = pd.DataFrame({"y": [1961, 1927], "m": [8, 2], "d": [66, 88]})
    assert [str(day)[:10] for day in dates(frame, "y", "m", "d")] == ["1961-08-01", "1927-02-01"]
    assert [str(day)[:10] for day in dates(frame, "y", "m", "d", last=True)] == ["1961-08-31", "1927-02-28"]


def test_columns_are_named_and_typed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b,c,when,month\n 1,0,2,1920-01-10,192001\n-9,3,1,,201612\n")
    columns = {
        "number": Column(Kind.WHOLE, "a", ""),
        "flag": Column(Kind.FLAG, "b", ""),
        "one": Column(Kind.ONE, "c", ""),
        "day": Column(Kind.FIRST_DAY, "when", ""),
        "end": Column(Kind.LAST_DAY, "month", ""),
    }
    file = DataFile("a.csv", 0, "", "", 5)
    known = Dataset("a", "A", "1", "", "", "", (file,), "", (), columns, codes=(-9,))
    frame = tidy(known, path)
    assert frame["number"].tolist() == [1, pd.NA]
    assert frame["flag"].tolist() == [False, True]
    assert frame["one"].tolist() == [False, True]
    assert [str(day)[:10] for day in frame["day"]] == ["1920-01-10", "NaT"]
    assert [str(day)[:10] for day in frame["end"]] == ["1920-01-31", "2016-12-31"]
