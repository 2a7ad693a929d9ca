"""What moves an answer, as text: the conclusion, a bar and plain words for each, slopes, what it took."""

from __future__ import annotations

import math

from rich.console import Console

from foederis.analysis.asking import is_share
from foederis.analysis.driver_results import HARDLY, Budget, Driver, Drivers, Slope
from foederis.report.bars import bar, part, span
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.text import question_text, question_unit
from foederis.report.words import change, counted, fine_percent, percent, tidy

_BAR = 10
_WIDE = 108  # columns of the console from which on everything fits into one line


def print_drivers(result: Drivers, console: Console) -> None:
    print_line(console, result.case.title, style="bold")
    print_line(console, f"What moves the answer: {question_text(result.question)}", style="bold")
    print_line(console, answer_line(result))
    console.print()
    if result.scale == "rank":
        print_line(console, uneven_line(result.outer_share))
    print_line(console, conclusion(result))
    console.print()
    _print_shares(console, result)
    console.print()
    _print_slopes(console, result)
    console.print()
    if result.left_out:
        rows = counted(result.budget.base, "row")
        text = f"{result.left_out:,} of {rows} of the design left out: the question has no answer there, since its "
        print_line(console, text + "`given` never holds.")
    print_line(console, f"Solved: {budget_words(result.budget)} (seed {result.seed}).", style="dim")
    print_line(console, checked_line(result.residual), style="dim")


def checked_line(residual: float) -> str:
    return f"Checked: largest residual {residual:.1g} of the range of payoffs (limit 1e-9)."


def budget_words(budget: Budget) -> str:
    """What is solved, for whom one by one, and how much it is together."""
    groups = counted(budget.groups, "group") + " of quantities"
    if budget.screening:
        groups += f" screened with {budget.screening:,} solves, {budget.kept} kept"
    return (
        f"{groups}; {budget.base:,} × {budget.columns} = {budget.design:,} solves for shares of the variance; "
        f"{budget.slopes:,} for slopes; {budget.solves:,} in all"
    )


def answer_line(result: Drivers) -> str:
    if is_share(result.question):
        mean, low, high = (percent(value) for value in (result.mean, result.p05, result.p95))
    else:
        mean, low, high = (tidy(value) for value in (result.mean, result.p05, result.p95))
        high = f"{high} {question_unit(result.case, result.question)}".strip()
    asked = f" Under the what-if {result.what_if}." if result.what_if else ""
    return f"It is {mean} on average, and {low} to {high} in the middle 90 % of worlds.{asked}"


def conclusion(result: Drivers) -> str:
    """The result in two sentences."""
    first, *others = result.drivers
    spread = "of the variance of that rank" if result.scale == "rank" else "of the variance of the answer"
    text = (
        f"Most hangs on {first.label}: {part(first.total.estimate)} {spread} "
        f"(between {part(first.total.low, '')} and {part(first.total.high)}), {_spoken(first)}."
    )
    second = [other for other in others[:2] if other.total.estimate >= 0.01]
    if second:
        named = " and ".join(f"{other.label} with {part(other.total.estimate)}" for other in second)
        text += f" Next {'comes' if len(second) == 1 else 'come'} {named}."
    if len(result.drivers) > 1:
        alone = result.by_themselves
        bounds = [part(min(max(value, 0.0), 1.0), "") for value in (alone.low, alone.high)]
        text += (
            f" Known one at a time, all quantities account for {part(min(alone.estimate, 1.0))} of it (between "
            f"{bounds[0]} and {bounds[1]} %)"
        )
        text += "." if alone.high >= 1 else "; the rest comes from several acting together."
    return text


def _spoken(driver: Driver) -> str:
    return "though it is " + driver.manner if driver.manner.startswith("too") else driver.manner


def uneven_line(outer: float) -> str:
    return (
        f"This answer is very uneven: one world in twenty makes {part(outer)} of its variance, and shares of that "
        "would hang on a handful of worlds. So all shares here are of the variance of its rank: which worlds have "
        "more of it, not how much."
    )


def _matters(driver: Driver) -> bool:
    return driver.manner != HARDLY


def _print_shares(console: Console, result: Drivers) -> None:
    drivers = [driver for driver in result.drivers if _matters(driver)]
    minor = [driver.label for driver in result.drivers if not _matters(driver)]
    drivers += [result.rest] if result.rest else []
    most = max((driver.total.estimate for driver in drivers), default=0.0)
    beside = console.width >= _WIDE  # the words stand beside the numbers, or under the name
    rows: list[list[Cell]] = []
    for driver in drivers:
        total = driver.total
        cells: list[Cell] = [
            driver.label,
            bar(total.estimate / most if most > 0 else 0.0, _BAR if beside else _BAR // 2),
        ]
        cells += [part(total.estimate), span(total.low, total.high)]
        cells += [part(driver.first.estimate), part(driver.jointly.estimate)]
        rows += [[*cells, driver.manner]] if beside else [cells, [f"  {driver.manner}", *[""] * 5]]
    headers = ["", "", "total", "", "by itself", "jointly", *([""] if beside else [])]
    print_rows(console, rows, headers=headers, words=(0, 1, 6), whole=range(1, 6))
    if minor:
        print_line(console, f"Hardly at all ({counted(len(minor), 'other')}): {', '.join(minor)}.", indent=2)
    if result.rest:
        print_line(console, rest_line(result, result.rest), indent=2)
    notes = (
        "Total: the share of the variance that hangs on it, alone or with others; in brackets, the 90 % interval. What "
        "several do jointly counts for each of them, so totals may add up to more than 100 %."
    )
    print_line(console, notes, indent=2, style="dim")


def rest_line(result: Drivers, rest: Driver) -> str:
    """What screening may have missed at most."""
    least = result.drivers[-1].total.estimate
    text = (
        f"Screening left out {len(rest.quantities)} quantities. What it "
        f"may have missed: {part(rest.total.estimate)} of the variance ({span(rest.total.low, rest.total.high)[1:-1]}) "
        "hangs on all of them together, and no more than that on any of them."
    )
    if rest.total.low > max(0.05, least):
        text += f" A larger --keep than {result.budget.kept} looks into them."
    return text


def _print_slopes(console: Console, result: Drivers) -> None:
    print_line(console, "One at a time, with all others at their medians", style="bold")
    slopes = {slope.quantity: slope for slope in result.slopes}
    share = is_share(result.question)
    shown = [
        (slopes[name], driver.shift) for driver in result.drivers if _matters(driver) for name in driver.quantities
    ]
    rows: list[list[Cell]] = []
    for slope, shift in shown:
        show = fine_percent if share else tidy
        ends = f"{range_end(result, slope, slope.low)} to {range_end(result, slope, slope.high)} {slope.unit}".strip()
        noise = "" if shift > result.shift_noise else "chance"
        moves = f"{show(slope.at_low)} to {show(slope.at_high)}"
        rows.append([slope.quantity, ends, moves, slope_words(result, slope), f"{shift:.2f}", noise])
    headers = ["", "its range", "the answer goes from", "by steps", "shift", ""]
    print_rows(console, rows, headers=headers, words=(0, 1, 2, 3, 5), whole=(2, 4))
    text = (
        "Its range is its middle 90 %; the answer goes from what it is at the low end to what it is at the high end. "
    )
    if share:
        text += "Changes of probabilities are in percentage points. "
    text += (
        "Shift: how far knowing it typically moves the whole distribution of the answer, from 0 to 1; what does "
        f"nothing may show up to {result.shift_noise:.2f} by chance."
    )
    if any(slope.is_rough for slope, _ in shown):
        text += " Rough: the answer bends or jumps near the median, so that its slope there says little."
    print_line(console, text, indent=2, style="dim")


def _is_percentage(result: Drivers, slope: Slope) -> bool:
    return result.case.distribution(slope.quantity).family == "logitnormal"


def range_end(result: Drivers, slope: Slope, value: float) -> str:
    return percent(value) if _is_percentage(result, slope) else tidy(value)


def slope_words(result: Drivers, slope: Slope) -> str:
    """What one more of a quantity does, in steps that are small beside its range."""
    if math.isnan(slope.per_unit):
        return "takes separate values" if slope.high > slope.low else "one value in its middle 90 %"
    percentage = _is_percentage(result, slope)
    scale = 0.01 if percentage else 1.0
    step = 10.0 ** math.floor(math.log10((slope.high - slope.low) / scale / 3))
    unit = "percentage points" if percentage else slope.unit
    effect = slope.per_unit * scale * step
    shown = change(effect) if is_share(result.question) else tidy(effect, signed=True)
    per = unit.removesuffix("s") if step == 1 and unit else f"{step:,.12g} {unit}".strip()
    return f"{shown} per {per}" + (" (rough)" if slope.is_rough else "")
