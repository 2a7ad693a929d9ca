"""JAX, imported when it is first used: that takes most of a second, and many games are solved without it.

from foederis.solve.lazy import jax, jnp, lax
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

Kind = TypeVar("Kind")
_lock = threading.RLock()
_begun = _ready = False
_waiting: list[Callable[[], object]] = []


class Later:
    """Stands for a module of JAX's."""

    def __init__(self, name: str):
        self._name = name
        self._module: Any = None

    def __getattr__(self, name: str) -> Any:
        if not _ready:
            load()
        if self._module is None:
            self._module = importlib.import_module(self._name)
        return getattr(self._module, name)


def load() -> None:
    """Imports JAX and sets it up, if that has not been done; others wait meanwhile."""
    global _begun, _ready
    with _lock:
        if _begun:
            return  # done, or this very thread is at it
        _begun = True
        try:
            importlib.import_module("foederis.solve.device").set_up()
            while _waiting:
                _waiting[0]()
                _waiting.pop(0)
            _ready = True
        finally:
            _begun = _ready


def once_loaded(begin: Callable[[], object]) -> None:
    """Calls this as soon as JAX is there."""
    with _lock:
        if _begun:
            begin()
        else:
            _waiting.append(begin)


def pytree(kind: type[Kind]) -> type[Kind]:
    """Makes a dataclass known to JAX, as a tree of its fields."""
    once_loaded(lambda: jax.tree_util.register_dataclass(kind))
    return kind


__all__ = ["Array", "Later", "jax", "jnp", "lax", "load", "once_loaded", "pytree"]
if TYPE_CHECKING:
    import jax as jax
    from jax import Array as Array
    from jax import lax as lax
    from jax import numpy as jnp
else:
    jax, jnp, lax, Array = Later("jax"), Later("jax.numpy"), Later("jax.lax"), Any
