"""What sets worlds apart, as text."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from foederis.analysis.drivers_given import Band, DriversGiven, drivers_given
from foederis.report.drivers_given import direction, print_drivers_given
from tests.unit.analysis.test_drivers_given import CASE


@pytest.fixture(scope="module")
def result() -> DriversGiven:
    return drivers_given(CASE, "lost")


def shown(result: DriversGiven, most: int = 16, width: int = 110) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_drivers_given(result, console, most)
    return " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]


def test_what_sets_worlds_apart_comes_first(result: DriversGiven) -> None:
    text = shown(result)
    assert text.startswith("A defeat Where this comes about: lost (at the end: lost) It is 50 % on average over 4,096")
    assert "together they say as much as 3,07" in text
    assert "What sets these worlds apart most: p (much higher)." in text
    assert re.search(
        r"p █████ 0\.25 0\.(5|49\d|50\d) \(0\.0\d+ to 0\.9\d+\) 0\.70\d \(0\.2\d* to 0\.97\d*\) much higher", text
    )
    assert "The other 2 differ no more than chance would make them" in text


def test_what_moves_the_answer_follows(result: DriversGiven) -> None:
    text = shown(result)
    assert "It is 1.17 bn USD on average in these worlds" in text
    assert "and 1 bn USD in all." in text
    assert text.index("cost ██████████") < text.index("moves its mean") < text.index("write a question with `given`")
    asked = replace(result, question=CASE.questions["lost"])
    assert "write a question with `given`" not in shown(asked)


def test_few_worlds_are_warned_about(result: DriversGiven) -> None:
    assert "hints" not in shown(result)
    text = shown(replace(result, draws=64, effective=41.0))
    assert "That is few: take what follows as hints. --draws 256 would give about 164." in text


def test_a_short_list_says_what_it_leaves_out(result: DriversGiven) -> None:
    many = replace(result, apart_noise=0.0)
    assert "Not listed: 2 that differ a little, and 0 that differ no more than chance" in shown(many, most=1)
    assert "No quantity differs in these worlds" in shown(replace(result, apart_noise=0.9))
    assert "4 worlds left out" in shown(replace(result, left_out=4))


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (0.75, "much higher"), (0.65, "higher"), (0.55, "a bit higher"), (0.51, "ends differ"),
        (0.45, "a bit lower"), (0.25, "much lower"),
    ],
)  # fmt: skip
def test_directions(result: DriversGiven, place: float, words: str) -> None:
    assert direction(replace(result.drivers[0], place=place, there=Band(0, 1, 2))) == words
