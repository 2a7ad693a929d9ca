from __future__ import annotations

import pytest

import foederis as fd
from foederis.report.tipping import print_tipping, rest_text, stands_text, title_text
from tests.helpers import printed
from tests.unit.analysis.test_tipping import GAPS, TEXT

CASE = fd.loads(TEXT)


def test_a_threshold() -> None:
    found = fd.tipping(CASE, when="peace > 30%", two_way=("p", "gain"), draws=8)
    assert title_text(found) == "Where peace crosses 30 %"
    assert stands_text(found).startswith("At the medians it is 29 %, on average over worlds ")
    assert rest_text(found) == "No such value in its range: 4 quantities; none of them moves the answer at all."
    text = printed(found, print_tipping)
    assert "0.300, from below to above" in text
    assert "about 0.300, from below to above" in text
    assert "* above 30 %" in text
    assert max(map(len, text.splitlines())) <= 110


def test_a_move() -> None:
    found = fd.tipping(CASE, move="a", two_way=("gain", "price"), draws=8)
    text = printed(found, print_tipping)
    assert text.startswith("Where another first move of a becomes the likeliest")
    assert "from wait to build" in text
    assert "The likeliest first move: A build, B wait." in text
    assert stands_text(found) == "At the medians the likeliest is “wait”, on average over worlds “wait”."


def test_a_map_that_says_one_thing_says_it_in_a_sentence() -> None:
    text = printed(fd.tipping(CASE, move="a", quantities=["idle"], two_way=("idle", "p"), draws=4), print_tipping)
    assert "Everywhere the likeliest is “wait”." in text
    assert "The likeliest first move" not in text


@pytest.mark.parametrize("when", ["odd_one > 60%", "worth > 8"])
def test_several_crossings_and_amounts(when: str) -> None:
    text = printed(fd.tipping(CASE, when=when, draws=8), print_tipping)
    expected = (
        ["1.80, from below to above", "4.20, from above to below"] if "odd" in when else ["4.00, from below to above"]
    )
    for part in expected:
        assert part in text


def test_every_quantity_looked_at() -> None:
    assert rest_text(fd.tipping(CASE, when="peace > 30%", quantities=["p"], draws=4)).startswith("Every quantity")


def test_where_there_is_no_answer() -> None:
    case = fd.loads(GAPS)
    found = fd.tipping(case, when="peace > 30%", draws=32)
    assert stands_text(found).endswith(
        f" In {found.left_out} of 32 worlds what is given never holds; they are left out."
    )
    assert rest_text(found) == (
        "No such value in its range: 3 quantities; none of them moves the answer at all. No answer at some values: gate. "
        f"Worlds without an answer, left out of the mean, at most: p ({found.left_out})."
    )
    closed = fd.tipping(case.with_changes({"quantities.gate": 0}), when="peace > 30%", draws=4)
    assert stands_text(closed) == "There is no answer: in every world what is given never holds."
    assert rest_text(closed) == "No answer at any value, with the others at their medians: 3 quantities."


def test_a_choice_has_nothing_between_its_values() -> None:
    text = printed(fd.tipping(fd.loads(GAPS), when="rare > 40%", quantities=["gate"], draws=64), print_tipping)
    assert "between 1.00 and 4.00, from below" in text
    assert "about" not in text
    assert "(4.00" not in text
