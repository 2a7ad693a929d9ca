"""How fast, how fast against plain NumPy, how it grows: `make bench`. Nothing here is a test.

Every ratio is of two things measured in this run, after their answers were found equal. Figures are medians of
several runs, with the range in brackets.
"""

from __future__ import annotations

import datetime
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np
from numpy_solver import edges, solve_values

import foederis as fd
from foederis.game.compile import compile_game
from foederis.language.sampling import draw_quantities
from foederis.solve.engine import solve_game

FOEDERIS = [sys.executable, "-m", "foederis"]


def timed(work: Callable[[], object], runs: int = 3) -> tuple[float, str]:
    """The median of several runs in seconds, and its text with the range."""
    seconds = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    middle = statistics.median(seconds)
    return middle, f"{middle:.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"


def command(*words: str, cache: str | None = None) -> Callable[[], object]:
    environment = dict(os.environ)
    if cache is not None:
        environment["XDG_CACHE_HOME"] = cache
    return lambda: subprocess.run([*FOEDERIS, *words], check=True, capture_output=True, env=environment)


def line(what: str, found: str) -> None:
    print(f"{what:<66} {found}", flush=True)


def start_up() -> None:
    line("foederis --help", timed(command("--help"), 5)[1])
    line("foederis check kremlin", timed(command("check", "kremlin"), 5)[1])
    with tempfile.TemporaryDirectory() as empty:
        line("foederis solve kremlin, nothing compiled before", timed(command("solve", "kremlin", cache=empty), 1)[1])
        line("foederis solve kremlin, compiled before", timed(command("solve", "kremlin", cache=empty))[1])


def against_numpy(draws: int = 128) -> None:
    case = fd.load("kremlin")
    game = compile_game(case)
    worlds = draw_quantities(case, draws)
    solution = solve_game(game, worlds, draws)
    by_hand = solve_values(game, worlds, draws)
    error = float(np.abs(solution.values - by_hand).max())
    assert error < 1e-9, f"the answers differ by {error}"
    ours, ours_text = timed(lambda: solve_game(game, worlds, draws))
    theirs, theirs_text = timed(lambda: solve_values(game, worlds, draws))
    count = edges(game) * draws
    line(f"kremlin, {draws} draws: solve, questions and check included", ours_text)
    line("the same backward induction in plain NumPy, values only", theirs_text)
    line("largest difference of values", f"{error:.1g} points")
    line("edges per second, solve", f"{count / ours / 1e6:.0f} million")
    line("edges per second, plain NumPy", f"{count / theirs / 1e6:.0f} million")
    line("ratio: NumPy's values only to the whole solve", f"{theirs / ours:.2f}")
    only, only_text = timed(values_only(game, worlds, draws))
    line("backward induction of values alone, as the solver does it", only_text)
    line("ratio: NumPy to the solver, the same backward induction", f"{theirs / only:.2f}")


def values_only(game, worlds, draws: int) -> Callable[[], object]:  # type: ignore[no-untyped-def]
    """The solver's own backward pass without questions and check, one block after the other."""
    from foederis.solve.backward import Asking, Pass, Space
    from foederis.solve.beliefs import Axes
    from foederis.solve.layout import lay_out
    from foederis.solve.numbers import Numbers, Tables

    layout = lay_out(game)
    asking = Asking(layout)
    space, nobody = Space(layout, [asking], 32), Axes((), 1)

    def work() -> None:
        tables = Tables(worlds, draws, game.steps)
        for first in range(0, draws, 32):
            numbers = Numbers(game, tables, np.arange(first, first + 32), None, 1)
            back = Pass(layout, numbers, [asking], space, nobody)
            for step in range(game.steps - 1, -1, -1):
                back.end(step)
                back.give_back(back.play(step))
            space.values.block_until_ready()

    work()
    return work


def with_types(draws: int = 32) -> None:
    """The Kremlin case, the same from a week earlier with two private types of Moscow, and a case with two types on
    both sides."""
    cases = {
        "kremlin": fd.load("kremlin"),
        "kremlin, two types of one actor": fd.load("kremlin_hint"),
        "cuba, two types of two actors": fd.load("cuba"),
    }
    seconds = []
    for what, case in cases.items():
        fd.solve(case, draws=draws)
        middle, text = timed(lambda case=case: fd.solve(case, draws=draws), 1)  # type: ignore[misc]
        seconds.append(middle)
        line(f"{what}, {draws} draws", text)
    line("ratio: kremlin with types to without", f"{seconds[1] / seconds[0]:.1f}")


def growth() -> None:
    """Exponents of time in draws and in steps; 1 is linear."""
    case = fd.load("kremlin")
    for what, sizes, work in (
        ("draws", (128, 256, 512), lambda n: lambda: fd.solve(case, draws=n)),
        ("steps", (6, 12, 24), lambda n: longer(case, n)),
    ):
        seconds = []
        for size in sizes:
            solve = work(size)
            solve()
            seconds.append(timed(solve)[0])
        slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        shown = ", ".join(f"{size}: {second:.2f} s" for size, second in zip(sizes, seconds, strict=True))
        line(f"time grows with {what} to the power", f"{slope:.2f} ({shown})")


def longer(case: fd.Case, steps: int) -> Callable[[], object]:
    changed = case.with_changes({"clock.steps": steps})
    return lambda: fd.solve(changed, draws=64)


def main() -> None:
    import jax
    import scipy

    print(
        f"{datetime.date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, SciPy {scipy.__version__}, JAX {jax.__version__}, Foederis {fd.__version__}, "
        f"load {os.getloadavg()[0]:.1f}\n"
    )
    start_up()
    against_numpy()
    with_types()
    growth()


if __name__ == "__main__":
    main()
