from __future__ import annotations

import io

import pytest
from rich.console import Console

import foederis as fd
from foederis.report.tipping import print_tipping, rest_text, stands_text, title_text
from tests.unit.analysis.test_tipping import TEXT

CASE = fd.loads(TEXT)


def printed(found: fd.analysis.tipping.Tipping) -> str:  # type: ignore[name-defined]
    console = Console(file=io.StringIO(), width=110)
    print_tipping(found, console)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_a_threshold() -> None:
    found = fd.tipping(CASE, when="peace > 30%", two_way=("p", "gain"), draws=8)
    assert title_text(found) == "Where peace crosses 30 %"
    assert stands_text(found).startswith("At the medians it is 29 %, on average over worlds ")
    assert rest_text(found) == "No such value in its range: 4 quantities; none of them moves the answer at all."
    text = printed(found)
    assert "0.300, from below to above" in text
    assert "about 0.300, from below to above" in text
    assert "* above 30 %" in text
    assert max(map(len, text.splitlines())) <= 110


def test_a_move() -> None:
    found = fd.tipping(CASE, move="a", two_way=("gain", "price"), draws=8)
    text = printed(found)
    assert text.startswith("Where another first move of a becomes the likeliest")
    assert "from wait to build" in text
    assert "The likeliest first move: A build, B wait." in text
    assert stands_text(found) == "At the medians the likeliest is wait, on average over worlds wait."


@pytest.mark.parametrize("when", ["odd_one > 60%", "worth > 8"])
def test_several_crossings_and_amounts(when: str) -> None:
    text = printed(fd.tipping(CASE, when=when, draws=8))
    expected = (
        ["1.80, from below to above", "4.20, from above to below"] if "odd" in when else ["4.00, from below to above"]
    )
    for part in expected:
        assert part in text


def test_every_quantity_looked_at() -> None:
    assert rest_text(fd.tipping(CASE, when="peace > 30%", quantities=["p"], draws=4)).startswith("Every quantity")
