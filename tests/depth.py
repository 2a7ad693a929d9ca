"""How far tests go that solve a random game for each of their examples.

Each example compiles kernels of its own, so that it takes about a second. A few are tried in every run; with
FOEDERIS_HYPOTHESIS=deep there are as many as one may want before a release, or after work on the solver.
"""

from __future__ import annotations

import os

PROFILE = os.environ.get("FOEDERIS_HYPOTHESIS", "same")


def tries(usual: int, deep: int) -> int:
    """How many examples to try."""
    return usual if PROFILE == "same" else deep
