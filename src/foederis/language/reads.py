"""Which quantities anything in a case reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

from foederis.language.case import Case
from foederis.language.check import change
from foederis.language.expressions import Expression

_SECTIONS = (
    "actors",
    "facts",
    "quantities",
    "treaties",
    "exposures",
    "turns",
    "events",
    "interests",
    "questions",
    "decisions",
)


def unread(case: Case) -> list[str]:
    """The quantities with names that neither a case nor any of the cases that its what-ifs make reads, in order."""
    left = {name for name, quantity in case.quantities.items() if not quantity.inline} - _read(case)
    for whatif in case.whatifs.values() if left else ():
        left -= _read(change(case, whatif.changes), case) if whatif.changes else set()
    return sorted(left)


def _read(case: Case, known: Case | None = None) -> set[str]:
    """The quantities that are read anywhere, but for what is the same in a case that is known."""
    found: set[str] = set()
    for section in _SECTIONS:
        part = getattr(case, section)
        if known is None or part is not getattr(known, section):
            _collect(part, found)
    return found


def _collect(part: Any, found: set[str]) -> None:
    if isinstance(part, Expression):
        found |= part.quantities
    elif isinstance(part, Mapping):
        for item in part.values():
            _collect(item, found)
    elif isinstance(part, tuple):
        for item in part:
            _collect(item, found)
    elif is_dataclass(part):
        for name in part.__dataclass_fields__:  # `fields` filters them anew each time
            _collect(getattr(part, name), found)
