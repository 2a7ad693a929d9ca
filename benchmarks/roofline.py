"""How near the solver comes to what the machine can move and multiply (Williams, Waterman & Patterson 2009).

What the way back has to read, write and work out is counted from the game's structure, as if every number came once and
nothing else were touched. What the machine can do is measured in the same run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

SOURCE = Path(__file__).with_name("kernels.c")
EXPONENTIAL = 20  # operations that an exponential counts for: a range reduction and a polynomial
_SECONDS = 0.7


@dataclass(frozen=True)
class Machine:
    """Bytes a second of a triad whose arrays lie in each cache or in memory, and float64 operations a second of fused
    multiply-adds, all cores together; `by` says with what it was measured."""

    by: str
    cores: int
    bandwidth: dict[str, float]
    operations: float


@dataclass(frozen=True)
class Work:
    """Of one draw, backward induction of values alone. An edge is an option, an outcome, or a turn that passes."""

    edges: int
    bytes: float
    operations: float
    working_set: float  # bytes of a block of 32 draws: values before every phase of a step

    @property
    def intensity(self) -> float:
        return self.operations / self.bytes


def cache_sizes() -> dict[str, int]:
    """Bytes of the second and third level, as Linux tells them."""
    found = {}
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, size = (index / "level").read_text().strip(), (index / "size").read_text().strip()
        if level in "23" and size.endswith("K"):
            found[f"L{level}"] = int(size[:-1]) * 1024
    return found


def measure_machine() -> Machine:
    """Arrays of a thread fill half of its L2; half of its share of L3; and eight times L3."""
    cores, sizes = os.cpu_count() or 1, cache_sizes()
    l2, l3 = sizes.get("L2", 1 << 20), sizes.get("L3", 32 << 20)
    lengths = {"L2": l2 // 2 // 24, "L3": l3 // cores // 2 // 24, "memory": min(8 * l3, 1 << 29) // cores // 24}
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler:
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "kernels"
            flags = ["-O3", "-march=native", "-ffp-contract=fast", "-pthread"]
            made = subprocess.run([compiler, *flags, str(SOURCE), "-o", str(program)], capture_output=True, check=False)
            if made.returncode == 0:
                rates = {name: _ask(program, cores, length) for name, length in lengths.items()}
                return Machine("C, gcc -O3 -march=native", cores, rates, _ask(program, cores, 0))
    rates = {name: _triad_in_numpy(length) for name, length in lengths.items()}
    return Machine("NumPy, one thread: no C compiler was found, so both are too low", 1, rates, _product_in_numpy())


def _ask(program: Path, threads: int, length: int) -> float:
    """The median of three."""
    words = [str(program), str(threads), str(length), str(_SECONDS)]
    found = [float(subprocess.run(words, capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    return sorted(found)[1]


def _triad_in_numpy(length: int) -> float:
    a, b, c = np.zeros(length), np.ones(length), np.ones(length)
    begun, rounds = time.perf_counter(), 0
    while time.perf_counter() - begun < _SECONDS:
        np.multiply(c, 3.0, out=a)
        np.add(a, b, out=a)
        rounds += 1
    return 40.0 * length * rounds / (time.perf_counter() - begun)


def _product_in_numpy(size: int = 800) -> float:
    a = np.ones((size, size))
    begun, rounds = time.perf_counter(), 0
    while time.perf_counter() - begun < _SECONDS:
        a @ a
        rounds += 1
    return 2.0 * size**3 * rounds / (time.perf_counter() - begun)


def count_work(game: Any) -> Work:
    """Counts, for every step and phase, the states in which it is live and the ways on that are open there.

    An edge reads the values of where it leads, one for each actor, and the number that says how likely it is or what it
    pays; it multiplies and adds for each actor. An option also takes part in the choice: compared, subtracted, scaled,
    an exponential, summed, divided. A live state writes its values, and those that are not live cost nothing.
    """
    actors, edges, read, done = len(game.actors), 0, 0.0, 0.0
    for phase in game.phases:
        paid: dict[int, int] = {}
        for branch, _, _ in phase.pays:
            paid[branch] = paid.get(branch, 0) + 1
        turn, waits = phase.mover >= 0, phase.states.rule.waits
        for step in range(game.steps):
            link = phase.states.at(step)
            live, opened = int(link.live.sum()), link.open.sum(axis=1)
            here, passing = int(opened.sum()), live if waits else 0
            payments = sum(int(opened[branch]) * count for branch, count in paid.items())
            numbers = payments + passing + (live if turn and waits else 0) + (0 if turn else here)
            edges += here + passing
            read += 8 * ((here + passing) * actors + numbers + live * actors)
            done += 2 * (here + passing) * actors + 2 * payments
            done += here * (5 + EXPONENTIAL) if turn else 0
    ends = len(game.structure.end_codes) * game.steps
    read += 8 * ends * 3 * actors  # what follows, what the step pays, and the sum
    done += 2 * ends * actors
    return Work(edges, read, done, 8.0 * 32 * actors * sum(game.structure.states_per_phase))


def reached(work: Work, machine: Machine, seconds: float, level: str) -> dict[str, float]:
    """What a way back that takes so many seconds a draw reaches, with its data at a level of memory."""
    bandwidth = machine.bandwidth[level]
    roof = min(machine.operations, work.intensity * bandwidth)
    return {
        "edges_per_second": work.edges / seconds,
        "bytes_per_second": work.bytes / seconds,
        "operations_per_second": work.operations / seconds,
        "of_bandwidth": work.bytes / seconds / bandwidth,
        "of_arithmetic": work.operations / seconds / machine.operations,
        "of_roof": work.operations / seconds / roof,
    }


def as_data(machine: Machine, work: Work) -> dict[str, Any]:
    return {"machine": asdict(machine), "work": asdict(work)}
