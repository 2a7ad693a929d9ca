"""Working memory that goes from one block to the next, and from one solve to the next: to get it anew takes up to a
fifth of a small solve, since the system clears it."""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Hashable
from typing import Any


class Shelf:
    """Several threads may use it. What would make it hold more than `limit` bytes is not kept."""

    def __init__(self, limit: float = math.inf):
        self._limit, self._held = limit, 0.0
        self._spaces: dict[Hashable, list[Any]] = defaultdict(list)
        self._lock = threading.Lock()

    def take(self, key: Hashable) -> Any:
        """A space that was put there under a key, or None."""
        with self._lock:
            if not self._spaces[key]:
                return None
            space = self._spaces[key].pop()
            self._held -= space.nbytes
        return space

    def put(self, key: Hashable, space: Any) -> None:
        with self._lock:
            if self._held + space.nbytes <= self._limit:
                self._held += space.nbytes
                self._spaces[key].append(space)

    def clear(self) -> None:
        with self._lock:
            self._spaces.clear()
            self._held = 0.0
