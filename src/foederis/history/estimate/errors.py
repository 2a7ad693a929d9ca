"""What cannot be fitted."""

from __future__ import annotations


class FitError(Exception):
    """Data, a formula or a model that cannot be fitted, with what to do."""
