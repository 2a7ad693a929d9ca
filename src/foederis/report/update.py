"""An update as text: what was observed, what it has changed, which observation has moved what, and the answer."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from foederis.analysis.answers import Estimate
from foederis.analysis.asking import is_share
from foederis.analysis.update_results import Moved, Update, Weighed, as_number
from foederis.language.case import Case, Question
from foederis.report.odds import THIN, few, log_size, ratio_text
from foederis.report.quantities import quantity_value
from foederis.report.setting import observation_text, standing_text
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.text import print_answer, question_text, question_unit
from foederis.report.update_types import print_type_weights, print_types
from foederis.report.words import change, counted, fine_percent, percent, points

_QUANTITIES = 8
_NOTHING = 1e-9  # a smaller difference is rounding


def print_update(found: Update, console: Console) -> None:
    print_line(console, f"{found.case.title} (given what was observed)", style="bold")
    standing = found.answer.standing
    assert standing is not None
    worlds = f"{counted(found.draws, 'possible world')} (seed {found.seed}). {standing_text(standing)}"
    print_line(console, worlds, style="dim")
    _heading(console, "Observed")
    print_rows(console, _observed(found), headers=("", "was to be expected", "is true"), words=(0,))
    _heading(console, "Questions")
    print_rows(console, _questions(found), headers=("", "before", "", "now", "", "change"))
    print_line(console, "Changes of probabilities are in percentage points.", indent=2, style="dim")
    if found.before.types:
        print_types(found, console)
    _print_quantities(found, console)
    _print_weights(found, console)
    console.print()
    print_answer(found.answer, console)


def _heading(console: Console, text: str) -> None:
    console.print()
    print_line(console, text, style="bold")


def _observed(found: Update) -> list[list[Cell]]:
    return [
        [
            observation_text(item.observation),
            percent(item.expected),
            "" if item.credence is None else percent(item.credence),
        ]
        for item in found.weighed
    ]


def _questions(found: Update) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for name, question in found.case.questions.items():
        before, now = as_number(found.before.questions[name]), as_number(found.answer.questions[name])
        show, moved = _shown_by(question)
        unit = question_unit(found.case, question)
        label = (
            question_text(question) + (": never" if question.form == "first" else "") + (f", {unit}" if unit else "")
        )
        rows.append(
            [
                label,
                show(before.mean),
                _band(before, show),
                Text(show(now.mean), style="bold"),
                _band(now, show),
                moved(now.mean - before.mean),
            ]
        )
    return rows


def _shown_by(question: Question) -> tuple[Callable[[float], str], Callable[[float], str]]:
    if is_share(question):
        return percent, change
    return points, lambda value: points(value, signed=True)


def _band(estimate: Estimate, show: Callable[[float], str]) -> str:
    return f"({show(estimate.p05)} to {show(estimate.p95)})" if len(estimate.defined) > 1 else ""


def _print_quantities(found: Update, console: Console) -> None:
    moved = [item for item in found.moved if item.noticed]
    _heading(console, "Uncertain quantities that have moved")
    if not moved:
        print_line(console, "None by more than chance would show at this number of worlds.", indent=2)
        return
    rows = [_quantity(found.case, item) for item in moved[:_QUANTITIES]]
    print_rows(console, rows, headers=("", "before", "", "now", "", "distance"))
    rest = len(moved) - _QUANTITIES
    more = f" {counted(rest, 'other')} moved less (--json has them all)." if rest > 0 else ""
    still = len(found.moved) - len(moved)
    note = f"Medians and the middle 90 %; distance: 0 if nothing has moved, 1 if nothing overlaps.{more}"
    print_line(console, note + (f" {still} did not move." if still else ""), indent=2, style="dim")


def _quantity(case: Case, item: Moved) -> list[Cell]:
    def show(value: float) -> str:
        return quantity_value(case, item.quantity, value)

    cells: list[Cell] = [item.quantity]
    for estimate in (item.before, item.after):
        cells += [show(estimate.p50), f"({show(estimate.p05)} to {show(estimate.p95)})"]
    return [*cells, f"{item.distance:.2f}"]


def _print_weights(found: Update, console: Console) -> None:
    """For each question and hypothesis asked about: what would be said without each observation."""
    for name in found.weighed_for:
        question = found.case.questions[name]
        show, moved = _shown_by(question)
        _heading(console, f"Which observation moved it: {question_text(question)}")
        now = as_number(found.answer.questions[name]).mean
        rows: list[list[Cell]] = []
        for item in _by_weight(found, name):
            without = as_number(item.without[name]).mean
            gap = now - without if abs(now - without) > _NOTHING else 0.0
            row = [observation_text(item.observation), show(without) + few(item.effective), moved(gap)]
            rows.append([*row, ratio_text(item.ratios[name]) if is_share(question) else ""])
        print_rows(console, rows, headers=("", "without it", "it adds", "odds times" if is_share(question) else ""))
    for hypothesis in found.hypotheses:
        before = hypothesis.probability(found.before.quantities, None)
        after = hypothesis.probability(found.answer.quantities, found.answer.weights)
        _heading(console, f"Hypothesis {hypothesis.text}: {fine_percent(before)} before, {fine_percent(after)} now")
        rows = [
            [observation_text(item.observation), ratio_text(item.between[hypothesis.text]) + few(item.effective)]
            for item in found.weighed
        ]
        print_rows(console, rows, headers=("", "odds times"))
    print_type_weights(found, console)
    if found.weighed_for or found.hypotheses or found.before.types:
        text = (
            "Odds times: how many times likelier the observation is if it comes true than if not, given all the others."
        )
        if any(few(item.effective) for item in found.weighed):
            text += f" [few]: what would be said without it rests on fewer than {THIN:.0f} worlds."
        print_line(console, text, indent=2, style="dim")


def _by_weight(found: Update, name: str) -> list[Weighed]:
    """The observations, the one that has moved the answer most first."""
    now = as_number(found.answer.questions[name]).mean

    def weight(item: Weighed) -> float:
        ratio = item.ratios[name]
        return abs(now - as_number(item.without[name]).mean) if ratio is None else log_size(ratio)

    return sorted(found.weighed, key=weight, reverse=True)
