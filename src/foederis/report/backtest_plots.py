"""The plots of the back-test, as SVG files: calibration, and the Brier scores. Needs matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from foederis.history.backtest import result as names
from foederis.history.backtest.result import BackTest
from foederis.report.plots import BAND, LINES, PlotError, stacked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SPLITS = (names.EXPANDING, names.TO_1944)
_MARKS = "osD"
_BESIDE = ((-16, 6), (6, 6), (6, -13))  # where the number of cases stands, in points
FILES = ("backtest-calibration.svg", "backtest-brier.svg")


def check_plots() -> None:
    """
    Raises:
        PlotError: there is no matplotlib.
    """
    stacked(1, [1])


def calibration(found: BackTest) -> Figure:
    """How often what was foretold came true: the first and the last frozen model and the logit, with bins' sizes."""
    figure, axes = stacked(len(_SPLITS), [9] * len(_SPLITS))
    models = tuple(found.models)
    shown = (models[0], models[-1], found.forecasters[-1])
    for axis, split in zip(axes, _SPLITS, strict=True):
        axis.plot([0, 100], [0, 100], color="black", linewidth=0.8)
        for place, name in enumerate(shown):
            color, dashes = LINES[place]
            bins = found.calibration[split, name]
            at = [100 * one.foretold for one in bins]
            kept = [100 * one.kept for one in bins]
            low, high = ([100 * getattr(one.by_war, end) for one in bins] for end in ("low", "high"))
            axis.vlines(at, low, high, color=color)
            axis.plot(at, kept, _MARKS[place], color=color, linestyle=dashes, label=name)
            for one, x in zip(bins, at, strict=True):
                axis.annotate(
                    f"{one.cases}", (x, 100 * one.kept), _BESIDE[place], textcoords="offset points", color=color
                )
        axis.set_xlim(0, 100)
        axis.set_ylim(-3, 103)
        axis.set_ylabel("kept, %")
        axis.set_title(split, loc="left")
    axes[0].legend(loc="upper left", frameon=False)
    axes[-1].set_xlabel("foretold, %; numbers are cases, bars 95 % intervals drawing whole wars")
    return figure


def scores(found: BackTest) -> Figure:
    """The Brier score of every forecaster with its interval."""
    figure, axes = stacked(len(_SPLITS), [len(found.forecasters)] * len(_SPLITS))
    for axis, split in zip(axes, _SPLITS, strict=True):
        every = [found.score(split, names.ALL, name) for name in found.forecasters]
        places = range(len(every))
        low, high = ([getattr(score.brier_by_war, end) for score in every] for end in ("low", "high"))
        axis.hlines(places, low, high, color=BAND, linewidth=8)
        colors = [LINES[0][0] if score.model else LINES[1][0] for score in every]
        axis.scatter([score.brier for score in every], places, color=colors, zorder=3)
        axis.set_yticks(list(places), [score.forecaster for score in every])
        axis.set_ylim(len(every) - 0.5, -0.5)
        axis.set_xlim(0, None)
        axis.set_title(f"{split}, {every[0].cases} cases", loc="left")
    axes[-1].set_xlabel("Brier score, 95 % interval drawing whole wars; lower is better")
    return figure


def write_plots(found: BackTest, folder: Path) -> list[Path]:
    """Writes both; the same result gives the same files.

    Raises:
        PlotError: there is no matplotlib. OSError: the folder cannot be written to.
    """
    check_plots()
    import matplotlib

    written = []
    with matplotlib.rc_context({"svg.hashsalt": "foederis", "svg.fonttype": "none"}):
        for name, figure in zip(FILES, (calibration(found), scores(found)), strict=True):
            path = folder / name
            _save(figure, path)
            written.append(path)
    return written


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


__all__ = ["FILES", "PlotError", "calibration", "check_plots", "scores", "write_plots"]
