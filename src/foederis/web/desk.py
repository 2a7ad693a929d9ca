"""Where work is handed in: worker processes, who comes next, and what is stopped."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict, deque
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from foederis.web.failures import Failed as Failed
from foederis.web.failures import Gone
from foederis.web.limits import Limits
from foederis.web.process import Process, Progress

# Where the function for each kind of job is; see worker.Worker.
KINDS = {
    "check": "foederis.web.checks:check_text",
    "news": "foederis.web.checks:check_news",
    "model": "foederis.web.model:model",
    "changed": "foederis.web.edits:changed",
    "keep": "foederis.web.edits:keep",
    "ask": "foederis.web.commands:answer",
    "brief": "foederis.web.commands:brief",
    "open": "foederis.web.turning:open_case",
    "turn": "foederis.web.turning:turn",
    "settle": "foederis.web.turning:settle",
    "close": "foederis.web.turning:close_case",
}
_QUICK = frozenset({"check", "news", "model", "changed", "keep"})  # which solve nothing
_COMPUTES = ("foederis.analysis.live", "foederis.solve.engine", "foederis.web.commands")
_READS = ("foederis.analysis.checking",)
_STANDS_BACK = 10  # how far long jobs stand back behind sliders


class Queue:
    """Lets so many work at once; whoever waits comes next in turns with the others, however much each asks for."""

    def __init__(self, at_once: int, waiting: int):
        self._free, self._most = at_once, waiting
        self._waiting: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()

    async def enter(self, owner: Hashable, progress: Progress | None) -> None:
        """
        Raises:
            Failed: too many of this owner wait already.
        """
        if self._free > 0:
            self._free -= 1
            return
        mine = self._waiting.setdefault(owner, deque())
        if len(mine) >= self._most:
            raise Failed(f"{self._most} asks of this page wait already; wait for some of them, or cancel them")
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        mine.append(place)
        if progress is not None:
            progress("waiting", 0, 1)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()
            else:
                self._forget(owner, place)
            raise

    def leave(self) -> None:
        while self._waiting:
            owner, mine = self._waiting.popitem(last=False)
            place = mine.popleft()
            if mine:
                self._waiting[owner] = mine  # behind the others
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    def _forget(self, owner: Hashable, place: asyncio.Future[None]) -> None:
        mine = self._waiting.get(owner)
        if mine is not None:
            with contextlib.suppress(ValueError):
                mine.remove(place)
            if not mine:
                del self._waiting[owner]


class Room:
    """Processes that do one job at a time, and the queue before them."""

    def __init__(self, desk: Desk, at_once: int, warm: Sequence[str], nice: int):
        self._desk, self._warm, self._nice = desk, warm, nice
        self._queue = Queue(at_once, desk.limits.waiting)
        self._idle: list[Process] = []

    async def add(self) -> None:
        """One more process that waits for work."""
        self._idle.append(await self._desk.make(self._warm, self._nice))

    async def run(
        self, kind: str, payload: dict[str, Any], progress: Progress | None, timeout: float, owner: Hashable
    ) -> dict[str, Any]:
        await self._queue.enter(owner, progress)
        process = None
        try:
            process = await self._take()
            async with asyncio.timeout(timeout):
                return await process.run(kind, payload, progress)
        except TimeoutError:
            cure = "ask for fewer draws, or make the case smaller"
            raise Failed(f"this took more than {_minutes(timeout)} and was stopped; {cure}") from None
        finally:
            self._desk.soon(self._put_back(process))

    async def _take(self) -> Process:
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
        return await self._desk.make(self._warm, self._nice)

    async def _put_back(self, process: Process | None) -> None:
        """Takes a process back once it is done with what was cancelled, or another in its place, also where it has kept
        much memory; then the next may come."""
        try:
            fit = process is not None and await process.settled()
            if process is not None and fit and process.memory > self._desk.limits.memory / 2:
                process.kill("it has grown too large")
                fit = False
            if process is not None and fit:
                self._idle.append(process)
            elif not self._desk.closed:
                with contextlib.suppress(Gone):
                    await self.add()
        finally:
            self._queue.leave()


class Desk:
    """Made once for a server.

    Args:
        limits: or those of them that are not the usual ones, by name.
        kinds: where the function for each kind of job is; see worker.Worker.
    """

    def __init__(self, limits: Limits | Mapping[str, Any] | None = None, *, kinds: Mapping[str, str] | None = None):
        self.limits = limits if isinstance(limits, Limits) else Limits(**(limits or {}))
        self._kinds = dict(kinds or KINDS)
        self.closed = False
        self.pages = 0
        self._processes: set[Process] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._computes = _COMPUTES if kinds is None else ()
        self._rooms = {
            "quick": Room(self, 1, _READS, 0),
            "long": Room(self, self.limits.at_once, self._computes, _STANDS_BACK),
        }
        self._spare: asyncio.Task[Process] | None = None
        self._hired: dict[Process, int] = {}
        self._hiring = asyncio.Lock()

    async def start(self) -> None:
        """Starts the first processes, so that they are there when they are needed."""
        await self._rooms["quick"].add()
        self._make_spare()
        await self._rooms["long"].add()

    async def stop(self) -> None:
        """Ends all processes."""
        self.closed = True
        await asyncio.gather(*(process.close() for process in self._processes), return_exceptions=True)
        begun = [*self._tasks, *([self._spare] if self._spare is not None else [])]
        await asyncio.gather(*begun, return_exceptions=True)

    async def run(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        progress: Progress | None = None,
        timeout: float | None = None,
        owner: Hashable = None,
    ) -> dict[str, Any]:
        """What a job gives. Cancelling whoever waits for it stops it.

        Args:
            kind: one of KINDS.
            progress: called with (what, done, total).
            timeout: seconds that it may take once it has begun; that of the limits if None.
            owner: on whose behalf; those who ask come in turns.
        Raises:
            Failed: it has no result.
        """
        quick = kind in _QUICK
        most = self.limits.quick if quick else self.limits.seconds
        return await self._rooms["quick" if quick else "long"].run(kind, payload, progress, timeout or most, owner)

    async def hire(self) -> Process:
        """A process for the sliders of one page; where there are as many as may be, the one with the fewest pages."""
        async with self._hiring:
            self._hired = {process: pages for process, pages in self._hired.items() if process.alive}
            if len(self._hired) >= self.limits.live_workers:
                process = min(self._hired, key=lambda hired: self._hired[hired])
            else:
                process = await self._take_spare()
                if len(self._hired) + 1 < self.limits.live_workers:
                    self._make_spare()
            self._hired[process] = self._hired.get(process, 0) + 1
            return process

    def release(self, process: Process) -> None:
        """Gives a hired process back; it ends with its last page."""
        if process in self._hired:
            self._hired[process] -= 1
            if not self._hired[process]:
                del self._hired[process]
                process.kill("nobody uses this process any more")
                self._make_spare()

    def _make_spare(self) -> None:
        if self._spare is None and not self.closed:
            self._spare = asyncio.create_task(self.make(self._computes, 0))

    async def _take_spare(self) -> Process:
        spare = self._spare or asyncio.create_task(self.make(self._computes, 0))
        self._spare = None
        try:
            process = await asyncio.shield(spare)
        except asyncio.CancelledError:
            self._spare = self._spare or spare
            raise
        return process if process.alive else await self.make(self._computes, 0)

    async def make(self, warm: Sequence[str], nice: int) -> Process:
        if self.closed:
            raise Gone("the workbench is being closed")
        self._processes = {process for process in self._processes if not process.finished}
        try:
            process = await Process.start(self.limits, self._kinds, nice=nice, warm=warm)
        except OSError as problem:
            raise Gone(f"no process could be started ({problem.strerror or problem}); ask again later") from None
        if self.closed:  # meanwhile
            await process.close()
            raise Gone("the workbench is being closed")
        self._processes.add(process)
        return process

    def soon(self, work: Any) -> None:
        """Does something beside."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.3g} minutes" if seconds >= 60 else f"{seconds:.3g} seconds"
