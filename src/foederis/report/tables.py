"""Rows of words and numbers as columns of text."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

Cell = str | Text


def plain(text: Cell) -> Text:
    """What a file says, as it stands there: no markup is read in it, and nothing in it moves the cursor."""
    shown = text if isinstance(text, Text) else Text(text)
    if shown.plain.isprintable():
        return shown
    return Text("".join(c if c.isprintable() else "·" for c in shown.plain), style=shown.style)


def print_line(console: Console, text: Cell, *, indent: int = 0, style: str = "") -> None:
    """Prints a text, folded at the width of the console, every line of it indented."""
    line = plain(text)
    line.stylize(style)
    _print(console, line, indent)


def print_rows(
    console: Console,
    rows: Sequence[Sequence[Cell]],
    *,
    headers: Sequence[str] = (),
    words: Collection[int] = (0,),
    whole: Collection[int] = (),
    indent: int = 2,
) -> None:
    """Prints rows, all of one length.

    Args:
        headers: one for each column, or none; words: the columns that stand to the left, the others are numbers.
        whole: the columns that are never folded.
    """
    # A column without content is left out: rich reserves a place for it that it has not got, and folds the others.
    columns = [k for k in range(len(rows[0])) if any(headers[k : k + 1]) or any(row[k] for row in rows)]
    table = Table(box=None, pad_edge=False, show_header=any(headers), header_style="dim", padding=(0, 2, 0, 0))
    for k in columns:
        side: Literal["left", "right"] = "left" if k in words else "right"
        table.add_column(headers[k] if headers else "", justify=side, overflow="fold", no_wrap=k in whole)
    for row in rows:
        table.add_row(*(plain(row[k]) for k in columns))
    _print(console, table, indent)


def _print(console: Console, item: Text | Table, indent: int) -> None:
    with console.capture() as captured:
        console.print(Padding(item, (0, 0, 0, indent), expand=False))
    console.file.write(re.sub(r" +$", "", captured.get(), flags=re.MULTILINE))
