"""How many blocks of draws are solved at one time: as many as there are processors, unless somebody asks for fewer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_most: ContextVar[int | None] = ContextVar("most", default=None)


@contextmanager
def at_most(count: int) -> Iterator[None]:
    """Solves so many blocks at one time at most: for whoever has several processes at work on one machine."""
    token = _most.set(count)
    try:
        yield
    finally:
        _most.reset(token)


def cores() -> int:
    """How many blocks may be solved at one time here."""
    return _most.get() or os.cpu_count() or 1
