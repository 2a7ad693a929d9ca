"""Foederis: when a crisis comes, who will back whom, how far, why, and what would change it?

import foederis as fd

case = fd.load("kremlin")
answer = fd.solve(case, draws=4096)
answer.questions["intervenes"].mean
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from foederis._version import __version__

if TYPE_CHECKING:
    from foederis import history
    from foederis.analysis.answers import Answer, Estimate, FirstTime, WhatIfAnswer
    from foederis.analysis.claims import claims
    from foederis.analysis.compare import compare
    from foederis.analysis.discover import Discovery, discover
    from foederis.analysis.driver_results import Drivers
    from foederis.analysis.drivers import drivers
    from foederis.analysis.drivers_given import DriversGiven, drivers_given
    from foederis.analysis.exposure import exposure
    from foederis.analysis.gallery import gallery, load, loads
    from foederis.analysis.histories import Histories, histories
    from foederis.analysis.risk import ExposureAtRisk
    from foederis.analysis.solving import solve
    from foederis.analysis.tipping import tipping
    from foederis.analysis.update import update
    from foederis.analysis.update_results import Update
    from foederis.analysis.why import why
    from foederis.analysis.worth_knowing import WorthKnowing, worth_knowing
    from foederis.diagnostics import CaseError, Diagnostic, ResidualError
    from foederis.ensembles.errors import EnsembleError
    from foederis.ensembles.query import Table, query
    from foederis.ensembles.run import Ensemble, ensemble
    from foederis.history.backtest.result import BackTest
    from foederis.history.backtest.running import backtest
    from foederis.history.base_rates import BaseRate, base_rate
    from foederis.history.datasets.dataset import DataError
    from foederis.history.outside import outside
    from foederis.history.outside_results import Outside
    from foederis.language.case import Case
    from foederis.report.brief.make import BriefError, report

# Imported when first asked for: jax, scipy and the rest together take two seconds (PEP 562).
_PLACES = {
    "Answer": "foederis.analysis.answers",
    "BackTest": "foederis.history.backtest.result",
    "BaseRate": "foederis.history.base_rates",
    "BriefError": "foederis.report.brief.make",
    "Case": "foederis.language.case",
    "CaseError": "foederis.diagnostics",
    "DataError": "foederis.history.datasets.dataset",
    "Diagnostic": "foederis.diagnostics",
    "Drivers": "foederis.analysis.driver_results",
    "DriversGiven": "foederis.analysis.drivers_given",
    "Discovery": "foederis.analysis.discover",
    "Ensemble": "foederis.ensembles.run",
    "EnsembleError": "foederis.ensembles.errors",
    "Estimate": "foederis.analysis.answers",
    "ExposureAtRisk": "foederis.analysis.risk",
    "FirstTime": "foederis.analysis.answers",
    "Histories": "foederis.analysis.histories",
    "Outside": "foederis.history.outside_results",
    "ResidualError": "foederis.diagnostics",
    "Table": "foederis.ensembles.query",
    "Update": "foederis.analysis.update_results",
    "WhatIfAnswer": "foederis.analysis.answers",
    "backtest": "foederis.history.backtest.running",
    "base_rate": "foederis.history.base_rates",
    "claims": "foederis.analysis.claims",
    "compare": "foederis.analysis.compare",
    "drivers": "foederis.analysis.drivers",
    "drivers_given": "foederis.analysis.drivers_given",
    "ensemble": "foederis.ensembles.run",
    "exposure": "foederis.analysis.exposure",
    "WorthKnowing": "foederis.analysis.worth_knowing",
    "discover": "foederis.analysis.discover",
    "gallery": "foederis.analysis.gallery",
    "histories": "foederis.analysis.histories",
    "load": "foederis.analysis.gallery",
    "loads": "foederis.analysis.gallery",
    "outside": "foederis.history.outside",
    "query": "foederis.ensembles.query",
    "report": "foederis.report.brief.make",
    "solve": "foederis.analysis.solving",
    "tipping": "foederis.analysis.tipping",
    "update": "foederis.analysis.update",
    "why": "foederis.analysis.why",
    "worth_knowing": "foederis.analysis.worth_knowing",
}

__all__ = [
    "Answer",
    "BackTest",
    "BaseRate",
    "BriefError",
    "Case",
    "CaseError",
    "DataError",
    "Diagnostic",
    "Discovery",
    "Drivers",
    "DriversGiven",
    "Ensemble",
    "EnsembleError",
    "Estimate",
    "ExposureAtRisk",
    "FirstTime",
    "Histories",
    "Outside",
    "ResidualError",
    "Table",
    "Update",
    "WhatIfAnswer",
    "WorthKnowing",
    "__version__",
    "backtest",
    "base_rate",
    "claims",
    "compare",
    "discover",
    "drivers",
    "drivers_given",
    "ensemble",
    "exposure",
    "gallery",
    "histories",
    "history",
    "load",
    "loads",
    "outside",
    "query",
    "report",
    "solve",
    "tipping",
    "update",
    "why",
    "worth_knowing",
]


def __getattr__(name: str) -> Any:
    if name == "history":
        return importlib.import_module("foederis.history")
    if name not in _PLACES:
        raise AttributeError(f"module 'foederis' has no attribute '{name}'")
    found = getattr(importlib.import_module(_PLACES[name]), name)
    if name in ("Answer", "solve"):
        importlib.import_module("foederis.notebook")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)


class _Face(ModuleType):
    """Holds the functions `solve` and `report`: importing a subpackage of the name would put itself in their place."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _PLACES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face
