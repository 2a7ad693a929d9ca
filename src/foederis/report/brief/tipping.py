"""Where the answer turns: the values of single numbers at which it crosses a threshold."""

from __future__ import annotations

from foederis.analysis.lines import Crossing, Line
from foederis.analysis.tipping import Tipping
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, join, tag
from foederis.report.brief.phrases import Section, nothing, quantity_name
from foederis.report.brief.svg import Scale, marks_bar
from foederis.report.brief.tables import stacked
from foederis.report.text import question_text
from foederis.report.tipping import band_text, crossing_text, mean_crossing_text, rest_text, shown_by, stands_text
from foederis.report.words import points

HEADS = (
    ("Number", "q"),
    ("From its low to its high end", "b"),
    ("Others at their medians", "w"),
    ("Mean over worlds", "n"),
)


def tipping(material: Material) -> Section | None:
    found = material.tipping
    if found is None:
        return nothing("tipping", "Where it turns", material.missing)
    lines = [line for line in found.lines if _crossings(line)]
    body = join(
        tag("p", _reading(found), class_="legend"),
        tag("p", tag("strong", headline(found)), " ", stands_text(found)),
        stacked(HEADS, [_row(line) for line in lines], "turns") if lines else None,
        tag("p", rest_text(found)) if lines or len(found.lines) > 0 else None,
    )
    return Section("tipping", "Where it turns", "Where it turns", body)


def headline(found: Tipping) -> str:
    """Whether any number turns the answer, in a sentence."""
    assert found.threshold is not None
    count = sum(bool(_crossings(line)) for line in found.lines)
    asked = question_text(found.case.questions[found.threshold.question])
    value = shown_by(found)(found.threshold.value)
    if not count:
        return f"No single number within its range brings the answer to “{asked}” across {value}."
    numbers = "One single number" if count == 1 else f"{count:,} single numbers"
    turn = "brings" if count == 1 else "can each bring"
    return f"{numbers} within its range {turn} the answer to “{asked}” across {value}."


def _reading(found: Tipping) -> str:
    return (
        "One number is moved through the middle 90 % of its range at a time: first with all others at their medians, "
        f"then, for those named or most influential, in the mean over {found.draws:,} worlds. The bar marks the "
        "turning points (diamonds) and the median (upright line). What several numbers do together is not seen here."
    )


def _crossings(line: Line) -> tuple[Crossing, ...]:
    return (*line.crossings, *(line.averaged.crossings if line.averaged else ()))


def _row(line: Line) -> list[Child]:
    averaged = line.averaged
    scale = Scale(float(line.values[0]), float(line.values[-1]))
    unit = f" {line.unit}" if line.unit else ""
    ends = f"{points(scale.low)} to {points(scale.high)}{unit}"
    at_medians = [crossing_text(crossing) for crossing in line.crossings] or ["none"]
    means = ["none" if averaged else "not looked at"]
    if averaged and averaged.crossings:
        means = [_about(c, low, high) for c, (low, high) in zip(averaged.crossings, averaged.bands, strict=True)]
    bar = marks_bar(
        scale,
        [crossing.value for crossing in _crossings(line)],
        line.median,
        f"{line.quantity}: where the answer turns",
        f"range {ends}; median {points(line.median)}; turns at {'; '.join([*at_medians, *means])}",
    )
    return [
        join(quantity_name(line.quantity), tag("small", f" {ends}")),
        bar,
        [tag("p", text) for text in at_medians],
        [tag("p", text) for text in means],
    ]


def _about(crossing: Crossing, low: float, high: float) -> str:
    return f"{mean_crossing_text(crossing)} {band_text((low, high))}".rstrip()
