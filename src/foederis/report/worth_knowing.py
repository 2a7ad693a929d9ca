"""What would be worth knowing, as text: what is best or likely now, then what to find out first."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rich.console import Console

from foederis.analysis.worth_knowing import Learning, WorthKnowing
from foederis.language.case import Case, Decision
from foederis.report.quantities import quantity_range
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.text import question_text, question_unit
from foederis.report.words import counted, listed, percent, points

_NAMED = 5  # of those whose worth cannot be told from nothing


def print_worth_knowing(result: WorthKnowing, console: Console) -> None:
    """Prints what is known, and the uncertain quantities by what it would be worth to learn them."""
    asked = question_text(result.question) if result.question else ""
    if result.decision:
        asked = result.decision.says or f"The decision {result.decision.name}"
    print_line(console, result.case.title, style="bold")
    print_line(console, asked, style="bold")
    setting = f"{result.draws:,} possible worlds (seed {result.seed})."
    if result.left_out:
        setting += f" {counted(result.left_out, 'world')} in which what is given never holds are left out."
    print_line(console, setting, style="dim")
    console.print()
    if result.decision:
        print_line(console, choice_now(result, decision_unit(result.case, result.decision)))
    else:
        print_line(console, forecast_now(result))
    if result.everything:
        _print_plan(result, console)
    console.print()
    print_line(console, f"Checked: largest residual {result.residual:.1g} (limit 1e-9).", style="dim")


def choice_now(result: WorthKnowing, unit: str) -> str:
    """Which option is best as things are known, and how much is lost by not knowing more."""
    means, best = result.means, result.best
    others = sorted((name for name in means if name != best), key=lambda name: -means[name])
    against = listed([f"{points(means[name])} for {name}" for name in others])
    text = f"As things are known, {best} is best: worth {_amount(means[best], unit)} on average, against {against}."
    if not result.everything:
        return f"{text} It is best in every world, so nothing is worth knowing for this decision."
    if not result.ahead:
        text += f" By {result.draws:,} draws it can hardly be told from {others[0]}."
    better = [f"{name} would be better in {percent(share)}" for name in others if (share := result.best_in[name])]
    worst = sorted(result.regret.tolist())[int(0.95 * result.draws)]
    return (
        f"{text} But {listed(better)} of the worlds. To know the world beforehand would be worth "
        f"{_amount(result.everything, unit)} on average, which is the regret of choosing now; in the worst twentieth "
        f"of the worlds that regret is above {points(worst)}."
    )


def forecast_now(result: WorthKnowing) -> str:
    """The forecast as things are known, its score, and how much of that could be learnt."""
    assert result.question is not None
    chance, mean = result.irreducible, result.means[result.best]
    shown = percent(mean) if chance is not None else _amount(mean, question_unit(result.case, result.question))
    if not result.everything:
        return f"{shown} in every world: no uncertain quantity moves it, so nothing is worth knowing for it."
    if chance is None:
        away = points(math.sqrt(result.everything))
        return (
            f"{shown}, as things are known. The mean of a world is {away} away from this (root of the mean square), "
            "and all of that could be learnt. What chance adds within a world is not counted."
        )
    return (
        f"{shown}, as things are known. The Brier score to be expected of this forecast is "
        f"{points(chance + result.everything)} (0 is best). Of that, {points(chance)} is chance and would remain if we "
        f"knew the world; {points(result.everything)} could be learnt."
    )


def _print_plan(result: WorthKnowing, console: Console) -> None:
    console.print()
    print_line(console, "What to find out first", style="bold")
    noticed = [item for item in result.plan if item.noticed]
    if noticed:
        report = "" if result.accuracy is None else f"a report of {percent(result.accuracy)}"
        headers = ("", "of all", "", worth_header(result), report, then_header(result))
        print_rows(console, [_row(result, item) for item in noticed], headers=headers, words=(0, 5))
    for note in _notes(result, noticed, [item for item in result.plan if not item.noticed]):
        print_line(console, note, indent=2, style="dim")


def worth_header(result: WorthKnowing) -> str:
    if result.decision:
        return decision_unit(result.case, result.decision) or "worth"
    return "still unknown" if result.irreducible is None else "Brier score"


def then_header(result: WorthKnowing) -> str:
    return "what you would then choose" if result.decision else "the forecast would run from"


def _row(result: WorthKnowing, item: Learning) -> list[Cell]:
    whole = result.everything
    ends = f"({percent(item.low / whole)} to {percent(min(1.0, item.high / whole))})"
    report = "" if item.report is None else percent(item.report / whole)
    worth = points(item.value)
    if result.question and result.irreducible is None:
        worth = points(math.sqrt(max(0.0, whole - item.value)))
    then = learnt_choices(result, item) if item.forecast is None else learnt_forecasts(result, *item.forecast)
    return [" and ".join(item.quantities), percent(item.value / whole), ends, worth, report, then]


def learnt_forecasts(result: WorthKnowing, low: float, high: float) -> str:
    show = points if result.irreducible is None else percent
    return f"{show(low)} to {show(high)}"


def learnt_choices(result: WorthKnowing, item: Learning) -> str:
    """What the reader would choose once this is known: where, or in how many worlds."""
    options = [option for option, share in item.choices.items() if share and option != result.best]
    ends = [(start, option) for start, option in item.switches]
    places = [place for place, (_, option) in enumerate(ends) if options == [option]]
    if len(places) == 1:
        [place], [option] = places, options
        high = ends[place + 1][0] if place + 1 < len(ends) else math.inf
        where = quantity_range(result.case, item.quantities[0], ends[place][0], high)
        return f"{option} where it is {where} ({percent(item.choices[option])})"
    return listed([f"{option} in {percent(item.choices[option])}" for option in options]) + " of the worlds"


def _notes(result: WorthKnowing, noticed: Sequence[Learning], rest: Sequence[Learning]) -> list[str]:
    notes = []
    if rest:
        names = [" and ".join(item.quantities) for item in rest[:_NAMED]]
        names += [counted(len(rest) - _NAMED, "other")] if len(rest) > _NAMED else []
        notes.append(f"Not to be told from nothing by {result.draws:,} draws: {listed(names)}.")
    if noticed:
        text = (
            "Of all: the part of what it is worth to know the world, with a 90 % interval. The parts need not add up "
        )
        text += "to 100 %: some things are worth knowing only together, or in place of others."
        if any(len(item.quantities) > 1 for item in noticed):
            text += " Quantities that the file correlates are learnt together."
        if result.question and result.irreducible is None:
            text += " Still unknown: the root of the mean square that would be left."
        notes.append(text)
    if result.accuracy is not None:
        rightly = percent(0.5 + math.asin(result.accuracy) / math.pi)
        notes.append(
            f"A report of {percent(result.accuracy)} has a correlation of {result.accuracy:.2g} with the truth (of "
            f"normal scores): of two values it says rightly in {rightly} of cases which is the larger. Its worth is a "
            "part of all too."
        )
    return notes


def decision_unit(case: Case, decision: Decision) -> str:
    """The unit of the worths: the decision's own, or that of the losses that its options plainly are."""
    holders = {holder for text in decision.texts.values() for holder in re.findall(r"losses\(\s*(\w+)\s*\)", text)}
    units = {case.losses_unit(holder) for holder in holders}
    return decision.unit or (units.pop() if len(units) == 1 else "")


def _amount(value: float, unit: str) -> str:
    return f"{points(value)} {unit}".strip()
