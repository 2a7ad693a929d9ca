"""Answers and fits in notebooks: imported by the public faces, it teaches them to show themselves, in plots too."""

from __future__ import annotations

from html import escape
from typing import Any

from foederis.analysis.answers import Answer, Estimate
from foederis.analysis.asking import is_share
from foederis.history.estimate.results import Fit
from foederis.report.fit_plots import FitPlots
from foederis.report.plots import Plots
from foederis.report.text import question_text
from foederis.report.words import percent, points, probability_word


def answer_html(answer: Answer) -> str:
    """A table of the questions, and the check below it; everything that the file says is escaped."""
    rows = []
    for name, reply in answer.questions.items():
        question = answer.case.questions[name]
        if isinstance(reply, Estimate):
            share = is_share(question)
            show = percent if share else points
            word = probability_word(reply.mean) if share else question.unit
            cells = [question_text(question), show(reply.mean), f"{show(reply.p05)} to {show(reply.p95)}", word]
        else:
            never = reply.to_json()["never"]
            shown = percent(float("nan") if never is None else 1 - never)
            cells = [question_text(question), shown, "", "at some time"]
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = "<tr><th></th><th>mean</th><th>middle 90 % of worlds</th><th></th></tr>"
    note = f"{answer.draws:,} draws, residual {answer.check.residual:.1g}"
    return f"<h4>{escape(answer.case.title)}</h4><table>{head}{''.join(rows)}</table><p>{escape(note)}</p>"


def answer_widget(answer: Answer) -> Any:
    """The pages of the workbench with sliders, answered by this process in the worlds of the answer. Needs the extra
    `widget`.

    Raises:
        ImportError: the extra is not installed.
    """
    try:
        from foederis.web.widget import CaseWidget
    except ModuleNotFoundError as missing:
        raise ImportError("a widget needs anywidget: pip install 'foederis[widget]'") from missing
    return CaseWidget(answer.case, instead=answer_html(answer), like=answer)


# Set here and not in the classes, since analysis and history know nothing of reports.
setattr(Answer, "plot", property(Plots))  # noqa: B010
setattr(Answer, "_repr_html_", answer_html)  # noqa: B010
setattr(Answer, "widget", answer_widget)  # noqa: B010
setattr(Fit, "plot", property(FitPlots))  # noqa: B010
