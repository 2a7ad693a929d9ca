"""Charts: where things stand, and that everything says what it shows."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foederis.report.brief.svg import (
    SHARES,
    Dates,
    Scale,
    area_chart,
    axis,
    line_chart,
    marks_bar,
    range_bar,
    scale_for,
    shade_of,
    spread,
)

DATES = Dates([0.0, 0.5, 1.0], [(0.0, "1 Jan"), (1.0, "1 Mar")])


def found(markup: str, name: str) -> list[float]:
    return [float(x) for x in re.findall(rf'\b{name}="(-?[\d.]+)%?"', markup)]


def test_a_bar_stands_where_its_numbers_are() -> None:
    bar = range_bar(SHARES, 0.1, 0.25, 0.6, "a & b", "c")
    assert '<rect x="10%" width="50%"' in bar
    assert 'cx="25%"' in bar
    assert 'role="img"' in bar
    assert "<title>a &amp; b</title><desc>c</desc>" in bar


def test_a_difference_has_a_line_at_nothing() -> None:
    bar = range_bar(scale_for([-1.0, 3.0], symmetric=True), -1.0, 1.0, 3.0, "x", hollow=True)
    assert '<line x1="50%" x2="50%"' in bar
    assert "dot hollow" in bar
    assert "zero" not in range_bar(SHARES, 0.1, 0.2, 0.3, "x")


def test_values_outside_a_scale_stand_at_its_end() -> None:
    assert [Scale(2, 4).at(x) for x in (1, 2, 3, 5)] == [0, 0, 50, 100]


@pytest.mark.parametrize(
    ("values", "symmetric", "low", "high"),
    [([2.0, 5.0], False, 0, 5), ([-2.0, 1.0], False, -2, 1), ([-2.0, 1.0], True, -2, 2), ([], True, -1, 1), ([float("nan"), 0.0], False, 0, 1)],
)  # fmt: skip
def test_scales_hold_nothing_and_all_values(values: list[float], symmetric: bool, low: float, high: float) -> None:
    assert scale_for(values, symmetric=symmetric) == Scale(low, high)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_are_few_round_and_inside(low: float, width: float) -> None:
    scale = Scale(low, low + width)
    if not scale.high > scale.low:
        return
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= 6
    slack = 1e-6 * (abs(low) + width)
    assert all(scale.low - slack <= tick <= scale.high + slack for tick in ticks)


def test_known_ticks() -> None:
    assert Scale(-0.4, 0.4).ticks() == pytest.approx([-0.4, -0.2, 0.0, 0.2, 0.4])
    assert Scale(0, 7).ticks() == pytest.approx([0, 2, 4, 6])


def test_an_axis_names_its_ticks() -> None:
    made = axis(SHARES, [(0.0, "0 %"), (0.5, ""), (1.0, "100 %")], "Scale")
    assert made.count("<text") == 2
    assert made.count('class="tick"') == 3


def test_a_line_rises_with_its_numbers() -> None:
    chart = line_chart(DATES, [0, 0.1, 0.2], [0.1, 0.2, 0.4], [0.2, 0.4, 0.8], SHARES, [(0, "0 %")], ["end"], "t", "d")
    [line] = re.findall(r'<path d="M([^"Z]*)" class="line">', chart)
    heights = [float(point.split()[1]) for point in line.split(" L")]
    assert heights == sorted(heights, reverse=True)
    [circle] = re.findall(r'<circle[^>]*cy="([\d.]+)"', chart)
    assert float(circle) == pytest.approx(heights[-1])


def test_areas_are_as_high_as_their_shares() -> None:
    chart = area_chart(DATES, [[1, 0.5, 0.25], [0, 0.5, 0.75]], ["low", "high"], "t", "d")
    shapes = re.findall(r'<path d="M([^"]*)Z" class="area', chart)
    ends = []
    for shape in shapes:
        points = [[float(x) for x in point.split()] for point in shape.split(" L")]
        ends.append(points[3][1] - points[2][1])  # the last place: below minus above
    assert ends[0] == pytest.approx(ends[1] / 3, abs=0.05)


@given(st.lists(st.floats(0, 150), min_size=1, max_size=8))
def test_names_are_moved_apart_in_order(heights: list[float]) -> None:
    placed = spread(sorted(heights, reverse=True))
    gaps = -np.diff(placed)
    assert (gaps >= 13 - 1e-9).all()


def test_shades_are_as_far_apart_as_they_can_be() -> None:
    assert [shade_of(k, 2) for k in range(2)] == [0, 5]
    assert [shade_of(k, 3) for k in range(3)] == [0, 2, 5]
    assert [shade_of(k, 6) for k in range(6)] == [0, 1, 2, 3, 4, 5]
    assert shade_of(0, 1) == 0


def test_marks_stand_at_their_values() -> None:
    bar = marks_bar(Scale(0, 10), [2, 7], 5, "t", "d")
    assert re.findall(r'<text x="(\d+)%"', bar) == ["20", "70"]
    assert '<line x1="50%"' in bar
