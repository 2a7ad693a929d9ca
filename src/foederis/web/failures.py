"""What becomes of an ask that cannot be answered: mistakes with their places, or a message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from foederis.diagnostics import CaseError, Diagnostic, ResidualError


class Failed(Exception):
    """Attributes:
    message: what went wrong and what to do; empty where there are diagnostics.
    diagnostics: mistakes in a file or a change, as the page reads them.
    """

    def __init__(self, message: str = "", diagnostics: Iterable[dict[str, Any]] = ()):
        self.message, self.diagnostics = message, list(diagnostics)
        super().__init__(message or "; ".join(str(item.get("message")) for item in self.diagnostics))

    def to_json(self) -> dict[str, Any]:
        return {"diagnostics": self.diagnostics} if self.diagnostics else {"message": self.message}


class Gone(Failed):
    """The process that worked on it has ended, or was ended."""


def failure_of(error: Exception) -> Failed | None:
    """The failure that an error of the package means; None for one that should not be."""
    if isinstance(error, Failed):
        return error
    if isinstance(error, CaseError):
        return Failed(diagnostics=diagnosed(error.diagnostics, error.filename))
    if isinstance(error, ResidualError):
        return Failed(str(error))
    if isinstance(error, MemoryError):
        return Failed("there is not enough memory for this; ask for fewer draws, or make the case smaller")
    return None


def diagnosed(items: Iterable[Diagnostic], filename: str = "") -> list[dict[str, Any]]:
    """Mistakes and warnings with their places among the rest, line 1 column 1 where there is none; `file` is the one
    that the place is in."""
    found = []
    for item in items:
        plain = item.to_json()
        place = plain.pop("span") or {"line": 1, "column": 1, "end_line": 1, "end_column": 1}
        found.append({**plain, **place, "file": filename})
    return found
