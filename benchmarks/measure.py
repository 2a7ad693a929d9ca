"""Time, and processes of their own with a limit of time."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def short(number: float) -> str:
    """Three digits, without a power of ten."""
    return f"{float(f'{number:.3g}'):,.0f}" if number >= 100 else f"{number:.3g}"


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def per(self, games: int) -> Timing:
        return Timing(tuple(second / games for second in self.seconds))

    def __str__(self) -> str:
        if len(self.seconds) == 1:
            return f"{show_seconds(self.median)} (once)"
        return f"{show_seconds(self.median)} ({show_seconds(min(self.seconds))} to {show_seconds(max(self.seconds))})"


def show_seconds(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def timed(work: Callable[[], object], runs: int = 3, enough: float = float("inf")) -> Timing:
    """Runs `work` so often, or once and then until `enough` seconds are gone."""
    seconds: list[float] = []
    while len(seconds) < runs and (not seconds or sum(seconds) < enough):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return Timing(tuple(seconds))


class OverLimit(Exception):
    """A process took longer than it may."""


class Failed(Exception):
    """A process ended with an error; its last words are the message."""


def run_worker(name: str, task: Mapping[str, Any], *, limit: float, python: str = sys.executable) -> dict[str, Any]:
    """What `workers/NAME.py` answers to a task, both JSON; one BLAS thread.

    Raises:
        OverLimit: it took longer than `limit` seconds and was ended.
        Failed: it could not do it.
    """
    environment = {**os.environ, **ONE_THREAD}
    if python == sys.executable:
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    else:
        environment.pop("PYTHONPATH", None)
    try:
        run = subprocess.run(
            [python, str(ROOT / "benchmarks" / "workers" / f"{name}.py")],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=limit,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OverLimit(f"over {limit:g} s") from None
    if run.returncode:
        raise Failed((run.stderr.strip().splitlines() or ["no message"])[-1])
    found: dict[str, Any] = json.loads(run.stdout.strip().splitlines()[-1])
    return found


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The slope of a straight line through the points on log-log paper; 1 is linear."""
    import numpy as np

    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
