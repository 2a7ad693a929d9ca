"""Worker processes of this machine: each solves one piece at a time, and is replaced when it dies."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for
from typing import Any, Protocol

from foederis.ensembles.errors import EnsembleError, Failure, counted
from foederis.ensembles.pieces import Piece, Study
from foederis.ensembles.solving import Outcome

MOST_DEATHS = 3  # of workers at one piece, after which it is given up
_PER_WORKER = 4e9  # bytes of memory


@dataclass
class Task:
    """Work for a worker: a function of this package with its arguments, for a piece or for the worlds of a study."""

    what: Piece | Study
    function: Callable[..., Outcome]
    arguments: tuple[Any, ...]
    deaths: int = 0


class Crew(Protocol):
    """Whoever does the work."""

    def carry_out(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Outcome]]:
        """What becomes of each task, in the order in which they are done. Tasks are taken when there is somebody to
        work on them."""


def given_up(deaths: int) -> Outcome:
    return Outcome(failure=Failure(f"{counted(deaths, 'worker')} died at it, one after the other; too little memory?"))


def usual_workers() -> int:
    """As many as this process may use processors, and as there is memory for."""
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return free  # a system that does not tell
    return max(1, min(free, int(memory / _PER_WORKER)))


def must_be_no_worker() -> None:
    """Workers read the script anew from which they are started, under another name.

    Raises:
        EnsembleError: this process is one that does.
    """
    # While it is read, multiprocessing has named it so, and has not said yet who the parent is.
    begun_as = getattr(sys.modules.get("__mp_main__"), "__name__", "")
    if begun_as == "__mp_main__" and multiprocessing.parent_process() is None:
        raise EnsembleError(
            "an ensemble was begun by a worker of its own; in a script, begin it under `if __name__ == '__main__':`"
        )


class LocalCrew:
    """So many worker processes; made with `with`, after which none is left."""

    def __init__(self, workers: int):
        self._slots = [_Slot() for _ in range(workers)]

    def __enter__(self) -> LocalCrew:
        return self

    def __exit__(self, *_: object) -> None:
        for slot in self._slots:
            slot.close()

    def carry_out(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Outcome]]:
        coming, again = iter(tasks), deque[Task]()
        at_work: dict[Future[Outcome], tuple[_Slot, Task]] = {}
        idle = list(self._slots)
        while True:
            while idle and (task := again.popleft() if again else next(coming, None)) is not None:
                slot = idle.pop()
                at_work[slot.submit(task)] = slot, task
            if not at_work:
                return
            for future in wait(at_work, return_when=FIRST_COMPLETED).done:
                slot, task = at_work.pop(future)
                idle.append(slot)
                try:
                    yield task, future.result()
                except BrokenExecutor:
                    slot.replace()
                    task.deaths += 1
                    if task.deaths < MOST_DEATHS:
                        again.append(task)
                    else:
                        yield task, given_up(task.deaths)


class _Slot:
    """A place for one worker at a time: an executor of its own, so that it is known which piece a worker died at."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self._pid: Future[int] | None = None

    def submit(self, task: Task) -> Future[Outcome]:
        if self._executor is None:
            context = multiprocessing.get_context("spawn")  # what was forked would share the locks of JAX
            self._executor = ProcessPoolExecutor(1, mp_context=context, initializer=_begin)
            self._pid = self._executor.submit(os.getpid)
        return self._executor.submit(task.function, *task.arguments)

    def close(self) -> None:
        """Ends the worker, whatever it is doing."""
        if self._pid is not None and self._pid.done() and self._pid.exception() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid.result(), signal.SIGKILL)
        self.replace()

    def replace(self) -> None:
        """Takes another worker from now on: this one has died."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = self._pid = None


def _begin() -> None:
    """A worker does not outlive who has started it, and leaves interrupts in the terminal to that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        wait_for([parent.sentinel])
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
