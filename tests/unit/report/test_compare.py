from __future__ import annotations

import io

from rich.console import Console

import foederis as fd
from foederis.report.compare import notes, print_comparison
from tests.unit.analysis.test_compare import ONE, TWO


def test_the_whole_is_printed() -> None:
    console = Console(file=io.StringIO(), width=110)
    print_comparison(fd.compare(fd.loads(ONE), fd.loads(TWO), draws=16), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert text.startswith("One: 2 sides compared")
    for part in (
        "against One",
        "100 %",
        "when Never:",
        "Two: Asked in other words or under other conditions: length.",
        "left out: mine.",
    ):
        assert part in text
    assert "20% to 40%" in text
    assert max(map(len, text.splitlines())) <= 110


def test_what_must_be_known_of_the_what_ifs() -> None:
    found = fd.compare(fd.load("patron"), what_ifs=["patron_comes"], draws=8)
    [_, opened] = notes(found)
    assert opened.startswith("patron_comes: patron.intervene in step 0 was open with probability 8")
