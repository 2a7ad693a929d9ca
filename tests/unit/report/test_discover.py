"""What scenario discovery prints."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.boxes import Restriction, find_boxes
from foederis.analysis.discover import Discovery, discover
from foederis.report.discover import _limit, _part, print_discover
from tests.helpers import ONE_WEEK, printed

CASE = fd.loads(
    ONE_WEEK
    + """
quantities:
  stake: {value: "uniform(0, 10)", unit: points}
  chance: uniform(1%, 99%)
  mood: choice(2 = 30%, 5 = 30%, 9 = 40%)
  width: 5 to 20 @ 80%
events: {loss: {chance: chance, sets: {lost: yes}}}
questions:
  worth: {expected: "stake if chance < 40% and mood == 5 else 0", unit: bn USD, says: How much is it worth?}
  loses: {at_end: lost}
whatifs:
  high: {set: {quantities.mood: "choice(2 = 30%, 5 = 70%)"}}
"""
)


def text_of(found: Discovery) -> str:
    return printed(found, print_discover)


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def found() -> Discovery:
    return discover(CASE, when="worth > 4", draws=1024)


def test_the_box_is_told_first_and_how_it_holds_elsewhere(found: Discovery) -> None:
    text = folded(text_of(found))
    assert "How much is it worth? In which worlds above 4 bn USD?" in text
    assert "1,024 possible worlds (seed 0): boxes are found in 512 of them and checked in the other 512." in text
    box = found.boxes[0]
    sentence = re.search(r"In (\S+) % of these worlds, (.*?); where all three hold, it is so in (\S+) %, against", text)
    assert sentence
    assert float(sentence[1]) == pytest.approx(100 * box.offer.found.coverage, abs=0.5)
    assert float(sentence[3]) == pytest.approx(100 * box.offer.found.density, abs=0.5)
    parts = re.split(", | and ", sentence[2])
    assert "mood is 5" in parts
    assert any(re.fullmatch(r"stake is above [34]\.\d\d points", part) for part in parts)
    assert any(re.fullmatch(r"chance is below (39|40|41) %", part) for part in parts)
    assert text.index("In the worlds not used to find this:") < text.index("by chance")
    assert "They were sought for 3 of 4 uncertain quantities" in text


def test_the_menu_is_thinned_and_marked(found: Discovery) -> None:
    lines = text_of(found).splitlines()
    begin = next(place for place, line in enumerate(lines) if line.startswith("The menu"))
    rows = [line for line in lines[begin + 2 :] if re.match(r" +\d+ ", line)]
    assert rows[0].split()[:6] == ["0", "0", "100", "%", f"{100 * found.worlds[0].share:.1f}", "%"]
    assert sum(row.endswith("suggested") for row in rows) == 1
    assert len(rows) < len(found.boxes[0].menu)
    kept = {(row.split()[1], row.split()[4][:1]) for row in rows}
    assert len(kept) > 5


def test_another_box_is_marked_as_taken() -> None:
    text = text_of(discover(CASE, when="worth > 4", draws=1024, box=4))
    assert sum(line.endswith("suggested") for line in text.splitlines()) == 1
    assert sum(line.endswith("taken") for line in text.splitlines()) == 1
    assert "This box has no limits" in text_of(discover(CASE, when="worth > 4", draws=1024, box=0))


def test_a_box_that_fits_its_own_worlds_only_is_marked(found: Discovery) -> None:
    warning = "It fits the worlds in which it was found better than others"
    assert warning not in folded(text_of(found))
    first, second = found.worlds
    mixed = replace(second, cases=np.random.default_rng(0).permutation(second.cases))
    [box, *_] = find_boxes(first, mixed, None)
    assert warning in folded(text_of(replace(found, worlds=(first, mixed), boxes=(box,))))
    inside = found.boxes[0].offer.box.holds(second.inputs)
    for lost, told in ((0.03, False), (0.3, True)):
        fewer = np.random.default_rng(1).random(512) < lost
        other = replace(second, cases=second.cases & ~(inside & fewer))
        [box, *_] = find_boxes(first, other, None)
        assert (warning in folded(text_of(replace(found, worlds=(first, other), boxes=(box,))))) == told
    far = replace(second, inputs=second.inputs + 100)
    [box, *_] = find_boxes(first, far, None)
    assert "None of those lie in the box" in folded(text_of(replace(found, worlds=(first, far), boxes=(box,))))


def test_nothing_found_and_worlds_left_out(found: Discovery) -> None:
    text = folded(text_of(replace(found, boxes=(), left_out=3, what_if="high")))
    assert "No uncertain quantity sets these worlds apart" in text
    assert "The menu" not in text
    assert "3 worlds in which what is given never holds are left out." in text
    assert "Under the what-if high." in text


def test_weights_are_told() -> None:
    weights = np.where(np.arange(1024) % 2, 1.0, 0.5)
    text = folded(text_of(discover(CASE, when="worth > 4", draws=1024, weights=lambda _: weights)))
    assert "By their weights they count as 461 and 461." in text


def test_further_boxes_are_told() -> None:
    case = CASE.with_changes({"questions.worth.expected": "1 if (chance < 20% and mood == 5) or stake > 8 else 0"})
    text = text_of(discover(case, when="worth > 0.5", draws=1024))
    assert "\nMore boxes, in the worlds that are left over\nIn another " in text


@pytest.mark.parametrize(
    ("name", "low", "high", "expected"),
    [
        ("width", 7.0, np.inf, "above 7.00"),
        ("chance", -np.inf, 0.25, "below 25 %"),
        ("mood", 3.5, 7.0, "5"),
    ],
)
def test_limits_in_words(found: Discovery, name: str, low: float, high: float, expected: str) -> None:
    item = Restriction(found.quantities.index(name), low, high, 0.3, 0.01, 0.02)
    assert _limit(found, item) == expected
    word = {(False, True): "upper", (True, False): "lower"}.get((np.isinf(low), np.isinf(high)), "middle")
    assert _part(item) == f"the {word} 30 %"
