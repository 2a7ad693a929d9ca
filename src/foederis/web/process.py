"""A worker process as the server sees it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from foederis.web import frames
from foederis.web.failures import Failed, Gone
from foederis.web.limits import Limits

Progress = Callable[[str, int, int], None]
_LOOK = 0.25  # seconds between two looks at how much memory a worker takes


class Process:
    """Works on jobs; several at a time where several are given to it. Made by `start`.

    Attributes:
        pid: of the process.
    """

    def __init__(self, child: asyncio.subprocess.Process, limits: Limits):
        self._child, self._limits = child, limits
        self._jobs: dict[int, tuple[asyncio.Future[dict[str, Any]], Progress | None]] = {}
        self._ending: dict[int, asyncio.Event] = {}
        self._last = 0
        self._ready = asyncio.Event()
        self._reason = ""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._watch())]
        self.pid = child.pid

    @classmethod
    async def start(
        cls, limits: Limits, kinds: Mapping[str, str], *, nice: int = 0, warm: Sequence[str] = ()
    ) -> Process:
        """A new process, which imports what it needs while it is given its first job."""
        wanted = {"limits": asdict(limits), "kinds": dict(kinds), "nice": nice, "warm": list(warm)}
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # nothing is imported from the folder that is served
            "-m",
            "foederis.web.worker",
            json.dumps(wanted),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # an interrupt in the terminal is for the server
        )
        return cls(child, limits)

    @property
    def alive(self) -> bool:
        return not self._reason and self._child.returncode is None

    @property
    def finished(self) -> bool:
        """Whether it has ended, and nothing of it is left."""
        return all(task.done() for task in self._tasks)

    @property
    def memory(self) -> int:
        """Bytes that it takes; 0 where the system does not tell."""
        try:
            for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        except (OSError, ValueError, IndexError):
            pass
        return 0

    async def ready(self) -> None:
        """Waits until it has imported what it needs, or has ended."""
        await self._ready.wait()

    async def run(
        self, kind: str, payload: dict[str, Any], progress: Progress | None = None, *, urgent: bool = False
    ) -> dict[str, Any]:
        """The result of a job. If whoever waits for it is cancelled, so is the job: see `settled`.

        Args:
            urgent: it takes little time, and does not wait for jobs that take more.
        Raises:
            Failed: it has no result.
            Gone: the process has ended.
        """
        if not self.alive:
            raise Gone(self._reason or _ended(self._child.returncode))
        self._last += 1
        number, result = self._last, asyncio.get_running_loop().create_future()
        self._jobs[number] = (result, progress)
        self._ending[number] = asyncio.Event()
        try:
            await self._send({"job": number, "kind": kind, "payload": payload, "urgent": urgent})
            return await result
        except asyncio.CancelledError:
            if number in self._jobs:
                self._jobs[number] = (result, None)
                with contextlib.suppress(Gone):
                    await asyncio.shield(asyncio.ensure_future(self._send({"cancel": number})))
            raise

    async def settled(self) -> bool:
        """Waits until all jobs have ended that were cancelled; after the time of grace the process is ended instead.
        Says whether it is alive."""
        left = [event.wait() for event in self._ending.values()]
        if left:
            try:
                await asyncio.wait_for(asyncio.gather(*left), self._limits.grace)
            except TimeoutError:
                self.kill("a job that was cancelled did not end")
        return self.alive

    def kill(self, reason: str) -> None:
        """Ends the process; jobs that it works on fail with the reason."""
        self._reason = self._reason or reason
        with contextlib.suppress(ProcessLookupError):
            self._child.kill()

    async def close(self) -> None:
        """Ends the process and waits for that."""
        self.kill("the workbench is being closed")
        self._tasks[1].cancel()
        await self._child.wait()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self, message: dict[str, Any]) -> None:
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(frames.pack(message))
            await self._child.stdin.drain()
        except (ConnectionError, RuntimeError):
            raise Gone(self._reason or _ended(self._child.returncode)) from None

    async def _listen(self) -> None:
        assert self._child.stdout is not None
        while (message := await frames.receive(self._child.stdout)) is not None:
            if "ready" in message:
                self._ready.set()
            elif message["job"] in self._jobs:
                self._hear(message)
        code = await self._child.wait()
        assert self._child.stdin is not None
        self._child.stdin.close()
        with contextlib.suppress(ConnectionError):
            await self._child.stdin.wait_closed()
        self._reason = self._reason or _ended(code)
        self._ready.set()
        for result, _ in self._jobs.values():
            if not result.done():
                result.set_exception(Gone(self._reason))
        for event in self._ending.values():
            event.set()
        self._jobs.clear()
        self._ending.clear()

    def _hear(self, message: dict[str, Any]) -> None:
        result, progress = self._jobs[message["job"]]
        if "progress" in message:
            if progress is not None:
                progress(*message["progress"])
            return
        del self._jobs[message["job"]]
        self._ending.pop(message["job"]).set()
        if result.done():
            return
        if "done" in message:
            result.set_result(message["done"])
        elif "failed" in message:
            result.set_exception(Failed(**message["failed"]))
        else:
            result.cancel()

    async def _watch(self) -> None:
        """Ends a process that takes too much memory."""
        while self.alive:
            await asyncio.sleep(_LOOK)
            if self._jobs and self.memory > self._limits.memory:
                self.kill(
                    f"this took more than {self._limits.memory / 1e9:.3g} GB of memory and was stopped; ask for fewer "
                    "draws, or make the case smaller"
                )


def _ended(code: int | None) -> str:
    how = ""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            how = f" ({signal.Signals(-code).name})"
    return f"the process that worked on this ended unexpectedly{how}; another takes its place: ask again"
