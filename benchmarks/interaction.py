"""What a person waits for: start-up, a first answer, a changed number, private types; and memory."""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import foederis
from benchmarks.measure import Failed, OverLimit, Timing, run_worker, timed

FOEDERIS = [sys.executable, "-m", "foederis"]


@dataclass(frozen=True)
class Wait:
    """Something that is waited for; `aim` in seconds, None without one."""

    what: str
    timing: Timing
    aim: float | None = None

    @property
    def verdict(self) -> str:
        if self.aim is None:
            return ""
        return "met" if self.timing.median <= self.aim else "not met"


@dataclass(frozen=True)
class Figure:
    """Anything else that is measured, as a text."""

    what: str
    found: str


def command(*words: str, cache: str | None = None) -> Callable[[], object]:
    environment = dict(os.environ)
    if cache is not None:
        environment["XDG_CACHE_HOME"] = cache
    return lambda: subprocess.run([*FOEDERIS, *words], check=True, capture_output=True, env=environment)


def kernels_in(folder: str) -> set[str]:
    return {str(path) for path in Path(folder).rglob("*") if path.is_file()}


def measure_start_up() -> Iterator[Wait | Figure]:
    # As an installer does; else Python's compiler is timed where bytecode may not be written.
    compileall.compile_dir(Path(foederis.__file__).parent, quiet=1)
    yield Wait("foederis --help", timed(command("--help"), 7), 0.25)
    yield Wait("foederis check kremlin", timed(command("check", "kremlin"), 7), 0.5)
    with tempfile.TemporaryDirectory() as alone, tempfile.TemporaryDirectory() as warm:
        yield Wait("foederis solve kremlin, nothing compiled before", timed(command("solve", "kremlin", cache=warm), 1))
        yield Wait(
            "foederis solve kremlin, kernels in the cache", timed(command("solve", "kremlin", cache=warm), 5), 3.0
        )
        before = kernels_in(warm)
        command("solve", "patron", cache=alone)()
        command("solve", "patron", cache=warm)()
        needed, new = len(kernels_in(alone)), len(kernels_in(warm) - before)
        share = f"{(needed - new) / needed:.0%}" if needed else "–"
        yield Figure(
            "kernels of `patron` that were there once `kremlin` had been solved",
            f"{needed - new} of {needed} ({share})",
        )
        command("solve", "kremlin", cache=warm)()
        again = len(kernels_in(warm)) - len(before) - new
        yield Figure("kernels compiled when `kremlin` is solved again", str(again))


def measure_answers(runs: int = 5) -> Iterator[Wait | Figure]:
    """In processes of their own, each after a first solve that compiles."""
    turned = _ask("live_worker", {"case": "kremlin", "draws": 64, "runs": 9})
    if turned:
        yield Wait("kremlin, a changed quantity, 64 draws: fd.solve", Timing(tuple(turned["solve"])), 0.1)
        yield Wait("the same as a slider of the workbench asks it", Timing(tuple(turned["rough"])), 0.1)
    plain = _ask("foederis_worker", {"case": "kremlin", "draws": 256, "runs": runs, "enough": 20.0, "tell": 0})
    typed = _ask("foederis_worker", {"case": "kremlin_hint", "draws": 256, "runs": 2, "enough": 20.0, "tell": 0})
    both = _ask("foederis_worker", {"case": "cuba", "draws": 64, "runs": 1, "enough": 20.0, "tell": 0})
    whole = _ask("foederis_worker", {"case": "kremlin", "draws": 1024, "runs": 3, "enough": 20.0, "tell": 0})
    if plain:
        yield Wait("kremlin, 256 draws", Timing(tuple(plain["seconds"])))
    if typed:
        yield Wait("kremlin_hint (two types of one actor), 256 draws", Timing(tuple(typed["seconds"])), 20.0)
    if plain and typed:
        ratio = Timing(tuple(typed["seconds"])).median / Timing(tuple(plain["seconds"])).median
        yield Figure("ratio: with types to without (cases differ by a week before the war)", f"{ratio:.1f}")
    if both:
        yield Wait("cuba (two types of two actors), 64 draws", Timing(tuple(both["seconds"])))
    if whole:
        yield Wait("kremlin, 1,024 draws", Timing(tuple(whole["seconds"])))
        yield Figure("peak memory, kremlin, 1,024 draws", f"{whole['megabytes']:,.0f} MB")
    if typed:
        yield Figure("peak memory, kremlin_hint, 256 draws", f"{typed['megabytes']:,.0f} MB")


def _ask(worker: str, task: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return run_worker(worker, task, limit=150)
    except (OverLimit, Failed) as problem:
        print(f"{task['case']}: {problem}", file=sys.stderr)
        return None
