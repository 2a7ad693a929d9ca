"""Scenario discovery as text: the box first, then what limits it, then the menu."""

from __future__ import annotations

import math

from rich.console import Console
from rich.text import Text

from foederis.analysis.asking import is_share
from foederis.analysis.boxes import Found, Offer, Restriction
from foederis.analysis.chance import effective_size
from foederis.analysis.discover import Discovery
from foederis.report.quantities import quantity_range
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.text import question_text, question_unit
from foederis.report.words import counted, listed, percent

_SIGNS = {">": "above", ">=": "at least", "<": "below", "<=": "at most"}
_STEP = 0.1  # of density, from one line of the menu to the next
_ALL = ("where none holds", "where that holds", "where both hold", "where all three hold", "where all four hold")


def print_discover(result: Discovery, console: Console) -> None:
    """Prints the boxes that were found, how they hold elsewhere, and the menu of the first."""
    print_line(console, result.case.title, style="bold")
    print_line(console, _asked(result), style="bold")
    print_line(console, _setting(result), style="dim")
    console.print()
    if not result.boxes:
        text = (
            "No uncertain quantity sets these worlds apart: in each, they look like the rest. More draws may find one."
        )
        print_line(console, text)
    for place, box in enumerate(result.boxes):
        if place == 1:
            print_line(console, "More boxes, in the worlds that are left over", style="bold")
        _print_box(result, place, box, console)
    if result.boxes:
        _print_menu(result.boxes[0], console)
    console.print()
    print_line(console, f"Checked: largest residual {result.residual:.1g} (limit 1e-9).", style="dim")


def _asked(result: Discovery) -> str:
    question = result.case.questions[result.when.question]
    text = question_text(question)
    value = f"{result.when.value:,.6g} {question_unit(result.case, question)}".strip()
    if is_share(question):
        value = f"{100 * result.when.value:.4g} %"
    return f"{text}{' In' if text.endswith('?') else ': in'} which worlds {_SIGNS[result.when.sign]} {value}?"


def _setting(result: Discovery) -> str:
    first, second = result.worlds
    text = (
        f"{result.draws:,} possible worlds (seed {result.seed}): boxes are found in {len(first.cases):,} of them and "
    )
    text += f"checked in the other {len(second.cases):,}. It is so in {percent(first.share)} of the former and in "
    text += f"{percent(second.share)} of the latter."
    if result.what_if:
        text = f"Under the what-if {result.what_if}. {text}"
    if result.left_out:
        text += f" {counted(result.left_out, 'world')} in which what is given never holds are left out."
    weights = [worlds.weights[worlds.weights > 0] for worlds in result.worlds]
    if any((found != found[:1]).any() for found in weights):
        counts = [f"{effective_size(part.weights):,.0f}" for part in (first, second)]
        text += f" By their weights they count as {counts[0]} and {counts[1]}."
    return text


def _print_box(result: Discovery, place: int, box: Found, console: Console) -> None:
    if not box.restrictions:
        print_line(console, "This box has no limits: it holds all worlds.")
        console.print()
        return
    first, second = result.worlds
    found, elsewhere = box.offer.found, box.offer.elsewhere
    limits = [f"{result.quantities[item.place]} is {_limit(result, item)}" for item in box.restrictions]
    holds = _ALL[len(limits)] if len(limits) < len(_ALL) else "where all hold"
    text = (
        f"In {'another ' if place else ''}{percent(found.coverage)} of these worlds, {listed(limits)}; {holds}, it is "
        f"so in {percent(found.density)}, against {percent(first.share)} of all worlds. In the worlds not used to find "
        f"this: {percent(elsewhere.coverage)} and {percent(elsewhere.density)}, against {percent(second.share)}."
    )
    print_line(console, text + _warning(result, box.offer))
    console.print()
    rows = [
        [result.quantities[x.place], _limit(result, x), _part(x), _chance(x.quasi_p), _chance(x.p)]
        for x in box.restrictions
    ]
    print_rows(console, rows, headers=("", "limits", "of all worlds", "by chance", "elsewhere"), words=(0, 1, 2))
    if place == 0:
        print_line(console, _notes(result, box), indent=2, style="dim")
    console.print()


def _notes(result: Discovery, box: Found) -> str:
    return (
        "By chance: how likely the box would hold as many of these worlds if the limit meant nothing (quasi-p-value). "
        "Where limits were sought this is too small; elsewhere it is fair. They were sought for "
        f"{len(box.sieved)} of {len(result.quantities)} uncertain quantities: in each of the others, these worlds look "
        "like the rest."
    )


def _warning(result: Discovery, offer: Offer) -> str:
    """Said where a box does clearly worse in other worlds than chance explains."""
    worlds, density = result.worlds[1], offer.elsewhere.density
    size = effective_size(worlds.weights[offer.box.holds(worlds.inputs)])
    if math.isnan(density):
        return " None of those lie in the box: it is too small to be judged."
    spread = math.sqrt(max(density * (1 - density), 0.25 / size) / size)
    if offer.found.density - density <= 2 * spread:
        return ""
    return " It fits the worlds in which it was found better than others: go by the second pair of numbers."


def _limit(result: Discovery, item: Restriction) -> str:
    return quantity_range(result.case, result.quantities[item.place], item.lower, item.upper)


def _part(item: Restriction) -> str:
    if math.isinf(item.upper):
        return f"the upper {percent(item.share)}"
    return f"the {'lower' if math.isinf(item.lower) else 'middle'} {percent(item.share)}"


def _chance(share: float) -> str:
    return "< 0.1 %" if share == 0 else percent(share)


def _print_menu(box: Found, console: Console) -> None:
    print_line(console, "The menu: more limits, denser and smaller boxes (--box NUMBER takes another)", style="bold")
    rows: list[list[Cell]] = []
    for offer in _thinned(box):
        found, elsewhere = offer.found, offer.elsewhere
        marks = ["suggested"] if offer.number == box.suggested else []
        marks += ["taken"] if offer.number == box.chosen != box.suggested else []
        numbers = (found.coverage, found.density, found.mass, elsewhere.coverage, elsewhere.density)
        cells = [str(offer.number), str(offer.box.dimensions), *map(percent, numbers), ", ".join(marks)]
        style = "bold" if offer.number == box.chosen else ""
        rows.append([Text(cell, style=style) for cell in cells])
    headers = ("box", "limited", "coverage", "density", "of all worlds", "elsewhere: coverage", "density", "")
    print_rows(console, rows, headers=headers, words=(7,))
    note = (
        "Limited: for how many quantities. Coverage: how many of these worlds lie in the box. Density: how many worlds "
        "in the box are such. Suggested is the box with the largest harmonic mean of the two, without those of its "
        "limits that chance may explain (quasi-p-value above 5 %)."
    )
    print_line(console, note, indent=2, style="dim")


def _thinned(box: Found) -> list[Offer]:
    """The last box for each number of limited quantities and each step of density, and those that are marked."""
    last = {(offer.box.dimensions, math.floor(offer.found.density / _STEP)): offer.number for offer in box.menu}
    shown = {0, box.suggested, box.chosen, *last.values()}
    return [offer for offer in box.menu if offer.number in shown]
