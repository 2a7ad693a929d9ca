"""Cases and what-ifs side by side, as text."""

from __future__ import annotations

from rich.console import Console

from foederis.analysis.asking import is_share
from foederis.analysis.compare import Comparison, Side
from foederis.language.case import Case, Question
from foederis.report.setting import differently_text, open_texts, spread_text, worlds_text
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.text import question_unit
from foederis.report.words import change, percent, points


def print_comparison(found: Comparison, console: Console) -> None:
    print_line(console, f"{found.case.title}: {len(found.sides)} sides compared", style="bold")
    print_line(console, f"The same {worlds_text(found.draws, found.seed)}", style="dim")
    for name, question in found.questions.items():
        console.print()
        print_line(console, question_title(found.case, question), style="bold")
        headers = ("", "", "", f"against {found.sides[0].name}", "", "higher in")
        print_rows(console, [_row(question, side, name) for side in found.sides], headers=headers)
    for text in notes(found):
        console.print()
        print_line(console, text, style="dim")
    if found.numbers:
        console.print()
        print_line(console, "Quantities that differ between the files", style="bold")
        rows: list[list[Cell]] = [[name, *(text or "–" for text in texts)] for name, texts in found.numbers]
        print_rows(console, rows, headers=("", *found.files), words=range(len(found.files) + 1))
    console.print()
    print_line(console, f"Checked: largest residual {found.residual:.1g}.", style="dim")


def question_title(case: Case, question: Question) -> str:
    """The question, with the unit of its answer: `loss (bn USD)`; of a `first` question never is what is told."""
    text, unit = question.says or question.name, question_unit(case, question)
    if question.form == "first":
        return f"{text} (the probability of never)"
    return f"{text} ({unit})" if unit else text


def notes(found: Comparison) -> list[str]:
    """What must be known to read the table."""
    texts = ["Changes of probabilities are in percentage points, world by world."]
    for side in found.sides:
        texts += [f"{side.name}: {text}" for text in open_texts(side.imposed_open)]
        if side.asked_differently:
            texts.append(f"{side.name}: {differently_text(side.asked_differently)}")
    if found.left_out:
        texts.append(f"Not asked by all in the same form, and left out: {', '.join(found.left_out)}.")
    gaps = [
        f"{side.name}, {name} ({a.left_out:,})"
        for side in found.sides
        for name, a in side.answers.items()
        if a.left_out
    ]
    if gaps:
        texts.append(f"Worlds without an answer, left out: {'; '.join(gaps)}.")
    return texts


def _row(question: Question, side: Side, name: str) -> list[Cell]:
    answer = side.answers.get(name)
    if answer is None:
        return [side.name, "not asked in this form", "", "", "", ""]
    show, show_change = (percent, change) if is_share(question) else (points, _signed)
    row: list[Cell] = [side.name, show(answer.mean), spread_text(answer, show)]
    if not side.difference:
        return [*row, "", "", ""]
    moved = side.difference[name]
    return [*row, show_change(moved.mean), spread_text(moved, show_change), percent(side.higher[name])]


def _signed(value: float) -> str:
    return points(value, signed=True)
