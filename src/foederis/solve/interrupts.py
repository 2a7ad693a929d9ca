"""A way to end a solve before it is done: what somebody else may ask for while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Look = Callable[[], None]

_look: ContextVar[Look | None] = ContextVar("look", default=None)


@contextmanager
def interruptible(look: Look) -> Iterator[None]:
    """All that is solved meanwhile calls `look` before every step of a block, from any thread; what that raises ends
    the solve."""
    token = _look.set(look)
    try:
        yield
    finally:
        _look.reset(token)


def current() -> Look:
    """What is to be called before every step here."""
    return _look.get() or _go_on


def _go_on() -> None:
    pass
