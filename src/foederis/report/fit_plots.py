"""Static plots of a fit: `fit.plot.coefficients()`, `fit.plot.probabilities("balanc")`. Needs matplotlib."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

from foederis.report.plots import LINES, stacked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from foederis.history.estimate.results import Fit

_LEVEL = 0.95


@dataclass(frozen=True)
class FitPlots:
    """The plots of a fit; each method gives a new figure, which a notebook shows."""

    fit: Fit

    def coefficients(self) -> Figure:
        """Each coefficient with its 95 % interval: of the bootstrap if there was one, else normal."""
        fit = self.fit
        if fit.bootstrap is not None:
            low, high = fit.bootstrap.interval(_LEVEL)
        else:
            reach = float(ndtri((1 + _LEVEL) / 2)) * fit.standard_errors
            low, high = fit.coefficients - reach, fit.coefficients + reach
        places = np.arange(len(fit.names))
        figure, [axis] = stacked(1, [len(places)])
        axis.axvline(0, color="black", linewidth=0.8)
        # Where an error is not known there is no bar, and the mark is hollow.
        known = np.isfinite(low)
        axis.hlines(places[known], low[known], high[known], color=LINES[0][0])
        axis.plot(fit.coefficients[known], places[known], "o", color=LINES[0][0])
        axis.plot(fit.coefficients[~known], places[~known], "o", color=LINES[0][0], markerfacecolor="white")
        axis.set_yticks(places, [str(name).replace("$", r"\$") for name in fit.names])
        axis.set_ylim(len(places) - 0.5, -0.5)
        axis.set_xlabel("estimate and 95 % interval")
        return figure

    def probabilities(self, column: str, at: Any = None, *, others: Mapping[str, Any] | None = None) -> Figure:
        """What is predicted along one column, with its 95 % band, all other columns standing still.

        Args:
            at, others: as of Fit.profile.
        Raises:
            FitError: no such column.
            PlotError: no matplotlib.
        """
        profile = self.fit.profile(column, at, others=others)
        # Of the ultimatum form, how likely an offer is accepted; the offer itself is no probability.
        shares = [name for name in profile.names if self.fit.form != "ultimatum" or name == "accepted"]
        words = isinstance(profile.at[0], str)
        places = np.arange(len(profile.at), dtype=float) if words else np.asarray(profile.at, dtype=float)
        figure, [axis] = stacked(1, [8])
        for rank, name in enumerate(shares):
            color, dashes = LINES[rank % len(LINES)]
            mean, low, high = (
                100 * values[:, profile.names.index(name)] for values in (profile.mean, profile.low, profile.high)
            )
            if words:
                # Side by side, so that bars do not hide each other.
                aside = places + 0.08 * (rank - (len(shares) - 1) / 2)
                axis.vlines(aside, low, high, color=color, linestyle=dashes)
                axis.plot(aside, mean, "o", color=color, label=name)
            else:
                axis.fill_between(places, low, high, color=color, alpha=0.15, linewidth=0)
                axis.plot(places, mean, color=color, linestyle=dashes, label=name)
        if words:
            axis.set_xticks(places, [str(value) for value in profile.at])
        axis.set_ylim(0, 100)
        axis.set_xlabel(column)
        axis.set_ylabel("probability, %")
        axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
        return figure
