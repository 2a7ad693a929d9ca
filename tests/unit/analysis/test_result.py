"""Rows as JSON, as a frame and as HTML."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

import foederis as fd
from foederis.analysis.result import Result, Row


@dataclass(frozen=True)
class Example(Result):
    case: fd.Case

    def rows(self) -> list[Row]:
        return [
            {"name": "a<b", "worth": np.float64(1 / 3), "known": True, "spread": np.array([1.0, np.nan])},
            {"name": "c", "worth": float("inf"), "known": None, "spread": np.zeros(2)},
        ]

    def facts(self) -> Row:
        return {"draws": np.int64(3)}


CASE = fd.load("patron")


def test_json_holds_plain_data_only() -> None:
    found = Example(CASE).to_json()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["case"] == "patron"
    assert found["draws"] == 3
    assert found["rows"][0] == {"name": "a<b", "worth": 1 / 3, "known": True, "spread": [1.0, None]}
    assert found["rows"][1]["worth"] is None


def test_the_frame_has_a_row_each() -> None:
    frame = Example(CASE).to_frame()
    assert list(frame.columns) == ["name", "worth", "known", "spread"]
    assert len(frame) == 2


def test_html_escapes_what_the_file_says() -> None:
    html = Example(CASE)._repr_html_()
    assert "a&lt;b" in html
    assert "0.3333" in html
    assert "yes" in html
