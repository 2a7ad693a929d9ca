"""What runs in a worker process: jobs in threads, asked for on standard input and answered on standard output.

It ends when its input does, so that none is left behind when the server ends, however that ends.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from foederis.web import frames
from foederis.web.failures import Failed, failure_of
from foederis.web.limits import Limits

SLOW = 2  # jobs at once that are not urgent: one may be on its way out while the next begins
_PAUSE = 0.1  # seconds between two messages of progress on the same thing


class Stopped(Exception):
    """The job was cancelled."""


@dataclass
class Job:
    """One piece of work, for the function that does it.

    Attributes:
        limits: of the server.
    """

    limits: Limits
    tell: Callable[[dict[str, Any]], None]
    cancelled: threading.Event = field(default_factory=threading.Event)
    _told: tuple[str, float] = ("", 0.0)

    def look(self) -> None:
        """
        Raises:
            Stopped: it was cancelled.
        """
        if self.cancelled.is_set():
            raise Stopped

    def progress(self, what: str, done: int, total: int) -> None:
        """Tells how far it is, not too often.

        Raises:
            Stopped: it was cancelled.
        """
        self.look()
        now = time.monotonic()
        if what == self._told[0] and now < self._told[1] + _PAUSE and done < total:
            return
        self._told = (what, now)
        self.tell({"progress": [what, done, total]})


class Worker:
    """Answers what comes in. `kinds` says where the function for each kind of job is, as `module:function`; it is
    called with the payload, and with the job if it takes that too."""

    def __init__(self, inbox: BinaryIO, outbox: BinaryIO, limits: Limits, kinds: dict[str, str]):
        self._inbox, self._outbox, self._limits, self._kinds = inbox, outbox, limits, kinds
        self._jobs: dict[int, Job] = {}
        self._writing = threading.Lock()
        self._pools = {True: ThreadPoolExecutor(limits.lanes), False: ThreadPoolExecutor(SLOW)}

    def tell(self, message: dict[str, Any]) -> None:
        data = frames.pack(message)
        with self._writing:
            self._outbox.write(data)
            self._outbox.flush()

    def _tell_of(self, number: int, told: dict[str, Any]) -> None:
        self.tell({"job": number, **told})

    def serve(self) -> None:
        while (message := frames.read(self._inbox)) is not None:
            if "cancel" in message:
                job = self._jobs.get(message["cancel"])
                if job is not None:
                    job.cancelled.set()
                continue
            number = message["job"]
            self._jobs[number] = Job(self._limits, partial(self._tell_of, number))
            self._pools[message["urgent"]].submit(self._work, number, message["kind"], message["payload"])

    def _work(self, number: int, kind: str, payload: dict[str, Any]) -> None:
        job = self._jobs[number]
        try:
            ending = self._answer(job, kind, payload)
        except BaseException:  # nothing that a job does may leave the page without an answer
            traceback.print_exc()
            last = traceback.format_exc(limit=0).strip().splitlines()[-1]
            ending = {"failed": {"message": f"the program made a mistake ({last}); please report the case"}}
        del self._jobs[number]
        try:
            self._tell_of(number, ending)
        except (ValueError, TypeError, RecursionError, MemoryError) as error:  # it cannot be written down
            self._tell_of(number, {"failed": {"message": str(error) or "the result is too large to be told"}})

    def _answer(self, job: Job, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        from foederis.solve.interrupts import interruptible

        try:
            with interruptible(job.look):
                job.look()
                work = self._function(kind)
                alone = len(inspect.signature(work).parameters) == 1
                return {"done": work(payload) if alone else work(payload, job)}
        except Stopped:
            return {"cancelled": True}
        except Exception as error:
            failure = failure_of(error)
            if failure is None:
                raise
            return {"failed": failure.to_json()}

    def _function(self, kind: str) -> Callable[..., dict[str, Any]]:
        if kind not in self._kinds:
            raise Failed(f"there is no `{kind}`")
        module, _, name = self._kinds[kind].partition(":")
        found: Callable[..., dict[str, Any]] = getattr(importlib.import_module(module), name)
        return found


def main() -> None:
    """Called with one argument, JSON: `limits`, `kinds`, `nice` (how far jobs stand back behind others), and `warm`,
    what is imported before the first job."""
    wanted = json.loads(sys.argv[1])
    with contextlib.suppress(OSError):
        os.nice(wanted["nice"])
    with contextlib.suppress(OSError):  # where memory runs out, the system ends a worker and not the server
        Path("/proc/self/oom_score_adj").write_text("500")
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What a job prints may not end up among the answers.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    worker = Worker(inbox, outbox, Limits(**wanted["limits"]), wanted["kinds"])
    for module in wanted["warm"]:
        importlib.import_module(module)
    worker.tell({"ready": True})
    with contextlib.suppress(BrokenPipeError):
        worker.serve()
    os._exit(0)  # jobs that still run are for nobody


if __name__ == "__main__":
    main()
