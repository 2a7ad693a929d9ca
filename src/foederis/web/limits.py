"""What the workbench may take of the machine."""

from __future__ import annotations

import os
from dataclasses import dataclass


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Limits:
    """Attributes:
    jobs: how many are worked on at once; 0 for as many as there are cores.
    waiting: how many of one page may wait beside.
    live: how many workers answer sliders, which pages share where there are more; 0 for two to four of them, by the
        number of cores.
    pages: how many may be connected at once.
    seconds, memory: what a job may take, in seconds and bytes; quick: seconds for one that solves nothing, for which
        all others of this kind wait.
    grace: seconds in which a job that was cancelled may end by itself.
    max_states: the most states a phase may have; draws: the most worlds.
    rough: seconds from one rough answer to the next, while a slider is dragged.
    """

    jobs: int = 0
    waiting: int = 32
    live: int = 0
    pages: int = 32
    seconds: float = 600.0
    quick: float = 60.0
    memory: float = 4e9
    grace: float = 1.0
    max_states: int = 200_000
    draws: int = 4096
    rough: float = 0.05

    @property
    def at_once(self) -> int:
        """How many jobs are worked on at once."""
        return self.jobs or cores()

    @property
    def live_workers(self) -> int:
        """How many workers answer sliders."""
        return self.live or min(4, max(2, cores()))

    @property
    def lanes(self) -> int:
        """How many rough answers of one page are worked on at once, each by one core."""
        return min(2, cores())
