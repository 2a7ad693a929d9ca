"""Tipping points as text: where the answer changes, and what cannot change it within its range."""

from __future__ import annotations

import math
from collections.abc import Callable

from rich.console import Console

from foederis.analysis.asking import is_share
from foederis.analysis.lines import Crossing, Line, TwoWay
from foederis.analysis.tipping import Tipping
from foederis.report.setting import worlds_text
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.words import counted, percent, plain_name, points, quoted

_NONE_NAMED = 5


def print_tipping(found: Tipping, console: Console) -> None:
    print_line(console, title_text(found), style="bold")
    print_line(console, f"Means are over {worlds_text(found.draws, found.seed)}", style="dim")
    print_line(console, stands_text(found))
    tips = [line for line in found.lines if line.crossings or (line.averaged and line.averaged.crossings)]
    if tips:
        console.print()
        headers = ("", "from", "to", "others at their medians", "mean over worlds", "")
        rows = [row for line in tips for row in line_rows(line)]
        print_rows(console, rows, headers=headers, words=(0, 3, 4))
    console.print()
    print_line(console, rest_text(found))
    if found.two_way:
        console.print()
        _print_map(found, found.two_way, console)
    console.print()
    print_line(console, f"Checked: largest residual {found.residual:.1g}.", style="dim")


def title_text(found: Tipping) -> str:
    if found.threshold:
        return f"Where {found.threshold.question} crosses {shown_by(found)(found.threshold.value)}"
    return f"Where another first move of {found.turn} becomes the likeliest"


def shown_by(found: Tipping) -> Callable[[float], str]:
    """How an answer is written: as a percentage or an amount."""
    assert found.threshold is not None
    return percent if is_share(found.case.questions[found.threshold.question]) else points


def stands_text(found: Tipping) -> str:
    """The answer at the medians, and the mean."""
    if found.threshold:
        show, lacks = shown_by(found), "what is given never holds"
        if found.left_out == found.draws:
            return f"There is no answer: in every world {lacks}."
        median = f"it is {show(float(found.at_median))}" if math.isfinite(found.at_median) else "there is no answer"
        text = f"At the medians {median}, on average over worlds it is {show(float(found.mean))}."
    else:
        median, mean = (
            quoted(found.options[int(shares.argmax())]) if math.isfinite(shares.sum()) else "not asked"
            for shares in (found.at_median, found.mean)
        )
        text, lacks = f"At the medians the likeliest is {median}, on average over worlds {mean}.", "it is not asked"
    if not found.left_out:
        return text
    return f"{text} In {found.left_out:,} of {found.draws:,} worlds {lacks}; they are left out."


def line_rows(line: Line) -> list[list[Cell]]:
    """A row for each change on a line."""
    averaged = line.averaged.crossings if line.averaged else ()
    bands = line.averaged.bands if line.averaged else ()
    at_medians = [crossing_text(crossing) for crossing in line.crossings] or ["none"]
    means = [mean_crossing_text(crossing) for crossing in averaged] or ["none" if line.averaged else ""]
    shown = [band_text(band) for band in bands]
    rows: list[list[Cell]] = []
    for place in range(max(len(at_medians), len(means))):
        head = ["", "", ""] if place else [_name(line), points(line.values[0]), points(line.values[-1])]
        cells = [part[place] if place < len(part) else "" for part in (at_medians, means, shown)]
        rows.append([*head, *cells])
    return rows


def crossing_text(crossing: Crossing) -> str:
    """`13.8, from below to above`; of a choice `between 2.00 and 5.00, from below to above`."""
    before, after = crossing.before.replace("_", " "), crossing.after.replace("_", " ")
    there = points(crossing.value)
    where = there if crossing.last is None else f"between {points(crossing.last)} and {there}"
    return f"{where}, from {before} to {after}"


def mean_crossing_text(crossing: Crossing) -> str:
    """The same of a mean: of a quantity whose values fill a line, it is interpolated."""
    return crossing_text(crossing) if crossing.last is not None else f"about {crossing_text(crossing)}"


def band_text(band: tuple[float, float]) -> str:
    low, high = band
    return "" if math.isnan(low) or low == high else f"({points(low)} to {points(high)})"


def _name(line: Line) -> str:
    return f"{line.quantity} ({line.unit})" if line.unit else line.quantity


def rest_text(found: Tipping) -> str:
    """Those that change nothing, the most influential by name, and those along which there is no answer."""
    rest = [line for line in found.lines if not line.crossings and not (line.averaged and line.averaged.crossings)]
    silent = sum(line.unanswered == len(line.values) for line in rest)
    rest = sorted((line for line in rest if line.unanswered < len(line.values)), key=lambda line: -line.spread)
    texts = []
    if rest:
        named = [f"{line.quantity} ({span_text(found, line)})" for line in rest[:_NONE_NAMED] if line.spread > 0]
        none = "none of them moves" if len(rest) > 1 else "it does not move"
        more = f", first among them {', '.join(named)}" if named else f"; {none} the answer at all"
        texts.append(f"No such value in its range: {_quantities(len(rest))}{more}.")
    elif not silent:
        texts.append("Every quantity looked at has such a value in its range.")
    if silent:
        texts.append(f"No answer at any value, with the others at their medians: {_quantities(silent)}.")
    return " ".join([*texts, *_gaps(found)])


def _gaps(found: Tipping) -> list[str]:
    """Where answers are lacking on a line: at some of its values, or in some of the worlds of its mean."""
    texts = []
    partly = [line.quantity for line in found.lines if 0 < line.unanswered < len(line.values)]
    if partly:
        texts.append(f"No answer at some values: {', '.join(partly)}.")
    means = [(line.quantity, int(line.averaged.left_out.max())) for line in found.lines if line.averaged]
    lacking = [f"{name} ({most:,})" for name, most in means if most]
    if lacking:
        texts.append(f"Worlds without an answer, left out of the mean, at most: {', '.join(lacking)}.")
    return texts


def _quantities(number: int) -> str:
    return counted(number, "quantity").replace("quantitys", "quantities")


def span_text(found: Tipping, line: Line) -> str:
    """How far a quantity moves the answer, from its low to its high end."""
    if found.threshold:
        show = shown_by(found)
        return f"{show(float(line.answers[0]))} to {show(float(line.answers[-1]))}"
    return f"moves a share by up to {percent(line.spread)}"


def _print_map(found: Tipping, two_way: TwoWay, console: Console) -> None:
    print_line(console, f"{two_way.first} (down) and {two_way.second} (across), others at their medians", style="bold")
    first = int(two_way.labels[0, 0])
    if found.options and first >= 0 and (two_way.labels == first).all():
        print_line(console, f"Everywhere the likeliest is {quoted(found.options[first])}.", indent=2)
        return
    headers = ("", *(points(float(value)) for value in two_way.second_values))
    rows: list[list[Cell]] = []
    for place, value in enumerate(two_way.first_values):
        if found.threshold:
            show = shown_by(found)
            cells = [
                show(float(answer)).replace(" %", "") + ("*" if label == 1 else " ")
                for answer, label in zip(two_way.answers[place], two_way.labels[place], strict=True)
            ]
        else:
            cells = [chr(65 + label) if label >= 0 else "–" for label in two_way.labels[place]]
        rows.append([points(float(value)), *cells])
    print_rows(console, rows, headers=headers, words=())
    if found.threshold:
        unit = "In percent; " if is_share(found.case.questions[found.threshold.question]) else ""
        print_line(console, f"{unit}* above {shown_by(found)(found.threshold.value)}.", indent=2, style="dim")
    else:
        shown = sorted({int(label) for label in two_way.labels.ravel() if label >= 0})
        named = ", ".join(f"{chr(65 + label)} {plain_name(found.options[label])}" for label in shown)
        print_line(console, f"The likeliest first move: {named}.", indent=2, style="dim")
