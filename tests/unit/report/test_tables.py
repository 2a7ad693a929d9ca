"""Rows as columns of text."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console
from rich.text import Text

from foederis.report.tables import plain, print_line, print_rows


def printed(rows: Any, width: int = 60, **options: Any) -> list[str]:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_rows(console, rows, **options)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


def test_words_to_the_left_and_numbers_to_the_right() -> None:
    assert printed([["one", "1"], ["eleven", "11"]]) == ["  one      1", "  eleven  11"]
    assert printed([["one", "a"], ["eleven", "bcd"]], words=(0, 1), indent=0) == ["one     a", "eleven  bcd"]


@pytest.mark.parametrize("empty", [1, 2])
def test_an_empty_column_takes_no_room(empty: int) -> None:
    """And does not fold the others, as it would if the table were asked how wide it is."""
    rows = [["hold_back", "84 %"], ["cross", "16 %"]]
    wide = [[*row[:empty], "", *row[empty:], ""] for row in rows]
    assert printed(wide) == printed(rows) == ["  hold_back  84 %", "  cross      16 %"]


def test_headers() -> None:
    assert printed([["x", "1", ""]], headers=("", "first", "")) == ["     first", "  x      1"]
    assert printed([["x", "", "2"]], headers=("", "first", "")) == ["     first", "  x         2"]


def test_long_words_are_folded_at_the_width_of_the_console() -> None:
    lines = printed([["a long question about the course of a crisis", "100 %"]], width=30)
    assert [line.rstrip() for line in lines] == lines
    assert max(map(len, lines)) <= 30
    assert (
        " ".join(line.removesuffix("100 %").strip() for line in lines) == "a long question about the course of a crisis"
    )


def test_lines_are_indented_where_they_are_folded_too() -> None:
    console = Console(file=io.StringIO(), width=20, highlight=False)
    print_line(console, "one two three four five", indent=4)
    assert console.file.getvalue() == "    one two three\n    four five\n"  # type: ignore[attr-defined]


def test_colours_on_a_terminal_only() -> None:
    console = Console(file=io.StringIO(), width=20, force_terminal=True, color_system="standard")
    print_line(console, "title", style="bold")
    assert console.file.getvalue() == "\x1b[1mtitle\x1b[0m\n"  # type: ignore[attr-defined]


def test_texts_are_shown_as_they_are() -> None:
    assert plain("[bold]x[/y] :smile:").plain == "[bold]x[/y] :smile:"
    assert plain("a\x1b[2Jb\n").plain == "a·[2Jb·"
    assert plain(Text("x\ay", style="bold")).style == "bold"
    assert plain("déjà vu 国 – ∞").plain == "déjà vu 国 – ∞"


def test_columns_that_are_never_folded() -> None:
    rows = [["words that can be folded at any place", "(12.5 to 13.5 %)"]]
    assert printed(rows, width=30, whole=(1,))[0] == "  words that  (12.5 to 13.5 %)"
    assert printed(rows, width=30)[0] != printed(rows, width=30, whole=(1,))[0]
