"""What sets the worlds with an outcome apart, as text."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console

from foederis.analysis.asking import is_share
from foederis.analysis.drivers_given import DriversGiven, GivenDriver
from foederis.report.bars import bar, part, span
from foederis.report.drivers import checked_line, uneven_line
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.text import question_text, question_unit
from foederis.report.words import counted, percent, tidy

_BAR = 10
_LITTLE = 0.01  # of many shares below this, some would look sure by chance


def print_drivers_given(result: DriversGiven, console: Console, most: int) -> None:
    """Prints a result; `most` is how many quantities are listed."""
    print_line(console, result.case.title, style="bold")
    print_line(console, f"Where this comes about: {question_text(result.given)}", style="bold")
    print_line(console, worlds_line(result))
    if result.is_thin:
        more = 4 * result.draws
        text = f"That is few: take what follows as hints. --draws {more} would give about {4 * result.effective:,.0f}."
        print_line(console, text)
    console.print()
    apart = [driver for driver in result.drivers if driver.apart > result.apart_noise]
    print_line(console, apart_line(result, apart))
    if apart:
        console.print()
        _print_apart(console, result, apart[:most])
        print_line(console, others_line(result, len(apart), most), indent=2, style="dim")
    console.print()
    print_line(console, f"What moves the answer among these worlds: {question_text(result.question)}", style="bold")
    print_line(console, answer_line(result))
    if result.scale == "rank":
        print_line(console, uneven_line(result.outer_share))
    console.print()
    _print_moves(console, result, most)
    console.print()
    _print_notes(console, result)


def worlds_line(result: DriversGiven) -> str:
    changed = f" Under the what-if {result.what_if}." if result.what_if else ""
    return (
        f"It is {percent(result.likelihood)} on average over {result.draws:,} possible worlds (seed {result.seed}). "
        f"Each world counts here by how likely the outcome is in it; together they say as much as "
        f"{result.effective:,.0f} worlds that count alike.{changed}"
    )


def apart_line(result: DriversGiven, apart: list[GivenDriver]) -> str:
    """The conclusion in one sentence."""
    if not apart:
        return "No quantity differs in these worlds from all worlds by more than chance would make it."
    named = [f"{driver.quantity} ({direction(driver)})" for driver in apart[:3]]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"What sets these worlds apart most: {listed}."


def direction(driver: GivenDriver) -> str:
    """Where the quantity stands in these worlds, by the place of its median among all worlds."""
    off = driver.place - 0.5
    if abs(off) < 0.03:
        return "ends differ"
    return f"{'much ' if abs(off) > 0.2 else 'a bit ' if abs(off) < 0.1 else ''}{'higher' if off > 0 else 'lower'}"


def _print_apart(console: Console, result: DriversGiven, apart: list[GivenDriver]) -> None:
    largest = apart[0].apart
    rows: list[list[Cell]] = []
    for driver in apart:
        show = percent if result.case.distribution(driver.quantity).family == "logitnormal" else tidy
        plain, there = (
            f"{show(values.p50)} ({show(values.p05)} to {show(values.p95)})" for values in (driver.plain, driver.there)
        )
        cells: list[Cell] = [driver.quantity, bar(driver.apart / largest, _BAR // 2), f"{driver.apart:.2f}"]
        rows.append([*cells, plain, f"{there} {driver.unit}".strip(), direction(driver)])
    headers = ["", "", "apart", "median in all worlds", "in these", ""]
    print_rows(console, rows, headers=headers, words=(0, 1, 3, 4, 5), whole=(1, 2))


def others_line(result: DriversGiven, apart: int, most: int) -> str:
    """How many quantities are not in the table, and why."""
    chance = f"than chance would make them (up to {result.apart_noise:.2f})"
    same = len(result.drivers) - apart
    if apart <= most:
        return f"The other {same} differ no more {chance}." if same else "All differ by more than chance would make."
    return f"Not listed: {apart - most} that differ a little, and {same} that differ no more {chance}."


def answer_line(result: DriversGiven) -> str:
    show: Callable[[float], str] = percent if is_share(result.question) else tidy
    unit = question_unit(result.case, result.question)
    mean, plain = (f"{show(value)} {unit}".strip() for value in (result.mean, result.plain_mean))
    return f"It is {mean} on average in these worlds ({show(result.p05)} to {show(result.p95)}), and {plain} in all."


def manner(driver: GivenDriver, noise: float) -> str:
    if driver.first.low > 0 and driver.first.estimate >= _LITTLE:
        return "moves its mean"
    return "moves its spread more than its mean" if driver.shift > noise else "no more than chance"


def _print_moves(console: Console, result: DriversGiven, most: int) -> None:
    ordered = sorted(result.drivers, key=lambda driver: -driver.first.estimate)
    counts = [driver for driver in ordered if manner(driver, result.shift_noise) != "no more than chance"]
    if not counts:
        print_line(console, "No quantity by itself moves it by more than chance would.", indent=2)
        return
    largest = max(driver.first.estimate for driver in counts)
    rows: list[list[Cell]] = [
        [
            driver.quantity,
            bar(driver.first.estimate / largest if largest > 0 else 0.0, _BAR),
            part(driver.first.estimate),
            span(driver.first.low, driver.first.high),
            f"{driver.shift:.2f}",
            manner(driver, result.shift_noise),
        ]
        for driver in counts[:most]
    ]
    print_rows(console, rows, headers=["", "", "by itself", "", "shift", ""], words=(0, 1, 5), whole=range(1, 5))
    others = len(ordered) - len(counts[:most])
    if others:
        print_line(console, f"Each of the other {others} moves it less, or no more than chance would.", indent=2)


def _print_notes(console: Console, result: DriversGiven) -> None:
    if result.left_out:
        print_line(console, f"{counted(result.left_out, 'world')} left out: there is no answer in them.")
    if result.question.given is None and result.question.name != result.given.name:
        text = (
            f"The answer to {result.question.name} is that of each whole world, courses without the outcome included. "
            "To ask about the courses with it alone, write a question with `given` into the file."
        )
        print_line(console, text)
    text = (
        "Apart and shift: distances between two distributions, from 0 to 1 (Kolmogorov and Smirnov); shifts up to "
        f"{result.shift_noise:.2f} may be chance. By itself: the share of the variance that knowing it would take "
        "away. In brackets: the middle 90 % of worlds, and of shares the 90 % interval. What acts only together with "
        "others cannot be seen here; without --given it can."
    )
    print_line(console, text, style="dim")
    print_line(console, checked_line(result.residual), style="dim")
