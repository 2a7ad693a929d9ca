"""What moves the answer: shares of its variance, and what each number does by itself."""

from __future__ import annotations

from foederis.analysis.asking import is_share
from foederis.analysis.driver_results import HARDLY, Driver, Drivers, Slope
from foederis.report.bars import part, span
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, asked, nothing, quantity_name
from foederis.report.brief.svg import Scale, range_bar, scale_for
from foederis.report.brief.tables import stacked
from foederis.report.drivers import conclusion, range_end, rest_line, slope_words, uneven_line
from foederis.report.words import counted, fine_percent, points

HEADS = (("Number", "q"), ("Share of the variance", "b"), ("", "n"), ("How it acts", "w"), ("By itself", "does"))


def drivers(material: Material) -> Section | None:
    found = material.drivers
    if found is None:
        return nothing("drivers", "What moves it", material.missing)
    shown = [driver for driver in found.drivers if driver.manner != HARDLY]
    minor = [driver.label for driver in found.drivers if driver.manner == HARDLY]
    rows = [*shown, *([found.rest] if found.rest else [])]
    scale = scale_for([end for driver in rows for end in (driver.total.low, driver.total.estimate, driver.total.high)])
    body = join(
        tag("h3", asked(found.question)),
        tag("p", conclusion(found)),
        tag("p", uneven_line(found.outer_share)) if found.scale == "rank" else None,
        tag("p", _reading(found), class_="legend"),
        stacked(HEADS, [_row(found, driver, scale) for driver in rows], "labelled driving"),
        tag("p", f"Hardly at all ({counted(len(minor), 'other')}): {', '.join(minor)}.") if minor else None,
        tag("p", rest_line(found, found.rest).partition(" A larger --keep")[0], class_="legend")
        if found.rest
        else None,
    )
    return Section("drivers", "What moves it", "What moves it", body)


def headline(found: Drivers) -> Markup:
    """What the first answer hangs on most, for the bottom line."""
    leading = [driver for driver in found.drivers if driver.manner != HARDLY][:3]
    if not leading:
        return join("No single number moves the first answer by much.")
    spread = "of the spread of its rank" if found.scale == "rank" else "of its spread over the worlds"
    named = [
        join(
            join(*(quantity_name(name) for name in driver.quantities), between=" + "),
            f" ({part(driver.total.estimate)}{'' if place else f' {spread}'})",
        )
        for place, driver in enumerate(leading)
    ]
    return join("The first answer hangs most on ", join(*named, between=", "), ".")


def _reading(found: Drivers) -> str:
    left_out = f" In {found.left_out:,} rows the question has no answer." if found.left_out else ""
    return (
        "How much of the spread of this answer over the worlds hangs on a number, by itself and with others; the bar "
        "is the 90 % interval of that share. What several numbers do jointly counts for each of them. The last column "
        "moves one number through the middle 90 % of its range, with all others at their medians. "
        f"{found.budget.solves:,} worlds were solved.{left_out}"
    )


def _row(found: Drivers, driver: Driver, scale: Scale) -> list[Child]:
    total = driver.total
    low, high = max(total.low, 0.0), total.high
    label = driver.label if driver.is_rest else join([quantity_name(name) for name in driver.quantities], between=" + ")
    shown = f"{part(total.estimate)} {span(total.low, total.high)}"
    bar = range_bar(scale, low, total.estimate, high, f"{driver.label}: share of the variance", shown)
    slopes = {slope.quantity: slope for slope in found.slopes}
    alone = [] if driver.is_rest else [tag("p", _alone(found, slopes[name])) for name in driver.quantities]
    return [label, bar, shown, driver.manner, alone]


def _alone(found: Drivers, slope: Slope) -> Markup:
    """`92.9 % at 10 points, 83 % at 40 points: −5.0 per 10 points`."""
    show = fine_percent if is_share(found.question) else points
    low, high = (f"{range_end(found, slope, value)} {slope.unit}".strip() for value in (slope.low, slope.high))
    text = f"{show(slope.at_low)} at {low}, {show(slope.at_high)} at {high}"
    return join(text, tag("small", f"; {slope_words(found, slope)}"))


def matter(found: Drivers | None, quantity: str) -> float:
    """The share of the first answer's variance that hangs on a quantity; 0 for one that was not looked at by itself."""
    if found is None:
        return 0.0
    return max((driver.total.estimate for driver in found.drivers if quantity in driver.quantities), default=0.0)
