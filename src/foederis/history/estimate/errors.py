"""What cannot be fitted."""

from __future__ import annotations

from operator import index
from typing import Any


class FitError(Exception):
    """Data, a formula or a model that cannot be fitted, with what to do."""


def whole_numbers(**given: Any) -> None:
    """
    Raises:
        FitError: one of them is no whole number from 0.
    """
    for name, number in given.items():
        try:
            whole = not isinstance(number, bool) and index(number) >= 0
        except TypeError:
            whole = False
        if not whole:
            raise FitError(f"`{name}` is a whole number from 0, not {number!r}")
