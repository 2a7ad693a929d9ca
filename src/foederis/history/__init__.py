"""The outside view: what history says.

fd.history.fit(...) fits a strategic choice model to data, fd.history.fit_file(...) a crisis file to observed cases.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foederis.history.estimate.errors import FitError
    from foederis.history.estimate.files import fit_file
    from foederis.history.estimate.fitting import fit
    from foederis.history.estimate.results import Fit

# Imported when first asked for, as in the package's own face.
_PLACES = {
    "Fit": "foederis.history.estimate.results",
    "FitError": "foederis.history.estimate.errors",
    "fit": "foederis.history.estimate.fitting",
    "fit_file": "foederis.history.estimate.files",
}

__all__ = ["Fit", "FitError", "fit", "fit_file"]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'foederis.history' has no attribute '{name}'")
    found = getattr(importlib.import_module(_PLACES[name]), name)
    if name in ("Fit", "fit"):
        importlib.import_module("foederis.notebook")  # plots, as for answers
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
