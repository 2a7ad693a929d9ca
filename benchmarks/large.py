"""A case as large as you like, compiled and solved with its memory measured: `python -m benchmarks.large --help`.

Each event appends a digit to a variable of its own, so the number of states is known beforehand, and so are answers:
what happens to the other variables has a closed form, and what the actor does is that of a small game of its own.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import foederis as fd
from benchmarks.numpy_solver import Solver
from foederis.analysis.solving import memory_of
from foederis.game.compile import compile_game
from foederis.language.sampling import draw_quantities

STATUS = Path("/proc/self/status")


def text(outcomes: int, digits: int, variables: int = 3) -> str:
    """A case whose every phase has outcomes ** (digits * variables) states in its last step."""
    top = outcomes**digits - 1
    names = [f"v{k}" for k in range(variables)]
    state = ", ".join(f"{name}: 0..{top}" for name in names)
    others = " + ".join(names[1:]) or "0"
    return "\n".join(
        [
            "foederis: 1",
            "title: A large case",
            f"clock: {{step: 1 month, steps: {digits + 1}}}",
            "actors: {keeper: {rationality: 0.5 to 2, reconsiders: every 3 months}}",
            f"state: {{{state}}}",
            "quantities: {drift: 10% to 40%, prize: 1 to 5, toll: 0.1 to 1}",
            "moves:",
            "  - actor: keeper",
            "    options: {wait: {}, reset: {sets: {v0: 0}, pays: {keeper: -toll}}}",
            "events:",
            *(f"  move_{name}: {{chance: drift, outcomes: {{{_digits(name, outcomes)}}}}}" for name in names),
            "interests:",
            "  keeper:",
            f"    low: {{worth: -prize, when: v0 > {top // 2}}}",
            f"    end: {{worth: prize * ({others}) / {top}, paid: at_end}}",
            "questions:",
            "  resets: {takes: keeper.reset}",
            f"  full: {{at_end: {' and '.join(f'{name} == {top}' for name in names[1:]) or 'v0 == 0'}}}",
            f"  peak: {{eventually: {names[-1]} == {top}}}",
        ]
    )


def _digits(name: str, outcomes: int) -> str:
    """The outcomes of an event that appends a digit; the last digit is the likeliest."""
    return ", ".join(
        f"to_{k}: {{share: {k + 1}, sets: {{{name}: {name} * {outcomes} + {k}}}}}" for k in range(outcomes)
    )


def levels_at_end(outcomes: int, digits: int, drift: float) -> dict[int, float]:
    """{level of a variable that nobody resets: its probability in the end}"""
    top, levels = outcomes**digits - 1, {0: 1.0}
    for _ in range(digits + 1):
        after: dict[int, float] = {}
        for level, weight in levels.items():
            after[level] = after.get(level, 0.0) + weight * (1 - drift)
            for digit in range(outcomes):
                to = min(top, level * outcomes + digit)
                share = (digit + 1) / (outcomes * (outcomes + 1) / 2)
                after[to] = after.get(to, 0.0) + weight * drift * share
        levels = after
    return levels


def errors(answer: fd.Answer, outcomes: int, digits: int, variables: int) -> dict[str, float]:
    """How far a few answers are from those that are known, at most, over all draws."""
    top, others = outcomes**digits - 1, variables - 1
    drift, prize = answer.quantities["drift"], answer.quantities["prize"]
    ends = [levels_at_end(outcomes, digits, share) for share in drift]
    full = np.array([levels[top] ** others for levels in ends])
    # What the actor does concerns the first variable alone: a game of its own, solved in plain NumPy.
    alone = fd.loads(text(outcomes, digits, 1))
    value = Solver(compile_game(alone)).solve(draw_quantities(alone, answer.draws), answer.draws)[:, 0]
    mean = np.array([sum(level * weight for level, weight in levels.items()) for levels in ends])
    value = value + prize * others * mean / top
    found = {"full": answer.questions["full"].draws - full, "value": answer.values["keeper"].draws - value}
    return {name: float(np.abs(error).max()) for name, error in found.items()}


class Gauge:
    """Follows how much memory this process holds, in GB: all, and what cannot be taken away from it."""

    def __init__(self) -> None:
        self.most = self.now()
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        while True:
            self.most = np.maximum(self.most, self.now())
            time.sleep(0.01)

    @staticmethod
    def now() -> NDArray[np.float64]:
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return np.array([int(lines[name].split()[0]) / 1e6 for name in ("VmRSS", "RssAnon")])

    @contextmanager
    def stage(self, what: str) -> Iterator[None]:
        begun, worked, self.most = time.perf_counter(), time.process_time(), self.now()
        yield
        seconds, worked, now = time.perf_counter() - begun, time.process_time() - worked, self.now()
        spent = f"{seconds:6.0f} s, {worked:6.0f} s of processor time"
        held, alone = np.maximum(self.most, now)
        print(f"{what:<8} {spent}; peak {held:.2f} GB, {alone:.2f} GB of it not in files", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outcomes", type=int, default=6, help="of each event (6)")
    parser.add_argument("--digits", type=int, default=3, help="of each variable (3)")
    parser.add_argument("--variables", type=int, default=3, help="and events (3)")
    parser.add_argument("--draws", type=int, default=1)
    chosen = parser.parse_args()
    size = chosen.outcomes, chosen.digits, chosen.variables
    states = chosen.outcomes ** (chosen.digits * chosen.variables)
    gauge = Gauge()
    case = fd.loads(text(*size))
    print(f"{states:,} states a phase, {chosen.draws} draws; {gauge.now()[0]:.2f} GB before", flush=True)
    with gauge.stage("compile"):
        game = compile_game(case, max_states=states)
    needed, filed = (size / 1e9 for size in memory_of(game, chosen.draws))
    print(
        f"estimates: {game.bytes / 1e9:.2f} GB the game; {needed:.2f} GB to solve it, {needed - filed:.2f} not in files"
    )
    del game
    with gauge.stage("solve"):
        answer = fd.solve(case, draws=chosen.draws, max_states=states)
    peak = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    print(f"peak of the process {int(peak.split()[1]) / 1e6:.2f} GB; residual {answer.check.residual:.1g}")
    for name, error in errors(answer, *size).items():
        print(f"largest error of `{name}` {error:.1g}")
    sys.exit(answer.check.residual > 1e-9)


if __name__ == "__main__":
    main()
