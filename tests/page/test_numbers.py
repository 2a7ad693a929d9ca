"""The page writes numbers as the package's reports do, and its files are ones that others can read."""

from __future__ import annotations

import csv
import io

import pytest

from foederis.report import words
from tests.page.conftest import Ask

SHARES = [
    0.0,
    1e-9,
    0.0004,
    0.0005,
    0.00051,
    0.01,
    0.0995,
    0.1,
    0.125,
    0.3333,
    0.5,
    0.9,
    0.901,
    0.9991,
    0.9995,
    0.99951,
    1.0,
]
NUMBERS = [0.0, 1e-13, 0.000123, 0.0099949, 0.12345, 0.5, 0.99951, 1.0, 1.5, 9.9951, 12.3, 99.951, 1234.5, 2.5e6]
SIGNED = [*NUMBERS, *(-value for value in NUMBERS if value)]


def test_probabilities_are_written_as_in_the_reports(ask: Ask) -> None:
    assert ask([["percent", share] for share in SHARES]) == [words.percent(share) for share in SHARES]


def test_amounts_are_written_as_in_the_reports(ask: Ask) -> None:
    assert ask([["points", value] for value in SIGNED]) == [words.points(value) for value in SIGNED]
    assert ask([["points", value, True] for value in SIGNED]) == [words.points(value, True) for value in SIGNED]


def test_differences_are_written_as_in_the_reports(ask: Ask) -> None:
    gaps = [*SHARES, *(-share for share in SHARES if share), 3e-5, -2.2e-7]
    assert ask([["change", gap] for gap in gaps]) == [words.change(gap) for gap in gaps]


def test_columns_are_written_as_in_the_reports(ask: Ask) -> None:
    assert ask([["placesFor", value] for value in SIGNED]) == [words.places_for(value) for value in SIGNED]
    for places in (0, 2, 4):
        found = ask([["fixed", value, places, True] for value in SIGNED])
        assert found == [words.fixed(value, places, True) for value in SIGNED]


def test_what_is_missing_is_a_dash(ask: Ask) -> None:
    assert ask([["percent", None], ["points", None], ["change", None], ["fixed", None, 2]]) == ["–"] * 4


def test_names_are_written_as_in_the_reports(ask: Ask) -> None:
    names = ["us_support", "israel", "send_arms", "uk", "ussr"]
    assert ask([["plainName", name] for name in names]) == [words.plain_name(name) for name in names]


def test_a_table_comes_back_from_csv_as_it_was(ask: Ask) -> None:
    rows = [["name", "says"], ["a, b", 'he said "no"'], ["two\nlines", "plain"], ["share", 0.25], ["loss", -3]]
    text = ask("toCsv", rows)
    assert list(csv.reader(io.StringIO(text, newline=""))) == [[str(cell) for cell in row] for row in rows]
    assert text.endswith("\r\n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", " =1", "\r=1", "＝1"])
def test_no_text_of_a_file_is_run_as_a_formula(ask: Ask, text: str) -> None:
    found = next(csv.reader(io.StringIO(ask("toCsv", [[text]]), newline="")))
    assert found == [f"'{text}"]


def test_numbers_stay_numbers_and_what_is_missing_is_empty(ask: Ask) -> None:
    assert ask("toCsv", [[-1.5, None, True]]) == "-1.5,,true\r\n"


def test_ticks_are_round_and_within(ask: Ask) -> None:
    assert ask("ticks", 0, 1, 5) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert ask("ticks", -0.31, 0.12, 4) == [-0.3, -0.2, -0.1, 0, 0.1]
    assert ask("ticks", 3, 3, 4) == [3]
