"""Workers of a Dask cluster: they need this package and duckdb in the same versions, and no folder in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from foederis.ensembles.crew import Task, given_up
from foederis.ensembles.errors import EnsembleError
from foederis.ensembles.solving import Outcome

_AHEAD = 2  # tasks for each thread of a worker that are handed out before they are waited for
_PATIENCE = 15  # seconds in which a scheduler must answer


class DaskCrew:
    """The workers of a scheduler; made with `with`.

    A worker that dies is dealt with by the scheduler: what it was at is given to another, as often as the scheduler is
    set to (`distributed.scheduler.allowed-failures`, 3 if nobody has changed it).
    """

    def __init__(self, address: str, say: Callable[[str], None]):
        try:
            import distributed
        except ImportError:
            raise EnsembleError("to use a cluster, install Dask: pip install 'foederis[cluster]'") from None
        self._dask = distributed
        try:
            self._client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EnsembleError(f"there is no Dask scheduler at {address}: {reason}") from None
        if not self._threads():
            say(f"the cluster at {address} has no workers yet; the work begins when there is one")

    def __enter__(self) -> DaskCrew:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close(timeout=_PATIENCE)

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    def carry_out(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Outcome]]:
        coming = iter(tasks)
        at_work: dict[Any, Task] = {}
        done = self._dask.as_completed(loop=self._client.loop)
        while True:
            while len(at_work) < _AHEAD * max(1, self._threads()) and (task := next(coming, None)) is not None:
                future = self._client.submit(task.function, *task.arguments, key=f"foederis-{task.what.hash}")
                at_work[future] = task
                done.add(future)
            if not at_work:
                return
            future = next(done)
            yield at_work.pop(future), self._outcome(future)

    def _outcome(self, future: Any) -> Outcome:
        """What has become of a task.

        Raises:
            EnsembleError: the scheduler is gone.
        """
        if future.cancelled() or future.status == "lost":
            raise EnsembleError("the cluster has lost what it was at; begin again with the same command to go on")
        error = future.exception()
        if isinstance(error, self._dask.KilledWorker):
            return given_up(1 + error.allowed_failures)
        if error is not None:
            raise EnsembleError(f"the cluster could not do it: {type(error).__name__}: {error}") from None
        found: Outcome = future.result()
        return found
