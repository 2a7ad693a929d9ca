"""Charts as inline SVG: ranges, differences, lines with a band and stacked areas.

Bars take their places in percent, so that they fill whatever room they get without being stretched; charts through
time have a fixed shape. Colours are classes of the style sheet. Nothing is told by colour alone: marks differ in shape,
areas in lightness, and all carry their names.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from foederis.report.brief.html import Child, Markup, join, number, tag

Point = tuple[float, float]


@dataclass(frozen=True)
class Scale:
    """From the low end of an axis to the high one."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value lies, in percent of the axis; what lies outside is put at its end."""
        return 100 * min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)

    def ticks(self, count: int = 4) -> list[float]:
        """Round numbers inside the scale, about so many."""
        rough = (self.high - self.low) / count
        unit = 10.0 ** math.floor(math.log10(rough))
        step = unit * next(times for times in (1, 2, 2.5, 5, 10) if times * unit >= rough * (1 - 1e-9))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [place * step for place in range(first, last + 1)]


SHARES = Scale(0.0, 1.0)


def scale_for(values: Sequence[float], *, symmetric: bool = False) -> Scale:
    """A scale that holds these values and 0; one for differences has 0 in its middle."""
    known = [value for value in values if math.isfinite(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    if symmetric:
        high = max(high, -low)
        low = -high
    if high - low < 1e-12:
        return Scale(-1.0 if symmetric else 0.0, 1.0)
    return Scale(low, high)


def picture(title: str, description: str, *parts: Child, **attributes: str | float) -> Markup:
    """An SVG element that says what it shows."""
    described = tag("desc", description) if description else None
    return tag("svg", tag("title", title), described, *parts, role="img", **attributes)


def _percent(value: float) -> str:
    return f"{number(value)}%"


def range_bar(
    scale: Scale, low: float, middle: float, high: float, title: str, description: str = "", *, hollow: bool = False
) -> Markup:
    """A band with a mark on the mean; where the scale passes 0 inside, a line stands there."""
    left, right = scale.at(low), scale.at(high)
    zero = [_upright(scale.at(0.0), "zero")] if scale.low < 0 < scale.high else []
    return picture(
        title,
        description,
        tag("line", x1="0", x2="100%", y1="11", y2="11", class_="track"),
        *zero,
        tag("rect", x=_percent(left), width=_percent(right - left), y="6", height="10", class_="band"),
        tag("circle", cx=_percent(scale.at(middle)), cy="11", r="5", class_="dot hollow" if hollow else "dot"),
        class_="bar",
        width="100%",
        height="22",
    )


def marks_bar(scale: Scale, marks: Sequence[float], middle: float, title: str, description: str) -> Markup:
    """Single values on a scale, as diamonds, and an upright line at its middle."""
    return picture(
        title,
        description,
        tag("line", x1="0", x2="100%", y1="11", y2="11", class_="track"),
        _upright(scale.at(middle), "zero"),
        # Signs and not shapes, since only texts, lines, circles and rectangles take places in percent.
        [tag("text", "◆", x=_percent(scale.at(mark)), y="16", text_anchor="middle", class_="mark") for mark in marks],
        class_="bar",
        width="100%",
        height="22",
    )


def _upright(place: float, kind: str) -> Markup:
    return tag("line", x1=_percent(place), x2=_percent(place), y1="0", y2="22", class_=kind)


def axis(scale: Scale, labels: Sequence[tuple[float, str]], title: str) -> Markup:
    """The scale of a column of bars: (value, text) pairs at their places; no text is a tick alone."""
    parts: list[Child] = []
    for value, text in labels:
        place = scale.at(value)
        anchor = "start" if place < 4 else "end" if place > 96 else "middle"
        parts.append(tag("text", text, x=_percent(place), y="11", text_anchor=anchor) if text else None)
        parts.append(tag("line", x1=_percent(place), x2=_percent(place), y1="15", y2="20", class_="tick"))
    return picture(title, "", *parts, class_="axis", width="100%", height="20")


# The frame of a chart through time: a drawing of 320 by 175 with room for dates below and for names to the right.
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 320.0, 175.0, 38.0, 116.0, 8.0, 24.0
_LINE = 13.0  # the least distance of two names


@dataclass(frozen=True)
class Dates:
    """The axis of time: places of the points from 0 to 1, and (place, text) for those that are named."""

    places: Sequence[float]
    named: Sequence[tuple[float, str]]


def _x(place: float) -> float:
    return _LEFT + place * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def _frame(dates: Dates, labels: Sequence[tuple[float, str]]) -> list[Markup]:
    """Lines and texts around a chart; labels are (share of the height, text)."""
    parts = []
    for share, text in labels:
        parts.append(tag("line", x1=_x(0), x2=_x(1), y1=_y(share), y2=_y(share), class_="grid"))
        parts.append(tag("text", text, x=_LEFT - 5, y=_y(share) + 4, text_anchor="end"))
    for place, text in dates.named:
        anchor = "start" if place < 0.1 else "end" if place > 0.9 else "middle"
        parts.append(tag("line", x1=_x(place), x2=_x(place), y1=_y(0), y2=_y(0) + 4, class_="tick"))
        parts.append(tag("text", text, x=_x(place), y=_HEIGHT - 6, text_anchor=anchor))
    return parts


def _path(points: Sequence[Point], *, closed: bool = False) -> str:
    words = " L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{words}{'Z' if closed else ''}"


def _chart(title: str, description: str, *parts: Child) -> Markup:
    return picture(title, description, *parts, class_="chart", viewBox=f"0 0 {number(_WIDTH)} {number(_HEIGHT)}")


def line_chart(
    dates: Dates,
    low: Sequence[float],
    middle: Sequence[float],
    high: Sequence[float],
    scale: Scale,
    labels: Sequence[tuple[float, str]],
    ends: Sequence[str],
    title: str,
    description: str,
) -> Markup:
    """One number through time: a line and the band around it.

    Args:
        low, middle, high: a value for each place of `dates`; labels: (value, text) on the upright axis.
        ends: the lines of text where the line ends.
    """
    heights = [[scale.at(value) / 100 for value in series] for series in (low, middle, high)]
    across = [_x(place) for place in dates.places]
    lower, line, upper = ([(x, _y(h)) for x, h in zip(across, series, strict=True)] for series in heights)
    at = min(max(line[-1][1], _y(1) + 8), _y(0) - _LINE * (len(ends) - 1))
    return _chart(
        title,
        description,
        _frame(dates, [(scale.at(value) / 100, text) for value, text in labels]),
        tag("path", d=_path([*upper, *reversed(lower)], closed=True), class_="band"),
        tag("path", d=_path(line), class_="line"),
        tag("circle", cx=line[-1][0], cy=line[-1][1], r=3.5, class_="dot"),
        [
            tag("text", words, x=_x(1) + 9, y=at + 4 + _LINE * place, class_="name" if place == 0 else None)
            for place, words in enumerate(ends)
        ],
    )


def area_chart(
    dates: Dates, layers: Sequence[Sequence[float]], names: Sequence[str], title: str, description: str
) -> Markup:
    """Shares that sum to 1 through time, stacked from the first at the bottom; darker means further up the list."""
    base = [0.0] * len(dates.places)
    parts: list[Child] = [_frame(dates, [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")])]
    middles = []
    for place, layer in enumerate(layers):
        top = [min(below + share, 1.0) for below, share in zip(base, layer, strict=True)]
        edge = [(_x(x), _y(y)) for x, y in zip(dates.places, top, strict=True)]
        floor = [(_x(x), _y(y)) for x, y in zip(dates.places, base, strict=True)]
        shade = f"area area-{shade_of(place, len(layers))}"
        parts.append(tag("path", d=_path([*edge, *reversed(floor)], closed=True), class_=shade))
        middles.append(_y((top[-1] + base[-1]) / 2))
        base = top
    for place, (height, name) in enumerate(zip(spread(middles), names, strict=True)):
        key = f"area area-{shade_of(place, len(layers))}"
        parts.append(tag("path", d=_path([(_x(1) + 1, middles[place]), (_x(1) + 7, height)]), class_="leader"))
        parts.append(tag("rect", x=_x(1) + 7, y=height - 4.5, width=9, height=9, class_=key))
        parts.append(tag("text", name, x=_x(1) + 20, y=height + 4))
    return _chart(title, description, *parts)


def shade_of(place: int, count: int) -> int:
    """The shade, 0 to 5, of one of so many ordered levels: as far apart as they can be."""
    return round(5 * place / max(count - 1, 1))


def spread(heights: Sequence[float]) -> list[float]:
    """Heights moved apart, so that the names there do not cover each other; order is kept, the lowest comes first."""
    placed: list[float] = []
    for height in heights:  # from the bottom upward, that is from large to small
        placed.append(min(height, placed[-1] - _LINE) if placed else min(height, _y(0) - 2))
    above = (_y(1) + 4) - placed[-1] if placed else 0.0
    if above > 0:
        # The highest would leave the drawing: push down from the top.
        for place in range(len(placed) - 1, -1, -1):
            top = _y(1) + 4 if place == len(placed) - 1 else placed[place + 1] + _LINE
            placed[place] = max(placed[place], top)
    return placed


def described(pairs: Sequence[tuple[str, str]]) -> str:
    """A description out of (name, number) pairs."""
    return "; ".join(f"{name}: {text}" for name, text in pairs) + "." if pairs else ""


def legend(*parts: Child) -> Markup:
    """How to read the charts of a section."""
    return tag("p", join(*parts), class_="legend")
