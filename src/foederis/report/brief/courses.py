"""How it may go: single courses of the crisis, as examples."""

from __future__ import annotations

from foederis.analysis.histories import Histories
from foederis.analysis.telling import History
from foederis.language.case import Case
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, nothing
from foederis.report.brief.tables import more, stacked
from foederis.report.histories import conclusion, ending_lines, history_rows, legend
from foederis.report.text import question_text
from foederis.report.words import plain_name

HEADS = (("When", "range"), ("What happens", "q"), ("Likely", "v"), ("What it changes", "why"))


def courses(material: Material) -> Section | None:
    title = "How it may go: single courses"
    if not material.courses:
        return nothing("courses", title, material.missing)
    likeliest, *drawn = material.courses
    refused = tag("p", f"{material.missing['courses']}.", class_="legend") if "courses" in material.missing else None
    body = join(refused, _told(likeliest), [more("Courses drawn at random", _told(found)) for found in drawn])
    return Section("courses", title, "How it may go", body)


def _told(found: Histories) -> Markup:
    several = len(found.histories) > 1
    parts = [
        join(tag("h3", f"Course {place}") if several else None, _history(found.case, history))
        for place, history in enumerate(found.histories, 1)
    ]
    return join(tag("p", conclusion(found)), tag("p", " ".join(legend(found)), class_="legend"), parts)


def _history(case: Case, history: History) -> Markup:
    rows: list[list[Child]] = []
    for date, step, what, share, changes in history_rows(case, history):
        when = " · ".join(part for part in (str(date), str(step)) if part)
        rows.append([when, plain_name(str(what)), str(share), plain_name(str(changes))])
    return join(stacked(HEADS, rows), tag("p", " ".join(_ending(case, history)), class_="legend"))


def _ending(case: Case, history: History) -> list[str]:
    """How it stands at the end, what is lost, and which questions have yes as their answer."""
    holders = {exposure.holder for exposure in case.exposures.values()}
    true = [question_text(case.questions[name]) for name, reply in history.answers.items() if reply is True]
    said = list(ending_lines(case, history))[: 1 + len(holders)]
    return [*said, f"Yes: {' · '.join(true)}"] if true else said
