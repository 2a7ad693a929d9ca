"""Static plots of an answer for notebooks and papers: `answer.plot.questions()` and the like. Needs matplotlib."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foederis.analysis.answers import Answer, Estimate, FirstTime
from foederis.analysis.asking import is_share
from foederis.report.text import question_text
from foederis.report.words import plain_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito (2008), and a lighter shade of their blue; lines differ in their dashes too.
_BLUE, BAND = "#0072B2", "#A5CDE6"
LINES = (("#0072B2", "-"), ("#D55E00", "--"), ("#009E73", "-."), ("#CC79A7", ":"), ("#000000", (0, (6, 2))))
_MISSING = "plots need matplotlib: pip install 'foederis[plots]'"


class PlotError(Exception):
    """A plot that cannot be made, with what to do."""


@dataclass(frozen=True)
class Plots:
    """The plots of an answer; each method gives a new figure, which a notebook shows."""

    answer: Answer

    def questions(self) -> Figure:
        """The mean of each question and the middle 90 % of the worlds: probabilities, then each amount by itself."""
        case = self.answer.case
        found = {name: reply for name, reply in self.answer.questions.items() if isinstance(reply, Estimate)}
        shares = [name for name in found if is_share(case.questions[name])]
        amounts = [name for name in found if name not in shares]
        if not found:
            raise PlotError("no question of this case has one number as its answer")
        heights = ([len(shares)] if shares else []) + [1] * len(amounts)
        figure, axes = stacked(len(heights), heights)
        rest = list(axes)
        if shares:
            first = rest.pop(0)
            _ranges(first, [question_text(case.questions[n]) for n in shares], [found[n] for n in shares], 100)
            first.set_xlim(0, 100)
            first.set_xlabel("probability, %")
        for axis, name in zip(rest, amounts, strict=True):
            _ranges(axis, [question_text(case.questions[name])], [found[name]])
            axis.set_xlim(*_with_zero(axis.get_xlim()))
            axis.set_xlabel(case.questions[name].unit)
        return figure

    def through_time(self) -> Figure:
        """The probability of each level of each variable at the end of each step, in the mean over the worlds."""
        answer = self.answer
        variables = {name: v for name, v in answer.case.variables.items() if name in answer.through_time}
        moving = {
            name: answer.through_time[name]
            for name, v in variables.items()
            if np.any(answer.through_time[name][v.levels[v.start]] < 1 - 1e-12)
        }
        if not moving:
            raise PlotError("no variable of this case ever changes")
        figure, axes = stacked(len(moving), [4] * len(moving))
        for axis, (name, levels) in zip(axes, moving.items(), strict=True):
            for place, (level, series) in enumerate(levels.items()):
                color, dashes = LINES[place % len(LINES)]
                mean = 100 * np.average(series, axis=0, weights=answer.weights)
                steps = range(1, len(mean) + 1)
                axis.plot(steps, mean, color=color, linestyle=dashes, label=plain_name(level))
            axis.set_ylim(0, 100)
            axis.set_ylabel("%")
            axis.set_title(plain_name(name), loc="left")
            axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
        axes[-1].set_xlabel(f"steps of {answer.case.clock.step_text}")
        return figure

    def first_moves(self) -> Figure:
        """What each actor does in its first turn: mean and middle 90 % of the worlds for each option."""
        moves = {actor: options for actor, options in self.answer.first_moves.items() if options}
        if not moves:
            raise PlotError("nobody moves in this case")
        figure, axes = stacked(len(moves), [len(options) for options in moves.values()])
        for axis, (actor, options) in zip(axes, moves.items(), strict=True):
            _ranges(axis, [plain_name(name) for name in options], list(options.values()), 100)
            axis.set_xlim(0, 100)
            axis.set_title(plain_name(actor), loc="left")
        axes[-1].set_xlabel("probability in the first step, %")
        return figure

    def what_ifs(self, question: str | None = None) -> Figure:
        """By how much each what-if moves the answer to a question, world by world; the first question if None."""
        case, found = self.answer.case, self.answer.what_ifs
        asked = question or next((n for n, r in self.answer.questions.items() if isinstance(r, Estimate)), None)
        if asked is None or asked not in self.answer.questions:
            raise PlotError(
                f"there is no question `{asked}` to compare" if asked else "there is no question to compare"
            )
        moved = {name: w.difference[asked] for name, w in found.items() if asked in w.difference}
        if not moved:
            raise PlotError('no what-if was solved: fd.solve(case, what_ifs="all")')
        figure, [axis] = stacked(1, [len(moved)])
        share = is_share(case.questions[asked])
        labels = [case.whatifs[name].says or plain_name(name) for name in moved]
        _ranges(axis, labels, [_number(change) for change in moved.values()], 100 if share else 1)
        axis.axvline(0, color="black", linewidth=0.8)
        figure.suptitle(textwrap.fill(question_text(case.questions[asked]), 70), x=0.01, ha="left")
        axis.set_xlabel("change, percentage points" if share else f"change, {case.questions[asked].unit}".rstrip(", "))
        return figure


def _number(reply: Estimate | FirstTime) -> Estimate:
    """One number of a difference; for a question with `first`, that of its ever happening."""
    return reply if isinstance(reply, Estimate) else Estimate(-reply.never, "", reply.weights)


def _with_zero(ends: tuple[float, float]) -> tuple[float, float]:
    """An axis of amounts shows where nothing is."""
    return min(ends[0], 0.0), max(ends[1], 0.0)


def stacked(count: int, heights: Sequence[int]) -> tuple[Figure, list[Axes]]:
    """A figure of stacked axes, as high as their rows."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise PlotError(_MISSING) from None
    # Without pyplot: a figure belongs to nobody but its caller, and no window or backend is touched.
    figure = Figure(figsize=(8, 0.9 * count + 0.4 * sum(heights)), layout="constrained")
    axes: Any = figure.subplots(count, 1, height_ratios=[height + 1 for height in heights], squeeze=False)
    for axis in axes[:, 0]:
        axis.spines[["top", "right"]].set_visible(False)
    return figure, list(axes[:, 0])


def _ranges(axis: Axes, labels: Sequence[str], estimates: Sequence[Estimate], times: float = 1) -> None:
    """Rows of bands with a mark on the mean, the first at the top."""
    places = range(len(labels))
    low, mean, high = ([times * getattr(e, part) for e in estimates] for part in ("p05", "mean", "p95"))
    axis.hlines(places, low, high, color=BAND, linewidth=8)
    axis.plot(mean, places, "o", color=_BLUE)
    # Dollars in a name are money and no formulas.
    axis.set_yticks(list(places), [textwrap.fill(label, 45).replace("$", r"\$") for label in labels])
    axis.set_ylim(len(labels) - 0.5, -0.5)
