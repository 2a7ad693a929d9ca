"""sgamesolver. Task: {games: as games/stochastic.py writes them, enough}. What is timed is the tracing of the logit
Markov equilibrium; the value at the start is worked out from its strategies."""

import json
import sys
import time
from typing import Any

import numpy as np

setattr(np, "NaN", np.nan)  # noqa: B010  # which it still asks for

import sgamesolver as sg  # noqa: E402

Game = dict[str, Any]


def states(game: Game) -> tuple[np.ndarray, np.ndarray]:
    """Payoffs and transitions over all pairs of a period and a mood; after the last period the game ends."""
    paid, after = np.array(game["payoffs"]), np.array(game["transitions"])
    moods, periods = len(paid), game["periods"]
    leads = np.zeros((periods * moods, 2, 2, periods * moods))
    for period in range(periods - 1):
        here, there = slice(period * moods, (period + 1) * moods), slice((period + 1) * moods, (period + 2) * moods)
        leads[here, :, :, there] = after * game["patience"]
    return np.tile(paid, (periods, 1, 1, 1)), leads


def value(game: Game, paid: np.ndarray, leads: np.ndarray, strategies: np.ndarray) -> list[float]:
    """For each player, before the first period, in which every mood is as likely as another."""
    both = np.einsum("sa,sb->sab", strategies[:, 0], strategies[:, 1])
    flow, onward = np.einsum("sab,spab->sp", both, paid), np.einsum("sab,sabt->st", both, leads)
    values = np.linalg.solve(np.eye(len(onward)) - onward, flow)
    return list(map(float, game["patience"] * values[: len(game["payoffs"])].mean(axis=0)))


def main() -> None:
    task = json.load(sys.stdin)
    seconds, answers = [], []
    for game in task["games"]:
        paid, leads = states(game)
        homotopy = sg.homotopy.QRE(sg.SGame(list(paid), list(leads), 1.0))
        homotopy.solver_setup(target_lambda=game["precision"])
        homotopy.solver.verbose = 0
        begun = time.perf_counter()
        homotopy.solve()
        seconds.append(time.perf_counter() - begun)
        answers.append(value(game, paid, leads, np.nan_to_num(homotopy.equilibrium.strategies)))
        if sum(seconds) > task["enough"]:
            break
    print(json.dumps({"seconds": seconds, "games": 1, "answers": list(zip(*answers, strict=True))}))


if __name__ == "__main__":
    main()
