"""The case that a page turns: only the newest turn is worth answering."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from typing import Any

from foederis.web.desk import Desk
from foederis.web.failures import Failed, Gone
from foederis.web.process import Process

Say = Callable[..., None]


class Sliders:
    """One case that was opened, until another is. Its process may be shared with other pages; where it has ended,
    another is got with the next turn.

    Rough answers are worked on side by side, `lanes` at most; of the turns that wait beside only the newest is kept. A
    newer turn stops a full answer.
    """

    def __init__(self, desk: Desk, live: int | str, payload: dict[str, Any], say: Say):
        self._desk, self._live, self._payload, self._say = desk, live, payload, say
        self._process: Process | None = None
        self._opening: asyncio.Task[None] | None = None
        self._waiting: dict[str, Any] | None = None
        self._rough: set[asyncio.Task[None]] = set()
        self._full: asyncio.Task[None] | None = None
        self._sent = -1
        self._closed = False
        self._session = ""

    def open(self) -> None:
        """Makes the case ready, in a process of its own."""
        if self._opening is None or self._opening.done():
            self._opening = asyncio.create_task(self._open())

    async def close(self) -> None:
        """Gives everything up."""
        self._closed, self._waiting = True, None
        tasks = [task for task in (self._opening, self._full, *self._rough) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._leave()

    def turn(self, message: dict[str, Any]) -> None:
        """A turn: `seq`, `set`, `on` and `settle`."""
        self._waiting = message
        if self._full is not None:
            self._full.cancel()
        if self._process is not None and not self._process.alive:
            self._desk.release(self._process)
            self._process = None
        if self._process is None:
            self.open()
        self._go_on()

    def _go_on(self) -> None:
        """Begins with the newest turn, if there is room."""
        ready = self._process is not None and (self._opening is None or self._opening.done())
        if self._closed or not ready or self._waiting is None:
            return
        if not self._waiting["settle"] and len(self._rough) >= self._desk.limits.lanes:
            return
        message, self._waiting = self._waiting, None
        if message["settle"]:
            self._full = asyncio.create_task(self._solve("settle", message))
            return
        task = asyncio.create_task(self._solve("turn", message))
        self._rough.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._rough.discard(task)
        self._go_on()

    async def _open(self) -> None:
        self._session = secrets.token_hex(8)  # an opening before it may still be on its way out
        try:
            self._process = await self._desk.hire()
            async with asyncio.timeout(self._desk.limits.seconds):
                payload = {**self._payload, "session": self._session}
                found = await self._process.run("open", payload, self._progress())
        except TimeoutError:
            self._fail(Gone("opening the case took too long; try again, or make the case smaller"))
        except Failed as failure:
            self._fail(failure)
        else:
            self._say({"type": "ready", "live": self._live, **found})
            asyncio.get_running_loop().call_soon(self._go_on)

    async def _solve(self, kind: str, message: dict[str, Any]) -> None:
        process, seq = self._process, message["seq"]
        assert process is not None
        changes = {"set": message["set"], "on": message["on"], "session": self._session}
        try:
            async with asyncio.timeout(self._desk.limits.seconds):
                told = self._progress(seq) if kind == "settle" else None
                found = await process.run(kind, changes, told, urgent=kind == "turn")
        except TimeoutError:
            self._fail(Gone("the full answer took too long and was stopped"), seq)
        except Failed as failure:
            self._fail(failure, seq)
        else:
            if seq >= self._sent:
                self._sent = seq
                head = {"type": "turned", "live": self._live, "seq": seq, "rough": kind == "turn"}
                # A rough answer that still waits to be sent is dropped for a newer one.
                self._say({**head, **found}, ("turned", self._live) if kind == "turn" else None)

    def _progress(self, seq: int | None = None) -> Callable[[str, int, int], None]:
        def tell(what: str, done: int, total: int) -> None:
            head = {"type": "progress", "live": self._live, **({} if seq is None else {"seq": seq})}
            self._say({**head, "what": what, "done": done, "total": total}, ("progress", self._live))

        return tell

    def _fail(self, failure: Failed, seq: int | None = None) -> None:
        if isinstance(failure, Gone) and seq is not None and self._process is None:
            return  # said already
        if isinstance(failure, Gone) or seq is None:
            process, self._process = self._process, None
            if process is not None:
                self._desk.release(process)
        numbered = {} if seq is None else {"seq": seq}
        self._say({"type": "failed", "live": self._live, **numbered, **failure.to_json()})

    async def _leave(self) -> None:
        """Gives the process back."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(Failed, TimeoutError):
                async with asyncio.timeout(self._desk.limits.grace):
                    await process.run("close", {"session": self._session}, urgent=True)
            self._desk.release(process)
