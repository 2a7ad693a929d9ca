"""What is to be sent to a page: never more than it can take."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

MOST = 256  # messages that wait


class Outbox:
    """Messages in the order in which they were put in, of which those that were overtaken are dropped."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Hashable, dict[str, Any]] = OrderedDict()
        self._filled = asyncio.Event()
        self._count = 0
        self.full = False

    def put(self, message: dict[str, Any], replaces: Hashable = None) -> None:
        """
        Args:
            replaces: a message with the same that still waits is dropped for this one.
        """
        if replaces is None:
            self._count += 1
            replaces = self._count
        self._waiting.pop(replaces, None)
        self._waiting[replaces] = message
        self.full = self.full or len(self._waiting) > MOST
        self._filled.set()

    async def get(self) -> dict[str, Any]:
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        return self._waiting.popitem(last=False)[1]
