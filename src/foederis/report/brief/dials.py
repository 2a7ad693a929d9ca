"""Dials: a few quantities that a reader may turn, with answers worked out beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np

from foederis.analysis.answers import Floats
from foederis.analysis.asking import is_share
from foederis.analysis.dials import SHARES, Dials, interpolate
from foederis.language.case import Case
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Markup, join, tag
from foederis.report.brief.phrases import Section, asked, nothing, quantity_name, shower
from foederis.report.brief.svg import SHARES as WHOLE
from foederis.report.brief.svg import range_bar, scale_for
from foederis.report.brief.tables import stacked
from foederis.report.text import question_text, question_unit
from foederis.report.words import change, counted, percent, points

# A dial runs over the points of the grid; between two of them it has so many stops.
STOPS = 10
HEADS = (("Question", "q"), ("", "b"), ("In this world", "v"))


def dials_section(material: Material) -> Section | None:
    dials = material.dials
    if dials is None:
        return nothing("dials", "Turn the numbers", material.missing)
    body = join(
        tag("p", _reading(material, dials), class_="legend"),
        tag("p", "The dials need JavaScript. Without it, the table shows the world in the middle.", class_="no-script"),
        tag(
            "div",
            [_dial(material.case, name, values) for name, values in dials.points.items()],
            tag("p", tag("button", "Back to the middle", type="button", id="dials-reset")),
            class_="dials",
            hidden=True,
        ),
        stacked(HEADS, [_row(material, name, answers) for name, answers in dials.answers.items()]),
        tag("p", _errors(material.case, dials), class_="legend"),
    )
    return Section("dials", "Turn the numbers", "Turn the numbers", body)


def _reading(material: Material, dials: Dials) -> str:
    each = len(SHARES)
    total = each ** len(dials.points)
    return (
        f"This is one world and not the mean over worlds, so its numbers differ from those above. The "
        f"{counted(len(dials.points), 'number')} here move the first answer most. Answers are precomputed at {each} "
        f"points of each, in all {total:,} combinations, with all other numbers at their medians; between points they "
        "are interpolated in straight lines. Each dial ends where the middle 90 % of its range ends."
    )


def is_percentage(case: Case, name: str) -> bool:
    return "%" in case.quantities[name].text


def value_text(case: Case, name: str, value: float) -> str:
    text = percent(value) if is_percentage(case, name) else points(value)
    return f"{text} {case.quantities[name].unit}".strip()


def _dial(case: Case, name: str, values: Floats) -> Markup:
    quantity = case.quantities[name]
    middle = (len(values) - 1) // 2
    why = next((reason.says for reason in quantity.because if reason.says), "")
    ends = [tag("span", value_text(case, name, float(values[place]))) for place in (0, -1)]
    return tag(
        "div",
        tag(
            "label",
            quantity_name(name),
            " ",
            tag("output", value_text(case, name, float(values[middle])), for_=f"dial-{name}"),
            for_=f"dial-{name}",
        ),
        tag(
            "input",
            type="range",
            id=f"dial-{name}",
            min=0,
            max=(len(values) - 1) * STOPS,
            value=middle * STOPS,
            step=1,
            data_dial=name,
            aria_describedby=f"why-{name}" if why else None,
        ),
        tag("div", ends, class_="ends", aria_hidden="true"),
        tag("p", why, class_="legend", id=f"why-{name}") if why else None,
        class_="dial",
    )


def _middle(answers: Floats) -> float:
    return interpolate(answers, np.array([(size - 1) // 2 for size in answers.shape], dtype=np.float64))


def _row(material: Material, name: str, answers: Floats) -> list[Markup]:
    case = material.case
    question = case.questions[name]
    share = is_share(question)
    value = _middle(answers)
    scale = WHOLE if share else scale_for([float(x) for x in answers.ravel()])
    shown = f"{shower(share)(value)} {question_unit(case, question)}".strip()
    bar = range_bar(scale, value, value, value, question_text(question), shown)
    return [asked(question), tag("span", bar, data_bar=name), tag("span", shown, data_turned=name)]


def _errors(case: Case, dials: Dials) -> str:
    """By how much the interpolation was wrong where it was tried."""
    shares = [error for name, error in dials.error.items() if is_share(case.questions[name]) and np.isfinite(error)]
    parts = []
    if shares:
        parts.append(f"{change(max(shares)).lstrip('+')} percentage points for a probability")
    for name, error in dials.error.items():
        if not is_share(case.questions[name]) and np.isfinite(error):
            unit = question_unit(case, case.questions[name])
            parts.append(f"{points(error)} {unit}".strip() + f" for “{question_text(case.questions[name])}”")
    return (
        f"Tried in {dials.trials} worlds between the points, the interpolation was off by at most: {'; '.join(parts)}."
    )


def dials_data(material: Material) -> dict[str, Any] | None:
    """What the page needs to turn the dials: points, answers in the order of the grid, and how numbers are shown."""
    dials, case = material.dials, material.case
    if dials is None:
        return None
    questions = {}
    for name, answers in dials.answers.items():
        question = case.questions[name]
        share = is_share(question)
        scale = WHOLE if share else scale_for([float(x) for x in answers.ravel()])
        questions[name] = {
            "answers": [_short(x) for x in answers.ravel()],
            "share": share,
            "unit": question_unit(case, question),
            "low": _short(scale.low),
            "high": _short(scale.high),
        }
    return {
        "names": list(dials.points),
        "points": [[_short(x) for x in values] for values in dials.points.values()],
        "percent": [is_percentage(case, name) for name in dials.points],
        "units": [case.quantities[name].unit for name in dials.points],
        "stops": STOPS,
        "questions": questions,
    }


def _short(value: float) -> float | None:
    """Six digits are more than a page shows."""
    return float(f"{value:.6g}") if np.isfinite(value) else None
